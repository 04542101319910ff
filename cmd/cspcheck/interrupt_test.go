package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
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
