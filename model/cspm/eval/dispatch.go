package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A dispatch finds the clauses that a constant argument can fit, of the first
// clauses of a definition: f(0) = .., f(1) = .., and so on. These begin with
// parameters that fit anything, as many in each, before a constant.
type dispatch struct {
	param   int           // the argument that the constant is in
	clauses int           // how many of the first clauses are dispatched
	kind    value.Kind    // of the constants; of constructors, their type is that of head
	head    *value.Head   // one of the constructors
	fit     map[any][]int // by Int, Bool, Char or *value.Head: the clauses, in order
}

// To ask so many clauses one after the other is as fast.
const fewClauses = 8

// newDispatch returns nil if it would not help. pats are the parameters of each
// clause, and clauses what they are compiled to.
func (s *site) newDispatch(clauses []clause, pats [][]syntax.Pat) *dispatch {
	if len(clauses) <= fewClauses {
		return nil
	}
	d := &dispatch{fit: map[any][]int{}}
	for d.param < len(pats[0]) && clauses[0].params[d.param] == nil {
		d.param++
	}
	for i, c := range clauses {
		for _, match := range c.params[:min(d.param, len(c.params))] {
			if match != nil {
				return d.worthwhile()
			}
		}
		if d.param == len(c.params) {
			break
		}
		kind, head, constant := s.single(pats[i][d.param])
		switch {
		case constant == nil:
			return d.worthwhile()
		case i == 0:
			d.kind, d.head = kind, head
		case kind != d.kind || head != nil && head.Type != d.head.Type:
			return d.worthwhile()
		}
		d.fit[constant] = append(d.fit[constant], i)
		d.clauses = i + 1
	}
	return d.worthwhile()
}

func (d *dispatch) worthwhile() *dispatch {
	if d.clauses <= fewClauses {
		return nil
	}
	return d
}

// single returns what a pattern is that fits one number, boolean, character, or
// constructor without fields: its kind, the constructor if it is one, and what it
// is found by, which is nil of other patterns.
func (s *site) single(p syntax.Pat) (value.Kind, *value.Head, any) {
	switch p := p.(type) {
	case *syntax.PatParen:
		return s.single(p.X)
	case *syntax.PatName:
		if o := s.info.Pats[p]; isHead(o) {
			h := s.m.head(o)
			return value.KDot, h, h
		}
	case *syntax.PatLit:
		switch v := literal(p.Value).(type) {
		case value.Int, value.Bool, value.Char:
			return v.Kind(), nil, v
		}
	}
	return "", nil, nil
}

// find returns the clauses that a call with those arguments can fit, in order;
// nothing if they have to be asked one after the other, as if the argument is of a
// type that none fits.
func (d *dispatch) find(args []value.Value) (fit []int, ok bool) {
	v := value.Force(args[d.param])
	if v.Kind() != d.kind {
		return nil, false
	}
	if d.head == nil {
		return d.fit[v], true
	}
	dot := v.(*value.Dot)
	if dot.Head == nil || dot.Head.Type != d.head.Type {
		return nil, false
	}
	if len(dot.Fields) > 0 {
		return nil, true
	}
	return d.fit[dot.Head], true
}
