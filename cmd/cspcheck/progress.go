package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// How a run says how far it is. There is no guess of what remains: nothing
// about a state space tells how large it is.
const (
	autoProgress = "auto" // a line on a terminal, nothing elsewhere
	jsonProgress = "json" // an object a line, for other programs
	noProgress   = "off"
)

// A task is what a run is at: an assertion, or a process.
type task struct {
	What string `json:"what"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// A meter says on standard error how far a task is.
type meter interface {
	search(explore.Stats) // is told at most ten times a second
	done(explore.Stats)
}

// meter begins a task: its script is evaluated, and its networks are made,
// before the search begins.
func (a *app) meter(mode string, t task) meter {
	switch {
	case mode == jsonProgress:
		m := &jsonMeter{w: a.stderr, task: t, start: time.Now()}
		m.last = m.start
		m.write("prepare", explore.Stats{Memory: allocated()})
		return m
	case mode == noProgress, !isTerminal(a.stderr), os.Getenv("TERM") == "dumb":
		return noMeter{}
	}
	return newBar(a.stderr, t)
}

type noMeter struct{}

func (noMeter) search(explore.Stats) {}
func (noMeter) done(explore.Stats)   {}

// jsonMeter writes docs/json.md#progress.
type jsonMeter struct {
	w      io.Writer
	task   task
	start  time.Time
	last   time.Time
	states int64 // by then
}

type jsonProgressLine struct {
	Version int    `json:"version"`
	Phase   string `json:"phase"`
	task
	States      int64   `json:"states"`
	Transitions int64   `json:"transitions"`
	Depth       int64   `json:"depth"`
	Rate        float64 `json:"rate"`    // states a second since the line before; at the end, all in all
	Memory      int64   `json:"memory"`  // bytes, of the whole program
	Seconds     float64 `json:"seconds"` // since the task began
	SpecNodes   int64   `json:"specification_nodes,omitempty"`
}

func (m *jsonMeter) search(st explore.Stats) { m.write("search", st) }

func (m *jsonMeter) done(st explore.Stats) {
	m.last, m.states = m.start, 0
	m.write("done", st)
}

func (m *jsonMeter) write(phase string, st explore.Stats) {
	now := time.Now()
	line := jsonProgressLine{
		Version: jsonVersion, Phase: phase, task: m.task, States: st.States, Transitions: st.Transitions, Depth: st.Depth,
		Memory: st.Memory, Seconds: now.Sub(m.start).Seconds(), SpecNodes: st.SpecNodes,
	}
	if since := now.Sub(m.last).Seconds(); since > 0 && st.States > m.states {
		line.Rate = float64(st.States-m.states) / since
	}
	m.last, m.states = now, st.States
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	_, _ = m.w.Write(append(text, '\n')) // nobody need read it
}

// bar is a line on a terminal that is written again and again.
type bar struct {
	*progressbar.ProgressBar
	what  string
	width int
	start time.Time
}

// The most columns of a task that the line repeats, and those that the bar
// adds: a sign that turns, and the time.
const (
	longestTask = 18
	barColumns  = 12
)

func newBar(w io.Writer, t task) *bar {
	b := &bar{what: render.Short(t.What, longestTask), width: 80, start: time.Now()}
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			b.width = width
		}
	}
	b.ProgressBar = progressbar.NewOptions64(-1,
		progressbar.OptionSetWriter(w), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetElapsedTime(true), progressbar.OptionSpinnerType(14))
	return b
}

func (b *bar) search(st explore.Stats) {
	b.Describe(render.Short(progressText(b.what, st, time.Since(b.start)), max(b.width-barColumns, 10)))
	_ = b.Add(1)
}

// progressText is what a terminal shows; the rate is that since the start.
func progressText(what string, st explore.Stats, since time.Duration) string {
	text := fmt.Sprintf("%s: %s states, depth %d, %s/s", what, humanize.Comma(st.States), st.Depth,
		humanize.Comma(int64(float64(st.States)/max(since.Seconds(), 0.001))))
	if st.Memory > 0 {
		text += ", " + humanize.IBytes(uint64(st.Memory))
	}
	if st.SpecNodes > 0 {
		text += fmt.Sprintf("; specification: %s nodes", humanize.Comma(st.SpecNodes))
	}
	return text
}

func (b *bar) done(explore.Stats) { _ = b.Finish() }
