package conform

import (
	"errors"
	"fmt"
	"math"
)

// A Log is what a program did, as far as it was recorded.
type Log struct{ Entries []Entry }

// An Entry is an event that happened or, if it is pending, may have: what it
// was recorded around had not ended when the log was taken.
type Entry struct {
	Process    string   // that recorded it; may be ""
	Event      string   // as the model prints it; "" if it is pending
	Begin, End int64    // it happened between them, by one clock; Pending as End if it may not have happened
	May        []string // if it is pending: channels or events that it may have been; none: any that is observed

	Line int // of the file that it was read from, or 0
	At   int // where its event stands in that file, in bytes
}

// Pending is the End of an entry that has not ended.
const Pending = math.MaxInt64

func (e *Entry) pending() bool { return e.End == Pending }

// where says which entry it is.
func (e *Entry) where(i int) string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d", e.Line)
	}
	return fmt.Sprintf("entry %d", i+1)
}

// check returns what is wrong with entries, all of it.
func (l *Log) check(o Options) error {
	const most = 10 // of what is wrong
	var wrong []error
	for i := range l.Entries {
		e := &l.Entries[i]
		fail := func(format string, args ...any) {
			wrong = append(wrong, fmt.Errorf("conform: "+e.where(i)+": "+format, args...))
		}
		switch {
		case e.Begin > e.End:
			fail("it ends (%d) before it begins (%d)", e.End, e.Begin)
		case e.pending() && e.Event != "":
			fail("it is pending, and may have been %s: that belongs into May", e.Event)
		case !e.pending() && e.Event == "":
			fail("it has no event")
		case !e.pending() && len(e.May) > 0:
			fail("it is not pending: there is nothing that it may have been")
		case e.Event == "τ":
			fail("nobody sees a τ")
		case e.Event != "" && e.Event != "✓" && !o.Observes(e.Event):
			fail("%s is not among what is observed", e.Event)
		}
		if len(wrong) == most {
			break
		}
	}
	return errors.Join(wrong...)
}
