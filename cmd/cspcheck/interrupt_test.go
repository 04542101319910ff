package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model"
)

// Ctrl-C ends what is not a search, too: the status is that of a limit, a word
// says so, and files are left alone.
func TestCancelledBeforeAnySearch(t *testing.T) {
	const text = "channel a\nP = a   -> P\nassert P :[deadlock free]\n"
	for _, args := range [][]string{{"check"}, {"vet"}, {"types"}, {"fmt"}, {"fmt", "-w"}, {"eval", "", "1"}} {
		path := filepath.Join(t.TempDir(), "p.csp")
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if len(args) > 1 && args[1] == "" {
			args[1] = path
		} else {
			args = append(args, path)
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		var stdout, stderr strings.Builder
		st := run(ctx, args, strings.NewReader(""), &stdout, &stderr)
		said := stdout.String() + stderr.String()
		if st != unknown || !strings.Contains(said, "cancelled") {
			t.Errorf("%q: status %d, %s", args, st, said)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != text {
			t.Errorf("%q: the file is now %q, %v", args, after, err)
		}
	}
}

// A run that is kept ends as any other does when it is cancelled in the middle:
// what is behind the search at hand is unknown, and the file is there.
func TestCancelledWhileKept(t *testing.T) {
	dir := t.TempDir()
	path, file := filepath.Join(dir, "p.csp"), filepath.Join(dir, "search")
	text := "channel a, b\nP(n) = a -> P(n + 1)\nassert P(0) :[deadlock free]\nassert P(0) :[divergence free]\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		for ctx.Err() == nil { // the first search never ends
			if _, err := os.Stat(file); err == nil {
				cancel()
			}
			time.Sleep(time.Millisecond)
		}
	}()
	var stdout, stderr strings.Builder
	st := run(ctx, []string{"check", "--checkpoint", file, "--checkpoint-every", "1000states", path}, strings.NewReader(""), &stdout, &stderr)
	if n := strings.Count(stdout.String(), "unknown (cancelled)") + strings.Count(stdout.String(), "unknown (not asked"); st != unknown || n != 2 {
		t.Errorf("status %d, %d of 2 unknown: %s%s", st, n, &stdout, &stderr)
	}
}

// Who is left while a counterexample is told has found one, whatever comes next,
// such as a search for a shorter one.
func TestLeftWhileACounterexampleIsTold(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	const untold = "cancelled: a counterexample was found, but is not told yet"
	for _, tt := range []struct {
		phases []explore.Phase
		want   string
	}{
		{nil, "cancelled"},
		{[]explore.Phase{explore.Normalising, explore.Exploring}, "cancelled"},
		{[]explore.Phase{explore.Exploring, explore.Telling}, untold},
		{[]explore.Phase{explore.Exploring, explore.Telling, explore.Exploring}, untold},
	} {
		seen := &lastSeen{}
		limits := seen.within(explore.Limits{})
		for _, p := range tt.phases {
			limits.Enter(p)
		}
		seen.end()
		limits.Enter(explore.Telling) // nobody hears that any more
		if got := seen.left(ctx); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.phases, got, tt.want)
		}
	}
}

// What cannot be stopped is not waited for.
func TestHeedingDoesNotWait(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	forever := make(chan int)
	defer close(forever)
	_, done := heeding(ctx, func() int {
		cancel()
		return <-forever
	})
	if done {
		t.Error("it waited")
	}
	if n, done := heeding(context.Background(), func() int { return 7 }); n != 7 || !done {
		t.Errorf("%d, %v", n, done)
	}
}

// Whatever a run is at after Ctrl-C, it ends: here it waits for a script that
// never comes.
func TestCtrlCEndsWhatDoesNotStop(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	never, forgotten := io.Pipe()
	defer forgotten.Close()
	said := make(heard, 1)
	exits := make(chan status, 1)
	a := newApp(ctx, never, io.Discard, said)
	a.exit = func(st status) { exits <- st }
	done := make(chan status)
	go func() { done <- a.execute([]string{"vet", "-"}) }()
	cancel()
	select {
	case st := <-exits:
		if text := <-said; st != unknown || text != "cspcheck: cancelled\n" {
			t.Errorf("status %d, %q", st, text)
		}
	case <-done:
		t.Error("it has read the script")
	}
	forgotten.Close()
	<-done
}

// heard is a writer that hands on what is written.
type heard chan string

func (h heard) Write(b []byte) (int, error) {
	h <- string(b)
	return len(b), nil
}

// Not even standard error need be read.
func TestCtrlCEndsWithoutAReader(t *testing.T) {
	_, unread := io.Pipe()
	exits := make(chan status, 1)
	a := newApp(context.Background(), nil, io.Discard, unread)
	a.exit = func(st status) { exits <- st }
	a.worsen(fails)
	go a.quit(&explore.Limit{Reason: "cancelled"})
	if st := <-exits; st != fails {
		t.Errorf("status %d", st)
	}
	unread.Close()
}

// A counter counts up from 0 and, once stuck is closed, hangs in a step.
type counter struct {
	events *model.Events
	stuck  <-chan struct{}
	hang   chan struct{}
}

func (c *counter) Events() *model.Events    { return c.events }
func (c *counter) Width() int               { return 1 }
func (c *counter) Initial(s []uint64) error { s[0] = 0; return nil }

func (c *counter) Successors(s []uint64, out *explore.Steps) error {
	select {
	case <-c.stuck:
		<-c.hang
	default:
	}
	out.Add(model.Tau, s[0]+1)
	return nil
}

// A gauge closes told when it is first told of a search.
type gauge struct {
	noMeter
	told chan struct{}
	once sync.Once
}

func (g *gauge) search(explore.Stats) { g.once.Do(func() { close(g.told) }) }

// A search that hangs is left with what was known of it.
func TestWhatIsKnownOfASearchThatHangs(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	a := newApp(ctx, nil, io.Discard, io.Discard)
	m := &gauge{told: make(chan struct{})}
	sys := &counter{model.NewEvents(), m.told, make(chan struct{})}
	defer close(sys.hang)
	go func() {
		<-m.told
		cancel()
		a.hasten(a.ctx)
	}()
	var counted found
	st, left, err := a.count(sys, explore.Limits{}, m, &counted)
	var l *explore.Limit
	if !left || !errors.As(err, &l) || l.Reason != "cancelled" || st.States == 0 || st.Transitions == 0 {
		t.Errorf("%+v, left %v: %v", st, left, err)
	}
	close(a.ended)
}

// A search that is left while its file is written goes on from what was written
// before, and what is half written is gone.
func TestAbandonedCheckpoint(t *testing.T) {
	for _, tt := range []struct {
		inFile inFile
		said   string
		kept   bool
	}{
		{inFile{}, "warning: --checkpoint FILE: it was not written: there was no time\n", false},
		{inFile{"FILE", 7}, "FILE: the search is kept there as it was after 7 states, --resume FILE goes on\n", true},
		{inFile{"FILE", 0}, "FILE: the search is kept there as it was, --resume FILE goes on\n", true},
	} {
		file := filepath.Join(t.TempDir(), "search")
		var said strings.Builder
		x := &keeper{app: newApp(context.Background(), nil, io.Discard, &said), keeping: &keeping{file: file}}
		if tt.inFile.file != "" {
			tt.inFile.file = file
		}
		x.keptIn(tt.inFile)
		err := checkpoint.Write(file, func(w *checkpoint.Writer) {
			w.Section("half")
			if kept := x.abandon(); kept != tt.kept {
				t.Errorf("kept: %v", kept)
			}
		})
		if err == nil {
			t.Error("the file was written")
		}
		if left, _ := filepath.Glob(file + "*"); len(left) > 0 {
			t.Errorf("there is %v", left)
		}
		if got := strings.ReplaceAll(said.String(), file, "FILE"); got != tt.said {
			t.Errorf("%q, want %q", got, tt.said)
		}
	}
}

// A cue is a writer that cancels as soon as something is written.
type cue struct {
	strings.Builder
	text   string
	cancel func()
}

func (c *cue) Write(b []byte) (int, error) {
	if strings.Contains(string(b), c.text) {
		c.cancel()
	}
	return c.Builder.Write(b)
}

// cancels is a reader that cancels as soon as something is read.
type cancels struct {
	io.Reader
	cancel func()
}

func (c *cancels) Read(b []byte) (int, error) {
	c.cancel()
	return c.Reader.Read(b)
}

// What had been found by then is printed.
func TestCancelledInTheMiddle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.csp")
	text := "channel a\nN = 1\nP(n) = if n == 0 then P(N) else a -> P(n - 1)\nUP(n) = a -> UP(n + 1)\nassert P(N) :[deadlock free]\nassert P(N) :[divergence free]\n"
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		args, at string
		want     []string
	}{
		{"check " + path, `"phase":"prepare","what":"assert P(N) :[divergence free]"`, []string{"deadlock free]: holds", "divergence free]: unknown (cancelled)", "1 hold, 1 unknown"}},
		{"size --param N=1..3 " + path, `2/3 N=2`, []string{"1 satisfies all", "unknown: cancelled"}},
		{"size --format json --param N=1..3 " + path, `2/3 N=2`, []string{`"verdict": "holds"`, `"verdict": "unknown"`}},
		{"explore " + path + " UP(0)", `"phase":"search"`, []string{"unknown: the search was not finished", "cancelled"}},
		{"explore --format json " + path + " UP(0)", `"phase":"search"`, []string{`"complete": false`, `"limit": "cancelled"`}},
		{"graph " + path + " UP(0)", `"phase":"search"`, []string{"the graph is not complete: cancelled; ", " had been found"}},
		{"conform " + path + " P(9) -", "", []string{"cancelled while it was read"}},
		{"conform --format json " + path + " P(9) -", "", []string{`"verdict": "unknown"`, "cancelled while it was read"}},
	} {
		ctx, cancel := context.WithCancel(context.Background())
		stderr, stdin := &cue{text: tt.at, cancel: cancel}, io.Reader(nil)
		if tt.at == "" {
			stderr.cancel, stdin = func() {}, &cancels{strings.NewReader(`{"event": "a"}`), cancel}
		}
		var stdout strings.Builder
		args := append(strings.Fields(tt.args), "--progress", "json")
		st := run(ctx, args, stdin, &stdout, stderr)
		cancel()
		said := stdout.String() + stderr.String()
		for _, want := range tt.want {
			if st != unknown || !strings.Contains(said, want) {
				t.Errorf("%q: status %d, no %q in\n%s", args, st, want, said)
			}
		}
	}
}
