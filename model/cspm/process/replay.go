package process

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A Locator turns the place of a name or expression into file:line:col, and
// into its text.
type Locator interface {
	At(syntax.Span) string
	Text(syntax.Span) string
}

// A node is a position in the operator tree of a process that is being
// replayed: the tree follows the terms, but keeps the names by which its
// parts were called, and which component sits where. A leaf has nothing
// parallel inside; hiding and renaming around it are above it, so that its
// events are its own.
type node struct {
	term *Term // unfolded
	kids []*node
	comp int // of a leaf: its number; otherwise -1
}

// A replay follows a path and tells it in terms of components.
type replay struct {
	sys     *System
	comps   []component
	tree    *node
	now     int                       // steps done
	spent   int                       // components looked at by branches
	asked   map[asked]explore.Blocker // what waits has found out
	absent  map[absence][]int         // the same: who does not join in
	reasons map[int]string            // the same: what components do instead
	reaches map[int32]*reach          // the same: what states can come to
	ables   map[*node]*able           // the same: which operands may ever do what
	tolds   map[*Term]*Term           // what components offer, see told
	labels  labels                    // of the offer that was asked last
	seen    map[model.Event]bool      // what brief has listed in others
	others  []explore.Branch          // memory for it
	before  []explore.Branch          // what it has listed last

	// choose picks the i-th step among transitions that lead to the same state by
	// the same event; nil: the first.
	choose func(i int, among []int) int
}

// A component is a leaf of the operator tree, from its birth on.
type component struct {
	name  string
	at    syntax.Span
	start string // its first state, as text
	first *Term  // as it was born
	born  int
	ended bool // by ✓
	gone  bool
	leaf  *node
}

// Explain tells a path in terms of components: see explore.Behaviour.
func (sys *System) Explain(path []explore.PathStep) (*explore.Behaviour, error) {
	if sys.Brief {
		return sys.brief(path), nil
	}
	var b *explore.Behaviour
	err := sys.guard(func() { b = sys.explain(path) })
	return b, err
}

// brief tells the events of a path, of whatever system that has these states, as
// those of one component.
func (sys *System) brief(path []explore.PathStep) *explore.Behaviour {
	b := &explore.Behaviour{Process: sys.name, Loop: -1, Components: []explore.Component{{Name: sys.name}}}
	for _, p := range path {
		name := sys.space.events.Name(p.Event)
		b.Steps = append(b.Steps, explore.Step{Event: name, Parts: []explore.Part{{Event: name, Label: name}}})
	}
	b.Ends = []explore.End{{Status: explore.Running}}
	if n := len(path); n > 0 && path[n-1].Event == model.Tick {
		b.Ends[0].Status = explore.Terminated
	}
	return b
}

func (sys *System) explain(path []explore.PathStep) *explore.Behaviour {
	r, b := sys.replay(path)
	if len(b.Final) == 0 {
		b.Waits = r.waits()
	}
	return b
}

// replay is explain but for the waits, and also returns the replay so far.
func (sys *System) replay(path []explore.PathStep) (*replay, *explore.Behaviour) {
	r := &replay{sys: sys}
	return r, r.run(path)
}

// run follows a path.
func (r *replay) run(path []explore.PathStep) *explore.Behaviour {
	sys := r.sys
	b := &explore.Behaviour{Process: sys.name, Loop: -1}
	r.tree = r.build(sys.root, "", syntax.Span{})
	at := map[int32]int{sys.space.State(sys.root).id: 0} // states of the path
	for i, p := range path {
		if id := int32(p.State[0]); !has(at, id) {
			at[id] = i + 1
		}
	}
	for _, p := range path {
		sys.space.Spend(64)
		k := r.find(p)
		others := r.branches(at, k) // of the state before the step
		before := r.tree.term
		step := r.step(k)
		sys.space.leave(before, r.tree.term)
		step.Others = others
		b.Steps = append(b.Steps, step)
	}
	b.Final = r.branches(at, -1)
	for i := range r.comps {
		c := &r.comps[i]
		b.Components = append(b.Components, explore.Component{Name: c.name, At: sys.locate.At(c.at), Start: c.start})
		b.Ends = append(b.Ends, r.end(c))
	}
	r.distinguish(b.Components)
	return b
}

func has(m map[int32]int, k int32) bool { _, ok := m[k]; return ok }

// build makes the tree of a term. Its first name on the way down from the
// last parallel operator is the name of a leaf.
func (r *replay) build(t *Term, name string, at syntax.Span) *node {
	whole := t
	called := func() {
		for ; t.Op == Delayed; t = t.Unfold() {
			if n := t.delay().Name(); name == "" && n != "" {
				name = n
			}
			if at == (syntax.Span{}) || name != "" && name == t.delay().Name() {
				at = t.delay().Span()
			}
		}
	}
	called()
	t = r.sys.space.headOf(t)
	if t.Op.merges() {
		m, op := r.sys.space.head(t), t.Op
		for t = t.Kids[0]; op.relabels() && t.Head().Op == op; t = t.Kids[0] { // with it in m
			called()
		}
		t = m
	}
	if !concurrent(t) && !t.Op.relabels() {
		r.comps = append(r.comps, component{name: r.nameOf(whole, name), at: r.placeOf(t, at), start: r.stateOf(whole), first: t, born: r.now})
		n := &node{term: t, comp: len(r.comps) - 1}
		r.comps[n.comp].leaf = n
		return n
	}
	if t.Op == Rename && name != "" {
		// Below, the events are those of what is renamed.
		if inner := firstName(t.Kids[0]); inner != "" {
			name = inner + " as " + name
		}
	}
	n := &node{term: t, comp: -1, kids: make([]*node, len(t.Kids))}
	for i, kid := range t.Kids {
		switch {
		case t.Op.off(i):
		case len(t.Kids) == 1 && t.Op != Throws:
			n.kids[i] = r.build(kid, name, at)
		default:
			n.kids[i] = r.build(kid, "", syntax.Span{})
		}
	}
	return n
}

// firstName returns the name by which t is called, or "".
func firstName(t *Term) string {
	for ; t.Op == Delayed; t = t.Unfold() {
		if n := t.delay().Name(); n != "" {
			return n
		}
	}
	return ""
}

// concurrent reports whether something in t that is on runs in parallel.
func concurrent(t *Term) bool {
	t = t.Head()
	if t.runs == unknown {
		t.runs = alone
		if t.parallel() {
			t.runs = together
		}
	}
	return t.runs == together
}

func (t *Term) parallel() bool {
	if t.Op.parallel() {
		return true
	}
	if t.Op == Chase {
		return false // its operand is not seen to move
	}
	for i, kid := range t.Kids {
		if !t.Op.off(i) && concurrent(kid) {
			return true
		}
	}
	return false
}

// find returns which transition of the tree is the step p. The term and the state that
// it is have the same transitions, in one order: where each leads is asked of the state,
// which knows, and the term only of the one that is done.
func (r *replay) find(p explore.PathStep) int {
	space := r.sys.space
	var among []int
	st := space.State(r.tree.term)
	work := space.workOf(st)
	for k := range work.trans {
		if work.trans[k].Event == p.Event && space.next(st, work, k).id == int32(p.State[0]) {
			among = append(among, k)
		}
	}
	switch {
	case len(among) == 0:
		panic("process: the path is not one of this process")
	case len(among) > 1 && r.choose != nil:
		return r.choose(r.now, among)
	}
	return among[0]
}

// So many components may be looked at to find where branches of a path lead:
// of a path of thousands of steps beside a thousand others each, that would
// take minutes, and some 12 bytes for each.
const mostBranches = 1 << 22

// brief lists the events of the transitions of the tree, each once, but for
// that of k, and doesn't say where they lead. Lists may share memory.
func (r *replay) brief(trans []Trans, k int) []explore.Branch {
	if r.seen == nil {
		r.seen = map[model.Event]bool{}
	}
	seen := r.seen
	clear(seen)
	if k >= 0 {
		seen[trans[k].Event] = true
	}
	r.others = r.others[:0]
	for _, tr := range trans {
		if !seen[tr.Event] {
			seen[tr.Event] = true
			r.others = append(r.others, explore.Branch{Event: r.sys.space.events.Name(tr.Event), To: -1})
		}
	}
	// Often what a step leaves are the last of those before.
	if n := len(r.before) - len(r.others); n >= 0 && slices.Equal(r.before[n:], r.others) {
		r.before = r.before[n:]
	} else {
		r.before = slices.Clone(r.others)
	}
	return slices.Clip(r.before)
}

// branches lists the transitions of the tree, each once, but for k.
func (r *replay) branches(at map[int32]int, k int) []explore.Branch {
	space := r.sys.space
	type pair struct {
		event model.Event
		to    int32
	}
	st := space.State(r.tree.term)
	work := space.workOf(st)
	trans := work.trans
	pairOf := func(i int, e model.Event) pair { return pair{e, space.next(st, work, i).id} }
	if r.spent += len(trans) * len(r.comps); r.spent > mostBranches {
		return r.brief(trans, k)
	}
	seen := map[pair]bool{}
	if k >= 0 {
		seen[pairOf(k, trans[k].Event)] = true
	}
	var out []explore.Branch
	for i, tr := range trans {
		p := pairOf(i, tr.Event)
		if seen[p] {
			continue
		}
		seen[p] = true
		to, ok := at[p.to]
		if !ok {
			to = -1
		}
		out = append(out, explore.Branch{Event: space.events.Name(tr.Event), Hidden: r.hidden(i), To: to})
	}
	return out
}

// hidden returns what the k-th transition of the tree, a τ, was before it was
// hidden, or "".
func (r *replay) hidden(k int) string {
	if h, _ := r.sys.space.hidden(r.tree.term, k); h != model.Tau {
		return r.sys.space.events.Name(h)
	}
	return ""
}

// step does the k-th transition and reports it.
func (r *replay) step(k int) explore.Step {
	space := r.sys.space
	e := space.Trans(r.tree.term)[k].Event
	step := explore.Step{Event: space.events.Name(e), Hidden: r.hidden(k)}
	r.now++
	r.tree = r.move(r.tree, k, &step)
	// The tree may have them in another order than that of their births.
	slices.SortStableFunc(step.Parts, func(p, q explore.Part) int { return cmp.Compare(p.Component, q.Component) })
	for i := range r.comps {
		r.comps[i].gone = !r.comps[i].ended
		r.comps[i].leaf = nil
	}
	r.settle(r.tree)
	return step
}

// settle notes which components are still in the tree.
func (r *replay) settle(n *node) {
	if n == nil {
		return
	}
	if n.comp >= 0 {
		r.comps[n.comp].gone = false
		r.comps[n.comp].leaf = n
	}
	for _, kid := range n.kids {
		r.settle(kid)
	}
}

// move returns the tree after the k-th transition of n, and adds to the step
// who takes part.
func (r *replay) move(n *node, k int, step *explore.Step) *node {
	tr := r.sys.space.Trans(n.term)[k]
	t := r.sys.space.head(n.term)
	if n.comp >= 0 {
		to := r.sys.space.to(t, k)
		if concurrent(to) && t.renested() {
			to = r.sys.space.to(r.sys.space.State(t), k) // as in a network
		}
		part := r.part(t, k)
		part.Component = n.comp
		if tr.Event == model.Tick {
			r.comps[n.comp].ended = true
		} else {
			part.After = r.stateOf(to)
		}
		step.Parts = append(step.Parts, part)
		return r.grow(n, to)
	}
	if w := r.sys.space.workOf(t); len(w.bottoms) > 0 {
		return r.moveNested(n, w, k, step)
	}
	moves := r.sys.space.moves(t, k)
	moved := make(map[int32]*node, len(moves))
	for _, m := range moves {
		moved[m.kid] = r.move(n.kids[m.kid], int(m.by), step)
	}
	switch tr.becomes {
	case follows:
		if t.Op == Throws {
			return r.thrown(t.args.layers.last(tr.Event))
		}
		return r.build(tr.To, "", syntax.Span{}) // an end of a chain
	case endsAll:
		return &node{term: r.sys.space.omega, comp: -1}
	case staysOn:
		return r.with(n, t, moved)
	}
	if kid, ok := moved[tr.becomes]; ok {
		return kid
	}
	return r.build(t.Kids[tr.becomes], "", syntax.Span{})
}

// with returns a node whose operator, t, stays, with other operands in place of those
// that moved. Its term is that over theirs: of n operators inside each other, each
// would otherwise make a term n deep. It is the state, if that has the same operands:
// what it does has been worked out.
func (r *replay) with(n *node, t *Term, moved map[int32]*node) *node {
	if len(moved) == 0 {
		return n
	}
	next := &node{comp: -1, kids: slices.Clone(n.kids)}
	kids := slices.Clone(t.Kids)
	for i, kid := range moved {
		next.kids[i], kids[i] = kid, kid.term
	}
	next.term = t.over(kids)
	if t.Op.parallel() {
		next.term = r.sys.space.State(next.term)
	}
	return next.asItStands()
}

// grow returns leaf n after it became t: the same component, unless t has
// parallel operands, which are components of their own.
func (r *replay) grow(n *node, t *Term) *node {
	if concurrent(t) {
		return r.build(t, "", syntax.Span{})
	}
	return &node{term: r.sys.space.headOf(t), comp: n.comp}
}

// part describes the k-th transition of a leaf.
func (r *replay) part(t *Term, k int) explore.Part {
	space := r.sys.space
	tr := space.Trans(t)[k]
	name := space.events.Name(tr.Event)
	part := explore.Part{Event: name, Label: name}
	for t = space.head(t); t.Op != Prefix; {
		kid, by := space.mover(t, k)
		if kid == nil {
			return part
		}
		t, k = kid, by
	}
	inner := space.Trans(t)[k].Event
	label, span := r.labels.of(t.leaf.(Offer), k)
	part.At = r.sys.locate.At(span)
	switch {
	case inner == tr.Event:
		part.Label = label
	case tr.Event == model.Tau:
		part.Label = fmt.Sprintf("τ (%s)", label)
	case tr.Event != model.Tick: // renamed on the way
		part.Label = name
	}
	return part
}

// Labels are those of an offer of which many are asked for.
type labels struct {
	offer Offer
	all   []string
	at    syntax.Span
}

// A label this far behind is found among all, which are kept.
const farLabel = 16

// of returns the k-th label of an offer.
func (l *labels) of(offer Offer, k int) (string, syntax.Span) {
	if l.offer != offer {
		many, ok := offer.(Labeller)
		if !ok || k < farLabel {
			return offer.Label(k)
		}
		l.offer = offer
		l.all, l.at = many.Labels()
	}
	return l.all[k], l.at
}

// end describes the state of a component after the last step.
func (r *replay) end(c *component) explore.End {
	switch {
	case c.ended:
		return explore.End{Status: explore.Terminated}
	case c.gone:
		return explore.End{Status: explore.Gone}
	}
	return explore.End{Status: explore.Running, Offers: r.offers(c)}
}

// offers lists what a component could do on its own, each once.
func (r *replay) offers(c *component) []explore.Part {
	seen := map[explore.Part]bool{}
	var out []explore.Part
	t := r.told(c)
	for k := range r.sys.space.Trans(t) {
		p := r.part(t, k)
		p.Component = c.leaf.comp
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}
