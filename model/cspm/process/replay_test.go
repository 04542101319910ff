package process_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// follow returns the path of a process through the given events, names as
// printed; of several transitions with an event, the n-th is written e#n.
func follow(sys explore.System, events string) ([]explore.PathStep, error) {
	s := make([]uint64, sys.Width())
	if err := sys.Initial(s); err != nil {
		return nil, err
	}
	var path []explore.PathStep
	var steps explore.Steps
	for _, want := range strings.Fields(events) {
		n := 1
		name, nth, ok := strings.Cut(want, "#")
		if ok {
			fmt.Sscan(nth, &n)
		}
		steps.Reset()
		if err := sys.Successors(s, &steps); err != nil {
			return nil, err
		}
		found := false
		var has []string
		for k, e := range steps.Events {
			has = append(has, sys.Events().Name(e))
			if sys.Events().Name(e) != name {
				continue
			}
			if n--; n == 0 {
				s = []uint64{steps.States[k]}
				path = append(path, explore.PathStep{Event: e, State: s})
				found = true
				break
			}
		}
		if !found {
			return nil, fmt.Errorf("no %s among %v", want, has)
		}
	}
	return path, nil
}

// story is a behaviour in few words: its components, who takes part in each
// step under which label, how each component ends, and who waits for whom.
func story(b *explore.Behaviour) string {
	var out strings.Builder
	name := func(i int) string {
		if i < 0 {
			return "nobody"
		}
		return b.Components[i].Name
	}
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	for _, s := range b.Steps {
		e := s.Event
		if s.Hidden != "" {
			e += " (" + s.Hidden + ")"
		}
		var parts []string
		for _, p := range s.Parts {
			parts = append(parts, name(p.Component)+" "+p.Label)
		}
		line("%s: %s%s", e, strings.Join(parts, ", "), branches(s.Others))
	}
	if len(b.Final) > 0 {
		line("final%s", branches(b.Final))
	}
	for i, e := range b.Ends {
		var offers []string
		for _, o := range e.Offers {
			offers = append(offers, o.Label)
		}
		line("%s", strings.TrimSpace(fmt.Sprint(name(i), " is ", e.Status, " ", strings.Join(offers, ", "))))
	}
	for _, w := range b.Waits {
		var why []string
		for _, f := range w.For {
			why = append(why, fmt.Sprintf("%s %s (%s)", name(f.Component), f.Event, f.Reason))
		}
		line("%s waits for %s: %s", name(w.Component), w.Label, strings.Join(why, ", "))
	}
	return strings.TrimSpace(out.String())
}

func branches(bs []explore.Branch) string {
	var out string
	for _, b := range bs {
		out += fmt.Sprintf(" | %s", b.Event)
		if b.Hidden != "" {
			out += " (" + b.Hidden + ")"
		}
		if b.To >= 0 {
			out += fmt.Sprint(">", b.To)
		}
	}
	return out
}

const network = `N = 2
channel a, b, c, mid, stop
channel in, out : {0..1}
channel pick, put : {0..1}.{0..1}
PHIL(i) = pick.i!i -> pick.i!(1-i) -> put.i!(1-i) -> put.i!i -> PHIL(i)
FORK(i) = pick?j!i -> put!j!i -> FORK(i)
TABLE = (||| i:{0..1} @ PHIL(i)) [| {|pick, put|} |] (||| i:{0..1} @ FORK(i))
COPY = in?x -> out!x -> COPY
A = a -> SKIP
B = b -> SKIP
LOOP = a -> LOOP
`

var stories = []struct{ proc, path, want string }{
	{"TABLE", "pick.0.0 pick.1.1", `
pick.0.0: PHIL(0) pick.0!0, FORK(0) pick?0!0 | pick.1.1
pick.1.1: PHIL(1) pick.1!1, FORK(1) pick?1!1 | pick.0.1
PHIL(0) is running pick.0!1
PHIL(1) is running pick.1!0
FORK(0) is running put!0!0
FORK(1) is running put!1!1
PHIL(0) waits for pick.0!1: FORK(1) pick.0.1 (offers only put.1.1)
PHIL(1) waits for pick.1!0: FORK(0) pick.1.0 (offers only put.0.0)
FORK(0) waits for put!0!0: PHIL(0) put.0.0 (offers only pick.0.1)
FORK(1) waits for put!1!1: PHIL(1) put.1.1 (offers only pick.1.0)`},
	{"A ||| A", "a", `
a: A #1 a | a
final | a
A #1 is running ✓
A #2 is running a`},
	{"A ||| b -> STOP", "a b", `
a: A a | b
b: b -> STOP b
A is running ✓
b -> STOP is running
A waits for ✓: b -> STOP ✓ (offers nothing)`},
	{"A ||| (a -> STOP [] b -> STOP)", "b", `
b: a -> STOP [] b -> STOP b | a | a>1
final | a
A is running a
a -> STOP [] b -> STOP is running`},
	{"A ; B", "a τ b ✓", `
a: A ; B a
τ: A ; B τ
b: A ; B b
✓: A ; B ✓
A ; B is terminated`},
	{"(A ; B) ||| LOOP", "a#1 τ b", `
a: A ; B a | a>0
τ: A ; B τ | a>1
b: A ; B b | a>2
final | a>3
A ; B is running ✓
LOOP is running a`},
	{"(A ||| B) ; LOOP", "a b τ a", `
a: A a | b
b: B b
τ: A ✓, B ✓
a: LOOP a
final | a>3
A is terminated
B is terminated
LOOP is running a`},
	{"a -> (A ||| B)", "a b a ✓", `
a: a -> (A ||| B) a
b: B b | a
a: A a
✓: A ✓, B ✓
a -> (A ||| B) is gone
A is terminated
B is terminated`},
	{"c -> A ||| (c -> (A ||| B))", "c#2 b", `
c: c -> (A ||| B) c | c
b: B b | c | a
final | c | a
c -> A is running c
c -> (A ||| B) is gone
A is running a
B is running ✓`},
	{"(COPY[[out <- in, in <- out]] ||| COPY) \\ {|in|}", "out.1 τ#1", `
out.1: COPY #1 in?1 | out.0 | τ (in.0) | τ (in.1)
τ (in.1): COPY #1 out!1 | τ (in.0) | τ (in.1)
final | out.0 | out.1>1 | τ (in.0) | τ (in.1)
COPY #1 is running in?0, in?1
COPY #2 is running in?0, in?1`},
	{"(COPY [out <-> in] COPY)", "in.1 τ out.1", `
in.1: COPY #1 in?1 | in.0
τ (out.1): COPY #1 out!1, COPY #2 in?1
out.1: COPY #2 out!1 | in.0 | in.1
final | in.0 | in.1>1
COPY #1 is running in?0, in?1
COPY #2 is running in?0, in?1`},
	{"A [| {a} |] B", "b", `
b: B b
A is running a
B is running ✓
A waits for a: B a (never does a)
B waits for ✓: A ✓ (offers only a)`},
	{"A [| {a} |] SKIP", "", `
A is running a
SKIP is running ✓
A waits for a: SKIP a (never does a)
SKIP waits for ✓: A ✓ (offers only a)`},
	{"A [| {a,c} |] LOOP", "a", `
a: A a, LOOP a
A is running ✓
LOOP is running a
A waits for ✓: LOOP ✓ (offers only a)
LOOP waits for a: A a (never does a again)`},
	{"A [{b} || {b}] B", "", `
A is running a
B is running b
A waits for a: nobody a (not in its alphabet)
B waits for b: A b (never does b)`},
	{"A [{a} || {a,b}] B", "b", `
b: B b
A is running a
B is running ✓
A waits for a: B a (never does a)
B waits for ✓: A ✓ (offers only a)`},
	{"((A ||| B) [] c -> SKIP) ||| STOP", "c", `
c: c -> SKIP c | a | b
A is gone
B is gone
c -> SKIP is running ✓
STOP is running
c -> SKIP waits for ✓: STOP ✓ (offers nothing)`},
	{"((A ||| B) [] c -> SKIP)", "c ✓", `
c: c -> SKIP c | a | b
✓: c -> SKIP ✓
A is gone
B is gone
c -> SKIP is terminated`},
	{"((A ||| B) [> c -> STOP)", "τ c", `
τ:  | a | b
c: c -> STOP c
A is gone
B is gone
c -> STOP is running`},
	{"((A ||| B) /\\ c -> STOP)", "a c", `
a: A a | b | c>2
c: c -> STOP c | b
A is gone
B is gone
c -> STOP is running`},
	{"(A |~| B) ||| STOP", "τ#2", `
τ: A |~| B τ | τ
final | b
A |~| B is running b
STOP is running`},
	{"(A[[a <- c]] [| {c} |] (c -> STOP)[[c <- b]])", "b", `
b: c -> STOP c
A is running a
c -> STOP is running
A waits for a: c -> STOP c (never does c)`},
	{"(A[[a <- c]] [| {c} |] (B \\ {c}))", "b", `
b: B b
A is running a
B is running ✓
A waits for a: B c (does c hidden, if at all)
B waits for ✓: A ✓ (offers only a)`},
	{"(LOOP \\ {a}) ||| STOP", "τ", `
τ (a): LOOP a
final | τ (a)>0
LOOP is running a
STOP is running`},
	{"A [a <-> b] STOP", "", `
A is running a
STOP is running
A waits for a: STOP b (never does b)`},
	{"SKIP ||| A ||| STOP", "a", `
a: A a
SKIP is running ✓
A is running ✓
STOP is running
SKIP waits for ✓: STOP ✓ (offers nothing)
A waits for ✓: STOP ✓ (offers nothing)`},
	{"LOOP", "a a", `
a: LOOP a
a: LOOP a
final | a>0
LOOP is running a`},
	{"(A ||| B) [] SKIP", "✓", `
✓: SKIP ✓ | a | b
A is gone
B is gone
SKIP is terminated`},
	{"(A ||| B) ; SKIP", "a b τ ✓", `
a: A a | b
b: B b
τ: A ✓, B ✓
✓: SKIP ✓
A is terminated
B is terminated
SKIP is terminated`},
	{"A [| {a} |] (B ||| B)", "b#1 b", `
b: B #1 b | b
b: B #2 b
A is running a
B #1 is running ✓
B #2 is running ✓
A waits for a: nobody a ()
B #1 waits for ✓: A ✓ (offers only a)
B #2 waits for ✓: A ✓ (offers only a)`},
	{"(LOOP [| {a} |] A) [| {a} |] LOOP", "a", `
a: LOOP #1 a, A a, LOOP #2 a
LOOP #1 is running a
A is running ✓
LOOP #2 is running a
LOOP #1 waits for a: A a (never does a again)
A waits for ✓: LOOP #1 ✓ (offers only a)
LOOP #2 waits for a: A a (never does a again)`},
	{"(A ||| a -> STOP) [+{a}+] (c -> STOP)", "c", `
c: c -> STOP c
A is gone
a -> STOP is gone
c -> STOP is running`},
	{"(in?x:{1} -> out!x -> STOP) ||| RUN({c})", "in.1 c", `
in.1: in?x:{1} -> out!x -> STOP in?1 | c>0
c: RUN({c}) c | out.1
final | out.1 | c>1
in?x:{1} -> out!x -> STOP is running out!1
RUN({c}) is running c`},
	{"(in$x -> STOP) [| {in.0} |] STOP", "τ#1", `
τ: in$x -> STOP τ | τ
in$x -> STOP is running in$0
STOP is running
in$x -> STOP waits for in$0: STOP in.0 (never does in.0)`},
	{"let\nL(x) = in.x -> L(1-x)\nwithin L(0) [| {in.1} |] L(0)", "in.0", `
in.0: L(0) #1 in.0 | in.0
final | in.0
L(0) #1 is running in.1
L(0) #2 is running in.0`},
	{"(SKIP [] (A ||| B) |~| STOP) ||| SKIP", "τ#1 ✓", `
τ: SKIP [] (A ||| B) |~| STOP τ | τ
✓: SKIP #1 ✓, SKIP #2 ✓ | a | b
SKIP [] (A ||| B) |~| STOP is gone
SKIP #1 is terminated
SKIP #2 is terminated
A is gone
B is gone`},
	{"(a -> STOP [] a -> STOP) ||| STOP", "", `
final | a
a -> STOP [] a -> STOP is running a, a
STOP is running`},
}

func TestStories(t *testing.T) {
	for _, tt := range stories {
		sys, err := system(network, tt.proc, cspm.Auto)
		if err != nil {
			t.Fatal(tt.proc, err)
		}
		path, err := follow(sys, tt.path)
		if err != nil {
			t.Errorf("%s after %s: %v", tt.proc, tt.path, err)
			continue
		}
		b, err := explore.Explain(sys, path)
		if err != nil {
			t.Errorf("%s after %s: %v", tt.proc, tt.path, err)
			continue
		}
		if got := story(b); got != strings.TrimSpace(tt.want) {
			t.Errorf("%s after <%s>:\n%s\nwant\n%s", tt.proc, tt.path, got, tt.want)
		}
	}
}
