package golang

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// A reality is one run of a program by goroutines, channels and locks that are
// real: what the model is held against. It walks the statements, and shares
// with the model only their form and the values of expressions.
//
// What a run shows are its Steps, in one order. To tell of a step
// synchronises goroutines more than the program does, which changes nothing:
// but for a Var, which is an atomic variable here, nothing in a program races,
// and then there are only interleavings (The Go Memory Model).
type reality struct {
	things map[*object]any
	tell   func(step string)
	over   atomic.Bool // main has returned, or a goroutine has panicked: the others stop
	crash  func(err any)
	noise  func(t *task) // before each operation
	stage  *theatre      // nil: every goroutine goes on as it can
}

// A task is a goroutine of a run.
type task struct {
	*reality
	frame
	defers []block
	rand   *rand.Rand
	*actor // nil if there is no stage
}

// A cancelable is a context and its cancel function.
type cancelable struct {
	context.Context
	cancel context.CancelFunc
}

func newReality(p *Program, rnd *rand.Rand, s *theatre) *reality {
	r := &reality{things: map[*object]any{}, stage: s}
	for _, o := range p.objects { // what a thing is made of is declared before it
		r.things[o] = r.thing(o, rnd)
	}
	return r
}

func (r *reality) thing(o *object, rnd *rand.Rand) any {
	switch k := o.kind.(type) {
	case *Chan:
		if k.none {
			return (chan int)(nil)
		}
		return make(chan int, k.capacity)
	case *Mutex:
		return new(sync.Mutex)
	case *RWMutex:
		return new(sync.RWMutex)
	case *WaitGroup:
		return new(sync.WaitGroup)
	case *Once:
		return new(sync.Once)
	case *Cond:
		if r.stage != nil {
			return sync.NewCond(&gatedLocker{r, k.lock})
		}
		return sync.NewCond(r.locker(k.lock))
	case *Semaphore:
		return semaphore.NewWeighted(int64(k.permits))
	case *Context:
		parent := context.Background()
		if k.parent != nil {
			parent = r.things[&k.parent.object].(*cancelable)
		}
		c := new(cancelable)
		if k.timeout && r.stage == nil {
			c.Context, c.cancel = context.WithTimeout(parent, time.Duration(rnd.IntN(200))*time.Microsecond)
		} else {
			c.Context, c.cancel = context.WithCancel(parent)
		}
		return c
	case *Var:
		v := new(atomic.Int64)
		v.Store(int64(k.initial))
		return v
	case *Atomic:
		v := new(atomic.Int64)
		v.Store(int64(k.initial))
		return v
	}
	panic(fmt.Sprintf("nothing real for %T", o.kind))
}

func (r *reality) locker(l Locker) sync.Locker {
	switch l := l.(type) {
	case *Mutex:
		return r.things[&l.object].(*sync.Mutex)
	case *RWMutex:
		return r.things[&l.object].(*sync.RWMutex)
	case rlocker:
		return r.things[&l.m.object].(*sync.RWMutex).RLocker()
	}
	panic(fmt.Sprintf("no real lock for %T", l))
}

// goroutine runs f as a goroutine does, its own one.
func (r *reality) goroutine(f *Func, args []int, rnd *rand.Rand, a *actor) {
	t := &task{reality: r, frame: frame{slots: map[*Local]int{}}, rand: rnd, actor: a}
	for i, v := range f.params {
		t.set(v, args[i])
	}
	if a != nil {
		a.begin()
		defer a.end()
	}
	defer func() {
		if err := recover(); err != nil {
			r.crash(err)
		}
	}()
	t.block(f.body)
	for len(t.defers) > 0 {
		last := t.defers[len(t.defers)-1]
		t.defers = t.defers[:len(t.defers)-1]
		t.block(last)
	}
}

func (t *task) know(v *Local) {
	if _, ok := t.slots[v]; !ok {
		t.slots[v] = len(t.values)
		t.values = append(t.values, v.typ.Zero())
	}
}

func (t *task) set(v *Local, x int) {
	if v != nil {
		t.know(v)
		t.values[t.slots[v]] = x
	}
}

func (t *task) eval(x Expr) int {
	x.uses(t.know)
	return x.eval(&t.frame)
}

// block runs statements, until one of them jumps: "" if none does.
func (t *task) block(s block) jump {
	for _, x := range s {
		if j := t.stmt(x); j != "" {
			return j
		}
	}
	return ""
}

func (t *task) stmt(s Stmt) jump {
	switch s := s.(type) {
	case block:
		return t.block(s)
	case *op:
		t.before()
		t.do(s.call)
	case *longOp:
		t.before()
		t.do(s.call)
	case *assignment:
		t.set(s.to, t.eval(s.x))
	case *IfStmt:
		if t.eval(s.cond) != 0 {
			return t.block(s.then)
		}
		return t.block(s.els)
	case *either:
		return t.stmt(s.branches[t.rand.IntN(len(s.branches))])
	case *while:
		for t.eval(s.cond) != 0 {
			t.stopped()
			if j := t.block(s.body); j == breaking {
				break
			} else if j == returning {
				return j
			}
		}
	case *counting:
		for i := s.lo; i <= s.hi; i++ {
			t.set(s.v, i)
			if j := t.block(s.body); j == breaking {
				break
			} else if j == returning {
				return j
			}
			i = t.eval(s.v)
		}
	case *ranging:
		return t.ranging(s)
	case jump:
		return s
	case *deferral:
		t.defers = append(t.defers, s.stmts)
	case *start:
		t.start(s)
	case *selection:
		return t.selection(s)
	case *doing:
		t.once(s)
	default:
		panic(fmt.Sprintf("%T is not known here", s))
	}
	return ""
}

func (t *task) ranging(s *ranging) jump {
	ch := t.things[&s.c.object].(chan int)
	t.before()
	for x := range ch {
		t.set(s.v, s.c.typ.Zero()+x)
		t.done(s.c.received(s.c.typ.Zero()+x, true))
		if j := t.block(s.body); j == breaking {
			return ""
		} else if j == returning {
			return j
		}
		t.before()
	}
	t.done(s.c.received(0, false))
	return ""
}

func (t *task) start(s *start) {
	t.before()
	args := make([]int, len(s.args))
	for i, x := range s.args {
		args[i] = t.eval(x)
	}
	var a *actor
	if t.stage != nil {
		a = t.stage.enter()
	}
	rnd := rand.New(rand.NewPCG(t.rand.Uint64(), 0))
	go t.goroutine(s.f, args, rnd, a)
	t.done("go " + s.f.call(args))
}

func (t *task) once(s *doing) {
	t.before()
	first := false
	t.things[&s.o.object].(*sync.Once).Do(func() {
		first = true
		t.done(s.o.label("begin"))
		t.block(s.body) // what returns from it returns from here
		t.before()
	})
	if first {
		t.done(s.o.label("end"))
	} else {
		t.done(s.o.label("pass"))
	}
}

// selection runs a select: with the statement of Go where it has one case,
// which is compiled in another way than one with several.
func (t *task) selection(s *selection) jump {
	if t.actor != nil {
		t.hasty = slices.ContainsFunc(s.cases, func(c Case) bool { return c.comm == nil })
	}
	t.before()
	if t.actor != nil {
		t.hasty = false
	}
	var cases []reflect.SelectCase
	var of []Case
	var others *Case
	for i, c := range s.cases {
		if c.comm == nil {
			others = &s.cases[i]
			continue
		}
		cases = append(cases, t.communication(c))
		of = append(of, c)
	}
	chosen, value, ok := -1, reflect.Value{}, false
	switch {
	case len(cases) == 1 && others != nil:
		chosen, value, ok = tryOne(cases[0])
	case len(cases) == 0 && others == nil:
		select {}
	case len(cases) > 0:
		if others != nil {
			cases = append(cases, reflect.SelectCase{Dir: reflect.SelectDefault})
		}
		chosen, value, ok = reflect.Select(cases)
	}
	if chosen < 0 || chosen >= len(of) {
		t.done("default")
		return t.block(others.body)
	}
	c := of[chosen]
	call := c.comm.comm().call
	switch {
	case call.method == "Send":
		t.done(call.on.kind.(*Chan).sent(t.eval(call.args[0])))
	case call.method == "Recv":
		t.receive(call, value, ok)
	case call.method == "Done":
		t.done(call.on.label("done"))
	default:
		t.done(call.method) // a timeout
	}
	return t.block(c.body)
}

// communication returns a case of a select; that of a nil channel if its guard
// is false.
func (t *task) communication(c Case) reflect.SelectCase {
	call := c.comm.comm().call
	var ch any
	out := reflect.SelectCase{Dir: reflect.SelectRecv}
	switch {
	case call.on == nil:
		ch = t.timeout()
	case call.method == "Done":
		ch = t.things[call.on].(*cancelable).Done()
	default:
		ch = t.things[call.on]
	}
	if call.method == "Send" {
		out.Dir = reflect.SelectSend
		out.Send = reflect.ValueOf(t.eval(call.args[0]) - call.on.kind.(*Chan).typ.Zero())
	}
	out.Chan = reflect.ValueOf(ch)
	if t.eval(c.guard) == 0 {
		out.Chan = reflect.Zero(out.Chan.Type())
	}
	return out
}

// tryOne is a select with one case and a default; -1 stands for this.
func tryOne(c reflect.SelectCase) (int, reflect.Value, bool) {
	switch ch := c.Chan.Interface().(type) {
	case chan int:
		if c.Dir == reflect.SelectSend {
			select {
			case ch <- int(c.Send.Int()):
				return 0, reflect.Value{}, false
			default:
				return -1, reflect.Value{}, false
			}
		}
		select {
		case x, ok := <-ch:
			return 0, reflect.ValueOf(x), ok
		default:
			return -1, reflect.Value{}, false
		}
	case <-chan struct{}:
		select {
		case <-ch:
			return 0, reflect.Value{}, false
		default:
			return -1, reflect.Value{}, false
		}
	}
	chosen, value, ok := reflect.Select([]reflect.SelectCase{c, {Dir: reflect.SelectDefault}})
	if chosen == 1 {
		chosen = -1
	}
	return chosen, value, ok
}

// timeout returns a channel that is ready soon; on a stage at once, as it is
// received from when nothing else is to be.
func (t *task) timeout() <-chan time.Time {
	if t.stage != nil {
		ch := make(chan time.Time)
		close(ch)
		return ch
	}
	return time.After(time.Duration(t.rand.IntN(200)) * time.Microsecond)
}

func (c *Chan) sent(v int) string {
	if c.capacity == 0 {
		return c.name + c.typ.suffix(v)
	}
	return c.label("send" + c.typ.suffix(v))
}

func (c *Chan) received(v int, ok bool) string {
	switch {
	case !ok:
		return c.label("closed")
	case c.capacity == 0:
		return c.name + c.typ.suffix(v)
	}
	return c.label("recv" + c.typ.suffix(v))
}

func (t *task) receive(c call, value reflect.Value, ok bool) {
	k := c.on.kind.(*Chan)
	v := k.typ.Zero() + int(value.Int())
	t.set(c.into[0], v)
	t.set(c.into[1], truth(ok))
	t.done(k.received(v, ok))
}

// do runs an operation, and says what it was to the others.
func (t *task) do(c call) {
	if c.on == nil {
		if c.method == timeout {
			<-t.timeout()
			t.done(timeout)
			return
		}
		t.tell(c.method)
		t.done(c.method)
		return
	}
	arg := func(i int) int { return t.eval(c.args[i]) }
	give := func(v int) {
		if len(c.into) > 0 {
			t.set(c.into[0], v)
		}
	}
	did := func(event string) { t.done(c.on.label(event)) }
	try := func(ok bool, yes, no string) {
		give(truth(ok))
		if ok {
			did(yes)
		} else {
			did(no)
		}
	}
	switch x := t.things[c.on].(type) {
	case chan int:
		t.channel(c, x)
	case *sync.Mutex:
		switch c.method {
		case "Lock":
			x.Lock()
			did("lock")
		case "Unlock":
			x.Unlock()
			did("unlock")
		case "TryLock":
			try(x.TryLock(), "lock", "locked")
		}
	case *sync.RWMutex:
		switch c.method {
		case "Lock":
			x.Lock()
			did("lock")
		case "Unlock":
			x.Unlock()
			did("unlock")
		case "TryLock":
			try(x.TryLock(), "trylock", "busy")
		case "RLock":
			x.RLock()
			did("rlock")
		case "RUnlock":
			x.RUnlock()
			did("runlock")
		case "TryRLock":
			try(x.TryRLock(), "rlock", "written")
		}
	case *sync.WaitGroup:
		switch c.method {
		case "Add":
			x.Add(arg(0))
			did(fmt.Sprintf("add.%d", arg(0)))
		case "Wait":
			x.Wait()
			did("pass")
		}
	case *sync.Cond:
		switch c.method {
		case "Wait":
			if t.actor != nil {
				t.cond = c.on.name
			}
			x.Wait()
		case "Signal":
			x.Signal()
			did("signal")
		case "Broadcast":
			x.Broadcast()
			did("broadcast")
		}
	case *semaphore.Weighted:
		switch c.method {
		case "Acquire":
			if err := x.Acquire(context.Background(), 1); err != nil {
				panic(err)
			}
			did("acquire")
		case "TryAcquire":
			try(x.TryAcquire(1), "acquire", "none")
		case "Release":
			x.Release(1)
			did("release")
		}
	case *cancelable:
		switch c.method {
		case "Cancel":
			x.cancel()
			t.done(c.on.kind.(*Context).cancels()...)
		case "Done":
			<-x.Done()
			did("done")
		case "Err":
			try(x.Err() != nil, "done", "live")
		}
	case *atomic.Int64:
		t.variable(c, x, arg, give)
	}
}

// cancels returns the events of a call of the cancel function.
func (c *Context) cancels() []string {
	out := []string{c.label("cancel")}
	for _, k := range c.kids {
		out = append(out, k.cancels()...)
	}
	return out
}

func (t *task) channel(c call, ch chan int) {
	k := c.on.kind.(*Chan)
	switch c.method {
	case "Send":
		v := t.eval(c.args[0])
		ch <- v - k.typ.Zero()
		t.done(k.sent(v))
	case "Recv":
		x, ok := <-ch
		t.receive(c, reflect.ValueOf(x), ok)
	case "Close":
		close(ch)
		t.done(k.label("close"))
	}
}

func (t *task) variable(c call, x *atomic.Int64, arg func(int) int, give func(int)) {
	_, plain := c.on.kind.(*Var)
	var typ Type
	if plain {
		typ = c.on.kind.(*Var).typ
	} else {
		typ = c.on.kind.(*Atomic).typ
	}
	did := func(event string, values ...int) {
		for _, v := range values {
			event += typ.suffix(v)
		}
		t.done(c.on.label(event))
	}
	switch c.method {
	case "Read", "Load":
		v := int(x.Load())
		give(v)
		did("read", v)
	case "Write", "Store":
		x.Store(int64(arg(0)))
		did("write", arg(0))
	case "Swap":
		w := arg(0)
		v := int(x.Swap(int64(w)))
		give(v)
		did("cas", v, w)
	case "CompareAndSwap":
		v, w := arg(0), arg(1)
		old := int(x.Load()) // for the label of a failure, which may be wrong but on a stage
		ok := x.CompareAndSwap(int64(v), int64(w))
		give(truth(ok))
		if ok {
			did("cas", v, w)
		} else {
			did("read", old)
		}
	case "Add":
		if plain { // two steps
			v := int(x.Load())
			did("read", v)
			t.before()
			x.Store(int64(v + arg(0)))
			did("write", v+arg(0))
			return
		}
		w := int(x.Add(int64(arg(0))))
		give(w)
		did("cas", w-arg(0), w)
	}
}

// stopped ends the goroutine if the run is over.
func (t *task) stopped() {
	if t.over.Load() {
		runtime.Goexit()
	}
}

// before comes before each operation.
func (t *task) before() {
	t.stopped()
	if t.actor != nil {
		t.actor.gate()
		return
	}
	t.noise(t)
}

// done comes after each, with its events.
func (t *task) done(events ...string) {
	if t.actor != nil {
		t.actor.did(events...)
	}
}

// Makers of noise: what makes the runs of a program differ.
var noises = []func(t *task){
	func(*task) {},
	func(t *task) {
		if t.rand.IntN(2) == 0 {
			runtime.Gosched()
		}
	},
	func(t *task) {
		for range t.rand.IntN(4) {
			runtime.Gosched()
		}
	},
	func(t *task) {
		for n := t.rand.IntN(2000); n > 0 && !t.over.Load(); n-- { // some 2 µs at most
		}
	},
	func(t *task) {
		if t.rand.IntN(4) == 0 {
			time.Sleep(time.Duration(t.rand.IntN(20)) * time.Microsecond)
		}
	},
}

// RunReal runs a program once, its main on the calling goroutine, with a
// schedule that depends on the seed. It tells of each Step, and whether main
// returns or a goroutine panics, after which nothing is told any more. Where all
// goroutines wait, and where Go calls it a fatal error, the process ends.
func RunReal(p *Program, seed uint64, tell func(step string), crash func(err string)) {
	rnd := rand.New(rand.NewPCG(seed, 1))
	r := newReality(p, rnd, nil)
	r.tell = func(step string) {
		if !r.over.Load() {
			tell(step)
		}
	}
	r.noise = noises[seed%uint64(len(noises))]
	r.crash = func(err any) {
		if r.over.CompareAndSwap(false, true) {
			crash(strings.TrimSpace(fmt.Sprint(err)))
		}
	}
	r.goroutine(p.main, nil, rnd, nil)
	if !r.over.CompareAndSwap(false, true) {
		select {} // crash ends the process
	}
}

// Derived returns how many contexts are derived from one, directly or not.
func Derived(p *Program, name string) int {
	n := 0
	for _, c := range p.contexts {
		for up := c.parent; up != nil; up = up.parent {
			if up.name == name {
				n++
			}
		}
	}
	return n
}

// IsCond reports whether a thing is a Cond.
func IsCond(p *Program, name string) bool {
	return slices.ContainsFunc(p.objects, func(o *object) bool {
		_, ok := o.kind.(*Cond)
		return ok && o.name == name
	})
}
