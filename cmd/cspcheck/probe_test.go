package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/charmbracelet/x/vt"
	"github.com/creack/pty"
)

// probeTable is a script with a deadlock.
const probeTable = `channel a, b, c : {0..1}
P = a?x -> b!x -> P
Q = b?x -> c!x -> Q [] c!0 -> STOP
SYSTEM = (P [| {| b |} |] Q) \ {| b |}
COUNT(n) = n < 30 & a.0 -> COUNT(n+1)
MANY = c?x -> MANY [] b?x -> MANY ||| a?x -> MANY
ENDLESS(n) = a.0 -> ENDLESS(n + 1)
assert P [| {| a, b, c |} |] Q :[deadlock free]
`

// A terminal is a program on a pseudo-terminal, and what its screen shows.
type terminal struct {
	t      *testing.T
	pty    *os.File
	ended  chan error
	mu     sync.Mutex // of screen, but for what it answers
	screen *vt.Emulator
}

// Write shows what the program writes.
func (x *terminal) Write(b []byte) (int, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.Write(b)
}

func (x *terminal) String() string {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.screen.String()
}

func startTerminal(t *testing.T, args ...string) *terminal {
	t.Helper()
	exe, err := os.Executable() // the test is the program, too, by that name: see TestMain
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "t.csp"), []byte(probeTable), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, args...)
	cmd.Args[0] = "cspcheck"
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "NO_COLOR=")
	const width, height = 100, 30
	file, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: height, Cols: width})
	if err != nil {
		t.Fatal(err)
	}
	x := &terminal{t: t, pty: file, screen: vt.NewEmulator(width, height), ended: make(chan error, 1)}
	go func() { _, _ = io.Copy(x, file) }()        // ends with an error when the program does
	go func() { _, _ = io.Copy(file, x.screen) }() // answers to what the program asks its terminal
	go func() { x.ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = file.Close()
	})
	return x
}

// press sends keys.
func (x *terminal) press(keys string) {
	x.t.Helper()
	if _, err := x.pty.WriteString(keys); err != nil {
		x.t.Fatal(err)
	}
}

// sees waits until all texts are on the screen.
func (x *terminal) sees(texts ...string) {
	x.t.Helper()
	x.until(func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	}, strings.Join(texts, ", "))
}

func (x *terminal) until(good func(screen string) bool, what string) {
	x.t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if good(x.String()) {
			return
		}
	}
	x.t.Fatalf("no %s on the screen:\n%s", what, x)
}

// ends waits for the program's end.
func (x *terminal) ends() {
	x.t.Helper()
	select {
	case err := <-x.ended:
		if err != nil {
			x.t.Errorf("the program ends with %v", err)
		}
	case <-time.After(time.Minute):
		x.t.Fatal("the program does not end")
	}
}

func TestProbeOnATerminal(t *testing.T) {
	x := startTerminal(t, "probe", "--seed", "3", "t.csp", "SYSTEM")
	x.sees("SYSTEM", "at the beginning: <>", ">    1  a.0  P", "     3  c.0  Q", "enter choose")

	x.press("j\r") // down, and choose
	x.sees("after 1 step: <a.1>", "* P", "τ (b.1)", "P with Q")
	x.press("1")
	x.sees("after 2 steps: <a.1>", "c.1")
	x.press("\x1b[D") // left
	x.sees("after 1 step, 1 more ahead: <a.1>", ">    1  τ (b.1)  P with Q  (ahead)")
	x.press("\x1b[C") // right
	x.sees("after 2 steps: <a.1>")
	x.press("bb")
	x.sees("at the beginning, 2 more ahead: <>")
	x.press("f")
	x.sees("after 1 step, 1 more ahead: <a.1>")
	x.press("9")
	x.sees("there is no choice 9: there are 1 to ")

	// Until an event, saved, and gone on from.
	x.press("uc.1\r")
	x.sees("after 3 steps: <a.1, c.1>")
	x.press("spath.json\r")
	x.sees("saved 3 steps in path.json")
	x.press("\x1b[H") // home
	x.sees("at the beginning, 3 more ahead")
	x.press("lpath.json\r")
	x.sees("after 3 steps: <a.1, c.1>")
	x.press("lnone.json\r")
	x.sees("none.json: no such file or directory")

	// A prompt that is left, and one that is corrected.
	x.press(":start")
	x.sees(": start")
	x.press("\x1b")
	x.sees("enter choose")
	x.press(":starx\x7ft\r")
	x.sees("at the beginning, 3 more ahead")
	x.press("?")
	x.sees("go a shortest way to where EVENT")

	// The end of the road.
	x.press(":c.0\r")
	x.sees("after 1 step: <c.0>")
	x.press(":random 10\r")
	x.sees("Nothing can happen: this is a deadlock.", "P waits for b.", "after 1 random step nothing can happen")
	x.press("q")
	x.ends()
}

// A search is stopped by Escape; meanwhile the screen goes on.
func TestProbeStopsASearch(t *testing.T) {
	x := startTerminal(t, "probe", "t.csp", "ENDLESS(0)")
	x.sees("at the beginning")
	x.press("uc\r")
	x.sees("working … esc stops")
	if err := pty.Setsize(x.pty, &pty.Winsize{Rows: 20, Cols: 60}); err != nil {
		t.Fatal(err)
	}
	x.press("\x1b")
	x.sees("stopped", "at the beginning: <>")
	x.press("r")
	x.sees("after 1 step: <a.0>")
	x.press("\x03")
	x.ends()
}

// More choices than there is room for are scrolled, and chosen by numbers of
// two digits.
func TestProbeScrolls(t *testing.T) {
	x := startTerminal(t, "probe", "t.csp", "||| n : {0..39} @ c!0 -> STOP")
	x.sees(">    1  c.0", "… 29 more components")
	x.press("\x1b[6~\x1b[6~\x1b[6~\x1b[6~")
	x.sees(">   40  c.0")
	x.press("23")
	x.sees(": 23")
	x.press("\r")
	x.sees("after 1 step: <c.0>", "* ")
	if err := x.pty.Close(); err != nil && !errors.Is(err, syscall.EIO) {
		t.Fatal(err)
	}
}
