package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
)

// Each line is an object with what docs/json.md promises; a task begins with
// prepare and ends with done, and in between a long search is told of, by
// numbers that grow. (The terms are slow enough for that on any machine.)
func TestProgressJSON(t *testing.T) {
	t.Chdir(t.TempDir())
	script := `channel c : {0..9}.{0..99999}
P(i, n) = n < 99999 & c.i.n -> P(i, n + 1)
assert ||| i : {0..9} @ P(i, 0) :[divergence free]
assert STOP :[divergence free]
`
	if err := os.WriteFile("long.csp", []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"check", "--engine", "terms", "--max-states", "60000", "long.csp"},
		{"explore", "--engine", "terms", "--max-states", "60000", "long.csp", "||| i : {0..9} @ P(i, 0)"},
		{"graph", "--engine", "terms", "--max-states", "60000", "long.csp", "||| i : {0..9} @ P(i, 0)"},
	} {
		var stdout, stderr bytes.Buffer
		if st := run(context.Background(), append(args, "--progress", "json"), strings.NewReader(""), &stdout, &stderr); st != unknown {
			t.Fatalf("%v: exit status %d\n%s", args, st, &stderr)
		}
		var lines []map[string]any
		in := bufio.NewScanner(&stderr)
		for in.Scan() {
			if !strings.HasPrefix(in.Text(), "{") {
				continue // for people
			}
			var line map[string]any
			if err := json.Unmarshal(in.Bytes(), &line); err != nil {
				t.Fatalf("%v: %v\n%s", args, err, in.Text())
			}
			for _, field := range []string{"version", "phase", "what", "file", "states", "transitions", "depth", "rate", "memory", "seconds"} {
				if line[field] == nil {
					t.Errorf("%v: no %s in %v", args, field, line)
				}
			}
			lines = append(lines, line)
		}
		var phases []string
		states := 0.
		for _, l := range lines {
			if phase := l["phase"].(string); len(phases) == 0 || phases[len(phases)-1] != phase {
				phases = append(phases, phase)
			}
			if l["phase"] == "search" {
				if n := l["states"].(float64); n <= states || l["memory"].(float64) < 1<<20 || l["rate"].(float64) <= 0 {
					t.Errorf("%v after %v states: %v", args, states, l)
				} else {
					states = n
				}
			}
		}
		want := "prepare search done" // a search that is over at once has no line
		if args[0] == "check" {
			want += " prepare done" // of nothing to search
			if l := lines[0]; l["line"] != 3. || l["what"] != "assert ||| i : {0..9} @ P(i, 0) :[divergence free]" {
				t.Errorf("%v", l)
			}
		}
		got := strings.Join(phases, " ")
		if !strings.Contains(got, "search") {
			want = strings.Replace(want, "search ", "", 1)
		}
		if got != want {
			t.Errorf("%v: phases %s, want %s", args, got, want)
		}
	}
}

// What a meter is told of a search it writes, with the rate since it was told
// last.
func TestProgressOfASearch(t *testing.T) {
	var out bytes.Buffer
	m := &jsonMeter{w: &out, task: task{What: "P"}, start: time.Now().Add(-time.Second)}
	m.last = m.start
	m.search(explore.Stats{States: 1000, Transitions: 5000, Depth: 7})
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["phase"] != "search" || line["states"] != 1000. || line["depth"] != 7. || line["rate"].(float64) <= 0 {
		t.Errorf("%v", line)
	}
}

func TestProgressText(t *testing.T) {
	st := explore.Stats{States: 1234567, Depth: 42, Memory: 3 << 30, SpecNodes: 1000}
	if got, want := progressText("assert P", st, 10*time.Second), "assert P: 1,234,567 states, depth 42, 123,456/s, 3.0 GiB; specification: 1,000 nodes"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// On a terminal a line tells how far a search is, and is gone when it ends;
// elsewhere nothing does.
func TestProgressOnATerminal(t *testing.T) {
	x := startTerminal(t, "explore", "t.csp", "ENDLESS(0)")
	x.sees("ENDLESS(0): ", " states, depth ", "/s, ")
	x.press("\x03")
	x.sees("cancelled")
	if err := <-x.ended; err == nil || !strings.Contains(err.Error(), "status 3") {
		t.Errorf("the program ends with %v", err)
	}
	x.until(func(screen string) bool { return !strings.Contains(screen, "/s, ") }, "line that is gone")

	t.Chdir(t.TempDir())
	if err := os.WriteFile("t.csp", []byte(probeTable), 0o644); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	st := run(context.Background(), []string{"explore", "--max-states", "200000", "t.csp", "ENDLESS(0)"}, strings.NewReader(""), &stdout, &stderr)
	if text := stdout.String() + stderr.String(); st != unknown || strings.Contains(text, "/s, ") || strings.Contains(text, "\r") {
		t.Errorf("status %d\n%s", st, text)
	}
}
