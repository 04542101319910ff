package explore

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model"
)

// naiveSteps returns what a network does in a state, by the definition: the
// events and local states, each pair once, as text.
func naiveSteps(net *model.Network, by model.Priority, at []model.State) map[string][]model.State {
	type step struct {
		event model.Event
		to    []model.State
	}
	var all []step
	for r := range net.NumRules() {
		for _, to := range naiveRule(net, r, at) {
			all = append(all, step{net.Event(r), to})
		}
	}
	out := map[string][]model.State{}
	for _, x := range all {
		if by == nil || !slices.ContainsFunc(all, func(y step) bool { return by.Above(y.event, x.event) }) {
			out[fmt.Sprint(x.event, x.to)] = x.to
		}
	}
	return out
}

// naiveRule returns where a rule leads from a state, by the definition.
func naiveRule(net *model.Network, r int, at []model.State) [][]model.State {
	tos := [][]model.State{slices.Clone(at)}
	for _, p := range net.Parts(r) {
		var next [][]model.State
		events, targets := net.Components()[p.Component].Machine.Transitions(at[p.Component])
		for k, e := range events {
			for _, to := range tos {
				if e == p.Event {
					to = slices.Clone(to)
					to[p.Component] = targets[k]
					next = append(next, to)
				}
			}
		}
		tos = next
	}
	for _, to := range tos {
		for _, span := range net.Resets(r) {
			for c := span.Lo; c < span.Hi; c++ {
				to[c] = net.Components()[c].Machine.Initial()
			}
		}
	}
	return tos
}

// A search of a network made rule by rule sees what the rules say, however
// its components are given, whatever gives way, and finds paths that are as
// short as can be.
func TestNetworkDoesWhatItsRulesSay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := smallNetwork(t)
		bits := rapid.SampledFrom([]uint{3, 6, 64}).Draw(t, "bits of a word")
		sys := newNetworkIn(net, bits, nil)
		if rapid.Bool().Draw(t, "on demand") {
			sys = newNetworkIn(onDemand(t, net), bits, nil)
		}
		var by model.Priority
		if rapid.Bool().Draw(t, "priority") {
			first := model.NewAlphabet(model.Event(rapid.IntRange(2, 3).Draw(t, "high")))
			by = model.Levels{model.NewAlphabet(), first, model.NewAlphabet(4)}
			if rapid.Bool().Draw(t, "order") {
				by = struct{ model.Priority }{by}
			}
			sys.priority = &priority{by: by}
		}
		initial := make([]model.State, len(net.Components()))
		for i, c := range net.Components() {
			initial[i] = c.Machine.Initial()
		}
		depths, queue, transitions := map[string]int{fmt.Sprint(initial): 0}, [][]model.State{initial}, 0
		for i := 0; i < len(queue); i++ {
			if i > 300 {
				return
			}
			for _, to := range naiveSteps(net, by, queue[i]) {
				if _, ok := depths[fmt.Sprint(to)]; !ok {
					depths[fmt.Sprint(to)] = depths[fmt.Sprint(queue[i])] + 1
					queue = append(queue, to)
				}
				transitions++
			}
		}
		local := func(words []uint64) []model.State {
			out := make([]model.State, len(initial))
			for c := range out {
				out[c] = sys.Local(words, c) % apart
			}
			return out
		}
		s, err := Run(context.Background(), sys, Limits{Keep: true}, func(v *Visit) bool {
			at := local(v.Words)
			want := naiveSteps(net, by, at)
			got := map[string]bool{}
			for i, e := range v.Steps.Events {
				key := fmt.Sprint(e, local(v.Steps.States[i*sys.Width():(i+1)*sys.Width()]))
				if want[key] == nil || got[key] {
					t.Fatalf("%v does %s, which is wrong or there twice\n%s", at, key, net)
				}
				got[key] = true
			}
			if depth, ok := depths[fmt.Sprint(at)]; len(got) != len(want) || !ok || v.Depth != depth {
				t.Fatalf("%v at depth %d does %v, want %v at %d\n%s", at, v.Depth, got, want, depth, net)
			}
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		if s.Len() != len(queue) || s.Transitions != int64(transitions) {
			t.Fatalf("%d states, %d transitions, want %d, %d\n%s", s.Len(), s.Transitions, len(queue), transitions, net)
		}
		for i := range s.Len() {
			path, err := s.Path(i)
			if err != nil || len(path) != depths[fmt.Sprint(local(wordsOf(s, i)))] {
				t.Fatalf("the path to %v has %d steps: %v", local(wordsOf(s, i)), len(path), err)
			}
		}
	})
}

// apart is by how much onDemand shifts states: enough for them to stay on
// demand.
const apart = 1 << 20

// onDemand returns net with some of its components on demand.
func onDemand(t *rapid.T, net *model.Network) *model.Network {
	b := model.NewRules("N", net.Events())
	for _, c := range net.Components() {
		if rapid.Bool().Draw(t, "demand") {
			c = model.Component{Name: c.Name, Demand: far{c.Machine}}
		}
		b.Component(c)
	}
	for r := range net.NumRules() {
		b.Rule(net.Event(r), net.Parts(r), net.Resets(r)...)
	}
	out, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A far is a machine on demand, whose states have large numbers.
type far struct{ *model.Machine }

func (x far) Initial() (model.State, error) { return x.Machine.Initial() + apart, nil }

func (x far) Transitions(s model.State) ([]model.Event, []model.State, error) {
	events, targets := x.Machine.Transitions(s - apart)
	targets = slices.Clone(targets)
	for i := range targets {
		targets[i] += apart
	}
	return events, targets, nil
}

// wordsOf returns the words of a state of a search that has them in memory.
func wordsOf(s *Search, i int) []uint64 {
	words, err := s.Words(i)
	if err != nil {
		panic(err)
	}
	return words
}
