package types

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// process infers the types in a process operator.
func (c *checker) process(e syntax.Expr) form {
	proc := func(x syntax.Expr) { c.expect(x, procType, "a process is needed here") }
	switch e := e.(type) {
	case *syntax.Prefix:
		c.prefix(e)
	case *syntax.Rename:
		proc(e.X)
		c.stmts(e.Stmts, false)
		c.ties(e.Ties)
	case *syntax.Synced:
		proc(e.X)
		c.eventSet(e.A, "this operator takes a set of events")
		proc(e.Y)
	case *syntax.AlphaPar:
		proc(e.X)
		c.eventSet(e.A, "an alphabet is a set of events")
		c.eventSet(e.B, "an alphabet is a set of events")
		proc(e.Y)
	case *syntax.Linked:
		proc(e.X)
		c.stmts(e.Stmts, false)
		c.ties(e.Ties)
		proc(e.Y)
	case *syntax.Replicated:
		if e.Op == syntax.OpPar || e.Op == syntax.OpSyncChoice {
			c.eventSet(e.A, "this operator takes a set of events")
		}
		c.stmts(e.Stmts, e.Op == syntax.OpSeq || e.Op == syntax.OpLink)
		if e.Op == syntax.OpAlphaPar {
			c.eventSet(e.A, "an alphabet is a set of events")
		}
		c.stmts(e.TieStmts, false)
		c.ties(e.Ties)
		proc(e.Body)
	default:
		panic("types: an expression of an unknown kind")
	}
	return procType
}

// eventSet infers the type of a set of events.
func (c *checker) eventSet(e syntax.Expr, fix string) {
	c.expect(e, &setOf{eventType}, fix)
}

// ties infers the types of the ties of a renaming or linked parallel: both
// sides of each become events by the same further fields.
func (c *checker) ties(ties []syntax.Tie) {
	for _, t := range ties {
		v := &extendable{c.newRest(), eventType}
		c.expect(t.From, v, "events, channels and what they begin can be renamed and linked")
		got := c.expr(t.To)
		c.ask(t.To, v, got, because{fix: "both sides lack the same fields", note: "the other side is here", shown: v, at: t.From.At()})
	}
}

// event infers the type of an event.
func (c *checker) event(e syntax.Expr, fix string) {
	got := c.expr(e)
	c.isEvent(e, c.flattenAt(nil, got, e.At()), fix)
}

// prefix infers the types in e f1 ... fn -> P: what stands in the event and
// the fields dots to an event.
//
// A pattern of a field has to be Complete. To demand that of a dotted one finds
// what it builds by the longest match. Where a set restricts it, it matches
// what is in there, as a generator's does. Otherwise its parts are fields of
// the event like others, and the x in a last ?K.x stands for all that is left,
// which may be more than K takes.
func (c *checker) prefix(e *syntax.Prefix) {
	list := c.flattenAt(nil, c.expr(e.Event), e.Event.At())
	var dots []demanded
	for i := range e.Fields {
		f := &e.Fields[i]
		if f.Kind == syntax.Out {
			list = append(list, item{c.expr(f.Value), f.Value.At()})
			continue
		}
		var from form
		if f.Set != nil {
			from = c.expr(f.Set) // it does not see the pattern
		}
		t := c.pattern(f.Pat)
		if _, ok := prune(t).(*dot); ok && from == nil {
			dots = append(dots, demanded{f, t})
		} else if !c.wholeField(f, t) {
			t = wrong{} // reported
		}
		if from != nil {
			c.askMatch(f.Set, &setOf{t}, from, because{fix: "the values of a field come from a set", note: "they are matched with this pattern", at: f.Pat.At()})
		}
		list = append(list, item{t, f.Pat.At()})
	}
	at := e.Event.At()
	if n := len(e.Fields); n > 0 {
		at = at.To(e.Fields[n-1].Span)
	}
	if c.isEvent(atNode{at}, list, "") {
		for _, d := range dots {
			c.wholeField(d.field, d.of)
		}
	}
	c.expect(e.Body, procType, "a process follows ->")
}

// A demanded field is one whose type is yet to be Complete.
type demanded struct {
	field *syntax.Field
	of    form
}

// wholeField demands that the pattern of a field, of type t, is Complete.
func (c *checker) wholeField(f *syntax.Field, t form) bool {
	return c.demand(f.Pat.At(), t, complete, "a field is read whole")
}

// isEvent makes a dotted list an event, or reports that it is none.
func (c *checker) isEvent(e syntax.Node, list []item, fix string) bool {
	c.at = e.At()
	t := dotted(list)
	if cl := c.unify(eventType, t); cl != nil {
		c.settle(t)
		c.mismatch(e, eventType, t, cl, because{fix: fix})
		return false
	}
	return true
}
