package deadlock

import (
	"context"
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// A Notification is what one thread waits for, as the events that tell of it.
type Notification struct {
	Name  string         // for reports; "" is allowed
	Vain  model.EventSet // a notification comes while nobody waits
	Waits model.EventSet // a wait begins
	Ends  model.EventSet // the wait ends
}

// NoLostNotification asks whether no notification is lost: there is no
// reachable state in which one has come while nobody waited, then a wait has
// begun, and it never ends, whatever comes. As Vain events change nothing in
// themselves, this is the mistake of who takes a notification for something
// that lasts (Lea, "Concurrent Programming in Java", 2nd ed., 3.2.2).
//
// The counterexample, of Kind Lost, is a shortest path to a state from which
// on the wait never ends, and then what may go on for ever, if anything. That
// the one comes of the other is not shown: a wait may have no end for another
// reason, after a notification that nobody would have needed.
//
// Events are known by the names that the world sees. If one of them is
// hidden in sys the answer is Unknown. The whole state space is kept: see
// graph.
func NoLostNotification(ctx context.Context, sys explore.System, all []Notification, limits explore.Limits) (*Verdict, error) {
	for i, n := range all {
		if n.Vain == nil || n.Waits == nil || n.Ends == nil {
			return nil, fmt.Errorf("notification %d of %d lacks a set of events: they may be empty, not nil", i, len(all))
		}
	}
	l := &listening{System: sys, all: all}
	limits = limits.Begun()
	g, err := newGraph(ctx, l, limits)
	v := &Verdict{Answer: Holds, Stats: g.Stats}
	if err != nil {
		return limited(v, err)
	}
	var x *loss
	err = relieved(g.Search, func() (err error) {
		x, err = g.lost(len(all), func(s []uint64, tell func(int, bool)) error {
			for i := range all {
				tell(i, !l.waits(s, i)) // the wait has ended, or there is none
			}
			return nil
		})
		return err
	})
	if err != nil {
		return limited(v, err)
	}
	if x == nil {
		return v, nil
	}
	v.Answer = Unknown // until it can be told
	limits.Enter(explore.Telling)
	var ce *explore.Counterexample
	err = relieved(g.Search, func() (err error) {
		ce, err = l.tell(g, x)
		return err
	})
	if err != nil {
		return untold(v, err)
	}
	v.Answer, v.Counterexample = Fails, ce
	v.hope = &inquiry{sys: l, spoilt: x.spoilt(g.Search)}
	v.steps = ce.Lost.Since
	return v, nil
}

// What a listening remembers of a notification.
const (
	came    = 1 << iota // in vain, at some time
	waiting             // a wait has begun since, and has not ended

	memory   = 2 // bits
	together = 64 / memory
)

// A listening is a System that also remembers, in more words, what has become
// of notifications.
type listening struct {
	explore.System
	all   []Notification
	steps explore.Steps
}

func (l *listening) words() int { return (len(l.all) + together - 1) / together }
func (l *listening) Width() int { return l.System.Width() + l.words() }

// Bits makes it an explore.Narrow, and Growing an explore.Growing: the system's
// words come first.
func (l *listening) Bits() []int {
	all := slices.Clone(explore.Bits(l.System))
	for left := len(l.all); left > 0; left -= together {
		all = append(all, min(left, together)*memory)
	}
	return all
}

func (l *listening) Growing() []explore.Bitfield { return explore.GrowingFields(l.System) }

// waits reports whether the wait of notification i has begun in s after one
// that came in vain.
func (l *listening) waits(s []uint64, i int) bool {
	return s[len(s)-l.words()+i/together]>>(i%together*memory)&waiting != 0
}

func (l *listening) Initial(s []uint64) error {
	w := l.System.Width()
	clear(s[w:])
	return l.System.Initial(s[:w:w])
}

func (l *listening) Successors(s []uint64, out *explore.Steps) error {
	w := l.System.Width()
	l.steps.Reset()
	if err := l.System.Successors(s[:w:w], &l.steps); err != nil {
		return err
	}
	if slices.Contains(l.steps.Events, model.Tau) {
		if err := l.hidden(s[:w:w]); err != nil {
			return err
		}
	}
	for i, e := range l.steps.Events {
		out.Events = append(out.Events, e)
		out.States = append(out.States, l.steps.States[i*w:(i+1)*w]...)
		from := len(out.States)
		out.States = append(out.States, s[w:]...)
		l.after(e, out.States[from:])
	}
	return nil
}

// after changes what is remembered when an event happens. When all has ended,
// nobody waits.
func (l *listening) after(e model.Event, words []uint64) {
	switch {
	case e == model.Tau:
		return
	case e == model.Tick:
		clear(words)
		return
	}
	for i, n := range l.all {
		word, shift := &words[i/together], i%together*memory
		if *word>>shift&came != 0 && n.Waits.Contains(e) {
			*word |= waiting << shift
		}
		if n.Ends.Contains(e) {
			*word &^= waiting << shift
		}
		if n.Vain.Contains(e) {
			*word |= came << shift
		}
	}
}

// hidden reports that one of the events is hidden, as it is not seen then when
// it happens.
func (l *listening) hidden(s []uint64) error {
	m, ok := l.System.(explore.Mover)
	if !ok {
		return nil
	}
	name := ""
	err := m.Moves(s, l.wanted, func(m *explore.Move) {
		if m.Event == model.Tau && name == "" {
			name = l.Events().Name(m.Hidden)
		}
	})
	if err == nil && name != "" {
		err = &explore.Limit{Reason: fmt.Sprintf("%s is hidden, and who waits cannot be seen: ask it of the process before it is hidden", name)}
	}
	return err
}

func (l *listening) wanted(e model.Event) bool {
	return e > model.Tick && slices.ContainsFunc(l.all, func(n Notification) bool {
		return n.Vain.Contains(e) || n.Waits.Contains(e) || n.Ends.Contains(e)
	})
}

// tell tells how it comes so far, which notification came in vain and which
// wait began after it, and what can go on for ever.
func (l *listening) tell(g *graph, x *loss) (*explore.Counterexample, error) {
	path, err := g.Path(int(x.state))
	if err != nil {
		return nil, err
	}
	n := l.all[x.task]
	told := &explore.LostOf{Name: n.Name, Since: len(path)}
	for i, p := range path {
		if p.Event > model.Tick && n.Waits.Contains(p.Event) {
			told.Wait = i
		}
	}
	for i, p := range path[:told.Wait] {
		if p.Event > model.Tick && n.Vain.Contains(p.Event) {
			told.Vain = i
		}
	}
	more, loop, err := g.forever(l, x.state)
	if err != nil {
		return nil, err
	}
	if loop >= 0 {
		loop += len(path)
	}
	path = narrowed(append(path, more...), 0, l.System.Width())
	b, err := l.story(path, n, told)
	if err != nil {
		return nil, err
	}
	b.Loop = loop
	return &explore.Counterexample{Kind: explore.Lost, Impl: *b, Lost: told}, nil
}

// story tells a path, and of those who take part in the wait what they wait
// for: the end of the wait, if it is told of anybody.
func (l *listening) story(path []explore.PathStep, n Notification, told *explore.LostOf) (*explore.Behaviour, error) {
	c, ok := l.System.(explore.Composed)
	if !ok {
		return story(l.System, &finding{path, -1})
	}
	leaves, _ := tasksOf(c.Places())
	var places []int
	for _, t := range leaves {
		places = append(places, t.place)
	}
	b, _, err := c.Waiting(path, places)
	if err != nil {
		return nil, err
	}
	parts := b.Steps[told.Wait].Parts
	b.Waits = slices.DeleteFunc(b.Waits, func(w explore.Wait) bool {
		return !slices.ContainsFunc(parts, func(p explore.Part) bool { return p.Component == w.Component })
	})
	ends := func(w explore.Wait) bool {
		e, ok := l.Events().Lookup(w.Event)
		return ok && e > model.Tick && n.Ends.Contains(e)
	}
	if slices.ContainsFunc(b.Waits, ends) {
		b.Waits = slices.DeleteFunc(b.Waits, func(w explore.Wait) bool { return !ends(w) })
	}
	return b, nil
}

func (l *listening) Explain(path []explore.PathStep) (*explore.Behaviour, error) {
	return explore.Explain(l.System, narrowed(path, 0, l.System.Width()))
}
