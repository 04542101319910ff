package explore

// A Kind says what a counterexample shows.
type Kind string

const (
	Deadlock    Kind = "deadlock"    // a state without transitions, reached without ✓
	Termination Kind = "termination" // the state after ✓, where scripts count it as a deadlock
	Divergence  Kind = "divergence"  // a loop of τ

	// Of a refinement, besides Divergence:
	TraceViolation Kind = "trace"   // the last event is none that the specification allows
	Refusal        Kind = "refusal" // the last state, without τ, offers less than is required

	Nondeterminism Kind = "nondeterminism" // Impl does the last event, Spec refuses it
	NoTrace        Kind = "no trace"       // the longest part of a wanted trace

	Race  Kind = "race"  // a state in which two accesses to a shared variable are possible, see RaceOf
	Stuck Kind = "stuck" // a state from which a task can never move, see StuckOf
	Leak  Kind = "leak"  // a state in which the main task has ended, and another never can, see StuckOf
	Panic Kind = "panic" // the last step is an event that must not happen, or hides one

	Starvation Kind = "starvation"        // a loop in which a task waits and takes part in nothing, see StuckOf
	Bypass     Kind = "bypass"            // a task is overtaken too often, see OvertakenOf
	Lost       Kind = "lost notification" // a state in which a wait never ends that began after a notification in vain, see LostOf

	Walk Kind = "path" // no failure: where somebody has gone, step by step
)

// A Counterexample shows that a process lacks a property. It is plain data:
// events are their printed names, so that it can be drawn, saved and read
// back without the process.
type Counterexample struct {
	Kind Kind
	Impl Behaviour

	// Spec is what stands beside it. In a refinement it is a behaviour of the
	// specification by the same trace, but for the last event of a TraceViolation; of
	// a Nondeterminism it is the process's other behaviour. It is nil where it
	// could not be worked out within the limits.
	Spec *Behaviour

	Allowed     []string   // of a TraceViolation or NoTrace: what may come instead of the next event
	AllowedSet  string     // in place of Allowed: a set that is too large to be listed, as text
	Acceptances [][]string // of a Refusal: one of these sets was to be offered; none: no stable state was allowed
	Wanted      []string   // of a NoTrace: the whole trace
	Race        *RaceOf    // of a Race
	Stuck       *StuckOf   // of a Stuck, a Leak or a Starvation

	Overtaken *OvertakenOf // of a Bypass
	Lost      *LostOf      // of a Lost
}

// A RaceOf is two accesses to a shared variable that are both possible after
// the last step, and that nothing orders.
type RaceOf struct {
	Variable string // as the question names it; may be ""
	Accesses [2]Access
}

// An Access is one of the two: the step that it would be, but for its Others.
type Access struct {
	Step
	Writes bool
}

// A StuckOf is who can never move again, never end, or is passed over for ever.
// Impl may go on after that has come about, and then loops: as an example of
// what the others do or, of a Starvation, what they do for ever.
type StuckOf struct {
	Task       string // its name
	Components []int  // that it consists of, as far as they have lived
	Since      int    // after Impl.Steps[:Since] it can never move again, or end

	Main           string // of a Leak: the task that has ended by then
	MainComponents []int

	// Of a Starvation, "", "weak" or "strong": how fair Impl is; what was assumed
	// in the question; and the weakest that suffices for nobody to starve, ""
	// if none does.
	Fair, Assumed, Suffices string
}

// An OvertakenOf is who waits while others get what it waits for.
type OvertakenOf struct {
	Task       string // its name
	Components []int  // that it consists of, as far as they have lived
	Since      int    // it waits after Impl.Steps[:Since], and from there on
	By         []int  // the steps by which others get it
	Bound      int    // how often they may
}

// A LostOf is a notification that nobody waited for, and a wait after it that
// never ends. Impl may go on and loop, as that of a StuckOf.
type LostOf struct {
	Name  string // as the question names it; may be ""
	Vain  int    // Impl.Steps[Vain] is the notification
	Wait  int    // Impl.Steps[Wait] begins the wait
	Since int    // after Impl.Steps[:Since] it can never end
}

// A Behaviour is what a process does, step by step, and how it ends.
type Behaviour struct {
	Process    string      // as the user named it
	Components []Component // the leaves of the operator tree, left to right, all that ever live; those of a term in the order of their births
	Steps      []Step
	Loop       int      // Steps[Loop:] can repeat for ever; -1: they don't
	Final      []Branch // what the process offers after the last step
	Waits      []Wait   // why components cannot move after the last step: of all if nothing can, of the task of a StuckOf, and of who waits in a LostOf
	Ends       []End    // each component's state after the last step, as Components
}

// A Component is a process inside another, running beside others.
type Component struct {
	Name  string
	At    string // where the name, or else the text, stands: file:line:col
	Start string // its first state, as text; "" if there is none
}

// A Step is one transition.
type Step struct {
	Event  string // what the world sees: "c.1", "τ", "✓"
	Hidden string // the event that became this τ, or "" if it was τ from the start
	Parts  []Part // who took part, in the order of Components
	Others []Branch
}

// A Branch is a transition that was possible.
type Branch struct {
	Event  string
	Hidden string // as Step.Hidden
	To     int    // it leads to the state before Steps[To], or with To == len(Steps) to the last; -1: elsewhere
}

// A Part is one component's share of a step.
type Part struct {
	Component int
	Event     string // the component's own event: "c.1", "τ", "✓"
	Label     string // as its prefix wrote it: "c?1", "c!1"; Event if no prefix did
	At        string // file:line:col of the prefix, or ""
	After     string // the component's state after the step, as text; "" if there is none
}

// An End is the state of a component after the last step.
type End struct {
	Status Status
	Offers []Part // what it could do on its own, in its own events
}

// A Status tells a component that has terminated from one that has not begun.
type Status string

const (
	Running    Status = "running"
	Terminated Status = "terminated"
	Unborn     Status = "not started"
	Gone       Status = "gone" // its place in the tree is no longer there
)

// A Wait says that a component offers an event that the others do not let
// happen.
type Wait struct {
	Component int
	Event     string // as Part.Event
	Label     string // as Part.Label
	For       []Blocker
}

// A Blocker is a reason for a Wait.
type Blocker struct {
	Component int    // who would have to join in, or -1: nobody ever can
	Event     string // in that component's own events
	Reason    string // "offers only c.2", "has terminated", "never does c.1 again", ...
}

// Trace returns the visible events of b, ✓ included.
func (b *Behaviour) Trace() []string {
	var tr []string
	for _, s := range b.Steps {
		if s.Event != "τ" {
			tr = append(tr, s.Event)
		}
	}
	return tr
}
