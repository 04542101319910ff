package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/bits"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/bare"
)

// A bench is what runs are made with.
type bench struct {
	*options
	dir      string // of the models
	work     string // for what is made on the way
	cspcheck string // the program
	out      interface{ Write([]byte) (int, error) }
}

// A cost is what a run took.
type cost struct {
	cpu      float64 // seconds, of the whole process
	explore  float64 // of those, in the search; of cspcheck only
	resident int64   // bytes, the most
	store    float64 // bytes of the store for each state; of cspcheck only
}

// ours runs cspcheck, and holds what it counts against the row.
func (b *bench) ours(ctx context.Context, r *row) (cost, error) {
	args := []string{"explore", "--format", "json", "--stats", "--workers", strconv.Itoa(b.workers), "--store", b.store, "--max-memory", b.memory}
	for _, p := range r.params {
		args = append(args, "--set", p.name+"="+p.value)
	}
	args = append(args, filepath.Join(b.dir, r.file()+".csp"), r.process())
	text, cpu, err := output(ctx, "", b.cspcheck, args...)
	if err != nil {
		return cost{}, err
	}
	var c struct {
		States, Transitions, Deadlocks, Depth int64
		Stats                                 struct {
			Phases []struct {
				Phase      string
				CPUSeconds float64 `json:"cpu_seconds"`
			}
			Search struct {
				BytesPerState struct{ Table, States, Parents float64 } `json:"bytes_per_state"`
			}
			PeakResident int64 `json:"peak_resident"`
		}
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return cost{}, fmt.Errorf("cspcheck: %w", err)
	}
	if got, want := [4]int64{c.States, c.Transitions, c.Deadlocks, c.Depth}, [4]int64{r.states, r.transitions, r.stuck, r.depth}; got != want {
		return cost{}, fmt.Errorf("%s %s: cspcheck counts %v states, transitions, deadlocks and levels, and there are %v", r.model, r.size, got, want)
	}
	out := cost{cpu: cpu, resident: c.Stats.PeakResident}
	for _, p := range c.Stats.Phases {
		if p.Phase == "explore" {
			out.explore = p.CPUSeconds
		}
	}
	s := c.Stats.Search.BytesPerState
	out.store = s.Table + s.States + s.Parents
	return out, nil
}

// output runs a program and returns what it prints, and its CPU seconds.
func output(ctx context.Context, dir, program string, args ...string) ([]byte, float64, error) {
	c := exec.CommandContext(ctx, program, args...)
	c.Dir = dir
	var stderr bytes.Buffer
	c.Stderr = &stderr
	text, err := c.Output()
	if err != nil {
		return nil, 0, fmt.Errorf("%s: %w\n%s%s", filepath.Base(program), err, text, stderr.Bytes())
	}
	return text, (c.ProcessState.UserTime() + c.ProcessState.SystemTime()).Seconds(), nil
}

// buildPan makes SPIN's verifier of a row, and returns where it is.
func (b *bench) buildPan(ctx context.Context, r *row) (string, error) {
	dir := filepath.Join(b.work, r.model+"-"+r.size)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	source := filepath.Join(b.dir, r.file()+".pml")
	switch r.model {
	case "peg":
		source = filepath.Join(dir, "peg.pml")
		if err := os.WriteFile(source, []byte(r.pegs()), 0o644); err != nil {
			return "", err
		}
	case "abp":
		if err := os.WriteFile(filepath.Join(dir, "abp_in.inc"), []byte(abpInputs(r.number("D"))), 0o644); err != nil {
			return "", err
		}
	}
	args := []string{"-P", "-I", dir}
	for _, p := range r.params {
		args = append(args, "-D"+p.name+"="+p.value)
	}
	if r.model == "philsasym" {
		args = append(args, "-DASYM=1")
	}
	text, _, err := output(ctx, dir, "cpp", append(args, source)...)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "m.pml"), text, 0o644)
	}
	if err == nil {
		_, _, err = output(ctx, dir, "spin", "-o3", "-a", "m.pml") // -o3: one step for each event
	}
	if err == nil {
		_, _, err = output(ctx, dir, "gcc", "-O3", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM="+strconv.Itoa(b.pan), "-w", "-o", "pan", "pan.c")
	}
	return filepath.Join(dir, "pan"), err
}

// What pan prints.
var (
	panStates      = regexp.MustCompile(`(?m)^ *(\d[\d.e+]*) states, stored`)
	panTransitions = regexp.MustCompile(`(?m)^ *(\d[\d.e+]*) transitions`)
	panDepth       = regexp.MustCompile(`depth reached (\d+)`)
	panMemory      = regexp.MustCompile(`(?m)^ *([\d.]+)\s+total actual memory usage`)
)

// spins runs SPIN's verifier with a search stack of some states, and holds
// what it counts against the row. It also returns how much of the stack it
// needs. The hash table has four to eight slots for each state, so that hardly any collide.
func (b *bench) spins(ctx context.Context, r *row, pan string, stack int64) (cost, int64, error) {
	text, cpu, err := output(ctx, filepath.Dir(pan), pan,
		"-m"+strconv.FormatInt(stack, 10), "-n", "-E", "-w"+strconv.Itoa(max(10, bits.Len64(uint64(r.states))+2)))
	if err != nil {
		return cost{}, 0, err
	}
	find := func(re *regexp.Regexp) string {
		if m := re.FindSubmatch(text); m != nil {
			return string(m[1])
		}
		return "0"
	}
	states, transitions := find(panStates), find(panTransitions)
	extra := int64(0)
	if r.model == "peg" {
		extra = 1 // it fills the board first
	}
	// Its transitions include the one into the initial state.
	if !counts(states, r.states+extra) || !counts(transitions, r.transitions+extra+1) {
		return cost{}, 0, fmt.Errorf("%s %s: SPIN counts %s states and %s transitions, and there are %d and %d (%d more, with those of its beginning)\n%s",
			r.model, r.size, states, transitions, r.states, r.transitions, extra, text)
	}
	megabytes, _ := strconv.ParseFloat(find(panMemory), 64)
	depth, _ := strconv.ParseInt(find(panDepth), 10, 64)
	return cost{cpu: cpu, resident: int64(megabytes * (1 << 20))}, depth + 10, nil
}

// counts reports whether text, as pan prints a count, is n: from 10⁸ on eight
// digits of it.
func counts(text string, n int64) bool {
	return text == strconv.FormatInt(n, 10) || text == strconv.FormatFloat(float64(n), 'g', 8, 64)
}

// bareCommand is the argument that makes this program fill a bare table.
const bareCommand = "bare-table"

// bareRate returns how many keys a CPU second a bare table takes, by a process
// of its own.
func bareRate(ctx context.Context, keys int64) (float64, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	text, _, err := output(ctx, "", self, bareCommand, strconv.FormatInt(keys, 10))
	if err != nil {
		return 0, err
	}
	return strconv.ParseFloat(string(bytes.TrimSpace(text)), 64)
}

// fillBare fills a bare table, several if they are small, and prints how many
// keys a CPU second it takes.
func fillBare(text string) {
	keys, err := strconv.Atoi(text)
	if err != nil || keys < 1 {
		fmt.Fprintf(os.Stderr, "compare: %q keys\n", text)
		os.Exit(2)
	}
	var spent time.Duration
	filled := 0
	for spent < 100*time.Millisecond {
		var start time.Duration
		bare.Fill(keys, func() { start = explore.CPUTime() }, func() { spent += explore.CPUTime() - start })
		filled += keys
	}
	fmt.Println(float64(filled) / spent.Seconds())
}
