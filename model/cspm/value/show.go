package value

import (
	"fmt"
	"strconv"
	"strings"
)

// Show returns the printed form of v, which it evaluates completely:
// (1, true), <1, 2>, {1, 2}, K.3, c.0.true, (| 1 => 2 |), "text".
func Show(v Value) string {
	var b strings.Builder
	p := printer{b: &b, most: -1}
	p.value(v)
	return b.String()
}

// Short is Show for messages: it evaluates nothing and leaves out what is
// long.
func Short(v Value) string {
	var b strings.Builder
	p := printer{b: &b, most: 60, lazy: true}
	p.value(v)
	if s := []rune(b.String()); len(s) > 80 {
		return string(s[:79]) + "…"
	}
	return b.String()
}

// A printer writes values.
type printer struct {
	b    *strings.Builder
	most int  // how long the text may become before parts are left out; -1: no bound
	lazy bool // write … for what is not evaluated
	nest int  // how deep the value is nested in what is printed
}

func (p *printer) full() bool { return p.most >= 0 && p.b.Len() > p.most }

func (p *printer) value(v Value) {
	if p.full() {
		p.b.WriteString("…")
		return
	}
	if p.lazy {
		known, ok := Known(v)
		if !ok {
			p.b.WriteString("…")
			return
		}
		v = known
	}
	p.nest++
	tooDeep(p.nest)
	p.parts(Force(v))
	p.nest--
}

func (p *printer) parts(v Value) {
	switch v := v.(type) {
	case Int:
		p.b.WriteString(strconv.FormatInt(int64(v), 10))
	case Bool:
		p.b.WriteString(strconv.FormatBool(bool(v)))
	case Char:
		p.b.WriteString("'" + escape(rune(v), '\'') + "'")
	case *Tuple:
		p.list("(", v.Elems, ", ", ")")
	case *Seq:
		p.seq(v)
	case Set:
		p.set(v)
	case *Map:
		p.b.WriteString("(| ")
		keys, vals := v.all()
		for i, k := range keys {
			if i > 0 {
				p.b.WriteString(", ")
			}
			if p.full() {
				p.b.WriteString("…")
				break
			}
			p.value(k)
			p.b.WriteString(" => ")
			p.value(vals[i])
		}
		if len(keys) > 0 {
			p.b.WriteString(" ")
		}
		p.b.WriteString("|)")
	case *Dot:
		if v.Head == nil {
			p.list("", v.Fields, ".", "")
			return
		}
		p.b.WriteString(v.Head.Name)
		for _, f := range v.Fields {
			p.b.WriteString(".")
			p.value(f)
		}
	case Opaque:
		p.b.WriteString(v.String())
	default:
		fmt.Fprintf(p.b, "<%s>", v.Kind())
	}
}

func (p *printer) list(open string, vs []Value, sep, end string) {
	p.b.WriteString(open)
	for i, v := range vs {
		if i > 0 {
			p.b.WriteString(sep)
		}
		if p.full() {
			p.b.WriteString("…")
			break
		}
		p.value(v)
	}
	p.b.WriteString(end)
}

// shown is more elements than are printed where the text is to be short: each
// takes a letter.
const shown = 128

func (p *printer) seq(s *Seq) {
	enough := MaxList
	if p.most >= 0 {
		enough = shown
	}
	if n := s.size(); p.lazy && (s.rest != nil || n > MaxList) {
		elems := s.Take(min(n, enough)).known()
		p.list("<", elems, ", ", "")
		if n, ok := s.rest.(upFrom); ok && len(elems) == 0 {
			fmt.Fprintf(p.b, "%d..>", n)
			return
		}
		p.b.WriteString(", …>")
		return
	}
	var elems []Value
	if p.most >= 0 && s.rest == nil && s.size() > enough {
		elems = s.Take(enough).known()
	} else {
		elems = s.All()
	}
	if text, ok := asText(elems); ok {
		p.b.WriteString(text)
		return
	}
	p.list("<", elems, ", ", ">")
}

// asText returns the string literal of a sequence of characters.
func asText(elems []Value) (string, bool) {
	if len(elems) == 0 {
		return "", false
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, v := range elems {
		known, _ := Known(v)
		c, ok := known.(Char)
		if !ok {
			return "", false
		}
		b.WriteString(escape(rune(c), '"'))
	}
	b.WriteByte('"')
	return b.String(), true
}

// escape returns r as it is written between quotes.
func escape(r, quote rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\t':
		return `\t`
	case '\r':
		return `\r`
	case '\\':
		return `\\`
	case quote:
		return `\` + string(quote)
	}
	return string(r)
}

func (p *printer) set(s Set) {
	if f, ok := s.(shower); ok {
		if form := f.show(); form != "" && (p.lazy || s.Size() < 0) {
			p.b.WriteString(form)
			return
		}
	}
	if p.lazy && s.Size() > MaxList {
		p.b.WriteString("{…}")
		return
	}
	if !p.lazy {
		listable(s)
	}
	p.b.WriteString("{")
	first := true
	for v := range s.All() {
		if !first {
			p.b.WriteString(", ")
		}
		first = false
		if p.full() {
			p.b.WriteString("…")
			break
		}
		p.value(v)
	}
	p.b.WriteString("}")
}

// A shower is a set with a short description.
type shower interface{ show() string }

// Raw returns the characters of a sequence of characters.
func Raw(v Value) string {
	var b strings.Builder
	for _, c := range ToSeq(v).All() {
		b.WriteRune(rune(want[Char](c, KChar)))
	}
	return b.String()
}

// Ordinal returns 1st, 2nd, 3rd, 4th, ...
func Ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}
