package model

// A Priority orders events by levels, the highest first. τ and ✓ are on the
// level of the first set, which may be empty; an event is on the level of the
// first set that has it, and one that is in none is not ordered.
//
// Of the transitions of a state, those stay that no other is on a higher
// level than. So an event that is not ordered always stays, and keeps none
// away.
type Priority []EventSet

// Unordered is the level of events that are in no set of a Priority.
const Unordered = -1

// Level returns the level of an event, 0 being the highest, or Unordered.
func (p Priority) Level(e Event) int {
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
