package deadlock_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A part is a process term whose operators and leaves keep their numbers, by
// the firing rules (Roscoe, "Understanding Concurrent Systems", 2010). What
// is left of an operator whose choice is made stays around the operand as a
// keep, so that one can ask what has become of either. It is the definition
// that questions about components are held against, and shares no code with
// networks.
type part struct {
	op    model.Op
	id    int
	kids  []*part // of a host: what it runs now, or none
	m     *model.Machine
	s     model.State
	set   model.Alphabet
	sets  []model.Alphabet
	pairs [][2]model.Event
	hosts []hosting
	start *part // of a recursion: as it starts; of a call: what it calls
}

type hosting struct {
	state, next model.State
	last        bool
	runs        *part
}

const (
	opOmega model.Op = 100 + iota
	opKeep
	opCall
)

// A doing is a transition with who takes part, by number.
type doing struct {
	e      model.Event
	hidden []model.Event // what it was where it was hidden
	who    []int
	to     *part
}

func (p *part) over(kids ...*part) *part {
	q := *p
	q.kids = kids
	return &q
}

func (p *part) with(i int, kid *part) *part {
	kids := slices.Clone(p.kids)
	kids[i] = kid
	return p.over(kids...)
}

// left is what remains of p when only one operand is left.
func (p *part) left(kid *part) *part { return &part{op: opKeep, id: p.id, kids: []*part{kid}} }

// calls reports whether p is just a call of the recursion r.
func (p *part) calls(r int) bool {
	for p.op == opKeep || p.op == model.OpRecursive {
		p = p.kids[0]
	}
	return p.op == opCall && p.start.id == r
}

func (p *part) key() string {
	var b strings.Builder
	fmt.Fprint(&b, p.op, ".", p.id, ".", p.s, "(")
	for _, k := range p.kids {
		b.WriteString(k.key())
	}
	return b.String() + ")"
}

func (p *part) in(e model.Event) bool { return e > model.Tick && p.set.Contains(e) }

// does returns the transitions of p.
func (p *part) does() []doing {
	var out []doing
	add := func(d doing, to *part) {
		if d.e == model.Tick {
			to = &part{op: opOmega}
		}
		d.to = to
		out = append(out, d)
	}
	// alone lets operand i do what may says, and puts what it becomes there.
	alone := func(i int, may func(doing) bool, to func(*part) *part) {
		for _, d := range p.kids[i].does() {
			if may(d) {
				add(d, to(d.to))
			}
		}
	}
	stay := func(i int) func(*part) *part { return func(k *part) *part { return p.with(i, k) } }
	any := func(doing) bool { return true }
	tau := func(d doing) bool { return d.e == model.Tau }
	not := func(f func(doing) bool) func(doing) bool { return func(d doing) bool { return !f(d) } }
	var joint func(e model.Event, who []int, d doing, kids []*part)
	joint = func(e model.Event, who []int, d doing, kids []*part) {
		if len(who) == 0 {
			add(d, p.over(kids...))
			return
		}
		for _, x := range p.kids[who[0]].does() {
			if x.e == e {
				next := slices.Clone(kids)
				next[who[0]] = x.to
				joint(e, who[1:], doing{e: e, who: slices.Concat(d.who, x.who)}, next)
			}
		}
	}
	everyone := make([]int, len(p.kids))
	for i := range everyone {
		everyone[i] = i
	}
	switch p.op {
	case opOmega:
	case opKeep, model.OpWhole:
		alone(0, any, stay(0))
	case model.OpRecursive:
		alone(0, any, func(k *part) *part {
			if k.calls(p.id) {
				return p.start
			}
			return p.with(0, k)
		})
	case model.OpLeaf, model.OpHost:
		events, targets := p.m.Transitions(p.s)
		for i, e := range events {
			add(doing{e: e, who: []int{p.id}}, p.at(targets[i]))
		}
		for _, h := range p.hosts {
			if h.state != p.s {
				continue
			}
			for _, d := range p.kids[0].does() {
				switch {
				case d.e == model.Tick && !h.last:
					d.e = model.Tau
					add(d, p.at(h.next))
				default:
					add(d, p.with(0, d.to))
				}
			}
		}
	case model.OpInterleave, model.OpPar, model.OpAlphaPar:
		needed := func(e model.Event) (who []int) {
			for i := range p.kids {
				if e == model.Tick || p.op == model.OpPar && p.in(e) || p.op == model.OpAlphaPar && e > model.Tick && p.sets[i].Contains(e) {
					who = append(who, i)
				}
			}
			return who
		}
		for i := range p.kids {
			alone(i, func(d doing) bool {
				return d.e == model.Tau || d.e != model.Tick && p.op != model.OpAlphaPar && len(needed(d.e)) == 0
			}, stay(i))
		}
		for e := model.Tick; e < 8; e++ {
			if who := needed(e); len(who) > 0 {
				joint(e, who, doing{}, p.kids)
			}
		}
	case model.OpLink:
		tied := func(side int) func(doing) bool {
			return func(d doing) bool {
				return d.e == model.Tick || d.e != model.Tau && slices.ContainsFunc(p.pairs, func(x [2]model.Event) bool { return x[side] == d.e })
			}
		}
		alone(0, not(tied(0)), stay(0))
		alone(1, not(tied(1)), stay(1))
		for _, x := range p.kids[0].does() {
			for _, y := range p.kids[1].does() {
				if slices.Contains(p.pairs, [2]model.Event{x.e, y.e}) {
					add(doing{e: model.Tau, hidden: []model.Event{x.e, y.e}, who: slices.Concat(x.who, y.who)}, p.over(x.to, y.to))
				}
			}
		}
		joint(model.Tick, everyone, doing{}, p.kids)
	case model.OpHide:
		for _, d := range p.kids[0].does() {
			if p.in(d.e) {
				d.e, d.hidden = model.Tau, []model.Event{d.e}
			}
			add(d, p.with(0, d.to))
		}
	case model.OpRename:
		for _, d := range p.kids[0].does() {
			found := false
			for _, x := range p.pairs {
				if x[0] == d.e {
					found = true
					to := d.to
					d := d
					d.e = x[1]
					add(d, p.with(0, to))
				}
			}
			if !found {
				add(d, p.with(0, d.to))
			}
		}
	case model.OpPrioritise:
		level := func(e model.Event) int {
			for i, s := range p.sets {
				if e <= model.Tick || s.Contains(e) {
					return i
				}
			}
			return -1
		}
		all := p.kids[0].does()
		alone(0, func(d doing) bool {
			return !slices.ContainsFunc(all, func(x doing) bool { return level(x.e) >= 0 && level(x.e) < level(d.e) })
		}, stay(0))
	case model.OpSeq:
		for _, d := range p.kids[0].does() {
			if d.e != model.Tick {
				add(d, p.with(0, d.to))
				continue
			}
			d.e = model.Tau
			add(d, p.left(p.kids[1]))
		}
	case model.OpExtChoice:
		for i := range p.kids {
			alone(i, tau, stay(i))
			alone(i, not(tau), p.left)
		}
	case model.OpIntChoice:
		for _, k := range p.kids {
			add(doing{who: []int{p.id}}, p.left(k))
		}
	case model.OpSlide:
		alone(0, tau, stay(0))
		alone(0, not(tau), p.left)
		add(doing{who: []int{p.id}}, p.left(p.kids[1]))
	case model.OpInterrupt:
		alone(0, any, stay(0))
		alone(1, tau, stay(1))
		alone(1, not(tau), p.left)
	case model.OpThrow:
		throws := func(d doing) bool { return p.in(d.e) }
		alone(0, not(throws), stay(0))
		alone(0, throws, func(*part) *part { return p.left(p.kids[1]) })
	default:
		panic(p.op)
	}
	return out
}

// at returns a leaf or host in another state.
func (p *part) at(s model.State) *part {
	q := p.over()
	q.s = s
	for _, h := range p.hosts {
		if h.state == s {
			q.kids = []*part{h.runs}
		}
	}
	return q
}

// on returns what the part of a number is now, or nil if it is not on.
func (p *part) on(id int) *part {
	if p.op == opOmega || p.id == id {
		if p.op == opOmega {
			return nil
		}
		return p
	}
	for i, k := range p.kids {
		switch {
		case p.op == model.OpIntChoice, i == 1 && (p.op == model.OpSeq || p.op == model.OpSlide || p.op == model.OpThrow):
			continue // has not started
		}
		if x := k.on(id); x != nil {
			return x
		}
	}
	return nil
}

func (p *part) able() bool {
	return slices.ContainsFunc(p.does(), func(d doing) bool { return d.e == model.Tick })
}

// A shape is a term as it was drawn, by numbers.
type shape struct {
	op   map[int]model.Op
	up   map[int]int
	leaf []int
}

func (x *shape) note(p *part, up int) {
	if p.op == opCall {
		return
	}
	x.op[p.id], x.up[p.id] = p.op, up
	if p.op == model.OpLeaf || p.op == model.OpHost {
		x.leaf = append(x.leaf, p.id)
	}
	if p.op == model.OpHost {
		for _, h := range p.hosts {
			x.note(h.runs, p.id)
		}
		return
	}
	for _, k := range p.kids {
		x.note(k, p.id)
	}
}

func (x *shape) within(id, above int) bool {
	for ; id >= 0; id = x.up[id] {
		if id == above {
			return true
		}
	}
	return false
}

func (x *shape) beside(a, b int) bool {
	for ; !x.within(b, a); a = x.up[a] {
	}
	return x.op[a].Parallel()
}

// process returns p as the builder takes it, its numbers as names and marks.
func (p *part) process(calls map[int]*model.Process) *model.Process {
	if p.op == opCall {
		return calls[p.start.id]
	}
	var out *model.Process
	kids := func() (out []*model.Process) {
		for _, k := range p.kids {
			out = append(out, k.process(calls))
		}
		return out
	}
	switch p.op {
	case model.OpLeaf:
		out = model.Leaf(p.m)
	case model.OpHost:
		var runs []model.Hosted
		for _, h := range p.hosts {
			runs = append(runs, model.Hosted{State: h.state, Process: h.runs.process(calls), Next: h.next, Last: h.last})
		}
		out = model.Host(p.m, runs...)
	case model.OpWhole:
		out = model.Whole(kids()[0])
	case model.OpRecursive:
		out = model.Recursive("X", func(x *model.Process) *model.Process {
			calls[p.id] = x
			return p.kids[0].process(calls)
		})
	case model.OpPrioritise:
		levels := make(model.Levels, len(p.sets))
		for i, s := range p.sets {
			levels[i] = s
		}
		out = model.Prioritise(kids()[0], levels)
	case model.OpInterleave:
		out = model.Interleave(kids()...)
	case model.OpPar:
		out = model.Par(p.set, kids()...)
	case model.OpAlphaPar:
		var parties []model.Party
		for i, k := range kids() {
			parties = append(parties, model.Party{Process: k, Alphabet: p.sets[i]})
		}
		out = model.AlphaPar(parties...)
	case model.OpLink:
		k := kids()
		out = model.Link(k[0], k[1], model.NewPairs(p.pairs...))
	case model.OpHide:
		out = model.Hide(kids()[0], p.set)
	case model.OpRename:
		out = model.Rename(kids()[0], model.NewPairs(p.pairs...))
	case model.OpSeq:
		out = model.Seq(kids()...)
	case model.OpExtChoice:
		out = model.ExtChoice(kids()...)
	case model.OpIntChoice:
		out = model.IntChoice(kids()...)
	case model.OpSlide:
		k := kids()
		out = model.Slide(k[0], k[1])
	case model.OpInterrupt:
		k := kids()
		out = model.Interrupt(k[0], k[1])
	case model.OpThrow:
		k := kids()
		out = model.Throw(k[0], p.set, k[1])
	default:
		panic(p.op)
	}
	return out.Named(fmt.Sprint("p", p.id)).Marked(p.id)
}

// A sketch draws terms over the visible events a, b, c.
type sketch struct {
	t      *rapid.T
	events *model.Events
	next   int
}

var sketched = []model.Op{
	model.OpInterleave, model.OpInterleave, model.OpPar, model.OpPar, model.OpAlphaPar, model.OpLink, model.OpHide, model.OpRename, model.OpSeq,
	model.OpExtChoice, model.OpIntChoice, model.OpSlide, model.OpInterrupt, model.OpThrow, model.OpHost, model.OpWhole, model.OpPrioritise, model.OpRecursive,
}

func (d *sketch) pick(n int) int { return rapid.IntRange(0, n-1).Draw(d.t, "pick") }

func (d *sketch) alphabet() model.Alphabet {
	a := model.NewAlphabet()
	for e := range model.Event(3) {
		if d.pick(2) == 1 {
			a = a.Union(model.NewAlphabet(e + 2))
		}
	}
	return a
}

func (d *sketch) pairs() (out [][2]model.Event) {
	for range d.pick(3) {
		out = append(out, [2]model.Event{model.Event(2 + d.pick(3)), model.Event(2 + d.pick(3))})
	}
	return out
}

// machine draws one whose ✓ all lead to the same last state.
func (d *sketch) machine() *model.Machine {
	n := 1 + d.pick(3)
	b := model.NewMachine("M", d.events)
	b.States(n + 1)
	b.Start(0)
	for range 1 + d.pick(2*n) {
		from, e := model.State(d.pick(n)), model.Event(d.pick(5))
		if e == model.Tau && d.pick(2) == 1 {
			e = 2
		}
		to := model.State(d.pick(n))
		if e == model.Tick {
			to = model.State(n)
		}
		b.Add(from, e, to)
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

// term draws a term, in which calls of rec may stand, where rec is not nil.
func (d *sketch) term(depth int, rec *part) *part {
	p := &part{op: model.OpLeaf, id: d.next}
	d.next++
	if depth > 0 {
		p.op = sketched[d.pick(len(sketched))]
	}
	later := func() *part {
		if rec != nil && d.pick(2) == 1 {
			return &part{op: opCall, id: -1, start: rec}
		}
		return d.term(depth-1, rec)
	}
	two := func() { p.kids = []*part{d.term(depth-1, nil), d.term(depth-1, nil)} }
	switch p.op {
	case model.OpLeaf:
		p.m = d.machine()
	case model.OpHost:
		p.m = d.machine()
		n := p.m.Len() - 1 // the last state is the one after ✓
		for s := range model.State(n) {
			if d.pick(2) == 1 {
				p.hosts = append(p.hosts, hosting{s, model.State(d.pick(n)), d.pick(2) == 1, d.term(depth-1, nil)})
			}
		}
		p = p.at(p.m.Initial())
	case model.OpRecursive:
		p.kids = []*part{nil}
		p.kids[0] = d.term(depth-1, p)
		p.start = p
	case model.OpWhole, model.OpHide, model.OpRename, model.OpPrioritise:
		p.kids = []*part{d.term(depth-1, nil)}
	case model.OpSeq, model.OpSlide, model.OpThrow:
		p.kids = []*part{d.term(depth-1, nil), later()}
	case model.OpIntChoice:
		p.kids = []*part{later(), d.term(depth-1, rec)}
	case model.OpInterleave, model.OpPar, model.OpAlphaPar:
		two()
		if d.pick(3) == 0 {
			p.kids = append(p.kids, d.term(depth-1, nil))
		}
	default:
		two()
	}
	p.set = d.alphabet()
	p.pairs = d.pairs()
	for range max(1, len(p.kids)) {
		p.sets = append(p.sets, d.alphabet())
	}
	if p.op == model.OpRecursive {
		p.start = p
	}
	return p
}
