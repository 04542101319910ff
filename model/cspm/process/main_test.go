package process_test

import (
	"flag"
	"runtime"
	"testing"
)

// What is drawn is small, and made anew each time. So garbage is collected once there
// are some 128 MiB of it, not 4, and unless somebody asks for that, nothing is noted of
// where memory is allocated: each collection goes through all the notes.
func TestMain(m *testing.M) {
	flag.Parse()
	if flag.Lookup("test.memprofile").Value.String() == "" {
		runtime.MemProfileRate = 0
	}
	ballast := make([]byte, 128<<20) // is never touched, and takes no room
	m.Run()
	runtime.KeepAlive(ballast)
}
