package process_test

import (
	"context"
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
)

// drawAround draws a program with operators that stand around each other, each the
// first operand of the next: mostly the same.
func drawAround(t *rapid.T) program {
	g := gen{t: t, scope: []string{"q"}, guarded: true, tags: map[string]int{}}
	pr := program{defs: defs{}, tags: g.tags}
	for _, n := range []string{"N0", "N1"} {
		pr.defs[n] = &proc{op: "STOP"}
	}
	kinds := []string{"throw", "[[", "[>", "/\\", "\\", "/+", "[+", "[]"}
	p, op := g.proc(g.upTo("size", 3)), g.one("operator", kinds...)
	for range 2 + g.upTo("operators", 2) {
		if g.upTo("another", 7) == 7 {
			op = g.one("operator", kinds...)
		}
		next := &proc{op: op, kids: []*proc{p}}
		switch op {
		case "[[":
			for range 1 + g.upTo("ties", 2) {
				next.ties = append(next.ties, g.renaming())
			}
		case "\\":
			next.sets = [][]string{g.set()}
		case "throw", "/+", "[+":
			next.sets = [][]string{g.set()}
			fallthrough
		default:
			next.kids = append(next.kids, g.proc(g.upTo("size", 2)))
		}
		p = next
	}
	pr.main = p
	return pr
}

// However many operators stand around each other, terms and networks do what the firing
// rules of each say.
func TestOperatorsAroundEachOtherDoWhatTheRulesSay(t *testing.T) {
	t.Parallel()
	asked, networks := 0, 0
	until(t, &asked, 3000, func(t *rapid.T) {
		pr := drawAround(t)
		d, p := pr.closed()
		want, ok := d.explore(p, mostStates)
		if !ok {
			return
		}
		asked++
		s, err := cspm.Load("t.csp", []byte(pr.text()), cspm.Options{Engine: cspm.Terms})
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		compare := func(by string, sys explore.System) {
			got, err := tabulate(sys, explore.Limits{States: 50 * mostStates})
			if err != nil {
				t.Fatalf("%s: %v\n%s", by, err, pr.text())
			}
			if !bisimilar(want, got) {
				t.Fatalf("%s\nby the rules:\n%s\nby %s:\n%s", pr.text(), want, by, got)
			}
		}
		sys, err := s.Process(context.Background(), explore.Limits{}, both)
		if err != nil {
			t.Fatalf("%v\n%s", err, pr.text())
		}
		compare("the terms", sys)
		for by, o := range map[string]process.NetworkOptions{"the network": {}, "the deep network": {Deep: true}} {
			net, err := s.Network(context.Background(), explore.Limits{}, both, o)
			if errors.Is(err, process.ErrNoNetwork) {
				continue
			}
			if err != nil {
				t.Fatalf("%s: %v\n%s", by, err, pr.text())
			}
			networks++
			compare(by, explore.Network(net))
		}
	})
	t.Logf("%d asked, %d networks", asked, networks)
	if networks < asked {
		t.Error("too few networks")
	}
}
