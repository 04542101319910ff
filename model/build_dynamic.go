package model

import (
	"fmt"
	"slices"
)

// A dynamic operator is a machine, its control, that takes part in its
// operands' rules: it is on an operand, or has left it. Where it leaves one it
// resets it. A ✓ of the whole puts the control into "ended" and resets all
// operands, so that all ways to end lead to the same state.

// A control is the machine of an operator in the making.
type control struct {
	b  *builder
	p  *Process
	at int32 // its component
	m  *MachineBuilder
	n  int // events so far
}

// control starts the machine of p; its first state is the initial one.
func (b *builder) control(p *Process, states ...string) *control {
	c := &control{b: b, p: p, m: NewMachine(p.op.String(), NewEvents())}
	c.at = b.component(Component{Name: p.op.String()})
	for _, s := range states {
		c.m.State(s)
	}
	c.m.Start(0)
	return c
}

// act returns, as a participant, a new event of the control that makes the
// moves.
func (c *control) act(name string, moves ...[2]State) ref {
	e := c.m.events.Event(name)
	for _, t := range moves {
		c.m.Add(t[0], e, t[1])
	}
	c.n++
	return c.b.atom(c.at, int32(e))
}

// tick is act for the ✓ of a kid, nothing if it never does one.
func (c *control) tick(kid *form, name string, moves ...[2]State) ref {
	if len(kid.by[Tick]) == 0 {
		return 0
	}
	return c.act("✓ of "+name, moves...)
}

// dropEnd drops the last state if nothing leads there: without a ✓ there is
// no end.
func (m *MachineBuilder) dropEnd() {
	end := State(m.states - 1)
	for t := range m.edges.all {
		if t.to == end {
			return
		}
	}
	m.states--
	m.names = m.names[:min(len(m.names), m.states)]
}

// form returns the form of the operator over its kids, with the rules that
// take has left in them.
func (c *control) form(kids []*form) *form {
	if c.p.op != OpSeq {
		c.m.dropEnd()
	}
	m, err := c.m.Build()
	if err != nil {
		panic(fmt.Sprintf("model: the machine of operator %s is not well formed: %v", c.p.op, err))
	}
	c.b.components[c.at].Machine = m
	f := over(c.p, kids)
	f.lo = c.at
	f.hi = max(f.hi, c.at+1)
	f.weight += c.n
	f.tree.Component = int(c.at)
	f.by = map[Event][]int32{}
	return f
}

// A step says what becomes of a rule of an operand.
type step struct {
	part   ref // the control's share
	resets ref
	as     Event
	again  int32 // what it calls, or 0
}

// take moves the rules of kid for e into f.
func (b *builder) take(f, kid *form, e Event, s step) {
	ids := kid.by[e]
	for _, id := range ids {
		d := &b.drafts[id]
		d.parts = b.join(s.part, d.parts)
		d.resets = b.join(d.resets, s.resets)
		if s.again != 0 {
			d.again = s.again
			f.again = true
		}
	}
	delete(kid.by, e)
	if more := f.by[s.as]; len(more) >= len(ids) {
		f.by[s.as] = append(more, ids...)
	} else {
		f.by[s.as] = append(ids, more...)
	}
}

// take3 moves all rules of kid into f: those of τ, of ✓, and the others.
func (b *builder) take3(f, kid *form, tau, tick, visible step) {
	for _, e := range kid.keys() {
		switch e {
		case Tau:
			b.take(f, kid, e, tau)
		case Tick:
			b.take(f, kid, e, tick)
		default:
			visible.as = e
			b.take(f, kid, e, visible)
		}
	}
}

// stays notes a mistake if a rule of kid calls what is further out although
// the operator stays.
func (b *builder) stays(p *Process, kid *form) {
	if !kid.again {
		return
	}
	for _, ids := range kid.by {
		for _, id := range ids {
			if b.drafts[id].again != 0 {
				b.grows(p)
				return
			}
		}
	}
}

func (b *builder) grows(p *Process) {
	b.wrong("an operand of %s calls what the %s stands in, which stays around it: %w", p.op, p.op, ErrGrows)
}

// stillCalls is stays for an operator that goes when its choice is made. opens
// says which events of the i-th operand leave it open: if a rule may call
// after no others than such, that is a mistake.
func (b *builder) stillCalls(p *Process, kids []*form, opens func(i int, e Event) bool) {
	var ids []int32
	calls := false
	for i, kid := range kids {
		for e, more := range kid.by {
			if opens(i, e) {
				ids = append(ids, more...)
				calls = calls || kid.again
			}
		}
	}
	if calls && b.mayCall(ids) {
		b.grows(p)
	}
}

// mayCall reports whether a rule that calls can happen after others of the
// rules have, from the initial states. It looks at each component by itself,
// and takes it that those of a rule can come where they do their parts at the
// same time: so it may be wrong when it says yes.
func (b *builder) mayCall(ids []int32) bool {
	able := map[[2]int32]bool{} // parts that can be done; true if by a rule that can happen
	reached := map[int32][]bool{}
	var visit func(c int32, s State)
	visit = func(c int32, s State) {
		if reached[c][s] {
			return
		}
		reached[c][s] = true
		events, targets := b.components[c].Machine.Transitions(s)
		for i, e := range events {
			part := [2]int32{c, int32(e)}
			if able[part] {
				visit(c, targets[i])
			} else {
				able[part] = false
			}
		}
	}
	for changed := true; changed; {
		changed = false
		rest := ids[:0]
		for _, id := range ids {
			can := true
			b.atoms(b.drafts[id].parts, func(c, e int32) {
				m := b.components[c].Machine
				if m == nil {
					return // on demand: whatever it may do
				}
				if reached[c] == nil {
					reached[c] = make([]bool, m.Len())
					visit(c, m.Initial())
				}
				_, known := able[[2]int32{c, e}]
				can = can && known
			})
			if !can {
				rest = append(rest, id)
				continue
			}
			if b.drafts[id].again != 0 {
				return true
			}
			changed = true
			b.atoms(b.drafts[id].parts, func(c, e int32) {
				part := [2]int32{c, e}
				m := b.components[c].Machine
				if m == nil || able[part] {
					return
				}
				able[part] = true
				for s, yes := range reached[c] {
					if !yes {
						continue
					}
					events, targets := m.Transitions(State(s))
					for i := range events {
						if int32(events[i]) == e {
							visit(c, targets[i])
						}
					}
				}
			})
		}
		ids = rest
	}
	return false
}

// takeCalls takes the rules by which a kid calls by a τ. Their part needs the
// choice to be made: see stillCalls.
func (b *builder) takeCalls(f, kid *form, part func() ref) {
	if !kid.again {
		return
	}
	var calling, others []int32
	for _, id := range kid.by[Tau] {
		if b.drafts[id].again != 0 {
			calling = append(calling, id)
		} else {
			others = append(others, id)
		}
	}
	if len(calling) == 0 {
		return
	}
	b.take(f, &form{by: map[Event][]int32{Tau: calling}}, Tau, step{part: part(), as: Tau})
	delete(kid.by, Tau)
	if len(others) > 0 {
		kid.by[Tau] = others
	}
}

// later builds an operand that is not on at first: a call has no form of its
// own, only an again for the rules that lead to it.
func (b *builder) later(p *Process) (f *form, again int32) {
	if p != nil && p.op == opAgain {
		for i := len(b.calls) - 1; i >= 0; i-- {
			if b.calls[i].again == p {
				n := int32(len(b.components))
				return &form{lo: n, hi: n, by: map[Event][]int32{}, tree: &Operator{Op: OpLeaf, Name: p.name, Component: -1}}, b.calls[i].id
			}
		}
		return b.wrong("a call of %s stands outside of it", p.name), 0
	}
	return b.build(p), 0
}

// recursive: a rule that calls X resets all of X, its own moves too.
func (b *builder) recursive(p *Process) *form {
	id := int32(len(b.drafts)) + 1 // not used before
	b.drafts = append(b.drafts, draft{})
	b.calls = append(b.calls, call{p.kids[1], id})
	f := b.build(p.kids[0])
	b.calls = b.calls[:len(b.calls)-1]
	if f.again {
		f.again = false
		all := b.span(f)
		for _, ids := range f.by {
			for _, i := range ids {
				switch d := &b.drafts[i]; d.again {
				case 0:
				case id:
					d.again = 0
					d.resets = all
				default:
					f.again = true
				}
			}
		}
	}
	out := *f
	if f.tree.Op != OpRecursive || p.mark != nil {
		out.tree = &Operator{Op: OpRecursive, Name: p.name, Mark: p.mark, Component: -1, Kids: []*Operator{f.tree}}
	}
	return &out
}

// seq:
//
//	P -α-> P', α ≠ ✓    ⟹  P ; Q -α-> P' ; Q
//	P -✓->              ⟹  P ; Q -τ-> Q
func (b *builder) seq(p *Process) *form {
	operands := flatten(p, nil)
	last := len(operands) - 1
	c := b.control(p, numbered(len(operands), "")...)
	kids := make([]*form, len(operands))
	agains := make([]int32, len(operands))
	for i, o := range operands {
		if i == 0 {
			kids[i] = b.build(o)
		} else {
			kids[i], agains[i] = b.later(o)
		}
		if i < last {
			b.stays(p, kids[i])
			if agains[i] != 0 {
				b.wrong("a call of %s is not the last operand of ;: %w", o.name, ErrGrows)
			}
		}
	}
	f := c.form2(kids, func(f *form) {
		for i, kid := range kids {
			s := State(i)
			on := step{part: c.act(fmt.Sprint("in ", i+1), [2]State{s, s})}
			tick := on
			tick.as = Tick
			if i < last {
				tick = step{part: c.act(fmt.Sprint("after ", i+1), [2]State{s, s + 1}), resets: b.span(kid), as: Tau, again: agains[i+1]}
			}
			b.take3(f, kid, on, tick, on)
		}
	})
	return f
}

// form2 fills in the rules of an operator, then finishes its machine.
func (c *control) form2(kids []*form, rules func(*form)) *form {
	f := &form{by: map[Event][]int32{}}
	rules(f)
	out := c.form(kids)
	out.by = f.by
	out.again = f.again || out.again
	return out
}

// numbered returns names of states: 1 to n, and last if it is not "".
func numbered(n int, last string, first ...string) []string {
	out := slices.Clone(first)
	for i := range n {
		out = append(out, fmt.Sprint(i+1))
	}
	if last != "" {
		out = append(out, last)
	}
	return out
}

// extChoice:
//
//	P -τ-> P'                      ⟹  P [] Q -τ-> P' [] Q
//	P -α-> P', α ≠ τ               ⟹  P [] Q -α-> P'              and likewise for Q
//
// and [+A+], where A is not empty:
//
//	P -τ-> P'                      ⟹  P [+A+] Q -τ-> P' [+A+] Q
//	P -a-> P', Q -a-> Q', a ∈ A    ⟹  P [+A+] Q -a-> P' [+A+] Q'
//	P -α-> P', α ∉ A ∪ {τ}         ⟹  P [+A+] Q -α-> P'
//
// The machine is open, on operand 1, 2, ..., or ended.
func (b *builder) extChoice(p *Process) *form {
	operands := p.kids
	if p.op == OpExtChoice {
		operands = flatten(p, nil)
	}
	c := b.control(p, numbered(len(operands), "ended", "open")...)
	var kids []*form
	for _, o := range operands {
		kids = append(kids, b.build(o))
	}
	var joint []Event
	if p.op == OpSyncChoice {
		joint = in(p.set, kids...)
	}
	b.stillCalls(p, kids, opens(kids, joint))
	lo, hi := kids[0].lo, kids[len(kids)-1].hi
	ended := State(len(kids) + 1)
	return c.form2(kids, func(f *form) {
		if p.op == OpSyncChoice {
			b.together(f, c, kids, joint)
		}
		for i, kid := range kids {
			s := State(i + 1)
			keep := step{part: c.act(fmt.Sprint("τ of ", i+1), [2]State{0, 0}, [2]State{s, s})}
			tick := step{part: c.tick(kid, fmt.Sprint(i+1), [2]State{0, ended}, [2]State{s, ended}), resets: b.spanOf(lo, hi), as: Tick}
			resolve := step{
				part:   c.act(fmt.Sprint("to ", i+1), [2]State{0, s}, [2]State{s, s}),
				resets: b.join(b.spanOf(lo, kid.lo), b.spanOf(kid.hi, hi)),
			}
			if len(joint) > 0 {
				alone := c.act(fmt.Sprint("only ", i+1), [2]State{s, s})
				for _, e := range joint {
					if len(kid.by[e]) > 0 {
						b.take(f, kid, e, step{part: alone, as: e})
					}
				}
			}
			b.takeCalls(f, kid, func() ref { return c.act(fmt.Sprint("call of ", i+1), [2]State{s, s}) })
			b.take3(f, kid, keep, tick, resolve)
		}
	})
}

// opens returns a function for open: τ leaves a choice as it is, and so does
// what all operands do together.
func opens(kids []*form, joint []Event) func(int, Event) bool {
	return func(_ int, e Event) bool {
		if e == Tau {
			return true
		}
		_, together := slices.BinarySearch(joint, e)
		return together && !slices.ContainsFunc(kids, func(k *form) bool { return len(k.by[e]) == 0 })
	}
}

// together makes the rules by which the operands of an open [+A+] or /+A+\
// move together.
func (b *builder) together(f *form, c *control, kids []*form, events []Event) {
	everyone := all(kids)
	var joint []meeting
	for _, e := range events {
		joint = append(joint, meeting{e, e, everyone})
	}
	b.temper(kids, joint)
	if len(joint) == 0 {
		return
	}
	part := c.act("together", [2]State{0, 0})
	for i, e := range events {
		made := b.products(kids, &joint[i])
		for _, id := range made {
			d := &b.drafts[id]
			d.parts = b.join(part, d.parts)
		}
		if len(made) > 0 {
			f.by[e] = append(f.by[e], made...)
		}
	}
}

// intChoice:
//
//	P1 |~| ... |~| Pn -τ-> Pi
func (b *builder) intChoice(p *Process) *form {
	c := b.control(p, numbered(len(p.kids), "ended", "open")...)
	kids := make([]*form, len(p.kids))
	agains := make([]int32, len(p.kids))
	for i, o := range p.kids {
		kids[i], agains[i] = b.later(o)
	}
	ended := State(len(kids) + 1)
	return c.form2(kids, func(f *form) {
		for i, kid := range kids {
			s := State(i + 1)
			b.add(f, Tau, draft{parts: c.act(fmt.Sprint("choose ", i+1), [2]State{0, s}), again: agains[i]})
			f.again = f.again || agains[i] != 0
			on := step{part: c.act(fmt.Sprint("in ", i+1), [2]State{s, s})}
			tick := step{part: c.tick(kid, fmt.Sprint(i+1), [2]State{s, ended}), resets: b.span(kid), as: Tick}
			b.take3(f, kid, on, tick, on)
		}
	})
}
