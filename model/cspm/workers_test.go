package cspm_test

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// Large sequential processes, which workers evaluate together: what some states
// need is only for one of them, such as events that are met late, operators,
// sequences that are long, mistakes, and lets.
var large = []struct{ name, script string }{
	{"set", `channel add, del : {0..12}
P(s) = add?x:diff({0..12},s) -> P(union(s,{x})) [] del?x:s -> P(diff(s,{x}))
MAIN = P({})`},
	{"sequence", `channel in, out : {0..2}
P(s) = #s < 8 & in?x -> P(s^<x>) [] #s > 0 & out!head(s) -> P(tail(s))
MAIN = P(<>)`},
	{"counters", `channel i, j, k
P(a,b,c) = i -> P((a+1)%20,b,c) [] j -> P(a,(b+1)%20,c) [] k -> P(a,b,(c+1)%20)
MAIN = P(0,0,0)`},
	{"events met late", `channel i, j
channel at : {0..40}.{0..400}
P(a,b) = i -> P((a+1)%41,b) [] j -> P(a,(b+1)%401) [] b % 7 == 3 & at.a.b -> P(b%41,a)
MAIN = P(0,0)`},
	{"two steps", `channel i, j, k : {0..3}
P(a,b) = i?x -> j?y -> P((a+x)%60,(b+y)%60) [] k.(a%4) -> STOP
MAIN = P(0,0)`},
	{"data", `datatype T = Leaf | Node.{0..70}.Bool
channel i, j : {0..2}
next(Leaf, x) = Node.x.true
next(Node.n.b, x) = if n == 70 and b then Leaf else Node.((n + x) % 71).(not b)
P(t, u, (a, c)) = i?x -> P(next(t, x), t, (c, a)) [] j?x -> P(u, next(u, x), (x, a))
MAIN = P(Leaf, Leaf, (0, 1))`},
	{"choices", `channel i, j, k
P(a,b) = (i -> P((a+1)%90,b) |~| j -> P(a,(b+1)%90)) [] k -> SKIP ; P(b,a)
MAIN = P(0,0)`},
	{"prefix after prefix", `channel i, j, k : {0..3}
P(a,b) = i?x -> (j?y -> k!((x+y)%4) -> P((a+x)%30,(b+y)%30) [] k.(a%4) -> STOP) [] j?x:{0..b%4} -> SKIP
MAIN = P(0,0)`},
	{"internal choices", `channel i, j, k : {0..3}
P(a,b) = |~| x:{0..3} @ i.x -> P((a+x)%40,b) [] (j?y -> P(a,(b+y)%40) |~| k.1 -> STOP) [] k.0 -> P(b,a)
MAIN = P(0,0)`},
	{"operators", `channel i, j, k : {0..2}
P(a,b) = (i?x -> SKIP [] j.(a%3) -> SKIP |~| SKIP) ; P((a+1)%60,b) [] (k?x -> (j.x -> STOP [> P(a,(b+x)%60))) /\ i.2 -> P(b,a)
MAIN = P(0,0)`},
	{"long sequences", `channel in, out : {0,1}
P(s) = #s < 40 & in?x -> P(s^<x>) [] #s > 31 & out!head(s) -> P(tail(s))
MAIN = P(<0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0,1,0,0>)`},
	{"sets of processes", `channel i, j, k : {0..60}
P(a,b) = i.a -> P((a+1)%61,b) [] j.b -> P(a,(b+1)%61) [] b > 30 & ([] p : {P(b,a), P((a+7)%61,b), Q(a*b)} @ k.a -> p)
Q(n) = if n > 3600 then STOP else k.(n%60) -> P(n%60,n%60)
MAIN = P(0,0)`},
	{"mistake later", `channel i, j
P(a,b) = i -> P((a+1)%90,b) [] j -> Q(a,(b+1)%90)
Q(a,b) = if a == 50 and b == 30 then (i -> STOP) ; R(a-50) [] R(a-50) else j -> i -> P(b,a)
R(n) = (if 1/n == 1 then i else j) -> STOP
MAIN = P(0,0)`},
	{"hidden", `channel i, j, k
P(a,b) = i -> P((a+1)%90,b) [] j -> P(a,(b+1)%90)
MAIN = P(0,0) \ {j} ; k -> STOP`},
	{"let", `channel i, j
P(a,b) = let Q(c) = j -> P(c,(b+1)%80) [] a != c & i -> Q((c+1)%80) within i -> Q((a+1)%80) [] j -> P(b,(a+1)%80)
MAIN = P(0,0)`},
	{"function", `channel i, j
P(f,a,b) = i -> P(f,f(a),b) [] j -> P(\ x @ (x+b)%80,a,(b+1)%80)
MAIN = P(\ x @ (x+1)%80,0,0)`},
	{"mistake", `channel i, j
P(a,b) = i -> P((a+1)%90,b) [] j -> P(a,if a == 50 then b / (a-50) else (b+1)%90)
MAIN = P(0,0)`},
	{"mistake in a state", `channel i, j : {0..89}
P(a,b) = i.a -> P((a+1)%90,b) [] j.(if a+b == 150 then 90 else b) -> P(a,(b+1)%90)
MAIN = P(0,0)`},
	{"endless", `channel i, j
P(a,b) = i -> P(a+1,b) [] j -> if a + b < 200 then P(a,b+1) else Q(a)
Q(a) = Q(a)
MAIN = P(0,0)`},
	{"compressed", `transparent sbisim
channel i, j, k
P(a,b) = i -> P((a+1)%90,b) [] j -> P(a,(b+1)%90) [] k -> sbisim(R(b%3))
R(n) = if n == 0 then i -> R(2) else j -> R(n-1)
MAIN = P(0,0)`},
}

// told is what a search tells, in order.
func told(t *testing.T, script string, l explore.Limits) string {
	t.Helper()
	s, err := cspm.Load("large.csp", []byte(script+"\nassert MAIN :[deadlock free]\n"), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	sys, err := s.Process(context.Background(), l, "MAIN")
	if err != nil {
		t.Fatal(err)
	}
	sum, last := fnv.New64a(), -1
	if l.States = 30_000; testing.Short() { // for -race
		l.States = 3_000
	}
	search, err := explore.Run(context.Background(), sys, l, func(v *explore.Visit) bool {
		fmt.Fprintln(sum, v.State, v.Steps.Events, v.Targets)
		last = v.State
		return true
	})
	text := fmt.Sprintf("%d states, %d transitions, the last is %d, sum %x, %v", search.States, search.Transitions, last, sum.Sum64(), err)
	for e := range sys.Events().Len() {
		fmt.Fprint(sum, sys.Events().Name(model.Event(e)))
	}
	text += fmt.Sprintf(", events %x", sum.Sum64())
	if mistake := (*cspm.Error)(nil); errors.As(err, &mistake) {
		text += fmt.Sprint(mistake.Notes)
	}
	if last > 0 {
		path, err := search.Path(last)
		if err != nil {
			t.Fatal(err)
		}
		b, err := explore.Explain(sys, path)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range b.Steps {
			text += fmt.Sprint("\n", step.Event, step.Parts)
		}
	}
	return text
}

func TestWorkersEvaluateAsOneDoes(t *testing.T) {
	for _, tt := range large {
		t.Run(tt.name, func(t *testing.T) {
			want := told(t, tt.script, explore.Limits{Workers: 1})
			for _, workers := range []int{2, 3} {
				got := told(t, tt.script, explore.Limits{Workers: workers, Eager: true})
				if got != want {
					t.Errorf("%d workers: %.400s\nnot %.400s", workers, got, want)
				}
			}
			t.Logf("%.120s", want)
		})
	}
}
