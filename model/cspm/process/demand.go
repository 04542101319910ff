package process

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// onDemand compiles a term to a leaf whose states are evaluated when they are
// needed: one of too many states, or of infinitely many, of which the others
// perhaps leave but a few; or one with states that are mistakes, and which the
// others perhaps never let it reach. The states that have been met tell which
// events it does at least.
func (c *compiler) onDemand(t *Term, met []*Term) *model.Process {
	d := &demand{space: c.Space, whole: c.parted(), number: map[int32]model.State{}, bad: map[badStep]model.State{}, does: map[model.Event]bool{}, states: []*Term{t}}
	c.fails(func() { d.number[c.State(t).id] = 0 })
	for _, x := range met {
		c.fails(func() { d.learn(c.State(x)) })
	}
	c.alone = c.depth == 0 && !c.Parts
	return model.LeafOnDemand(t.String(), d, c.events, nil)
}

// A demand is a leaf that is evaluated on demand. Its states are those of the
// term, numbered as they are met. What turns out to be a mistake in the script
// is a state nevertheless: it is an error to come there, and none to be able
// to.
type demand struct {
	space  *Space
	number map[int32]model.State
	bad    map[badStep]model.State // the mistakes
	states []*Term                 // not evaluated if they are bad
	does   map[model.Event]bool
	asked  model.State       // last
	whole  func(*Term) error // what may not come about in it; nil: anything may
}

// A badStep is the k-th transition of a state, which leads to a mistake.
type badStep struct{ state, k int32 }

var _ model.OpenEnded = (*demand)(nil)

func (d *demand) Initial() (model.State, error) { return 0, nil }

func (d *demand) Transitions(n model.State) ([]model.Event, []model.State, error) {
	type transition struct {
		e  model.Event
		to model.State
	}
	var ts []transition
	expand := func() {
		t := d.space.State(d.states[n])
		if d.whole != nil {
			if err := d.whole(t); err != nil {
				panic(&value.Fault{Limit: true, Msg: err.Error()})
			}
		}
		for k, tr := range d.learn(t) {
			ts = append(ts, transition{tr.Event, d.after(t, int32(k))})
		}
	}
	if fault := d.space.Keys.Try(expand); fault != nil {
		return nil, nil, &mistake{fault, expand}
	}
	d.asked = n
	slices.SortFunc(ts, func(a, b transition) int { return cmp.Or(cmp.Compare(a.e, b.e), cmp.Compare(a.to, b.to)) })
	ts = slices.Compact(ts)
	events, targets := make([]model.Event, len(ts)), make([]model.State, len(ts))
	for i, tr := range ts {
		events[i], targets[i] = tr.e, tr.to
	}
	return events, targets, nil
}

// A mistake in the script is the error of a state that is one. Again meets it
// again, where it is reported.
type mistake struct {
	error
	again func()
}

// after returns the state that the k-th transition of t leads to.
func (d *demand) after(t *Term, k int32) model.State {
	if n, ok := d.bad[badStep{t.id, k}]; ok {
		return n
	}
	next := model.State(len(d.states))
	var to *Term
	if fault := d.space.Keys.Try(func() { to = d.space.nextOf(t, k) }); fault != nil {
		d.bad[badStep{t.id, k}] = next
		d.states = append(d.states, d.space.to(t, int(k)))
		return next
	}
	n, ok := d.number[to.id]
	if !ok {
		n = next
		d.number[to.id] = n
		d.states = append(d.states, to)
	}
	return n
}

// learn returns the transitions of a state, and notes their events.
func (d *demand) learn(t *Term) []Trans {
	trans := d.space.Trans(t)
	for _, tr := range trans {
		d.does[tr.Event] = true
	}
	return trans
}

// Does returns the events of the states that are known, and of as many more
// behind the last one that was asked for: a leaf that does new events may well
// go on doing so, and a network is not to be made again for each of them.
func (d *demand) Does() []model.Event {
	seen := map[int32]bool{}
	d.space.Keys.Try(func() {
		queue := []*Term{d.space.State(d.states[d.asked])}
		for i := 0; i < len(queue) && i < len(d.states); i++ {
			d.space.Spend(64)
			for k := range d.learn(queue[i]) {
				if to := d.space.nextOf(queue[i], int32(k)); !seen[to.id] {
					seen[to.id] = true
					queue = append(queue, to)
				}
			}
		}
	})
	return slices.Sorted(maps.Keys(d.does))
}
