package specs_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
)

// The designs of specs/java, in the order of docs/java.md: first what is known
// of threads and locks, then the services of specs/go.
var javaDesigns = append([]design{
	{"selfwait", "Tasks that wait for tasks of their own pool", "All threads of the pool wait for what is behind them in the queue."},
	{"lockorder", "Lock order", "Each has the one monitor, and wants the other."},
	{"missed", "Missed notification", "The notification comes first, and nobody waits for it yet; then somebody does."},
	{"ifwhile", "`if` instead of `while`", "Who was notified is overtaken by another consumer, and takes what is no more there."},
	{"starvation", "A lock that is not fair", "Thread 1 queues, and another comes in again and again."},
}, javaServices...)

// The services of specs/go with threads and locks.
var javaServices = []design{
	{"webserver", "Web server with a thread per request", "Two handlers count at the same time, and one of the requests is not counted."},
	{"pool", "Worker pool", "Main wants to be rid of its jobs, and each worker of its result."},
	{"pipeline", "Pipeline with cancellation", "Main has what it wants and goes; nobody takes from the queues behind it any more."},
	{"fan", "Fan-out and fan-in", "The first worker that finds no more jobs says that all is done, while another works."},
	{"ratelimiter", "Rate limiter", "The client waits for a token with the monitor of the limiter held; who brings tokens wants that."},
	{"pubsub", "Publish and subscribe", "The publisher holds the monitor and waits for room in the queue of one who wants it, to leave."},
	{"leak", "Pool that is not shut down", "All items are handled, and the threads wait for the next one."},
	{"doubleclose", "Double close", "Two see that it is not stopped, and both close the socket."},
	{"waitgroup", "Workers that count themselves", "Main looks before a worker has counted itself, and does not wait."},
	{"rwmutex", "Recursive read lock", "A reader reads again; the writer who came in between is to go first, and waits for him."},
	{"cache", "Check, then act", "Both find the cache empty, and both dial."},
	{"timeout", "Result abandoned on timeout", "The caller has gone, and the result has nowhere to go."},
}

// In each script of specs/java, what fails of the faulty design is shown of the
// corrected one, as in TestDesigns. The table is in docs/java.md.
func TestJavaDesigns(t *testing.T) {
	page{"java", "What the threads do, step by step, and how it ends"}.holds(t, javaDesigns)
}

// Each service of specs/go is in specs/java, and a table in docs/java.md says
// what each assertion says of both.
func TestChannelsBesideLocks(t *testing.T) {
	var table strings.Builder
	table.WriteString("| service | asked | channels: faulty | corrected | locks: faulty | corrected |\n" +
		"| --- | --- | --- | --- | --- | --- |\n")
	for i, d := range goDesigns {
		if i >= len(javaServices) || javaServices[i].file != d.file {
			t.Fatalf("specs/java has no %s in place %d", d.file, i)
		}
		channels, locks := answers(t, "go/"+d.file+".csp"), answers(t, "java/"+d.file+".csp")
		title := fmt.Sprintf("%s: [channels](../specs/go/%s.csp), [locks](../specs/java/%[2]s.csp)", d.title, d.file)
		for _, asked := range union(channels.order, locks.order) {
			fmt.Fprintf(&table, "| %s | %s | %s | %s |\n", title, code(asked), channels.cells(asked), locks.cells(asked))
			title = ""
		}
	}
	made(t, "../docs/java.md", "comparison", table.String())
}

// What a script's assertions say, by what is asked: of the faulty design [0], and
// of the corrected one [1]. What names nothing that only one of them may have, such
// as its locks, is asked of both.
type answersOf struct {
	order []string
	of    map[string][2]string
}

func answers(t *testing.T, file string) *answersOf {
	t.Helper()
	script := load(t, file, "")
	all := &answersOf{of: map[string][2]string{}}
	for i := range script.Asserts {
		a := &script.Asserts[i]
		if strings.Contains(a.Text, "_HALF") {
			continue
		}
		want, k := deadlock.Fails, 0
		if a.Expect.Holds {
			want = deadlock.Holds
		}
		if strings.Contains(a.Text, "_FIXED") {
			k = 1
		}
		asked := strings.ReplaceAll(a.Text, "_FIXED", "")
		if !slices.Contains(all.order, asked) {
			all.order = append(all.order, asked)
		}
		row := all.of[asked]
		row[k] = string(verdict(t, a, want).Answer)
		all.of[asked] = row
	}
	for _, asked := range all.order {
		if row := all.of[asked]; !strings.Contains(asked, "::") && (row[0] == "" || row[1] == "") {
			t.Errorf("%s: %s is asked of one design only: faulty %q, corrected %q", file, asked, row[0], row[1])
		}
	}
	return all
}

func (a *answersOf) cells(asked string) string {
	row := a.of[asked]
	return strings.Join([]string{either(row[0]), either(row[1])}, " | ")
}

func either(answer string) string {
	if answer == "" {
		return "–"
	}
	return answer
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// A pool of n threads whose outer tasks wait for inner ones deadlocks just if
// there are n of them, or more.
func TestSelfWaitOfAnySize(t *testing.T) {
	for n := 1; n <= 3; n++ {
		for k := 1; k <= 3; k++ {
			script := load(t, "java/selfwait.csp", fmt.Sprintf("N=%d K=%d", n, k))
			for i := range script.Asserts {
				a := &script.Asserts[i]
				want := deadlock.Holds
				if k >= n && !strings.Contains(a.Text, "_FIXED") {
					want = deadlock.Fails
				}
				if _, v, err := asked(a, explore.Limits{}); err != nil || v.Answer != want {
					t.Errorf("N=%d K=%d: %s: %v %v, want %s", n, k, a.Text, v, err, want)
				}
			}
		}
	}
}
