package explore

import (
	"bytes"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// ResidentPeak returns the most memory of the machine, in bytes, that the
// process has held at a time; 0 if that is not known.
func ResidentPeak() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, ok := bytes.Cut(text, []byte("\nVmHWM:"))
	fields := bytes.Fields(rest[:min(len(rest), 40)])
	if !ok || len(fields) == 0 {
		return 0
	}
	n, err := strconv.ParseInt(string(fields[0]), 10, 64)
	if err != nil {
		return 0
	}
	return n << 10
}

// Resident returns the bytes of the machine's memory that the process holds.
func Resident() int64 {
	resident, _ := readStatm()
	return resident
}

// ResidentFiles returns the bytes of files, such as the program itself, that
// are in the memory of the process: Go does not count them.
func ResidentFiles() int64 {
	_, files := readStatm()
	return files
}

// leaveFiles lets go of the pages of files, such as the program itself, that are
// mapped to be read and are as they are in the file: who needs one gets it again.
func leaveFiles() {
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		return
	}
	var from, to uint64
	toRead := false // what is from there to there
	for line := range bytes.Lines(maps) {
		switch fields := bytes.Fields(line); {
		case len(fields) < 2:
		case !bytes.HasSuffix(fields[0], []byte(":")): // 7f00-7fff r-xp offset device inode path
			a, b, _ := bytes.Cut(fields[0], []byte("-"))
			from, _ = strconv.ParseUint(string(a), 16, 64)
			to, _ = strconv.ParseUint(string(b), 16, 64)
			toRead = len(fields) > 5 && fields[5][0] == '/' && bytes.HasPrefix(fields[1], []byte("r-")) && bytes.HasSuffix(fields[1], []byte("p"))
		case toRead && string(fields[0]) == "Anonymous:" && string(fields[1]) == "0": // no page is its own
			syscall.Syscall(syscall.SYS_MADVISE, uintptr(from), uintptr(to-from), syscall.MADV_DONTNEED) // it is advice
		}
	}
}

// readStatm returns both, 0 if they are not known.
func readStatm() (resident, files int64) {
	statm.Lock()
	defer statm.Unlock()
	if !statm.tried {
		statm.tried = true
		statm.file, _ = os.Open("/proc/self/statm")
	}
	if statm.file == nil {
		return 0, 0
	}
	n, _ := statm.file.ReadAt(statm.text[:], 0)
	var pages [3]int64 // size, resident, shared
	field := 0
	for _, c := range statm.text[:n] {
		switch {
		case c == ' ' && field == len(pages)-1:
			page := int64(os.Getpagesize())
			return pages[1] * page, pages[2] * page
		case c == ' ':
			field++
		case c >= '0' && c <= '9':
			pages[field] = 10*pages[field] + int64(c-'0')
		}
	}
	return 0, 0
}

// statm is where the system says how large the process is. It is asked often,
// so that nothing must be allocated for it.
var statm struct {
	sync.Mutex
	tried bool
	file  *os.File
	text  [128]byte
}
