package golang_test

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
	. "github.com/cspcheck/cspcheck/model/golang"
)

// An Outcome is what a run of a program shows: its Steps, whose names begin
// with "step", and how it ended.
type Outcome struct {
	Steps string // each followed by "; "
	End   string // returned, deadlock, or a panic's kind
}

// A space is all that a network can do, found by the plainest search: states
// are vectors of local states, and every rule is tried in each.
type space struct {
	net   *model.Network
	moves [][]move // by state
	local [][]model.State
	limit string // one that is passed, or ""
}

type move struct {
	rule int
	to   int
	Move
	step string // it is a Step
	end  string // the run ends with it
}

// explore searches a network; nil if it has more than most states.
func exploreAll(net *model.Network, most int) *space {
	s := &space{net: net}
	number := map[string]int{}
	visit := func(v []model.State) int {
		key := fmt.Sprint(v)
		n, ok := number[key]
		if !ok {
			n = len(s.local)
			number[key] = n
			s.local = append(s.local, v)
		}
		return n
	}
	var initial []model.State
	for _, c := range net.Components() {
		if c.Machine == nil { // limits
			initial = append(initial, 0)
			continue
		}
		initial = append(initial, c.Machine.Initial())
	}
	visit(initial)
	for i := 0; i < len(s.local); i++ {
		if len(s.local) > most {
			return nil
		}
		var out []move
		for r := range net.NumRules() {
			s.fire(r, s.local[i], func(to []model.State) {
				out = append(out, s.move(r, visit(to)))
			})
		}
		s.moves = append(s.moves, out)
	}
	return s
}

// fire yields where rule r leads.
func (s *space) fire(r int, from []model.State, yield func([]model.State)) {
	parts := s.net.Parts(r)
	var each func(i int, to []model.State)
	each = func(i int, to []model.State) {
		if i == len(parts) {
			to = slices.Clone(to)
			for _, span := range s.net.Resets(r) {
				for c := span.Lo; c < span.Hi; c++ {
					if m := s.net.Components()[c].Machine; m != nil {
						to[c] = m.Initial()
					}
				}
			}
			yield(to)
			return
		}
		c := parts[i].Component
		m := s.net.Components()[c].Machine
		if m == nil { // a limit is passed, as the others can do their parts
			events, _, err := s.net.Components()[c].Demand.Transitions(0)
			if err != nil || slices.Contains(events, parts[i].Event) {
				s.limit = s.net.Events().Name(s.net.Event(r))
			}
			return
		}
		events, targets := m.Transitions(from[c])
		for k, e := range events {
			if e == parts[i].Event {
				next := slices.Clone(to)
				next[c] = targets[k]
				each(i+1, next)
			}
		}
	}
	each(0, from)
}

func (s *space) move(r, to int) move {
	name := s.net.Events().Name(s.net.Event(r))
	m := move{rule: r, to: to, Move: Move{Event: name}}
	for _, p := range s.net.Parts(r) {
		c := s.net.Components()[p.Component]
		if c.Resource {
			continue
		}
		local := c.Machine.Events().Name(p.Event)
		switch {
		case local == "busy" || local == "killed":
		case strings.HasPrefix(local, "start "):
			m.Starts = c.Name
		default:
			m.Who = append(m.Who, c.Name)
		}
	}
	switch {
	case strings.HasPrefix(name, "step"):
		m.step = name
	case name == "✓":
		m.end = "returned"
	case strings.Contains(name, ".panic."):
		m.end = strings.Split(strings.SplitN(name, ".panic.", 2)[1], ".")[0]
	}
	return m
}

// breaks reports whether a step is a panic that leaves what it is about in a
// state that it should not have, which others see until the process has ended:
// a mutex that is unlocked less than zero times, a negative counter. Of a
// RWMutex, Go does not even notice all of them.
func (m *move) breaks() bool {
	return slices.Contains([]string{"notLocked", "notRLocked", "negative", "notHeld"}, m.end)
}

// has reports whether an outcome is one of the network: its Steps are followed
// with all states that the network may be in.
func (s *space) has(o Outcome) bool {
	now := []int{0}
	steps := strings.Split(strings.TrimSuffix(o.Steps, "; "), "; ")
	if o.Steps == "" {
		steps = nil
	}
	for i := 0; ; i++ {
		now = s.closure(now)
		crashed := o.End != "returned" && o.End != "deadlock"
		if i == len(steps) || crashed { // the others go on a little while one panics
			for _, n := range now {
				if s.mayEnd(n, o.End) {
					return true
				}
			}
		}
		if slices.ContainsFunc(now, s.mayBreak) {
			return true // from here on anything may be
		}
		if i == len(steps) {
			return false
		}
		var next []int
		for _, n := range now {
			for _, m := range s.moves[n] {
				if m.step == steps[i] {
					next = append(next, m.to)
				}
			}
		}
		now = next
	}
}

func (s *space) mayBreak(n int) bool {
	return slices.ContainsFunc(s.moves[n], func(m move) bool { return m.breaks() })
}

func (s *space) mayEnd(n int, end string) bool {
	if end == "deadlock" {
		return len(s.moves[n]) == 0
	}
	return slices.ContainsFunc(s.moves[n], func(m move) bool { return m.end == end })
}

// closure adds what is reached without a Step, before the run ends.
func (s *space) closure(now []int) []int {
	seen := map[int]bool{}
	var out []int
	var add func(n int)
	add = func(n int) {
		if seen[n] {
			return
		}
		seen[n] = true
		out = append(out, n)
		for _, m := range s.moves[n] {
			if m.step == "" && m.end == "" {
				add(m.to)
			}
		}
	}
	for _, n := range now {
		add(n)
	}
	return out
}

// outcomes returns each outcome with a shortest path to it, in the order in
// which they are found; of the paths that Go's implementation takes, if that
// is asked for. False if there are more than most points on the way.
func (s *space) outcomes(p *Program, ordinary bool, most int) (out []Outcome, paths [][]Move, all bool) {
	type point struct {
		state int
		steps string
		order string // of those that wait for a Cond, oldest first
	}
	type found struct {
		point
		before int
		by     *move
	}
	seen := map[point]bool{{}: true}
	queue := []found{{before: -1}}
	known := map[Outcome]bool{}
	path := func(i int, last *move) []Move {
		var out []Move
		if last != nil {
			out = append(out, last.Move)
		}
		for ; queue[i].before >= 0; i = queue[i].before {
			out = append(out, queue[i].by.Move)
		}
		slices.Reverse(out)
		return out
	}
	add := func(o Outcome, i int, last *move) {
		if !known[o] {
			known[o] = true
			out, paths = append(out, o), append(paths, path(i, last))
		}
	}
	for i := 0; i < len(queue); i++ {
		if len(queue) > most {
			return out, paths, false
		}
		at := queue[i]
		if len(s.moves[at.state]) == 0 {
			add(Outcome{at.steps, "deadlock"}, i, nil)
		}
		for k := range s.moves[at.state] {
			m := &s.moves[at.state][k]
			order := at.order
			if ordinary {
				var ok bool
				if order, ok = s.ordinary(p, at.state, m, order); !ok {
					continue
				}
			}
			switch {
			case m.end == "returned":
				add(Outcome{at.steps, m.end}, i, nil)
				continue
			case m.end != "":
				add(Outcome{at.steps, m.end}, i, m)
				continue
			}
			p := point{m.to, at.steps, order}
			if m.step != "" {
				p.steps += m.step + "; "
			}
			if !seen[p] {
				seen[p] = true
				queue = append(queue, found{p, i, m})
			}
		}
	}
	return out, paths, true
}

// tours returns paths on which each step is taken once at least that Go's
// implementation can be had to do, but for panics, which outcomes have. False if
// they are more than most.
func (s *space) tours(p *Program, most int) (paths [][]Move, all bool) {
	type point struct {
		state int
		order string
	}
	type found struct {
		point
		path []Move
	}
	covered := map[string]bool{}
	seen := map[point]bool{{}: true}
	queue := []found{{}}
	for i := 0; i < len(queue); i++ {
		at := queue[i]
		further := false // another path begins with this one
		for k := range s.moves[at.state] {
			m := &s.moves[at.state][k]
			order, ok := s.ordinary(p, at.state, m, at.order)
			if !ok || m.end != "" {
				continue
			}
			path := append(slices.Clip(at.path), m.Move)
			to := point{m.to, order}
			if key := fmt.Sprint(at.state, " ", k); !covered[key] {
				covered[key] = true
				further = true
				if seen[to] {
					paths = append(paths, path)
				}
			}
			if !seen[to] {
				seen[to] = true
				queue = append(queue, found{to, path})
			}
		}
		if !further {
			paths = append(paths, at.path)
		}
		if len(paths) > most {
			return nil, false
		}
	}
	return paths, true
}

// ordinary reports whether a step is one that can be had from Go's
// implementation, and then who waits for a Cond. Go does what the model does
// not rely on: a Cond wakes those that came first; and it can't be held up in
// the middle of a few operations.
func (s *space) ordinary(p *Program, state int, m *move, order string) (string, bool) {
	if who, rest, ok := strings.Cut(strings.TrimPrefix(order, "cancels "), " "); ok && strings.HasPrefix(order, "cancels ") {
		rest, more := strings.TrimPrefix(rest, "more "), strings.HasPrefix(rest, "more more ")
		if len(m.Who) != 1 || m.Who[0] != who || !strings.HasSuffix(m.Event, ".cancel") {
			return order, false
		}
		if more {
			return "cancels " + who + " " + rest, true
		}
		return rest, true
	}
	switch {
	case !s.inherits(m) && slices.ContainsFunc(s.moves[state], func(m move) bool { return s.inherits(&m) }):
		return order, false // those derived are done at once
	case s.touches(state, m, "a writer waits") && m.end == "notLocked":
		return order, false // it does not notice
	case s.touches(state, m, "!") && (m.end == "reused" || strings.Contains(m.Event, ".add.")):
		return order, false // those who wait are gone before
	case strings.HasSuffix(m.Event, ".cancel"):
		if n := Derived(p, strings.TrimSuffix(m.Event, ".cancel")); n > 0 {
			return "cancels " + m.Who[0] + " " + strings.Repeat("more ", n) + order, true
		}
		return order, true
	case strings.HasSuffix(m.Event, ".wait") && IsCond(p, strings.TrimSuffix(m.Event, ".wait")):
		return order + m.Event + "." + m.Who[0] + " ", true
	case strings.HasSuffix(m.Event, ".signal"):
		woken := s.woken(state, m)
		if woken == "" {
			return order, true
		}
		c := strings.TrimSuffix(m.Event, ".signal")
		at := strings.Index(order, c+".wait.")
		entry := c + ".wait." + woken + " "
		if !strings.HasPrefix(order[at:], entry) {
			return order, false
		}
		return order[:at] + order[at+len(entry):], true
	case strings.HasSuffix(m.Event, ".broadcast"):
		c := strings.TrimSuffix(m.Event, ".broadcast")
		var rest string
		for _, e := range strings.Fields(order) {
			if !strings.HasPrefix(e, c+".wait.") {
				rest += e + " "
			}
		}
		return rest, true
	case len(m.Who) == 2:
		// Who waits at a channel is one that had nothing else to do.
		x, y := m.Who[0], m.Who[1]
		return order, s.alone(state, x) || s.alone(state, y) || s.hasty(state, x) && s.hasty(state, y)
	}
	return order, true
}

// woken returns who is woken by a signal: "" for nobody.
func (s *space) woken(state int, m *move) string {
	for _, p := range s.net.Parts(m.rule) {
		c := s.net.Components()[p.Component]
		if !c.Resource {
			continue
		}
		before, after := c.Machine.StateName(s.local[state][p.Component]), c.Machine.StateName(s.local[m.to][p.Component])
		i := 0
		for e := range c.Machine.Alphabet().All() {
			name := c.Machine.Events().Name(e)
			if who, ok := strings.CutPrefix(name, c.Name+".wait."); ok {
				if before[i] != after[i] {
					return who
				}
				i++
			}
		}
	}
	return ""
}

// touches reports whether a step is one of something whose state has a name
// with this text in it.
func (s *space) touches(state int, m *move, text string) bool {
	return slices.ContainsFunc(s.net.Parts(m.rule), func(p model.Part) bool {
		c := s.net.Components()[p.Component]
		return c.Resource && c.Machine != nil && strings.Contains(c.Machine.StateName(s.local[state][p.Component]), text)
	})
}

// inherits reports whether a context becomes done as the one that it is derived
// from, which takes part, is.
func (s *space) inherits(m *move) bool {
	return strings.HasSuffix(m.Event, ".expire") && len(s.net.Parts(m.rule)) == 3
}

// alone reports whether a goroutine can do nothing but meet others.
func (s *space) alone(state int, who string) bool {
	return !slices.ContainsFunc(s.moves[state], func(m move) bool { return len(m.Who) == 1 && m.Who[0] == who })
}

// ends reports whether every run of the program ends.
func (s *space) ends() bool {
	state := make([]byte, len(s.moves)) // 1: on the path, 2: done
	var visit func(n int) bool
	visit = func(n int) bool {
		if state[n] > 0 {
			return state[n] == 2
		}
		state[n] = 1
		for _, m := range s.moves[n] {
			if m.end == "" && !visit(m.to) {
				return false
			}
		}
		state[n] = 2
		return true
	}
	return visit(0)
}

// fatal reports whether Go may end the process at once.
func (s *space) fatal() bool {
	return slices.ContainsFunc(s.moves, func(ms []move) bool {
		return slices.ContainsFunc(ms, func(m move) bool { return m.end == "notLocked" || m.end == "notRLocked" })
	})
}

// hasty reports whether a goroutine can take a default. Two of these never meet:
// if the model lets them, that is a mistake.
func (s *space) hasty(state int, who string) bool {
	return slices.ContainsFunc(s.moves[state], func(m move) bool {
		return len(m.Who) == 1 && m.Who[0] == who && (m.Event == "default" || strings.HasPrefix(m.Event, "not "))
	})
}
