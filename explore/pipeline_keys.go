package explore

// A pipeKeys has the keys that the clerk of a pipeline compares: those of the states
// that the lead had when it gave a part, and, as the arena is the lead's to write,
// those of the states found since in the parts that led to them, which stay until
// nobody asks for them any more. A set that has the keys itself needs none.
type pipeKeys struct {
	set   *tagged // nil: it has them
	parts []pipePart
	fresh []place // the steps that led to states from base on first
	base  int
}

// begin has the clerk's set look here.
func (x *pipeKeys) begin(s *store) {
	x.set, _ = s.set.(*tagged)
	x.fresh, x.base = x.fresh[:0], s.n
	s.provisional(func(i int) []uint64 {
		at := x.fresh[i-x.base]
		return x.parts[at.part()].key(at.step())
	})
}

// end has it look where all keys are, while the clerk does nothing.
func (x *pipeKeys) end(s *store) {
	if x.set != nil {
		x.set.keys = s.keysCompared()
	}
}

// have says which keys the lead has: of all states below some number.
func (x *pipeKeys) have(kept *arena) {
	if x.set == nil {
		return
	}
	x.set.keys = kept
	gone := kept.n - x.base
	x.fresh = x.fresh[:copy(x.fresh, x.fresh[gone:])]
	x.base = kept.n
}

// add says which step led to the next new state.
func (x *pipeKeys) add(at place) {
	if x.set != nil {
		x.fresh = append(x.fresh, at)
	}
}
