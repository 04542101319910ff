package syntax

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/hbollon/go-edlib"
)

// describe names a token for a message.
func (p *parser) describe(t token) string {
	switch {
	case t.kind == tEOF:
		return "the end of the text"
	case t.nl:
		return "a new line"
	}
	text := p.textOf(t)
	if len(text) > 30 {
		return fmt.Sprintf("`%s…`", strings.ToValidUTF8(string(text[:30]), ""))
	}
	return fmt.Sprintf("`%s`", text)
}

// unexpected fails at the next token. What comes before its name is given.
func (p *parser) unexpected(format string, args ...any) {
	p.brokenOff()
	msg := fmt.Sprintf(format, args...) + " " + p.describe(p.tok)
	hint := p.hint()
	note := Note{}
	if n := len(p.open); n > 0 && p.tok.kind == tEOF {
		note = p.openNote()
	}
	p.failNote(p.here(hint), note, hint, "%s", msg)
}

// here returns the place of the next token, or, where nothing stands and no
// hint is about that token, the end of the one before.
func (p *parser) here(hint string) Span {
	if p.tok.kind == tEOF || p.tok.nl && (hint == "" || p.prev.kind == tGt) {
		return p.span(int(p.prev.end), int(p.prev.end))
	}
	return p.spanOf(p.tok)
}

// brokenOff fails if the next token is the "=" or "::" of a declaration that
// the one being read has run into, or its keyword: then that one is
// unfinished.
func (p *parser) brokenOff() {
	begins := p.ranInto() && p.headed() || p.tok.raw && p.tok.kind.beginsDecl()
	if begins &&
		kinds[p.lineAfter.kind].after && p.lineAfter.kind != tEOF && !p.lineAfter.kind.beginsDecl() {
		note := Note{}
		if n := len(p.open); n > 0 && p.open[n-1].start < p.lineAfter.start {
			note = p.openNote()
		}
		p.failNote(p.spanOf(p.lineAfter), note, "finish it here, or take the operator away",
			"nothing follows %s: the next line begins another declaration", p.describe(p.lineAfter))
	}
}

// openNote points at the innermost bracket that is open.
func (p *parser) openNote() Note {
	t := p.open[len(p.open)-1]
	return Note{p.spanOf(t), p.bare(t) + " is opened here and not closed"}
}

// ranInto tells whether the next token is the "=" or "::" of a line, below the
// first of the declaration being read, that can begin a declaration itself.
func (p *parser) ranInto() bool {
	return (p.tok.kind == tAssign || p.tok.kind == tColons) && p.line.kind == tIdent &&
		p.line.start > p.first.start && p.line.col <= p.first.col
}

// headed tells whether nothing but a name, perhaps with arguments, stands on
// the line before the next token.
func (p *parser) headed() bool {
	before := strings.TrimLeft(string(p.src[p.line.end:p.tok.start]), " \t")
	return before == "" || before[0] == '(' && p.prev.kind == tRParen
}

// hint says what is probably meant where the next token cannot stand.
func (p *parser) hint() string {
	t, prev := p.tok, p.prev
	adjacent := prev.end == t.start
	prevText := string(p.textOf(prev))
	switch {
	case prev.end < t.start && loneCR(p.src[prev.end:t.start]):
		return "a carriage return alone ends no line: save the file with line ends of LF, or of CRLF"
	case t.kind == tIdent && foreignWords[prevText] && p.first.start == prev.start:
		return "a definition begins with its name: " + string(p.textOf(t)) + " = …"
	case (t.kind == tDiv || t.kind == tTimes) && p.peekIs(t, tDiv, tTimes), prev.kind == tDiv && (t.kind == tDiv || t.kind == tTimes) && adjacent:
		return "a comment begins with --, or stands between {- and -}"
	case t.kind == tIdent && string(p.textOf(t)) == "where":
		return "local definitions stand before what uses them: let x = 3 within …"
	case t.kind == tIdent && adjacent && prev.kind == tInt:
		return "a name begins with a letter"
	case t.kind == tIdent && adjacent && prev.kind == tIdent && strings.HasSuffix(prevText, "'"):
		return "primes stand only at the end of a name"
	case adjacent && prev.kind == tWild && (t.kind == tIdent || t.kind == tInt || t.kind == tWild):
		return "a name begins with a letter, not with an underscore"
	case prev.kind == tLParen && adjacent && strings.HasPrefix(string(p.textOf(t)), "|"):
		return "the bracket `(|` of a map needs a blank after it"
	case prev.kind == tGt && p.seqEnd.end == prev.end && t.kind.beginsOperand() && !t.nl:
		return "a `>` inside < > closes the sequence: write (k > 3)"
	case !t.raw && kinds[prev.kind].after && (t.kind.beginsDecl() || t.kind == kwExports || t.kind == kwEndmodule):
		return fmt.Sprintf("%s is a keyword, which cannot be a name", p.bare(t))
	case t.nl && continues(t.kind) != "":
		return continues(t.kind)
	case t.nl && prev.kind == tGt:
		return "`>` cannot end a line: put it at the start of the next one"
	case t.raw && kinds[t.kind].before && (t.kind.beginsOperand() || t.kind == kwThen || t.kind == kwElse || t.kind == kwWithin):
		return fmt.Sprintf("a line that begins with %s goes on with the line before", p.bare(t))
	case prev.kind == tWild && t.raw:
		return "`_` is only for patterns; here it goes on with the next line"
	case prev.kind == tComma && t.kind != tEOF && kinds[t.kind].before && !kinds[t.kind].after:
		return "take the last comma away"
	case t.kind == tGets && p.peek().kind == tInt:
		return "`<-` is one symbol: write `< -`"
	case t.kind == tAmp && prev.kind == tAmp:
		return "the boolean operator is `and`"
	case t.kind == tParallel:
		return "the boolean operator is `or`; a parallel is written P [A || B] Q or || x:S @ [A] P"
	case t.kind == tBang:
		return "the boolean operator is `not`; an output field stands after a channel, before `->`"
	case t.kind == tAssign && prev.kind == tLBracket:
		return "a refinement is written [T=, [F= or [FD="
	case t.kind == tAssign:
		return "equality is `==`"
	case t.kind == tThrow || t.kind == tRSync || t.kind == tRSyncInt:
		return fmt.Sprintf("nothing is open that %s closes", p.bare(t))
	case t.kind == tIdent && string(p.textOf(t)) == "in" && p.lets > 0:
		return "`let` goes with `within`"
	case t.kind == tBar:
		return "a choice is written [], or |~|"
	case t.kind == tDotable:
		return "a prefix is written ->"
	case t.kind == tColon && p.peekIs(t, tAssign, tAssign):
		return "a definition is written with ="
	case t.kind == tColons:
		return "a type annotation stands on its own line: f :: (Int) -> Int; a qualified name has no blanks: M::f"
	}
	return ""
}

// foreignWords begin definitions in other languages.
var foreignWords = map[string]bool{"process": true, "proc": true, "def": true, "define": true, "val": true, "var": true, "const": true, "function": true}

// loneCR tells whether a carriage return that no newline follows is in blanks.
func loneCR(blanks []byte) bool {
	return bytes.IndexByte(blanks, '\r') >= 0 && bytes.IndexByte(blanks, '\n') < 0
}

// peekIs tells whether the token right behind t is one of two kinds.
func (p *parser) peekIs(t token, a, b kind) bool {
	next := p.peek()
	return next.start == t.end && (next.kind == a || next.kind == b)
}

// continues says what to do about a token that a line begins with and that
// was probably meant to go on with the line before.
func continues(k kind) string {
	switch k {
	case tMinus, tLength, tLt:
		return fmt.Sprintf("`%s` cannot continue a line: put it at the end of the line before", kinds[k].text)
	case tLParen:
		return "an argument list begins on the line of its function"
	}
	return ""
}

func (p *parser) bare(t token) string { return fmt.Sprintf("`%s`", p.textOf(t)) }

// unclosed fails because the innermost bracket is not closed with k here.
func (p *parser) unclosed(k kind) {
	p.brokenOff()
	opener := p.open[len(p.open)-1]
	note := Note{p.spanOf(opener), fmt.Sprintf("%s is opened here", p.bare(opener))}
	hint := p.closeHint(k)
	if p.tok.kind == tEOF || p.tok.nl {
		p.failNote(p.here(hint), note, hint, "unclosed %s: `%s` is missing before %s",
			p.bare(opener), kinds[k].text, p.describe(p.tok))
	}
	p.failNote(p.spanOf(p.tok), note, hint, "unclosed %s: `%s` does not belong here, where `%s` or an operator could stand",
		p.bare(opener), p.textOf(p.tok), kinds[k].text)
}

func (p *parser) closeHint(k kind) string {
	if h := p.hint(); h != "" {
		return h
	}
	if p.tok.kind == tREnum && k == tRBrace {
		return "blanks between `|` and `}`, or {| … |} on both sides"
	}
	return ""
}

// The longest name for which a similar one is looked for.
const maxMissed = 64

// NearMiss returns the word that name is probably a misspelling of, or "" if
// none is close: the closest, the first of them. Two letters that have changed
// places are one mistake, as one letter too many, too few, or wrong is.
func NearMiss(name string, words ...string) string {
	if len(name) > maxMissed {
		return ""
	}
	best, bestDist := "", 1+min(2, len(name)/3)
	for _, w := range words {
		if d := len(w) - len(name); d >= bestDist || -d >= bestDist {
			continue
		}
		if d := edlib.OSADamerauLevenshteinDistance(name, w); d < bestDist {
			best, bestDist = w, d
		}
	}
	return best
}

// resync skips to where a declaration can begin after one, begun at first,
// that could not be read. end says that the list ends before the next token.
func (p *parser) resync(first token, end func(kind) bool) {
	// The declaration ran into the next one: go back to where that begins.
	if p.first = first; p.ranInto() {
		p.tok, p.off = p.line, int(p.line.end)
		p.lineStart = int(p.line.start - p.line.col + 1)
		p.prev = token{}
	}
	for p.tok.kind != tEOF {
		if p.tok.start > first.start && p.tok.raw {
			switch k := p.tok.kind; {
			case k.beginsDecl(), k == kwEndmodule, k == kwExports, k == tRBrace && end(k):
				return
			case p.tok.col <= first.col && (k == tIdent || k == tQual || k == tLParen || k == tLBrace || k == tLt || k == tMinus):
				return
			}
		}
		p.next()
	}
}

// skip notes that text was given up. The spans are kept in order and apart.
func (p *parser) skip(s Span) {
	n := len(p.skipped)
	for n > 0 && p.skipped[n-1].Start >= s.Start {
		n--
	}
	p.skipped = append(p.skipped[:n], s)
}
