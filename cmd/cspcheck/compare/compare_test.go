package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

const dir = "../../../testdata/bench"

func rowsOf(t *testing.T) []row {
	t.Helper()
	rows, err := readRows(filepath.Join(dir, "expected.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// Every model at its small size has the states, transitions, deadlocks and
// levels that independent programs agree on, whatever keeps the states and
// how many workers there are.
func TestSmallRowsAreExact(t *testing.T) {
	models := 0
	for _, r := range rowsOf(t) {
		if r.size != "small" {
			continue
		}
		models++
		for _, store := range explore.Stores {
			for _, workers := range []int{1, 2} {
				limits := explore.Limits{Store: store, Workers: workers}
				t.Run(fmt.Sprintf("%s/%s/%d", r.model, store, workers), func(t *testing.T) { exact(t, &r, limits) })
			}
		}
	}
	if models != 7 {
		t.Errorf("%d models, want 7", models)
	}
}

func exact(t *testing.T, r *row, limits explore.Limits) {
	file := filepath.Join(dir, r.file()+".csp")
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var o cspm.Options
	for _, p := range r.params {
		o.Set = append(o.Set, [2]string{p.name, p.value})
	}
	script, err := cspm.Load(file, src, o)
	if err != nil {
		t.Fatal(err)
	}
	sys, err := script.Process(context.Background(), limits, r.process())
	if err != nil {
		t.Fatal(err)
	}
	stuck := int64(0)
	s, err := explore.Run(context.Background(), sys, limits, func(v *explore.Visit) bool {
		if len(v.Steps.Events) == 0 {
			stuck++
		}
		return true
	})
	if err != nil {
		if limits.Store == explore.StoreInline && strings.Contains(err.Error(), "--store inline") {
			t.Skip("states are too wide for it")
		}
		t.Fatal(err)
	}
	if got, want := [4]int64{s.States, s.Transitions, stuck, s.Depth}, [4]int64{r.states, r.transitions, r.stuck, r.depth}; got != want {
		t.Errorf("%v states, transitions, deadlocks and levels, want %v", got, want)
	}
	u := s.Usage
	if limits.Store != explore.StoreAuto && u.Store != limits.Store {
		t.Errorf("the store was %s", u.Store)
	}
	if u.Table+u.States+u.Parents != s.Bytes() || u.Load <= 0 || u.Load > 0.76 || u.Workers != limits.Workers {
		t.Errorf("%+v, and %d bytes in all", u, s.Bytes())
	}
}

// Every model has the same sizes, and larger ones are larger.
func TestRows(t *testing.T) {
	before := map[string]*row{}
	for _, r := range rowsOf(t) {
		for _, ending := range []string{".csp", ".pml"} {
			if _, err := os.Stat(filepath.Join(dir, r.file()+ending)); err != nil && r.model != "peg" {
				t.Error(err)
			}
		}
		b := before[r.model]
		if b == nil && r.size != "small" || b != nil && slices.Index(sizes, r.size) <= slices.Index(sizes, b.size) {
			t.Errorf("%s %s is not in order", r.model, r.size)
		}
		if b != nil && r.states <= b.states {
			t.Errorf("%s %s is not larger than %s", r.model, r.size, b.size)
		}
		before[r.model] = &r
	}
}

// The peg solitaires in Promela have the moves of those in CSP: each is an
// event there.
func TestPegs(t *testing.T) {
	want := map[string]int{"small": 36, "growing": 44, "medium": 60, "large": 76, "huge": 76}
	for _, r := range rowsOf(t) {
		if r.model != "peg" {
			continue
		}
		text := r.pegs()
		if got := strings.Count(text, ":: d_step"); got != want[r.size] {
			t.Errorf("%s: %d moves, want %d", r.size, got, want[r.size])
		}
	}
	if got, want := abpInputs(3), "\t:: d = 0\n\t:: d = 1\n\t:: d = 2\n"; got != want {
		t.Errorf("the inputs are %q, want %q", got, want)
	}
}

func TestReadRowRefuses(t *testing.T) {
	for _, line := range []string{
		"phils\tsmall\tN=5\t1\t2\t3",
		"phils\ttiny\tN=5\t1\t2\t3\t4\t5\t6",
		"phils\tsmall\tN\t1\t2\t3\t4\t5\t6",
		"phils\tsmall\tN=5\tx\t2\t3\t4\t5\t6",
	} {
		if r, err := readRow(strings.Split(line, "\t")); err == nil {
			t.Errorf("%q is read as %v", line, r)
		}
	}
}

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		xs   []float64
		want string
	}{
		{[]float64{3, 1, 2}, "2 (1 to 3)"},
		{[]float64{4, 1, 2, 3}, "2 (1 to 4)"},
		{[]float64{5}, "5 (5 to 5)"},
	} {
		if got := spread(tt.xs, "%.0f"); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.xs, got, tt.want)
		}
	}
}

// SPIN prints large counts rounded.
func TestCounts(t *testing.T) {
	for _, tt := range []struct {
		text string
		n    int64
		want bool
	}{
		{"3300807", 3300807, true}, {"3300807", 3300806, false}, {"1.4942208e+08", 149422081, true}, {"1.4942208e+08", 149422091, false}, {"0", 1, false},
	} {
		if got := counts(tt.text, tt.n); got != tt.want {
			t.Errorf("%s is %d: %v", tt.text, tt.n, got)
		}
	}
}
