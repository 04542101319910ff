package explore

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// This file looks at what can happen in a state by who does it and where that
// leads, and at who is ready for what. Like network_parts.go it goes rule by
// rule.

func (n *network) Ways(s []uint64, tell func(*Way)) error {
	var ways []way
	err := n.again(func(y *story) (err error) {
		ways, err = y.waysTo(y.nodes[0].at, s)
		return err
	})
	if err != nil {
		return err
	}
	for i := range ways {
		tell(&ways[i].Way)
	}
	return nil
}

// A way is a Way by certain rules: that of the frame first, and those of
// frames inside of it.
type way struct {
	Way
	rules []ruling
}

type ruling struct {
	f *frame
	r int
}

// waysTo returns what can happen in a frame when its network is in s; the
// states that it leads to are the network's.
func (y *story) waysTo(f *frame, s []uint64) ([]way, error) {
	rules, err := f.net.enabled(s, func(int) bool { return true })
	if err != nil {
		return nil, err
	}
	var out []way
	for _, r := range rules {
		ways, err := y.waysBy(f, s, int(r))
		if err != nil {
			return nil, err
		}
		for i := range ways {
			w := &ways[i]
			slices.SortFunc(w.Parts, func(p, q Participant) int { return int(p.Who - q.Who) })
			slices.Sort(w.Places)
			w.Places = slices.Compact(w.Places)
			for _, span := range f.net.net.Resets(int(r)) {
				for c := span.Lo; c < span.Hi; c++ {
					m := &f.net.members[c]
					m.put(w.To, m.initial)
				}
			}
		}
		out = append(out, ways...)
	}
	return out, nil
}

// waysBy returns the ways in which a rule of a frame can be done, but for its
// resets.
func (y *story) waysBy(f *frame, s []uint64, r int) ([]way, error) {
	net := f.net.net
	ways := []way{{Way{Move{Event: net.Event(r), Hidden: net.Hidden(r), Tied: net.Tied(r)}, nil, slices.Clone(s)}, []ruling{{f, r}}}}
	for _, p := range net.Parts(r) {
		shares, err := y.sharesOf(f, s, p)
		if err != nil {
			return nil, err
		}
		if len(ways)*len(shares) > mostWays {
			return nil, &Limit{Reason: "parts that are one component can join in in too many ways"}
		}
		m := &f.net.members[p.Component]
		var next []way
		for i := range ways {
			for _, x := range shares {
				both := ways[i]
				both.Parts = slices.Concat(both.Parts, x.parts)
				both.Places = slices.Concat(both.Places, x.places)
				both.rules = slices.Concat(both.rules, x.rules)
				if both.Name() == model.Tau {
					both.Hidden, both.Tied = x.hidden, x.tied
				}
				both.To = slices.Clone(both.To)
				m.put(both.To, x.to)
				next = append(next, both)
			}
		}
		ways = next
	}
	return ways, nil
}

// A piece is a way in which a participant does its part in a rule.
type piece struct {
	to           model.State
	hidden, tied model.Event // inside of it
	parts        []Participant
	places       []int
	rules        []ruling
}

func (y *story) sharesOf(f *frame, s []uint64, p model.Part) ([]piece, error) {
	var out []piece
	g := f.inner[int(p.Component)]
	if g == nil {
		var x piece
		i, actor := f.of[int(p.Component)]
		own := false
		if actor {
			_, own = y.actors[i].op.World(p.Event)
		}
		if own {
			x.parts = []Participant{{int32(i), p.Event}}
		}
		if node := f.node[int(p.Component)]; node != nil && (own || !actor) {
			x.places = []int{node.id}
		}
		for _, to := range f.net.targetsOf(p, s) {
			x.to = to
			out = append(out, x)
		}
		return out, f.net.err
	}
	within, err := y.waysTo(g, f.wordsOf(s, int(p.Component)))
	if err != nil {
		return nil, err
	}
	for _, in := range within {
		if in.Event != p.Event {
			continue
		}
		to, err := f.net.members[p.Component].whole.number(in.To)
		if err != nil {
			return nil, err
		}
		out = append(out, piece{model.State(to), in.Hidden, in.Tied, in.Parts, in.Places, in.rules})
	}
	return out, nil
}

// put makes the local state of m in s another.
func (m *member) put(s []uint64, to model.State) {
	s[m.word] = s[m.word]&^(m.mask<<m.shift) | uint64(to)<<m.shift
}

// by returns the rules of the first way from s to the state of p that is its
// move; nil if it names none, or there is no such way.
func (y *story) by(p *PathStep, s []uint64) (map[*frame]int, error) {
	if p.By == nil {
		return nil, nil
	}
	ways, err := y.waysTo(y.nodes[0].at, s)
	if err != nil {
		return nil, err
	}
	for i := range ways {
		if w := &ways[i]; w.Event == p.Event && slices.Equal(w.To, p.State) && w.same(p.By) {
			out := map[*frame]int{}
			for _, x := range w.rules {
				out[x.f] = x.r
			}
			return out, nil
		}
	}
	return nil, nil
}

func (n *network) Wants(s []uint64, wanted func(model.Event) bool, places []int, out []bool) error {
	return n.again(func(y *story) error {
		y.now = s
		y.settle(nil)
		wants := make([]bool, len(y.nodes))
		for i := range y.actors {
			a := &y.actors[i]
			if !a.node.on {
				continue
			}
			a.at.net.err = nil
			ready := slices.ContainsFunc(y.localOffers(a), func(local model.Event) bool {
				world, own := a.op.World(local)
				return own && world > model.Tick && wantedOf(a.node, world, wanted)
			})
			if err := a.at.net.err; err != nil {
				return err
			}
			for x := a.node; ready && x != nil; x = x.up {
				wants[x.id] = true
			}
		}
		for i, p := range places {
			out[i] = wants[p]
		}
		return nil
	})
}

// wantedOf reports whether an event of a node can be a share in a wanted one,
// by what the operators above make of it.
func wantedOf(x *node, e model.Event, wanted func(model.Event) bool) bool {
	if x.at.net.net.Tree() == nil && x.op.Component >= 0 {
		return wantedByRules(x, e, wanted)
	}
	up := x.up
	if up == nil {
		return wanted(e)
	}
	goesOn := func(e model.Event) bool { return wantedOf(up, e, wanted) }
	switch op := up.op; op.Op {
	case model.OpHide:
		if op.Set.Contains(e) {
			return wanted(e)
		}
	case model.OpProject:
		if !op.Set.Contains(e) {
			return wanted(e)
		}
	case model.OpAlphaPar:
		return op.Sets[x.index].Contains(e) && goesOn(e)
	case model.OpRename:
		if images := op.Rel.Images(e); len(images) > 0 {
			return slices.ContainsFunc(images, goesOn)
		}
	case model.OpLink:
		tied := op.Rel.Images(e)
		if x.index == 1 {
			tied = op.Rel.Sources(e)
		}
		if len(tied) > 0 {
			return wanted(e) || slices.ContainsFunc(tied, wanted)
		}
	}
	return goesOn(e)
}

// wantedByRules is wantedOf for a component of a network made rule by rule.
func wantedByRules(x *node, local model.Event, wanted func(model.Event) bool) bool {
	net := x.at.net.net
	for r := range net.NumRules() {
		if !slices.Contains(net.Parts(r), model.Part{Component: int32(x.op.Component), Event: local}) {
			continue
		}
		m := Move{Event: net.Event(r), Hidden: net.Hidden(r), Tied: net.Tied(r)}
		if m.Event == model.Tau && m.Is(wanted) || m.Event > model.Tick && wantedOf(x.up, m.Event, wanted) {
			return true
		}
	}
	return false
}
