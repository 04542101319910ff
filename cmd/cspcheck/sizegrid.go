package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
)

// A param is a constant of a script with the values that are tried, in
// ascending order.
type param struct {
	name   string
	values []int
}

// A grid is all combinations of values. They are numbered, the last parameter
// counting fastest.
type grid struct {
	params []param
	cells  []cell
}

// A cell is what came of a combination.
type cell struct {
	answer  deadlock.Answer   // whether all assertions hold
	broken  bool              // there was an error
	reason  string            // of an Unknown
	answers []deadlock.Answer // to each assertion
	worst   *result           // the first that fails, or nil
}

// The most combinations, and parameters.
const (
	mostCells  = 10_000
	mostParams = 8
)

// parseParams reads --param NAME=1..8 and NAME=1,2,4..6.
func parseParams(texts []string, set []string) ([]param, error) {
	if len(texts) == 0 {
		return nil, fmt.Errorf("a parameter is needed: --param NAME=1..8")
	}
	if len(texts) > mostParams {
		return nil, fmt.Errorf("--param: there are %d parameters; at most %d can be looked at together", len(texts), mostParams)
	}
	var params []param
	cells := 1
	for _, text := range texts {
		name, list, ok := strings.Cut(text, "=")
		name = strings.TrimSpace(name)
		if !ok || name == "" {
			return nil, fmt.Errorf("--param %s: write NAME=1..8 or NAME=1,2,4", text)
		}
		for _, p := range params {
			if p.name == name {
				return nil, fmt.Errorf("--param %s: %s is there twice", text, name)
			}
		}
		for _, s := range set {
			if other, _, _ := strings.Cut(s, "="); strings.TrimSpace(other) == name {
				return nil, fmt.Errorf("--param %s: --set sets %s, too", text, name)
			}
		}
		values, err := parseValues(list)
		if err != nil {
			return nil, fmt.Errorf("--param %s: %w", text, err)
		}
		if cells *= len(values); cells > mostCells {
			return nil, fmt.Errorf("--param %s: with it there are more than %d combinations", text, mostCells)
		}
		params = append(params, param{name, values})
	}
	return params, nil
}

// parseValues reads whole numbers and ranges of them, separated by commas.
func parseValues(list string) ([]int, error) {
	var out []int
	for _, part := range strings.Split(list, ",") {
		lo, hi, isRange := strings.Cut(part, "..")
		if !isRange {
			hi = lo
		}
		from, err := strconv.Atoi(strings.TrimSpace(lo))
		if err != nil {
			return nil, fmt.Errorf("%q is no whole number: write 1..8 or 1,2,4", strings.TrimSpace(lo))
		}
		to, err := strconv.Atoi(strings.TrimSpace(hi))
		switch {
		case err != nil:
			return nil, fmt.Errorf("%q is no whole number: write 1..8 or 1,2,4", strings.TrimSpace(hi))
		case to < from:
			return nil, fmt.Errorf("the range runs backwards: write %d..%d", to, from)
		case uint64(to)-uint64(from) >= mostCells || len(out)+to-from+1 > mostCells:
			return nil, fmt.Errorf("there are more than %d values", mostCells)
		}
		for v := from; v <= to; v++ {
			out = append(out, v)
			if v == to {
				break // it may be the largest number there is
			}
		}
	}
	slices.Sort(out)
	for i := 1; i < len(out); i++ {
		if out[i] == out[i-1] {
			return nil, fmt.Errorf("%d is there twice", out[i])
		}
	}
	return out, nil
}

// newGrid returns a grid whose cells are empty.
func newGrid(params []param) *grid {
	n := 1
	for _, p := range params {
		n *= len(p.values)
	}
	return &grid{params, make([]cell, n)}
}

// stride returns how far apart cells are that differ by one in parameter p.
func (g *grid) stride(p int) int {
	n := 1
	for _, q := range g.params[p+1:] {
		n *= len(q.values)
	}
	return n
}

// index returns the place of a cell's value in parameter p.
func (g *grid) index(c, p int) int { return c / g.stride(p) % len(g.params[p].values) }

// value returns the value of parameter p.
func (g *grid) value(c, p int) int { return g.params[p].values[g.index(c, p)] }

// name is a combination: "POOL=2 CAP=0".
func (g *grid) name(c int) string {
	var words []string
	for p := range g.params {
		words = append(words, fmt.Sprintf("%s=%d", g.params[p].name, g.value(c, p)))
	}
	return strings.Join(words, " ")
}

// beside returns the next cell in a direction, -1 or +1, or -1 at the edge.
func (g *grid) beside(c, p, direction int) int {
	if i := g.index(c, p) + direction; i < 0 || i >= len(g.params[p].values) {
		return -1
	}
	return c + direction*g.stride(p)
}

// An effect is what a larger value of a parameter does, all others equal.
type effect string

const (
	noEffect effect = "none"  // all the same
	helps    effect = "helps" // what holds holds with more, and somewhere more is needed
	hurts    effect = "hurts" // what holds holds with less, and somewhere less is needed
	mixed    effect = "mixed" // neither
)

// A monotony says what a parameter does, with the first two cells each, next
// to each other but for unknown ones, where more makes things hold and where it
// makes them fail. -1: there are none.
type monotony struct {
	effect     effect
	gain, loss [2]int
	certain    bool // no cell is unknown
}

func (g *grid) monotony(p int) monotony {
	m := monotony{gain: [2]int{-1, -1}, loss: [2]int{-1, -1}, certain: true}
	for c := range g.cells {
		if !g.cells[c].known() {
			m.certain = false
			continue
		}
		next := g.beside(c, p, +1)
		for next >= 0 && !g.cells[next].known() {
			next = g.beside(next, p, +1)
		}
		if next < 0 || g.cells[c].holds() == g.cells[next].holds() {
			continue
		}
		if g.cells[next].holds() {
			if m.gain[0] < 0 {
				m.gain = [2]int{c, next}
			}
		} else if m.loss[0] < 0 {
			m.loss = [2]int{c, next}
		}
	}
	switch gains, loses := m.gain[0] >= 0, m.loss[0] >= 0; {
	case gains && loses:
		m.effect = mixed
	case gains:
		m.effect = helps
	case loses:
		m.effect = hurts
	default:
		m.effect = noEffect
	}
	return m
}

func (c *cell) holds() bool { return c.answer == deadlock.Holds }
func (c *cell) known() bool { return c.answer != deadlock.Unknown }

// A least is a combination that satisfies all, and none of those before it
// does.
type least struct {
	cell    int
	certain bool  // that is known of all of them
	before  []int // the next ones, in each parameter in turn
}

// least returns the least combinations that satisfy all. Less is a smaller
// value or, where larger[p], a larger one.
func (g *grid) least(larger []bool) []least {
	down := func(c, p int) int {
		if larger[p] {
			return g.beside(c, p, +1)
		}
		return g.beside(c, p, -1)
	}
	order := make([]int, len(g.cells))
	for c := range order {
		order[c] = c
	}
	rank := func(c int) (n int) {
		for p := range g.params {
			i := g.index(c, p)
			if larger[p] {
				i = len(g.params[p].values) - 1 - i
			}
			n += i
		}
		return n
	}
	slices.SortStableFunc(order, func(a, b int) int { return rank(a) - rank(b) })
	held, doubtful := make([]bool, len(g.cells)), make([]bool, len(g.cells)) // something before it
	var out []least
	for _, c := range order {
		l := least{cell: c}
		for p := range g.params {
			if b := down(c, p); b >= 0 {
				held[c] = held[c] || held[b] || g.cells[b].holds()
				doubtful[c] = doubtful[c] || doubtful[b] || !g.cells[b].known()
				l.before = append(l.before, b)
			}
		}
		if g.cells[c].holds() && !held[c] {
			l.certain = !doubtful[c]
			out = append(out, l)
		}
	}
	slices.SortFunc(out, func(a, b least) int { return a.cell - b.cell })
	return out
}
