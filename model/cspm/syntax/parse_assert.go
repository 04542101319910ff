package syntax

import (
	"bytes"
	"strings"
)

// assert reads an assertion:
//
//	assert [not] P [T= Q options
//	assert [not] P :[question] options
//	--! assert [not] P :[question]: operand options
func (p *parser) assert() Decl {
	start := p.tok
	p.next()
	a := &Assert{}
	if p.got(kwNot) {
		a.Not = true
	}
	operand := p.whole()
	switch {
	case p.is(tRefines):
		text := p.textOf(p.tok)
		a.Kind, a.Model, a.Spec = Refines, Model(text[1:len(text)-1]), operand
		p.next()
		a.Impl = p.whole()
	case p.is(tColonBracket):
		a.Impl = operand
		p.question(a)
	default:
		fix := p.hint()
		if fix == "" {
			fix = "write assert P [T= Q, or assert P :[deadlock free]"
		}
		p.fail(p.here(p.hint()), fix, "an assertion needs a question before %s", p.describe(p.tok))
	}
	tau, reduce := false, false
	for p.is(tColonBracket) {
		prop := p.property()
		once := func(seen *bool) {
			if *seen {
				p.errorf(prop.span, "", "this option stands here twice")
			}
			*seen = true
		}
		switch prop.phrase {
		case "tau priority", "tau priority over":
			once(&tau)
			a.TauPriority = p.whole()
		case "partial order reduce":
			once(&reduce)
			a.Reduce = "default"
			if prop.arg != "" {
				a.Reduce = prop.arg
			}
		default:
			p.fail(prop.span, "", "an assertion asks one question: %s is another one", prop.phrase)
		}
	}
	a.Span = p.from(start)
	p.asserts = append(p.asserts, a)
	return a
}

// question reads :[deadlock free] and its like.
func (p *parser) question(a *Assert) {
	prop := p.property()
	a.Model = Model(prop.arg)
	switch prop.phrase {
	case "deadlock free", "deadlock-free":
		a.Kind = DeadlockFree
	case "livelock free", "livelock-free", "divergence free", "divergence-free":
		a.Kind = DivergenceFree
	case "deterministic":
		a.Kind = Deterministic
	case "has trace":
		a.Kind = HasTrace
		if !p.is(tLt) {
			p.unexpected("a list of events, <a, b>, is missing before")
		}
		e := p.atom()
		list, ok := e.(*List)
		switch {
		case !ok || list.Comp:
			p.fail(e.At(), "write :[has trace]: <a, b>", "the trace is a list of events")
		case len(list.Elems) == 0:
			p.fail(e.At(), "name an event", "the trace is empty: every process has it")
		}
		a.Trace = list.Elems
	case string(StarvationFree):
		a.Model, a.Fairness = NoModel, prop.arg
		p.extra(a, prop)
	case string(RaceFree), string(NeverStuck), string(NoLeak), string(NoPanic), string(BoundedBypass), string(NoLostNotification):
		p.extra(a, prop)
	default:
		p.fail(prop.span, "ask a question first: :[deadlock free], or [T= Q", "%s is only an option of an assertion", prop.phrase)
	}
	if a.Model == "T" && (a.Kind == DeadlockFree || a.Kind == Deterministic) {
		p.fail(prop.span, "write [F] or [FD]", "traces do not tell whether a process is %s", a.Kind)
	}
}

// operands says what the questions that stand in comments are about.
var operands = map[string]string{
	string(RaceFree):   "a set of pairs (reads, writes), such as {({|x.read|}, {|x.write|})}",
	string(NeverStuck): "a sequence of processes, such as <PHIL(0), PHIL(1)>",
	string(NoLeak):     "the main process",
	string(NoPanic):    "a set of events",

	string(StarvationFree):     "a sequence of processes, such as <PHIL(0), PHIL(1)>",
	string(BoundedBypass):      "a sequence of processes, a set of events and how often, such as (<PHIL(0), PHIL(1)>, {|lock|}, 2)",
	string(NoLostNotification): "a set of triples (in vain, wait, end), such as {({|m.lost|}, {m.wait.1}, {m.woken.1})}",
}

// extra reads the operand of a question that only comments ask.
func (p *parser) extra(a *Assert, prop property) {
	a.Kind = AssertKind(prop.phrase)
	switch {
	case !p.pragma:
		p.fail(prop.span, "write it in a comment: --! assert P :["+prop.phrase+"]", "other tools do not know the question %s", prop.phrase)
	case prop.colon:
		a.Operand = p.whole()
		if _, ok := a.Operand.(*Tuple); a.Kind == BoundedBypass && (!ok || len(a.Operand.(*Tuple).Elems) != 3) {
			p.fail(a.Operand.At(), "write :["+prop.phrase+"]: (tasks, events, bound)", "the question %s is about %s", prop.phrase, operands[prop.phrase])
		}
	case a.Kind != NeverStuck && a.Kind != StarvationFree:
		p.fail(prop.span, "write :["+prop.phrase+"]: and "+operands[prop.phrase], "the question %s needs an operand", prop.phrase)
	}
}

// A property is what stands in :[ ... ].
type property struct {
	span   Span
	phrase string
	arg    string // between the inner brackets, or ""
	colon  bool   // a colon follows the bracket
}

// The phrases, longer ones first where one begins with another. They have
// exactly one blank or hyphen between words.
var phrases = []string{
	"deadlock free", "deadlock-free", "livelock free", "livelock-free", "divergence free", "divergence-free",
	"deterministic", "has trace", "tau priority over", "tau priority", "partial order reduce",
	string(RaceFree), string(NeverStuck), string(NoLeak), string(NoPanic), string(StarvationFree), string(BoundedBypass), string(NoLostNotification),
}

// property reads what begins with the next token, ":[". Its text has tokens
// of its own: ]] is two brackets, and the last bracket absorbs no newline.
func (p *parser) property() property {
	open := p.tok
	prop := property{}
	p.blanks()
	from := p.off
	rest := p.src[p.off:]
	for _, ph := range phrases {
		if bytes.HasPrefix(rest, []byte(ph)) && (len(rest) == len(ph) || !inName(rest[len(ph)])) {
			prop.phrase = ph
			p.off += len(ph)
			break
		}
	}
	if prop.phrase == "" {
		p.noPhrase(from)
	}
	if p.inner('[') {
		p.blanks()
		argFrom := p.off
		for inName(p.peekByte(0)) {
			p.off++
		}
		prop.arg = string(p.src[argFrom:p.off])
		ok := validModel(prop.arg)
		what := "there is no model %s"
		fix := "write [F] or [FD]"
		switch prop.phrase {
		case "partial order reduce":
			ok = prop.arg == "hybrid" || prop.arg == "precise" || prop.arg == "fast"
			what, fix = "there is no mode %s", "write [hybrid], [precise] or [fast]"
		case "tau priority", "tau priority over":
			ok = false
			what, fix = "this option takes no mode: %s", "the set of events follows the bracket"
		case string(StarvationFree):
			ok = prop.arg == "weak" || prop.arg == "strong"
			what, fix = "there is no fairness %s", "write [weak] or [strong], or nothing"
		case string(RaceFree), string(NeverStuck), string(NoLeak), string(NoPanic), string(BoundedBypass), string(NoLostNotification):
			ok = false
			what, fix = "this question is asked in no model: %s", "take it away"
		}
		if !ok {
			p.fail(p.span(argFrom, p.off), fix, what, "["+prop.arg+"]")
		}
		if !p.closed() {
			p.fail(p.span(p.off, p.off), "", "`]` is missing after [%s", prop.arg)
		}
	}
	if !p.closed() {
		p.failNote(p.span(p.off, p.off), Note{p.spanOf(open), "`:[` is opened here"}, "", "`]` is missing after %q", prop.phrase)
	}
	end := p.off
	if prop.phrase == "has trace" || strings.HasPrefix(prop.phrase, "tau") || operands[prop.phrase] != "" {
		i := p.off
		for i < len(p.src) && (p.src[i] == ' ' || p.src[i] == '\t') {
			i++
		}
		if i < len(p.src) && p.src[i] == ':' && (i+1 == len(p.src) || p.src[i+1] != '[') {
			p.off = i + 1
			end = p.off
			prop.colon = true
		}
	}
	prop.span = p.span(int(open.start), end)
	p.tok = token{kind: tProperty, start: open.start, end: int32(end)}
	p.next()
	return prop
}

// inner skips blanks and the given byte, if it is next, or nothing.
func (p *parser) inner(c byte) bool {
	off, line := p.off, p.lineStart
	p.blanks()
	if p.peekByte(0) == c {
		p.off++
		return true
	}
	if !p.stopped {
		p.off, p.lineStart = off, line
	}
	return false
}

func (p *parser) closed() bool { return p.inner(']') }

// noPhrase fails at a property that is none.
func (p *parser) noPhrase(from int) {
	to := from
	for to < len(p.src) && to-from < 40 && bytes.IndexByte([]byte("[]\n\r"), p.src[to]) < 0 {
		to++
	}
	found := strings.TrimRight(string(p.src[from:to]), " \t")
	fix := "the questions are deadlock free, divergence free, deterministic and has trace, " +
		"the options tau priority and partial order reduce"
	if p.pragma {
		fix = "the questions in comments are race free, never stuck, no leak, no panic, starvation free, bounded bypass and no lost notification, " +
			"besides deadlock free, " +
			"divergence free, deterministic and has trace"
	}
	if w := NearMiss(strings.Join(strings.Fields(found), " "), phrases...); w != "" {
		fix = "did you mean `" + w + "`? One blank stands between the words"
	}
	p.fail(p.span(from, from+len(found)), fix, "there is no assertion `:[%s]`", strings.ToValidUTF8(found, "\uFFFD"))
}
