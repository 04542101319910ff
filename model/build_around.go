package model

import (
	"fmt"
	"slices"
)

// [>, /\ and [|A|> that stand around each other, the next as the first operand of each,
// are one with all their operands, and have one machine: rules of what is below n of them
// would otherwise have n participants. Of ((P [> Q) [> R) [> S the operands are 0 to 3.

// around returns the operands of p, and the operators between each and the next.
func around(p *Process) (operands, operators []*Process) {
	for at := p; ; {
		operands, operators = append(operands, at.kids[1]), append(operators, at)
		k := at.kids[0]
		if k == nil || k.wrong != "" || k.mark != nil || k.op != p.op || len(k.kids) != 2 {
			operands = append(operands, k)
			break
		}
		at = k
	}
	slices.Reverse(operands)
	slices.Reverse(operators)
	return operands, operators
}

// lacks notes a mistake if p has not two operands.
func (b *builder) lacks(p *Process) bool {
	if len(p.kids) == 2 {
		return false
	}
	b.wrong("an operator %s has %d operands, and needs 2", p.op, len(p.kids))
	return true
}

// operandName returns P, Q, R and so on.
func operandName(i int) string {
	const names = "PQRSTUVWXYZ"
	if i < len(names) {
		return names[i : i+1]
	}
	return fmt.Sprint("operand ", i)
}

// from returns moves to a state from each of the states 0 to n-1.
func from(n, to State) [][2]State {
	moves := make([][2]State, n)
	for i := range moves {
		moves[i] = [2]State{State(i), to}
	}
	return moves
}

// stand returns moves from each of the states 0 to n-1 to itself.
func stand(n State) [][2]State {
	moves := make([][2]State, n)
	for i := range moves {
		moves[i] = [2]State{State(i), State(i)}
	}
	return moves
}

// slide:
//
//	P -τ-> P'           ⟹  P [> Q -τ-> P' [> Q
//	P -α-> P', α ≠ τ    ⟹  P [> Q -α-> P'
//	                        P [> Q -τ-> Q
//
// The machine waits on an operand that is not the last, or is on one, or ended.
func (b *builder) slide(p *Process) *form {
	if b.lacks(p) {
		return b.wrong("an operator %s lacks operands", p.op)
	}
	operands, _ := around(p)
	last := State(len(operands) - 1)
	c := b.control(p, numbered(int(last)+1, "ended", waiting(int(last))...)...)
	ended := 2*last + 1
	left := &form{by: map[Event][]int32{}} // with the τ that begin an operand
	var kids []*form
	for i, o := range operands {
		if i == 0 {
			kids = append(kids, b.build(o))
			continue
		}
		kid, again := b.later(o)
		kids = append(kids, kid)
		to := State(i)
		if to == last {
			to = 2 * last
		} else if again != 0 {
			b.grows(p)
		}
		part := c.act("begin "+operandName(i), from(State(i), to)...)
		b.add(left, Tau, draft{parts: part, resets: b.spanOf(kids[0].lo, kids[i-1].hi), again: again})
		left.again = left.again || again != 0
	}
	return c.form2(kids, func(f *form) {
		f.by[Tau], f.again = left.by[Tau], left.again
		for i, kid := range kids {
			open, on, name := State(i), last+State(i), operandName(i)
			if open == last {
				in := step{part: c.act("in "+name, [2]State{on, on})}
				b.take3(f, kid, in, step{part: c.tick(kid, name, [2]State{on, ended}), resets: b.span(kid), as: Tick}, in)
				break
			}
			b.stillCalls(p, kids[i:i+1], opens(kids[i:i+1], nil))
			b.takeCalls(f, kid, func() ref { return c.act("call of "+name, [2]State{on, on}) })
			b.take3(f, kid,
				step{part: c.act("τ of "+name, [2]State{open, open}, [2]State{on, on})},
				step{part: c.tick(kid, name, [2]State{open, ended}, [2]State{on, ended}), resets: b.span(kid), as: Tick},
				step{part: c.act("to "+name, [2]State{open, on}, [2]State{on, on})})
		}
	})
}

// waiting returns names of n states.
func waiting(n int) []string {
	out := numbered(n, "")
	for i := range out {
		out[i] = "waiting on " + out[i]
	}
	return out
}

// interrupt:
//
//	P -α-> P', α ≠ ✓    ⟹  P /\ Q -α-> P' /\ Q
//	P -✓->              ⟹  P /\ Q -✓->
//	Q -τ-> Q'           ⟹  P /\ Q -τ-> P /\ Q'
//	Q -α-> Q', α ≠ τ    ⟹  P /\ Q -α-> Q'
//
// In a state of the machine that operand and all behind it are on; or it has ended.
func (b *builder) interrupt(p *Process) *form {
	switch {
	case b.lacks(p):
		return b.wrong("an operator %s lacks operands", p.op)
	case p.op == OpSyncInterrupt:
		return b.syncInterrupt(p)
	}
	operands, _ := around(p)
	c := b.control(p, numbered(len(operands), "ended")...)
	last, ended := State(len(operands)-1), State(len(operands))
	var kids []*form
	for _, o := range operands {
		kids = append(kids, b.build(o))
	}
	for _, kid := range kids[:last] {
		b.stays(p, kid)
	}
	b.stillCalls(p, kids[last:], opens(kids[last:], nil))
	lo := kids[0].lo
	return c.form2(kids, func(f *form) {
		for i, kid := range kids {
			s, name := State(i), operandName(i)
			tick := step{part: c.tick(kid, name, from(s+1, ended)...), resets: b.spanOf(lo, kids[last].hi), as: Tick}
			if s == 0 {
				in := step{part: c.act("in "+name, [2]State{0, 0})}
				b.take3(f, kid, in, tick, in)
				continue
			}
			if s == last {
				b.takeCalls(f, kid, func() ref { return c.act("call of "+name, [2]State{s, s}) })
			}
			b.take3(f, kid, step{part: c.act("τ of "+name, stand(s+1)...)}, tick,
				step{part: c.act("to "+name, from(s+1, s)...), resets: b.spanOf(lo, kid.lo)})
		}
	})
}

// syncInterrupt:
//
//	P -a-> P', Q -a-> Q', a ∈ A    ⟹  P /+A+\ Q -a-> P' /+A+\ Q'
//	P -α-> P', α ∉ A ∪ {✓}         ⟹  P /+A+\ Q -α-> P' /+A+\ Q
//	P -✓->                         ⟹  P /+A+\ Q -✓->
//	Q -τ-> Q'                      ⟹  P /+A+\ Q -τ-> P /+A+\ Q'
//	Q -α-> Q', α ∉ A ∪ {τ}         ⟹  P /+A+\ Q -α-> Q'
func (b *builder) syncInterrupt(p *Process) *form {
	const on, inQ, ended = 0, 1, 2
	c := b.control(p, "on", "Q", "ended")
	kids := []*form{b.build(p.kids[0]), b.build(p.kids[1])}
	joint := in(p.set, kids...)
	b.stays(p, kids[0])
	b.stillCalls(p, kids[1:], func(_ int, e Event) bool { return opens(kids, joint)(1, e) })
	both := b.spanOf(kids[0].lo, kids[1].hi)
	return c.form2(kids, func(f *form) {
		b.together(f, c, kids, joint)
		alone := c.act("only Q", [2]State{inQ, inQ})
		for _, e := range joint {
			delete(kids[0].by, e)
			if len(kids[1].by[e]) > 0 {
				b.take(f, kids[1], e, step{part: alone, as: e})
			}
		}
		inP := step{part: c.act("in P", [2]State{on, on})}
		b.take3(f, kids[0], inP, step{part: c.tick(kids[0], "P", [2]State{on, ended}), resets: both, as: Tick}, inP)
		b.takeCalls(f, kids[1], func() ref { return c.act("call of Q", [2]State{inQ, inQ}) })
		b.take3(f, kids[1],
			step{part: c.act("τ of Q", [2]State{on, on}, [2]State{inQ, inQ})},
			step{part: c.tick(kids[1], "Q", [2]State{on, ended}, [2]State{inQ, ended}), resets: both, as: Tick},
			step{part: c.act("to Q", [2]State{on, inQ}, [2]State{inQ, inQ}), resets: b.span(kids[0])})
	})
}

// throw:
//
//	P -a-> P', a ∈ A    ⟹  P [|A|> Q -a-> Q
//	P -α-> P', α ∉ A    ⟹  P [|A|> Q -α-> P' [|A|> Q      (α ≠ ✓)
//	P -✓->              ⟹  P [|A|> Q -✓->
//
// so that of several the outermost counts whose set has an event. In a state of the
// machine that operand is on, or it has ended.
func (b *builder) throw(p *Process) *form {
	if b.lacks(p) {
		return b.wrong("an operator %s lacks operands", p.op)
	}
	operands, operators := around(p)
	c := b.control(p, numbered(len(operands), "ended")...)
	last, ended := State(len(operands)-1), State(len(operands))
	var kids []*form
	agains := make([]int32, len(operands))
	for i, o := range operands {
		if i == 0 {
			kids = append(kids, b.build(o))
			continue
		}
		var kid *form
		kid, agains[i] = b.later(o)
		kids = append(kids, kid)
	}
	for _, kid := range kids[:last] {
		b.stays(p, kid)
	}
	thrown := outermost(operators, kids)
	return c.form2(kids, func(f *form) {
		for i, kid := range kids {
			s, name := State(i), operandName(i)
			away := map[State]step{}
			for _, e := range kid.keys() {
				to := thrown[e]
				if e <= Tick || to <= s {
					continue
				}
				x, ok := away[to]
				if !ok {
					x = step{part: c.act(name+" to "+operandName(int(to)), [2]State{s, to}), resets: b.span(kid), again: agains[to]}
					away[to] = x
					if x.again != 0 && to < last {
						b.grows(p)
					}
				}
				x.as = e
				b.take(f, kid, e, x)
			}
			on := step{part: c.act("in "+name, [2]State{s, s})}
			b.take3(f, kid, on, step{part: c.tick(kid, name, [2]State{s, ended}), resets: b.span(kid), as: Tick}, on)
		}
	})
}

// outermost returns, for each visible event of the operands of [|A|> that stand around
// each other, innermost first, the operand behind the outermost whose set has it.
func outermost(operators []*Process, kids []*form) map[Event]State {
	rest := &form{by: map[Event][]int32{}}
	for _, kid := range kids {
		for e := range kid.by {
			rest.by[e] = kid.by[e]
		}
	}
	out := map[Event]State{}
	for i, p := range slices.Backward(operators) {
		for _, e := range in(p.set, rest) {
			out[e] = State(i + 1)
			delete(rest.by, e)
		}
	}
	return out
}
