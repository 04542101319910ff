package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"

	"github.com/cspcheck/cspcheck/explore"
)

// addStats adds the flag that says where the time goes.
func (s *settings) addStats(f *pflag.FlagSet) {
	f.BoolVar(&s.stats, "stats", false, "say on standard error (or in the JSON) where the time and the memory went")
}

// stats is what --stats tells of a task: docs/json.md#stats.
type stats struct {
	Phases        []phaseStats  `json:"phases"`
	Seconds       float64       `json:"seconds"` // of all phases
	CPUSeconds    float64       `json:"cpu_seconds"`
	Search        *searchStats  `json:"search,omitempty"`
	Composing     *composeStats `json:"composing,omitempty"`
	Specification *specStats    `json:"specification,omitempty"`
	Reductions    []reduceStats `json:"reductions,omitempty"`
	PeakResident  int64         `json:"peak_resident,omitempty"` // bytes of the process, since it began; 0: not known
	PeakAllocated int64         `json:"peak_allocated"`          // bytes that Go held
	BytesPerState float64       `json:"bytes_per_state,omitempty"`
}

type phaseStats struct {
	Phase      explore.Phase `json:"phase"`
	Seconds    float64       `json:"seconds"`
	CPUSeconds float64       `json:"cpu_seconds"`
}

type searchStats struct {
	States                  int64         `json:"states"`
	Transitions             int64         `json:"transitions"`
	StatesPerSecond         float64       `json:"states_per_second"`
	TransitionsPerSecond    float64       `json:"transitions_per_second"`
	TransitionsPerCPUSecond float64       `json:"transitions_per_cpu_second,omitempty"`
	Store                   explore.Store `json:"store"`
	Bytes                   storeBytes    `json:"bytes_per_state"`
	TableLoad               float64       `json:"table_load"` // 0 to 1
	Workers                 int           `json:"workers"`
	InRounds                float64       `json:"in_rounds"` // share of the states that workers expanded together
}

type storeBytes struct {
	Table   float64 `json:"table"`
	States  float64 `json:"states"`
	Parents float64 `json:"parents"`
}

func (b storeBytes) sum() float64 { return b.Table + b.States + b.Parents }

type specStats struct {
	Nodes  int64 `json:"nodes"`
	States int64 `json:"states"`
}

type reduceStats struct {
	Name   string      `json:"name"`
	Taken  json.Number `json:"taken"`
	Of     json.Number `json:"of"`
	What   string      `json:"what"`
	Factor json.Number `json:"factor"`
}

// newStats returns where the time and the memory of a task went that a search
// was part of; a zero one was not.
func newStats(w *stopwatch, st explore.Stats) *stats {
	s := &stats{}
	s.measure(w)
	s.PeakAllocated = max(st.Memory, allocated())
	if st.Usage.Store != "" && st.States > 0 { // states of composed machines are not searched
		s.Search = newSearchStats(st)
		s.BytesPerState = float64(max(s.PeakResident, 0)) / float64(st.States)
	}
	if st.SpecNodes > 0 {
		s.Specification = &specStats{st.SpecNodes, st.SpecStates}
	}
	for _, r := range st.Usage.Reductions {
		s.Reductions = append(s.Reductions, reduceStats{r.Name, large(r.Taken), large(r.Of), r.What, large(r.Factor())})
	}
	return s
}

// measure notes the phases until now.
func (s *stats) measure(w *stopwatch) {
	w.end()
	s.Phases, s.Seconds, s.CPUSeconds = []phaseStats{}, 0, 0
	for _, p := range explore.Phases {
		l, ok := w.laps[p]
		if !ok {
			continue
		}
		s.Phases = append(s.Phases, phaseStats{p, l.wall.Seconds(), l.cpu.Seconds()})
		s.Seconds += l.wall.Seconds()
		s.CPUSeconds += l.cpu.Seconds()
	}
	s.PeakResident = explore.ResidentPeak()
}

func newSearchStats(st explore.Stats) *searchStats {
	each := func(bytes int64) float64 { return float64(bytes) / float64(st.States) }
	u := st.Usage
	return &searchStats{
		States: st.States, Transitions: st.Transitions,
		StatesPerSecond: per(st.States, st.Time), TransitionsPerSecond: per(st.Transitions, st.Time),
		TransitionsPerCPUSecond: per(st.Transitions, st.CPU),
		Store:                   u.Store, Bytes: storeBytes{each(u.Table), each(u.States), each(u.Parents)}, TableLoad: u.Load,
		Workers: u.Workers, InRounds: each(u.InRounds),
	}
}

// per returns how many there are in a second.
func per(n int64, d time.Duration) float64 {
	if d <= 0 {
		return 0
	}
	return float64(n) / d.Seconds()
}

// write writes the stats for people.
func (s *stats) write(w io.Writer, title string) {
	fmt.Fprintf(w, "stats of %s\n", title)
	row := func(name string, wall, cpu float64) { fmt.Fprintf(w, "  %-13s %9.3f s %9.3f s CPU\n", name, wall, cpu) }
	for _, p := range s.Phases {
		row(string(p.Phase), p.Seconds, p.CPUSeconds)
	}
	row("in all", s.Seconds, s.CPUSeconds)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(w, "  %-13s %s\n", name, fmt.Sprintf(format, args...))
	}
	if x := s.Search; x != nil {
		line("search", "%s", rates(x.StatesPerSecond, x.TransitionsPerSecond, x.TransitionsPerCPUSecond))
		line("workers", "%d, together for %.0f %% of the states", x.Workers, 100*x.InRounds)
		line("store", "%s: %.1f bytes per state (table %.1f, states %.1f, parents %.1f), table %.0f %% full",
			x.Store, x.Bytes.sum(), x.Bytes.Table, x.Bytes.States, x.Bytes.Parents, 100*x.TableLoad)
	}
	if c := s.Composing; c != nil {
		c.write(line)
	}
	if n := s.Specification; n != nil {
		line("specification", "%s of %s", plural(n.Nodes, "node"), plural(n.States, "state"))
	}
	for _, r := range s.Reductions {
		line("reduction", "%s: %s, %s of %s %s", r.Name, r.Factor, r.Taken, r.Of, r.What)
	}
	line("peak memory", "%s", s.memory())
}

// rates tells how fast states and transitions are found; by CPU 0 is not known.
func rates(states, transitions, byCPU float64) string {
	text := fmt.Sprintf("%s states/s, %s transitions/s", count(states), count(transitions))
	if byCPU > 0 {
		text += fmt.Sprintf(", %s per CPU second", count(byCPU))
	}
	return text
}

// memory tells the peak.
func (s *stats) memory() string {
	held := "Go held " + humanize.IBytes(uint64(s.PeakAllocated))
	if s.PeakResident == 0 {
		return held
	}
	text := humanize.IBytes(uint64(s.PeakResident)) + " resident"
	if s.Search != nil && s.Search.States >= manyStates {
		text += fmt.Sprintf(", %.1f bytes per state", s.BytesPerState)
	}
	return text + "; " + held
}

// large writes a number that may be larger than any of the processor's.
func large(x *big.Float) json.Number {
	switch most := big.NewFloat(1 << 53); {
	case x.Cmp(most) > 0:
		return json.Number(x.Text('e', 2))
	case x.IsInt():
		return json.Number(x.Text('f', 0))
	}
	return json.Number(x.Text('f', 2))
}

// count writes a large number.
func count(x float64) string { return strings.TrimSpace(humanize.SIWithDigits(x, 2, "")) }

// tellStats writes the stats of a command that is no assertion's.
func (a *app) tellStats(s *settings, title string, st explore.Stats) {
	if s.stats {
		newStats(&a.watch, st).write(a.stderr, title)
	}
}
