package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/render"
)

// aroundPath is --around's word for the states on the path.
const aroundPath = "path"

// A recording is a state graph as it is found, and where to look in it.
type recording struct {
	sys   explore.System
	depth int

	deadlocked []bool // by state, of those that were visited
	from, to   []uint32
	events     []model.Event

	path    []explore.PathStep
	initial string          // the key of the initial state
	watch   map[string]int  // states to find, by key: their numbers, -1 until they are found
	number  int             // a state to find by its number; -1: none
	aim     map[string]bool // the states, of watch, around which all is
	center  []int           // their numbers
	reach   int             // of them, the depth of the deepest
	names   map[model.Event]string
}

func newRecording(sys explore.System, depth int) *recording {
	return &recording{sys: sys, depth: depth, watch: map[string]int{}, number: -1, aim: map[string]bool{}, names: map[model.Event]string{}}
}

// aim tells the recording what is to be found: the path, and around what.
func (a *app) aim(r *recording, g *graphing, script *cspm.Script, limits explore.Limits, path []explore.PathStep) error {
	first := make([]uint64, r.sys.Width())
	if err := r.sys.Initial(first); err != nil {
		return err
	}
	r.initial = stateKey(first)
	if path != nil || g.around == aroundPath {
		r.path = path
		r.watch[r.initial] = -1
		for _, p := range path {
			r.watch[stateKey(p.State)] = -1
		}
	}
	switch n, err := strconv.Atoi(g.around); {
	case g.around == "":
	case g.around == aroundPath:
		for k := range r.watch {
			r.aim[k] = true
		}
	case err == nil && n >= 0:
		r.number = n
	case strings.HasPrefix(g.around, "<"):
		s, err := a.afterTrace(r.sys, script, limits, g.around)
		if err != nil {
			return fmt.Errorf("--around %s: %w", g.around, err)
		}
		r.watch[stateKey(s)], r.aim[stateKey(s)] = -1, true
	default:
		return fmt.Errorf("--around %s: it is the number of a state, a trace such as '<a, b>', or path", g.around)
	}
	return nil
}

// afterTrace returns the nearest state after a trace, an expression of the
// script.
func (a *app) afterTrace(sys explore.System, script *cspm.Script, limits explore.Limits, text string) ([]uint64, error) {
	names, err := a.traceOf(script, limits, text)
	if err != nil {
		return nil, err
	}
	var trace []model.Event
	for _, name := range names {
		e, ok := sys.Events().Lookup(name)
		if !ok {
			return nil, fmt.Errorf("the process never does %s", name)
		}
		trace = append(trace, e)
	}
	w, far := sys.Width(), 0
	var end []uint64
	limits.Progress = nil
	_, err = explore.Run(a.ctx, explore.Along(sys, trace), limits, func(v *explore.Visit) bool {
		far = max(far, int(v.Words[w]))
		if int(v.Words[w]) == len(trace) {
			end = slices.Clone(v.Words[:w])
		}
		return end == nil
	})
	if err == nil && end == nil {
		err = fmt.Errorf("after %s there is no %s", plural(int64(far), "event"), names[far])
	}
	return end, err
}

// traceOf returns the events of a trace, an expression of the script.
func (a *app) traceOf(script *cspm.Script, limits explore.Limits, text string) ([]string, error) {
	printed, err := script.Eval(a.ctx, limits, text)
	if errs, ok := cspm.AsErrors(err); ok {
		return nil, errs[0]
	}
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(printed, "<") || !strings.HasSuffix(printed, ">") {
		return nil, fmt.Errorf("it is no sequence")
	}
	return splitList(printed[1 : len(printed)-1]), nil
}

// splitList splits what Eval prints of a sequence's elements: at commas that
// are in no bracket, string or character.
func splitList(s string) []string {
	var out []string
	depth, start := 0, 0
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"', c == '\'':
			quote = c
		case strings.IndexByte("([{<", c) >= 0:
			depth++
		case strings.IndexByte(")]}>", c) >= 0:
			depth--
		case c == ',' && depth == 0:
			out = append(out, strings.TrimSpace(s[start:i]))
			start = i + 1
		}
	}
	if rest := strings.TrimSpace(s[start:]); rest != "" {
		out = append(out, rest)
	}
	return out
}

func stateKey(s []uint64) string {
	var b strings.Builder
	for _, w := range s {
		b.WriteString(strconv.FormatUint(w, 36))
		b.WriteByte(' ')
	}
	return b.String()
}

// run records the graph or, around something, as much as lies no deeper than
// what is wanted: all that can be reached within depth transitions, and those
// of the states that lead there that were met by then.
func (r *recording) run(ctx context.Context, limits explore.Limits) (*explore.Search, error) {
	around := r.number >= 0 || len(r.aim) > 0
	return explore.Run(ctx, r.sys, limits, func(v *explore.Visit) bool {
		if around && r.found() && v.Depth > r.reach+r.depth {
			return false
		}
		r.note(v)
		r.deadlocked = append(r.deadlocked, len(v.Steps.Events) == 0)
		for i, e := range v.Steps.Events {
			r.from = append(r.from, uint32(v.State))
			r.to = append(r.to, v.Targets[i])
			r.events = append(r.events, e)
		}
		return true
	})
}

// note notes the states that are looked for.
func (r *recording) note(v *explore.Visit) {
	wanted := v.State == r.number
	if len(r.watch) > 0 {
		key := stateKey(v.Words)
		if n, ok := r.watch[key]; ok && n < 0 {
			r.watch[key] = v.State
			wanted = wanted || r.aim[key]
		}
	}
	if wanted {
		r.center = append(r.center, v.State)
		r.reach = max(r.reach, v.Depth)
	}
}

func (r *recording) found() bool {
	if r.number >= 0 && len(r.center) == 0 {
		return false
	}
	for _, n := range r.watch {
		if n < 0 {
			return false
		}
	}
	return true
}

// near returns the states within depth transitions of the center, either way.
func (r *recording) near() []bool {
	keep := make([]bool, len(r.deadlocked))
	out, in := make([][]uint32, len(keep)), make([][]uint32, len(keep))
	for i := range r.from {
		if int(r.to[i]) < len(keep) {
			out[r.from[i]] = append(out[r.from[i]], r.to[i])
			in[r.to[i]] = append(in[r.to[i]], r.from[i])
		}
	}
	for _, next := range [][][]uint32{out, in} {
		seen := make([]bool, len(keep))
		var layer []uint32
		for _, c := range r.center {
			seen[c] = true
			layer = append(layer, uint32(c))
		}
		for range r.depth {
			var more []uint32
			for _, s := range layer {
				for _, t := range next[s] {
					if !seen[t] {
						seen[t] = true
						more = append(more, t)
					}
				}
			}
			layer = more
		}
		for s := range seen {
			keep[s] = keep[s] || seen[s]
		}
	}
	return keep
}

// graph returns what was recorded, or the part around the center.
func (r *recording) graph(process string, part bool) *render.Graph {
	g := &render.Graph{Name: process}
	place := make([]int, len(r.deadlocked))
	keep := make([]bool, len(place))
	for i := range keep {
		keep[i] = true
	}
	if part {
		keep = r.near()
	}
	for s := range place {
		place[s] = -1
		if keep[s] {
			place[s] = len(g.States)
			state := render.State{Deadlocked: r.deadlocked[s]}
			if part {
				state.Name = fmt.Sprint(s)
			}
			g.States = append(g.States, state)
		}
	}
	g.Initial = place[0]
	onPath := r.onPath()
	edges := map[pathEdge]int{}
	at := func(s uint32) int { // a state may have been met, and not be visited any more
		if int(s) < len(place) {
			return place[s]
		}
		return -1
	}
	for i, e := range r.events {
		from, to := at(r.from[i]), at(r.to[i])
		switch {
		case from >= 0 && to >= 0:
			k := pathEdge{r.from[i], e, r.to[i]}
			if onPath[k] {
				edges[k] = len(g.Edges)
			}
			g.Edges = append(g.Edges, render.Edge{From: from, To: to, Event: r.name(e)})
			if e == model.Tick {
				g.States[to].Terminated = true
			}
		case from >= 0:
			g.States[from].Beyond++
		}
	}
	g.Path = r.pathIn(edges)
	return g
}

type pathEdge struct {
	from  uint32
	event model.Event
	to    uint32
}

// steps are the edges of the path, in their order.
func (r *recording) steps() []pathEdge {
	var out []pathEdge
	at := r.initial
	for _, p := range r.path {
		next := stateKey(p.State)
		out = append(out, pathEdge{uint32(r.watch[at]), p.Event, uint32(r.watch[next])})
		at = next
	}
	return out
}

func (r *recording) onPath() map[pathEdge]bool {
	on := map[pathEdge]bool{}
	for _, s := range r.steps() {
		on[s] = true
	}
	return on
}

// pathIn returns the path by the numbers of its edges: of a part of the graph,
// the part of the path in it that leads to its end.
func (r *recording) pathIn(edges map[pathEdge]int) []int {
	var path []int
	for _, s := range r.steps() {
		k, ok := edges[s]
		if !ok {
			path = nil
			continue
		}
		path = append(path, k)
	}
	return path
}

func (r *recording) name(e model.Event) string {
	name, ok := r.names[e]
	if !ok {
		name = r.sys.Events().Name(e)
		r.names[e] = name
	}
	return name
}
