package golang

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// An assembly is a network in the making.
type assembly struct {
	p        *Program
	events   *model.Events
	rules    *model.Rules
	linger   bool
	spurious bool

	gs      []goroutine
	machine []*model.Machine // of each goroutine
	number  map[*object]int32
	does    map[*object]model.Alphabet
	limits  *limits
	limit   int32 // the component of limits, or -1
	ends    map[meeting][]end
}

// A meeting is a value on a channel without capacity.
type meeting struct {
	c     *Chan
	value int
}

// An end is a goroutine at one end of a channel.
type end struct {
	g     int
	event model.Event
	sends bool
	hasty bool
}

func (p *Program) assemble(linger, spurious bool) (*assembly, error) {
	routines, err := p.routines()
	if err != nil {
		return nil, err
	}
	events := model.NewEvents()
	b := &assembly{
		p: p, events: events, rules: model.NewRules(p.name, events), linger: linger, spurious: spurious,
		number: map[*object]int32{}, does: map[*object]model.Alphabet{}, limits: &limits{program: p.name}, ends: map[meeting][]end{},
	}
	if b.gs, err = p.goroutines(routines); err != nil {
		return nil, err
	}
	if err := b.ownSteps(); err != nil {
		return nil, err
	}
	if err := b.components(); err != nil {
		return nil, err
	}
	if err := b.objects(); err != nil {
		return nil, err
	}
	b.limit = int32(len(b.gs) + len(b.number))
	for g := range b.gs {
		b.steps(g)
	}
	b.meetings()
	b.timeouts()
	b.termination()
	if len(b.limits.texts) > 0 {
		stop := b.events.Event("limit")
		b.rules.Rule(stop, []model.Part{{Component: b.limit, Event: stop}}) // so that it is looked at in every state
		b.rules.Component(model.Component{Name: "limit", Demand: b.limits, Resource: true})
	}
	return b, nil
}

// ownSteps checks that no Step is taken for an event of something shared, used
// or not: questions about panics and races know those by their names.
func (b *assembly) ownSteps() error {
	var problems []error
	seen := map[string]bool{}
	for _, g := range b.gs {
		for e := range g.routine.machine.Alphabet().All() {
			a := g.routine.actions[e]
			if a == nil || !a.step || seen[a.label] {
				continue
			}
			for _, o := range b.p.objects {
				if a.label == o.name || strings.HasPrefix(a.label, o.label("")) {
					seen[a.label] = true
					problems = append(problems, fmt.Errorf("program %s: func %s: Step(%q) has the name of an event of %s, declared at %s", b.p.name, g.routine.f.name, a.label, o.name, o.at))
					break
				}
			}
		}
	}
	return errors.Join(problems...)
}

// components adds the goroutines. Those of one function share a machine.
func (b *assembly) components() error {
	made := map[*routine]*model.Machine{}
	places := map[*routine]int{}
	for _, g := range b.gs {
		places[g.routine]++
	}
	for _, g := range b.gs {
		r := g.routine
		if made[r] == nil {
			main := r.f == b.p.main
			m, err := r.ruled(main, places[r] > 1 || r.f.most > 0 || main && len(b.p.timeouts) > 0)
			if err != nil {
				return err
			}
			made[r] = m
		}
		b.machine = append(b.machine, made[r])
		b.rules.Component(model.Component{Name: g.name, Machine: made[r], Imposed: r.imposed(made[r])})
	}
	return nil
}

// imposed returns the local events of a goroutine that it doesn't wait for: to
// be started, to end with the program, and panics.
func (r *routine) imposed(m *model.Machine) []model.Event {
	out := []model.Event{model.Tick}
	for e := range m.Alphabet().All() {
		if a := r.actions[e]; a == nil || a.crashes || a.beyond != "" {
			out = append(out, e)
		}
	}
	return out
}

// Local events by which rules rule goroutines.
const (
	killed = "killed" // main, by a panic elsewhere
	busy   = "busy"   // the place is taken, or, of main, the program runs
)

// ruled returns the machine of a routine with killed from each state of main,
// and, if it is asked for, busy at each state of one that runs.
func (r *routine) ruled(main, asked bool) (*model.Machine, error) {
	if !main && !asked {
		return r.machine, nil
	}
	m := r.machine
	b := model.NewMachine(m.Name(), m.Events())
	for s := range model.State(m.Len()) {
		b.State(m.StateName(s))
	}
	for s := range model.State(m.Len()) {
		events, targets := m.Transitions(s)
		for i, e := range events {
			b.Add(s, e, targets[i])
		}
		name := m.StateName(s)
		if name == over || name == gone || name == resting {
			continue
		}
		if main {
			b.On(name, killed, gone)
			b.On(gone, "✓", over)
		}
		if asked {
			b.On(name, busy, name)
		}
	}
	b.Start(m.Initial())
	return b.Build()
}

// objects adds what is shared and used.
func (b *assembly) objects() error {
	waiters := map[*object][]string{}
	used := map[*object]bool{}
	for _, g := range b.gs {
		for e := range g.routine.machine.Alphabet().All() {
			a := g.routine.actions[e]
			if a == nil {
				continue
			}
			if a.meets != nil {
				used[&a.meets.object] = true
			}
			for _, t := range a.parts {
				used[t.object] = true
				if t.own && !slices.Contains(waiters[t.object], g.name) {
					waiters[t.object] = append(waiters[t.object], g.name)
				}
			}
		}
	}
	for _, c := range b.p.contexts {
		for up := c.parent; up != nil && used[&c.object]; up = up.parent {
			used[&up.object] = true
		}
	}
	for _, o := range b.p.objects {
		if !used[o] {
			continue
		}
		m, err := o.machine(b.events, &circumstances{waiters[o], len(b.gs)})
		if err != nil {
			return fmt.Errorf("program %s: %s: %w", b.p.name, o.at, err)
		}
		b.number[o] = int32(b.rules.Component(model.Component{Name: o.name, Machine: m, Resource: true}))
		b.does[o] = m.Alphabet()
		delete(used, o)
	}
	for o := range used {
		return fmt.Errorf("program %s: %s at %s belongs to another program", b.p.name, o.name, o.at)
	}
	return nil
}

// event returns what an object does when goroutine g touches it; false if it
// never does that.
func (b *assembly) event(t touch, g int) (model.Part, bool) {
	name := t.object.name + "." + t.event
	if t.own {
		name += "." + b.gs[g].name
	}
	e, ok := b.events.Lookup(name)
	return model.Part{Component: b.number[t.object], Event: e}, ok && b.does[t.object].Contains(e)
}

// steps adds the rules of goroutine g, but for those that need another one's
// end of a channel.
func (b *assembly) steps(g int) {
	m := b.machine[g]
	local := model.Part{Component: int32(g)}
	silent := false
	for s := range model.State(m.Len()) {
		events, _ := m.Transitions(s)
		silent = silent || len(events) > 0 && events[0] == model.Tau
	}
	if silent {
		local.Event = model.Tau
		b.rules.Rule(model.Tau, []model.Part{local})
	}
	for e := range m.Alphabet().All() {
		a := b.gs[g].routine.actions[e]
		if a == nil { // it is started by another
			continue
		}
		local.Event = e
		if a.meets != nil {
			k := meeting{a.meets, a.value}
			b.ends[k] = append(b.ends[k], end{g, e, a.sends, a.hasty})
			continue
		}
		parts, ok := b.parts(a, g)
		if !ok {
			continue
		}
		parts = append(parts, local)
		world := a.world
		if world == "" {
			world = a.label
		}
		switch {
		case a.beyond != "":
			b.beyond(a.beyond, parts)
		case a.starts != nil:
			b.start(a, world, parts, g)
		case a.crashes:
			b.crash(world, parts, g)
		default:
			b.rules.Rule(b.events.Event(world), parts)
		}
	}
}

// parts returns what the others do in an action of g; false if they never do.
func (b *assembly) parts(a *action, g int) ([]model.Part, bool) {
	if a.idle && b.spurious {
		return nil, true
	}
	var parts []model.Part
	for _, t := range a.parts {
		p, ok := b.event(t, g)
		if !ok {
			return nil, false
		}
		parts = append(parts, p)
	}
	return parts, true
}

// beyond adds the rule of a step that passes a limit.
func (b *assembly) beyond(text string, parts []model.Part) {
	at := slices.Index(b.limits.texts, text)
	if at < 0 {
		at = len(b.limits.texts)
		b.limits.texts = append(b.limits.texts, text)
		b.limits.events = append(b.limits.events, b.events.Event("limit: "+text))
	}
	e := b.limits.events[at]
	b.rules.Rule(e, append(parts, model.Part{Component: b.limit, Event: e}))
}

// start adds the rules by which goroutine by starts another: in the first place
// of its function that is free, which its own is not.
func (b *assembly) start(a *action, world string, parts []model.Part, by int) {
	parts = slices.Clip(parts)
	var taken []model.Part
	several := b.places(a.starts) > 1 || a.starts.most > 0
	for g, x := range b.gs {
		if x.routine.f != a.starts || g == by {
			continue
		}
		local := b.machine[g].Events()
		begin, _ := local.Lookup(starting + a.starts.call(a.args))
		place := model.Part{Component: int32(g), Event: begin}
		b.rules.Rule(b.events.Event(world), append(append(parts, taken...), place))
		if several {
			at, _ := local.Lookup(busy)
			taken = append(taken, model.Part{Component: int32(g), Event: at})
		}
	}
	if most := a.starts.most; most > 0 {
		b.beyond(fmt.Sprintf("more than %d goroutines run %s", most, a.starts.name), append(parts, taken...))
	}
}

// places returns how many goroutines there are of a function.
func (b *assembly) places(f *Func) int {
	n := 0
	for _, g := range b.gs {
		if g.routine.f == f {
			n++
		}
	}
	return n
}

// crash adds the rule of a panic: all goes back to where it began, where no
// goroutine runs, but for main, which is gone.
func (b *assembly) crash(world string, parts []model.Part, g int) {
	if g != 0 {
		e, _ := b.machine[0].Events().Lookup(killed)
		parts = append(parts, model.Part{Event: e})
	}
	b.rules.Rule(b.events.Event(world), parts, b.allButMain())
}

func (b *assembly) allButMain() model.Span {
	return model.Span{Lo: 1, Hi: int32(len(b.gs) + len(b.number))}
}

// meetings adds the rules of channels without capacity: any sender, any
// receiver, if one of them may have waited for the other.
func (b *assembly) meetings() {
	for _, o := range b.p.objects {
		for _, k := range b.meetingsOf(o) {
			for _, s := range b.ends[k] {
				for _, r := range b.ends[k] {
					if s.sends && !r.sends && s.g != r.g && !(s.hasty && r.hasty) {
						b.meet(k, s, r)
					}
				}
			}
		}
	}
}

func (b *assembly) meetingsOf(o *object) []meeting {
	var out []meeting
	for k := range b.ends {
		if &k.c.object == o {
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(x, y meeting) int { return x.value - y.value })
	return out
}

func (b *assembly) meet(k meeting, s, r end) {
	e := b.events.Event(k.c.name + k.c.typ.suffix(k.value))
	b.rules.Rule(e, []model.Part{
		{Component: int32(s.g), Event: s.event},
		{Component: int32(r.g), Event: r.event},
		{Component: b.number[&k.c.object], Event: e},
	})
}

// timeouts adds the rules by which contexts become done on their own, while
// the program runs.
func (b *assembly) timeouts() {
	if len(b.p.timeouts) == 0 {
		return
	}
	e, _ := b.machine[0].Events().Lookup(busy)
	runs := model.Part{Event: e}
	for _, c := range b.p.timeouts {
		b.expires(c, runs)
		b.inherit(c, runs)
	}
}

func (b *assembly) expires(c *Context, when ...model.Part) {
	if p, ok := b.event(touch{object: &c.object, event: "expire"}, 0); ok {
		b.rules.Rule(p.Event, append(slices.Clip(when), p))
	}
}

// inherit adds the rules by which those derived from a context with a timeout
// become done after it.
func (b *assembly) inherit(c *Context, runs model.Part) {
	for _, k := range c.kids {
		if p, ok := b.event(touch{object: &c.object, event: "done"}, 0); ok {
			b.expires(k, runs, p)
		}
		b.inherit(k, runs)
	}
}

// termination adds the rule for ✓: main has returned, or there was a panic;
// when goroutines linger, all are to have ended.
func (b *assembly) termination() {
	parts := []model.Part{{Event: model.Tick}}
	if b.linger {
		for g := 1; g < len(b.gs); g++ {
			parts = append(parts, model.Part{Component: int32(g), Event: model.Tick})
		}
	}
	b.rules.Rule(model.Tick, parts, b.allButMain())
}

// limits is a component that is only there to end the search with an error:
// state 0 is the beginning, and state i+1 comes after event i.
type limits struct {
	program string
	texts   []string
	events  []model.Event
}

func (l *limits) Initial() (model.State, error) { return 0, nil }

func (l *limits) Transitions(s model.State) ([]model.Event, []model.State, error) {
	if s > 0 {
		return nil, nil, fmt.Errorf("program %s: %s", l.program, l.texts[s-1])
	}
	targets := make([]model.State, len(l.events))
	for i := range targets {
		targets[i] = model.State(i + 1)
	}
	return l.events, targets, nil
}
