package syntax

import (
	"bytes"
	"sort"
	"strings"
	"unicode"
)

// expectations attaches the "--!" comments of the file to the assertions on
// whose last lines they stand, or, of an assertion in a comment, below it.
// It returns the declarations with those assertions among them.
func (p *parser) expectations(decls []Decl) []Decl {
	var added []*Assert
	var last *Assert // of added
	var lastComment Comment
	for _, c := range p.comments {
		if !strings.HasPrefix(c.Text, "--!") || p.inSkipped(c.Start) {
			continue
		}
		if extended(c) {
			if last, lastComment = p.extension(c), c; last != nil {
				added = append(added, last)
			}
			continue
		}
		a := p.endsBefore(c)
		if !meant(c, a != nil) {
			continue
		}
		e, ok := p.expectation(c)
		if a == nil {
			a = p.followed(last, lastComment, c)
		}
		switch {
		case !ok:
		case a == nil:
			p.errorf(c.Span, "put it on the line on which an assertion ends", "this expectation stands beside no assertion")
		case a.Expect != nil:
			p.errorf(c.Span, "", "this assertion has an expectation already")
		default:
			a.Expect = e
		}
	}
	return p.place(decls, added)
}

// inSkipped tells whether pos is in text that was given up.
func (p *parser) inSkipped(pos Pos) bool {
	i := sort.Search(len(p.skipped), func(i int) bool { return p.skipped[i].End > pos })
	return i < len(p.skipped) && p.skipped[i].Start <= pos || p.stopped
}

// endsBefore returns the assertion that ends on the line of c, before it.
func (p *parser) endsBefore(c Comment) *Assert {
	i := sort.Search(len(p.asserts), func(i int) bool { return p.asserts[i].End > c.Start }) - 1
	if i < 0 {
		return nil
	}
	a := p.asserts[i]
	if bytes.IndexByte(p.src[a.End-p.base:c.Start-p.base], '\n') >= 0 {
		return nil
	}
	return a
}

// meant tells whether a "--!" comment is meant for us, and not one that happens
// to begin so: its first word is one of ours, or nearly; or it stands beside an
// assertion, and is set off by a blank.
func meant(c Comment, beside bool) bool {
	text := c.Text[len("--!"):]
	word := strings.TrimLeft(text, blankBytes)
	if beside && word != "" && len(word) < len(text) {
		return true
	}
	if i := strings.IndexFunc(word, func(r rune) bool { return !unicode.IsLetter(r) }); i >= 0 {
		word = word[:i]
	}
	return NearMiss(strings.ToLower(word), "holds", "fails", "assert") != ""
}

const blankBytes = " \t\r\f\v"

// expectation reads the text of a comment that begins with "--!".
func (p *parser) expectation(c Comment) (*Expectation, bool) {
	text := strings.Trim(c.Text[len("--!"):], blankBytes)
	e := &Expectation{Span: c.Span}
	if after, ok := strings.CutPrefix(text, "fails"); ok && after != "" {
		word := strings.TrimLeft(after, blankBytes)
		trace, ok := strings.CutPrefix(word, "after")
		trace = strings.TrimLeft(trace, blankBytes)
		if ok && len(word) < len(after) && len(trace) > 1 && trace[0] == '<' && trace[len(trace)-1] == '>' {
			e.HasTrace = true
			e.Trace = trace[1 : len(trace)-1]
			start := c.Start + Pos(strings.IndexByte(c.Text, '<')) + 1
			e.TraceSpan = Span{start, start + Pos(len(e.Trace))}
			return e, true
		}
	}
	switch {
	case text == "holds":
		e.Holds = true
		return e, true
	case text == "fails":
		return e, true
	default:
		p.errorf(c.Span, "write --! holds, --! fails or --! fails after <a, b>", "this is no expectation")
	}
	return nil, false
}

// firstOnLine tells whether only blanks stand before c on its line.
func (p *parser) firstOnLine(c Comment) bool {
	before := p.src[:c.Start-p.base]
	before = before[bytes.LastIndexByte(before, '\n')+1:]
	return len(bytes.TrimSpace(before)) == 0
}
