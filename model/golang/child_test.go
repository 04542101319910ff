package golang_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	. "github.com/cspcheck/cspcheck/model/golang"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// Programs really run in child processes, which are this test binary: there
// "all goroutines are asleep" and other fatal errors end the process as they
// should. What the child is to do is in this variable of its environment.
const childVariable = "CSPCHECK_GOLANG_CHILD"

func TestMain(m *testing.M) {
	if job := os.Getenv(childVariable); job != "" {
		child(strings.Fields(job))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program returns a program by its name: the number of a row, or drawn.N.M.SEED, of
// at most N goroutines with M statements each.
func program(name string) *Program {
	if drawn, ok := strings.CutPrefix(name, "drawn."); ok {
		var n, m, seed int
		if _, err := fmt.Sscanf(drawn, "%d.%d.%d", &n, &m, &seed); err != nil {
			panic(err)
		}
		return modeltest.Programs(n, m).Example(seed)
	}
	i, err := strconv.Atoi(name)
	if err != nil {
		panic(err)
	}
	p := NewProgram("p")
	rows[i].make(p)
	return p
}

// child runs what the words say, and writes what happens.
//
//	run NAME FIRST BEYOND   run number k of the program for each: "k step ...", "k returned", "k panic: ..."
//	force NAME FIRST        follow the paths to the outcomes: see forceAll
func child(job []string) {
	first, _ := strconv.Atoi(job[2])
	if job[0] == "force" {
		forceAll(job[1], first)
		return
	}
	beyond, _ := strconv.Atoi(job[3])
	p := program(job[1])
	for k := first; k < beyond; k++ {
		say := func(what string) { os.Stdout.WriteString(strconv.Itoa(k) + " " + what + "\n") }
		say("begins")
		RunReal(p, uint64(k), say, func(err string) {
			say("panic: " + err)
			os.Exit(2)
		})
		say("returned")
	}
}

// start runs a child, and returns what it writes.
func start(procs int, job ...string) (stdout, stderr []byte, err error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, nil, err
	}
	c := exec.Command(exe)
	c.Env = append(os.Environ(), childVariable+"="+strings.Join(job, " "), fmt.Sprint("GOMAXPROCS=", procs), "GOTRACEBACK=none")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err = c.Run()
	return out.Bytes(), errs.Bytes(), err
}

// What Go says, and how the model's event ends.
var messages = []struct{ text, end string }{
	{"all goroutines are asleep - deadlock!", "deadlock"},
	{"send on closed channel", "sendOnClosed"},
	{"close of closed channel", "closeOfClosed"},
	{"close of nil channel", "closeOfNil"},
	{"sync: unlock of unlocked mutex", "notLocked"},
	{"sync: Unlock of unlocked RWMutex", "notLocked"},
	{"sync: RUnlock of unlocked RWMutex", "notRLocked"},
	{"sync: negative WaitGroup counter", "negative"},
	{"sync: WaitGroup is reused before previous Wait has returned", "reused"},
	{"sync: WaitGroup misuse: Add called concurrently with Wait", "reused"},
	{"semaphore: released more than held", "notHeld"},
}

func endOf(message string) string {
	for _, m := range messages {
		if strings.Contains(message, m.text) {
			return m.end
		}
	}
	return ""
}

// runs runs a program, each run with another schedule, and counts what it
// shows. After so many runs that end the process, each of which costs more,
// there are no more.
func runs(t *testing.T, name string, procs, first, beyond, batch, crashes int) map[Outcome]int {
	t.Helper()
	out := map[Outcome]int{}
	for k := first; k < beyond && crashes > 0; {
		stdout, stderr, err := start(procs, "run", name, fmt.Sprint(k), fmt.Sprint(min(k+batch, beyond)))
		steps, open, last := "", false, k
		for sc := bufio.NewScanner(bytes.NewReader(stdout)); sc.Scan(); {
			number, what, _ := strings.Cut(sc.Text(), " ")
			n, _ := strconv.Atoi(number)
			switch {
			case what == "begins":
				steps, open, last = "", true, n
			case n != last || !open: // of a goroutine that was left over
			case what == "returned":
				out[Outcome{steps, what}]++
				open = false
			case strings.HasPrefix(what, "panic: "):
				end := endOf(what)
				if end == "" {
					t.Fatalf("%s, run %d: %s", name, n, what)
				}
				out[Outcome{steps, end}]++
				open = false
			default:
				steps += what + "; "
			}
		}
		if open {
			end := endOf(string(stderr))
			if end == "" || err == nil {
				t.Fatalf("%s, run %d: %v\n%s", name, last, err, stderr)
			}
			out[Outcome{steps, end}]++
		}
		if err != nil {
			crashes--
		}
		k = last + 1
	}
	return out
}
