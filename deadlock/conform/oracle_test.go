package conform

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// An oracle tries all orders of all choices of pending entries, and follows
// sets of states.
type oracle struct {
	sys     explore.System
	log     *Log
	options Options
}

// after returns the states after an event, which all those before lead to by
// τ and what may happen unrecorded. ok tells which events.
func (o *oracle) after(from map[string][]uint64, ok func(e model.Event) bool) map[string][]uint64 {
	to := map[string][]uint64{}
	closed := map[string][]uint64{}
	var visit func(s []uint64)
	visit = func(s []uint64) {
		if closed[fmt.Sprint(s)] != nil {
			return
		}
		closed[fmt.Sprint(s)] = s
		var steps explore.Steps
		if err := o.sys.Successors(s, &steps); err != nil {
			panic(err)
		}
		w := o.sys.Width()
		for i, e := range steps.Events {
			next := slices.Clone(steps.States[i*w : (i+1)*w])
			if o.free(e) {
				visit(next)
			}
			if e != model.Tau && (e == model.Tick || o.options.Observes(o.sys.Events().Name(e))) && ok(e) {
				to[fmt.Sprint(next)] = next
			}
		}
	}
	for _, s := range from {
		visit(s)
	}
	return to
}

func (o *oracle) free(e model.Event) bool {
	name := o.sys.Events().Name(e)
	switch {
	case e == model.Tau:
		return true
	case e == model.Tick:
		return false
	case belongsToAny(name, o.options.Partly):
		return true
	}
	return len(o.options.Observed) > 0 && !belongsToAny(name, o.options.Observed)
}

// before reports whether entry i must come before entry j.
func (o *oracle) before(i, j int) bool {
	a, b := &o.log.Entries[i], &o.log.Entries[j]
	if o.options.PerProcess {
		return a.Process == b.Process && i < j
	}
	return a.End < b.Begin
}

// most returns the most entries that are not pending which can be explained.
func (o *oracle) most() int {
	s := make([]uint64, o.sys.Width())
	if err := o.sys.Initial(s); err != nil {
		panic(err)
	}
	best := 0
	done := make([]bool, len(o.log.Entries))
	var try func(at map[string][]uint64, explained int)
	try = func(at map[string][]uint64, explained int) {
		if len(at) == 0 {
			return
		}
		best = max(best, explained)
		for j := range done {
			if done[j] {
				continue
			}
			open := true
			for i := range done {
				open = open && (done[i] || i == j || o.log.Entries[i].pending() || !o.before(i, j))
			}
			if !open {
				continue
			}
			x := &o.log.Entries[j]
			next := o.after(at, func(e model.Event) bool {
				name := o.sys.Events().Name(e)
				if x.pending() {
					return len(x.May) == 0 || belongsToAny(name, x.May)
				}
				return name == x.Event
			})
			n := explained
			if !x.pending() {
				n++
			}
			done[j] = true
			try(next, n)
			done[j] = false
		}
	}
	try(map[string][]uint64{"": s}, 0)
	return best
}

// drawModel draws a machine that goes on from each of its states, or any.
func drawModel(t *rapid.T) *model.Machine {
	if rapid.IntRange(0, 3).Draw(t, "any") == 0 {
		return modeltest.Machines(5, 3).Draw(t, "model")
	}
	b := model.NewMachine("M", model.NewEvents())
	n := rapid.IntRange(1, 4).Draw(t, "states")
	state := rapid.Custom(func(t *rapid.T) string { return fmt.Sprint(rapid.IntRange(0, n-1).Draw(t, "state")) })
	event := rapid.SampledFrom([]string{"a", "b", "c", "a", "b", "c", "τ"})
	for i := range n {
		for range rapid.IntRange(1, 2).Draw(t, "transitions") {
			b.On(fmt.Sprint(i), event.Draw(t, "event"), state.Draw(t, "to"))
		}
	}
	b.On("0", "✓", "ended")
	b.Initial("0")
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// drawLog draws a log of few entries: of what the model can do, mostly, with
// spans that may overlap, some pending, and some changed.
func drawLog(t *rapid.T, sys explore.System, o Options, events []string) *Log {
	l := &Log{}
	add := func(event string) {
		now := int64(3 * len(l.Entries))
		l.Entries = append(l.Entries, Entry{
			Process: rapid.SampledFrom([]string{"p", "q"}).Draw(t, "process"),
			Event:   event,
			Begin:   now - int64(rapid.IntRange(0, 5).Draw(t, "before")),
			End:     now + int64(rapid.IntRange(0, 5).Draw(t, "after")),
		})
	}
	at := make([]uint64, sys.Width())
	if err := sys.Initial(at); err != nil {
		panic(err)
	}
	most := rapid.IntRange(1, 5).Draw(t, "entries")
	for range 3 * most {
		var steps explore.Steps
		if err := sys.Successors(at, &steps); err != nil {
			panic(err)
		}
		if len(steps.Events) == 0 || len(l.Entries) == most {
			break
		}
		k := rapid.IntRange(0, len(steps.Events)-1).Draw(t, "step")
		name := sys.Events().Name(steps.Events[k])
		at = slices.Clone(steps.States[k*len(at) : (k+1)*len(at)])
		if slices.Contains(events, name) && (!belongsToAny(name, o.Partly) || rapid.Bool().Draw(t, "logged")) {
			add(name)
		}
	}
	if len(l.Entries) == 0 || rapid.IntRange(0, 3).Draw(t, "one more") == 0 {
		add(rapid.SampledFrom(events).Draw(t, "event"))
	}
	for i := range l.Entries {
		e := &l.Entries[i]
		switch rapid.IntRange(0, 15).Draw(t, "change") {
		case 0:
			e.Event = rapid.SampledFrom(events).Draw(t, "instead")
		case 1:
			e.Event, e.May, e.End = "", []string{e.Event}, Pending
		case 2:
			e.Event, e.End = "", Pending
		}
	}
	if len(l.Entries) > 1 && rapid.IntRange(0, 2).Draw(t, "swapped") == 0 {
		x, y := &l.Entries[0], &l.Entries[len(l.Entries)-1]
		x.Event, y.Event = y.Event, x.Event
		x.May, y.May = y.May, x.May
		x.End, y.End = max(x.Begin, min(x.End, y.End)), max(y.Begin, y.End)
		for _, e := range []*Entry{x, y} {
			switch {
			case e.Event == "" && e.End != Pending:
				e.End = Pending
			case e.Event != "" && e.End == Pending:
				e.End = e.Begin + 1
			}
		}
	}
	if o.PerProcess || rapid.Bool().Draw(t, "turned") {
		// What is in the log first does not come first if it says otherwise.
		k := rapid.IntRange(0, len(l.Entries)-1).Draw(t, "turn")
		l.Entries = append(slices.Clone(l.Entries[k:]), l.Entries[:k]...)
	}
	return l
}

func TestCheckMeansSomeOrder(t *testing.T) {
	came := map[string]int{} // how often each outcome did
	defer func() {
		t.Log(came)
		for _, outcome := range []string{"holds", "fails at once", "fails later"} {
			if all := came["holds"] + came["fails at once"] + came["fails later"]; !t.Failed() && all >= 60 && 20*came[outcome] < all {
				t.Errorf("%s is rare: %d of %d", outcome, came[outcome], all)
			}
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		m := drawModel(t)
		sys := explore.Machine(m)
		names := []string{"✓", "a"}
		for e := model.Event(2); int(e) < sys.Events().Len(); e++ {
			names = append(names, sys.Events().Name(e))
		}
		var o Options
		slices.Sort(names[1:])
		names = slices.Compact(names)
		visible := names[1:] // ✓ aside
		pick := rapid.SliceOfDistinct(rapid.SampledFrom(visible), rapid.ID[string])
		o.Observed, o.Partly = pick.Draw(t, "observed"), pick.Draw(t, "partly")
		o.PerProcess = rapid.Bool().Draw(t, "per process")
		names = slices.DeleteFunc(names, func(n string) bool { return n != "✓" && !o.Observes(n) })
		log := drawLog(t, sys, o, names)
		want := (&oracle{sys, log, o}).most()
		for _, determined := range []bool{false, true} {
			s := newSearch(context.Background(), sys, log, o, explore.Limits{})
			s.most = rapid.IntRange(1, 5).Draw(t, "segments")
			if determined {
				s.determine(mostHeld)
			}
			v, err := s.verdict()
			if err != nil {
				t.Fatal(err)
			}
			if v.Explained != want || (v.Answer == deadlock.Holds) != (want == v.Events) {
				t.Fatalf("determined %v: %v: %d of %d explained, want %d", determined, v.Answer, v.Explained, v.Events, want)
			}
			switch {
			case v.Answer == deadlock.Holds && v.Events > 1:
				came["holds"]++
			case v.Answer == deadlock.Holds:
				came["holds, with an event at most"]++
			case v.Explained == 0:
				came["fails at once"]++
			default:
				came["fails later"]++
			}
			if v.Answer == deadlock.Fails {
				checkStory(t, sys, log, &o, v)
			}
		}
	})
}

// checkStory makes sure that what is told of a failure is so.
func checkStory(t *rapid.T, sys explore.System, log *Log, o *Options, v *Verdict) {
	oracle := &oracle{sys, log, *o}
	explained := 0
	for k, j := range v.Order {
		if !log.Entries[j].pending() {
			explained++
		}
		for _, i := range v.Order[k+1:] {
			if oracle.before(i, j) && !log.Entries[i].pending() {
				t.Errorf("entry %d comes after entry %d: %v", i, j, v.Order)
			}
		}
	}
	if explained != v.Explained {
		t.Errorf("the order has %d entries that have happened, not %d", explained, v.Explained)
	}
	ce := v.Counterexample
	if got := ce.Impl.Trace(); !slices.Equal(got, ce.Wanted[:len(ce.Wanted)-1]) {
		t.Errorf("the story has the trace %v, and not %v", got, ce.Wanted)
	}
	for _, i := range v.Next {
		if e := log.Entries[i].Event; slices.Contains(ce.Allowed, e) {
			t.Errorf("%s is allowed, and is said not to be", e)
		}
	}
	if len(v.Next) == 0 {
		t.Error("nothing is to come next")
	}
	// What the story says can be done, step by step.
	s := make([]uint64, sys.Width())
	_ = sys.Initial(s)
	at := map[string][]uint64{"": s}
	for i, j := range v.Order {
		at = oracle.after(at, func(e model.Event) bool { return sys.Events().Name(e) == ce.Wanted[i] })
		if x := &log.Entries[j]; !x.pending() && x.Event != ce.Wanted[i] {
			t.Errorf("entry %d is told as %s", j, ce.Wanted[i])
		}
	}
	if len(at) == 0 {
		t.Errorf("the model cannot do %v", ce.Wanted)
	}
	for _, e := range ce.Allowed {
		if len(oracle.after(at, func(x model.Event) bool { return sys.Events().Name(x) == e })) == 0 {
			t.Errorf("%s is said to be allowed after %v", e, ce.Wanted)
		}
	}
}

func TestLimitsAndLargeModels(t *testing.T) {
	b := model.NewMachine("COUNT", model.NewEvents())
	const n = 300
	for i := range n {
		b.On(fmt.Sprint(i), "a", fmt.Sprint(i+1))
		b.On(fmt.Sprint(i), "quiet", fmt.Sprint(i+1))
	}
	b.Initial("0")
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	log := &Log{}
	for i := range n + 1 {
		log.Entries = append(log.Entries, Entry{Event: "a", Begin: int64(i), End: int64(i)})
	}
	o := Options{Observed: []string{"a"}}
	v, err := Check(context.Background(), explore.Machine(m), log, o, explore.Limits{})
	if err != nil || v.Answer != deadlock.Fails || v.Explained != n {
		t.Errorf("%v, %v", v, err)
	}
	v, err = Check(context.Background(), explore.Machine(m), log, o, explore.Limits{States: 1000})
	if err != nil || v.Answer != deadlock.Unknown || v.Reason != "more than 1000 states" {
		t.Errorf("%v, %v", v, err)
	}
	s := newSearch(context.Background(), explore.Machine(m), log, o, explore.Limits{})
	s.determine(1000)
	if _, err := s.verdict(); err != errTooLarge {
		t.Errorf("with a bound on sets of states: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if v, err = Check(ctx, explore.Machine(m), log, o, explore.Limits{}); err != nil || v.Reason != "cancelled" {
		t.Errorf("%v, %v", v, err)
	}
	if _, err = Check(ctx, explore.Machine(m), log, Options{Observed: []string{"a", "b"}}, explore.Limits{}); err == nil {
		t.Error("b is observed, and is no event")
	}
	if _, err = Check(ctx, explore.Machine(m), log, Options{Observed: []string{"quiet"}}, explore.Limits{}); err == nil {
		t.Error("the log has what is not observed")
	}
}
