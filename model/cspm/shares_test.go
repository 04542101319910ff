package cspm_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// Whatever components of the examples do together in a state is among what
// they share, by the same event, hidden or not.
func TestSharesAreWhatCanBeDoneTogether(t *testing.T) {
	files, err := filepath.Glob("../../specs/*.csp")
	if err != nil || len(files) < 10 {
		t.Fatal(err, files)
	}
	ctx, limits := context.Background(), explore.Limits{States: 2000}
	networks, together := 0, 0
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		script, err := cspm.Load(file, src, cspm.Options{Open: os.ReadFile})
		if err != nil {
			t.Fatal(err)
		}
		for i := range script.Asserts {
			as := &script.Asserts[i]
			sys, err := script.Parts(ctx, limits, as.Files().Text(as.Impl.At()))
			if err != nil {
				continue // in a timed section, or no network of components
			}
			networks++
			shared, done := sharesOf(t, sys), map[string]bool{}
			_, _ = explore.Run(ctx, sys, limits, func(v *explore.Visit) bool {
				for _, m := range movesOf(t, sys, v.Words) {
					done[m] = true
					if !shared[m] {
						t.Errorf("%s: %s is done, and not shared", as.At, m)
						return false
					}
				}
				return true
			})
			together += len(done)
		}
	}
	t.Logf("%d networks, %d events done by somebody", networks, together)
	if networks < 20 || together < 200 {
		t.Errorf("only %d networks, %d events", networks, together)
	}
}

func TestShares(t *testing.T) {
	src := `channel a, b, c, d, e
P = a -> b -> P
Q = b -> (c -> Q [] e -> Q)
R = c -> d -> R
S = a -> S
`
	for _, tt := range []struct {
		process string
		want    []string
	}{
		{"P [| {b} |] Q", []string{"a [P]", "b [P Q]", "c [Q]", "e [Q]"}},
		{"(P [| {b} |] Q) \\ {b, c}", []string{"a [P]", "b, hidden [P Q]", "c, hidden [Q]", "e [Q]"}},
		{"(P [| {b} |] Q) [| {c} |] R", []string{"a [P]", "b [P Q]", "c [Q R]", "d [R]", "e [Q]"}},
		{"P ||| S", []string{"a [P]", "a [S]", "b [P]"}},
		{"(P ||| S) [| {a} |] S", []string{"a [P S]", "a [S S]", "b [P]"}},
		{"(P [| {a} |] S) [| {a} |] S", []string{"a [P S S]", "b [P]"}},
		{"P[[b <- d]] [| {d} |] R", []string{"a [P]", "c [R]", "d [P R]"}},
		{"P", []string{"a [P]", "b [P]"}},
	} {
		script, err := cspm.Load("x.csp", []byte(src), cspm.Options{})
		if err != nil {
			t.Fatal(err)
		}
		sys, err := script.Parts(context.Background(), explore.Limits{}, tt.process)
		if err != nil {
			t.Fatalf("%s: %v", tt.process, err)
		}
		shares, err := sys.Shares()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range shares {
			line, who := s.Event, []string{}
			if s.Hidden {
				line += ", hidden"
			}
			for _, p := range s.Places {
				who = append(who, sys.Places()[p].Name)
			}
			got = append(got, fmt.Sprintf("%s %v", line, who))
		}
		slices.Sort(got)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.process, got, tt.want)
		}
	}
}

func sharesOf(t *testing.T, sys explore.Composed) map[string]bool {
	t.Helper()
	shares, err := sys.Shares()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, s := range shares {
		out[fmt.Sprint(s.Event, s.Hidden, s.Places)] = true
	}
	return out
}

// movesOf lists what can be done in a state as shares: participants are
// numbered as the leaves are, in their order.
func movesOf(t *testing.T, sys explore.Composed, s []uint64) []string {
	t.Helper()
	var leaves []int
	for i, p := range sys.Places() {
		if p.Leaf {
			leaves = append(leaves, i)
		}
	}
	var out []string
	err := sys.Moves(s, nil, func(m *explore.Move) {
		if e := m.Name(); e != model.Tau && e != model.Tick {
			var places []int
			for _, p := range m.Parts {
				places = append(places, leaves[p.Who])
			}
			slices.Sort(places)
			out = append(out, fmt.Sprint(sys.Events().Name(e), m.Event == model.Tau, slices.Compact(places)))
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
