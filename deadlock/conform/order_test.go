package conform

import (
	"context"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// What orders a log allows, by hand: the model does the events of a trace, one
// after the other.
func TestOrdersByHand(t *testing.T) {
	const never = Pending
	type entries []Entry
	for _, tt := range []struct {
		name      string
		does      []string
		log       entries
		options   Options
		explained int
	}{
		{"one that ended before another began comes first", []string{"a", "b"},
			entries{{Event: "b", Begin: 0, End: 1}, {Event: "a", Begin: 2, End: 3}}, Options{}, 0},
		{"those that overlap come in any order", []string{"a", "b"},
			entries{{Event: "b", Begin: 0, End: 2}, {Event: "a", Begin: 2, End: 3}}, Options{}, 2},
		{"the longer of two a comes after b", []string{"a", "b", "a"},
			entries{{Event: "a", Begin: 0, End: 9}, {Event: "a", Begin: 1, End: 2}, {Event: "b", Begin: 3, End: 4}}, Options{}, 3},
		{"three that overlap pairwise, but not all", []string{"c", "b", "a"},
			entries{{Event: "a", Begin: 0, End: 3}, {Event: "b", Begin: 2, End: 6}, {Event: "c", Begin: 5, End: 8}}, Options{}, 0},
		{"who takes the place of another comes after all that have ended", []string{"a", "c", "b"},
			entries{{Event: "a", Begin: 0, End: 1}, {Event: "b", Begin: 0, End: 10}, {Event: "c", Begin: 11, End: 12}}, Options{}, 1},
		{"what is pending may come last", []string{"b", "a"},
			entries{{May: []string{"a"}, Begin: 0, End: never}, {Event: "b", Begin: 1, End: 2}}, Options{}, 1},
		{"or not at all", []string{"b"},
			entries{{May: []string{"a"}, Begin: 0, End: never}, {Event: "b", Begin: 1, End: 2}}, Options{}, 1},
		{"or before what needs it", []string{"a", "b"},
			entries{{May: []string{"a", "c"}, Begin: 0, End: never}, {Event: "b", Begin: 1, End: 2}}, Options{}, 1},
		{"but not before it has begun", []string{"a", "b"},
			entries{{Event: "b", Begin: 1, End: 2}, {May: nil, Begin: 3, End: never}}, Options{}, 0},
		{"processes that know nothing of each other", []string{"a", "b"},
			entries{{Process: "p", Event: "b", Begin: 0, End: 1}, {Process: "q", Event: "a", Begin: 2, End: 3}}, Options{PerProcess: true}, 2},
		{"one process knows its own order, which is that of the log", []string{"a", "b"},
			entries{{Process: "p", Event: "b", Begin: 4, End: 5}, {Process: "p", Event: "a", Begin: 2, End: 3}}, Options{PerProcess: true}, 0},
		{"and of what is pending, that it comes after what was before", []string{"a", "b"},
			entries{{Process: "p", Event: "b"}, {Process: "p", May: []string{"a"}, End: never}}, Options{PerProcess: true}, 0},
		{"an unobserved event in between", []string{"a", "x", "b"},
			entries{{Event: "a"}, {Event: "b", Begin: 1, End: 1}}, Options{Observed: []string{"a", "b"}}, 2},
		{"an observed one is missed", []string{"a", "x", "b"},
			entries{{Event: "a"}, {Event: "b", Begin: 1, End: 1}}, Options{}, 1},
		{"one that is partly observed, there and not there", []string{"x.1", "a", "x.2"},
			entries{{Event: "a"}, {Event: "x.2", Begin: 1, End: 1}}, Options{Partly: []string{"x"}}, 2},
		{"a channel is not one whose name begins alike", []string{"xy", "a"},
			entries{{Event: "a"}}, Options{Partly: []string{"x", "a"}, Declared: true}, 0},
	} {
		b := model.NewMachine("M", model.NewEvents())
		b.Initial("0")
		for i, e := range tt.does {
			b.On(fmt.Sprint(i), e, fmt.Sprint(i+1))
		}
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		sys, log := explore.Machine(m), &Log{Entries: tt.log}
		for _, determined := range []bool{false, true} {
			s := newSearch(context.Background(), sys, log, tt.options, explore.Limits{})
			if determined {
				s.determine(mostHeld)
			}
			if v, err := s.verdict(); err != nil || v.Explained != tt.explained {
				t.Errorf("%s, determined %v: %d explained, want %d (%v)", tt.name, determined, v.Explained, tt.explained, err)
			}
		}
		if v, err := Check(context.Background(), sys, log, tt.options, explore.Limits{}); err != nil || v.Explained != tt.explained {
			t.Errorf("%s: %d explained, want %d (%v)", tt.name, v.Explained, tt.explained, err)
		}
	}
}

// Many that do the same at once are no more states than one after the other.
func TestEqualEntriesThatOverlap(t *testing.T) {
	b := model.NewMachine("UP", model.NewEvents())
	b.On("0", "up", "0")
	b.Initial("0")
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	log := &Log{}
	for i := range int64(200) {
		log.Entries = append(log.Entries, Entry{Event: "up", Begin: i, End: 1000 + i})
	}
	v, err := Check(context.Background(), explore.Machine(m), log, Options{}, explore.Limits{States: 1000})
	if err != nil || v.Answer != "holds" {
		t.Errorf("%v, %v", v, err)
	}
}
