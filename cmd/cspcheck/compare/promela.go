package main

import (
	"fmt"
	"strings"
)

// Two models have no size that a macro could set: they are written here.

// abpInputs is the choice among data that abp.pml includes.
func abpInputs(data int) string {
	var b strings.Builder
	for d := range data {
		fmt.Fprintf(&b, "\t:: d = %d\n", d)
	}
	return b.String()
}

type cell struct{ row, column int }

// board returns the holes of a peg solitaire, the one that is empty, and where
// a peg can jump: see peg.csp.
func (r *row) board() (cells []cell, hole cell, directions []cell) {
	directions = []cell{{0, 1}, {1, 0}, {0, -1}, {-1, 0}}
	height, width := r.number("R"), r.number("C")
	inside := func(c cell) bool { return true }
	switch r.number("SHAPE") {
	case 0:
		hole = cell{r.number("HR"), r.number("HC")}
	case 1:
		width = height
		directions = append(directions, cell{1, 1}, cell{-1, -1})
		inside = func(c cell) bool { return c.column <= c.row }
	case 2:
		hole, height, width = cell{3, 3}, 7, 7
		middle := func(i int) bool { return 2 <= i && i <= 4 }
		inside = func(c cell) bool { return middle(c.row) || middle(c.column) }
	}
	for i := range height {
		for j := range width {
			if c := (cell{i, j}); inside(c) {
				cells = append(cells, c)
			}
		}
	}
	return cells, hole, directions
}

// pegs is peg solitaire in Promela, a d_step for each move.
func (r *row) pegs() string {
	cells, hole, directions := r.board()
	number := map[cell]int{}
	for i, c := range cells {
		number[c] = i
	}
	var b strings.Builder
	fmt.Fprintf(&b, "bool b[%d];\n\ninit {\n\td_step {\n", len(cells))
	for i, c := range cells {
		if c != hole {
			fmt.Fprintf(&b, "\t\tb[%d] = 1;\n", i)
		}
	}
	b.WriteString("\t}\n\tdo\n")
	for x, c := range cells {
		for _, d := range directions {
			y, over := number[cell{c.row + d.row, c.column + d.column}]
			z, to := number[cell{c.row + 2*d.row, c.column + 2*d.column}]
			if over && to {
				fmt.Fprintf(&b, "\t:: d_step { b[%d] && b[%d] && !b[%d] -> b[%d] = 0; b[%d] = 0; b[%d] = 1 }\n", x, y, z, x, y, z)
			}
		}
	}
	b.WriteString("\tod\n}\n")
	return b.String()
}
