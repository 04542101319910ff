package model

// An Event is the number of an event in its Events.
type Event int32

const (
	Tau  Event = 0 // τ, the internal event
	Tick Event = 1 // ✓, successful termination
)

// Events numbers the events of a system by their names. The zero value is
// not ready: use NewEvents.
type Events struct {
	names  []string
	number map[string]Event
}

// NewEvents returns a table that knows τ and ✓ only.
func NewEvents() *Events {
	return &Events{names: []string{"τ", "✓"}, number: map[string]Event{"τ": Tau, "✓": Tick}}
}

// Event returns the number of name, a new one if name is new.
func (t *Events) Event(name string) Event {
	if e, ok := t.number[name]; ok {
		return e
	}
	e := Event(len(t.names))
	t.names = append(t.names, name)
	t.number[name] = e
	return e
}

// Lookup returns the number of name, if it has one.
func (t *Events) Lookup(name string) (Event, bool) {
	e, ok := t.number[name]
	return e, ok
}

// Name returns the name of e.
func (t *Events) Name(e Event) string { return t.names[e] }

// Len returns how many events there are, τ and ✓ included. Their numbers are
// 0 to Len()-1.
func (t *Events) Len() int { return len(t.names) }
