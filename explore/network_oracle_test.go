package explore_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// A term is a process as the firing rules see it (Roscoe, "Understanding
// Concurrent Systems", 2010): the operators that are on, and machines in one
// of their states. It is the definition that networks are held against.
type term struct {
	op    model.Op // opOmega for what is left after ✓, opAgain for a call
	kids  []*term
	m     *model.Machine
	s     model.State
	set   model.Alphabet
	sets  []model.Alphabet
	pairs [][2]model.Event
	hosts []hosted // of a host; kids is what runs now, or empty
	rec   *term    // of a call: what is called
	name  string

	about string // of m, rec, set, sets and pairs: see names.of
	does  []fire // what fires returned, if it has been asked
	asked bool
}

type hosted struct {
	state, next model.State
	last        bool
	t           *term
}

const (
	opOmega model.Op = 100 + iota
	opAgain
)

type fire struct {
	e model.Event
	t *term
}

var omega = &term{op: opOmega}

// A names tells terms apart: equal terms have equal numbers.
type names struct {
	number map[string]int
	known  map[*term]int
}

func (ns *names) of(t *term) int {
	if n, ok := ns.known[t]; ok {
		return n
	}
	if t.about == "" {
		t.about = fmt.Sprintf("%d@%p@%p%v%v%v", t.op, t.m, t.rec, t.set, t.sets, t.pairs)
	}
	key := []byte(t.about)
	for _, k := range t.kids {
		key = fmt.Append(key, " ", ns.of(k))
	}
	key = fmt.Append(key, "@", t.s)
	n, ok := ns.number[string(key)]
	if !ok {
		n = len(ns.number)
		ns.number[string(key)] = n
	}
	ns.known[t] = n
	return n
}

func (t *term) with(i int, k *term) *term {
	kids := slices.Clone(t.kids)
	kids[i] = k
	return t.over(kids)
}

func (t *term) over(kids []*term) *term {
	u := *t
	u.kids, u.does, u.asked = kids, nil, false
	return &u
}

// at returns a leaf or host in another state.
func (t *term) at(s model.State) *term {
	u := *t.over(nil)
	u.s = s
	for _, h := range t.hosts {
		if h.state == s {
			u.kids = []*term{h.t}
			if h.t.op == opAgain {
				return h.t
			}
		}
	}
	return &u
}

// fires returns the transitions of t.
func (t *term) fires() []fire {
	if !t.asked {
		t.asked, t.does = true, t.fire()
	}
	return t.does
}

func (t *term) fire() []fire {
	var out []fire
	add := func(e model.Event, to *term) {
		if e == model.Tick {
			to = omega
		}
		out = append(out, fire{e, to})
	}
	tick := func(f fire) bool { return f.e == model.Tick }
	// joint adds all ways in which all of who do e.
	var joint func(e model.Event, who []int, kids []*term)
	joint = func(e model.Event, who []int, kids []*term) {
		if len(who) == 0 {
			add(e, t.over(kids))
			return
		}
		for _, f := range t.kids[who[0]].fires() {
			if f.e == e {
				next := slices.Clone(kids)
				next[who[0]] = f.t
				joint(e, who[1:], next)
			}
		}
	}
	visible := func(f fire) bool { return f.e > model.Tick }
	switch t.op {
	case opOmega:
	case opAgain:
		return t.rec.fires()
	case model.OpRecursive, model.OpWhole:
		return t.kids[0].fires()
	case model.OpPrioritise:
		fires := t.kids[0].fires()
		for _, f := range fires {
			if !slices.ContainsFunc(fires, func(g fire) bool { return t.above(g.e, f.e) }) {
				add(f.e, t.with(0, f.t))
			}
		}
	case model.OpLeaf, model.OpHost:
		events, targets := t.m.Transitions(t.s)
		for i, e := range events {
			add(e, t.at(targets[i]))
		}
		for _, h := range t.hosts {
			if h.state != t.s {
				continue
			}
			for _, f := range t.kids[0].fires() {
				switch {
				case !tick(f):
					add(f.e, t.with(0, f.t))
				case h.last:
					add(model.Tick, omega)
				default:
					add(model.Tau, t.at(h.next))
				}
			}
		}
	case model.OpInterleave, model.OpPar, model.OpAlphaPar:
		events := map[model.Event]bool{model.Tick: true}
		for i, k := range t.kids {
			for _, f := range k.fires() {
				switch who := t.needed(f.e); {
				case f.e == model.Tau, f.e != model.Tick && t.op != model.OpAlphaPar && len(who) == 0:
					add(f.e, t.with(i, f.t))
				default:
					events[f.e] = true
				}
			}
		}
		for _, e := range slices.Sorted(maps.Keys(events)) {
			if who := t.needed(e); len(who) > 0 {
				joint(e, who, t.kids)
			}
		}
	case model.OpLink:
		ties := func(side int, e model.Event) bool {
			return slices.ContainsFunc(t.pairs, func(p [2]model.Event) bool { return p[side] == e })
		}
		for i, k := range t.kids {
			for _, f := range k.fires() {
				if f.e == model.Tau || visible(f) && !ties(i, f.e) {
					add(f.e, t.with(i, f.t))
				}
			}
		}
		for _, f := range t.kids[0].fires() {
			for _, g := range t.kids[1].fires() {
				if slices.Contains(t.pairs, [2]model.Event{f.e, g.e}) {
					add(model.Tau, t.over([]*term{f.t, g.t}))
				}
			}
		}
		joint(model.Tick, []int{0, 1}, t.kids)
	case model.OpHide, model.OpProject:
		for _, f := range t.kids[0].fires() {
			if visible(f) && t.set.Contains(f.e) == (t.op == model.OpHide) {
				f.e = model.Tau
			}
			add(f.e, t.with(0, f.t))
		}
	case model.OpRename:
		for _, f := range t.kids[0].fires() {
			tied := false
			for _, p := range t.pairs {
				if p[0] == f.e {
					tied = true
					add(p[1], t.with(0, f.t))
				}
			}
			if !tied {
				add(f.e, t.with(0, f.t))
			}
		}
	case model.OpSeq:
		for _, f := range t.kids[0].fires() {
			if tick(f) && len(t.kids) > 1 {
				rest := t.kids[1]
				if len(t.kids) > 2 {
					rest = t.over(t.kids[1:])
				}
				add(model.Tau, rest)
			} else {
				add(f.e, t.with(0, f.t))
			}
		}
	case model.OpExtChoice, model.OpSyncChoice:
		for i, k := range t.kids {
			for _, f := range k.fires() {
				switch {
				case f.e == model.Tau:
					add(f.e, t.with(i, f.t))
				case t.op == model.OpSyncChoice && visible(f) && t.set.Contains(f.e):
				default:
					add(f.e, f.t)
				}
			}
		}
		if t.op == model.OpSyncChoice {
			t.eachInSet(func(e model.Event) { joint(e, everyone(t.kids), t.kids) })
		}
	case model.OpIntChoice:
		for _, k := range t.kids {
			add(model.Tau, k)
		}
	case model.OpSlide:
		for _, f := range t.kids[0].fires() {
			if f.e == model.Tau {
				add(f.e, t.with(0, f.t))
			} else {
				add(f.e, f.t)
			}
		}
		add(model.Tau, t.kids[1])
	case model.OpInterrupt, model.OpSyncInterrupt:
		sync := func(f fire) bool { return t.op == model.OpSyncInterrupt && visible(f) && t.set.Contains(f.e) }
		for _, f := range t.kids[0].fires() {
			if !sync(f) {
				add(f.e, t.with(0, f.t))
			}
		}
		for _, f := range t.kids[1].fires() {
			switch {
			case f.e == model.Tau:
				add(f.e, t.with(1, f.t))
			case !sync(f):
				add(f.e, f.t)
			}
		}
		if t.op == model.OpSyncInterrupt {
			t.eachInSet(func(e model.Event) { joint(e, []int{0, 1}, t.kids) })
		}
	case model.OpThrow:
		for _, f := range t.kids[0].fires() {
			if visible(f) && t.set.Contains(f.e) {
				add(f.e, t.kids[1])
			} else {
				add(f.e, t.with(0, f.t))
			}
		}
	default:
		panic(t.op)
	}
	return out
}

func everyone(kids []*term) []int {
	var out []int
	for i := range kids {
		out = append(out, i)
	}
	return out
}

func (t *term) eachInSet(do func(model.Event)) {
	for e := range t.set.All() {
		do(e)
	}
}

// needed returns who must take part in e, of a parallel operator.
func (t *term) needed(e model.Event) []int {
	var who []int
	for i := range t.kids {
		if e == model.Tick || e != model.Tau && (t.op == model.OpPar && t.set.Contains(e) || t.op == model.OpAlphaPar && t.sets[i].Contains(e)) {
			who = append(who, i)
		}
	}
	return who
}

// process returns t as the builder takes it.
func (t *term) process() *model.Process { return t.processWith(model.Leaf) }

// above reports whether d is on a higher level than e under the priority t:
// τ and ✓ are with the first set, and what is in no set is not ordered.
func (t *term) above(d, e model.Event) bool {
	level := func(e model.Event) int {
		for i, s := range t.sets {
			if e <= model.Tick || s.Contains(e) {
				return i
			}
		}
		return -1
	}
	return level(d) >= 0 && level(d) < level(e)
}

// processWith is process with leaves made by leaf.
func (t *term) processWith(leaf func(*model.Machine) *model.Process) *model.Process {
	return t.processIn(leaf, map[*term]*model.Process{})
}

func (t *term) processIn(leaf func(*model.Machine) *model.Process, calls map[*term]*model.Process) *model.Process {
	if t.op == opAgain {
		return calls[t.rec]
	}
	if t.op == model.OpRecursive {
		return model.Recursive("X", func(x *model.Process) *model.Process {
			calls[t] = x
			return t.kids[0].processIn(leaf, calls)
		})
	}
	var kids []*model.Process
	if t.op != model.OpHost {
		for _, k := range t.kids {
			kids = append(kids, k.processIn(leaf, calls))
		}
	}
	switch t.op {
	case model.OpLeaf:
		return leaf(t.m)
	case model.OpHost:
		shared := map[*term]*model.Process{}
		var runs []model.Hosted
		for _, h := range t.hosts {
			if shared[h.t] == nil {
				shared[h.t] = h.t.processIn(leaf, calls)
			}
			runs = append(runs, model.Hosted{State: h.state, Process: shared[h.t], Next: h.next, Last: h.last})
		}
		return model.Host(t.m, runs...)
	case model.OpWhole:
		return model.Whole(kids[0])
	case model.OpPrioritise:
		levels := make(model.Levels, len(t.sets))
		for i, s := range t.sets {
			levels[i] = s
		}
		return model.Prioritise(kids[0], levels)
	case model.OpInterleave:
		return model.Interleave(kids...)
	case model.OpPar:
		return model.Par(t.set, kids...)
	case model.OpAlphaPar:
		var parties []model.Party
		for i, k := range kids {
			parties = append(parties, model.Party{Process: k, Alphabet: t.sets[i]})
		}
		return model.AlphaPar(parties...)
	case model.OpLink:
		return model.Link(kids[0], kids[1], model.NewPairs(t.pairs...))
	case model.OpHide:
		return model.Hide(kids[0], t.set)
	case model.OpProject:
		return model.Project(kids[0], t.set)
	case model.OpRename:
		return model.Rename(kids[0], model.NewPairs(t.pairs...))
	case model.OpSeq:
		return model.Seq(kids...)
	case model.OpExtChoice:
		return model.ExtChoice(kids...)
	case model.OpIntChoice:
		return model.IntChoice(kids...)
	case model.OpSlide:
		return model.Slide(kids[0], kids[1])
	case model.OpInterrupt:
		return model.Interrupt(kids[0], kids[1])
	case model.OpThrow:
		return model.Throw(kids[0], t.set, kids[1])
	case model.OpSyncChoice:
		return model.SyncChoice(t.set, kids...)
	case model.OpSyncInterrupt:
		return model.SyncInterrupt(kids[0], t.set, kids[1])
	}
	panic(t.op)
}

// text prints a term for a failing test.
func (t *term) text() string {
	switch t.op {
	case opAgain:
		return "X" + t.rec.name
	case model.OpLeaf:
		return strings.ReplaceAll(t.m.String(), "\n", ";")
	}
	head := t.op.String() + t.name
	if t.set.Len() > 0 || t.op == model.OpProject {
		head += fmt.Sprint(slices.Collect(t.set.All()))
	}
	for _, a := range t.sets {
		head += fmt.Sprint(slices.Collect(a.All()))
	}
	if t.pairs != nil {
		head += fmt.Sprint(t.pairs)
	}
	var kids []string
	if t.op == model.OpHost {
		head += " " + strings.ReplaceAll(t.m.String(), "\n", ";")
		for _, h := range t.hosts {
			kids = append(kids, fmt.Sprintf("%d (next %d, last %v): %s", h.state, h.next, h.last, h.t.text()))
		}
	} else {
		for _, k := range t.kids {
			kids = append(kids, k.text())
		}
	}
	return head + "{\n" + strings.Join(kids, ",\n") + "}"
}

// A drawing draws terms over the visible events of a table.
type drawing struct {
	t      *rapid.T
	events *model.Events
	count  int
	ops    int
	calls  int
}

var opsDrawn = []model.Op{
	model.OpInterleave, model.OpPar, model.OpAlphaPar, model.OpLink, model.OpHide, model.OpProject, model.OpRename,
	model.OpSeq, model.OpExtChoice, model.OpIntChoice, model.OpSlide, model.OpInterrupt, model.OpThrow,
	model.OpSyncChoice, model.OpSyncInterrupt, model.OpHost, model.OpHost, model.OpRecursive, model.OpRecursive, model.OpWhole, model.OpPrioritise, model.OpLeaf,
}

// top draws a term; one of four may call itself.
func (d *drawing) top(depth int) *term {
	if pick(d.t, []int{0, 1, 2, 3}) > 0 {
		return d.term(depth, nil)
	}
	t := &term{op: model.OpRecursive, name: "0"}
	t.kids = []*term{d.term(depth, t)}
	return t
}

// term draws a term. Calls of x may stand in it if it is not nil, but only
// where they are entered later.
func (d *drawing) term(depth int, x *term) *term {
	op := model.OpLeaf
	if depth > 0 {
		d.ops++
		op = pick(d.t, opsDrawn)
	}
	t := &term{op: op}
	kids := func(n int, calls ...int) {
		for i := range n {
			var in *term
			if slices.Contains(calls, i) {
				in = x
			}
			t.kids = append(t.kids, d.term(depth-1, in))
		}
	}
	// later puts a call where operand i is, sometimes.
	later := func(i int) {
		if x != nil && pick(d.t, []bool{true, false, true}) {
			d.calls++
			t.kids[i] = &term{op: opAgain, rec: x}
		}
	}
	n := 2
	switch op {
	case model.OpLeaf:
		t.m = d.machine()
		t.s = t.m.Initial()
	case model.OpInterleave, model.OpPar, model.OpAlphaPar, model.OpSyncChoice, model.OpExtChoice, model.OpIntChoice, model.OpSeq:
		n = pick(d.t, []int{2, 2, 3, 1})
		switch op {
		case model.OpSeq:
			kids(n, n-1)
			if n > 1 {
				later(n - 1)
			}
		case model.OpIntChoice:
			kids(n, 0, 1, 2)
			later(0)
		case model.OpExtChoice, model.OpSyncChoice:
			kids(n, 0, 1, 2)
		default:
			kids(n)
		}
		for range n {
			t.sets = append(t.sets, d.alphabet())
		}
		if op != model.OpAlphaPar {
			t.sets = nil
		}
	case model.OpLink:
		kids(2)
	case model.OpHide, model.OpProject, model.OpRename, model.OpWhole:
		kids(1)
	case model.OpPrioritise:
		kids(1)
		for range pick(d.t, []int{1, 2, 2, 3}) {
			t.sets = append(t.sets, d.alphabet())
		}
	case model.OpSlide, model.OpThrow:
		kids(2, 1)
		later(1)
	case model.OpInterrupt, model.OpSyncInterrupt:
		kids(2, 1)
	case model.OpRecursive:
		d.count++
		t.name = fmt.Sprint(d.count)
		t.kids = []*term{d.term(depth-1, t)}
	case model.OpHost:
		d.host(t, depth, x)
	}
	switch op {
	case model.OpPar, model.OpHide, model.OpProject, model.OpThrow, model.OpSyncChoice, model.OpSyncInterrupt:
		t.set = d.alphabet()
	case model.OpRename, model.OpLink:
		t.pairs = rapid.SliceOfNDistinct(rapid.Custom(func(u *rapid.T) [2]model.Event {
			return [2]model.Event{d.visible().Draw(u, "from"), d.visible().Draw(u, "to")}
		}), 1, 3, rapid.ID).Draw(d.t, "pairs")
	}
	return t
}

// pick draws one of few, all as likely: rapid's own choices lean to the first,
// and terms would be tiny.
func pick[T any](t *rapid.T, from []T) T {
	i := 0
	for range 7 {
		i *= 2
		if rapid.Bool().Draw(t, "bit") {
			i++
		}
	}
	return from[i%len(from)]
}

func (d *drawing) host(t *term, depth int, x *term) {
	t.m = d.machine()
	t.s = t.m.Initial()
	state := rapid.IntRange(0, t.m.Len()-1)
	last := map[model.State]bool{}
	for s := range model.State(t.m.Len()) {
		events, targets := t.m.Transitions(s)
		for i, e := range events {
			if e == model.Tick {
				last[targets[i]] = true
			}
		}
	}
	var before *term
	for s := range model.State(t.m.Len()) {
		if last[s] || pick(d.t, []int{0, 1, 1}) == 0 {
			continue
		}
		h := hosted{state: s, next: model.State(state.Draw(d.t, "next")), last: rapid.Bool().Draw(d.t, "last")}
		switch {
		case before != nil && rapid.Bool().Draw(d.t, "same"):
			h.t = before
		case x != nil && s != t.m.Initial() && rapid.Bool().Draw(d.t, "call"):
			d.calls++
			h.t, h.last = &term{op: opAgain, rec: x}, true
		case h.last:
			h.t = d.term(depth-1, x)
		default:
			h.t = d.term(depth-1, nil)
		}
		if h.t.op != opAgain {
			before = h.t
		}
		t.hosts = append(t.hosts, h)
		if s == t.s {
			t.kids = []*term{h.t}
		}
	}
}

func (d *drawing) visible() *rapid.Generator[model.Event] {
	return rapid.Map(rapid.IntRange(2, d.events.Len()-1), func(i int) model.Event { return model.Event(i) })
}

func (d *drawing) alphabet() model.Alphabet {
	return model.NewAlphabet(pick(d.t, [][]model.Event{{2}, {3}, {2, 3}, {3, 4}, {2, 3, 4}, {}})...)
}

// machine draws a machine of 1 to 3 states, in which ✓ is not rare.
func (d *drawing) machine() *model.Machine {
	n := pick(d.t, []int{1, 2, 2, 3, 3})
	b := model.NewMachine("M", d.events)
	b.States(n + 2)
	for range pick(d.t, []int{1, n, 2 * n, 2 * n, 2*n + 1}) {
		s, e, to := pick(d.t, []int{0, 1, 2})%n, pick(d.t, []int{0, 1, 2, 2, 3, 3, 4}), pick(d.t, []int{0, 1, 2, 3})%(n+1)
		if model.Event(e) == model.Tick {
			to = n + to%2
		} else if to == n {
			to = 0
		}
		b.Add(model.State(s), model.Event(e), model.State(to))
	}
	b.Start(0)
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}
