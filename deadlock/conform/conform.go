// Package conform holds what a real program did against a model of it.
//
// A Recorder in the program notes what its goroutines do, in the model's
// events; Check then asks whether the model can do that. This is a question
// about one run: that it conforms does not mean that the program does, and as
// the run may have ended anywhere, nothing is asked about what did not
// happen. A run that does not conform shows that program and model differ.
//
// # What is observed
//
// Unless Options say otherwise, every visible event of the model is observed:
// the log has all of them, and between two of its entries the model does
// nothing but τ. Of a partial log Options.Observed names the channels or events that
// are in it; all others may happen at any time, as if they were hidden.
// Options.Partly names those of which only some are in the log, as when one
// of several processes records what it does: they happen where the log has
// them, and may happen anywhere else too. The less is observed, the less it
// means that a log conforms.
//
// An event that two processes do together, such as a communication, is one
// event of the model: one of the two records it, whichever is easier.
//
// # In which order
//
// An entry says that its event happened at some time between its Begin and
// its End. One comes before another if it ended before the other began; the
// order of others is open, and the model may take any. So what is recorded
// around an operation (Process.Begin before it, Span.End after it) is true
// however the goroutines are scheduled: this is the order of Herlihy and Wing,
// "Linearizability" (1990). An entry with Begin equal to End (Process.Record)
// says more, that events happened just in the order in which they were
// recorded. That is so if something orders them, such as a lock that is held
// while they happen and are recorded; otherwise one goroutine may overtake
// another between the event and the recording of it, and Check blames the
// program for what the recorder did. Options.PerProcess drops what is said
// about the order of events of different processes, for logs whose clocks
// cannot be trusted.
//
// # What it costs
//
// Check is a breadth-first search of the model held to the log: τ and what is
// not observed are free. It goes through sets of states, each made once, if
// these are not too many, and otherwise through the states, of which it keeps
// those after as many entries and, to tell the way there, from time to time
// those of an earlier place. If entries overlap, there are as many orders to
// try: many processes, each within a span at the same time, or PerProcess with
// long logs, may take more than there is, and then the limits make the answer
// Unknown.
//
// To read the code, start at Check in conform.go.
package conform

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// Options say what is in a log.
type Options struct {
	Observed []string // channels or events that are in the log whenever they happen; none: all that are not in Partly
	Partly   []string // channels or events that may happen without being in the log

	PerProcess bool // only the order of each process's own entries is known, which is that of the log

	// Declared says that Observed and Partly are known to be the model's.
	// Otherwise one that no event of the system belongs to is an error: a
	// system that is evaluated as the search comes to its states may not know
	// of its events before.
	Declared bool
}

// A Verdict says whether a log conforms: its Answer Holds if the model can do
// what the log has.
//
// Its Counterexample is one of Kind NoTrace, told as if what is not observed
// were hidden: a way through the longest prefix that the model can explain,
// the observed events that the model could do then, and as Wanted the events
// of the prefix with the first that it cannot do.
type Verdict struct {
	deadlock.Verdict
	Events    int   // entries of the log that are not pending
	Explained int   // the most of them that the model can do, in an order that the log allows
	Order     []int // if it Fails: these entries, pending ones among them, by their places in the log
	Next      []int // if it Fails: those of which one would have to come then
}

// Check asks whether sys can do what a log says that a program did. Events
// that sys does not know are none that it can do.
func Check(ctx context.Context, sys explore.System, log *Log, o Options, limits explore.Limits) (*Verdict, error) {
	if err := log.check(o); err != nil {
		return nil, err
	}
	if !o.Declared {
		if err := declared(sys.Events(), o); err != nil {
			return nil, err
		}
	}
	limits = limits.Begun()
	s := newSearch(ctx, sys, log, o, limits)
	s.determine(mostHeld)
	v, err := s.verdict()
	if errors.Is(err, errTooLarge) {
		return newSearch(ctx, sys, log, o, limits).verdict()
	}
	return v, err
}

func (s *search) verdict() (*Verdict, error) {
	v := &Verdict{Events: s.order.definite}
	err := s.run()
	v.Answer, v.Stats, v.Explained = deadlock.Holds, s.stats, s.best.explained
	if err == nil && !s.conforms {
		v.Answer = deadlock.Unknown // until it can be told
		s.limits.Enter(explore.Telling)
		err = explore.Untold(s.tell(v))
	}
	var l *explore.Limit
	if errors.As(err, &l) {
		v.Answer, v.Reason = deadlock.Unknown, l.Reason
		return v, nil
	}
	return v, err
}

// declared returns an error if what is to be observed is none of the events.
func declared(events *model.Events, o Options) error {
	for _, names := range [][]string{o.Observed, o.Partly} {
		for _, name := range names {
			found := false
			for e := range events.Len() {
				found = found || belongs(events.Name(model.Event(e)), name)
			}
			if !found {
				return fmt.Errorf("conform: no event of the model is %s, or one of a channel of that name", name)
			}
		}
	}
	return nil
}

// belongs reports whether an event is one that is named, or one of the channel
// that is.
func belongs(event, name string) bool {
	rest, ok := strings.CutPrefix(event, name)
	return ok && (rest == "" || rest[0] == '.')
}

func belongsToAny(event string, names []string) bool {
	for _, n := range names {
		if belongs(event, n) {
			return true
		}
	}
	return false
}

// Observes reports whether an event may be in the log.
func (o *Options) Observes(event string) bool {
	return len(o.Observed) == 0 || belongsToAny(event, o.Observed) || belongsToAny(event, o.Partly)
}
