package process

import (
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// waits says, in a state in which nothing can happen, for each event that a
// component offers who does not join in, and what that one does instead.
func (r *replay) waits() []explore.Wait {
	var out []explore.Wait
	r.asked, r.absent = map[asked]explore.Blocker{}, map[absence][]int{}
	r.reasons, r.reaches, r.ables = map[int]string{}, map[int32]*reach{}, map[*node]*able{}
	above := r.parents()
	for i := range r.comps {
		c := &r.comps[i]
		if c.leaf == nil || c.ended {
			continue
		}
		seen := map[model.Event]bool{}
		t := r.told(c)
		for k, tr := range r.sys.space.Trans(t) {
			if tr.Event == model.Tau || seen[tr.Event] {
				continue
			}
			seen[tr.Event] = true
			p := r.part(t, k)
			w := explore.Wait{Component: i, Event: p.Event, Label: p.Label}
			w.For = r.blockers(above, c.leaf, tr.Event)
			out = append(out, w)
		}
	}
	return out
}

// parents returns what each node hangs on, and as which operand.
func (r *replay) parents() map[*node]place {
	above := map[*node]place{}
	var walk func(*node)
	walk = func(n *node) {
		for i, kid := range n.kids {
			if kid != nil {
				above[kid] = place{n, i}
				walk(kid)
			}
		}
	}
	walk(r.tree)
	return above
}

type place struct {
	parent *node
	index  int
}

// blockers returns who keeps n from doing e, which it offers, on the way up
// to the root: the components that would have to join in and do not.
func (r *replay) blockers(above map[*node]place, n *node, e model.Event) []explore.Blocker {
	var out []explore.Blocker
	at, ok := above[n]
	if !ok {
		return nil
	}
	t := at.parent.term.Head()
	if e != model.Tick {
		switch t.Op {
		case Rename:
			images := t.args.rel.Images(e)
			if len(images) == 0 {
				images = []model.Event{e}
			}
			for _, b := range images {
				out = append(out, r.blockers(above, at.parent, b)...)
			}
			return unique(out)
		case AlphaPar:
			if !t.args.sets[at.index].Contains(e) {
				return []explore.Blocker{{Component: -1, Event: r.name(e), Reason: "not in its alphabet"}}
			}
		case Prioritise:
			if len(r.sys.space.having(t, e, nil)) == 0 {
				return []explore.Blocker{{Component: -1, Event: r.name(e), Reason: "it gives way to events of higher priority"}}
			}
		}
	}
	for _, i := range r.missing(at, e) {
		if len(out) >= mostBlockers {
			break
		}
		if i == at.index {
			continue
		}
		kid := at.parent.kids[i]
		f, _ := t.joins(i, at.index, e)
		n := len(out)
		for _, event := range f {
			out = append(out, r.partners(kid, event)...)
		}
		if len(out) == n {
			out = append(out, r.never(kid, f[0]))
		}
	}
	if len(out) == 0 && !(t.Op == Hide && e != model.Tick && t.args.set.Contains(e)) {
		return r.blockers(above, at.parent, e)
	}
	return unique(out)
}

// missing returns which operands beside one would have to join in e, and offer
// nothing that does; but for the operands of a link, all that don't, whoever
// asks: each of n components that wait for the same does not look at n others.
func (r *replay) missing(at place, e model.Event) []int {
	n, t := at.parent, at.parent.term.Head()
	key := absence{n, e, 0}
	if t.Op == Link {
		key.index = at.index
	}
	out, ok := r.absent[key]
	if ok {
		return out
	}
	note := func(i int) {
		f, joins := t.joins(i, at.index, e)
		if kid := n.kids[i]; kid != nil && joins && len(r.sys.space.havingAny(kid.term, f)) == 0 {
			out = append(out, i)
		}
	}
	switch {
	case t.Op == AlphaPar && e != model.Tick:
		for _, i := range r.sys.space.who(t.args, e) {
			note(int(i))
		}
	case t.Op == Par && e != model.Tick && !t.args.set.Contains(e):
	default:
		for i := range n.kids {
			note(i)
		}
	}
	r.absent[key] = out
	return out
}

// An absence is an event at an operator, and of a link the operand that asks.
type absence struct {
	n     *node
	e     model.Event
	index int
}

// joins returns the events one of which operand i must do for operand j to
// do e, and whether it must do any.
func (t *Term) joins(i, j int, e model.Event) ([]model.Event, bool) {
	one := []model.Event{e}
	switch {
	case t.Op.parallel() && e == model.Tick:
		return one, true
	case e == model.Tick:
		return nil, false
	}
	switch t.Op {
	case Par, SyncChoice, SyncInterrupt:
		return one, t.args.set.Contains(e)
	case AlphaPar:
		return one, t.args.sets[i].Contains(e)
	case Link:
		rel := t.args.rel
		if j == 1 {
			rel = rel.Inverse()
		}
		images := rel.Images(e)
		return images, len(images) > 0
	}
	return nil, false
}

// havingAny returns which transitions of t are one of the events.
func (s *Space) havingAny(t *Term, events []model.Event) []int32 {
	var out []int32
	for _, e := range events {
		out = append(out, s.having(t, e, nil)...)
	}
	return out
}

// partners returns the components in n that would have to move for n to do
// e, which it does not offer.
func (r *replay) partners(n *node, e model.Event) []explore.Blocker {
	t := n.term.Head()
	if n.comp >= 0 {
		b := r.blocker(n, e)
		if b.Reason == "" {
			return nil
		}
		return []explore.Blocker{b}
	}
	var out []explore.Blocker
	if e != model.Tick {
		switch t.Op {
		case Hide:
			if t.args.set.Contains(e) {
				return nil
			}
		case Rename:
			for _, a := range t.args.rel.Sources(e) {
				out = append(out, r.partners(n.kids[0], a)...)
			}
			if len(t.args.rel.Images(e)) == 0 {
				out = append(out, r.partners(n.kids[0], e)...)
			}
			return unique(out)
		}
	}
	for _, i := range r.able(n, e) {
		if len(out) >= mostBlockers {
			break
		}
		kid := n.kids[i]
		if kid == nil || e != model.Tick && t.deaf(i, e) {
			continue
		}
		if len(r.sys.space.having(kid.term, e, nil)) == 0 {
			out = append(out, r.partners(kid, e)...)
		}
	}
	return unique(out)
}

// blocker says what a component does instead of e; its reason is "" if it
// never does e. The answer does not depend on who asks.
func (r *replay) blocker(n *node, e model.Event) explore.Blocker {
	key := asked{n.comp, e}
	b, ok := r.asked[key]
	if !ok {
		b = explore.Blocker{Component: n.comp, Event: r.name(e)}
		switch {
		case e == model.Tick || r.canEver(n.term, e):
			b.Reason = r.reason(n)
		case r.canEver(r.comps[n.comp].first, e):
			b.Reason = "never does " + r.name(e) + " again"
		}
		r.asked[key] = b
	}
	return b
}

type asked struct {
	comp int
	e    model.Event
}

// deaf reports whether the operator never lets operand i do e by that name.
func (t *Term) deaf(i int, e model.Event) bool {
	switch t.Op {
	case AlphaPar:
		return !t.args.sets[i].Contains(e)
	case Link:
		rel := t.args.rel
		if i == 1 {
			rel = rel.Inverse()
		}
		return len(rel.Images(e)) > 0
	}
	return false
}

// never is the blocker for an event that no component of n ever does.
func (r *replay) never(n *node, e model.Event) explore.Blocker {
	reason := "never does " + r.name(e)
	for n.comp < 0 && len(n.kids) == 1 && n.kids[0] != nil {
		if t := n.term.Head(); t.Op == Hide && e != model.Tick && t.args.set.Contains(e) {
			reason = "does " + r.name(e) + " hidden, if at all"
		}
		n = n.kids[0]
	}
	if n.comp < 0 {
		return explore.Blocker{Component: -1, Event: r.name(e)}
	}
	return explore.Blocker{Component: n.comp, Event: r.name(e), Reason: reason}
}

func unique(bs []explore.Blocker) []explore.Blocker {
	seen := map[explore.Blocker]bool{}
	var out []explore.Blocker
	for _, b := range bs {
		if !seen[b] {
			seen[b] = true
			out = append(out, b)
		}
	}
	return out
}

// How many components a wait names (n that wait for n others would name n²; a
// wait may pass the bound by what one operand adds), how many offers a reason lists, and how many states of a component are
// looked at to see whether it can ever do an event.
const (
	mostBlockers = 100
	mostOffers   = 4
	mostSearched = 20000
)

// reason says what a component does instead of joining in.
func (r *replay) reason(n *node) string {
	reason, ok := r.reasons[n.comp]
	if !ok {
		reason = r.reasonOf(n)
		r.reasons[n.comp] = reason
	}
	return reason
}

func (r *replay) reasonOf(n *node) string {
	if n.term.Head().Op == Omega {
		return "has terminated"
	}
	var offers []string
	seen := map[string]bool{}
	for _, p := range r.offers(&r.comps[n.comp]) {
		if !seen[p.Event] {
			seen[p.Event] = true
			offers = append(offers, p.Event)
		}
	}
	switch {
	case len(offers) == 0:
		return "offers nothing"
	case len(offers) > mostOffers:
		offers = append(offers[:mostOffers], "…")
	}
	return "offers only " + strings.Join(offers, ", ")
}

func (r *replay) name(e model.Event) string { return r.sys.space.events.Name(e) }
