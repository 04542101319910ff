package eval_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
)

const bounded = `
depth(0) = 0
depth(n) = 1 + depth(n-1)
acc(0, a) = a
acc(n, a) = acc(n-1, a+n)
fib(n) = if n < 2 then n else fib(n-1) + fib(n-2)
datatype L = Nil | Cons.{0..1}.L
cons(0) = Nil
cons(n) = Cons.0.cons(n-1)
datatype U = K.U.{0..} | N
loop(x) = loop(x+1)
grow(m, n) = if n == 0 then m else grow(mapUpdate(m, n, n), n-1)
double(0) = <1>
double(n) = double(n-1)^double(n-1)
front(s, 0) = s
front(s, n) = front(<n>^s, n-1)
back(s, 0) = s
back(s, n) = back(s^<n>, n-1)
ends(<>, a) = a
ends(<x>, a) = a+x
ends(<x>^s^<y>, a) = ends(s, a+x*y)
sieve(<p>^s) = <p>^sieve(<x | x <- s, x % p != 0>)
`

// untypable grows what has no type.
const untypable = `
nest(0) = <>
nest(n) = <nest(n-1)>
tup(0) = (0, 0)
tup(n) = (0, tup(n-1))
sets(0) = {}
sets(n) = {sets(n-1)}
`

// What is deep but finite has a value.
func TestDeep(t *testing.T) {
	checkUntyped(t, untypable, []row{
		{"nest(50000) == nest(50000)", "true"},
		{"card({nest(50000), nest(49999)})", "2"},
		{"tup(50000) == tup(50000)", "true"},
		{"card({sets(30000), sets(30001)})", "2"},
	})
	check(t, bounded, []row{
		{"depth(100000)", "100000"},
		{"acc(100000, 0)", "5000050000"},
		{"cons(50000) == cons(50000)", "true"},
		{"#double(16)", "65536"},
		{"#front(<>, 50000)", "50000"}, // 20 GB if each sequence had its elements for itself
		{"head(back(<>, 50000))", "50000"},
		{"front(<>, 5000) == <1..5000>", "true"},
		{"card({front(<>, 5000), <1..5000>, tail(<0..5000>), back(<>, 5000)})", "2"},
		{"ends(front(<>, 5000), 0) == ends(<1..5000>, 0)", "true"},
		{"head(front(<>, 100)^error(\"x\"))", "1"},
		{"head(tail(tail(sieve(<2..>))))", "5"},
		{"card({mapFromList(<(x,x) | x <- <1..100000>>), emptyMap})", "2"},
		{"card({x..x+1000 | x <- {1..20000}})", "21000"},
		{"card(diff({1..1000000}, {2*x | x <- {1..100000}}))", "900000"},
		{"card({{x..x+1000} | x <- {1..20000}})", "20000"},
		{"card(inter(diff({1..300000}, {2*x | x <- {1..90000}}), diff({1..300000}, {3*x | x <- {1..60000}})))", "180000"},
		{"depth(10000000)", "limit: too deep"},
		{"loop(0)", "limit: too deep"},
	})
}

// What takes too long or too much ends with a limit, and soon.
func TestLimits(t *testing.T) {
	for _, expr := range []string{
		"fib(60)",
		"card({x | x <- {1..1000000}, y <- {1..1000000}, false})",
		"card({(x,y,z) | x <- {1..1000}, y <- {1..1000}, z <- {1..1000}})",
		"grow(emptyMap, 110000)",
		"head(<x | x <- <1..>, false>)",
		"<x | x <- <1..1000000>, y <- <1..1000000>, false>",
		"double(40)",
		"Set({0..40})",
		"{0..1000000000000}",
		"{s | s <- Set({0..40})}",
		"seq(Char)",
		"Map({0..100}, {0..100})",
		"card(Map({0..100}, {0..100}))",
		"union(Set({0..40}), {{41}})",
		"{(x, y) | (x, y) <- {(a, b) | a <- {1..2000}, b <- {1..2000}}}",
		"elem(<5>, seq(Seq({0..1})))",
		"seq(Seq(U))",
		"elem(-1, <x | x <- <0..>>)",
	} {
		start := time.Now()
		_, err := load(t, bounded).Eval(context.Background(), explore.Limits{Time: time.Second, Memory: 3 << 30}, expr)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", expr, took)
		}
		if err == nil {
			t.Errorf("%s has a value", expr)
		} else if _, ok := err.(*explore.Limit); !ok && !strings.Contains(err.Error(), ": limit: ") {
			t.Errorf("%s: %v", expr, err)
		}
	}
}
