package deadlock_test

import (
	"context"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A share is what a part is ready to do its share in: an event, by the name
// that the world sees, or under which it was hidden.
type share struct {
	e      model.Event
	hidden bool
}

// shares returns what something in the part of a number is ready for, if the
// others were.
func (p *part) shares(id int) []share {
	if p.op == opOmega {
		return nil
	}
	var out []share
	within := p.id == id
	if p.op == model.OpLeaf || p.op == model.OpHost {
		events, _ := p.m.Transitions(p.s)
		for _, e := range events {
			if within && e > model.Tick {
				out = append(out, share{e, false})
			}
		}
	}
	for i, k := range p.kids {
		if p.op == model.OpIntChoice || i == 1 && (p.op == model.OpSeq || p.op == model.OpSlide || p.op == model.OpThrow) {
			continue // has not started
		}
		below := id
		if within {
			below = k.id
		}
		for _, x := range k.shares(below) {
			out = append(out, p.made(i, x)...)
		}
	}
	return out
}

// made is what a share of operand i is after the operator.
func (p *part) made(i int, x share) []share {
	if x.hidden {
		return []share{x}
	}
	switch p.op {
	case model.OpHide:
		return []share{{x.e, p.in(x.e)}}
	case model.OpAlphaPar:
		if !p.sets[i].Contains(x.e) {
			return nil
		}
	case model.OpRename:
		var out []share
		for _, r := range p.pairs {
			if r[0] == x.e {
				out = append(out, share{r[1], false})
			}
		}
		if out != nil {
			return out
		}
	case model.OpLink:
		var out []share
		for _, r := range p.pairs {
			if r[i] == x.e {
				out = append(out, share{r[0], true}, share{r[1], true})
			}
		}
		if out != nil {
			return out
		}
	}
	return []share{x}
}

// overtaken returns by how few steps a part is overtaken more than bound
// times, or -1: by going through all states with how often it has been.
func (w *world) overtaken(id int, events model.Alphabet, bound int) int {
	type at struct{ state, passed int } // -1: it does not wait
	wants := func(state int) bool {
		return w.states[state].on(id) != nil && slices.ContainsFunc(w.states[state].shares(id), func(x share) bool { return events.Contains(x.e) })
	}
	start := at{0, -1}
	if wants(0) {
		start.passed = 0
	}
	depth := map[at]int{start: 0}
	for queue := []at{start}; len(queue) > 0; queue = queue[1:] {
		x := queue[0]
		if x.passed > bound {
			return depth[x]
		}
		for k, d := range w.does[x.state] {
			next := at{w.to[x.state][k], -1}
			if wants(next.state) {
				takes := slices.ContainsFunc(d.who, func(a int) bool { return w.shape.within(a, id) })
				switch next.passed = max(x.passed, 0); {
				case d.is(events) && takes:
					next.passed = 0
				case d.is(events) && x.passed >= 0:
					next.passed++
				}
			}
			if _, seen := depth[next]; !seen {
				depth[next] = depth[x] + 1
				queue = append(queue, next)
			}
		}
	}
	return -1
}

// Bounded bypass is what the definition says of the states of a term and of
// how often each was overtaken; counterexamples are shortest, can be replayed,
// and their traces are accepted as expectations.
func TestBypassMeansOvertakenWhileWaiting(t *testing.T) {
	fails := 0
	compared := eachContest(t, 8000, 200, func(t *rapid.T, c *contest) bool {
		events, bound := c.d.alphabet(), c.d.pick(3)
		nearest := -1
		for _, id := range c.ids {
			if n := c.w.overtaken(id, events, bound); n >= 0 && (nearest < 0 || n < nearest) {
				nearest = n
			}
		}
		q := deadlock.Question{Topic: deadlock.BoundedBypass, Impl: c.sys, Tasks: c.tasks, Events: events, Bound: bound}
		v, err := deadlock.Ask(context.Background(), q, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		got, ce := -1, v.Counterexample
		if ce != nil {
			got = len(ce.Impl.Steps)
		}
		if (v.Answer == deadlock.Fails) != (nearest >= 0) || got != nearest {
			t.Fatalf("%v at most %d times by %v of\n%s\n%s: %s after %d, want %d", c.ids, bound, events, c.net, c.net.Tree(), v.Answer, got, nearest)
		}
		if ce == nil {
			return true
		}
		fails++
		c.stands(t, q, v, ce.Impl.Trace())
		return true
	})
	t.Logf("compared %d, %d fail", compared, fails)
	if fails < compared/20 {
		t.Errorf("only %d fail", fails)
	}
}
