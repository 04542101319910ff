package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/render"
)

// findings are what a filled grid says.
type findings struct {
	satisfy int // combinations
	least   []least
	effects []monotony
	tight   []least // if some parameter hurts: the least ones, with the largest values of it
}

func (g *grid) findings() findings {
	var f findings
	for c := range g.cells {
		if g.cells[c].holds() {
			f.satisfy++
		}
	}
	f.least = g.least(make([]bool, len(g.params)))
	larger := make([]bool, len(g.params))
	for p := range g.params {
		m := g.monotony(p)
		f.effects = append(f.effects, m)
		larger[p] = m.effect == hurts
	}
	if slices.Contains(larger, true) {
		f.tight = g.least(larger)
	}
	return f
}

// text prints the results for people.
func (s *sizer) text() error {
	f := s.findings()
	w := s.stdout
	var ranges []string
	for _, p := range s.grid.params {
		ranges = append(ranges, p.String())
	}
	fmt.Fprintf(w, "%s: %s, %s: %s, %s\n", s.name, plural(int64(len(s.picked)), "assertion"), strings.Join(ranges, ", "),
		plural(int64(len(s.cells)), "combination"), agree(f.satisfy))
	s.tables()
	if f.satisfy == 0 {
		return nil
	}
	s.minimal(f)
	s.effects(f)
	if s.quiet {
		return nil
	}
	return s.stories(f)
}

func agree(n int) string {
	switch n {
	case 0:
		return "none satisfies all"
	case 1:
		return "1 satisfies all"
	}
	return fmt.Sprintf("%d satisfy all", n)
}

// String is "POOL = 1..8".
func (p param) String() string {
	n := len(p.values)
	if p.values[n-1]-p.values[0] == n-1 && n > 1 {
		return fmt.Sprintf("%s = %d..%d", p.name, p.values[0], p.values[n-1])
	}
	var words []string
	for _, v := range p.values {
		words = append(words, fmt.Sprint(v))
	}
	return p.name + " = " + strings.Join(words, ", ")
}

// mark is what a table shows of a cell.
func (s *sizer) mark(c int, minimal bool) string {
	x := &s.cells[c]
	switch {
	case x.holds() && minimal:
		return "✓*"
	case x.holds():
		return "✓"
	case x.answer == deadlock.Fails && len(s.picked) > 1:
		return fmt.Sprintf("✗%d", x.failing())
	case x.answer == deadlock.Fails:
		return "✗"
	case x.broken:
		return "!"
	}
	return "?"
}

// tables prints a table of the last two parameters for each combination of
// the others.
func (s *sizer) tables() {
	params := s.grid.params
	rows, cols := param{values: []int{0}}, params[len(params)-1]
	if len(params) > 1 {
		rows = params[len(params)-2]
	}
	minimal := map[int]bool{}
	for _, l := range s.least(make([]bool, len(params))) {
		minimal[l.cell] = true
	}
	size := len(rows.values) * len(cols.values)
	head := len(rows.name)
	for _, v := range rows.values {
		head = max(head, len(fmt.Sprint(v)))
	}
	wide := 2
	for _, v := range cols.values {
		wide = max(wide, len(fmt.Sprint(v)))
	}
	for from := 0; from < len(s.cells); from += size {
		fmt.Fprintln(s.stdout)
		if len(params) > 2 {
			var words []string
			for p := range params[:len(params)-2] {
				words = append(words, fmt.Sprintf("%s=%d", params[p].name, s.value(from, p)))
			}
			fmt.Fprintf(s.stdout, "  %s\n", strings.Join(words, " "))
		}
		fmt.Fprintf(s.stdout, "  %*s  %s\n", head, "", cols.name)
		line := fmt.Sprintf("  %*s", head, rows.name)
		for _, v := range cols.values {
			line += fmt.Sprintf("  %-*d", wide, v)
		}
		fmt.Fprintln(s.stdout, strings.TrimRight(line, " "))
		for i, v := range rows.values {
			first := fmt.Sprint(v)
			if rows.name == "" {
				first = ""
			}
			line := fmt.Sprintf("  %*s", head, first)
			for j := range cols.values {
				c := from + i*len(cols.values) + j
				line += fmt.Sprintf("  %-*s", wide, s.mark(c, minimal[c]))
			}
			fmt.Fprintln(s.stdout, strings.TrimRight(line, " "))
		}
	}
	fmt.Fprintln(s.stdout)
	fmt.Fprintf(s.stdout, "  %s\n\n", s.legend())
}

// legend explains the marks that are there.
func (s *sizer) legend() string {
	var all [4]bool
	for c := range s.cells {
		switch x := &s.cells[c]; {
		case x.holds():
			all[0] = true
		case x.answer == deadlock.Fails:
			all[1] = true
		case x.broken:
			all[3] = true
		default:
			all[2] = true
		}
	}
	words := []string{}
	for i, text := range []string{"✓ all hold, * and with nothing smaller", "✗ fails", "? unknown: " + s.reason(), "! an error"} {
		if i == 1 && len(s.picked) > 1 {
			text = "✗ so many fail"
		}
		if all[i] {
			words = append(words, text)
		}
	}
	return strings.Join(words, "; ")
}

// reason is the first for which something is unknown.
func (s *sizer) reason() string {
	for c := range s.cells {
		if x := &s.cells[c]; x.answer == deadlock.Unknown && !x.broken {
			return x.reason
		}
	}
	return ""
}

// minimal prints the least combinations.
func (s *sizer) minimal(f findings) {
	names := func(ls []least) string {
		var words []string
		for _, l := range ls {
			word := s.grid.name(l.cell)
			if !l.certain {
				word += " (as far as is known)"
			}
			words = append(words, word)
		}
		return strings.Join(words, "; ")
	}
	if len(f.least) > 0 {
		fmt.Fprintf(s.stdout, "minimal: %s\n", names(f.least))
	}
	if len(f.tight) > 0 {
		var large []string
		for p, m := range f.effects {
			if m.effect == hurts {
				large = append(large, s.grid.params[p].name)
			}
		}
		fmt.Fprintf(s.stdout, "minimal with %s as large as can be: %s\n", strings.Join(large, " and "), names(f.tight))
	}
}

// effects prints what larger values do.
func (s *sizer) effects(f findings) {
	for p, m := range f.effects {
		name, note := s.grid.params[p].name, ""
		if !m.certain {
			note = ", as far as is known"
		}
		switch m.effect {
		case noEffect:
			fmt.Fprintf(s.stdout, "%s makes no difference%s\n", name, note)
		case helps:
			fmt.Fprintf(s.stdout, "more %s never hurts%s\n", name, note)
		case hurts:
			fmt.Fprintf(s.stdout, "not monotone in %s: more never helps%s, and hurts from %s to %s\n", name, note, s.grid.name(m.loss[0]), s.grid.name(m.loss[1]))
		case mixed:
			fmt.Fprintf(s.stdout, "not monotone in %s: more helps from %s to %s, and hurts from %s to %s\n", name,
				s.grid.name(m.gain[0]), s.grid.name(m.gain[1]), s.grid.name(m.loss[0]), s.grid.name(m.loss[1]))
		}
	}
}

// stories prints what is just below each of the least combinations, and each
// counterexample once.
func (s *sizer) stories(f findings) error {
	told := map[int]bool{}
	for _, side := range []struct {
		where string
		least []least
	}{{"just below", f.least}, {"just beyond", f.tight}} {
		for _, l := range side.least {
			for _, c := range l.before {
				if s.cells[c].holds() {
					continue
				}
				fmt.Fprintf(s.stdout, "\n%s %s: %s", side.where, s.grid.name(l.cell), s.grid.name(c))
				if told[c] {
					fmt.Fprintln(s.stdout, ", as above")
					continue
				}
				told[c] = true
				fmt.Fprint(s.stdout, ": ")
				if err := s.story(&s.cells[c]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// story prints why a combination does not satisfy all.
func (s *sizer) story(x *cell) error {
	if x.worst == nil {
		_, err := fmt.Fprintln(s.stdout, "unknown")
		return err
	}
	fmt.Fprintf(s.stdout, "%s: %s fails\n", place(x.worst.Assertion), x.worst.Text)
	ce := x.worst.verdict.Counterexample
	if ce == nil {
		return nil // of an assertion with not
	}
	fmt.Fprintln(s.stdout)
	width, colour := s.screen()
	return render.Text(indented{s.stdout}, ce, render.TextOptions{Width: max(width-2, 0), Colour: colour, Notation: render.Notation(s.notation)})
}

// heatMap is the grid as a picture.
func (s *sizer) heatMap() *render.Heat {
	h := &render.Heat{Title: s.name + ": with which values all assertions hold", Notes: s.picked, Asked: len(s.picked)}
	for _, p := range s.grid.params {
		a := render.HeatAxis{Name: p.name}
		for _, v := range p.values {
			a.Values = append(a.Values, fmt.Sprint(v))
		}
		h.Axes = append(h.Axes, a)
	}
	minimal := map[int]bool{}
	for _, l := range s.least(make([]bool, len(s.grid.params))) {
		minimal[l.cell] = true
	}
	for c := range s.cells {
		x := &s.cells[c]
		tell := render.HeatCell{Failing: x.failing(), Minimal: minimal[c], Words: s.grid.name(c) + ": "}
		switch {
		case x.holds():
			tell.Words += "all hold"
		case x.answer == deadlock.Fails:
			tell.Words += x.worst.Text + " fails"
		case x.broken:
			tell.Unknown, tell.Words = true, tell.Words+"an error"
		default:
			tell.Unknown, tell.Words = true, tell.Words+"unknown: "+x.reason
		}
		h.Cells = append(h.Cells, tell)
	}
	return h
}
