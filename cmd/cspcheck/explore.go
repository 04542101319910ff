package main

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
)

func (a *app) exploreCmd() *cobra.Command {
	var s settings
	var k keeping
	var format string
	cmd := &cobra.Command{
		Use:   "explore FILE PROCESS",
		Short: "Count the states and transitions of a process",
		Long: `Count the reachable states of a process, its transitions (equal ones once)
and its deadlocked states, as it is written: nothing is minimised, merged or
reduced. States after termination count as deadlocked, and are given apart
as well.

The states are those of the network of machines that the process is, if it is
one; a network tells apart which operand of a choice is left even where what
is left is the same, so that there may be more of them than there are terms.
With --engine=terms the process terms themselves are searched: slower, and
plainer.`,
		Example: "  cspcheck explore --set N=5 specs/philosophers.csp TABLE",
		Args:    needs(2, 2, "FILE PROCESS"),
		RunE: func(_ *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return fmt.Errorf("--format %s: it is text or json", format)
			}
			return a.explore(&s, &k, format, args[0], args[1])
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "how to print the counts: text or json")
	s.addSet(cmd.Flags())
	s.addLimits(cmd.Flags())
	s.addStats(cmd.Flags())
	k.addCheckpoint(cmd.Flags())
	return cmd
}

// Of fewer states than this, what each takes says nothing: the program itself
// takes more.
const manyStates = 10_000

// counts is what explore prints.
type counts struct {
	Version     int    `json:"version"`
	Process     string `json:"process"`
	States      int64  `json:"states"`
	Transitions int64  `json:"transitions"`
	found
	Depth         int64       `json:"depth"`
	Seconds       float64     `json:"seconds"`
	Missed        float64     `json:"missed_probability,omitempty"` // with --store hashed
	Spilled       int64       `json:"spilled_states,omitempty"`     // on disk, see --spill
	BytesPerState float64     `json:"bytes_per_state"`
	Engine        cspm.Engine `json:"engine"`
	Complete      bool        `json:"complete"`
	Limit         string      `json:"limit,omitempty"`
	Stats         *stats      `json:"stats,omitempty"` // with --stats
	Errors        []jsonError `json:"errors"`
}

// found is what is counted besides.
type found struct {
	Deadlocks  int64 `json:"deadlocks"`
	Terminated int64 `json:"terminated"` // of the deadlocks: those that ✓ leads to
}

// process loads a script and returns it and the states of a process of it;
// errors have been reported if these are nil.
func (a *app) process(s *settings, path, process string) (*cspm.Script, explore.System, explore.Limits, error) {
	limits, options, err := a.limitsAndOptions(s)
	if err != nil {
		return nil, nil, limits, err
	}
	script, sys := a.processOf(limits, process, func() (*cspm.Script, cspm.Errors) { return a.load(path, options) })
	return script, sys, limits, nil
}

// processOf is process, given how to load the script.
func (a *app) processOf(limits explore.Limits, process string, load func() (*cspm.Script, cspm.Errors)) (*cspm.Script, explore.System) {
	script, errs := load()
	if errs != nil {
		a.complain(errs)
		return nil, nil
	}
	a.watch.task()
	sys, err := await(a, func() (explore.System, error) { return script.Process(a.ctx, limits, process) })
	a.watch.end()
	if err != nil {
		a.complain(err)
		return nil, nil
	}
	return script, sys
}

// kept is process for a search that may be kept in a file.
func (a *app) kept(s *settings, k *keeping, path, process string) (*keeper, explore.System, explore.Limits, error) {
	limits, options, err := a.limitsAndOptions(s)
	if err != nil {
		return nil, nil, limits, err
	}
	keep, err := a.newKeeper(k, s, &options, []string{path}, property{"the command", "explore"}, property{"the process", process})
	if err != nil {
		return nil, nil, limits, err
	}
	load := func() (*cspm.Script, cspm.Errors) { return a.load(path, options) }
	if keep != nil {
		load = func() (*cspm.Script, cspm.Errors) { return keep.load(path, options) }
		limits.Checkpoint = keep.checkpoint(0)
	}
	limits = limits.Begun() // for the evaluation and the search together
	_, sys := a.processOf(limits, process, load)
	return keep, sys, limits, nil
}

func (a *app) explore(s *settings, k *keeping, format, path, process string) error {
	m := a.meter(s.progress, task{What: process, File: path})
	keep, sys, limits, err := a.kept(s, k, path, process)
	if sys == nil {
		m.done(explore.Stats{})
		return err
	}
	c := counts{Version: jsonVersion, Process: process, Engine: cspm.EngineOf(sys), Errors: []jsonError{}}
	st, left, err := a.count(sys, limits, m, &c.found)
	c.States, c.Transitions, c.Depth = st.States, st.Transitions, st.Depth
	c.Missed, c.Spilled = st.Missed, st.Spilled
	c.Seconds = st.Time.Seconds()
	if c.States > 0 {
		c.BytesPerState = float64(cmp.Or(explore.ResidentPeak(), st.Memory)) / float64(c.States)
	}
	if s.stats {
		c.Stats = newStats(&a.watch, st)
		if format != "json" {
			defer c.Stats.write(a.stderr, process)
		}
	}
	c.Complete = err == nil
	switch {
	case keep == nil:
	case left:
		keep.abandon()
	default:
		keep.goOn(limits.Checkpoint)
	}
	if err != nil {
		a.complain(err)
		var l *explore.Limit
		if errors.As(err, &l) {
			c.Limit = l.Reason
		} else {
			c.Errors = jsonErrors(err)
		}
	}
	if format == "json" {
		return writeJSON(a.stdout, c)
	}
	if !c.Complete {
		fmt.Fprintf(a.stdout, "unknown: the search was not finished; until then it saw\n")
	}
	if c.Missed > 0 {
		fmt.Fprintf(a.stdout, "states were missed %s\n", missedText(c.Missed))
	}
	if c.Spilled > 0 {
		fmt.Fprintf(a.stdout, "%s spilled to disk\n", plural(c.Spilled, "state"))
	}
	each := ""
	if c.States >= manyStates {
		each = fmt.Sprintf(", %.0f bytes per state", c.BytesPerState)
	}
	_, err = fmt.Fprintf(a.stdout, "%s: %s, %s, %s (%d of them terminated), depth %d\nengine %s, %.2f s%s\n",
		process, plural(c.States, "state"), plural(c.Transitions, "transition"), plural(c.Deadlocks, "deadlock"), c.Terminated, c.Depth,
		c.Engine, c.Seconds, each)
	return err
}

// count searches, and counts what it finds. left reports that nobody waited for
// the end of that: it is then what was known last.
func (a *app) count(sys explore.System, limits explore.Limits, m meter, counted *found) (st explore.Stats, left bool, err error) {
	c := &counting{ended: map[int]bool{}}
	st, left, err = a.searched(limits, m, func() { *counted = c.found }, func(limits explore.Limits) (*explore.Search, error) {
		return explore.RunKept(a.ctx, sys, limits, c.visitor())
	})
	if !left {
		*counted = c.found
	}
	return st, left, err
}

// counting counts during a search.
type counting struct {
	found
	ended map[int]bool // states that ✓ leads to
}

func (c *counting) visitor() *explore.Visitor {
	return &explore.Visitor{Name: "all states", Visit: c.visit, Save: c.save, Load: c.load}
}

func (c *counting) visit(v *explore.Visit) bool {
	if len(v.Steps.Events) == 0 {
		c.Deadlocks++
		if c.ended[v.State] {
			c.Terminated++
		}
	}
	for i, e := range v.Steps.Events {
		if e == model.Tick {
			c.ended[int(v.Targets[i])] = true
		}
	}
	return true
}

func (c *counting) save(w *checkpoint.Writer) {
	w.Int(int(c.Deadlocks))
	w.Int(int(c.Terminated))
	w.Ints(slices.Sorted(maps.Keys(c.ended)))
}

func (c *counting) load(r *checkpoint.Reader) {
	c.Deadlocks, c.Terminated = int64(r.Int()), int64(r.Int())
	for _, s := range r.Ints() {
		c.ended[s] = true
	}
}

// allocated returns the bytes that Go holds now.
func allocated() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys - m.HeapReleased)
}
