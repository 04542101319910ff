package specs_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
)

// outcomes returns what the runs of a process say, each until it has finished.
func outcomes(t *testing.T, process string) map[string]bool {
	t.Helper()
	sys, err := load(t, "testdata/java/programs.csp", "").Process(context.Background(), explore.Limits{}, process)
	if err != nil {
		t.Fatal(err)
	}
	states, err := explore.NewStates(sys)
	if err != nil {
		t.Fatal(err)
	}
	type place struct {
		state uint32
		said  string
	}
	out := map[string]bool{}
	seen, todo := map[place]bool{{}: true}, []place{{}}
	for len(todo) > 0 {
		p := todo[0]
		todo = todo[1:]
		events, targets, err := states.Transitions(int(p.state))
		if err != nil {
			t.Fatal(err)
		}
		for i, e := range events {
			to := place{targets[i], p.said}
			switch name := sys.Events().Name(e); {
			case name == "finished":
				out[p.said] = true
			case strings.HasPrefix(name, "say."):
				to.said += " " + strings.TrimPrefix(name, "say.")
			}
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		}
	}
	return out
}

// What programs of Java are seen to do, the model of them allows: that is what
// can be observed of a JVM, and not that it does all that the model allows.
func TestTheModelAllowsWhatJavaDoes(t *testing.T) {
	java := jdk(t)
	runs := 60
	if testing.Short() {
		runs = 5
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, java, filepath.Join("testdata", "java", "Programs.java"), fmt.Sprint(runs))
	command.Stderr = os.Stderr
	text, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	allowed := map[string]map[string]bool{}
	seen := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		program, said, _ := strings.Cut(line, " ")
		if allowed[program] == nil {
			allowed[program] = outcomes(t, program)
		}
		seen[program]++
		if !allowed[program][" "+said] {
			t.Errorf("%s says %s, which the model does not allow", program, said)
		}
	}
	for program, n := range seen {
		t.Logf("%s: %d of %d outcomes were seen", program, n, len(allowed[program]))
	}
	if len(seen) != 11 {
		t.Errorf("%d programs, want 11", len(seen))
	}
}

// jdk returns the program that runs Java; without a JDK the test is skipped, but
// not in .ci/run, which installs it or says that it could not.
func jdk(t *testing.T) string {
	t.Helper()
	java, err := exec.LookPath("java")
	if _, e := exec.LookPath("javac"); err == nil && e == nil {
		return java
	}
	if os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "" {
		t.Fatal("there is no JDK")
	}
	t.Skip("there is no JDK (default-jdk-headless)")
	return ""
}

// The model of a program allows what the documents promise, and not more; these
// can be counted by hand.
func TestOutcomesOfJavaPrograms(t *testing.T) {
	for program, want := range map[string][]string{
		"REENTRANT":  {" Told Woken Held Unowned"},
		"OWNER":      {strings.Repeat(" IllegalMonitorStateException", 3)},
		"FAIR":       {" T.1 T.2 T.3"},
		"BARGING":    {" Busy T.1", " Got T.1", " T.1 Busy", " T.1 Got"},
		"CONDITIONS": {" T.1 T.2", " T.2 T.1"}, // who was signalled first need not have the lock first
		"CACHED":     {" R.3 R.4 Open J.1 J.2 Over", " R.3 R.4 Open J.2 J.1 Over"},
	} {
		var got []string
		for o := range outcomes(t, program) {
			got = append(got, o)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s says %q, want %q", program, got, want)
		}
	}
}
