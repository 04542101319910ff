package explore

import "math/big"

// A Phase is what goes on while a question is answered.
type Phase string

const (
	Loading     Phase = "load"      // a script is read, its names and types are settled
	Compiling   Phase = "compile"   // terms become networks, components are compressed
	Normalising Phase = "normalise" // a specification is made deterministic, as far as that is done beforehand
	Exploring   Phase = "explore"   // states are visited
	Telling     Phase = "render"    // a counterexample is told, as text and in pictures
	Comparing   Phase = "expect"    // an expected trace is held against it
)

// Phases are in the order in which they come.
var Phases = []Phase{Loading, Compiling, Normalising, Exploring, Telling, Comparing}

// Enter tells Limits.Phase that a phase begins.
func (l Limits) Enter(p Phase) {
	if l.Phase != nil {
		l.Phase(p)
	}
}

// Usage is what a search took, as it was at its end.
type Usage struct {
	Store   Store // which was taken; never StoreAuto
	Table   int64 // bytes of the table by which states are found
	States  int64 // bytes of their words, as far as those are kept; of StoreTree, of the shared parts
	Parents int64 // bytes of what paths are found by
	Load    float64

	Workers  int   // goroutines that could search
	InRounds int64 // states that they expanded together; one alone expanded the others

	Reductions []Reduction
}

// A Reduction is how much was left out of what is searched. Numbers are exact
// up to 2⁵³, and have some 15 digits beyond.
type Reduction struct {
	Name      string
	Taken, Of *big.Float // so many of so many
	What      string     // of what: "states of their orbits"
}

// Factor returns how many there are for each that was taken.
func (r Reduction) Factor() *big.Float {
	if r.Taken.Sign() == 0 {
		return new(big.Float).Set(r.Of)
	}
	return new(big.Float).Quo(r.Of, r.Taken)
}

// A Leaving is what reduced Systems say, of each state that they are asked for
// steps, that they have left out: see Steps.Leave.
type Leaving struct {
	Name, What string
	Taken, Of  float64 // so many of so many
}

// add adds that of other states.
func (l *Leaving) add(m Leaving) {
	if m.Name == "" {
		return
	}
	l.Name, l.What, l.Taken, l.Of = m.Name, m.What, l.Taken+m.Taken, l.Of+m.Of
}

// reductions returns that of a search.
func (l *Leaving) reductions() []Reduction {
	if l.Name == "" {
		return nil
	}
	return []Reduction{{l.Name, big.NewFloat(l.Taken), big.NewFloat(l.Of), l.What}}
}

// usage returns what a search took.
func (r *search) usage() Usage {
	s := r.states
	u := r.Usage // it counts what is counted on the way
	u.Store, u.Workers = s.kind, 1
	u.Table, u.States, u.Parents = s.set.bytes(), s.states.bytes(), s.up.bytes()
	if s.keys != nil {
		u.States += s.keys.bytes()
	}
	if t, ok := s.fold.(*tree); ok {
		u.States += t.bytes()
	}
	if s.onDisk == nil { // then the table has only some
		u.Load = fullest * float64(r.States) / float64(max(1, s.room()))
	}
	if r.rounds != nil {
		u.Workers = len(r.rounds.workers)
	}
	u.Reductions = r.left.reductions()
	return u
}

// fullest is the share of slots that are taken when a table grows.
const fullest = 0.75
