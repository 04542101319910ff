package render

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
)

// A Dialect is a tool's spelling of τ in the Aldebaran format.
type Dialect string

const (
	CADP  Dialect = "i"   // Garavel et al., CADP 2011, manual page aut
	MCRL2 Dialect = "tau" // Bunte et al., The mCRL2 toolset, TACAS 2019
)

// AutHeader is the first line of a file.
type AutHeader struct{ Initial, Transitions, States int }

// Aut writes transitions in the Aldebaran format, which CADP and mCRL2 read:
//
//	des (initial, transitions, states)
//	(from, "event", to)
//
// It streams: memory grows with the alphabet, not with the graph. If the edges are not as
// many as h says, or lead out of its states, it stops with an error.
//
// τ is i, which CADP takes for the hidden event, or tau for mCRL2, whose
// tools take --tau=i as well; the zero Dialect is CADP's. ✓ is exit, as in
// LOTOS. A visible event that is spelt like either, perhaps with
// apostrophes, gets one more apostrophe, so different events stay different.
// What is not printable ASCII, and the double quote and percent signs, are
// percent-encoded.
func Aut(w io.Writer, h AutHeader, edges iter.Seq[Edge], d Dialect) error {
	if h.Initial < 0 || h.Initial >= h.States {
		return fmt.Errorf("render: the initial state is %d of %d", h.Initial, h.States)
	}
	if d == "" {
		d = CADP
	}
	b := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(b, "des (%d, %d, %d)\n", h.Initial, h.Transitions, h.States)
	n := 0
	var line []byte
	spelt := make(map[string]string)
	for e := range edges {
		if e.From < 0 || e.From >= h.States || e.To < 0 || e.To >= h.States {
			return fmt.Errorf("render: an edge from state %d to %d of %d", e.From, e.To, h.States)
		}
		label, ok := spelt[e.Event]
		if !ok {
			label = autLabel(e.Event, d)
			spelt[e.Event] = label
		}
		line = append(strconv.AppendInt(append(line[:0], '('), int64(e.From), 10), `, "`...)
		line = append(append(line, label...), `", `...)
		line = append(strconv.AppendInt(line, int64(e.To), 10), ")\n"...)
		if _, err := b.Write(line); err != nil {
			return err
		}
		n++
	}
	if n != h.Transitions {
		return fmt.Errorf("render: %d edges, the header says %d", n, h.Transitions)
	}
	return b.Flush()
}

func autLabel(event string, d Dialect) string {
	switch event {
	case "τ":
		return string(d)
	case "✓":
		return "exit"
	}
	if s := strings.TrimRight(event, "'"); s == string(d) || s == "exit" {
		return event + "'"
	}
	var b strings.Builder
	for i := range len(event) {
		if c := event[i]; c < ' ' || c > '~' || c == '"' || c == '%' {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}
