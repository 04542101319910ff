package main

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
)

// A row is a model at a size, and what is to be counted there.
type row struct {
	model, size                       string
	params                            []param
	states, transitions, stuck, depth int64
}

type param struct{ name, value string }

// sizes are those of rows, in order.
var sizes = []string{"small", "growing", "medium", "large", "huge"}

// readRows reads expected.tsv.
func readRows(path string) ([]row, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	var rows []row
	for i, line := range lines[1:] { // the first has the names of the columns
		r, err := readRow(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, i+2, err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

func readRow(fields []string) (r row, err error) {
	if len(fields) != 9 {
		return r, fmt.Errorf("%d fields, want 9", len(fields))
	}
	r.model, r.size = fields[0], fields[1]
	if !slices.Contains(sizes, r.size) {
		return r, fmt.Errorf("there is no size %s", r.size)
	}
	for _, p := range strings.Split(fields[2], ",") {
		name, value, ok := strings.Cut(p, "=")
		if !ok {
			return r, fmt.Errorf("%q is not NAME=VALUE", p)
		}
		r.params = append(r.params, param{name, value})
	}
	for _, x := range []struct {
		field int
		to    *int64
	}{{3, &r.states}, {4, &r.transitions}, {5, &r.stuck}, {8, &r.depth}} {
		if *x.to, err = strconv.ParseInt(fields[x.field], 10, 64); err != nil {
			return r, err
		}
	}
	return r, nil
}

// file returns the name of the model's file, without its ending.
func (r *row) file() string {
	if r.model == "philsasym" {
		return "phils"
	}
	return r.model
}

// process returns the process that is explored.
func (r *row) process() string {
	if r.model == "philsasym" {
		return "ASYM"
	}
	return "SYSTEM"
}

// number returns a parameter; 0 if it is not given.
func (r *row) number(name string) int {
	for _, p := range r.params {
		if p.name == name {
			n, _ := strconv.Atoi(p.value)
			return n
		}
	}
	return 0
}
