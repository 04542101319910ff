package process_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
)

// The oracle is the firing rules once more, as the book's table has them,
// over a syntax tree of its own: naive maps and strings, nothing shared with
// the term explorer.

const (
	tau  = "τ"
	tick = "✓"
)

// An arg is 0, 1 or a variable, or 1 minus that.
type arg struct {
	v    string
	flip bool
}

// value returns what a closed arg comes to.
func (a arg) value() string {
	if a.flip {
		return map[string]string{"0": "1", "1": "0"}[a.v]
	}
	return a.v
}

// An event is a, b or c, or d or e with an argument.
type event struct {
	ch  string
	arg arg
}

func (e event) name() string {
	if e.arg.v == "" {
		return e.ch
	}
	return e.ch + "." + e.arg.value()
}

// A tie has events or channels on both sides: a, d.0, d.
type tie struct{ from, to string }

// A proc is a process, or a process expression with variables.
type proc struct {
	op   string
	kids []*proc
	ev   event      // of ->; of ? and $, its channel
	sets [][]string // of operators with sets of events
	ties []tie
	v    string // the variable that ? and $ bind
	on   bool   // the condition of &
	name string // of a call
	arg  arg    // of a call
	many bool   // written as a replicated operator
}

var omega = &proc{op: "Ω"}

// subst puts a value in the place of a variable.
func (p *proc) subst(v, value string) *proc {
	q := *p
	if q.ev.arg.v == v {
		q.ev.arg.v = value
	}
	if q.arg.v == v {
		q.arg.v = value
	}
	if p.op == "call" && v == "q" {
		q.name += "@" + value
	}
	if (p.op == "?" || p.op == "$") && p.v == v {
		return &q // bound anew
	}
	q.kids = nil
	for _, kid := range p.kids {
		q.kids = append(q.kids, kid.subst(v, value))
	}
	return &q
}

// key is the process as text: equal processes have equal keys.
func (p *proc) key() string {
	var b strings.Builder
	fmt.Fprintf(&b, "(%s %v %v %v %v %v %v %v", p.op, p.ev, p.sets, p.ties, p.v, p.on, p.name, p.arg)
	for _, kid := range p.kids {
		b.WriteString(kid.key())
	}
	b.WriteString(")")
	return b.String()
}

type edge struct {
	event string
	to    *proc
}

// defs are definitions with one parameter, p: N0@1 is N0 where q is 1.
type defs map[string]*proc

// ons returns which operands are on.
func (p *proc) ons() []int {
	switch p.op {
	case "[]", "[+", "/\\", "/+", "|||", "[|", "[A", "<->":
		all := make([]int, len(p.kids))
		for i := range all {
			all[i] = i
		}
		return all
	case "[>", ";", "throw", "\\", "|\\", "[[", "prioritise":
		return []int{0}
	}
	return nil
}

func (p *proc) with(i int, kid *proc) *proc {
	q := *p
	q.kids = slices.Clone(p.kids)
	q.kids[i] = kid
	return &q
}

// nested returns p, but of the operators that nest to the right, with two
// operands.
func (p *proc) nested() *proc {
	switch {
	case p.op != ";" && p.op != "<->" || len(p.kids) == 2:
		return p
	case len(p.kids) == 0:
		return &proc{op: "SKIP"}
	case len(p.kids) == 1:
		return p.kids[0]
	}
	rest := *p
	rest.kids = p.kids[1:]
	return &proc{op: p.op, ties: p.ties, kids: []*proc{p.kids[0], rest.nested()}}
}

// step returns the transitions of a closed process.
func (d defs) step(p *proc) []edge {
	if q := p.nested(); q != p {
		return d.step(q)
	}
	var out []edge
	add := func(e string, to *proc) { out = append(out, edge{e, to}) }
	does := make([][]edge, len(p.kids))
	for _, i := range p.ons() {
		does[i] = d.step(p.kids[i])
		for _, t := range does[i] {
			if t.event == tau {
				add(tau, p.with(i, t.to))
			}
		}
	}
	visible := func(i int, f func(a string, to *proc)) {
		for _, t := range does[i] {
			if t.event != tau && t.event != tick {
				f(t.event, t.to)
			}
		}
	}
	ticks := func(i int) bool {
		return slices.ContainsFunc(does[i], func(t edge) bool { return t.event == tick })
	}
	stays := func(i int) func(string, *proc) {
		return func(a string, to *proc) { add(a, p.with(i, to)) }
	}
	// together adds all ways in which the operands in who do a.
	together := func(a string, who []int) {
		qs := []*proc{p}
		for _, i := range who {
			var next []*proc
			for _, q := range qs {
				visible(i, func(b string, to *proc) {
					if a == b {
						next = append(next, q.with(i, to))
					}
				})
			}
			qs = next
		}
		for _, q := range qs {
			add(a, q)
		}
	}
	everyone := p.ons()
	allTick := func() {
		for _, i := range everyone {
			if !ticks(i) {
				return
			}
		}
		add(tick, omega)
	}
	in := func(i int, a string) bool { return slices.Contains(p.sets[i], a) }

	switch p.op {
	case "STOP", "Ω":
	case "SKIP":
		add(tick, omega)
	case "DIV":
		add(tau, p)
	case "->":
		add(p.ev.name(), p.kids[0])
	case "?": // the operands are the continuations for 0 and 1
		for i, v := range []string{"0", "1"} {
			add(p.ev.ch+"."+v, p.kids[i].subst(p.v, v))
		}
	case "$":
		for i, v := range []string{"0", "1"} {
			add(tau, &proc{op: "->", ev: event{p.ev.ch, arg{v: v}}, kids: []*proc{p.kids[i].subst(p.v, v)}})
		}
	case "call":
		return d.step(d[p.name].subst("p", p.arg.value()))
	case "RUN":
		for _, a := range p.sets[0] {
			add(a, p)
		}
	case "CHAOS":
		add(tau, &proc{op: "STOP"})
		add(tau, &proc{op: "chaos", sets: p.sets})
	case "chaos":
		for _, a := range p.sets[0] {
			add(a, &proc{op: "CHAOS", sets: p.sets})
		}
	case "|~|":
		for _, kid := range p.kids {
			add(tau, kid)
		}
	case "&":
		if p.on {
			return d.step(p.kids[0])
		}
	case "[]":
		for i := range p.kids {
			for _, t := range does[i] {
				if t.event != tau {
					add(t.event, t.to)
				}
			}
		}
	case "[>":
		for _, t := range does[0] {
			if t.event != tau {
				add(t.event, t.to)
			}
		}
		add(tau, p.kids[1])
	case ";":
		visible(0, stays(0))
		if ticks(0) {
			add(tau, p.kids[1])
		}
	case "/\\":
		visible(0, stays(0))
		if ticks(0) {
			add(tick, omega)
		}
		for _, t := range does[1] {
			if t.event != tau {
				add(t.event, t.to)
			}
		}
	case "throw":
		visible(0, func(a string, to *proc) {
			if in(0, a) {
				add(a, p.kids[1])
			} else {
				add(a, p.with(0, to))
			}
		})
		if ticks(0) {
			add(tick, omega)
		}
	case "\\", "|\\":
		visible(0, func(a string, to *proc) {
			if in(0, a) == (p.op == "\\") {
				a = tau
			}
			add(a, p.with(0, to))
		})
		if ticks(0) {
			add(tick, omega)
		}
	case "prioritise":
		// τ and ✓ are with the first set; what is in no set is not ordered.
		level := func(e string) int {
			for i, s := range p.sets {
				if e == tau || e == tick || slices.Contains(s, e) {
					return i
				}
			}
			return -1
		}
		out = nil // the τ of the operand, too, may give way: to none here
		for _, t := range does[0] {
			beaten := slices.ContainsFunc(does[0], func(u edge) bool { return level(u.event) >= 0 && level(u.event) < level(t.event) })
			switch {
			case beaten:
			case t.event == tick:
				add(tick, omega)
			default:
				add(t.event, p.with(0, t.to))
			}
		}
	case "[[":
		visible(0, func(a string, to *proc) {
			tied := false
			for _, t := range pairs(p.ties) {
				if t.from == a {
					tied = true
					add(t.to, p.with(0, to))
				}
			}
			if !tied {
				add(a, p.with(0, to))
			}
		})
		if ticks(0) {
			add(tick, omega)
		}
	case "|||":
		for i := range p.kids {
			visible(i, stays(i))
		}
		allTick()
	case "[|":
		for i := range p.kids {
			visible(i, func(a string, to *proc) {
				if !in(0, a) {
					add(a, p.with(i, to))
				}
			})
		}
		if len(p.kids) > 0 {
			for _, a := range p.sets[0] {
				together(a, everyone)
			}
		}
		allTick()
	case "[A":
		for _, a := range alphabet {
			var who []int
			for i := range p.kids {
				if in(i, a) {
					who = append(who, i)
				}
			}
			if len(who) > 0 {
				together(a, who)
			}
		}
		allTick()
	case "<->":
		ties := pairs(p.ties)
		visible(0, func(a string, to *proc) {
			tied := false
			for _, t := range ties {
				if t.from == a {
					tied = true
					visible(1, func(b string, to2 *proc) {
						if t.to == b {
							add(tau, p.with(0, to).with(1, to2))
						}
					})
				}
			}
			if !tied {
				add(a, p.with(0, to))
			}
		})
		visible(1, func(b string, to *proc) {
			if !slices.ContainsFunc(ties, func(t tie) bool { return t.to == b }) {
				add(b, p.with(1, to))
			}
		})
		allTick()
	case "[+":
		for i := range p.kids {
			visible(i, func(a string, to *proc) {
				if !in(0, a) {
					add(a, to)
				}
			})
			if ticks(i) {
				add(tick, omega)
			}
		}
		if len(p.kids) > 0 {
			for _, a := range p.sets[0] {
				together(a, everyone)
			}
		}
	case "/+":
		visible(0, func(a string, to *proc) {
			if !in(0, a) {
				add(a, p.with(0, to))
			}
		})
		visible(1, func(a string, to *proc) {
			if !in(0, a) {
				add(a, to)
			}
		})
		if ticks(0) || ticks(1) {
			add(tick, omega)
		}
		for _, a := range p.sets[0] {
			together(a, everyone)
		}
	default:
		panic("the oracle has no rule for " + p.op)
	}
	return out
}

// alphabet is all events; d and e are channels of 0 and 1.
var alphabet = []string{"a", "b", "c", "d.0", "d.1", "e.0", "e.1"}

// pairs returns what ties say, channels extended.
func pairs(ties []tie) []tie {
	var out []tie
	for _, t := range ties {
		if t.from == "d" || t.from == "e" {
			out = append(out, tie{t.from + ".0", t.to + ".0"}, tie{t.from + ".1", t.to + ".1"})
		} else {
			out = append(out, t)
		}
	}
	return out
}

// An lts is an explicit labelled transition system: each state's
// transitions, equal ones once. State 0 is the initial one.
type lts [][]arrow

type arrow struct {
	event string
	to    int
}

// explore returns the states of p, unless there are more than most.
func (d defs) explore(p *proc, most int) (lts, bool) {
	number := map[string]int{p.key(): 0}
	queue := []*proc{p}
	var out lts
	for i := 0; i < len(queue); i++ {
		seen := map[arrow]bool{}
		for _, t := range d.step(queue[i]) {
			k := t.to.key()
			n, ok := number[k]
			if !ok {
				n = len(queue)
				if n == most {
					return nil, false
				}
				number[k] = n
				queue = append(queue, t.to)
			}
			seen[arrow{t.event, n}] = true
		}
		var arrows []arrow
		for a := range seen {
			arrows = append(arrows, a)
		}
		out = append(out, arrows)
	}
	return out, true
}

// bisimilar reports whether the initial states of x and y are strongly
// bisimilar.
func bisimilar(x, y lts) bool {
	all := append(slices.Clone(x), make(lts, len(y))...)
	for i, arrows := range y {
		for _, a := range arrows {
			all[len(x)+i] = append(all[len(x)+i], arrow{a.event, a.to + len(x)})
		}
	}
	block := all.blocks()
	return block[0] == block[len(x)]
}

// quotient returns l with strongly bisimilar states made one.
func (l lts) quotient() lts {
	block := l.blocks()
	var out lts
	for i, arrows := range l {
		if block[i] < len(out) {
			continue // blocks are numbered as they are met
		}
		seen := map[arrow]bool{}
		var one []arrow
		for _, a := range arrows {
			if to := (arrow{a.event, block[a.to]}); !seen[to] {
				seen[to] = true
				one = append(one, to)
			}
		}
		out = append(out, one)
	}
	return out
}

// blocks returns the block of each state, two being in one if they are
// strongly bisimilar: blocks are split until they are stable (Kanellakis,
// Smolka 1990).
func (l lts) blocks() []int {
	events := map[string]uint64{}
	for _, arrows := range l {
		for _, a := range arrows {
			if _, ok := events[a.event]; !ok {
				events[a.event] = uint64(len(events))
			}
		}
	}
	block := make([]int, len(l))
	var key []byte
	for n := 1; ; {
		ids := map[string]int{}
		next := make([]int, len(l))
		for i, arrows := range l {
			var sig []uint64
			for _, a := range arrows {
				sig = append(sig, events[a.event]<<32|uint64(block[a.to]))
			}
			slices.Sort(sig)
			key = binary.AppendUvarint(key[:0], uint64(block[i]))
			for _, x := range slices.Compact(sig) {
				key = binary.AppendUvarint(key, x)
			}
			if _, ok := ids[string(key)]; !ok {
				ids[string(key)] = len(ids)
			}
			next[i] = ids[string(key)]
		}
		block = next
		if len(ids) == n {
			return block
		}
		n = len(ids)
	}
}
