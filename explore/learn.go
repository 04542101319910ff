package explore

// A Learner is a System that numbers some things as it meets them, such as
// the states of a component that is evaluated on demand: its states mean what
// they mean only after it has been asked what it was asked before, in the
// same order. A System whose states have their meaning from the start may be
// one, too: it never learns.
type Learner interface {
	System

	// Learnt returns a number that rises whenever the System has come to know
	// something that numbers depend on, or -1 if it can't say.
	Learnt() int64
}

// Learnt returns that of a System, or -1 if it can't say.
func Learnt(sys System) int64 {
	if l, ok := sys.(Learner); ok {
		return l.Learnt()
	}
	return -1
}

// Learnt makes a machine a Learner that never learns.
func (m machine) Learnt() int64 { return 0 }

// Learnt makes it a Learner: it learns what components on demand do.
func (n *network) Learnt() int64 {
	sum := n.asked
	for _, w := range n.wholes {
		sum += w.net.Learnt() + int64(w.states.n)
	}
	return sum
}

func (x *stubborn) Learnt() int64 { return x.net.Learnt() }

func (a *along) Learnt() int64 { return Learnt(a.sys) }
