package render

import (
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

const gap = 2 // columns of space before each column of a table

// A column is the cells of one component, or of the steps' numbers or
// events, header first.
type column struct {
	cells []string
	wide  int
	right bool // its cells are numbers
}

func (c *column) add(cell string) {
	c.cells = append(c.cells, cell)
	c.wide = max(c.wide, width(cell))
}

// A row is a step, or the gap where steps are left out.
type row struct {
	step int    // its index
	left int    // how many steps are left out here, from step on; 0 means this is a step
	mark string // of the loop
}

// table draws the steps of b, one a line.
func (t *text) table(b *explore.Behaviour, names []string) {
	rows := t.rows(b)
	if len(rows) == 0 {
		t.line(t.in(faint, "Steps by τ alone, not shown: "+number(len(b.Steps))+"."))
		return
	}
	cellMax := t.cellMax()

	moves := make([]bool, len(b.Components)) // takes part in a step
	shown := make([]bool, len(b.Components)) // takes part in a step that has its line
	for i := range b.Steps {
		for _, p := range b.Steps[i].Parts {
			moves[p.Component] = true
		}
	}
	for _, r := range rows {
		if r.left == 0 {
			for _, p := range b.Steps[r.step].Parts {
				shown[p.Component] = true
			}
		}
	}

	steps := column{right: true}
	events := column{}
	steps.add("step")
	events.add("event")
	var parts []column
	place := make([]int, len(b.Components))
	for c := range b.Components {
		if shown[c] {
			place[c] = len(parts)
			parts = append(parts, column{})
			parts[place[c]].add(names[c])
		}
	}
	for _, r := range rows {
		if r.left > 0 {
			steps.add("…")
			events.add("…")
			for i := range parts {
				parts[i].add("")
			}
			continue
		}
		s := &b.Steps[r.step]
		steps.add(number(r.step + 1))
		events.add(eventName(s, cellMax))
		cells := make([]string, len(parts))
		for _, p := range s.Parts {
			cell := &cells[place[p.Component]]
			if *cell != "" {
				*cell += ", "
			}
			*cell += label(p.Event, t.Notation.write(p.Label), cellMax)
		}
		for i, cell := range cells {
			if cell == "" {
				cell = placeholder
			}
			parts[i].add(cell)
		}
	}

	t.columns(rows, steps, events, parts)
	if n := t.unshown(b); n > 0 {
		t.line(t.in(faint, "Steps by τ alone, not shown: "+number(n)+"."))
	}

	var still, away []string
	for c := range b.Components {
		switch {
		case !moves[c]:
			still = append(still, names[c])
		case !shown[c]:
			away = append(away, names[c])
		}
	}
	if len(away) > 0 {
		t.line(t.in(faint, "Part only in steps left out: "+t.someOf(away, someNames)+"."))
	}
	if len(still) > 0 && len(still) == len(b.Components) {
		t.line(t.in(faint, "Which components took part is not known."))
	} else if len(still) > 0 {
		t.line(t.in(faint, "No part in these steps: "+t.someOf(still, someNames)+"."))
	}
}

// cellMax is how wide a cell may be: a step's number, its event and one
// component, perhaps two, fit on the screen.
func (t *text) cellMax() int {
	if t.Width <= 0 {
		return maxEvent
	}
	return min(max((t.Width-10)/3, 10), maxEvent)
}

// silent reports whether a step is a τ that is nobody's communication, so
// that it is shown only if τ are revealed.
func silent(s *explore.Step) bool {
	if s.Event != "τ" || s.Hidden != "" {
		return false
	}
	for _, p := range s.Parts {
		if p.Event != "τ" {
			return false
		}
	}
	return true
}

const placeholder = "·"

// unshown returns how many steps have no line because they are τ alone.
func (t *text) unshown(b *explore.Behaviour) int {
	n := 0
	for i := range b.Steps {
		if !t.RevealTaus && silent(&b.Steps[i]) && (b.Loop < 0 || i < b.Loop) {
			n++
		}
	}
	return n
}

// shownSteps returns the steps that are not by τ alone, and those of the loop.
func (t *text) shownSteps(b *explore.Behaviour) []int {
	var steps []int
	for i := range b.Steps {
		if t.RevealTaus || !silent(&b.Steps[i]) || b.Loop >= 0 && i >= b.Loop {
			steps = append(steps, i)
		}
	}
	return steps
}

// rows chooses the steps that get a line, and marks the loop.
func (t *text) rows(b *explore.Behaviour) []row {
	n := len(b.Steps)
	steps := t.shownSteps(b)
	rows := fold(steps, firstSteps, lastSteps, t.All)
	if b.Loop < 0 {
		return rows
	}
	for i := range rows {
		r := &rows[i]
		last := max(r.step, r.step+r.left-1)
		switch {
		case last < b.Loop:
		case b.Loop == n-1:
			r.mark = "↻"
		case r.step == n-1:
			r.mark = "╰"
		case r.step <= b.Loop:
			r.mark = "╭"
		default:
			r.mark = "│"
		}
	}
	return rows
}

// fold leaves out the middle of many steps.
func fold(steps []int, first, last int, all bool) []row {
	var rows []row
	long := !all && len(steps) > first+last+1
	for k, i := range steps {
		switch to := len(steps) - last; {
		case long && k == first:
			rows = append(rows, row{step: i, left: steps[to] - i})
		case !long || k < first || k >= to:
			rows = append(rows, row{step: i})
		}
	}
	return rows
}

// columns writes the table, in several blocks of columns if it is wider than
// the screen; each has the steps and the events.
func (t *text) columns(rows []row, steps, events column, parts []column) {
	margin := 0
	for _, r := range rows {
		if r.mark != "" {
			margin = gap
		}
	}
	fixed := margin + gap + steps.wide + gap + events.wide
	var blocks [][]column
	used := fixed
	for i, c := range parts {
		if i == 0 || t.Width > 0 && used+gap+c.wide > t.Width {
			blocks = append(blocks, nil)
			used = fixed
		}
		last := len(blocks) - 1
		blocks[last] = append(blocks[last], c)
		used += gap + c.wide
	}
	if len(blocks) == 0 {
		blocks = [][]column{nil}
	}
	if len(blocks) > 1 {
		t.line(t.in(faint, "Wider than "+count(t.Width, "column")+": folded into "+count(len(blocks), "part")+"."))
		t.line()
	}
	for i, block := range blocks {
		if i > 0 {
			t.line()
		}
		all := append([]column{steps, events}, block...)
		for j := range steps.cells {
			var r row
			if j > 0 {
				r = rows[j-1]
			}
			if r.left > 0 {
				t.gapLine(r, margin, steps.wide)
				continue
			}
			t.tableLine(all, j, r.mark, margin)
		}
	}
}

func (t *text) gapLine(r row, margin, wide int) {
	mark := pad(r.mark, margin, false)
	t.line(t.in(loop, mark), strings.Repeat(" ", gap), pad("…", wide, true), strings.Repeat(" ", gap),
		t.in(faint, count(r.left, "step")+" left out here, "+number(r.step+1)+" to "+number(r.step+r.left)))
}

// tableLine writes line j of the columns; line 0 is the header.
func (t *text) tableLine(cols []column, j int, mark string, margin int) {
	var line strings.Builder
	line.WriteString(t.in(loop, pad(mark, margin, false)))
	blank := "" // space owed before the next cell: none is left at the end of a line
	for k, c := range cols {
		cell := c.cells[j]
		space := strings.Repeat(" ", c.wide-width(cell))
		blank += strings.Repeat(" ", gap)
		if c.right {
			blank, space = blank+space, ""
		}
		s := noStyle
		switch {
		case j == 0 || k == 0 || cell == placeholder:
			s = faint
		case k == 1 && mark != "":
			s = loop
		case k == 1:
			s = strong
		}
		line.WriteString(blank + t.in(s, cell))
		blank = space
	}
	t.line(strings.TrimRight(line.String(), " "))
}

// pad fills s up to wide columns.
func pad(s string, wide int, right bool) string {
	space := strings.Repeat(" ", max(0, wide-width(s)))
	if right {
		return space + s
	}
	return s + space
}
