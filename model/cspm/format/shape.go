package format

import (
	"math"
	"slices"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A shaper goes over the tree and notes at each token where it may stand. The
// outermost construct that a token begins says where it stands, so what is
// noted first stays.
type shaper struct {
	toks  []tok
	lists [][]syntax.Decl // of declarations
}

// The symbols that stand directly beside what is left or right of them.
var (
	tightLeft  = []string{")", ",", "}", "]", "]]", "[[", ".", "..", "?", "!", "$"}
	tightRight = []string{"(", "{", "[", "[[", ".", "..", "?", "!", "$", "#"}
)

// file shapes the whole script.
func (s *shaper) file(f *syntax.File) {
	for i := range s.toks {
		t := &s.toks[i]
		if t.Kind == syntax.SymbolToken {
			t.tightLeft = slices.Contains(tightLeft, t.text)
			t.tightRight = slices.Contains(tightRight, t.text)
		}
	}
	s.decls(f.Decls, hang{mode: margin})
	s.at(len(s.toks)-1, hang{mode: margin})
	for i := 1; i < len(s.toks)-1; i++ {
		s.separate(i)
	}
	for _, list := range s.lists {
		s.align(list)
	}
}

// separate takes away the tightness of token i where it would fuse with a
// neighbour. What has blanks on one side gets them on the other.
func (s *shaper) separate(i int) {
	a, b := &s.toks[i-1], &s.toks[i]
	if !a.tightRight && !b.tightLeft || !syntax.Fuse(a.text[len(a.text)-1], b.text[0]) {
		return
	}
	if b.tightLeft && infix(b.text) {
		b.tightRight = false
	}
	if a.tightRight && infix(a.text) {
		a.tightLeft = false
	}
	a.tightRight, b.tightLeft = false, false
}

// infix tells whether an operator may stand tight between two operands.
func infix(op string) bool { return slices.Contains([]string{"+", "-", "*", "/", "%", "^"}, op) }

// at notes where token i stands if a line begins with it.
func (s *shaper) at(i int, h hang) {
	if t := &s.toks[i]; t.hang.mode == unset {
		t.hang = h
	}
}

// first and after return the first token of n, and the first one after it.
func (s *shaper) first(n syntax.Node) int { return find(s.toks, n.At().Start) }
func (s *shaper) after(n syntax.Node) int { return find(s.toks, n.At().End) }

// all notes that tokens from a up to, not including, b stand at h; within parts,
// only the first tokens do.
func all[N syntax.Node](s *shaper, a, b int, h hang, parts ...N) {
	for _, n := range parts {
		first := s.first(n)
		for ; a < first; a++ {
			s.at(a, h)
		}
		s.at(first, h)
		a = s.after(n)
	}
	for ; a < b; a++ {
		s.at(a, h)
	}
}

// fold notes that a line may be broken before token i.
func (s *shaper) fold(i, rank int, c *chain) {
	if t := &s.toks[i]; t.rank == 0 || rank < t.rank {
		t.rank, t.chain = rank, c
	}
}

// bracket shapes a pair of brackets and what is directly in them.
func bracket[N syntax.Node](s *shaper, open, close, rank int, parts ...N) {
	inside := hang{mode: content, base: open}
	s.toks[close].noteHang = inside
	if len(parts) > 0 {
		s.at(open+1, inside) // before parts: they may be the ties of a pair
	}
	all(s, open+1, close, inside, parts...)
	s.at(close, hang{mode: closing, base: open})
	for _, n := range parts {
		if first := s.first(n); first > open+1 && s.toks[first-1].text == "," {
			s.fold(first, rank, nil)
		}
	}
}

// angles makes < and > brackets.
func (s *shaper) angles(open, close int) {
	s.toks[open].tightRight = true
	s.toks[close].tightLeft = true
}

// written returns the declarations but for assertions in comments: these are
// comments here.
func written(list []syntax.Decl) []syntax.Decl {
	return slices.DeleteFunc(slices.Clone(list), func(d syntax.Decl) bool {
		a, ok := d.(*syntax.Assert)
		return ok && a.Extension
	})
}

// decls shapes a list of declarations, which begin at h.
func (s *shaper) decls(list []syntax.Decl, h hang) {
	list = written(list)
	for _, d := range list {
		s.at(s.first(d), h)
		s.decl(d)
	}
	s.lists = append(s.lists, list)
}

// The ranks of places to break a declaration.
const (
	rankFirst    = iota + 1
	rankQuestion // before [T= and :[
	rankBody
	rankLast = math.MaxInt - 1 // before the body, if there is no other place
	rankHead = math.MaxInt     // in what is defined, and in patterns
)

// A body that begins further to the right than this is put on a line of its own
// where the line is too wide.
const wideHead = 24

func (s *shaper) decl(d syntax.Decl) {
	a, b := s.first(d), s.after(d)
	in := hang{mode: under, base: a, plus: step}
	switch d := d.(type) {
	case *syntax.Clause:
		open := a + 1
		for _, g := range d.Groups {
			if len(g) > 0 {
				open = s.first(g[0]) - 1
			}
			close := open + 1
			if len(g) > 0 {
				close = s.after(g[len(g)-1])
			}
			s.toks[open].tightLeft = true
			s.at(open, in)
			bracket(s, open, close, rankHead, g...)
			s.pats(g)
			open = close + 1
		}
		s.body(in, a, b, d.Body)
	case *syntax.Bind:
		s.pat(d.Pat)
		s.body(in, a, b, d.Body)
	case *syntax.Annotation:
		s.typeExpr(d.Type)
		all[syntax.Node](s, a+1, b, in)
	case *syntax.Channel:
		s.names(a+1, d.Names, in)
		if d.Type != nil {
			all(s, a+1, b, in, d.Type)
			s.fold(s.first(d.Type), rankBody, nil)
			s.expr(d.Type, frame{rank: rankBody + 1})
		}
	case *syntax.Datatype:
		s.datatype(d, a, in)
	case *syntax.Include, *syntax.Print:
		s.at(a+1, in)
	case *syntax.Nametype:
		s.at(a+1, in)
		s.body(in, a, b, d.Type)
	case *syntax.Import:
		s.names(a+1, d.Names, in)
	case *syntax.Module:
		s.module(d, a, b)
	case *syntax.Instance:
		all[syntax.Node](s, a+1, b, in)
		if open := s.after(d.Module); open < b {
			s.toks[open].tightLeft = true
			bracket(s, open, b-1, rankBody, d.Args...)
			s.exprs(d.Args, rankBody+1)
		}
	case *syntax.Timed:
		s.timed(d, a, b)
	case *syntax.Assert:
		s.assert(d, a, b, in)
	}
}

// body shapes = e, the end of a declaration.
func (s *shaper) body(in hang, a, b int, e syntax.Expr) {
	first := s.first(e)
	s.at(first-1, in)
	s.at(first, in)
	rank := rankLast
	if s.headWidth(a, first) > wideHead {
		rank = rankFirst
	}
	s.fold(first, rank, nil)
	s.expr(e, frame{rank: rankBody + 1})
}

// headWidth returns about how many columns the tokens from a up to b take.
func (s *shaper) headWidth(a, b int) (n int) {
	for i := a; i < b; i++ {
		n += width(s.toks[i].text)
		if !s.toks[i].tightRight && !s.toks[i+1].tightLeft {
			n++
		}
	}
	return n
}

// names shapes a, b, c, the first of which is token i.
func (s *shaper) names(i int, names []syntax.Ident, in hang) {
	first := find(s.toks, names[0].Start)
	for k, n := range names {
		at := find(s.toks, n.Start)
		h := hang{mode: under, base: first}
		if k == 0 {
			h = in
		} else {
			s.at(at-1, in)
			s.fold(at, rankBody+1, nil)
		}
		s.at(at, h)
	}
}

func (s *shaper) datatype(d *syntax.Datatype, a int, in hang) {
	equals := a + 2
	s.at(a+1, in)
	s.at(equals, in)
	first := find(s.toks, d.Ctors[0].Start)
	s.at(first, in)
	bar := hang{mode: under, base: equals}
	if s.toks[first].newline() {
		bar = in
	}
	for k, c := range d.Ctors {
		at := find(s.toks, c.Start)
		if k > 0 {
			s.at(at-1, bar)
			s.at(at, hang{mode: under, base: first})
			s.fold(at-1, rankBody, nil)
		}
		if c.Type != nil {
			s.at(at+1, in)
			s.at(at+2, in)
			s.expr(c.Type, frame{rank: rankBody + 1, tight: true})
		}
	}
}

func (s *shaper) module(m *syntax.Module, a, b int) {
	in := hang{mode: under, base: a, plus: step}
	head := a + 2
	if len(m.Params) > 0 {
		s.toks[head].tightLeft = true
		s.at(head, in)
		last := find(s.toks, m.Params[len(m.Params)-1].Start)
		bracket[syntax.Node](s, head, last+1, rankBody)
		for k := range m.Params[1:] {
			s.fold(find(s.toks, m.Params[k+1].Start), rankBody, nil)
		}
		head = last + 2
	}
	s.at(a+1, in)
	word := func(i int) {
		s.at(i, hang{mode: under, base: a})
		s.toks[i].noteHang = in
	}
	if n := len(m.Private); n > 0 { // no assertion stands in a module
		head = s.after(m.Private[n-1])
	}
	word(head) // exports
	s.decls(m.Private, in)
	s.decls(m.Public, in)
	word(b - 1)
}

func (s *shaper) timed(d *syntax.Timed, a, b int) {
	in := hang{mode: under, base: a, plus: step}
	open := a + 1
	if d.Fn != nil {
		s.toks[open].tightLeft = true
		open = s.after(d.Fn) + 1
		bracket(s, a+1, open-1, rankBody, d.Fn)
		s.at(a+1, in)
		s.expr(d.Fn, frame{rank: rankBody + 1})
	}
	s.at(open, in)
	decls := written(d.Decls)
	bracket(s, open, b-1, rankBody, decls...)
	if n := len(decls); n > 0 && !s.toks[open+1].newline() && !s.toks[b-1].newline() {
		s.toks[open].tightRight, s.toks[b-1].tightLeft = false, false
	}
	s.decls(decls, hang{mode: content, base: open})
}

func (s *shaper) assert(d *syntax.Assert, a, b int, in hang) {
	var parts []syntax.Expr
	for _, e := range []syntax.Expr{d.Spec, d.Impl} {
		if e != nil {
			parts = append(parts, e)
		}
	}
	for _, e := range parts {
		s.expr(e, frame{rank: rankBody})
	}
	s.fold(s.after(parts[0]), rankQuestion, nil)
	s.at(s.first(parts[0]), in)
	if n := len(d.Trace); n > 0 {
		open, close := s.first(d.Trace[0])-1, s.after(d.Trace[n-1])
		s.angles(open, close)
		s.at(open, in)
		bracket(s, open, close, rankBody, d.Trace...)
		s.exprs(d.Trace, rankBody+1)
	}
	if d.TauPriority != nil {
		parts = append(parts, d.TauPriority)
		s.expr(d.TauPriority, frame{rank: rankBody})
	}
	all(s, a+1, b, in, parts...)
	for i := a + 1; i < b; i++ {
		if t := &s.toks[i]; t.Kind == syntax.PropertyToken {
			s.fold(i, rankQuestion, nil)
		}
	}
}

// typeExpr shapes a type.
func (s *shaper) typeExpr(t syntax.TypeExpr) {
	syntax.Walk(t, func(n syntax.Node) bool {
		a, b := s.first(n), s.after(n)-1
		switch n := n.(type) {
		case *syntax.TypeFunc:
			close := a + 1
			if k := len(n.Params); k > 0 {
				close = s.after(n.Params[k-1])
			}
			bracket[syntax.Node](s, a, close, rankBody)
		case *syntax.TypeSeq:
			s.angles(a, b)
			bracket[syntax.Node](s, a, b, rankBody)
		case *syntax.TypeSet, *syntax.TypeParen, *syntax.TypeTuple, *syntax.TypeMap:
			bracket[syntax.Node](s, a, b, rankBody)
		}
		return true
	})
}
