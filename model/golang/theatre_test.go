package golang

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"
)

// A theatre is where the goroutines of a run wait before each operation until
// the director has them go on, so that a run follows a path of the model step
// by step: an operation that goes on there must go on, and give the same; one
// that waits there must wait.
type theatre struct {
	news    chan news
	quit    chan struct{} // closed: the run is over
	open    chan struct{} // closed: nobody waits at a gate any more
	mu      sync.Mutex
	entered []*actor          // and not yet named
	by      map[string]*actor // by the runtime's number of the goroutine
}

// An actor is a goroutine in a theatre.
type actor struct {
	in      *theatre
	name    string // of its component
	id      string // guarded by in.mu; the runtime's number
	release chan struct{}
	hasty   bool   // its next operation waits for nobody
	cond    string // in whose Wait it is

	// What the director knows.
	gated, ended bool
	begun        bool // it is in an operation whose first step it has done
	events       []string
}

type news struct {
	who    *actor
	what   whatHappened
	events []string
}

type whatHappened int

const (
	arrived  whatHappened = iota // at a gate
	happened                     // an event
	left                         // the goroutine has ended
	crashing                     // with this message
)

func newTheatre() *theatre {
	return &theatre{news: make(chan news, 1000), quit: make(chan struct{}), open: make(chan struct{}), by: map[string]*actor{}}
}

func (s *theatre) enter() *actor {
	a := &actor{in: s, release: make(chan struct{})}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entered = append(s.entered, a)
	return a
}

func (a *actor) begin() {
	a.in.mu.Lock()
	defer a.in.mu.Unlock()
	a.id = goroutineID()
	a.in.by[a.id] = a
}

func (a *actor) end()                 { a.in.news <- news{a, left, nil} }
func (a *actor) did(events ...string) { a.in.news <- news{a, happened, events} }

func (a *actor) gate() {
	a.in.news <- news{a, arrived, nil}
	select {
	case <-a.release:
	case <-a.in.open:
	case <-a.in.quit:
		runtime.Goexit()
	}
}

// goroutineID returns the runtime's number of the goroutine.
func goroutineID() string {
	buf := make([]byte, 64)
	fields := bytes.Fields(buf[:runtime.Stack(buf, false)]) // goroutine 7 [running]:
	return string(fields[1])
}

// asleep reports which goroutines wait: for each other, that is.
func asleep() map[string]bool {
	buf := make([]byte, 1<<16)
	n := runtime.Stack(buf, true) // the world stops for it
	for ; n == len(buf); n = runtime.Stack(buf, true) {
		buf = make([]byte, 2*len(buf))
	}
	buf = buf[:n]
	out := map[string]bool{}
	for _, line := range strings.Split(string(buf), "\n") {
		id, rest, ok := strings.Cut(strings.TrimPrefix(line, "goroutine "), " [")
		if !ok || !strings.HasPrefix(line, "goroutine ") {
			continue
		}
		why, _, _ := strings.Cut(rest, "]")
		why, _, _ = strings.Cut(why, ",")
		out[id] = slices.Contains(waits, why)
	}
	return out
}

var waits = []string{
	"chan send", "chan receive", "chan send (nil chan)", "chan receive (nil chan)", "select", "select (no cases)", "semacquire",
	"sync.Mutex.Lock", "sync.RWMutex.Lock", "sync.RWMutex.RLock", "sync.WaitGroup.Wait", "sync.Cond.Wait",
}

// A gatedLocker is the lock of a Cond, whose Wait unlocks and locks it.
type gatedLocker struct {
	r *reality
	l Locker
}

func (g *gatedLocker) names() (lock, unlock string) {
	switch l := g.l.(type) {
	case *Mutex:
		return l.label("lock"), l.label("unlock")
	case *RWMutex:
		return l.label("lock"), l.label("unlock")
	case rlocker:
		return l.m.label("rlock"), l.m.label("runlock")
	}
	panic("a lock of no kind")
}

func (g *gatedLocker) actor() *actor {
	s := g.r.stage
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.by[goroutineID()]
}

func (g *gatedLocker) Unlock() {
	a := g.actor()
	a.did(a.cond + ".wait")
	a.gate()
	g.r.locker(g.l).Unlock()
	_, unlock := g.names()
	a.did(unlock)
}

func (g *gatedLocker) Lock() {
	a := g.actor()
	a.did(a.cond + ".woken")
	a.gate()
	g.r.locker(g.l).Lock()
	lock, _ := g.names()
	a.did(lock)
}

// A Move is a step of a path of the model: its event, the goroutines that take
// part, and the place that a new one gets.
type Move struct {
	Event  string
	Who    []string
	Starts string
}

// A director has a run follow a path.
type director struct {
	*theatre
	p      *Program
	r      *reality
	actors map[string]*actor
	all    []*actor
	rand   *rand.Rand
	crash  string // a panic's message
}

// ErrOther is what Force finds where a goroutine does something else, as it may
// have had a choice.
var ErrOther = errors.New("does something else")

// Force runs a program along a path, which is one that ends as end says:
// returned, deadlock, panic (the last step then is one), or "" for none. It returns the
// panic's message. The error tells where the run went another way, which a
// select with several ready cases may do. Before what may be a fatal error,
// that is, the end of the process, it calls beware.
func Force(p *Program, path []Move, end string, seed uint64, beware func()) (message string, err error) {
	d := &director{theatre: newTheatre(), p: p, actors: map[string]*actor{}, rand: rand.New(rand.NewPCG(seed, 2))}
	d.r = newReality(p, d.rand, d.theatre)
	d.r.tell = func(string) {}
	d.r.crash = func(err any) { d.news <- news{nil, crashing, []string{fmt.Sprint(err)}} }
	defer func() {
		d.r.over.Store(true)
		close(d.quit)
	}()
	a := d.enter()
	d.name(p.main.name)
	go d.r.goroutine(p.main, nil, rand.New(rand.NewPCG(seed, 3)), a)
	for i, m := range path {
		last := i == len(path)-1
		if last && end == "panic" {
			beware()
			return d.panics(m)
		}
		if err := d.move(m); err != nil {
			return "", fmt.Errorf("step %d, %s of %v: %w", i+1, m.Event, m.Who, err)
		}
	}
	switch end {
	case "deadlock":
		return "", d.stuck()
	case "":
		return "", nil
	}
	if !d.await(func() bool { return a.ended }) {
		return "", fmt.Errorf("main does not return")
	}
	return "", nil
}

// name gives the newest actor the name of its component.
func (d *director) name(name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, a := range d.entered {
		a.name = name
		d.actors[name] = a
		d.all = append(d.all, a)
	}
	d.entered = nil
}

// learn takes news, if there are any before time is up.
func (d *director) learn(wait time.Duration) bool {
	var timer <-chan time.Time
	if wait > 0 {
		timer = time.After(wait)
	}
	for i := 0; ; i++ {
		select {
		case n := <-d.news:
			switch n.what {
			case arrived:
				n.who.gated, n.who.begun = true, false
			case happened:
				n.who.begun = false
				n.who.events = append(n.who.events, n.events...)
			case left:
				n.who.ended = true
			case crashing:
				d.crash = n.events[0]
			}
			return true
		case <-timer:
			return false
		default:
			if wait == 0 {
				return false
			}
			runtime.Gosched()
			if i > 50 {
				time.Sleep(5 * time.Microsecond)
			}
		}
	}
}

// await goes on until something is so; false if nothing moves any more.
func (d *director) await(so func() bool) bool {
	for wait := 100 * time.Microsecond; !so(); wait = min(2*wait, 20*time.Millisecond) {
		if d.learn(wait) || d.moving() {
			continue
		}
		for d.learn(0) {
		}
		if !so() && !d.moving() {
			return false
		}
	}
	return true
}

// moving reports whether some goroutine is not asleep. What is at a gate is.
func (d *director) moving() bool {
	sleeps := asleep()
	for _, a := range d.all {
		d.mu.Lock()
		id := a.id
		d.mu.Unlock()
		if !a.ended && (id == "" || !sleeps[id]) {
			return true
		}
	}
	return len(d.news) > 0
}

// goOn has an actor go on from its gate.
func (d *director) goOn(a *actor) error {
	if !d.await(func() bool { return a.gated }) {
		return fmt.Errorf("%s has not come there", a.name)
	}
	a.gated = false
	a.release <- struct{}{}
	return nil
}

// event waits for the next event of an actor, which is to be this one.
func (d *director) event(a *actor, want string) error {
	if !d.await(func() bool { return len(a.events) > 0 || d.crash != "" }) {
		return fmt.Errorf("%s waits", a.name)
	}
	if d.crash != "" {
		return fmt.Errorf("panic: %s", d.crash)
	}
	i := max(0, slices.Index(a.events, want)) // of contexts that are cancelled, any may be the next
	got := a.events[i]
	a.events = slices.Delete(a.events, i, i+1)
	if got != want && !(got == "default" && strings.HasPrefix(want, "not ")) {
		return fmt.Errorf("%s %w: %s", a.name, ErrOther, got)
	}
	return nil
}

func (d *director) move(m Move) error {
	var who []*actor
	for _, name := range m.Who {
		who = append(who, d.actors[name])
	}
	switch {
	case m.Event == "τ": // a branch of Either, which may be another: then another try
		return nil
	case len(who) == 0:
		return d.expire(m)
	case len(who) == 1:
		if err := d.one(who[0], m.Event); err != nil {
			return err
		}
		if m.Starts != "" {
			d.name(m.Starts)
		}
		return nil
	}
	first, second := who[0], who[1]
	for _, a := range who {
		if !d.await(func() bool { return a.gated }) {
			return fmt.Errorf("%s has not come there", a.name)
		}
	}
	if first.hasty || !second.hasty && d.rand.IntN(2) == 0 {
		first, second = second, first
	}
	if err := d.goOn(first); err != nil {
		return err
	}
	if d.await(func() bool { return len(first.events) > 0 || d.crash != "" }) {
		return fmt.Errorf("%s, which should wait for %s, %w: %v", first.name, second.name, ErrOther, first.events)
	}
	if err := d.goOn(second); err != nil {
		return err
	}
	for _, a := range who {
		if err := d.event(a, m.Event); err != nil {
			return err
		}
	}
	return nil
}

// one is a step of one goroutine.
func (d *director) one(a *actor, event string) error {
	if !a.begun && len(a.events) == 0 && !strings.HasSuffix(event, ".woken") {
		if err := d.goOn(a); err != nil {
			return err
		}
	}
	thing, ok := strings.CutSuffix(event, ".wait")
	if !ok || IsCond(d.p, thing) {
		return d.event(a, event)
	}
	writer := slices.ContainsFunc(d.p.objects, func(o *object) bool { // it may have the lock at once
		_, ok := o.kind.(*RWMutex)
		return ok && o.name == thing
	})
	went := d.await(func() bool { return len(a.events) > 0 || d.crash != "" })
	if went && !writer {
		return fmt.Errorf("%s does not wait", a.name)
	}
	a.begun = !went
	return nil
}

// expire is the step of a context with a timeout, and of those derived from it.
func (d *director) expire(m Move) error {
	for o, x := range d.r.things {
		if o.label("expire") == m.Event {
			x.(*cancelable).cancel()
			return nil
		}
	}
	return fmt.Errorf("there is no such thing")
}

func (d *director) panics(m Move) (string, error) {
	a := d.actors[m.Who[0]]
	if !a.begun {
		if err := d.goOn(a); err != nil {
			return "", err
		}
	}
	if !d.await(func() bool { return d.crash != "" || len(a.events) > 0 }) {
		return "", fmt.Errorf("%s waits", a.name)
	}
	if d.crash == "" {
		return "", fmt.Errorf("%s %w: %s", a.name, ErrOther, a.events[0])
	}
	return d.crash, nil
}

// stuck opens all gates: nothing may come of it.
func (d *director) stuck() error {
	if !d.await(func() bool { return false }) && slices.ContainsFunc(d.all, func(a *actor) bool { return len(a.events) > 0 }) {
		return fmt.Errorf("something has gone on")
	}
	close(d.open)
	d.await(func() bool { return d.crash != "" })
	for _, a := range d.all {
		if len(a.events) > 0 || d.crash != "" {
			return fmt.Errorf("where the model is stuck, %s does %v %s", a.name, a.events, d.crash)
		}
	}
	if d.actors["main"].ended {
		return fmt.Errorf("where the model is stuck, main returns")
	}
	return nil
}
