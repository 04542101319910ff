package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// measured is cspcheck-measured ARGS...: cspcheck says at last, on standard
// error, how much memory it held at most. The kernel tells its parent of that
// and of what the parent held, whichever is more.
func measured() {
	a := newApp(context.Background(), os.Stdin, os.Stdout, os.Stderr)
	a.exit = func(st status) {
		fmt.Fprintf(os.Stderr, "\npeak %d\n", explore.ResidentPeak())
		os.Exit(int(st))
	}
	a.exit(a.execute(os.Args[1:]))
}

var peakOf = regexp.MustCompile(`\npeak (\d+)\n$`)

// Whatever a run is at when there is no more memory, it says so, holds
// nothing to be answered, and has held no more than a tenth more than it may.
func TestMemoryIsBounded(t *testing.T) {
	if explore.ResidentPeak() == 0 || raced {
		t.Skip("how much memory cspcheck alone takes is not known here")
	}
	dir := t.TempDir()
	long := filepath.Join(dir, "long.csp")
	if err := os.WriteFile(long, []byte(longScript(150_000)), 0o644); err != nil {
		t.Fatal(err)
	}
	const bench, own = "../../testdata/bench/", "testdata/memory/"
	kept := filepath.Join(dir, "kept")
	for _, tt := range []struct {
		phase, limit, args string
		more               []string // args with spaces in them
	}{
		// The search: every store, one worker and two.
		{"inline", "48MB", "explore --store inline --workers 1 --set N=10 " + bench + "phils.csp ASYM", nil},
		{"inline", "48MB", "explore --store inline --workers 2 --set N=10 " + bench + "phils.csp ASYM", nil},
		{"packed", "48MB", "explore --store packed --workers 1 --set N=24 " + bench + "milner.csp SYSTEM", nil},
		{"packed", "48MB", "explore --store packed --workers 2 --set N=24 " + bench + "milner.csp SYSTEM", nil},
		{"tree", "48MB", "explore --store tree --workers 1 --set N=24 " + bench + "milner.csp SYSTEM", nil},
		{"tree", "48MB", "explore --store tree --workers 2 --set N=24 " + bench + "milner.csp SYSTEM", nil},
		{"hashed", "48MB", "explore --store hashed --workers 1 --set N=24 " + bench + "milner.csp SYSTEM", nil},
		{"hashed", "48MB", "explore --store hashed --workers 2 --set N=24 " + bench + "milner.csp SYSTEM", nil},
		{"auto", "64MB", "explore --set SHAPE=2 --set R=7 --set C=7 " + bench + "peg.csp SYSTEM", nil},
		{"spill", "48MB", "explore --spill " + dir + " --max-states 2000000 --set N=10 " + bench + "phils.csp ASYM", nil},
		{"checkpoint", "64MB", "explore --checkpoint " + kept + " --checkpoint-every 500000states --set N=10 " + bench + "phils.csp ASYM", nil},
		{"many steps a state", "64MB", "explore --workers 2 --set N=5000 " + own + "wide.csp RULES", nil},

		{"load", "64MB", "check " + long, nil},

		{"evaluate", "64MB", "eval " + own + "values.csp", []string{"card(pairs)"}},
		{"evaluate", "100MiB", "check " + own + "many.csp", nil},
		{"evaluate", "64MB", "eval " + own + "values.csp", []string{"#doubled"}},
		{"evaluate", "64MB", "eval " + own + "values.csp", []string{"deep(0)"}},
		{"evaluate", "64MB", "eval " + own + "values.csp", []string{"double(<1>)"}},
		{"evaluate on demand", "64MB", "check --workers 1 " + own + "leaf.csp --run", []string{"assert LEAF :"}},
		{"evaluate on demand", "64MB", "check --workers 2 " + own + "leaf.csp --run", []string{"assert LEAF :"}},
		{"evaluate on demand", "64MB", "check --workers 2 " + own + "leaf.csp --run", []string{"assert BESIDE :"}},

		{"compile", "64MB", "check " + own + "wide.csp --run", []string{"assert MANY"}},
		{"compile", "64MB", "check " + own + "wide.csp --run", []string{"assert RULES"}},
		{"event sets", "64MB", "check " + own + "sets.csp", nil},
		{"index", "100MB", "check --set N=10000 " + own + "wide.csp --run", []string{"assert MANY"}},

		{"normalise", "64MB", "check " + own + "normal.csp --run", []string{`\[T= U`}},
		{"normalise", "64MB", "check " + own + "normal.csp --run", []string{`\[FD= U`}},
		{"normalise", "64MB", "check " + own + "leaf.csp --run", []string{`\[FD= LEAF`}},
		{"deterministic", "48MB", "check " + own + "leaf.csp --run", []string{"WIDER :"}},
		{"deterministic", "64MB", "check " + own + "tasks.csp --run", []string{"QUIET :.deterministic"}},
		{"divergence free", "64MB", "check --reduce none " + own + "tasks.csp --run", []string{"QUIET :.divergence"}},

		{"compress", "100MB", "check " + own + "leaf.csp --run", []string{"assert SMALL"}},
		{"compress", "100MB", "check " + own + "leaf.csp --run", []string{"assert LESS"}},
		{"--reduce compress", "64MB", "check --reduce compress --set P=6 --set C=6 --set B=20 " + bench + "prodcons.csp --run", []string{`\[T=`}},
		{"--reduce symmetry", "64MB", "check --reduce symmetry --set P=6 --set C=6 --set B=20 " + bench + "prodcons.csp --run", []string{`\[T=`}},
		{"--reduce por", "48MB", "check --reduce por --set N=24 " + bench + "milner.csp --run", []string{`ORDER\(0\) \[T=`}},

		{"starvation free", "48MB", "check " + own + "tasks.csp --run", []string{"starvation"}},
		{"never stuck", "48MB", "check " + own + "tasks.csp --run", []string{"never stuck"}},
		{"priority", "48MB", "check --workers 1 " + own + "tasks.csp --run", []string{"RANKED"}},
	} {
		t.Run(tt.phase, func(t *testing.T) {
			args := append(append(strings.Fields(tt.args), tt.more...), "--max-memory", tt.limit)
			cmd := exec.Command("cspcheck-measured", args...)
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			err := cmd.Run()
			said := stdout.String() + stderr.String()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != int(unknown) {
				t.Fatalf("%v of %q\n%s", err, args, said)
			}
			if strings.Contains(said, ": holds") || !strings.Contains(said, "more than ") {
				t.Errorf("no limit is told of by %q:\n%s", args, said)
			}
			most, err := parseMemory(tt.limit)
			if err != nil {
				t.Fatal(err)
			}
			m := peakOf.FindStringSubmatch(stderr.String())
			if m == nil {
				t.Fatalf("%q tells no peak:\n%s", args, said)
			}
			peak, err := strconv.ParseInt(m[1], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%.2f of %s", float64(peak)/float64(most), tt.limit)
			if peak > most/10*11 {
				t.Errorf("%d MB of %s, by %q", peak/1_000_000, tt.limit, args)
			}
		})
	}
}

// Each assertion has the whole of the limit: what those before it took is given
// back.
func TestEachAssertionHasTheLimit(t *testing.T) {
	if explore.ResidentPeak() == 0 || raced {
		t.Skip("how much memory cspcheck alone takes is not known here")
	}
	cmd := exec.Command("cspcheck-measured", "check", "--workers", "1", "--max-memory", "100MB", "testdata/memory/each.csp")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != int(unknown) || !strings.Contains(string(out), "3 assertions: 2 hold, 1 unknown\n") {
		t.Errorf("%v\n%s", err, out)
	}
}

// What is said of a lack of memory is known as that.
func TestRanOut(t *testing.T) {
	limits := explore.Limits{Memory: 100_000_000}
	full := explore.MemoryLimit(limits.Memory).Reason
	mistake := func(class syntax.Class, msg string) error { return cspm.Errors{{Class: class, Msg: msg}} }
	for _, tt := range []struct {
		r    result
		want bool
	}{
		{result{verdict: &deadlock.Verdict{Answer: deadlock.Unknown, Reason: full + ": and more"}}, true},
		{result{verdict: &deadlock.Verdict{Answer: deadlock.Unknown, Reason: "there was an error"}, err: mistake(syntax.Limit, full+" of a process that is to be compressed")}, true},
		{result{verdict: &deadlock.Verdict{Answer: deadlock.Unknown, Reason: full}, left: true}, false},
		{result{verdict: &deadlock.Verdict{Answer: deadlock.Unknown, Reason: "more than 7 states"}}, false},
		{result{verdict: &deadlock.Verdict{Answer: deadlock.Unknown, Reason: "there was an error"}, err: mistake(syntax.Eval, full)}, false},
		{result{verdict: &deadlock.Verdict{Answer: deadlock.Fails, Reason: full}}, false},
	} {
		if got := tt.r.ranOut(limits); got != tt.want {
			t.Errorf("%q, %v: %v", tt.r.verdict.Reason, tt.r.err, got)
		}
	}
}

// longScript has so many definitions.
func longScript(n int) string {
	var b strings.Builder
	b.WriteString("channel a\n")
	for i := range n {
		fmt.Fprintf(&b, "P%d = a -> a -> (a -> P%d [] a -> STOP)\n", i, (i+1)%n)
	}
	b.WriteString("assert P0 :[deadlock free]\n")
	return b.String()
}
