package deadlock_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A contest is a small term, some parts of which are tasks that may be wronged
// by others: starved, or overtaken.
type contest struct {
	d      *sketch
	w      *world // its states
	net    *model.Network
	sys    explore.Composed
	of     map[int]deadlock.Task // by number of the part
	leaves []int                 // the numbers of leaves
	ids    []int                 // those that are asked about
	tasks  []deadlock.Task       // the same
}

// newContest draws one, or returns nil: if it has more than so many states, or
// nobody to ask about.
func newContest(t *rapid.T, states int) *contest {
	d := &sketch{t: t, events: table("a", "b", "c")}
	p := d.contended()
	net, err := model.NewNetwork("X", d.events, p.process(map[int]*model.Process{}))
	if errors.Is(err, model.ErrGrows) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	c := &contest{d: d, w: newWorld(p, -1, states), net: net, sys: explore.Network(net).(explore.Composed), of: map[int]deadlock.Task{}}
	if c.w == nil {
		return nil
	}
	for i, x := range c.sys.Places() {
		if x.Mark == nil {
			continue
		}
		n := x.Mark.(int)
		c.of[n] = deadlock.TaskAt(c.sys, i)
		if x.Leaf {
			c.leaves = append(c.leaves, n)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(c.of)) {
		if d.pick(2) == 0 {
			c.ids, c.tasks = append(c.ids, n), append(c.tasks, c.of[n])
		}
	}
	if len(c.tasks) == 0 {
		return nil
	}
	return c
}

// eachContest draws contests of at most so many states until compare has said
// of as many as are wanted, fewer in a short test, that it has compared
// something. It returns of how many.
func eachContest(t *testing.T, want, states int, compare func(*rapid.T, *contest) bool) int {
	if testing.Short() {
		want /= 20
	}
	compared := 0
	for compared < want && !t.Failed() {
		rapid.Check(t, func(t *rapid.T) {
			if c := newContest(t, states); c != nil && compare(t, c) {
				compared++
			}
		})
	}
	return compared
}

// stands fails the test unless a counterexample can be replayed, a trace of it
// is accepted as an expectation, and it stands when it is asked for again.
func (c *contest) stands(t *rapid.T, q deadlock.Question, v *deadlock.Verdict, trace []string) {
	ce := v.Counterexample
	if err := verdicttest.Replay(nil, c.sys, ce); err != nil {
		t.Fatalf("%v of\n%s\n%s: %v\n%+v", c.ids, c.net, c.net.Tree(), err, ce)
	}
	if why, err := deadlock.CheckTrace(context.Background(), q, v, trace, explore.Limits{}); why != "" || err != nil {
		t.Fatalf("%v of\n%s\n%s: %v is not accepted: %s, %v", c.ids, c.net, c.net.Tree(), trace, why, err)
	}
	if why, err := deadlock.Replay(context.Background(), q, ce, explore.Limits{}); why != "" || err != nil {
		t.Fatalf("%v of\n%s\n%s: it does not stand: %s, %v", c.ids, c.net, c.net.Tree(), why, err)
	}
}

// contended draws a term of any form, or one in which two clients want the
// same of a server.
func (d *sketch) contended() *part {
	if d.pick(3) == 0 {
		return d.term(1+d.pick(2), nil)
	}
	leaf := func() *part {
		p := &part{op: model.OpLeaf, id: d.next, m: d.ring()}
		d.next++
		return p
	}
	clients := &part{op: model.OpInterleave, id: d.next}
	d.next++
	clients.kids = []*part{leaf(), leaf()}
	p := &part{op: model.OpPar, id: d.next, set: d.alphabet()}
	d.next++
	p.kids = []*part{clients, leaf()}
	return p
}

// ring draws a machine that goes round, perhaps with a short cut.
func (d *sketch) ring() *model.Machine {
	n := 1 + d.pick(2)
	b := model.NewMachine("M", d.events)
	b.States(n)
	b.Start(0)
	for s := range n {
		b.Add(model.State(s), model.Event(2+d.pick(3)), model.State((s+1)%n))
	}
	for range d.pick(3) {
		b.Add(model.State(d.pick(n)), model.Event(2+d.pick(3)), model.State(d.pick(n)))
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}
