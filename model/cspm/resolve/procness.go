package resolve

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// Whether a definition is a process matters before it is evaluated: a call
// of a process is a node of its own, to which recursion comes back. The text
// tells in nearly all cases: some result of the definition is a process
// operator, or calls a definition that is a process.

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
		}
	case *syntax.Prefix, *syntax.Rename, *syntax.Synced, *syntax.AlphaPar, *syntax.Linked, *syntax.Replicated:
		r.evident(o)
	case *syntax.Binary:
		switch e.Op {
		case syntax.OpGuard, syntax.OpSeq, syntax.OpSlide, syntax.OpInterrupt, syntax.OpExtChoice,
			syntax.OpIntChoice, syntax.OpInterleave, syntax.OpHide, syntax.OpProject:
			r.evident(o)
		}
	}
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
	for _, o := range p.pendingSpread {
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
}
