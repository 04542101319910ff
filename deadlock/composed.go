package deadlock

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/inductive"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// Compress says whether deadlock freedom and refinement are answered by
// composing a network's components one by one, and compressing what is composed
// (see inductive.Compose), rather than by a search of its states. Where that
// is not sound, or what is composed gets too large, the states are searched.
//
// What is composed keeps stable failures and forgets divergence. So deadlock
// freedom in FD is answered so only where it is plain that the network does
// not diverge (see inductive.Settles), and refinement in FD keeps divergences.
//
// A counterexample that is found so is a path of the network like any other,
// but not promised to be a shortest one. WherePays looks for a shortest one a
// little longer.
type Compress string

const (
	WherePays          Compress = ""      // once the search has found many states
	CompressFirst      Compress = "first" // before any search
	WithoutCompression Compress = "never"
)

// A search that ends before this many states, fewer where each takes longer, is
// not worth compressing; and what may be spent on an attempt.
const (
	soonDone      = 1 << 16 // states, of a small network
	smallNetwork  = 32      // components at most
	soonRules     = 1 << 17 // possible in its states
	soonWords     = 1 << 20 // of which
	fewComponents = 4
	attemptStates = 1 << 17
	attemptWork   = 1 << 22
	attemptEach   = 1 << 12 // more, for each component
	lookWords     = 1 << 20 // of states searched for a shorter counterexample
	mostStates    = 1 << 20 // of CompressFirst
	mostWork      = 1 << 28
)

// A composing is a question that may be answered by composition.
type composing struct {
	Question
	*explore.Layout
	machines []*model.Machine
	plan     inductive.Plan
	refused  string // why it may not
}

// composing returns how a question is answered by composition, or nil if it
// is not one that can be.
func (q *Question) composing() *composing {
	if q.Compress == WherePays && (q.Symmetry || q.Reduce == StubbornSets) {
		return nil // another reduction was asked for
	}
	if q.Compress == WithoutCompression || q.Topic != Refinement && q.Topic != DeadlockFreedom {
		return nil
	}
	c := &composing{Question: *q}
	if c.Model == "" {
		c.Model = FD
	}
	c.prepare()
	if c.refused != "" && q.Compress == WherePays {
		return nil
	}
	return c
}

// prepare fills in the plan, or says why there is none.
func (c *composing) prepare() {
	if c.Layout = layoutOf(c.Impl); c.Layout == nil {
		c.refused = "the process is not searched as a network"
		return
	}
	if len(c.Net.Components()) < fewComponents && c.Compress == WherePays {
		c.refused = "there are few components"
		return
	}
	for i, f := range c.Fields {
		if f.Machine == nil {
			c.refused = fmt.Sprintf("component %s is evaluated on demand", c.Net.Components()[i].Name)
			return
		}
		c.machines = append(c.machines, f.Machine)
	}
	c.plan = inductive.Plan{
		Visible: c.Topic == Refinement, States: attemptStates, Work: attemptWork + attemptEach*len(c.machines),
		Keep: map[Model]lts.Keep{T: lts.Traces, F: lts.Failures, FD: lts.Everything}[c.Model],
	}
	if c.Compress == CompressFirst {
		c.plan.States, c.plan.Work = mostStates, mostWork
	}
	switch {
	case c.Net.Priority() != nil:
		c.refused = "the process is under a priority"
	case c.Topic == DeadlockFreedom && c.Terminates:
		c.refused = "it is asked whether it terminates, too"
	case c.Topic == DeadlockFreedom:
		c.plan.Keep = lts.Failures
	}
}

// settles reports whether divergence does not matter, or is plainly impossible.
func (c *composing) settles() bool {
	return c.Topic != DeadlockFreedom || c.Model == F || inductive.Settles(c.Net, c.machines)
}

// answered answers a question by composition where that pays, and otherwise
// by a search.
func (c *composing) answered(ctx context.Context, limits explore.Limits) (*Verdict, error) {
	plain := c.Question
	plain.Compress = WithoutCompression
	why := ""
	known, err := limits.Checkpoint.Known(outcomeComposing, &why)
	if err != nil {
		return &Verdict{}, err
	}
	if known {
		return c.uncomposed(ctx, plain, why, limits)
	}
	before := learnt(c.Impl, c.Spec)
	if c.Compress == WherePays {
		if v, err := c.searched(ctx, plain, limits); v != nil || err != nil {
			return v, err
		}
	}
	why = c.refused
	if why == "" && !c.settles() {
		why = "it may diverge"
	}
	if why == "" {
		v, err := c.compose(ctx, unkept(limits))
		var u *inductive.Unsuited
		switch {
		case errors.As(err, &u):
			why = u.Reason
		case limits.Spill != "" && limitOf(err) != nil && limitOf(err).OfMemory():
			why = "it takes more memory than there is"
		case err != nil:
			return limited(&Verdict{}, err)
		case v != nil && v.Answer == Fails && c.Compress == WherePays:
			return c.shortest(ctx, plain, v, unkept(limits))
		case v != nil:
			return v, nil
		default:
			why = "it diverges"
		}
	}
	if before.same(c.Impl, c.Spec) {
		if err := limits.Checkpoint.Note(outcomeComposing, why); err != nil {
			return &Verdict{}, err
		}
	}
	return c.uncomposed(ctx, plain, why, limits)
}

// searched answers by a search that is over soon, or else returns nil: among a few
// states, and then among more where each takes little.
func (c *composing) searched(ctx context.Context, plain Question, limits explore.Limits) (*Verdict, error) {
	most := soonDone * smallNetwork / int64(max(smallNetwork, len(c.machines)))
	plain.specStates = soonDone // those of many components are wide, not those of a specification
	if limits.States > 0 {
		plain.specStates = min(soonDone, limits.States)
	}
	for {
		if limits.States > 0 && limits.States <= most {
			return Ask(ctx, plain, limits)
		}
		some := unkept(limits)
		some.States = most
		v, err := Ask(ctx, plain, some)
		switch {
		case err != nil || v.Answer != Unknown:
			return v, err
		case v.Stats.States == 0 || max(v.Stats.SpecNodes, v.Stats.SpecStates) > max(most, plain.specStates): // what is too large is the specification
			return nil, nil
		case v.Stats.States < most:
			return v, nil
		}
		more := min(soonRules*v.Stats.States/max(v.Stats.States, possible(v)), int64(soonWords/c.Impl.Width()))
		if more < 2*most { // what was searched is searched again
			return nil, nil
		}
		most = more
	}
}

// possible returns how many rules were possible in the states of a search, of
// which a reduced one followed some.
func possible(v *Verdict) int64 {
	rules := v.Stats.Transitions
	for _, r := range v.Stats.Usage.Reductions {
		of, _ := r.Of.Int64()
		rules = max(rules, of)
	}
	return rules
}

// uncomposed answers by a search.
func (c *composing) uncomposed(ctx context.Context, plain Question, why string, limits explore.Limits) (*Verdict, error) {
	v, err := Ask(ctx, plain, limits)
	if v != nil {
		v.Composition = &Composition{Refused: why}
	}
	return v, err
}

// shortest looks for a shorter counterexample than that of v, as far as that
// takes little memory.
func (c *composing) shortest(ctx context.Context, plain Question, v *Verdict, limits explore.Limits) (*Verdict, error) {
	plain.Reduce = NoReduction
	most := int64(lookWords / c.Impl.Width())
	if most <= soonDone || limits.States > 0 && limits.States <= soonDone {
		return v, nil
	}
	if limits.States == 0 || limits.States > most {
		limits.States = most
	}
	found, err := Ask(ctx, plain, limits)
	switch {
	case err != nil:
		return found, err
	case found.Answer == Holds:
		panic("deadlock: there is a counterexample that a search does not find")
	case found.Answer == Fails:
		return found, nil
	}
	return v, nil
}

// A Composition says what came of an attempt to compose a network.
type Composition struct {
	inductive.Report
	Time, CPU time.Duration // that composing took; CPU 0 where the system does not tell
	Refused   string        // why the states were searched instead, or ""
}

// compose answers by composition. It returns nil if the composed machine
// diverges where it should not.
func (c *composing) compose(ctx context.Context, limits explore.Limits) (*Verdict, error) {
	limits.Enter(explore.Exploring)
	c.plan.Check = limits.Watch(ctx)
	if limits.States > 0 {
		c.plan.States = min(c.plan.States, int(limits.States))
	}
	begun, cpu := time.Now(), explore.CPUTime()
	made, err := inductive.Compose(c.Net, c.machines, c.plan)
	if err != nil {
		return nil, err
	}
	v := &Verdict{Answer: Holds, Composition: &Composition{Report: made.Report, Time: time.Since(begun), CPU: explore.CPUTime() - cpu}}
	v.Stats.States, v.Stats.Transitions = int64(made.States), int64(made.Transitions)
	v.Stats.Usage.Reductions = []explore.Reduction{c.left(made.Report)}
	var firings []inductive.Firing
	if c.Topic == DeadlockFreedom {
		if !made.Deadlocks() {
			return v, nil
		}
		limits.Enter(explore.Telling)
		firings, err = made.DeadlockPath(c.plan.Check)
	} else {
		var f *finding
		f, v.Stats.Missed, err = c.refine(ctx, made.Machine(), limits)
		if f == nil || err != nil {
			if err == nil {
				return v, nil
			}
			return nil, err
		}
		if f.loop >= 0 {
			return nil, nil
		}
		var events []model.Event
		var states []model.State
		refuses := true
		for _, s := range f.path {
			events, states = append(events, s.Event), append(states, model.State(s.State[0]))
			refuses = s.State[1] != broken
		}
		limits.Enter(explore.Telling)
		firings, err = made.Path(events, states, refuses, c.plan.Check)
	}
	if err == nil {
		v, err = c.fail(ctx, v, firings, limits)
	}
	return v, explore.Untold(err)
}

// left returns what composing left out.
func (c *composing) left(made inductive.Report) explore.Reduction {
	all := big.NewFloat(1)
	for _, m := range c.machines {
		all.Mul(all, big.NewFloat(float64(m.Len())))
	}
	return explore.Reduction{
		Name: "composing", Taken: big.NewFloat(float64(made.States)), Of: all,
		What: "combinations of states of the components, whether or not they can be reached",
	}
}

// refine returns how a composed machine fails to refine the specification, or
// nil, and how likely it is that states were missed.
func (c *composing) refine(ctx context.Context, m *model.Machine, limits explore.Limits) (*finding, float64, error) {
	q, err := refines(ctx, c.Spec, explore.Machine(m), c.Model, limits)
	if err != nil {
		return nil, 0, err
	}
	var found *finding
	q.tell = func(f *finding) (*explore.Counterexample, error) {
		found = f
		return &explore.Counterexample{}, nil
	}
	limits.Enter(explore.Exploring)
	limits.Phase = nil // what is found may be none of the process
	v, err := q.run(ctx, limits)
	if err == nil && v.Answer == Unknown {
		err = &explore.Limit{Reason: v.Reason}
	}
	return found, v.Stats.Missed, err
}

// fail follows firings on the plain system, and tells the counterexample that
// they are.
func (c *composing) fail(ctx context.Context, v *Verdict, firings []inductive.Firing, limits explore.Limits) (*Verdict, error) {
	limits.Phase = nil // it is part of telling
	q, err := c.inquiry(ctx, limits)
	if err != nil {
		return nil, err
	}
	path, err := c.follow(q, firings)
	if err != nil {
		return nil, err
	}
	ce, err := q.tell(&finding{path, -1})
	if err != nil {
		return nil, err
	}
	v.Answer, v.Counterexample, v.steps, v.Longer = Fails, ce, len(path), true
	return v, nil
}
