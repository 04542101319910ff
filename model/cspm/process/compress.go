package process

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A compressor makes of a machine one that is equal in T, F and FD.
type compressor struct {
	do    func(m *model.Machine, check func() error) (*model.Machine, error)
	sound bool // also under prioritise and chase
}

// Compressors are the compressions of scripts, by name. lazyenumerate is
// none: states are enumerated when they are needed anyway.
var compressors = map[string]compressor{
	"explicate":       {lts.Explicate, true},
	"sbisim":          {lts.Bisim, true},
	"dbisim":          {lts.DBisim, true},
	"wbisim":          {lts.WBisim, true},
	"tau_loop_factor": {lts.TauLoops, false},
	"diamond":         {lts.Diamond, false},
	"normal":          {lts.Normalise, false},
	"lazynorm":        {lts.Normalise, false},
	"model_compress":  {modelCompress, false},
}

// modelCompress does what is sound in every model and does not grow.
func modelCompress(m *model.Machine, check func() error) (*model.Machine, error) {
	d, err := lts.Diamond(m, check)
	if err != nil {
		return nil, err
	}
	return lts.Bisim(d, check)
}

// Compressions returns the names of the compressions of scripts.
func Compressions() []string {
	names := []string{"lazyenumerate"}
	for name := range compressors {
		names = append(names, name)
	}
	return names
}

// Spending this much has whoever limits the work asked.
const askAtOnce = 1 << 14

// A Compression says what a compression came to.
type Compression struct {
	Name    string // such as sbisim
	Process string
	At      syntax.Span // where it stands

	// States and transitions of the process, and of what has become of it.
	States, Transitions           int
	StatesAfter, TransitionsAfter int
}

// Compress returns what the compression called name makes of a process. That
// is done once it is needed.
func (s *Space) Compress(name string, p *Term, at syntax.Span) *Term {
	if name == "lazyenumerate" || s.Uncompressed {
		return p
	}
	return s.Delay(&compression{s, name, p, at})
}

// A compression is a process that is yet to be compressed.
type compression struct {
	space *Space
	name  string
	p     *Term
	at    syntax.Span
}

func (c *compression) AppendKey(k *value.Keys, b []byte) []byte {
	b = append(append(b, keyCompress, byte(len(c.name))), c.name...)
	return k.Append(b, c.p)
}

// Name is that of the process: compressing it is nobody's business.
func (c *compression) Name() string {
	if c.p.Op == Delayed {
		return c.p.delay().Name()
	}
	return ""
}

func (c *compression) Span() syntax.Span { return c.at }

func (c *compression) Unfold() *Term {
	s := c.space
	s.mainOnly()
	key := string(c.AppendKey(s.Keys, nil))
	done := s.compressed[key]
	if done == nil {
		m := s.machine(c.p, c.at)
		how := compressors[c.name]
		after, err := how.do(m, func() error { s.Spend(askAtOnce); return nil })
		if err != nil {
			panic(err) // faults come as panics
		}
		done = &compressed{machine: after, name: c.name, at: c.at, sound: how.sound, number: uint32(len(s.compressed))}
		s.unsound = s.unsound || !how.sound
		s.compressed[key] = done
		if s.Compressed != nil {
			s.Compressed(Compression{
				c.name, c.p.String(), c.at, m.Len(), m.NumTransitions(), after.Len(), after.NumTransitions(),
			})
		}
	}
	return s.explicit(done, done.machine.Initial())
}

// An out is a transition of a state.
type out struct {
	event model.Event
	to    model.State
}

// What a state and a transition of a model.Machine take.
const (
	stateBytes      = 8
	transitionBytes = 8
)

// machine returns the states of a process, which is compressed at a place in
// the script, as a machine.
func (s *Space) machine(p *Term, at syntax.Span) *model.Machine {
	s.State(p) // has one, and so can be asked how it is made
	var sys explore.System = &bare{s, p}
	if concurrent(p) {
		net, err := s.Network(p, NetworkOptions{})
		switch {
		case err == nil:
			sys = explore.NetworkWithin(s.Room, net)
		case !errors.Is(err, ErrNoNetwork):
			panic(err)
		}
	}
	defer func(n int) { s.worked = n }(s.worked) // it is worth it
	m := model.NewMachine(p.String(), s.events)
	var own []out // of a state, to be sorted: then Build need not
	search, err := explore.Run(context.Background(), sys, explore.Limits{States: s.MostStates}, func(v *explore.Visit) bool {
		s.Spend(64 * (1 + len(v.Targets)))
		own = own[:0]
		for i, e := range v.Steps.Events {
			own = append(own, out{e, model.State(v.Targets[i])})
		}
		slices.SortFunc(own, func(x, y out) int { return cmp.Or(cmp.Compare(x.event, y.event), cmp.Compare(x.to, y.to)) })
		for _, t := range own {
			m.Add(model.State(v.State), t.event, t.to)
		}
		return true
	})
	if err == nil {
		err = s.Room(stateBytes*search.States + transitionBytes*search.Transitions)
	}
	if err == nil {
		m.States(search.Len())
		m.Start(0)
		var built *model.Machine
		if built, err = m.Build(); err == nil {
			return built
		}
	}
	var bad *mistake
	if errors.As(err, &bad) {
		bad.again()
	}
	panic(&value.Fault{Limit: true, At: at, Msg: err.Error() + " of a process that is to be compressed"})
}

// A compressed is a process after its compression.
type compressed struct {
	machine *model.Machine
	name    string
	at      syntax.Span // where it was first asked for
	sound   bool
	number  uint32
}

// An explicit is a state of one.
type explicit struct {
	*compressed
	state model.State
}

func (e *explicit) AppendKey(_ *value.Keys, b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, keyExplicit), e.number)
	return binary.LittleEndian.AppendUint32(b, uint32(e.state))
}

func (s *Space) explicit(c *compressed, at model.State) *Term {
	s.mainOnly()
	return &Term{Op: Explicit, id: -1, args: s.plain, leaf: &explicit{c, at}}
}

// explicit: what the machine does.
func (x *stepper) explicit() {
	e := x.t.leaf.(*explicit)
	events, targets := e.machine.Transitions(e.state)
	for i, a := range events {
		to := x.space.omega
		if a != model.Tick {
			to = x.space.explicit(e.compressed, targets[i])
		}
		x.space.Spend(8)
		x.trans = append(x.trans, Trans{Event: a, To: to, becomes: follows})
	}
}

// onlySound checks that nothing below a priority or chase has lost what these
// look at.
func (s *Space) onlySound(t *Term, by string) {
	if !s.unsound {
		return
	}
	t = t.Head()
	if e, ok := t.leaf.(*explicit); ok && !e.sound {
		panic(&value.Fault{At: e.at, Msg: e.name + " does not keep which τ and events a state offers together, so that it may not stand under " +
			by + ": use sbisim, dbisim or wbisim"})
	}
	for i, kid := range t.Kids {
		if !t.Op.off(i) {
			s.onlySound(kid, by)
		}
	}
}
