package modeltest

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model/golang"
	"pgregory.net/rapid"
)

// Programs draws concurrent Go programs of at most so many goroutines, main
// among them, each of at most so many statements over one to three things that
// they share: channels, locks, and what else package golang has. Main starts
// the others first. They shrink to fewer goroutines, fewer and simpler
// statements, fewer things and smaller values.
//
// What a run of one shows are its steps, see golang.Step: a goroutine f tells
// "step f.1" between statements, and what it got as "step f.x=1". Programs end,
// or are stuck; some panic. Only what is atomic or locked is read and written,
// so none has a race.
func Programs(goroutines, statements int) *rapid.Generator[*golang.Program] {
	return rapid.Custom(func(t *rapid.T) *golang.Program {
		d := &programDraft{t: t, Program: golang.NewProgram("drawn"), most: goroutines * statements}
		d.things = make([]*thing, 1+d.oneOf("things", 3))
		var main []golang.Stmt
		for i := range d.few("goroutines", goroutines-1) {
			name := fmt.Sprintf("f%d", i+1)
			main = append(main, golang.Go(d.Func(name, d.body(name, statements)...)))
		}
		d.Main(append(main, d.body("main", statements)...)...)
		return d.Program
	})
}

// A programDraft is a program that is being drawn.
type programDraft struct {
	t *rapid.T
	*golang.Program
	things []*thing // nil until one is used
	made   int      // of things
	most   int      // statements
}

// A thing is what goroutines share. It draws statements about itself, and
// perhaps cases of a select.
type thing struct {
	stmt func(f *funcDraft) golang.Stmt
	comm func(f *funcDraft) golang.Case // nil: it has none
}

// A funcDraft is a function that is being drawn.
type funcDraft struct {
	*programDraft
	name  string
	steps int
	x, ok *golang.Local // what statements get
	n     *golang.Local // a counter's value
	depth int
}

// What channels hold, and variables. Nothing adds to a variable more than
// twice, and what is stored is a value.
var values, counts = golang.Range(0, 2), golang.Range(0, 4)

func (d *programDraft) body(name string, statements int) []golang.Stmt {
	f := &funcDraft{programDraft: d, name: name}
	f.x, f.ok = golang.NewLocal("x", values), golang.NewLocal("ok", golang.Bool)
	f.n = golang.NewLocal("n", counts)
	var out []golang.Stmt
	for range f.few("statements", statements) {
		out = append(out, f.stmt())
		if f.oneOf("told", 2) == 1 {
			out = append(out, f.step())
		}
	}
	return out
}

// oneOf draws 0 to n-1, and shrinks to 0. All are about as likely: rapid's own
// choices lean to the first, and programs would be tiny.
func (d *programDraft) oneOf(label string, n int) int {
	i := 0
	for range 7 {
		i *= 2
		if rapid.Bool().Draw(d.t, label) {
			i++
		}
	}
	return i % n
}

// few draws 0 to n, and 0 half as often as the others.
func (d *programDraft) few(label string, n int) int {
	i := d.oneOf(label, 2*n+1)
	return (i + 1) / 2
}

// thing draws one of the things, and makes it if it is new.
func (d *programDraft) thing() *thing {
	i := d.oneOf("thing", len(d.things))
	if d.things[i] == nil {
		th := d.makeThing(string(rune('a' + d.made)))
		d.things[i] = &th
		d.made++
	}
	return d.things[i]
}

func (f *funcDraft) step() golang.Stmt {
	f.steps++
	return golang.Step(fmt.Sprintf("step %s.%d", f.name, f.steps))
}

// tell tells the value of a variable, of 0 to most.
func (f *funcDraft) tell(v *golang.Local, most int) golang.Stmt {
	if v == f.ok {
		return golang.If(v, golang.Step(fmt.Sprintf("step %s.yes", f.name))).Else(golang.Step(fmt.Sprintf("step %s.no", f.name)))
	}
	s := golang.Step(fmt.Sprintf("step %s.%v=%d", f.name, v, most))
	for i := most - 1; i >= 0; i-- {
		s = golang.If(golang.Eq(v, golang.Int(i)), golang.Step(fmt.Sprintf("step %s.%v=%d", f.name, v, i))).Else(s)
	}
	return s
}

// told draws whether what a statement gets is told.
func (f *funcDraft) told(s, tell golang.Stmt) golang.Stmt {
	if f.oneOf("told", 8) == 0 {
		return s
	}
	return golang.Do(s, tell)
}

func (f *funcDraft) value() golang.Expr { return golang.Int(f.oneOf("value", values.Len())) }

// stmt draws a statement about one of the things.
func (f *funcDraft) stmt() golang.Stmt {
	th := f.thing()
	if th.comm != nil && f.oneOf("select", 4) == 3 {
		return f.selection()
	}
	return th.stmt(f)
}

// inner draws a statement that stands inside of another, or none.
func (f *funcDraft) inner() golang.Stmt {
	if f.depth > 0 || f.oneOf("inner", 2) == 0 {
		return f.step()
	}
	f.depth++
	defer func() { f.depth-- }()
	return f.stmt()
}

// selection draws a select of one or two cases, with or without a default.
func (f *funcDraft) selection() golang.Stmt {
	var cases []golang.Case
	for range 1 + f.oneOf("cases", 2) {
		if th := f.thing(); th.comm != nil {
			cases = append(cases, th.comm(f))
		}
	}
	if len(cases) == 0 || f.oneOf("default", 2) == 1 {
		cases = append(cases, golang.Default(f.step()))
	}
	return golang.Select(cases...)
}

// makeThing draws a thing.
func (d *programDraft) makeThing(name string) thing {
	makers := []func(d *programDraft, name string) thing{
		drawnChan, drawnChan, drawnMutex, drawnRWMutex, drawnWaitGroup, drawnOnce, drawnCond, drawnSemaphore, drawnContext,
		drawnAtomic, drawnVar, drawnNilChan,
	}
	return makers[d.oneOf("kind", len(makers))](d, name)
}

func drawnChan(d *programDraft, name string) thing {
	c := d.Chan(name, []int{0, 1, 0, 2}[d.oneOf("capacity", 4)], values)
	recv := func(f *funcDraft) golang.Comm { return c.Recv(f.x, f.ok) }
	got := func(f *funcDraft) golang.Stmt { return golang.If(f.ok, f.tell(f.x, 2)).Else(f.tell(f.ok, 1)) }
	return thing{
		stmt: func(f *funcDraft) golang.Stmt {
			switch f.oneOf("chan", 8) {
			case 0, 1, 2:
				return c.Send(f.value())
			case 3, 4, 5:
				return f.told(recv(f), got(f))
			case 6:
				return c.Range(f.x, f.tell(f.x, 2))
			}
			return c.Close()
		},
		comm: func(f *funcDraft) golang.Case {
			if f.oneOf("receive", 2) == 1 {
				return golang.On(recv(f), got(f))
			}
			return golang.On(c.Send(f.value()), f.step())
		},
	}
}

func drawnNilChan(d *programDraft, name string) thing {
	c := d.NilChan(name, values)
	return thing{
		stmt: func(f *funcDraft) golang.Stmt {
			switch f.oneOf("nil", 6) {
			case 0:
				return c.Send(f.value())
			case 1:
				return c.Recv()
			case 2:
				return c.Close()
			}
			return golang.Select(golang.On(c.Recv()), golang.Default(f.step()))
		},
		comm: func(f *funcDraft) golang.Case { return golang.On(c.Send(f.value()), f.step()) },
	}
}

// locked draws a statement between two others, or now and then one that keeps
// what it takes, or that gives what it has not.
func (f *funcDraft) locked(keep, lock, unlock golang.Stmt) golang.Stmt {
	switch what := f.oneOf("locked", 10); {
	case what == 8 && keep != nil:
		return keep
	case what == 9:
		return unlock
	}
	return golang.Do(lock, f.inner(), unlock)
}

func (f *funcDraft) tried(try func(ok *golang.Local) golang.Stmt, unlock golang.Stmt) golang.Stmt {
	return golang.Do(f.told(try(f.ok), f.tell(f.ok, 1)), golang.If(f.ok, f.inner(), unlock))
}

func drawnMutex(d *programDraft, name string) thing {
	m := d.Mutex(name)
	return thing{stmt: func(f *funcDraft) golang.Stmt {
		if f.oneOf("try", 4) == 3 {
			return f.tried(m.TryLock, m.Unlock())
		}
		return f.locked(m.Lock(), m.Lock(), m.Unlock())
	}}
}

func drawnRWMutex(d *programDraft, name string) thing {
	m := d.RWMutex(name)
	return thing{stmt: func(f *funcDraft) golang.Stmt {
		switch f.oneOf("rwmutex", 6) {
		case 0, 1:
			return f.locked(m.Lock(), m.Lock(), m.Unlock())
		case 2, 3:
			return f.locked(nil, m.RLock(), m.RUnlock()) // who keeps it might come again, and be one reader too many
		case 4:
			return f.tried(m.TryRLock, m.RUnlock())
		}
		return f.tried(m.TryLock, m.Unlock())
	}}
}

func drawnWaitGroup(d *programDraft, name string) thing {
	w := d.WaitGroup(name, 2*d.most)
	return thing{stmt: func(f *funcDraft) golang.Stmt {
		switch f.oneOf("waitgroup", 6) {
		case 0:
			return w.Add(1)
		case 1, 2:
			return w.Done()
		case 3:
			return golang.Do(w.Add(1), f.inner(), w.Done())
		}
		return w.Wait()
	}}
}

func drawnOnce(d *programDraft, name string) thing {
	o := d.Once(name)
	return thing{stmt: func(f *funcDraft) golang.Stmt { return o.Do(f.step(), f.inner()) }}
}

func drawnCond(d *programDraft, name string) thing {
	var l golang.Locker
	if d.oneOf("lock", 2) == 1 {
		l = d.RWMutex(name + "l").RLocker()
	} else {
		l = d.Mutex(name + "l")
	}
	c := d.Cond(name, l)
	return thing{stmt: func(f *funcDraft) golang.Stmt {
		switch f.oneOf("cond", 4) {
		case 0:
			return c.Signal()
		case 1:
			return c.Broadcast()
		case 2:
			return golang.Do(l.Lock(), c.Signal(), l.Unlock())
		}
		return golang.Do(l.Lock(), c.Wait(), f.step(), l.Unlock())
	}}
}

func drawnSemaphore(d *programDraft, name string) thing {
	s := d.Semaphore(name, 1+d.oneOf("permits", 2))
	return thing{stmt: func(f *funcDraft) golang.Stmt {
		if f.oneOf("try", 4) == 3 {
			return f.tried(s.TryAcquire, s.Release())
		}
		return f.locked(s.Acquire(), s.Acquire(), s.Release())
	}}
}

// drawnContext draws a context with up to two that are derived from it.
func drawnContext(d *programDraft, name string) thing {
	all := []*golang.Context{d.Context(name, nil)}
	for i := range d.oneOf("derived", 3) {
		parent := all[d.oneOf("parent", len(all))]
		all = append(all, d.Context(fmt.Sprintf("%s%d", name, i+1), parent))
	}
	one := func(f *funcDraft) *golang.Context { return all[f.oneOf("context", len(all))] }
	return thing{
		stmt: func(f *funcDraft) golang.Stmt {
			switch f.oneOf("context", 4) {
			case 0, 1:
				return one(f).Cancel()
			case 2:
				return f.told(one(f).Err(f.ok), f.tell(f.ok, 1))
			}
			return one(f).Done()
		},
		comm: func(f *funcDraft) golang.Case { return golang.On(one(f).Done(), f.step()) },
	}
}

func drawnAtomic(d *programDraft, name string) thing {
	a := d.Atomic(name, counts, 0)
	adds := 0
	return thing{stmt: func(f *funcDraft) golang.Stmt {
		switch f.oneOf("atomic", 5) {
		case 0:
			return f.told(a.Load(f.n), f.tell(f.n, 4))
		case 1:
			if adds++; adds > 2 {
				return a.Store(f.value())
			}
			return f.told(a.Add(1, f.n), f.tell(f.n, 4))
		case 2:
			return a.Store(f.value())
		case 3:
			return f.told(a.Swap(f.value(), f.n), f.tell(f.n, 4))
		}
		return f.told(a.CompareAndSwap(f.value(), f.value(), f.ok), f.tell(f.ok, 1))
	}}
}

// drawnVar draws a variable with a lock of its own.
func drawnVar(d *programDraft, name string) thing {
	m, v := d.Mutex(name+"l"), d.Var(name, counts, 0)
	adds := 0
	return thing{stmt: func(f *funcDraft) golang.Stmt {
		s := v.Add(1)
		switch what := f.oneOf("var", 3); {
		case what == 0 && adds < 2:
			adds++
		case what == 1:
			s = f.told(v.Read(f.n), f.tell(f.n, 4))
		default:
			s = v.Write(f.value())
		}
		return golang.Do(m.Lock(), s, m.Unlock())
	}}
}
