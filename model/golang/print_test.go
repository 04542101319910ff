package golang_test

import (
	"strings"
	"testing"

	. "github.com/cspcheck/cspcheck/model/golang"
)

// A program is printed as a programmer would write it.
func TestString(t *testing.T) {
	p := NewProgram("p")
	c, d := p.Chan("c", 0, Range(0, 2)), p.NilChan("d", Unit)
	rw, w, n := p.RWMutex("rw"), p.WaitGroup("w", 1), p.Var("n", Range(0, 3), 1)
	cond, once, s := p.Cond("cond", rw.RLocker()), p.Once("once"), p.Semaphore("s", 2)
	ctx := p.Context("ctx", nil)
	sub, a := p.ContextTimeout("sub", ctx), p.Atomic("a", Bool, 0)
	x, ok := NewLocal("x", Range(0, 3)), NewLocal("ok", Bool)
	f := p.FuncOf("f", []*Local{x}, Defer(w.Done()), c.Range(x, If(x, Continue()).Else(Return())), c.Recv(nil, ok), c.Recv(x, nil))
	p.Main(
		w.Add(1), Go(f, Int(2)), n.Read(x), n.Write(Plus(x, Int(1))), n.Add(2), a.CompareAndSwap(Int(0), Int(1), ok),
		Select(On(c.Send(x), Step("sent")), OnIf(ok, d.Recv()), On(sub.Done()), On(Timeout()), Default()),
		rw.TryLock(ok), cond.Wait(), once.Do(s.Acquire()), ctx.Cancel(), Either(Step("a"), Do(Step("b"), Step("c"))),
		For(x, 1, 3, Break()), While(Less(x, Int(2)), Set(x, Int(3))), d.Close(),
	)
	want := `program p
var c = make(chan 0..2)
var d chan struct{} = nil
var rw sync.RWMutex
var w sync.WaitGroup // to 1
var n 0..3 = 1
var cond sync.Cond // of rw.RLocker()
var once sync.Once
var s = semaphore.NewWeighted(2)
var ctx context.Context
var sub context.Context, with a timeout, of ctx
var a atomic [false true] = false
func f(x 0..3) {
	defer {
		w.Add(-1)
	}
	for x = range c {
		if x {
			continue
		} else {
			return
		}
	}
	_, ok = <-c
	x = <-c
}
func main() {
	w.Add(1)
	go f(2)
	x = n
	n = x + 1
	n += 2
	ok = a.CompareAndSwap(0, 1)
	select {
	case c <- x:
		sent
	case <-d, if ok:
	case sub.Done():
	case timeout:
	default:
	}
	ok = rw.TryLock()
	cond.Wait()
	once.Do {
		s.Acquire()
	}
	ctx.Cancel()
	either {
		a
	} or {
		b
		c
	}
	for x from 1 to 3 {
		break
	}
	for x < 2 {
		x = 3
	}
	close(d)
}
`
	if got := p.String(); got != want {
		t.Errorf("\n%s", got)
		for i, line := range strings.Split(want, "\n") {
			if lines := strings.Split(got, "\n"); i >= len(lines) || lines[i] != line {
				t.Fatalf("line %d is not %q", i+1, line)
			}
		}
	}
}
