package model_test

import (
	"fmt"
	"iter"
	"testing"

	"github.com/cspcheck/cspcheck/model"
)

// counted counts what it is asked.
type counted struct {
	model.EventSet
	asked *int
}

func (c counted) Contains(e model.Event) bool {
	*c.asked++
	return c.EventSet.Contains(e)
}

// told is counted, and can be gone through.
type told struct {
	counted
	all model.Alphabet
}

func (t told) Len() int                   { return t.all.Len() }
func (t told) All() iter.Seq[model.Event] { return t.all.All() }

// Of n components, each of which shares each of its events with one other, an
// alphabet that is listed is asked nothing, and one that is not is asked about
// each event of the network once, however many components do it.
func TestAlphabetsAreAskedOnce(t *testing.T) {
	for _, n := range []int{4, 16, 64} {
		for _, listed := range []bool{true, false} {
			asked := 0
			events := model.NewEvents()
			shared := func(i, j int) model.Event { return events.Event(fmt.Sprint(min(i, j), "-", max(i, j))) }
			var parties []model.Party
			for i := range n {
				b := model.NewMachine(fmt.Sprint("P", i), events)
				b.States(1)
				b.Start(0)
				var mine []model.Event
				for j := range n {
					mine = append(mine, shared(i, j))
					b.Add(0, shared(i, j), 0)
				}
				m, err := b.Build()
				if err != nil {
					t.Fatal(err)
				}
				var a model.EventSet = counted{model.NewAlphabet(mine...), &asked}
				if listed {
					a = told{counted{a, &asked}, model.NewAlphabet(mine...)}
				}
				parties = append(parties, model.Party{Process: model.Leaf(m), Alphabet: a})
			}
			net, err := model.NewNetwork("all", events, model.AlphaPar(parties...))
			if err != nil {
				t.Fatal(err)
			}
			pairs := n * (n + 1) / 2
			if got := net.NumRules(); got < pairs {
				t.Errorf("%d components have %d rules, and %d events", n, got, pairs)
			}
			want := n * pairs // each alphabet about each event
			if listed {
				want = 0
			}
			if asked > want {
				t.Errorf("%d components, listed %v: asked %d times, not %d", n, listed, asked, want)
			}
		}
	}
}
