package eval

import (
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A procCode computes a process.
type procCode func(*Machine, []value.Value) *process.Term

// process compiles a process operator.
func (s *site) process(x syntax.Expr) code {
	s.noteTimed()
	c := s.operator(x)
	return func(m *Machine, e []value.Value) value.Value { return c(m, e) }
}

func (s *site) operator(x syntax.Expr) procCode {
	space := s.m.space
	switch x := x.(type) {
	case *syntax.Binary:
		return s.binaryProcess(x)
	case *syntax.Prefix:
		return s.prefix(x)
	case *syntax.Rename:
		s.note('R')
		p, rel := s.proc(x.X), s.relation(x.Ties, x.Stmts, false)
		return func(m *Machine, e []value.Value) *process.Term {
			return space.WithRelation(process.Rename, rel(m, e), p(m, e))
		}
	case *syntax.Synced:
		s.noteText('P', string(x.Op))
		op := syncedOps[x.Op]
		p, q, a := s.proc(x.X), s.proc(x.Y), s.synced(x.A)
		if op == process.Throw {
			q, a = s.offProc(x.Y), s.events(x.A, false)
		}
		return func(m *Machine, e []value.Value) *process.Term {
			return space.WithSet(op, a(m, e), p(m, e), q(m, e))
		}
	case *syntax.AlphaPar:
		s.noteText('P', "||")
		p, a, b, q := s.proc(x.X), s.synced(x.A), s.synced(x.B), s.proc(x.Y)
		return func(m *Machine, e []value.Value) *process.Term {
			return space.WithSets(process.AlphaPar, []*process.EventSet{a(m, e), b(m, e)}, p(m, e), q(m, e))
		}
	case *syntax.Linked:
		s.noteText('P', "<->")
		p, rel, q := s.proc(x.X), s.relation(x.Ties, x.Stmts, true), s.proc(x.Y)
		return func(m *Machine, e []value.Value) *process.Term {
			return space.WithRelation(process.Link, rel(m, e), p(m, e), q(m, e))
		}
	case *syntax.Replicated:
		return s.replicated(x)
	}
	panic("eval: an expression of an unknown kind")
}

var syncedOps = map[syntax.Op]process.Op{
	syntax.OpPar: process.Par, syntax.OpThrow: process.Throw,
	syntax.OpSyncChoice: process.SyncChoice, syntax.OpSyncInterrupt: process.SyncInterrupt,
}

// binaryProcess compiles the operators that take no sets. Chains of a choice
// or of interleaving become one n-ary term: they are associative, and a long
// chain would otherwise be a deep tree.
func (s *site) binaryProcess(x *syntax.Binary) procCode {
	s.noteText('P', string(x.Op))
	space := s.m.space
	switch x.Op {
	case syntax.OpGuard:
		cond, p := s.cond(x.X), s.proc(x.Y)
		stop := s.stop()
		return func(m *Machine, e []value.Value) *process.Term {
			if cond(m, e) {
				return p(m, e)
			}
			return stop(m)
		}
	case syntax.OpExtChoice:
		kids := s.procs(nested(x, x.Op))
		return func(m *Machine, e []value.Value) *process.Term {
			return s.choice(terms(m, e, kids))
		}
	case syntax.OpInterleave:
		kids, tock := s.procs(chain(x)), s.tockOnly()
		return func(m *Machine, e []value.Value) *process.Term {
			return space.WithSet(process.Par, tock(m), terms(m, e, kids)...)
		}
	case syntax.OpIntChoice:
		p, q := s.offProc(x.X), s.offProc(x.Y)
		return func(m *Machine, e []value.Value) *process.Term {
			return space.Make(process.IntChoice, p(m, e), q(m, e))
		}
	case syntax.OpSeq, syntax.OpSlide:
		p, q := s.proc(x.X), s.offProc(x.Y)
		op := process.Seq
		if x.Op == syntax.OpSlide {
			op = process.Slide
		}
		return func(m *Machine, e []value.Value) *process.Term { return space.Make(op, p(m, e), q(m, e)) }
	case syntax.OpInterrupt:
		p, q := s.proc(x.X), s.proc(x.Y)
		tock := s.tockOnly()
		return func(m *Machine, e []value.Value) *process.Term {
			if s.timed != nil {
				return space.WithSet(process.SyncInterrupt, tock(m), p(m, e), q(m, e))
			}
			return space.Make(process.Interrupt, p(m, e), q(m, e))
		}
	case syntax.OpHide, syntax.OpProject:
		p, a := s.proc(x.X), s.events(x.Y, x.Op == syntax.OpProject)
		return func(m *Machine, e []value.Value) *process.Term {
			return space.WithSet(process.Hide, a(m, e), p(m, e))
		}
	}
	panic("eval: no code for the operator " + string(x.Op))
}

// chain returns the operands of a chain of one operator, the last first.
func chain(x *syntax.Binary) []syntax.Expr {
	var operands []syntax.Expr
	op := x.Op
	var y syntax.Expr = x
	for {
		b, ok := y.(*syntax.Binary)
		if !ok || b.Op != op {
			break
		}
		operands = append(operands, b.Y)
		y = b.X
	}
	return append(operands, y)
}

// nested is chain where operands may be chains in parentheses.
func nested(x syntax.Expr, op syntax.Op) []syntax.Expr {
	var operands []syntax.Expr
	todo := []syntax.Expr{x}
	for len(todo) > 0 {
		x := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		in := x
		for p, ok := in.(*syntax.Paren); ok; p, ok = in.(*syntax.Paren) {
			in = p.X
		}
		if b, ok := in.(*syntax.Binary); ok && b.Op == op {
			todo = append(todo, b.X, b.Y)
			continue
		}
		operands = append(operands, x)
	}
	return operands
}

// procs compiles operands, the last of which comes first.
func (s *site) procs(operands []syntax.Expr) []procCode {
	s.note('#', len(operands))
	kids := make([]procCode, len(operands))
	for i := range operands {
		kids[i] = s.proc(operands[len(operands)-1-i])
	}
	return kids
}

func terms(m *Machine, e []value.Value, cs []procCode) []*process.Term {
	ts := make([]*process.Term, len(cs))
	for i, c := range cs {
		ts[i] = c(m, e)
	}
	return ts
}

// offProc compiles a process that has not started: it is not evaluated yet.
func (s *site) offProc(x syntax.Expr) procCode {
	switch y := x.(type) {
	case *syntax.Paren:
		return s.offProc(y.X)
	case *syntax.Name:
		o := s.info.Uses[y]
		switch o.Kind {
		case resolve.Local:
			s.noteLocal(o)
			slot, later := s.local(o), s.anon(x)
			return func(m *Machine, e []value.Value) *process.Term {
				if v, ok := value.Known(e[slot]); ok {
					if t, ok := v.(*process.Term); ok {
						return t
					}
				}
				return later(m, e)
			}
		case resolve.Builtin:
			return s.proc(x)
		}
	}
	if s.isCall(x) {
		return s.proc(x)
	}
	return s.anon(x)
}

// off returns code for a process outside all definitions.
func (s *site) off(x syntax.Expr) procCode { return s.offProc(x) }

// anon compiles x as a site that is unfolded when it starts.
func (s *site) anon(x syntax.Expr) procCode {
	c := s.child()
	p := c.proto(c.expr(x), x.At())
	s.m.place(p)
	space := s.m.space
	return func(_ *Machine, e []value.Value) *process.Term {
		return space.Delay(&anon{p, p.frame(e)})
	}
}

// events compiles a set of events beside an operator; except compiles its
// complement.
func (s *site) events(x syntax.Expr, except bool) func(*Machine, []value.Value) *process.EventSet {
	c, at := s.expr(x), x.At()
	var last value.Set // most places see one set only
	var lastSet *process.EventSet
	return func(m *Machine, e []value.Value) *process.EventSet {
		v := c(m, e)
		m.here = at
		set := value.ToSet(v)
		if set == last {
			return lastSet
		}
		es := m.space.EventSet(set)
		if except {
			es = m.space.Except(set)
		}
		last, lastSet = set, es
		return es
	}
}

// relation compiles the ties of a renaming or linking.
func (s *site) relation(ties []syntax.Tie, list []syntax.Stmt, linked bool) func(*Machine, []value.Value) *process.Relation {
	stmts := s.stmts(list, setGenerators)
	type tie struct {
		from, to code
		at       syntax.Span
	}
	var cs []tie
	for _, t := range ties {
		cs = append(cs, tie{s.expr(t.From), s.expr(t.To), t.From.At().To(t.To.At())})
	}
	var families []family
	if !linked {
		families = s.families(ties, list)
	}
	return func(m *Machine, e []value.Value) *process.Relation {
		if r := tiesOf(families, m, e); r != nil {
			return r
		}
		var out []process.Tie
		stmts.run(m, e, func() {
			for _, t := range cs {
				from, to := t.from(m, e), t.to(m, e)
				m.here = t.at
				out = append(out, process.Tie{From: channelled(from), To: channelled(to), At: t.at})
				m.more(len(out), tieBytes)
			}
		})
		if linked {
			m.once(out)
		}
		return m.space.Relation(out)
	}
}

// channelled returns v as an event or the beginning of one.
func channelled(v value.Value) *value.Dot {
	d, ok := v.(*value.Dot)
	if !ok || d.Head == nil || d.Head.Type.Name != "Event" {
		value.Fail("%s is %s: an event or channel is needed here", value.Short(v), v.Kind())
	}
	return d
}

// replicated compiles an operator over statements.
func (s *site) replicated(x *syntax.Replicated) procCode {
	s.noteText('Q', string(x.Op))
	switch x.Op {
	case syntax.OpLink:
		return s.replicatedLink(x)
	case syntax.OpAlphaPar:
		return s.replicatedAlpha(x)
	}
	space := s.m.space
	var set func(*Machine, []value.Value) *process.EventSet
	if x.Op == syntax.OpPar || x.Op == syntax.OpSyncChoice {
		set = s.synced(x.A)
	}
	stmts := s.stmts(x.Stmts, x.Op == syntax.OpSeq)
	var body procCode
	choosing := s.choosing(x)
	switch {
	case choosing != nil:
		body = s.offered(choosing.pre)
	case x.Op == syntax.OpIntChoice || x.Op == syntax.OpSeq:
		body = s.offProc(x.Body)
	default:
		body = s.proc(x.Body)
	}
	tock, stop, skip := s.tockOnly(), s.stop(), s.skip()
	op, at := x.Op, x.At()
	return func(m *Machine, e []value.Value) *process.Term {
		var es *process.EventSet
		if set != nil {
			es = set(m, e)
		}
		var kids []*process.Term
		add := func() {
			kids = append(kids, body(m, e))
			m.room(len(kids))
		}
		if choosing != nil {
			over := stmts[0].source(m, e)
			if t := choosing.offer(m, e, over); t != nil {
				return t
			}
			stmts.over(m, e, over, add)
		} else {
			stmts.run(m, e, add)
		}
		switch op {
		case syntax.OpExtChoice:
			if len(kids) == 0 {
				return stop(m)
			}
			return s.choice(kids)
		case syntax.OpSyncChoice:
			if len(kids) == 0 {
				return stop(m)
			}
			return space.WithSet(process.SyncChoice, es, kids...)
		case syntax.OpIntChoice:
			if len(kids) == 0 {
				m.here = at
				value.Fail("a replicated |~| over nothing is no process")
			}
			return space.Make(process.IntChoice, kids...)
		case syntax.OpInterleave:
			es = tock(m)
		case syntax.OpSeq:
			if len(kids) == 0 {
				return skip(m)
			}
			return sequence(space, kids)
		}
		if len(kids) == 0 {
			return s.nobody(m)
		}
		return space.WithSet(process.Par, es, kids...)
	}
}

// sequence returns kids[0] ; (kids[1] ; ...), of at least one.
func sequence(space *process.Space, kids []*process.Term) *process.Term {
	t := kids[len(kids)-1]
	for i := len(kids) - 2; i >= 0; i-- {
		t = space.Make(process.Seq, kids[i], t)
	}
	return t
}

func (s *site) replicatedAlpha(x *syntax.Replicated) procCode {
	stmts := s.stmts(x.Stmts, setGenerators)
	a, body := s.synced(x.A), s.proc(x.Body)
	space := s.m.space
	return func(m *Machine, e []value.Value) *process.Term {
		var sets []*process.EventSet
		var kids []*process.Term
		stmts.run(m, e, func() {
			sets = append(sets, a(m, e))
			kids = append(kids, body(m, e))
			m.room(len(kids))
		})
		if len(kids) == 0 {
			return s.nobody(m)
		}
		return space.WithSets(process.AlphaPar, sets, kids...)
	}
}

// replicatedLink nests to the right: the ties of the i-th value connect the
// i-th process with all that follow.
func (s *site) replicatedLink(x *syntax.Replicated) procCode {
	stmts := s.stmts(x.Stmts, seqGenerators)
	rel, body, at := s.relation(x.Ties, x.TieStmts, true), s.proc(x.Body), x.At()
	space := s.m.space
	return func(m *Machine, e []value.Value) *process.Term {
		var rels []*process.Relation
		var kids []*process.Term
		stmts.run(m, e, func() {
			rels = append(rels, rel(m, e))
			kids = append(kids, body(m, e))
			m.room(len(kids))
		})
		if len(kids) == 0 {
			m.here = at
			value.Fail("a replicated linked parallel over nothing is no process")
		}
		t := kids[len(kids)-1]
		for i := len(kids) - 2; i >= 0; i-- {
			t = space.WithRelation(process.Link, rels[i], kids[i], t)
		}
		return t
	}
}
