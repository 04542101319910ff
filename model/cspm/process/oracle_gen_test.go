package process_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// Terms are drawn by the operator that is outermost. What comes first here is
// what a failing term shrinks to.
var leaves = []string{"STOP", "SKIP", "->", "->", "->", "->", "?", "DIV", "RUN", "CHAOS", "call", "call"}

var operators = []string{
	"->", "[]", "|~|", ";", "|||", "[|", "\\", "[[", "?", "$", "&", "[>", "/\\", "throw", "|\\", "[A", "<->", "[+", "/+", "prioritise",
}

// A gen draws terms.
type gen struct {
	t *rapid.T
	// scope is the variables that a term may use.
	scope []string
	// guarded says that an event comes first: calls may stand here.
	guarded bool
	// tail says that nothing is left around the term when it is reached; a
	// call in another place can make infinitely many states.
	tail bool
	tags map[string]int // how often each operator was drawn
}

func (g gen) one(label string, from ...string) string {
	return rapid.SampledFrom(from).Draw(g.t, label)
}

func (g gen) upTo(label string, n int) int { return rapid.IntRange(0, n).Draw(g.t, label) }

// set draws a set of events.
func (g gen) set() []string {
	out := []string{}
	bits := rapid.Uint8Range(0, 127).Draw(g.t, "set")
	for i, e := range alphabet {
		if bits>>i&1 == 1 {
			out = append(out, e)
		}
	}
	return out
}

func (g gen) arg() arg {
	return arg{g.one("arg", append([]string{"0", "1"}, g.scope...)...), rapid.Bool().Draw(g.t, "flip")}
}

func (g gen) event() event {
	ch := g.one("event", "a", "b", "c", "d", "e")
	if ch == "d" || ch == "e" {
		return event{ch, g.arg()}
	}
	return event{ch: ch}
}

// after is the generator for what follows an event.
func (g gen) after() gen { g.guarded = true; return g }

// inside is the generator for an operand around which something stays.
func (g gen) inside() gen { g.tail = false; return g }

// bind is the generator with one variable more.
func (g gen) bind(v string) gen {
	g.scope = append(g.scope[:len(g.scope):len(g.scope)], v)
	return g
}

func (g gen) proc(size int) *proc {
	var p *proc
	if size == 0 {
		from := leaves
		if !g.guarded || !g.tail {
			from = from[:len(from)-2]
		}
		p = g.leaf(g.one("leaf", from...))
	} else {
		p = g.operator(g.one("operator", operators...), size-1)
	}
	name := p.op
	if p.many {
		name += "*"
	}
	g.tags[name]++
	return p
}

func (g gen) leaf(op string) *proc {
	p := &proc{op: op}
	switch op {
	case "->":
		p.ev, p.kids = g.event(), []*proc{g.after().word()}
	case "?":
		p.ev.ch, p.v = g.channel()
		x := g.after().bind(p.v)
		p.kids = []*proc{x.word(), x.word()}
	case "RUN", "CHAOS":
		p.sets = [][]string{g.set()}
	case "call":
		p.name, p.arg = g.one("name", "N0", "N1"), g.arg()
	}
	return p
}

// word draws STOP, SKIP or, where it may stand, a call.
func (g gen) word() *proc {
	op := g.one("word", "STOP", "SKIP", "call", "call")
	if op == "call" && !g.tail {
		op = "SKIP"
	}
	return g.leaf(op)
}

// channel draws the channel of an input, and names its variable.
func (g gen) channel() (ch, v string) {
	return g.one("channel", "d", "e"), fmt.Sprintf("x%d", len(g.scope))
}

func (g gen) operator(op string, size int) *proc {
	p := &proc{op: op}
	smaller := func(g gen) *proc { return g.proc(rapid.SampledFrom([]int{0, size, size, size}).Draw(g.t, "size")) }
	in, after := g.inside(), g.after()
	binary := func(x, y gen) { p.kids = []*proc{smaller(x), smaller(y)} }
	replicated := func(least int) {
		p.many = g.upTo("replicated", 3) == 3
		n := 2
		if p.many {
			n = max(least, g.upTo("operands", 3))
		}
		each := in
		switch op {
		case "[]":
			each = g
		case "|~|":
			each = g // its operands start by τ only: a call is no guard against recursion
		}
		for i := range n {
			x := each
			if op == ";" && i == n-1 {
				x = g
			}
			p.kids = append(p.kids, smaller(x))
		}
	}
	switch op {
	case "->":
		p.ev, p.kids = g.event(), []*proc{smaller(after)}
	case "?", "$":
		p.ev.ch, p.v = g.channel()
		x := after.bind(p.v)
		binary(x, x)
	case "&":
		p.on, p.kids = rapid.Bool().Draw(g.t, "condition"), []*proc{smaller(g)}
	case "[]", "|||", ";":
		replicated(0)
	case "|~|":
		replicated(1)
	case "[>":
		binary(in, g)
	case "/\\":
		binary(in, in)
	case "throw":
		binary(in, after)
		p.sets = [][]string{g.set()}
	case "\\", "|\\":
		p.kids, p.sets = []*proc{smaller(in)}, [][]string{g.set()}
	case "prioritise":
		p.kids = []*proc{smaller(in)}
		for range 1 + g.upTo("levels", 2) {
			p.sets = append(p.sets, g.set())
		}
	case "[[":
		p.kids = []*proc{smaller(in)}
		for range g.upTo("ties", 3) {
			p.ties = append(p.ties, g.renaming())
		}
		if len(p.ties) == 0 {
			p.ties = []tie{{"a", "a"}}
		}
	case "[|", "[+":
		replicated(0)
		p.sets = [][]string{g.set()}
	case "/+":
		binary(in, in)
		p.sets = [][]string{g.set()}
	case "[A":
		replicated(0)
		for range p.kids {
			p.sets = append(p.sets, g.set())
		}
	case "<->":
		replicated(1)
		p.ties = g.links()
	}
	return p
}

func (g gen) renaming() tie {
	if rapid.Bool().Draw(g.t, "channels") {
		return tie{g.one("from", "d", "e"), g.one("to", "d", "e")}
	}
	return tie{g.one("from", alphabet...), g.one("to", alphabet...)}
}

// links draws ties in which nothing occurs twice on one side.
func (g gen) links() []tie {
	var out []tie
	for _, side := range [][]string{{"a", "b", "c"}, {"d", "e"}} {
		to := rapid.Permutation(side).Draw(g.t, "links")
		for i, from := range side {
			if rapid.Bool().Draw(g.t, "linked") {
				out = append(out, tie{from, to[i]})
			}
		}
	}
	if len(out) == 0 {
		out = []tie{{"a", "b"}}
	}
	return out
}

// A program is two definitions and a process in their scope, in which q is
// free.
type program struct {
	defs defs
	main *proc
	let  bool // the definitions are those of a let
	tags map[string]int
}

// drawProgram draws a program of the given size.
func drawProgram(t *rapid.T, size int) program {
	g := gen{t: t, scope: []string{"q"}, tail: true, guarded: true, tags: map[string]int{}}
	pr := program{defs: defs{}, tags: g.tags}
	pr.main = g.proc(size)
	g.guarded = false
	for _, n := range []string{"N0", "N1"} {
		pr.defs[n] = g.bind("p").proc(g.upTo("size", 2))
	}
	pr.let = rapid.Bool().Draw(t, "let")
	return pr
}

// closed returns the definitions and the process MAIN(0) |~| MAIN(1): in one
// space of states, the same text stands for different processes.
func (pr program) closed() (defs, *proc) {
	d, main := defs{}, &proc{op: "|~|"}
	for _, q := range []string{"0", "1"} {
		for n, p := range pr.defs {
			d[n+"@"+q] = p.subst("q", q)
		}
		main.kids = append(main.kids, pr.main.subst("q", q))
	}
	return d, main
}

const both = "MAIN(0) |~| MAIN(1)"

// channels is what comes first in a script.
const channels = "external prioritise\nchannel a, b, c\nchannel d, e : {0..1}\n"

// text is the program as a script.
func (pr program) text() string {
	n0, n1, main := pr.defs["N0"].text(), pr.defs["N1"].text(), pr.main.text()
	if pr.let {
		return fmt.Sprintf("%sMAIN(q) = let\n  N0(p) = %s\n  N1(p) = %s\nwithin %s\n", channels, n0, n1, main)
	}
	calls := strings.NewReplacer("N0(", "N0(q)(", "N1(", "N1(q)(")
	return channels + calls.Replace(fmt.Sprintf("N0(p) = %s\nN1(p) = %s\nMAIN(q) = %s\n", n0, n1, main))
}

func (a arg) text() string {
	if a.flip {
		return "(1-" + a.v + ")"
	}
	return a.v
}

func set(es []string) string { return "{" + strings.Join(es, ", ") + "}" }

// text is the process as CSPM, in parentheses if it is no word.
func (p *proc) text() string {
	switch p.op {
	case "STOP", "SKIP", "DIV":
		return p.op
	}
	return "(" + p.bare() + ")"
}

func (p *proc) bare() string {
	kid := func(i int) string { return p.kids[i].text() }
	infix := func(op string) string { return kid(0) + " " + op + " " + kid(1) }
	ties := func(arrow string) string {
		var out []string
		for _, t := range p.ties {
			out = append(out, t.from+" "+arrow+" "+t.to)
		}
		return strings.Join(out, ", ")
	}
	if p.many {
		return p.replicated(ties("<->"))
	}
	switch p.op {
	case "->":
		e := p.ev.ch
		if p.ev.arg.v != "" {
			e += "!" + p.ev.arg.text()
		}
		return e + " -> " + kid(0)
	case "?", "$":
		return fmt.Sprintf("%s%s%s -> if %s == 0 then %s else %s", p.ev.ch, p.op, p.v, p.v, kid(0), kid(1))
	case "call":
		return p.name + "(" + p.arg.text() + ")"
	case "RUN", "CHAOS":
		return p.op + "(" + set(p.sets[0]) + ")"
	case "&":
		return fmt.Sprint(p.on, " & ", kid(0))
	case "[]", "|||": // a chain needs no parentheses on its left
		left := kid(0)
		if p.kids[0].op == p.op && !p.kids[0].many {
			left = p.kids[0].bare()
		}
		return left + " " + p.op + " " + kid(1)
	case "|~|", "[>", ";", "/\\":
		return infix(p.op)
	case "throw":
		return infix("[| " + set(p.sets[0]) + " |>")
	case "\\", "|\\":
		return kid(0) + " " + p.op + " " + set(p.sets[0])
	case "prioritise":
		var levels []string
		for _, s := range p.sets {
			levels = append(levels, set(s))
		}
		return "prioritise(" + kid(0) + ", <" + strings.Join(levels, ", ") + ">)"
	case "[[":
		return kid(0) + "[[" + ties("<-") + "]]"
	case "[|":
		return infix("[| " + set(p.sets[0]) + " |]")
	case "[A":
		return infix("[ " + set(p.sets[0]) + " || " + set(p.sets[1]) + " ]")
	case "<->":
		return infix("[ " + ties("<->") + " ]")
	case "[+":
		return infix("[+ " + set(p.sets[0]) + " +]")
	case "/+":
		return infix("/+ " + set(p.sets[0]) + " +\\")
	}
	panic("no text for " + p.op)
}

// replicated is the process as a replicated operator over i.
func (p *proc) replicated(ties string) string {
	var numbers, bodies, sets []string
	for i, kid := range p.kids {
		numbers = append(numbers, fmt.Sprint(i))
		bodies = append(bodies, kid.text())
		if p.op == "[A" {
			sets = append(sets, set(p.sets[i]))
		}
	}
	stmts := "i : {" + strings.Join(numbers, ", ") + "} @ "
	switch p.op {
	case ";", "<->":
		stmts = "i : <" + strings.Join(numbers, ", ") + "> @ "
	}
	body := cases(bodies, "STOP")
	switch p.op {
	case "[|":
		return "[| " + set(p.sets[0]) + " |] " + stmts + body
	case "[+":
		return "[+ " + set(p.sets[0]) + " +] " + stmts + body
	case "[A":
		return "|| " + stmts + "[" + cases(sets, "{}") + "] " + body
	case "<->":
		return "[" + ties + "] " + stmts + body
	}
	return p.op + " " + stmts + body
}

// cases picks the i-th text.
func cases(texts []string, none string) string {
	if len(texts) == 0 {
		return none
	}
	out := texts[len(texts)-1]
	for i := len(texts) - 2; i >= 0; i-- {
		out = fmt.Sprintf("(if i == %d then %s else %s)", i, texts[i], out)
	}
	return out
}
