package modeltest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// Terms draws terms over τ, ✓ and the visible events a, b and c: every operator
// of package model, at most depth of them inside of each other, and machines of
// one to three states. One of four may call itself. Some have infinitely many
// states, or no finite network.
func Terms(depth int) *rapid.Generator[*Term] {
	return rapid.Custom(func(t *rapid.T) *Term {
		depths := make([]int, depth)
		for i := range depths {
			depths[i] = i + 1
		}
		d := &drawing{t: t, events: alphabet(3)}
		x := d.top(pick(t, depths))
		x.Events = d.events
		return x
	})
}

// Networks draws networks of what Terms draws, if it has a finite one.
func Networks(depth int) *rapid.Generator[*model.Network] {
	return rapid.Custom(func(t *rapid.T) *model.Network {
		x := Terms(depth).Draw(t, "term")
		n, err := x.Network()
		if errors.Is(err, model.ErrGrows) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		return n
	})
}

// A drawing draws terms over the visible events of a table.
type drawing struct {
	t      *rapid.T
	events *model.Events
	count  int
}

var opsDrawn = []model.Op{
	model.OpLeaf, // what terms shrink to
	model.OpInterleave, model.OpPar, model.OpAlphaPar, model.OpLink, model.OpHide, model.OpProject, model.OpRename,
	model.OpSeq, model.OpExtChoice, model.OpIntChoice, model.OpSlide, model.OpInterrupt, model.OpThrow,
	model.OpSyncChoice, model.OpSyncInterrupt, model.OpHost, model.OpHost, model.OpRecursive, model.OpRecursive, model.OpWhole, model.OpPrioritise,
}

// top draws a term; one of four may call itself.
func (d *drawing) top(depth int) *Term {
	if pick(d.t, []bool{true, true, true, false}) {
		return d.term(depth, nil)
	}
	t := &Term{Op: model.OpRecursive, name: "0"}
	t.Kids = []*Term{d.term(depth, t)}
	return t
}

// term draws a term. Calls of x may stand in it if it is not nil, but only
// where they are entered later.
func (d *drawing) term(depth int, x *Term) *Term {
	op := model.OpLeaf
	if depth > 0 {
		op = pick(d.t, opsDrawn)
	}
	t := &Term{Op: op}
	kids := func(n int, calls ...int) {
		for i := range n {
			var in *Term
			if slices.Contains(calls, i) {
				in = x
			}
			t.Kids = append(t.Kids, d.term(depth-1, in))
		}
	}
	// later puts a call where operand i is, sometimes.
	later := func(i int) {
		if x != nil && pick(d.t, []bool{true, false, true}) {
			t.Kids[i] = &Term{Op: Call, rec: x}
		}
	}
	n := 2
	switch op {
	case model.OpLeaf:
		t.Machine = d.machine()
		t.s = t.Machine.Initial()
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
		t.Kids = []*Term{d.term(depth-1, t)}
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

func (d *drawing) host(t *Term, depth int, x *Term) {
	t.Machine = d.machine()
	t.s = t.Machine.Initial()
	state := rapid.IntRange(0, t.Machine.Len()-1)
	last := map[model.State]bool{}
	for s := range model.State(t.Machine.Len()) {
		events, targets := t.Machine.Transitions(s)
		for i, e := range events {
			if e == model.Tick {
				last[targets[i]] = true
			}
		}
	}
	var before *Term
	for s := range model.State(t.Machine.Len()) {
		if last[s] || pick(d.t, []int{0, 1, 1}) == 0 {
			continue
		}
		h := hosted{state: s, next: model.State(state.Draw(d.t, "next")), last: rapid.Bool().Draw(d.t, "last")}
		switch {
		case before != nil && rapid.Bool().Draw(d.t, "same"):
			h.t = before
		case x != nil && s != t.Machine.Initial() && rapid.Bool().Draw(d.t, "call"):
			h.t, h.last = &Term{Op: Call, rec: x}, true
		case h.last:
			h.t = d.term(depth-1, x)
		default:
			h.t = d.term(depth-1, nil)
		}
		if h.t.Op != Call {
			before = h.t
		}
		t.hosts = append(t.hosts, h)
		if s == t.s {
			t.Kids = []*Term{h.t}
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
