package process

import (
	"cmp"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A Partial is a specification without events that the implementation never does:
//
//	S [T= P  =  S' [T= P        S' without events that P never does
//
// as S [|Events|] P is what S' [|Events|] P is, see narrow.go, and whether P follows S
// in its traces is a matter of what both do together, and of the event after that, which is
// one of P. What is told of it is told of the whole.
type Partial struct {
	*Networked
	whole func() (explore.System, error)
}

// NewPartial returns what is left of a specification, given the whole.
func NewPartial(left explore.System, whole func() (explore.System, error)) *Partial {
	n, ok := left.(*Networked)
	if !ok {
		n = &Networked{System: left, terms: left.(*System)}
	}
	return &Partial{n, whole}
}

// Whole returns the specification with all of its events.
func (p *Partial) Whole() (explore.System, error) { return p.whole() }

// Compare puts events in canonical order.
func (p *Partial) Compare(a, b model.Event) int {
	if min(a, b) <= model.Tick {
		return cmp.Compare(a, b)
	}
	s := p.terms.space
	return value.Compare(s.Dot(a), s.Dot(b))
}

// Wide reports whether the process offers many events.
func (sys *System) Wide() (wide bool) {
	err := sys.guard(func() { wide = sys.space.narrower().wide(sys.root) })
	return wide && err == nil // what is wrong will be met again
}

// NarrowTo takes from the process events that an implementation never does, as far as these
// are known and many. It reports whether there are any.
func (sys *System) NarrowTo(impl explore.System) (less bool) {
	n, ok := impl.(*Networked)
	if !ok || n.guide == nil {
		return false
	}
	err := sys.guard(func() {
		does := sys.space.allOf(n.guide.net)
		if does == nil || int64(len(does)) >= sys.space.narrower().width(sys.root, 0) {
			return
		}
		root := sys.space.only([]other{{all: does}}).Of(sys.root)
		less, sys.root = root != sys.root, root
	})
	return less && err == nil
}
