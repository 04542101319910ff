package render

import (
	"fmt"
	"strings"
)

// A Notation says how the cells of lanes write what a component does.
type Notation string

const (
	CSPNotation  Notation = "csp"  // c!v and c?v, as scripts do; "" is this too
	GoNotation   Notation = "go"   // c <- v, and <-c → v of who receives
	JavaNotation Notation = "java" // c.put(v), and c.take() → v
)

// ParseNotation returns the notation of that name.
func ParseNotation(name string) (Notation, error) {
	switch n := Notation(name); n {
	case CSPNotation, GoNotation, JavaNotation:
		return n, nil
	}
	return "", fmt.Errorf("the notation %q: it is csp, go or java", name)
}

// write returns a component's label in this notation. What has neither ! nor ?
// is nobody's to send, and stays as it is.
//
//	c!1      c <- 1        c.put(1)
//	c?1      <-c → 1       c.take() → 1
//	c!1!2    c <- 1, 2     c.put(1, 2)
//	c!1?2    c <- 1 → 2    c.put(1) → 2
func (n Notation) write(label string) string {
	if n != GoNotation && n != JavaNotation {
		return label
	}
	channel, sent, received := fields(label)
	gives, takes := strings.Join(sent, ", "), strings.Join(received, ", ")
	var words string
	switch {
	case channel == "" || len(sent)+len(received) == 0:
		return label
	case n == GoNotation && len(sent) > 0:
		words = channel + " <- " + gives
	case n == GoNotation:
		words = "<-" + channel
	case len(sent) > 0:
		words = channel + ".put(" + gives + ")"
	default:
		words = channel + ".take()"
	}
	if len(received) > 0 {
		words += " → " + takes
	}
	return words
}

// fields splits a label at its ! and ?, but for those within brackets, strings
// and characters.
func fields(label string) (channel string, sent, received []string) {
	var sign, quote byte // of the field that is read; the quotation that is open
	depth, start := 0, 0
	add := func(end int) {
		switch part := label[start:end]; sign {
		case '!':
			sent = append(sent, part)
		case '?':
			received = append(received, part)
		default:
			channel = part
		}
	}
	for i := 0; i < len(label); i++ {
		switch c := label[i]; {
		case quote != 0:
			if c == '\\' {
				i++
			} else if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'' && i > 0 && !isWord(label[i-1]): // x' is a name
			quote = c
		case strings.IndexByte("([{<", c) >= 0:
			depth++
		case strings.IndexByte(")]}>", c) >= 0:
			depth--
		case depth == 0 && (c == '!' || c == '?'):
			add(i)
			sign, start = c, i+1
		}
	}
	add(len(label))
	return channel, sent, received
}

func isWord(c byte) bool {
	return c == '_' || c == '\'' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
