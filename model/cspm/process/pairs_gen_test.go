package process_test

import (
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// A pair of programs, the specification's and the implementation's.
type pair struct{ spec, impl program }

// drawPair draws a pair. Of six pairs one is of two strangers, who rarely
// refine each other. In the others one program is the other after one to
// three changes, so that refinements hold often, and fail late.
func drawPair(t *rapid.T) pair {
	size := func() int { return rapid.SampledFrom([]int{1, 2, 2, 3, 3, 4}).Draw(t, "size") }
	one := drawProgram(t, size())
	kinship := rapid.SampledFrom([]string{"strangers", "impl is changed", "impl is changed", "impl is changed", "spec is changed", "spec is changed"}).Draw(t, "kinship")
	if kinship == "strangers" {
		return pair{one, drawProgram(t, size())}
	}
	two := one
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		two = change(t, two)
	}
	if kinship == "spec is changed" {
		return pair{two, one}
	}
	return pair{one, two}
}

// change changes one place of a program, mostly of its main process. Some
// changes keep what it denotes, some take from it, some add to it.
func change(t *rapid.T, pr program) program {
	out := pr
	out.defs = maps.Clone(pr.defs)
	if rapid.IntRange(0, 3).Draw(t, "where") == 0 {
		n := rapid.SampledFrom([]string{"N0", "N1"}).Draw(t, "definition")
		out.defs[n] = changeOne(t, pr.defs[n])
	} else {
		out.main = changeOne(t, pr.main)
	}
	return out
}

// changeOne changes one process in p, which may be p.
func changeOne(t *rapid.T, p *proc) *proc {
	n := rapid.IntRange(0, p.size()-1).Draw(t, "place")
	return p.replace(&n, func(p *proc) *proc { return changed(t, p) })
}

// size is how many processes there are in p.
func (p *proc) size() int {
	n := 1
	for _, kid := range p.kids {
		n += kid.size()
	}
	return n
}

// replace returns p with f of its n-th process in place of that.
func (p *proc) replace(n *int, f func(*proc) *proc) *proc {
	if *n--; *n < 0 {
		return f(p)
	}
	for i, kid := range p.kids {
		if q := kid.replace(n, f); *n < 0 {
			return p.with(i, q)
		}
	}
	return p
}

// changed returns another process in the place of p. It keeps to where p
// stands: an operand that comes first still does.
func changed(t *rapid.T, p *proc) *proc {
	pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "change") }
	as := func(op string) *proc { q := *p; q.op = op; return &q }
	leaf := func() *proc {
		return &proc{op: pick("STOP", "SKIP", "DIV", "RUN", "CHAOS"), sets: [][]string{drawSet(t)}}
	}
	some := []string{"leaf", "choice", "choice", "hide", "delay"}
	switch p.op {
	case "|~|", "[]", "[>":
		some = append(some, "operand", "operand", "operator", "operator", "operator")
	case "->":
		some = append(some, "event", "event", "operand")
	case "?", "$":
		some = append(some, "operator", "operator", "channel")
	case "RUN", "CHAOS":
		some = append(some, "operator", "set", "set")
	case "\\", "|\\", "[|", "throw", "[+", "/+", "[A", "prioritise":
		some = append(some, "set", "set", "set")
	case "/\\", "|||", ";":
		some = append(some, "operator")
	case "&":
		some = append(some, "condition")
	}
	switch what := pick(some...); what {
	case "leaf":
		return leaf()
	case "choice":
		kids := []*proc{p, leaf()}
		if rapid.Bool().Draw(t, "first") {
			slices.Reverse(kids)
		}
		return &proc{op: pick("|~|", "[]"), kids: kids}
	case "hide":
		if !p.calls() {
			return &proc{op: "\\", kids: []*proc{p}, sets: [][]string{{pick(alphabet...)}}}
		}
	case "delay":
		return &proc{op: "|~|", kids: []*proc{p}, many: true}
	case "operand":
		if len(p.kids) > 0 && p.op != "->" {
			return p.kids[rapid.IntRange(0, len(p.kids)-1).Draw(t, "operand")]
		}
	case "event":
		q := *p
		q.ev = event{ch: pick("a", "b", "c")}
		return &q
	case "channel":
		q := *p
		q.ev.ch = pick("d", "e")
		return &q
	case "condition":
		q := *p
		q.on = !p.on
		return &q
	case "set":
		q := *p
		q.sets = slices.Clone(p.sets)
		if len(q.sets) > 0 {
			i := rapid.IntRange(0, len(q.sets)-1).Draw(t, "which")
			q.sets[i] = drawSet(t)
			if p.op == "prioritise" { // no event on two levels
				q.sets = [][]string{{}, q.sets[i]}
			}
		}
		return &q
	case "operator":
		switch p.op {
		case "|~|":
			return as("[]")
		case "[]":
			if len(p.kids) > 0 {
				return as("|~|")
			}
		case "[>":
			return as("|~|")
		case "?":
			return as("$")
		case "$":
			return as("?")
		case "RUN":
			return as("CHAOS")
		case "CHAOS":
			return as("RUN")
		case "/\\":
			return as("[]")
		case "|||", ";":
			if len(p.kids) > 0 {
				return as("[]")
			}
		}
	}
	return p
}

// calls reports whether there is a call in p.
func (p *proc) calls() bool {
	return p.op == "call" || slices.ContainsFunc(p.kids, (*proc).calls)
}

func drawSet(t *rapid.T) []string {
	out := []string{}
	bits := rapid.Uint8Range(0, 127).Draw(t, "set")
	for i, e := range alphabet {
		if bits>>i&1 == 1 {
			out = append(out, e)
		}
	}
	return out
}

// closedAt0 returns the definitions and the process MAIN(0).
func (pr program) closedAt0() (defs, *proc) {
	d := defs{}
	for n, p := range pr.defs {
		d[n+"@0"] = p.subst("q", "0")
	}
	return d, pr.main.subst("q", "0")
}

// named is the definitions of a program, whose process is called name, for a
// script of many.
func (pr program) named(name string) string {
	text := strings.TrimPrefix(pr.text(), channels)
	return strings.NewReplacer("MAIN(q)", name+"(q)", "N0(", name+"_N0(", "N1(", name+"_N1(").Replace(text)
}
