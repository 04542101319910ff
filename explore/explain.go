package explore

import (
	"encoding/binary"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Explain tells a path of sys as a story. Without an Explainer the story has
// one component, the whole system, named by its method Name if it has one.
// Loop is -1.
func Explain(sys System, path []PathStep) (*Behaviour, error) {
	if x, ok := sys.(Explainer); ok {
		b, err := x.Explain(path)
		if err != nil {
			return nil, err
		}
		b.Loop = -1
		return b, nil
	}
	b := &Behaviour{Loop: -1}
	if named, ok := sys.(interface{ Name() string }); ok {
		b.Process = named.Name()
	}
	b.Components = []Component{{Name: b.Process}}
	initial := make([]uint64, sys.Width())
	if err := sys.Initial(initial); err != nil {
		return nil, err
	}
	states := [][]uint64{initial}
	for _, p := range path {
		states = append(states, p.State)
	}
	x := branches{sys: sys, place: map[string]int{}}
	for i, s := range states {
		if _, ok := x.place[key(s)]; !ok {
			x.place[key(s)] = i
		}
	}
	for i, p := range path {
		name := sys.Events().Name(p.Event)
		others, err := x.of(states[i], &path[i])
		if err != nil {
			return nil, err
		}
		b.Steps = append(b.Steps, Step{
			Event:  name,
			Parts:  []Part{{Event: name, Label: name}},
			Others: others,
		})
	}
	final, err := x.of(states[len(path)], nil)
	if err != nil {
		return nil, err
	}
	b.Final = final
	end := End{Status: Running}
	if len(path) > 0 && path[len(path)-1].Event == model.Tick {
		end.Status = Terminated
	}
	for _, f := range final {
		part := Part{Event: f.Event, Label: f.Event}
		if !slices.Contains(end.Offers, part) {
			end.Offers = append(end.Offers, part)
		}
	}
	b.Ends = []End{end}
	return b, nil
}

// branches finds the transitions beside a path.
type branches struct {
	sys   System
	place map[string]int // the first place on the path of each of its states
	steps Steps

	hidden func(s, t []uint64) string // what the τ from s to t was, or ""; nil: not known
}

// of returns the transitions of s, each once, but for the one taken.
func (x *branches) of(s []uint64, taken *PathStep) ([]Branch, error) {
	x.steps.Reset()
	if err := x.sys.Successors(s, &x.steps); err != nil {
		return nil, err
	}
	type pair struct {
		event model.Event
		to    string
	}
	seen := map[pair]bool{}
	if taken != nil {
		seen[pair{taken.Event, key(taken.State)}] = true
	}
	var out []Branch
	w := x.sys.Width()
	for k, e := range x.steps.Events {
		t := x.steps.States[k*w : (k+1)*w]
		p := pair{e, key(t)}
		if seen[p] {
			continue
		}
		seen[p] = true
		to, ok := x.place[p.to]
		if !ok {
			to = -1
		}
		road := Branch{Event: x.sys.Events().Name(e), To: to}
		if e == model.Tau && x.hidden != nil {
			road.Hidden = x.hidden(s, t)
		}
		out = append(out, road)
	}
	return out, nil
}

// key returns the words of a state as a map's key.
func key(s []uint64) string {
	b := make([]byte, 0, 8*len(s))
	for _, w := range s {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return string(b)
}
