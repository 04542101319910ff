package golang_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	. "github.com/cspcheck/cspcheck/model/golang"
	"github.com/cspcheck/cspcheck/render"
)

// cache is a cache that dials when it has no connection, and two goroutines
// that want one.
func cache(locked bool) *Program {
	p := NewProgram("cache")
	conn, mu := p.Var("conn", Bool, 0), p.Mutex("mu") // conn: whether it is there
	there := NewLocal("there", Bool)
	body := Do(
		conn.Read(there),
		If(Not(there),
			Step("dial"),
			conn.Write(Int(1)),
		),
	)
	get := p.Func("get", body)
	if locked {
		get.Define(mu.Lock(), Defer(mu.Unlock()), body)
	}
	p.Main(Go(get), Go(get))
	return p
}

// raceFree asks whether no two goroutines use a variable at once, one writing.
func raceFree(p *Program) *deadlock.Verdict {
	net, err := p.Network(Spurious)
	if err != nil {
		log.Fatal(err)
	}
	var variables []deadlock.Variable
	for _, a := range p.Accesses(net) {
		variables = append(variables, deadlock.Variable{Name: a.Name, Reads: a.Reads, Writes: a.Writes})
	}
	v, err := deadlock.RaceFree(context.Background(), explore.Network(net), variables, explore.Limits{})
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// A cache without a mutex has a race. With one, there is proof that it has none.
func Example_cache() {
	v := raceFree(cache(false))
	fmt.Println("without a mutex it", v.Answer)
	if err := render.Text(os.Stdout, v.Counterexample, render.TextOptions{}); err != nil {
		log.Fatal(err)
	}
	v = raceFree(cache(true))
	fmt.Println("with a mutex it", v.Answer, "in", v.Stats.States, "states")
	// Output:
	// without a mutex it fails
	// cache has a data race on conn after 4 events: <go get(), conn.read.false, dial, go get()>
	// Data race: get.1 writes by conn.write.true with conn, and get.2 reads by conn.read.false with conn.
	// Both are possible now, and nothing orders them.
	//
	//   step  event            main      get.1            get.2        conn
	//      1  go get()         go get()  start get()      ·            ·
	//      2  conn.read.false  ·         conn.read.false  ·            conn.read.false
	//      3  dial             ·         dial             ·            ·
	//      4  go get()         go get()  busy             start get()  ·
	// with a mutex it holds in 24 states
}
