package process

import (
	"maps"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// What a component can ever do is asked of each of n by each of n others; but it
// is searched for once.

// A reach is what has been found of the states that a component can come to.
type reach struct {
	does   map[model.Event]bool
	queue  []*Term
	seen   map[int32]bool
	next   int  // in the queue
	beyond bool // more is possible than can be found out
}

// reachOf returns what is known of a term.
func (r *replay) reachOf(t *Term) *reach {
	var x *reach
	if r.sys.guard(func() {
		st := r.sys.space.State(t)
		if x = r.reaches[st.id]; x == nil {
			x = &reach{does: map[model.Event]bool{}, queue: []*Term{st}, seen: map[int32]bool{st.id: true}}
			r.reaches[st.id] = x
		}
	}) != nil {
		return &reach{beyond: true}
	}
	return x
}

// canEver reports whether t can do e at some time; it says so too if that
// cannot be found out.
func (r *replay) canEver(t *Term, e model.Event) bool {
	x := r.reachOf(t)
	r.search(x, mostSearched, func() bool { return x.does[e] })
	return x.beyond || x.does[e]
}

// search looks at states, up to a number of them in all, until it has found
// enough. It reports whether nothing is left to be found.
func (r *replay) search(x *reach, most int, enough func() bool) (all bool) {
	space := r.sys.space
	fault := r.sys.guard(func() {
		for ; !x.beyond && x.next < len(x.queue) && x.next < most && !enough(); x.next++ {
			st := x.queue[x.next]
			for k, tr := range space.Trans(st) {
				x.does[tr.Event] = true
				if to := space.nextOf(st, int32(k)); !x.seen[to.id] {
					x.seen[to.id] = true
					x.queue = append(x.queue, to)
				}
			}
		}
	})
	all = x.next == len(x.queue)
	x.beyond = x.beyond || fault != nil || !all && x.next >= mostSearched
	return all && !x.beyond
}

// An able node tells which of its operands may ever do an event: of those that
// are small components, those that do.
type able struct {
	always []int // what else there is
	by     map[model.Event][]int
}

// So few operands are simply asked. Tests change it.
var fewOperands = 16

// So few states has a small component.
const fewStates = 64

// able returns operands of n in order, among them all of which a component may
// ever do e, or, to end, all.
func (r *replay) able(n *node, e model.Event) []int {
	if len(n.kids) <= fewOperands || e == model.Tick {
		all := make([]int, len(n.kids))
		for i := range all {
			all[i] = i
		}
		return all
	}
	a := r.ables[n]
	if a == nil {
		a = &able{by: map[model.Event][]int{}}
		r.ables[n] = a
		for i, kid := range n.kids {
			if does := r.smallComponent(kid); does != nil {
				for e := range does {
					a.by[e] = append(a.by[e], i)
				}
			} else {
				a.always = append(a.always, i)
			}
		}
	}
	return merged(a.always, a.by[e])
}

// smallComponent returns what a component may ever do, or did, if n is a small
// one; otherwise nil.
func (r *replay) smallComponent(n *node) map[model.Event]bool {
	if n == nil || n.comp < 0 {
		return nil
	}
	first, now := r.reachOf(r.comps[n.comp].first), r.reachOf(n.term)
	all := func() bool { return false }
	if !r.search(first, fewStates, all) || !r.search(now, fewStates, all) {
		return nil
	}
	does := maps.Clone(first.does)
	maps.Copy(does, now.does)
	return does
}

// merged returns the numbers of two lists in order.
func merged(a, b []int) []int {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	out := append(append(make([]int, 0, len(a)+len(b)), a...), b...)
	slices.Sort(out)
	return out
}
