package render

import (
	"encoding/json"
	"fmt"
)

// A network of 200 components has as many roads not taken at each step, nearly
// all of which were there a step before. Version 2 of a Document says so: among
// the others of a step, {"from": 3, "count": 57} stands for 57 of the step before,
// from its fourth on.
const (
	manyRoads = 5000    // in all: fewer are written out, and the version is 1
	mostExtra = 1 << 22 // that a file may stand for
)

// MarshalJSON writes a branch, or that it stands for some of the step before.
func (b Branch) MarshalJSON() ([]byte, error) {
	if b.Count > 0 {
		return json.Marshal(struct {
			From  int `json:"from"`
			Count int `json:"count"`
		}{b.From, b.Count})
	}
	type plain Branch
	return json.Marshal(plain(b))
}

func (b *Behaviour) roads() int {
	n := 0
	for i := range b.Steps {
		n += len(b.Steps[i].Others)
	}
	return n
}

// shorten has each step refer to the one before, where two or more roads are the
// same in a row.
func (b *Behaviour) shorten() {
	var before []Branch
	for i := range b.Steps {
		all := b.Steps[i].Others
		b.Steps[i].Others = shortened(all, before)
		before = all
	}
}

func shortened(all, before []Branch) []Branch {
	place := make(map[Branch]int, len(before))
	for i := len(before) - 1; i >= 0; i-- {
		place[before[i]] = i
	}
	var out []Branch
	for k := 0; k < len(all); {
		from, there := place[all[k]]
		n := 0
		for there && k+n < len(all) && from+n < len(before) && all[k+n] == before[from+n] {
			n++
		}
		if n < 2 {
			out = append(out, all[k])
			k++
			continue
		}
		out = append(out, Branch{From: from, Count: n})
		k += n
	}
	return out
}

// lengthened is the others of each step in full: the reverse of shorten. To refer
// to what is not there is an error.
func (b *Behaviour) lengthened() ([][]Branch, error) {
	var before []Branch
	var out [][]Branch
	extra := 0
	for i := range b.Steps {
		var all []Branch
		for _, o := range b.Steps[i].Others {
			if o.Count == 0 {
				all = append(all, o)
				continue
			}
			if o.From < 0 || o.Count < 0 || o.From > len(before) || o.Count > len(before)-o.From {
				return nil, fmt.Errorf("render: step %d: %d others from number %d of the step before, which has %d", i+1, o.Count, o.From, len(before))
			}
			if extra += o.Count; extra > mostExtra {
				return nil, fmt.Errorf("render: step %d: more than %s others in all", i+1, number(mostExtra))
			}
			all = append(all, before[o.From:o.From+o.Count]...)
		}
		out, before = append(out, all), all
	}
	return out, nil
}
