package explore

import (
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// A Share is an event that components do together, whenever each of them can:
// whether they ever can is not looked at.
type Share struct {
	Event  string // as their network shows it, or did before it was hidden
	Hidden bool
	Places []int // who takes part: leaves, as Composed.Places numbers them, in order
}

// How many shares a network may have for Shares to list them.
const mostShares = 1 << 20

// Shares lists who does what together, each once, by the rules of the network
// and, of parts that are one component, by theirs. τ that was no event, and
// ✓, are left out. Of a component on demand it knows what the rules do.
func (n *network) Shares() ([]Share, error) {
	y := n.who()
	all, err := y.shares(y.nodes[0].at)
	if err != nil {
		return nil, err
	}
	var out []Share
	seen := map[string]bool{}
	for _, x := range all {
		if x.name == "" || x.event == model.Tick {
			continue
		}
		slices.Sort(x.places)
		s := Share{Event: x.name, Hidden: x.event == model.Tau, Places: slices.Compact(x.places)}
		if k := fmt.Sprint(s.Hidden, s.Places, s.Event); !seen[k] {
			seen[k] = true
			out = append(out, s)
		}
	}
	return out, nil
}

// A sharing is a way to do a rule of a frame's network.
type sharing struct {
	event  model.Event // as the frame's network shows it
	name   string      // of a τ: what was hidden; "" if nothing was
	places []int
}

func (y *story) shares(f *frame) ([]sharing, error) {
	net := f.net.net
	inner := map[int]map[model.Event][]sharing{} // of parts that are networks, by what they show
	for c, g := range f.inner {
		within, err := y.shares(g)
		if err != nil {
			return nil, err
		}
		inner[c] = map[model.Event][]sharing{}
		for _, s := range within {
			inner[c][s.event] = append(inner[c][s.event], s)
		}
	}
	var out []sharing
	for r := range net.NumRules() {
		first := sharing{event: net.Event(r)}
		if e := first.event; e != model.Tau {
			first.name = net.Events().Name(e)
		} else if h := net.Hidden(r); h != model.Tau {
			first.name = net.Events().Name(h)
		}
		ways := []sharing{first}
		for _, p := range net.Parts(r) {
			c := int(p.Component)
			if _, ok := f.inner[c]; ok {
				ways = both(ways, inner[c][p.Event])
			} else if i, ok := f.of[c]; ok {
				if _, own := y.actors[i].op.World(p.Event); own {
					for k := range ways {
						ways[k].places = append(ways[k].places, y.actors[i].node.id)
					}
				}
			}
			if len(out)+len(ways) > mostShares {
				return nil, &Limit{Reason: "components share too many events to list who does what"}
			}
		}
		out = append(out, ways...)
	}
	return out, nil
}

// both are the ways in which those without a part, and the part, take part.
func both(ways, part []sharing) []sharing {
	var out []sharing
	for _, way := range ways {
		for _, in := range part {
			next := way
			next.places = slices.Concat(way.places, in.places)
			if next.name == "" {
				next.name = in.name
			}
			out = append(out, next)
		}
	}
	return out
}
