package format

import (
	"bytes"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A tok is a token with what stands before it, and where it may stand.
type tok struct {
	syntax.Token
	text   string
	notes  []note // the comments before it, behind the token before
	lines  int    // newlines between it and what stands before it
	line   int    // of the source, on which it stands
	srcCol int    // where it stands there

	hang     hang // where it stands if a line begins with it
	noteHang hang // where comments before it stand on lines of their own; unset: as it does

	// Whether it stands directly beside its neighbours on a line.
	tightLeft, tightRight bool

	// pad > 0: it stands at least that far behind the beginning of the
	// declaration, the token padFrom.
	pad, padFrom int

	// rank > 0: a line may be broken before it, and before one of a higher
	// rank only if this does not help. Where it is broken before a token with a
	// chain, it is broken before all others with the same.
	rank  int
	chain *chain
}

// A chain is the operators of one level in an expression.
type chain struct{ broken bool }

// A note is a comment.
type note struct {
	text   string
	lines  int // newlines between it and what stands before it
	srcCol int
	blanks int // columns between it and what stands before it on its line
}

// wraps tells whether a newline may be put before t where none was: it must not
// end a declaration.
func wraps(before, t *tok) bool { return before.JoinsAfter() || t.JoinsBefore() }

// tabs is the distance of tab stops in the source.
const tabs = 8

// gather puts tokens and comments together. A token without text stands at the
// end.
func gather(file *syntax.File, tokens []syntax.Token, text []byte) []tok {
	g := &gatherer{text: text}
	toks := make([]tok, 0, len(tokens)+1)
	comments := file.Comments
	before := func(pos int) (notes []note) {
		for len(comments) > 0 && int(comments[0].Start)-1 < pos {
			c := comments[0]
			comments = comments[1:]
			start, end := int(c.Start)-1, int(c.End)-1
			if start < g.off {
				continue // inside a token, whose text it is part of
			}
			from := g.col
			lines := g.advance(start)
			n := note{text: comment(c), lines: lines, srcCol: g.col, blanks: g.col - from}
			g.advance(end)
			notes = append(notes, n)
		}
		return notes
	}
	for _, t := range tokens {
		start, end := int(t.Start)-1, int(t.End)-1
		k := tok{Token: t, text: spelling(file, t), notes: before(start)}
		k.lines = g.advance(start)
		k.line, k.srcCol = g.line, g.col
		g.advance(end)
		toks = append(toks, k)
	}
	last := tok{notes: before(len(text)), lines: 1}
	last.Start, last.End = syntax.Pos(len(text)+1), syntax.Pos(len(text)+1)
	return append(toks, last)
}

// A gatherer goes through the text and knows line and column.
type gatherer struct {
	text           []byte
	off, line, col int
}

// advance moves to an offset and returns how many newlines it met.
func (g *gatherer) advance(to int) (lines int) {
	piece := g.text[g.off:to]
	g.off = to
	lines = bytes.Count(piece, []byte("\n"))
	if lines > 0 {
		g.line += lines
		g.col = 0
		piece = piece[bytes.LastIndexByte(piece, '\n')+1:]
	}
	for len(piece) > 0 {
		r, n := utf8.DecodeRune(piece)
		piece = piece[n:]
		switch r {
		case '\t':
			g.col += tabs - g.col%tabs
		case '\r':
		default:
			g.col++
		}
	}
	return lines
}

// newline tells whether a line begins with t, or with a comment before it.
func (t *tok) newline() bool {
	if t.lines > 0 {
		return true
	}
	for _, n := range t.notes {
		if n.lines > 0 {
			return true
		}
	}
	return false
}

// tall tells whether a comment before t goes over several lines.
func (t *tok) tall() bool {
	for _, n := range t.notes {
		if strings.Contains(n.text, "\n") {
			return true
		}
	}
	return false
}

// width returns the columns that a text takes; of one with several lines, those
// of the last.
func width(text string) int {
	return utf8.RuneCountInString(text[strings.LastIndexByte(text, '\n')+1:])
}

// find returns the first token that does not begin before pos.
func find(toks []tok, pos syntax.Pos) int {
	return sort.Search(len(toks), func(i int) bool { return toks[i].Start >= pos })
}
