package deadlock_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// What may come instead of the next event is found along the trace: of n
// components side by side, each of which does one event, are 2ⁿ states, and n(n-1)/2
// two steps away.
func TestMissingTraceLooksAlongIt(t *testing.T) {
	const n = 50
	sys := &apart{n: n, events: model.NewEvents()}
	for i := range n {
		sys.events.Event(fmt.Sprint("a.", i))
	}
	e, _ := sys.events.Lookup("a.7")
	v, err := deadlock.HasTrace(context.Background(), sys, []model.Event{e, e}, explore.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if v.Answer != deadlock.Fails || len(v.Counterexample.Allowed) != n-1 {
		t.Errorf("%s, and %v may follow", v.Answer, v.Counterexample.Allowed)
	}
	if sys.asked > n/2 {
		t.Errorf("%d states were asked for what follows them", sys.asked)
	}
}

// apart is n components side by side. Each does an event of its own, and has a bit that
// says that it has done it.
type apart struct {
	n, asked int
	events   *model.Events
}

func (x *apart) Events() *model.Events { return x.events }

func (x *apart) Width() int { return 1 }

func (x *apart) Initial(s []uint64) error {
	s[0] = 0
	return nil
}

func (x *apart) Successors(s []uint64, out *explore.Steps) error {
	x.asked++
	for i := range x.n {
		if e, _ := x.events.Lookup(fmt.Sprint("a.", i)); s[0]>>i&1 == 0 {
			out.Add(e, s[0]|1<<i)
		}
	}
	return nil
}
