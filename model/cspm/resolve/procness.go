package resolve

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// Whether a definition is a process matters before it is evaluated: a call
// of a process is a node of its own, to which recursion comes back. The text
// tells in nearly all cases: some result of the definition is a process
// operator, or calls a definition that is a process. Definitions that come to
// nothing but each other (P = Q, Q = P) have no result at all; they are
// processes if one is needed where they are used.

// tails notes what the results of o are: those of e, applied to that many
// groups of arguments.
func (r *resolver) tails(o *Object, e syntax.Expr, groups int) {
	switch e := e.(type) {
	case *syntax.Paren:
		r.tails(o, e.X, groups)
	case *syntax.If:
		r.tails(o, e.Then, groups)
		r.tails(o, e.Else, groups)
	case *syntax.Let:
		r.tails(o, e.Body, groups)
	case *syntax.Apply:
		r.tails(o, e.Fn, groups+1)
	case *syntax.Name:
		if of := r.info.Uses[e]; of != nil && of.takes(groups) {
			o.mentions = append(o.mentions, of)
			r.p.pendingSpread = append(r.p.pendingSpread, o)
			return
		}
		o.ends = true
	case *syntax.Prefix, *syntax.Rename, *syntax.Synced, *syntax.AlphaPar, *syntax.Linked, *syntax.Replicated:
		r.evident(o)
	case *syntax.Binary:
		if left, right := takesProcesses(e.Op); left || right {
			r.evident(o)
		} else {
			o.ends = true
		}
	default:
		o.ends = true
	}
}

// takesProcesses tells which operands of an operator are processes; if one is,
// the result is one, too.
func takesProcesses(op syntax.Op) (left, right bool) {
	switch op {
	case syntax.OpSeq, syntax.OpSlide, syntax.OpInterrupt, syntax.OpExtChoice, syntax.OpIntChoice, syntax.OpInterleave:
		return true, true
	case syntax.OpHide, syntax.OpProject:
		return true, false
	case syntax.OpGuard:
		return false, true
	}
	return false, false
}

// process notes that a process is needed where e stands.
func (r *resolver) process(e syntax.Expr) {
	switch e.(type) {
	case *syntax.Paren, *syntax.If, *syntax.Let, *syntax.Apply, *syntax.Name:
		needed := &Object{Kind: Local}
		r.tails(needed, e, 0)
		r.p.needed = append(r.p.needed, needed.mentions...)
	}
}

// Process notes that a process is needed where e stands, an expression that
// Expr has settled.
func (p *Program) Process(e syntax.Expr, info *Info) {
	r := &resolver{p: p, info: info}
	r.process(e)
	p.spread()
}

// takes reports whether o, applied to that many groups, has all of them.
func (o *Object) takes(groups int) bool {
	switch o.Kind {
	case Func:
		return len(o.Clauses[0].Groups) == groups
	case Value:
		return groups == 0
	case Builtin:
		constant := o.Name == "STOP" || o.Name == "SKIP" || o.Name == "DIV"
		return constant == (groups == 0)
	}
	return false
}

func (r *resolver) evident(o *Object) {
	o.evident = true
	r.p.pendingSpread = append(r.p.pendingSpread, o)
}

// spread carries Proc from definitions to those whose results they are.
func (p *Program) spread() {
	users := map[*Object][]*Object{}
	var work []*Object
	mark := func(o *Object) {
		if !o.Proc && (o.Kind == Func || o.Kind == Value) {
			o.Proc = true
			work = append(work, o)
		}
	}
	seen := map[*Object]bool{} // an object is noted once for each of its results
	for _, o := range p.pendingSpread {
		if seen[o] {
			continue
		}
		seen[o] = true
		for _, of := range o.mentions {
			if of.Proc {
				mark(o)
			}
			users[of] = append(users[of], o)
		}
		if o.evident {
			mark(o)
		}
	}
	for len(work) > 0 {
		o := work[len(work)-1]
		work = work[:len(work)-1]
		for _, u := range users[o] {
			mark(u)
		}
	}
	p.pendingSpread = nil
	p.barren()
}

// barren carries Proc to what is needed as a process and has no result but
// what it mentions, and that none either.
func (p *Program) barren() {
	var reach []*Object
	seen := map[*Object]bool{}
	visit := func(objs []*Object) {
		for _, o := range objs {
			if !o.Proc && !seen[o] {
				seen[o] = true
				reach = append(reach, o)
			}
		}
	}
	visit(p.needed)
	p.needed = nil
	users := map[*Object][]*Object{}
	var work []*Object // what has a result
	for i := 0; i < len(reach); i++ {
		o := reach[i]
		if o.ends || o.Kind != Func && !o.Single() {
			work = append(work, o)
		}
		for _, of := range o.mentions {
			if of.Proc {
				work = append(work, o)
			}
			users[of] = append(users[of], o)
		}
		visit(o.mentions)
	}
	fruitful := map[*Object]bool{}
	for len(work) > 0 {
		o := work[len(work)-1]
		work = work[:len(work)-1]
		if !fruitful[o] {
			fruitful[o] = true
			work = append(work, users[o]...)
		}
	}
	for _, o := range reach {
		if !fruitful[o] {
			o.Proc = true
		}
	}
}
