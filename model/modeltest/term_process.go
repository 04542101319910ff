package modeltest

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// Process returns t as the builder of networks takes it.
func (t *Term) Process() *model.Process { return t.ProcessOf(model.Leaf) }

// Network returns the network of a drawn term.
func (t *Term) Network() (*model.Network, error) { return model.NewNetwork("X", t.Events, t.Process()) }

// All yields t and its parts, with what its hosts run.
func (t *Term) All() iter.Seq[*Term] {
	return func(yield func(*Term) bool) { t.all(yield) }
}

func (t *Term) all(yield func(*Term) bool) bool {
	if !yield(t) {
		return false
	}
	parts := t.Kids
	if t.Op == model.OpHost {
		parts = nil
		for _, h := range t.hosts {
			parts = append(parts, h.t)
		}
	}
	for _, k := range parts {
		if !k.all(yield) {
			return false
		}
	}
	return true
}

// ProcessOf is Process with leaves made by leaf.
func (t *Term) ProcessOf(leaf func(*model.Machine) *model.Process) *model.Process {
	return t.processIn(leaf, map[*Term]*model.Process{})
}

func (t *Term) processIn(leaf func(*model.Machine) *model.Process, calls map[*Term]*model.Process) *model.Process {
	if t.Op == Call {
		return calls[t.rec]
	}
	if t.Op == model.OpRecursive {
		return model.Recursive("X", func(x *model.Process) *model.Process {
			calls[t] = x
			return t.Kids[0].processIn(leaf, calls)
		})
	}
	var kids []*model.Process
	if t.Op != model.OpHost {
		for _, k := range t.Kids {
			kids = append(kids, k.processIn(leaf, calls))
		}
	}
	switch t.Op {
	case model.OpLeaf:
		return leaf(t.Machine)
	case model.OpHost:
		shared := map[*Term]*model.Process{}
		var runs []model.Hosted
		for _, h := range t.hosts {
			if shared[h.t] == nil {
				shared[h.t] = h.t.processIn(leaf, calls)
			}
			runs = append(runs, model.Hosted{State: h.state, Process: shared[h.t], Next: h.next, Last: h.last})
		}
		return model.Host(t.Machine, runs...)
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
	panic(t.Op)
}

// GoString is String, for reports of property tests.
func (t *Term) GoString() string { return t.String() }

// String prints a term for a failing test.
func (t *Term) String() string {
	switch t.Op {
	case Call:
		return "X" + t.rec.name
	case model.OpLeaf:
		return strings.ReplaceAll(t.Machine.String(), "\n", ";")
	}
	head := t.Op.String() + t.name
	if t.set.Len() > 0 || t.Op == model.OpProject {
		head += fmt.Sprint(slices.Collect(t.set.All()))
	}
	for _, a := range t.sets {
		head += fmt.Sprint(slices.Collect(a.All()))
	}
	if t.pairs != nil {
		head += fmt.Sprint(t.pairs)
	}
	var kids []string
	if t.Op == model.OpHost {
		head += " " + strings.ReplaceAll(t.Machine.String(), "\n", ";")
		for _, h := range t.hosts {
			kids = append(kids, fmt.Sprintf("%d (next %d, last %v): %s", h.state, h.next, h.last, h.t.String()))
		}
	} else {
		for _, k := range t.Kids {
			kids = append(kids, k.String())
		}
	}
	return head + "{\n" + strings.Join(kids, ",\n") + "}"
}

// A Graph is a transition system spelt out; state 0 is the initial one.
type Graph [][]Edge

// An Edge is a transition.
type Edge struct {
	Event model.Event
	To    int
}

// Graph returns the transitions of the terms that t can become, or false if
// there are more than most of them.
func (t *Term) Graph(most int) (Graph, bool) {
	names := names{map[string]int{}, map[*Term]int{}}
	place := map[int]int{names.of(t): 0}
	terms := []*Term{t}
	var g Graph
	for i := 0; i < len(terms); i++ {
		var out []Edge
		for _, f := range terms[i].Fires() {
			n := names.of(f.Term)
			if _, ok := place[n]; !ok {
				place[n] = len(terms)
				terms = append(terms, f.Term)
			}
			out = append(out, Edge{f.Event, place[n]})
		}
		g = append(g, out)
		if len(terms) > most {
			return nil, false
		}
	}
	return g, true
}

// A names tells terms apart: equal terms have equal numbers.
type names struct {
	number map[string]int
	known  map[*Term]int
}

func (ns *names) of(t *Term) int {
	if n, ok := ns.known[t]; ok {
		return n
	}
	if t.about == "" {
		t.about = fmt.Sprintf("%d@%p@%p%v%v%v", t.Op, t.Machine, t.rec, t.set, t.sets, t.pairs)
	}
	key := []byte(t.about)
	for _, k := range t.Kids {
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
