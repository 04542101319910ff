package syntax

import (
	"bufio"
	"io"
	"strings"
	"unicode/utf8"
)

// Format writes a node as CSPM: a File, a declaration, an expression, a
// pattern, a statement or a type. Brackets of the tree are kept, and put
// where a tree without them needs some. Comments are not printed, other than
// expectations.
func Format(w io.Writer, n Node) error {
	p := &printer{w: bufio.NewWriter(w)}
	p.node(n)
	return p.w.Flush()
}

// Format writes all declarations of a script. Included ones stay in their
// files.
func (f *File) Format(w io.Writer) error {
	p := &printer{w: bufio.NewWriter(w)}
	p.decls(f.Decls)
	return p.w.Flush()
}

// String returns what Format writes.
func String(n Node) string {
	var b strings.Builder
	Format(&b, n)
	return b.String()
}

// The longest text that ExprString returns, in characters.
const exprWidth = 80

// ExprString returns e on one line for a message, cut if it is long.
func ExprString(e Expr) string {
	var b limitedBuilder
	p := &printer{w: bufio.NewWriterSize(&b, 16), short: &b}
	p.expr(e, levelBoth, open)
	p.w.Flush()
	text := b.String()
	if utf8.RuneCountInString(text) > exprWidth {
		text = strings.TrimRight(string([]rune(text)[:exprWidth-1]), " ") + "…"
	}
	return text
}

// A limitedBuilder stops growing once it holds what ExprString can show.
type limitedBuilder struct{ strings.Builder }

func (b *limitedBuilder) full() bool { return b.Len() > utf8.UTFMax*exprWidth }

func (b *limitedBuilder) Write(text []byte) (int, error) {
	if !b.full() {
		b.Builder.Write(text)
	}
	return len(text), nil
}

// A printer writes text. What it writes is cut into tokens again as it was
// meant: between tokens that would fuse, write puts a blank.
type printer struct {
	w      *bufio.Writer
	short  *limitedBuilder // one line only, until it is full
	flat   bool            // one line only
	indent int
	last   byte // written last
	seq    bool // directly inside < >, where a bare ">" would close
}

func (p *printer) done() bool { return p.short != nil && p.short.full() }

func (p *printer) write(text string) {
	if text == "" {
		return
	}
	if Fuse(p.last, text[0]) {
		p.w.WriteByte(' ')
	}
	p.w.WriteString(text)
	p.last = text[len(text)-1]
}

// Fuse tells whether two bytes, the end of one symbol and the beginning of
// another, would be read as part of a third.
func Fuse(a, b byte) bool {
	switch a {
	case '{':
		return b == '-' || b == '|'
	case '<':
		return b == '-'
	case '-':
		return b == '-' || b == '>'
	case '[':
		return b == '|' || b == '[' || b == '+' || b == '>' || b == ']'
	case '/':
		return b == '+' || b == '\\'
	case '+':
		return b == '\\' || b == ']'
	case ':':
		return b == ':' || b == '['
	}
	return false
}

// newline ends a line; where one line is all there is, it writes instead.
func (p *printer) newline(instead string) {
	if p.short != nil || p.flat {
		p.write(instead)
		return
	}
	p.w.WriteByte('\n')
	for range p.indent {
		p.w.WriteString("  ")
	}
	p.last = '\n'
}

func (p *printer) node(n Node) {
	switch n := n.(type) {
	case Expr:
		p.expr(n, levelBoth, open)
	case Pat:
		p.pat(n, levelBoth)
	case Decl:
		p.decl(n)
	case Stmt:
		p.stmts([]Stmt{n}, open)
	case TypeExpr:
		p.typeExpr(n, typeLoose)
	case Ident:
		p.write(n.Name)
	case *Ident:
		p.write(n.Name)
	case Field:
		p.field(n)
	case *Field:
		p.field(*n)
	case Ctor:
		p.ctor(n)
	case *Ctor:
		p.ctor(*n)
	}
}

func (p *printer) path(path []Ident, last Ident) {
	for _, q := range path {
		p.write(q.Name)
		p.write("::")
	}
	p.write(last.Name)
}

// quoted returns a character or string as a literal.
func quoted(text string, quote byte) string {
	var b strings.Builder
	b.WriteByte(quote)
	for i := range len(text) {
		switch c := text[i]; c {
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		case '\\', quote:
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte(quote)
	return b.String()
}
