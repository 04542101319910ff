// Package specs_test holds the scripts of this directory to what they say of
// themselves, and knows how large their systems are.
package specs_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// load loads a script with constants set, given as "N=4 K=1".
func load(t *testing.T, file, set string) *cspm.Script {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o := cspm.Options{Open: os.ReadFile}
	for _, s := range strings.Fields(set) {
		name, value, _ := strings.Cut(s, "=")
		o.Set = append(o.Set, [2]string{name, value})
	}
	script, err := cspm.Load(file, src, o)
	if err != nil {
		t.Fatal(err)
	}
	return script
}

func files(t *testing.T) []string {
	t.Helper()
	var all []string
	for pattern, least := range map[string]int{"*.csp": 14, "go/*.csp": 12, "java/*.csp": 17, "starvation/*.csp": 4, "hoare1978/*.csp": 16} {
		some, err := filepath.Glob(pattern)
		if err != nil || len(some) < least {
			t.Fatalf("%d scripts, %v", len(some), err)
		}
		all = append(all, some...)
	}
	slices.Sort(all)
	return all
}

// Every assertion says what to expect of it, and that is what comes out.
func TestAnswers(t *testing.T) {
	for _, file := range files(t) {
		t.Run(file, func(t *testing.T) {
			script := load(t, file, "")
			fails := 0
			for i := range script.Asserts {
				a := &script.Asserts[i]
				if a.Expect == nil {
					t.Errorf("%s: %s: no expectation", a.At, a.Text)
					continue
				}
				if !a.Expect.Holds {
					fails++
				}
				answer(t, a)
			}
			if len(script.Asserts) == 0 || fails == 0 {
				t.Errorf("%d assertions, %d of which fail: a script shows what can go wrong, too", len(script.Asserts), fails)
			}
		})
	}
}

// What the scripts say does not hang on the sizes they happen to have.
func TestAnswersAtOtherSizes(t *testing.T) {
	for _, c := range []struct{ file, set string }{
		{"abp.csp", "D=3 M=1"},
		{"buffer.csp", "N=2"},
		{"buffer.csp", "N=5 K=3"},
		{"copy.csp", "K=4"},
		{"crossing.csp", "NEAR=2 DOWN=1 LONG=1"},
		{"crossing.csp", "NEAR=9 DOWN=5 LONG=7"},
		{"milner.csp", "N=2"},
		{"milner.csp", "N=6"},
		{"noninterference.csp", "K=2"},
		{"noninterference.csp", "K=6"},
		{"peterson.csp", "N=3"},
		{"philosophers.csp", "N=5"},
		{"readers.csp", "R=2 W=4"},
		{"ring.csp", "N=6"},
		{"river.csp", "N=5 B=3"},
		{"server.csp", "K=1 C=1"},
		{"server.csp", "K=3 C=4"},
		{"go/cache.csp", "G=3"},
		{"go/doubleclose.csp", "S=3"},
		{"go/fan.csp", "W=3 N=3"},
		{"go/leak.csp", "W=1 N=4"},
		{"go/leak.csp", "W=4 N=1"},
		{"go/pipeline.csp", "N=6 K=3"},
		{"go/pool.csp", "W=1 N=2"},
		{"go/pool.csp", "W=3 N=5"},
		{"go/pubsub.csp", "S=1 M=3"},
		{"go/pubsub.csp", "S=3 M=1"},
		{"go/ratelimiter.csp", "B=3 C=3"},
		{"go/rwmutex.csp", "R=3 W=2"},
		{"go/timeout.csp", "P=1"},
		{"go/waitgroup.csp", "W=3"},
		{"go/webserver.csp", "R=4 MAX=3"},
		{"go/webserver.csp", "R=2 MAX=1"},
		{"hoare1978/buffer.csp", "N=3"},
		{"hoare1978/conway.csp", "CARD=3"},
		{"hoare1978/division.csp", "N=8"},
		{"hoare1978/factorial.csp", "LIMIT=6"},
		{"hoare1978/philosophers.csp", "N=4"},
		{"hoare1978/reformat.csp", "CARD=4"},
		{"hoare1978/reformat.csp", "LINE=5"},
		{"hoare1978/semaphore.csp", "U=3"},
		{"hoare1978/squash.csp", "N=5"},
		{"starvation/mutex.csp", "N=2"},
		{"starvation/mutex.csp", "N=4"},
		{"starvation/philosophers.csp", "N=5"},
		{"starvation/readers.csp", "R=3"},
		{"java/cache.csp", "G=3"},
		{"java/doubleclose.csp", "S=3"},
		{"java/fan.csp", "W=3 N=3"},
		{"java/ifwhile.csp", "C=3"},
		{"java/ifwhile.csp", "C=1 SPURIOUS=true"},
		{"java/leak.csp", "W=1 N=4"},
		{"java/leak.csp", "W=4 N=1"},
		{"java/lockorder.csp", "T=4"},
		{"java/pipeline.csp", "N=6 K=3"},
		{"java/pool.csp", "W=1 N=3"},
		{"java/pool.csp", "W=3 N=4"},
		{"java/pubsub.csp", "S=1 M=3"},
		{"java/ratelimiter.csp", "B=2 C=3"},
		{"java/rwmutex.csp", "R=1"},
		{"java/selfwait.csp", "N=1 K=1"},
		{"java/selfwait.csp", "N=2 K=3"},
		{"java/starvation.csp", "T=5"},
		{"java/starvation.csp", "T=4"},
		{"java/timeout.csp", "P=1"},
		{"java/waitgroup.csp", "W=3"},
		{"java/webserver.csp", "R=4 MAX=3"},
		{"java/webserver.csp", "R=2 MAX=1"},
		{"window.csp", "D=1 W=3 M=4"},
		{"window.csp", "D=1 L=2 M=4"},
	} {
		t.Run(c.file+" "+c.set, func(t *testing.T) {
			script := load(t, c.file, c.set)
			for i := range script.Asserts {
				answer(t, &script.Asserts[i])
			}
		})
	}
}

// answer holds an assertion against its expectation.
func answer(t *testing.T, a *cspm.Assertion) {
	t.Helper()
	ctx, limits := context.Background(), explore.Limits{}
	q, v, err := asked(a, limits)
	if err != nil {
		t.Errorf("%s: %v", a.At, err)
		return
	}
	want := deadlock.Fails
	if a.Expect.Holds != a.Not {
		want = deadlock.Holds
	}
	if v.Answer != want {
		t.Errorf("%s: %s: %s, want %s", a.At, a.Text, v.Answer, want)
		return
	}
	for _, q.Reduce = range []deadlock.Reduction{deadlock.NoReduction, deadlock.StubbornSets} {
		if r, err := deadlock.Ask(ctx, q, limits); err != nil || r.Answer != want {
			t.Errorf("%s: %s: %v by reduction %d, want %s (%v)", a.At, a.Text, r, q.Reduce, want, err)
		}
	}
	q.Reduce, q.Compress = deadlock.NoReduction, deadlock.WithoutCompression
	sameHowever(t, a, q)
	if !a.Expect.HasTrace {
		return
	}
	trace, err := a.Expected(ctx)
	if err != nil {
		t.Errorf("%s: %v", a.At, err)
		return
	}
	why, err := deadlock.CheckTrace(ctx, q, v, trace, limits)
	if err != nil {
		t.Errorf("%s: %v", a.At, err)
	} else if why != "" {
		t.Errorf("%s: %s: %s", a.At, a.Text, why)
	}
}

// sameHowever holds the answer of several workers, and of each store, against
// that of one worker: it is the same, with the same figures and the same
// counterexample.
func sameHowever(t *testing.T, a *cspm.Assertion, q deadlock.Question) {
	t.Helper()
	ask := func(limits explore.Limits) *deadlock.Verdict {
		v, err := deadlock.Ask(context.Background(), q, limits)
		if err != nil {
			t.Fatalf("%s: %s: %v", a.At, a.Text, err)
		}
		return v
	}
	want := ask(explore.Limits{Workers: 1})
	if want.Stats.States > 20_000 {
		return // it takes long
	}
	for _, limits := range []explore.Limits{
		{Workers: 2, Eager: true},
		{Workers: 3, Eager: true, Store: explore.StorePacked},
		{Workers: 2, Eager: true, Store: explore.StoreTree},
		{Workers: 2, Eager: true, Store: explore.StoreHashed},
	} {
		got := ask(limits)
		if got.Answer != want.Answer || got.Reason != want.Reason || figures(got) != figures(want) || !reflect.DeepEqual(got.Counterexample, want.Counterexample) {
			t.Errorf("%s: %s: %d workers and store %q: %s %+v, want %s %+v", a.At, a.Text, limits.Workers, limits.Store, got.Answer, figures(got), want.Answer, figures(want))
		}
	}
}

// figures are those of a search that are always the same.
func figures(v *deadlock.Verdict) [3]int64 {
	return [3]int64{v.Stats.States, v.Stats.Transitions, v.Stats.Depth}
}

// asked asks what an assertion asks, without its not.
func asked(a *cspm.Assertion, limits explore.Limits) (q deadlock.Question, v *deadlock.Verdict, err error) {
	ctx := context.Background()
	in, err := a.Instance(ctx, limits)
	if err != nil {
		return q, nil, err
	}
	q = deadlock.Question{
		Topic: deadlock.Topic(a.Kind), Model: deadlock.Model(a.Model),
		Spec: in.Spec, Impl: in.Impl, Trace: in.Trace, Events: in.Events,
		Fairness: deadlock.Fairness(a.Fairness), Bound: in.Bound,
	}
	for _, v := range in.Variables {
		q.Variables = append(q.Variables, deadlock.Variable{Name: v.Name, Reads: v.Reads, Writes: v.Writes})
	}
	for _, n := range in.Notifications {
		q.Notifications = append(q.Notifications, deadlock.Notification{Name: n.Name, Vain: n.Vain, Waits: n.Waits, Ends: n.Ends})
	}
	for _, p := range in.Places {
		q.Tasks = append(q.Tasks, deadlock.TaskAt(in.Impl.(explore.Composed), p))
	}
	v, err = deadlock.Ask(ctx, q, limits)
	return q, v, err
}

// A chain of n cells is as good as a buffer for m when it is no larger, and has
// all traces of one when it is no smaller.
func TestBuffers(t *testing.T) {
	ctx, limits := context.Background(), explore.Limits{}
	for n := 1; n <= 5; n++ {
		for m := 1; m <= 5; m++ {
			script := load(t, "buffer.csp", fmt.Sprint("N=", n))
			process := func(text string) explore.System {
				sys, err := script.Process(ctx, limits, text)
				if err != nil {
					t.Fatal(err)
				}
				return sys
			}
			buffer := fmt.Sprintf("BUFF(%d, <>)", m)
			for _, tt := range []struct {
				spec, impl string
				model      deadlock.Model
				holds      bool
			}{
				{buffer, "CHAIN", deadlock.FD, n <= m},
				{buffer, "PIPE", deadlock.FD, n <= m},
				{"CHAIN", buffer, deadlock.T, m <= n},
				{"CHAIN", buffer, deadlock.FD, m == 1 && n == 1}, // only then it has no choice to refuse
			} {
				v, err := deadlock.Refines(ctx, process(tt.spec), process(tt.impl), tt.model, limits)
				if err != nil {
					t.Fatal(err)
				}
				if got := v.Answer == deadlock.Holds; got != tt.holds {
					t.Errorf("N=%d: %s [%s= %s: %s", n, tt.spec, tt.model, tt.impl, v.Answer)
				}
			}
		}
	}
}

// size is what explore counts.
type size struct{ states, transitions, deadlocks int }

func (s size) String() string {
	return fmt.Sprintf("%d states, %d transitions, %d deadlocks", s.states, s.transitions, s.deadlocks)
}

// measure counts a process of a script.
func measure(t *testing.T, file, set, process string) size {
	t.Helper()
	ctx := context.Background()
	sys, err := load(t, file, set).Process(ctx, explore.Limits{}, process)
	if err != nil {
		t.Fatalf("%s: %s: %v", file, process, err)
	}
	var n size
	search, err := explore.Run(ctx, sys, explore.Limits{}, func(v *explore.Visit) bool {
		if len(v.Steps.Events) == 0 {
			n.deadlocks++
		}
		return true
	})
	if err != nil {
		t.Fatalf("%s: %s: %v", file, process, err)
	}
	n.states, n.transitions = int(search.States), int(search.Transitions)
	return n
}

// A count that changes means that the meaning of a script has changed, or
// ours. Where there is a law for the numbers, it stands beside them.
func TestCounts(t *testing.T) {
	counts := []struct {
		file, set, process string
		want               size
	}{
		{"philosophers.csp", "N=3", "TABLE", size{35, 75, 1}},
		{"philosophers.csp", "N=5", "TABLE", size{392, 1415, 1}},
		{"philosophers.csp", "N=3", "ONE_LEFT", size{24, 46, 0}},
		{"philosophers.csp", "N=5", "ONE_LEFT", size{261, 876, 0}},
		{"philosophers.csp", "N=3", "SERVED", size{82, 168, 0}},
		{"philosophers.csp", "N=4", "SERVED", size{551, 1664, 0}},
		// Kinds of card: (unchosen, K chosen) × (COPY empty, or full with K).
		{"copy.csp", "K=2", "SYSTEM", size{(1 + 2) * (1 + 2), 14, 0}},
		{"copy.csp", "K=5", "SYSTEM", size{(1 + 5) * (1 + 5), 65, 0}},
		{"copy.csp", "", "JOB", size{6, 5, 1}},
		// N·3·2^(N-1), the scheduler's well-known number.
		{"milner.csp", "N=4", "SCHEDULER", size{4 * 3 * 8, 240, 0}},
		{"milner.csp", "N=7", "SCHEDULER", size{7 * 3 * 64, 5376, 0}},
		// Whose turn it is, and the set of those running: N·2^N.
		{"milner.csp", "N=4", "SPEC(0, {})", size{4 * 16, 160, 0}},
		{"milner.csp", "N=5", "SPEC(0, {})", size{5 * 32, 480, 0}},
		{"abp.csp", "D=2", "PROTOCOL", size{220, 590, 0}},
		{"abp.csp", "D=8", "PROTOCOL", size{1144, 3302, 0}},
		{"abp.csp", "D=2", "IMPATIENT", size{188, 306, 12}},
		{"abp.csp", "M=2", "CLOCKED", size{94, 116, 0}},
		{"abp.csp", "M=5", "CLOCKED", size{202, 260, 0}},
		// One token is in N places, used or not: pass, enter or leave.
		{"ring.csp", "N=4", "RING({0})", size{2 * 4, 3 * 4, 0}},
		{"ring.csp", "N=9", "RING({0})", size{2 * 9, 3 * 9, 0}},
		{"ring.csp", "N=4", "RING({0, 1})", size{4 * 6, 64, 0}},
		{"ring.csp", "N=4", "GUARDED({0, 1})", size{25, 58, 1}},
		// A cell is empty or has one of two items: 3^N. As one process: all
		// strings of two letters up to length N.
		{"buffer.csp", "N=3", "CHAIN", size{27, 48, 0}},
		{"buffer.csp", "N=6", "CHAIN", size{729, 1782, 0}},
		{"buffer.csp", "N=3", "QUEUE(<>)", size{15, 28, 0}},
		{"buffer.csp", "N=6", "QUEUE(<>)", size{127, 252, 0}},
		// A string between empty and full three times: before the choice, and
		// after it, taking one more or not.
		{"buffer.csp", "N=3", "BUFF(N, <>)", size{1 + 3*(2+4) + 8, 52, 0}},
		{"buffer.csp", "N=5", "BUFF(N, <>)", size{1 + 3*(2+4+8+16) + 32, 244, 0}},
		{"vending.csp", "", "VMC", size{6, 9, 1}},
		{"vending.csp", "", "SALE", size{2, 2, 0}},
		{"readers.csp", "R=2 W=2", "SHARED", size{14, 28, 0}},
		{"readers.csp", "R=4 W=3", "SHARED", size{67, 214, 0}},
		{"readers.csp", "R=2 W=2", "NESTED", size{50, 100, 6}},
		{"readers.csp", "R=2", "UPGRADED", size{10, 14, 1}},
		{"window.csp", "W=1 M=2", "WINDOW(W)", size{60, 72, 0}},
		{"window.csp", "W=2 M=3", "WINDOW(W)", size{6144, 16758, 0}},
		{"peterson.csp", "N=2", "PETERSON(Right)", size{32, 54, 0}},
		{"peterson.csp", "N=3", "PETERSON(Right)", size{840, 1907, 0}},
		{"peterson.csp", "N=3", "PETERSON(NoTurn)", size{666, 1329, 33}},
		// h + l <= K, which is (K+1)(K+2)/2, thrice if there is CHAOS beside it:
		// undecided, stopped, or going on. Each of two users has 0 to K/2.
		{"noninterference.csp", "K=4", "POOL(0, 0)", size{5 * 6 / 2, 40, 0}},
		{"noninterference.csp", "K=8", "POOL(0, 0)", size{9 * 10 / 2, 144, 0}},
		{"noninterference.csp", "K=8", "VIEW(POOL(0, 0), Lo)", size{3 * 9 * 10 / 2, 378, 1}},
		{"noninterference.csp", "K=4", "HALVES", size{3 * 3, 24, 0}},
		{"noninterference.csp", "K=8", "HALVES", size{5 * 5, 80, 0}},
		{"crossing.csp", "NEAR=4", "CROSSING(true, DOWN)", size{59, 99, 0}},
		{"crossing.csp", "NEAR=7", "CROSSING(true, DOWN)", size{77, 120, 0}},
		{"crossing.csp", "NEAR=4", "HURRIED(DOWN)", size{20, 29, 0}},
		{"crossing.csp", "NEAR=7", "HURRIED(DOWN)", size{23, 32, 0}},
		// 10 of the 16 ways to be on two banks are safe, and one is done. Of the
		// pairs, 16 can be reached, as is well known; four pairs get stuck.
		{"river.csp", "", "RIVER", size{10 + 1, 21, 1}},
		{"river.csp", "N=3", "ALL", size{16 + 1, 35, 1}},
		{"river.csp", "N=4", "ALL", size{11, 22, 0}},
		// Free, or held by one of N. With a queue: all sequences of some of N, the
		// first of whom has the lock or, if there is one, is yet to get it.
		{"starvation/mutex.csp", "N=3", "CROWD", size{1 + 3, 6, 0}},
		{"starvation/mutex.csp", "N=3", "QUEUE", size{(1 + 3 + 6 + 6) + (3 + 6 + 6), 57, 0}},
		{"starvation/readers.csp", "R=2", "NAIVE", size{5, 10, 0}},
		{"starvation/readers.csp", "R=2", "GO", size{9, 18, 0}},
		{"starvation/philosophers.csp", "N=4", "TABLE", size{56, 184, 0}},
		{"starvation/philosophers.csp", "N=4", "SERVED", size{135, 312, 0}},
		{"starvation/peterson.csp", "", "PETERSON", size{20, 34, 0}},
		{"starvation/peterson.csp", "", "GUARDED", size{3, 4, 0}},
		{"server.csp", "C=2", "SYSTEM(CAUGHT, JOURNAL, LUCK(C))", size{22, 39, 0}},
		{"server.csp", "C=5", "SYSTEM(CAUGHT, JOURNAL, LUCK(C))", size{49, 93, 0}},
		// A watchdog listens, or waits for the one set of events.
		{"watchdog.csp", "", "TRACES(MACHINE, FAIR)", size{4, 4, 0}},
		{"watchdog.csp", "", "FAILURES(MACHINE, FAIR)", size{2 * 4, 3 * 4, 0}},
		{"watchdog.csp", "", "WATCHED(MACHINE, BROKEN)", size{8, 12, 1}},
	}
	counted := map[string]bool{}
	for _, c := range counts {
		counted[c.file] = true
		if got := measure(t, c.file, c.set, c.process); got != c.want {
			t.Errorf("%s %s: %s: %v, want %v", c.file, c.set, c.process, got, c.want)
		}
	}
	for _, file := range files(t) {
		if dir := filepath.Dir(file); !counted[file] && dir != "go" && dir != "java" && dir != "hoare1978" { // docs count those
			t.Errorf("%s: nobody has counted its states", file)
		}
	}
}
