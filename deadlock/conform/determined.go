package conform

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// determined is a model made deterministic as the search comes to its states,
// as lts.Normal does for specifications, with what is not observed hidden: a
// state is a set of the model's, all that it may be in. A log says the same
// again and again, and then nothing new is made.
//
// It is an explore.System of one word, the number of a node; all its events
// may be logged.
type determined struct {
	sys    explore.System
	roles  *roles
	check  func(held int) error
	nodes  []*node
	number map[string]int32 // of a node, by its entry states
	held   int              // states in all nodes
	steps  explore.Steps
}

// A node is a set of states: those that an event led to, its entries, sorted,
// and then those that these lead to by what is free.
type node struct {
	level
	entries int
	closed  bool   // the rest of the level is there, and so are the edges
	edges   []edge // by event
}

// An edge says where an event leads.
type edge struct {
	event model.Event
	to    int32
	from  []int32 // of each entry there: the state here that it came from
}

// errTooLarge says that a model is not to be made deterministic.
var errTooLarge = errors.New("too many sets of states")

// mostHeld is how many states, in all sets, a determined model may have; the
// search then goes through the states themselves.
const mostHeld = 1 << 22

func newDetermined(sys explore.System, r *roles, check func(held int) error) *determined {
	return &determined{sys: sys, roles: r, check: check, number: map[string]int32{}}
}

func (d *determined) Events() *model.Events { return d.sys.Events() }
func (d *determined) Width() int            { return 1 }

func (d *determined) Initial(s []uint64) error {
	first := make([]uint64, d.sys.Width())
	if err := d.sys.Initial(first); err != nil {
		return err
	}
	s[0] = uint64(d.node(first))
	return nil
}

// node returns the number of the node with the entries, which are sorted.
func (d *determined) node(words []uint64) int32 {
	key := make([]byte, 0, 8*len(words))
	for _, w := range words {
		key = binary.LittleEndian.AppendUint64(key, w)
	}
	if n, ok := d.number[string(key)]; ok {
		return n
	}
	x := &node{level: level{states: newStates(d.sys.Width(), nil)}}
	for i := 0; i < len(words); i += d.sys.Width() {
		x.put(words[i:i+d.sys.Width()], came{-1, model.Tau, -1})
	}
	x.entries = x.len()
	d.held += x.entries
	n := int32(len(d.nodes))
	d.nodes = append(d.nodes, x)
	d.number[string(key)] = n
	return n
}

func (d *determined) Successors(s []uint64, out *explore.Steps) error {
	x := d.nodes[s[0]]
	if err := d.close(x); err != nil {
		return err
	}
	for _, e := range x.edges {
		out.Add(e.event, uint64(e.to))
	}
	return nil
}

// close finds all states of a node, and where its events lead.
func (d *determined) close(x *node) error {
	if x.closed {
		return nil
	}
	w := d.sys.Width()
	after := map[model.Event]*level{}
	for i := 0; i < x.len(); i++ {
		if err := d.check(d.held + x.len()); err != nil {
			return err
		}
		d.steps.Reset()
		if err := d.sys.Successors(x.at(i), &d.steps); err != nil {
			return err
		}
		for k, e := range d.steps.Events {
			to := d.steps.States[k*w : (k+1)*w]
			role := d.roles.role(e)
			if role.free {
				x.put(to, came{int32(i), e, -1})
			}
			if role.logged {
				l := after[e]
				if l == nil {
					l = &level{states: newStates(w, nil)}
					after[e] = l
				}
				l.put(to, came{int32(i), e, -1})
			}
		}
	}
	d.held += x.len() - x.entries
	for _, e := range slices.Sorted(maps.Keys(after)) {
		x.edges = append(x.edges, d.edge(e, after[e]))
	}
	x.slots, x.closed = nil, true
	return nil
}

// edge makes one to the states of a level.
func (d *determined) edge(e model.Event, l *level) edge {
	sorted := make([]int, l.len())
	for i := range sorted {
		sorted[i] = i
	}
	slices.SortFunc(sorted, func(i, j int) int { return slices.Compare(l.at(i), l.at(j)) })
	words := make([]uint64, 0, len(l.words))
	out := edge{event: e}
	for _, i := range sorted {
		words = append(words, l.at(i)...)
		out.from = append(out.from, l.came[i].from)
	}
	out.to = d.node(words)
	return out
}

// retell returns the model's steps on a path of nodes.
func (d *determined) retell(path []step) []step {
	var out []step
	state := int32(0) // of the node that the path has come to, going back
	for i := len(path) - 1; i >= -1; i-- {
		n := uint64(0)
		if i >= 0 {
			n = path[i].State[0]
		}
		x := d.nodes[n]
		for x.came[state].from >= 0 {
			c := x.came[state]
			out = append(out, step{explore.PathStep{Event: c.event, State: x.at(int(state))}, -1})
			state = c.from
		}
		if i < 0 {
			break
		}
		out = append(out, step{explore.PathStep{Event: path[i].Event, State: x.at(int(state))}, path[i].entry})
		before := d.nodes[0]
		if i > 0 {
			before = d.nodes[path[i-1].State[0]]
		}
		e, _ := slices.BinarySearchFunc(before.edges, path[i].Event, func(e edge, event model.Event) int { return cmp.Compare(e.event, event) })
		state = before.edges[e].from[state]
	}
	slices.Reverse(out)
	return out
}

// offers returns the events of a node.
func (d *determined) offers(n uint64) ([]model.Event, error) {
	if err := d.close(d.nodes[n]); err != nil {
		return nil, err
	}
	var out []model.Event
	for _, e := range d.nodes[n].edges {
		out = append(out, e.event)
	}
	return out, nil
}
