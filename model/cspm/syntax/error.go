package syntax

import (
	"fmt"
	"sort"
	"strings"
)

// A Class says which stage found a mistake.
type Class string

// The classes, in the order of the stages.
const (
	Lex        Class = "lex"
	ParseClass Class = "parse"
	Scope      Class = "scope"
	Type       Class = "type"
	Static     Class = "static"
	Eval       Class = "eval"
	Limit      Class = "limit" // a bound was hit, or a construct is not supported: no answer
)

// An Error is a mistake in a script, or a limit met while running it.
type Error struct {
	Class Class
	Span  Span   // the zero Span if it has no place in the text
	Msg   string // what is wrong
	Fix   string // what would be right, or ""
	Notes []Note // other places that matter
	Files *Files // resolves Span and the spans of Notes; may be nil
	File  string // that could not be read, if Files is nil; or ""
}

// A Note points at another place that matters to an error.
type Note struct {
	Span Span
	Msg  string
}

// Position returns where the error is; without a line, if it is a file.
func (e *Error) Position() Position {
	if e.Files == nil {
		return Position{File: e.File}
	}
	return e.Files.Position(e.Span.Start)
}

// Range returns where a span of e, or of a note of it, begins, and the place
// after its last character; both are the same if the span is empty.
func (e *Error) Range(s Span) (start, end Position) {
	if e.Files == nil {
		return Position{}, Position{}
	}
	return e.Files.Position(s.Start), e.Files.Position(max(s.Start, s.End))
}

// Places returns the notes of e and, if it is in an included file, where that
// is included, innermost first.
func (e *Error) Places() []Note {
	notes := e.Notes
	if e.Files == nil {
		return notes
	}
	for f := e.Files.File(e.Span.Start); f != nil && f.From != (Span{}); f = e.Files.File(f.From.Start) {
		notes = append(notes[:len(notes):len(notes)], Note{f.From, f.Name + " is included here"})
	}
	return notes
}

// Error returns "file:line:col: class: what is wrong; what would be right".
func (e *Error) Error() string {
	text := fmt.Sprintf("%s: %s", e.Class, e.Msg)
	if e.Fix != "" {
		text += "; " + e.Fix
	}
	if p := e.Position(); p.Line != 0 {
		text = p.String() + ": " + text
	}
	return Printable(text)
}

// Detail returns Error, the source line with a caret below, and the places
// that belong to it:
//
//	ring.csp:9:27: eval: pass carries 0 to 2, not 3
//	  9 | NODE(i) = token.i -> pass.3 -> NODE(i)
//	    |                           ^
//	ring.csp:2:9: pass is declared here
func (e *Error) Detail() string {
	var b strings.Builder
	b.WriteString(e.Error())
	b.WriteByte('\n')
	e.excerpt(&b)
	for _, n := range e.Places() {
		if p := e.Files.Position(n.Span.Start); p != (Position{}) {
			b.WriteString(Printable(p.String() + ": "))
		} else {
			b.WriteString("  ")
		}
		b.WriteString(Printable(n.Msg) + "\n")
	}
	return b.String()
}

// The widest part of a source line that is shown, in characters.
const excerptWidth = 100

// excerpt writes the line of the error with a caret, cut to excerptWidth.
func (e *Error) excerpt(b *strings.Builder) {
	p := e.Position()
	if p.Line == 0 {
		return
	}
	line := printable(e.Files.Line(e.Span.Start))
	col := p.Col - 1
	if from := col - excerptWidth*3/4; from > 0 && len(line) > excerptWidth {
		line, col = append([]rune("…"), line[from:]...), col-from+1
	}
	if len(line) > excerptWidth {
		line = append(line[:excerptWidth:excerptWidth], '…')
	}
	var pad strings.Builder
	for i := 0; i < col; i++ {
		if i < len(line) && line[i] == '\t' {
			pad.WriteByte('\t')
		} else {
			pad.WriteByte(' ')
		}
	}
	number := fmt.Sprint(p.Line)
	fmt.Fprintf(b, "  %s | %s\n", number, string(line))
	fmt.Fprintf(b, "  %s | %s^\n", strings.Repeat(" ", len(number)), pad.String())
}

// printable replaces what a terminal would act on.
func printable(s string) []rune {
	var out []rune
	for _, r := range s {
		if r < ' ' && r != '\t' || r == 0x7f || 0x80 <= r && r < 0xa0 {
			r = '\uFFFD'
		}
		out = append(out, r)
	}
	return out
}

// Printable returns a name, or what is said of one, harmless to a terminal.
// Lines stay lines.
func Printable(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		lines[i] = string(printable(l))
	}
	return strings.Join(lines, "\n")
}

// Errors is all that is wrong with a script, in the order of the text.
type Errors []*Error

func (es Errors) Error() string {
	var lines []string
	for _, e := range es {
		lines = append(lines, e.Error())
	}
	return strings.Join(lines, "\n")
}

// Sort puts the errors in the order of the text and drops repetitions.
func (es Errors) Sort() Errors {
	sort.SliceStable(es, func(i, j int) bool { return es[i].Span.Start < es[j].Span.Start })
	var out Errors
	for i, e := range es {
		if i == 0 || e.Span != es[i-1].Span || e.Msg != es[i-1].Msg {
			out = append(out, e)
		}
	}
	return out
}
