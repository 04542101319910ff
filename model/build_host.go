package model

import (
	"fmt"
	"slices"
)

// A hosting is a process that a host runs, and where.
type hosting struct {
	p     *Process
	f     *form
	runs  []State
	next  map[State]State // for those not Last
	inner bool            // some state that runs it is not Last
}

// host builds a machine H that runs processes P in some states s:
//
//	H -α-> H'                        ⟹  H -α-> H', and what ran in H is left
//	P -α-> P', α ≠ ✓                 ⟹  s running P -α-> s running P'
//	P -✓->, next(s) = t              ⟹  s running P -τ-> t
//	P -✓->, s is P's last            ⟹  s running P -✓->
func (b *builder) host(p *Process) *form {
	m := p.leaf.Machine
	if m.events != b.events {
		return b.wrong("host %s has another table of events than the network", p.name)
	}
	h := &hostBuilder{builder: b, p: p, m: m, parts: make([]*hosting, m.Len()), again: make([]int32, m.Len()), local: map[move]Event{}, events: []Event{-1, -1}}
	h.at = b.component(Component{Name: p.name})
	h.out = NewMachine(p.name, NewEvents())
	for s := range State(m.Len()) {
		h.out.State(m.StateName(s))
	}
	h.ended = h.out.State("✓")
	if int(h.ended) != m.Len() { // states of equal names: numbers will do
		h.out = NewMachine(p.name, NewEvents())
		h.out.States(m.Len())
		h.ended = h.out.States(1)
	}
	h.out.Start(m.initial)
	h.place()
	return h.finish()
}

type hostBuilder struct {
	*builder
	p      *Process
	m      *Machine
	at     int32 // the component
	out    *MachineBuilder
	ended  State
	parts  []*hosting // what each state runs, or nil
	again  []int32    // what each state calls, or 0
	kids   []*hosting
	local  map[move]Event // local events of the host's own
	events []Event        // what they mean, see Operator.local
	done   int            // names given out
}

// A move is an event of the host and what it calls.
type move struct {
	event Event
	again int32
}

// place builds the parts and notes where they run.
func (h *hostBuilder) place() {
	of := map[*Process]*hosting{}
	for _, x := range h.p.hosts {
		if x.Process != nil && x.Process.op == opAgain {
			_, again := h.later(x.Process)
			h.again[x.State] = again
			if !x.Last {
				h.wrong("host %s goes on after a call of %s: %w", h.p.name, x.Process.name, ErrGrows)
			}
			if x.State == h.m.initial {
				h.wrong("host %s calls %s before it has done anything: %w", h.p.name, x.Process.name, ErrGrows)
			}
			continue
		}
		k := of[x.Process]
		if k == nil {
			k = &hosting{p: x.Process, f: h.build(x.Process), next: map[State]State{}}
			of[x.Process] = k
			h.kids = append(h.kids, k)
		}
		h.parts[x.State] = k
		k.runs = append(k.runs, x.State)
		if !x.Last {
			k.next[x.State] = x.Next
			k.inner = true
		}
	}
	for _, k := range h.kids {
		if k.inner {
			h.stays(h.p, k.f)
		}
	}
}

// event returns a new local event.
func (h *hostBuilder) event(name string, world Event) Event {
	if e, known := h.out.events.Lookup(name); known && (e > Tick || h.events[e] >= 0) {
		h.done++
		name = fmt.Sprintf("%s #%d", name, h.done)
	}
	e := h.out.events.Event(name)
	for int(e) >= len(h.events) {
		h.events = append(h.events, -1)
	}
	h.events[e] = world
	return e
}

func (h *hostBuilder) finish() *form {
	f := &form{by: map[Event][]int32{}}
	weight := h.own(f)
	for i, k := range h.kids {
		h.run(f, i+1, k)
		weight += 2
	}
	h.out.dropEnd()
	m, err := h.out.Build()
	if err != nil {
		panic(fmt.Sprintf("model: the machine of host %s is not well formed: %v", h.p.name, err))
	}
	h.components[h.at].Machine = m
	tree := &Operator{Op: OpHost, Name: h.p.name, Mark: h.p.mark, Component: int(h.at), From: h.m, ended: h.ended}
	f.lo, f.hi = h.at, h.at+1
	for _, k := range h.kids {
		f.hi = max(f.hi, k.f.hi)
		f.again = f.again || k.f.again
		weight += k.f.weight
		tree.Kids = append(tree.Kids, k.f.tree)
		tree.runs = append(tree.runs, k.runs)
		var last []State
		for _, s := range k.runs {
			if _, ok := k.next[s]; !ok {
				last = append(last, s)
			}
		}
		tree.last = append(tree.last, last)
	}
	for len(h.events) < h.out.events.Len() {
		h.events = append(h.events, -1)
	}
	tree.local = h.events
	f.tree, f.weight = tree, weight
	return f
}

// own makes the rules of the host's own moves.
func (h *hostBuilder) own(f *form) int {
	type rule struct {
		e    move
		left []*hosting // run in some state where the host does e
	}
	var rules []rule
	index := map[move]int{}
	for s := range State(h.m.Len()) {
		events, targets := h.m.Transitions(s)
		if h.again[s] != 0 {
			continue // calls, and is never here
		}
		for i, e := range events {
			t := targets[i]
			m := move{e, h.again[t]}
			if e == Tick {
				t, m.again = h.ended, 0
			}
			r, ok := index[m]
			if !ok {
				r = len(rules)
				index[m] = r
				rules = append(rules, rule{e: m})
				h.local[m] = h.event(h.builder.events.Name(e), e)
			}
			if k := h.parts[s]; k != nil && !slices.Contains(rules[r].left, k) {
				rules[r].left = append(rules[r].left, k)
			}
			h.out.Add(s, h.local[m], t)
		}
	}
	for _, r := range rules {
		d := draft{parts: h.atom(h.at, int32(h.local[r.e])), again: r.e.again}
		for _, k := range r.left {
			d.resets = h.join(d.resets, h.span(k.f))
		}
		h.add(f, r.e.event, d)
		f.again = f.again || r.e.again != 0
	}
	return len(rules)
}

// run takes the rules of the i-th part.
func (h *hostBuilder) run(f *form, i int, k *hosting) {
	in := h.event(fmt.Sprintf("in %d", i), -1)
	for _, s := range k.runs {
		h.out.Add(s, in, s)
	}
	on := h.atom(h.at, int32(in))
	ticks := slices.Clone(k.f.by[Tick])
	for _, e := range k.f.keys() {
		if e != Tick {
			h.take(f, k.f, e, step{part: on, as: e})
		}
	}
	if len(ticks) == 0 {
		return
	}
	// Where the part's ✓ leads: a local event for each event that the world
	// sees of it and what is called.
	local := map[move]Event{}
	var order []move
	reset := h.span(k.f)
	for _, s := range k.runs {
		t, ok := k.next[s]
		m := move{event: Tau}
		if ok {
			m.again = h.again[t]
		} else {
			t, m.event = h.ended, Tick
		}
		if _, ok := local[m]; !ok {
			local[m] = h.event(fmt.Sprintf("after %d", i), -1)
			order = append(order, m)
		}
		h.out.Add(s, local[m], t)
	}
	for _, m := range order {
		part := h.atom(h.at, int32(local[m]))
		for _, id := range ticks {
			d := h.drafts[id]
			d.parts = h.join(part, d.parts)
			d.resets = h.join(d.resets, reset)
			d.again = m.again
			h.add(f, m.event, d)
		}
		f.again = f.again || m.again != 0
	}
}
