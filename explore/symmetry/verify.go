package symmetry

import (
	"cmp"
	"maps"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A verifier checks a mapping against the network and the specification: it
// is all that a symmetry rests on. It knows how the vertices of the graph are
// numbered, and nothing of its edges.
//
// Maps from a finite set to itself that are injective are onto, so that it is
// enough to find the image of each transition, rule and node.
type verifier struct {
	*graph
	byLocal  [][]int32 // the different rules by local event, as a vertex after the first,
	byWorld  map[model.Event][]int32
	byReset  [][]int32 // ... by reset set,
	resets   [][]int32 // and the reset sets by component
	resetSet map[string]int32
	doers    []map[model.Event][]model.State // by component: see sources
	seen     []int32                         // of a rule: the round in which it was checked
	of       []int32                         // of a vertex: the round in which it was an image
	round    int32
	work     int64
}

func newVerifier(g *graph) *verifier {
	n := len(g.Fields)
	v := &verifier{
		graph: g, byLocal: make([][]int32, len(g.local)), byWorld: map[model.Event][]int32{},
		byReset: make([][]int32, g.Net.NumResetSets()), resets: make([][]int32, n), resetSet: map[string]int32{},
		doers: make([]map[model.Event][]model.State, n), seen: make([]int32, g.Net.NumRules()), of: make([]int32, len(g.colour)),
	}
	for _, r := range g.rules {
		for _, p := range g.Net.Parts(int(r)) {
			x, _ := g.locals[p.Component].vertex(p.Event)
			v.byLocal[x-g.lbase] = append(v.byLocal[x-g.lbase], r)
		}
		e, set := g.Net.Event(int(r)), g.Net.ResetSet(int(r))
		v.byWorld[e] = append(v.byWorld[e], r)
		v.byReset[set] = append(v.byReset[set], r)
	}
	for i := range g.Net.NumResetSets() {
		set := membersOf(g.Net.SpansOf(i))
		v.resetSet[textOf(set)] = int32(i)
		for _, c := range set {
			v.resets[c] = append(v.resets[c], int32(i))
		}
	}
	return v
}

func membersOf(spans []model.Span) []int32 {
	var out []int32
	for _, s := range spans {
		for c := s.Lo; c < s.Hi; c++ {
			out = append(out, c)
		}
	}
	return out
}

func textOf(set []int32) string {
	b := make([]byte, 0, 4*len(set))
	for _, c := range set {
		b = append(b, byte(c), byte(c>>8), byte(c>>16), byte(c>>24))
	}
	return string(b)
}

// verify reports whether a mapping is a symmetry. It costs what the mapping
// moves, with the rules that are about it.
func (v *verifier) verify(m *matching) bool {
	v.round++
	if !v.bijective(m) {
		return false
	}
	t := v.touched(m)
	for _, c := range t.comps {
		if !v.machine(m, c, t.stirred[c], t.locals[c]) {
			return false
		}
		for _, e := range t.locals[c] {
			if x, _ := v.locals[c].vertex(e); !v.rulesMap(m, v.byLocal[x-v.lbase]) {
				return false
			}
		}
		if m.image[c] != c {
			l := &v.locals[c]
			for i := range l.events {
				if !v.rulesMap(m, v.byLocal[l.first-v.lbase+int32(i)]) {
					return false
				}
			}
			for _, set := range v.resets[c] {
				if !v.rulesMap(m, v.byReset[set]) {
					return false
				}
			}
		}
	}
	for _, e := range t.world {
		if !v.rulesMap(m, v.byWorld[e]) {
			return false
		}
	}
	return !t.nodes && len(t.world) == 0 || v.spec(m)
}

// bijective reports whether what is moved is permuted, and each vertex goes
// to one of its colour. (Diverging nodes, initial states, τ and ✓ are of a
// colour.)
func (v *verifier) bijective(m *matching) bool {
	for _, u := range m.moved {
		w := m.image[u]
		if w == undecided || v.of[w] == v.round || v.colour[u] != v.colour[w] || m.image[w] == w {
			return false
		}
		v.of[w] = v.round
	}
	return true
}

// touched is what a mapping moves.
type touched struct {
	comps   []int32                 // of which anything is moved, rising
	stirred map[int32]bool          // of these: more than local events are
	locals  map[int32][]model.Event // the local events, by component
	world   []model.Event
	nodes   bool // nodes of the specification are
}

func (v *verifier) touched(m *matching) touched {
	t := touched{stirred: map[int32]bool{}, locals: map[int32][]model.Event{}}
	for _, u := range m.moved {
		switch k := v.colour[u]; {
		case u >= v.base[0] && u < v.base[v.comps]:
			t.stirred[int32(v.componentOf(u))] = true
		case k == isComponent:
			t.stirred[u] = true
		case k == isLocal || k == isLocalOnce:
			c := v.owner[u-v.lbase]
			t.locals[c] = append(t.locals[c], v.local[u-v.lbase])
		case k == isWorld:
			t.world = append(t.world, v.world[u-v.wbase])
		}
	}
	spec := int32(len(v.Fields))
	t.nodes = t.stirred[spec]
	delete(t.stirred, spec)
	t.comps = slices.AppendSeq(slices.Collect(maps.Keys(t.stirred)), maps.Keys(t.locals))
	sortInts(t.comps)
	t.comps = slices.Compact(t.comps)
	return t
}

// machine reports whether a component's machine is mapped to that of its
// image: its initial state, and all transitions that rules are about. If
// nothing but some local events is moved, only the transitions by these can be
// mapped to others.
func (v *verifier) machine(m *matching, c int32, stirred bool, locals []model.Event) bool {
	d := m.image[c]
	from, to := v.Fields[c].Machine, v.Fields[d].Machine
	if !stirred {
		for _, e := range locals {
			for _, s := range v.sources(c, e) {
				if !v.transitions(m, c, s, e, true) {
					return false
				}
			}
		}
		return true
	}
	if from.Len() != to.Len() || v.ruled[c] != v.ruled[d] || len(v.locals[c].events) != len(v.locals[d].events) {
		return false
	}
	if s, ok := v.stateImage(m, c, from.Initial()); !ok || s != to.Initial() {
		return false
	}
	for s := range model.State(from.Len()) {
		if !v.transitions(m, c, s, 0, false) {
			return false
		}
	}
	return true
}

// transitions reports whether the image of each transition of a local state
// that rules are about, or only of those by one event, is one.
func (v *verifier) transitions(m *matching, c int32, s model.State, only model.Event, one bool) bool {
	events, targets := v.Fields[c].Machine.Transitions(s)
	if one {
		i, _ := slices.BinarySearch(events, only)
		j, _ := slices.BinarySearch(events, only+1)
		events, targets = events[i:j], targets[i:j]
	}
	v.work += int64(len(events))
	s2, ok := v.stateImage(m, c, s)
	if !ok {
		return false
	}
	for i, e := range events {
		e2, ruled, ok := v.localImage(m, c, e)
		if !ruled {
			continue
		}
		t2, fits := v.stateImage(m, c, targets[i])
		if !ok || !fits || !does(v.Fields[m.image[c]].Machine, s2, e2, t2) {
			return false
		}
	}
	return true
}

// sources returns the local states of a component that can do a local event.
func (v *verifier) sources(c int32, e model.Event) []model.State {
	if v.doers[c] == nil {
		v.doers[c] = map[model.Event][]model.State{}
		m := v.Fields[c].Machine
		for s := range model.State(m.Len()) {
			events, _ := m.Transitions(s)
			v.work += int64(len(events))
			for i, e := range events {
				if i == 0 || events[i-1] != e {
					v.doers[c][e] = append(v.doers[c][e], s)
				}
			}
		}
	}
	return v.doers[c][e]
}

// stateImage returns the local state of a component's image that one is mapped
// to, if it is one of that.
func (v *verifier) stateImage(m *matching, c int32, s model.State) (model.State, bool) {
	d := m.image[c]
	t := m.image[v.state(int(c), s)] - v.base[d]
	return model.State(t), t >= 0 && t < v.base[d+1]-v.base[d]
}

// localImage returns what a local event is mapped to. It is not ruled if no
// rule has it, and not ok if the image is not one of the component's image.
func (v *verifier) localImage(m *matching, c int32, e model.Event) (image model.Event, ruled, ok bool) {
	x, ruled := v.locals[c].vertex(e)
	if !ruled {
		return 0, false, false
	}
	y := m.image[x]
	if y < v.lbase || y >= v.wbase {
		return 0, true, false
	}
	image = v.local[y-v.lbase]
	return image, true, v.owner[y-v.lbase] == m.image[c]
}

// does reports whether a machine has a transition.
func does(m *model.Machine, s model.State, e model.Event, t model.State) bool {
	events, targets := m.Transitions(s)
	i, j := 0, len(events)
	for i < j {
		h := int(uint(i+j) >> 1)
		if cmp.Or(cmp.Compare(events[h], e), cmp.Compare(targets[h], t)) < 0 {
			i = h + 1
		} else {
			j = h
		}
	}
	return i < len(events) && events[i] == e && targets[i] == t
}

// rulesMap reports whether the image of each rule is a rule.
func (v *verifier) rulesMap(m *matching, rules []int32) bool {
	var parts []model.Part
	for _, r := range rules {
		if v.seen[r] == v.round {
			continue
		}
		v.seen[r] = v.round
		parts = parts[:0]
		for _, p := range v.Net.Parts(int(r)) {
			e, _, ok := v.localImage(m, p.Component, p.Event)
			if !ok {
				return false
			}
			parts = append(parts, model.Part{Component: m.image[p.Component], Event: e})
		}
		v.work += int64(len(parts))
		slices.SortFunc(parts, func(p, q model.Part) int { return cmp.Compare(p.Component, q.Component) })
		set, ok := v.resetImage(m, v.Net.ResetSet(int(r)))
		if !ok || !v.byRule.has(v.worldImage(m, v.Net.Event(int(r))), set, parts) {
			return false
		}
	}
	return true
}

// worldImage returns what an event of the world is mapped to. One that has no
// vertex is nobody's.
func (v *verifier) worldImage(m *matching, e model.Event) model.Event {
	return v.world[m.image[v.events[e]]-v.wbase]
}

// resetImage returns the reset set that one is mapped to.
func (v *verifier) resetImage(m *matching, set int) (int, bool) {
	members := membersOf(v.Net.SpansOf(set))
	moved := false
	for i, c := range members {
		moved = moved || m.image[c] != c
		members[i] = m.image[c]
	}
	v.work += int64(len(members))
	if !moved {
		return set, true
	}
	sortInts(members)
	image, ok := v.resetSet[textOf(members)]
	return int(image), ok
}

// spec reports whether the specification is mapped onto itself: the initial
// node, what diverges, where events lead, and acceptances.
func (v *verifier) spec(m *matching) bool {
	if v.Spec == nil {
		return true
	}
	base := v.base[len(v.Fields)]
	node := func(x int32) int32 { return m.image[base+x] - base }
	if node(0) != 0 {
		return false
	}
	for x := range v.Spec.Nodes {
		from, y := &v.Spec.Nodes[x], node(int32(x))
		if y < 0 || int(y) >= len(v.Spec.Nodes) {
			return false
		}
		to := &v.Spec.Nodes[y]
		v.work += int64(len(from.Events))
		if from.Diverges != to.Diverges || len(from.Events) != len(to.Events) || len(from.Acceptances) != len(to.Acceptances) {
			return false
		}
		for i, e := range from.Events {
			k, ok := slices.BinarySearch(to.Events, v.worldImage(m, e))
			if !ok || to.After[k] != node(from.After[i]) {
				return false
			}
		}
		for _, a := range from.Acceptances {
			image := make([]model.Event, len(a))
			for i, e := range a {
				image[i] = v.worldImage(m, e)
			}
			slices.Sort(image)
			if !slices.ContainsFunc(to.Acceptances, func(b []model.Event) bool { return slices.Equal(image, b) }) {
				return false
			}
		}
	}
	return true
}

func sortInts(s []int32) { slices.Sort(s) }
