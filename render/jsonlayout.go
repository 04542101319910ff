package render

import (
	"bytes"
	"encoding/json"
	"io"
)

// How long an element of an array may be to stand on one line. Of what is larger
// than muchJSON nobody reads all, and blanks would be a third of it.
const (
	jsonLine     = 120
	longJSONLine = 2000
	muchJSON     = 1 << 20
)

// WriteJSON writes v for people and programs: a member a line, but that an array,
// and an element of one, stands on one line where it fits. That is half the bytes
// of a member a line throughout, and a step of a trace can be read at a glance.
func WriteJSON(w io.Writer, v any, escapeHTML bool) error {
	var compact bytes.Buffer
	e := json.NewEncoder(&compact)
	e.SetEscapeHTML(escapeHTML)
	if err := e.Encode(v); err != nil {
		return err
	}
	p := jsonPrinter{in: bytes.TrimSpace(compact.Bytes()), most: jsonLine}
	if len(p.in) > muchJSON {
		p.most = longJSONLine
	}
	p.out.Grow(2 * len(p.in))
	p.value(0, 0, false)
	p.out.WriteByte('\n')
	_, err := w.Write(p.out.Bytes())
	return err
}

// jsonPrinter lays out what is valid and compact.
type jsonPrinter struct {
	in   []byte
	out  bytes.Buffer
	most int // bytes of a value that stands on one line
}

// value writes the value that begins at i, and returns where it ends.
func (p *jsonPrinter) value(i, depth int, element bool) int {
	end := p.end(i)
	open := p.in[i]
	switch {
	case open != '{' && open != '[':
		p.out.Write(p.in[i:end])
		return end
	case end == i+2, end-i <= p.most && (element || open == '['):
		p.line(i, end)
		return end
	}
	p.out.WriteByte(open)
	for i++; ; i++ { // at the bracket or a comma
		p.newLine(depth + 1)
		if open == '{' {
			key := p.end(i)
			p.out.Write(p.in[i:key])
			p.out.WriteString(": ")
			i = key + 1
		}
		i = p.value(i, depth+1, open == '[')
		if p.in[i] != ',' {
			break
		}
		p.out.WriteByte(',')
	}
	p.newLine(depth)
	p.out.WriteByte(p.in[i])
	return end
}

func (p *jsonPrinter) newLine(depth int) {
	p.out.WriteByte('\n')
	for range depth {
		p.out.WriteString("  ")
	}
}

// line writes a value without line breaks, but with a blank behind each comma and
// colon.
func (p *jsonPrinter) line(i, end int) {
	for i < end {
		if p.in[i] == '"' {
			next := p.end(i)
			p.out.Write(p.in[i:next])
			i = next
			continue
		}
		p.out.WriteByte(p.in[i])
		if p.in[i] == ',' || p.in[i] == ':' {
			p.out.WriteByte(' ')
		}
		i++
	}
}

// end is where the value that begins at i ends.
func (p *jsonPrinter) end(i int) int {
	for depth := 0; ; {
		switch p.in[i] {
		case '{', '[':
			depth++
			i++
		case '}', ']':
			depth--
			i++
		case '"':
			for i++; p.in[i] != '"'; i++ {
				if p.in[i] == '\\' {
					i++
				}
			}
			i++
		case ',', ':':
			i++
			continue
		default: // a number, true, false, null
			for i < len(p.in) && !bytes.ContainsRune([]byte(`,:]}`), rune(p.in[i])) {
				i++
			}
		}
		if depth == 0 {
			return i
		}
	}
}
