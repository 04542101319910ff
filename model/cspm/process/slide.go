package process

import (
	"github.com/cspcheck/cspcheck/model"
)

// ((P [> Q) [> R) [> S does what P does, or a τ leads to (Q [> R) [> S, to R [> S or to S.
// A state of that has P and a chain of the others, of which each end is there already,
// worked out once: of P(n) = P(n-1) [> Q there would otherwise be n² terms with n
// transitions each. As a term, Slides(P, Slides(Q, Slides(R, S))) is such a process, and
// so is each end of the chain that is a Slides.

func (t *Term) slides() bool { return t.Op == Slide || t.Op == Slides }

// stateOfSlide returns the state that t is, which is a [>.
func (s *Space) stateOfSlide(t *Term) *Term {
	around, st := s.descend(t, (*Term).slides)
	s.Spend(8 * len(around))
	rest := around[0].op.Kids[1]
	for _, u := range around[1:] {
		rest = s.chained(u.op.Kids[1], rest)
	}
	op := Slide
	if rest.Op == Slides {
		op = Slides
	}
	if op != t.Op || st != t.Kids[0] || rest != t.Kids[1] {
		t = s.Make(op, st, rest)
	}
	return s.intern(s.Keys.Append(s.appendOperand(s.take(op), op, st), rest), t)
}

// chained returns the chain of t, which is one or a process, and the rest.
func (s *Space) chained(t, rest *Term) *Term {
	if t.Op != Slides {
		return s.Make(Slides, t, rest)
	}
	return s.Make(Slides, t.Kids[0], s.chained(t.Kids[1], rest))
}

// chain adds, of a chain:
//
//	P [> Q1 ... [> Qn -τ-> Qi [> ... [> Qn
func (x *stepper) chain(rest *Term) {
	for ; ; rest = rest.Kids[1] {
		x.add(model.Tau, follows)
		x.trans[len(x.trans)-1].To = rest
		if rest.Op != Slides {
			return
		}
	}
}

// asWritten returns t, a Slides, as [> nested to the left.
func (s *Space) asWritten(t *Term) *Term {
	u, rest := t.Kids[0], t.Kids[1]
	for ; rest.Op == Slides; rest = rest.Kids[1] {
		u = s.Make(Slide, u, rest.Kids[0])
	}
	return s.Make(Slide, u, rest)
}

// slides is fits for [> that are still there, when their machine is in a local state: in a
// state, those in the operand that is on may be in one chain with them.
func (g *guide) slides(o *model.Operator, at model.State, s []uint64, t *Term) bool {
	if !t.slides() {
		return false
	}
	u, rest := t.Kids[0], []*Term{}
	for x := t.Kids[1]; ; x = x.Kids[1] {
		if x.Op != Slides {
			rest = append(rest, x)
			break
		}
		rest = append(rest, x.Kids[0])
	}
	n := len(rest) - (len(o.Kids) - 1 - int(at)) // how many are in the operand
	if n < 0 {
		return false
	}
	space := t.args.space
	for _, x := range rest[:n] {
		u = space.Make(Slide, u, x)
	}
	return g.fits(o.Kids[at], s, space.State(u))
}
