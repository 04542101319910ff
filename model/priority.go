package model

// A Priority says which events give way to which: of the transitions of a
// state, one whose event is below that of another is left out. It is a strict
// partial order.
type Priority interface {
	// Above reports whether e gives way to d. Both may be τ or ✓.
	Above(d, e Event) bool
}

// Levels is a Priority by levels, the highest first. τ and ✓ are on the level
// of the first set, which may be empty; an event is on the level of the first
// set that has it, and one that is in none is not ordered.
type Levels []EventSet

// Unordered is the level of events that are in no set of Levels.
const Unordered = -1

// Level returns the level of an event, 0 being the highest, or Unordered.
func (p Levels) Level(e Event) int {
	if e == Tau || e == Tick {
		return 0
	}
	for i, s := range p {
		if s.Contains(e) {
			return i
		}
	}
	return Unordered
}

// Above reports whether d is on a higher level than e.
func (p Levels) Above(d, e Event) bool {
	l := p.Level(d)
	return l != Unordered && l < p.Level(e)
}
