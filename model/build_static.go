package model

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Static operators make and change rules only. α stands for any event, a for
// a visible one that is not ✓.

// all builds the kids of p, those of nested operators that mean the same
// among them.
func (b *builder) all(p *Process) []*form {
	var out []*form
	for _, k := range flatten(p, nil) {
		out = append(out, b.build(k))
	}
	return out
}

// flatten appends the operands of p, and of operands that are the same
// operator: ||| and [|A|], ; , [] and |~| are associative. (P |~| Q) |~| R has
// a τ more than the flat choice of three, and stays; so does what is marked.
func flatten(p *Process, out []*Process) []*Process {
	for _, k := range p.kids {
		if k != nil && k.wrong == "" && k.mark == nil && len(k.kids) > 0 && k.op == p.op && p.sameSet(k) {
			out = flatten(k, out)
		} else {
			out = append(out, k)
		}
	}
	return out
}

func (p *Process) sameSet(k *Process) bool {
	switch p.op {
	case OpInterleave, OpSeq, OpExtChoice:
		return true
	case OpPar:
		a, ok1 := p.set.(Alphabet)
		c, ok2 := k.set.(Alphabet)
		return ok1 && ok2 && a.Equal(c)
	}
	return false
}

// over returns a form for an operator over kids, still without rules.
func over(p *Process, kids []*form) *form {
	f := &form{lo: kids[0].lo, hi: kids[0].hi, tree: &Operator{Op: p.op, Name: p.name, Mark: p.mark, Component: -1, Set: p.set, Sets: p.sets, Rel: p.rel}}
	for _, k := range kids {
		f.lo, f.hi = min(f.lo, k.lo), max(f.hi, k.hi)
		f.weight += k.weight
		f.again = f.again || k.again
	}
	for _, k := range kids {
		f.tree.Kids = append(f.tree.Kids, k.tree)
	}
	return f
}

// side is over for operators that stay on around their operands: calls of
// what is further out may not cross them.
func (b *builder) side(p *Process, kids []*form) *form {
	f := over(p, kids)
	if f.again {
		b.wrong("an operand of %s calls what the %s stands in, which stays around it: %w", p.op, p.op, ErrGrows)
		f.again = false
	}
	return f
}

// par:
//
//	Pi -α-> Pi', α ∉ A             ⟹  [|A|] P -α-> that one moved     (α ≠ ✓)
//	Pi -a-> Pi' for all i, a ∈ A   ⟹  [|A|] P -a-> all moved
//	Pi -✓-> for all i              ⟹  [|A|] P -✓->
func (b *builder) par(p *Process) *form {
	kids := b.all(p)
	everyone := all(kids)
	var joint []meeting
	if p.op == OpPar {
		for _, e := range in(p.set, kids...) {
			joint = append(joint, meeting{e, e, everyone})
		}
	}
	joint = append(joint, meeting{Tick, Tick, everyone})
	return b.meet(p, kids, joint)
}

// alphaPar:
//
//	Pi -τ-> Pi'                              ⟹  || P -τ-> that one moved
//	Pi -a-> Pi' for all i such that a ∈ Ai,
//	and there is one                         ⟹  || P -a-> those moved
//	Pi -✓-> for all i                        ⟹  || P -✓->
func (b *builder) alphaPar(p *Process) *form {
	var kids []*form
	for _, k := range p.kids {
		kids = append(kids, b.build(k))
	}
	everyone := all(kids)
	var joint []meeting
	who := p.who
	if who == nil {
		who = newParticipants(p.sets, kids).of
	}
	seen := map[Event]bool{}
	for i, k := range kids {
		for _, e := range k.keys() {
			if e <= Tick {
				continue
			}
			who := who(e)
			if _, in := slices.BinarySearch(who, int32(i)); !in {
				delete(k.by, e) // not in its alphabet
				continue
			}
			if !seen[e] && len(who) > 1 {
				seen[e] = true
				joint = append(joint, meeting{e, e, who})
			}
		}
	}
	joint = append(joint, meeting{Tick, Tick, everyone})
	return b.meet(p, kids, joint)
}

// Participants tell the operands of an alphabetised parallel by their events.
// Alphabets that can be gone through are: only the others are asked about each
// event, once.
type participants struct {
	sets  []EventSet
	by    map[Event][]int32 // as far as the listed alphabets tell; all of them if settled
	asked []int32           // whose alphabets are asked
	done  map[Event]bool    // settled; nil if nobody is asked
}

// Alphabets of up to so many events are gone through, and larger ones that
// have no more than the operands do together: to ask them would cost as much.
const fewEvents = 1 << 12

func newParticipants(sets []EventSet, kids []*form) *participants {
	many := 0
	for _, k := range kids {
		many += len(k.by)
	}
	p := &participants{sets: sets, by: map[Event][]int32{}}
	for i, a := range sets {
		if n, all, ok := list(a); ok && n <= max(fewEvents, many) {
			for e := range all {
				p.by[e] = append(p.by[e], int32(i))
			}
		} else {
			p.asked = append(p.asked, int32(i))
		}
	}
	if len(p.asked) > 0 {
		p.done = map[Event]bool{}
	}
	return p
}

// of returns the operands whose alphabets have e, rising.
func (p *participants) of(e Event) []int32 {
	if p.done == nil || p.done[e] {
		return p.by[e]
	}
	who := p.by[e]
	for _, i := range p.asked {
		if p.sets[i].Contains(e) {
			who = append(who, i)
		}
	}
	slices.Sort(who)
	p.by[e], p.done[e] = who, true
	return who
}

// link, R tying events ai of P to bi of Q:
//
//	P -ai-> P' and Q -bi-> Q'                ⟹  P [R] Q -τ-> P' [R] Q'
//	P -α-> P', α no ai                       ⟹  P [R] Q -α-> P' [R] Q     (α ≠ ✓)
//	Q -α-> Q', α no bi                       ⟹  P [R] Q -α-> P [R] Q'     (α ≠ ✓)
//	P -✓-> and Q -✓->                        ⟹  P [R] Q -✓->
func (b *builder) link(p *Process) *form {
	if len(p.kids) != 2 {
		return b.wrong("an operator %s has %d operands, and needs 2", p.op, len(p.kids))
	}
	kids := []*form{b.build(p.kids[0]), b.build(p.kids[1])}
	joint := []meeting{}
	for _, a := range kids[0].keys() {
		if a > Tick {
			for _, e := range p.rel.Images(a) {
				joint = append(joint, meeting{a, e, []int32{0, 1}})
			}
		}
	}
	// An event that is tied to others only is not free to go alone.
	for _, e := range kids[1].keys() {
		if e <= Tick {
			continue
		}
		if from := p.rel.Sources(e); len(from) > 0 {
			joint = append(joint, meeting{from[0], e, []int32{0, 1}})
		}
	}
	seen := map[meeting2]bool{}
	joint = slices.DeleteFunc(joint, func(m meeting) bool {
		k := meeting2{m.event, m.other}
		old := seen[k]
		seen[k] = true
		return old
	})
	joint = append(joint, meeting{Tick, Tick, []int32{0, 1}})
	return b.meet(p, kids, joint)
}

type meeting2 struct{ a, b Event }

// A meeting is a joint move: the first of who does event, the others do
// other.
type meeting struct {
	event, other Event
	who          []int32
}

// all returns the numbers of operands.
func all(kids []*form) []int32 {
	who := make([]int32, len(kids))
	for i := range who {
		who[i] = int32(i)
	}
	return who
}

func (m *meeting) of(i int32) Event {
	if i == m.who[0] {
		return m.event
	}
	return m.other
}

// meet makes the joint rules, in the order of the meetings, and drops those
// of the operands that take part; the others go on as they are. A joint move
// of ties is a τ.
func (b *builder) meet(p *Process, kids []*form, joint []meeting) *form {
	b.temper(kids, joint)
	f := b.side(p, kids)
	made := make([][]int32, len(joint))
	for i := range joint {
		if i%checkEvery == checkEvery-1 {
			b.ask()
		}
		if b.stopped != nil {
			return f
		}
		made[i] = b.products(kids, &joint[i])
	}
	for i := range joint {
		for _, k := range joint[i].who {
			delete(kids[k].by, joint[i].of(k))
		}
	}
	f.by = merge(kids)
	for i, m := range joint {
		if len(made[i]) == 0 {
			continue
		}
		e := m.event
		if p.op == OpLink && e != Tick {
			e = Tau
			for _, id := range made[i] {
				b.drafts[id].hidden, b.drafts[id].tied = m.event, m.other
			}
		}
		f.by[e] = append(f.by[e], made[i]...)
	}
	return f
}

// merge puts the rules of the forms together, small into large.
func merge(forms []*form) map[Event][]int32 {
	large := 0
	for i, f := range forms {
		if len(f.by) > len(forms[large].by) {
			large = i
		}
	}
	by := forms[large].by
	for i, f := range forms {
		if i == large {
			continue
		}
		for e, ids := range f.by {
			if more := by[e]; len(more) >= len(ids) {
				by[e] = append(more, ids...)
			} else {
				by[e] = append(ids, more...)
			}
		}
	}
	return by
}

// products makes one rule of each choice of the participants' rules.
func (b *builder) products(kids []*form, m *meeting) []int32 {
	rules := []draft{{}}
	for _, i := range m.who {
		ids := kids[i].by[m.of(i)]
		next := make([]draft, 0, len(rules)*len(ids))
		for _, r := range rules {
			for _, id := range ids {
				d := b.drafts[id]
				next = append(next, draft{parts: b.join(r.parts, d.parts), resets: b.join(r.resets, d.resets)})
			}
		}
		rules = next
		if len(rules) == 0 {
			return nil
		}
	}
	var out []int32
	for _, d := range rules {
		out = append(out, int32(len(b.drafts)))
		b.drafts = append(b.drafts, d)
	}
	return out
}

// The joint rules of an operator that are a product may have this many
// participants for each rule of the leaves below, and this many in any case.
const (
	mostProduct  = 4
	someProducts = 1 << 10
	mostAgain    = 64 // times as many where what is whole has been settled
)

// temper makes operands whole until the joint rules are few enough: those
// that have several ways to take part, those of fewest components first.
func (b *builder) temper(kids []*form, joint []meeting) {
	limit := float64(someProducts)
	for _, k := range kids {
		limit += mostProduct * float64(k.weight)
	}
	bits := make([]float64, len(joint)) // meeting i makes 2^bits[i] rules
	wide := make([][]int, len(kids))    // the meetings in which each has a choice
	for i := range joint {
		m := &joint[i]
		for _, k := range m.who {
			bits[i] += math.Log2(float64(len(kids[k].by[m.of(k)])))
		}
		if bits[i] <= 0 {
			continue // nobody has a choice, or somebody never joins in
		}
		for _, k := range m.who {
			if len(kids[k].by[m.of(k)]) > 1 {
				wide[k] = append(wide[k], i)
			}
		}
	}
	var order []int
	for k := range kids {
		if len(wide[k]) > 0 && !kids[k].again {
			order = append(order, k)
		}
	}
	size := func(k int) int32 { return kids[k].hi - kids[k].lo }
	slices.SortStableFunc(order, func(j, k int) int { return cmp.Compare(size(j), size(k)) })
	for _, k := range order {
		if sizeOf(joint, bits) <= limit && !b.again {
			return
		}
		if b.again && !b.boxed[Span{kids[k].lo, kids[k].hi}] {
			continue
		}
		for _, i := range wide[k] {
			bits[i] -= math.Log2(float64(len(kids[k].by[joint[i].of(int32(k))])))
		}
		b.boxed[Span{kids[k].lo, kids[k].hi}] = true
		b.box(kids[k])
	}
	if b.again && sizeOf(joint, bits) > mostAgain*limit {
		b.wrong("made again for new events, rules of %s would multiply", kids[0].tree.Name)
	}
}

// sizeOf returns how many participants the joint rules have that are
// products, and not just one rule, bits[i] being the logarithm of their
// number for the i-th meeting.
func sizeOf(joint []meeting, bits []float64) float64 {
	total := 0.0
	for i, b := range bits {
		if b > 0.5 {
			total += math.Exp2(b) * float64(len(joint[i].who))
		}
	}
	return total
}

// box makes f one component with one rule for each event.
func (b *builder) box(f *form) {
	if f.tree.Op != OpWhole && f.tree.Op != OpLeaf {
		b.boxBy(f, nil)
	}
}

// boxBy is box for a part that is under a priority, too.
func (b *builder) boxBy(f *form, priority Priority) {
	if f.again {
		b.wrong("%s is to be one component, and calls what it stands in: %w", f.tree.Name, ErrGrows)
		return
	}
	if len(b.problems) > 0 {
		return
	}
	name := f.tree.Name
	events := f.keys()
	r := b.network(name, f)
	r.net.priority = priority
	inner, err := r.Build()
	if err != nil {
		panic(fmt.Sprintf("model: the part to be made whole is not well formed: %v", err))
	}
	b.components[f.lo] = Component{Name: name, Net: inner}
	b.dead[f.lo] = false
	for i := f.lo + 1; i < f.hi; i++ {
		b.components[i] = Component{}
		b.dead[i] = true
	}
	f.by = make(map[Event][]int32, len(events))
	f.tree = &Operator{Op: OpWhole, Name: name, Component: int(f.lo)}
	f.weight = len(events)
	for _, e := range events {
		b.add(f, e, draft{parts: b.atom(f.lo, int32(e))})
	}
}

// hide:
//
//	P -a-> P', a ∈ A    ⟹  P \ A -τ-> P' \ A
//	P -α-> P', α ∉ A    ⟹  P \ A -α-> P' \ A        (α may be ✓)
//
// and P |\ A hides what is not in A.
func (b *builder) hide(p *Process) *form {
	kids := []*form{b.build(p.kids[0])}
	f := b.side(p, kids)
	f.by = kids[0].by
	set := p.set
	if p.op == OpProject {
		set = others{p.set}
	}
	for _, a := range in(set, kids[0]) {
		ids := f.by[a]
		for _, id := range ids {
			b.drafts[id].hidden = a
		}
		delete(f.by, a)
		if more := f.by[Tau]; len(more) >= len(ids) {
			f.by[Tau] = append(more, ids...)
		} else {
			f.by[Tau] = append(ids, more...)
		}
	}
	return f
}

// others is the complement of a set.
type others struct{ EventSet }

func (o others) Contains(e Event) bool { return !o.EventSet.Contains(e) }

// rename, an event on no left side being tied to itself:
//
//	P -τ-> P'           ⟹  P[[R]] -τ-> P'[[R]]
//	P -a-> P', a R b    ⟹  P[[R]] -b-> P'[[R]]            for every such b
//	P -✓-> P'           ⟹  P[[R]] -✓-> P'[[R]]
func (b *builder) rename(p *Process) *form {
	k := b.build(p.kids[0])
	tied := k.keys()
	if s, ok := p.rel.(EventSet); ok {
		tied = in(s, k)
	}
	type change struct {
		ids    []int32
		images []Event
	}
	find := func() (changes []change, copies int) {
		for _, a := range tied {
			if a <= Tick || len(k.by[a]) == 0 {
				continue
			}
			if images := p.rel.Images(a); len(images) > 0 {
				changes = append(changes, change{k.by[a], images})
				copies += len(k.by[a]) * (len(images) - 1)
			}
		}
		return changes, copies
	}
	changes, copies := find()
	span := Span{k.lo, k.hi}
	if copies > mostProduct*k.weight+someProducts && !k.again && !b.again || b.boxed[span] && b.again {
		b.boxed[span] = true
		b.box(k)
		changes, _ = find()
	}
	f := b.side(p, []*form{k})
	f.by = k.by
	for _, a := range tied {
		if a > Tick && len(p.rel.Images(a)) > 0 {
			delete(f.by, a)
		}
	}
	for _, c := range changes {
		for _, e := range c.images[1:] {
			if b.stopped != nil {
				return f
			}
			for _, id := range c.ids {
				b.add(f, e, b.drafts[id])
			}
		}
	}
	for _, c := range changes {
		e := c.images[0]
		if more := f.by[e]; len(more) >= len(c.ids) {
			f.by[e] = append(more, c.ids...)
		} else {
			f.by[e] = append(c.ids, more...)
		}
	}
	return f
}
