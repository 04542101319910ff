package render

import (
	"fmt"
	"io"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// Mermaid writes what the implementation does as a sequence diagram in the
// language of Mermaid, which pull requests and many documents show. The middle
// of a long story is left out, and the diagram says so.
func Mermaid(w io.Writer, ce *explore.Counterexample) error {
	return sequenceText(w, ce, &mermaid{})
}

// PlantUML is Mermaid in the language of PlantUML.
func PlantUML(w io.Writer, ce *explore.Counterexample) error {
	return sequenceText(w, ce, &plantUML{})
}

// A dialect is a language for sequence diagrams.
type dialect interface {
	head(title string)
	lane(id, name string)
	words(first, last, title, words string) // what is wrong, behind the lanes; words may be ""
	number(n int)                           // of the next arrow, and of those after it counted on from n; 0: they have none
	arrow(from, to, text string, hidden bool)
	bar(first, last, text string, hidden bool) // over the lanes from first to last
	loop()                                     // opens a frame of what repeats
	race(what string, second bool)             // opens a frame of two, or begins its second part
	close()
	end(l *lane, id string)
	note(first, last, text string)
	foot()
	String() string
}

func sequenceText(w io.Writer, ce *explore.Counterexample, d dialect) error {
	if err := check(ce); err != nil {
		return err
	}
	x := newSequence(ce)
	id := func(l int) string { return fmt.Sprintf("c%d", l+1) }
	d.head(x.title)
	for i, l := range x.lanes {
		d.lane(id(i), l.name)
	}
	first, last := id(0), id(len(x.lanes)-1)
	d.words(first, last, x.title, x.words)
	next := 0 // the number that an arrow would have
	number := func(n int) {
		if n != next {
			d.number(n)
		}
		next = n
		if n > 0 {
			next++
		}
	}
	for i, m := range x.msgs {
		if i == x.loop {
			d.loop()
		}
		if m.step == 0 {
			d.race(x.race, i == len(x.msgs)-1)
		}
		switch {
		case m.left > 0:
			d.note(first, last, m.gap())
		case m.from >= 0:
			for k, to := range m.to {
				if k == 0 {
					number(m.step)
				} else {
					number(0) // it is the same step
				}
				d.arrow(id(m.from), id(to), m.label(), m.hidden)
			}
		case len(m.to) == 0:
			number(m.step)
			d.bar(first, last, m.label(), m.hidden)
		case len(m.to) == 1:
			number(m.step)
			d.arrow(id(m.to[0]), id(m.to[0]), m.label(), m.hidden)
		default:
			number(m.step)
			d.bar(id(m.to[0]), id(m.to[len(m.to)-1]), m.label(), m.hidden)
		}
	}
	if x.loop >= 0 {
		d.close()
	}
	if x.race != "" {
		d.close()
	}
	for i := range x.lanes {
		if x.lanes[i].end != "" {
			d.end(&x.lanes[i], id(i))
		}
	}
	for _, n := range x.notes {
		d.note(first, last, n)
	}
	d.foot()
	_, err := io.WriteString(w, d.String())
	return err
}

// label is what stands at a message.
func (m *message) label() string {
	words := m.does + m.text
	if m.hidden && m.text != "τ" {
		words = m.does + "τ (" + m.text + ")"
	}
	if m.wrong != "" {
		words += " ✗ " + m.wrong
	}
	return words
}

// gap is what stands where steps are left out.
func (m *message) gap() string {
	return count(m.left, "step") + " left out, " + number(m.step) + " to " + number(m.step+m.left-1)
}

// noteLines breaks a long note, which neither language does by itself.
func noteLines(text string, wide int, escaped func(string) string, brk string) string {
	lines := wrap(text, wide)
	for i, l := range lines {
		lines[i] = escaped(l)
	}
	return strings.Join(lines, brk)
}

// endSign marks the foot of a lane.
var endSign = map[laneMark]string{stuck: "✗ ", done: "✓ "}

type mermaid struct {
	strings.Builder
	lanes int
}

func (d *mermaid) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// text escapes what Mermaid would take for its own: all but letters, digits
// and a few signs become entity codes.
func (d *mermaid) text(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == ' ' || r > 127 || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune(".,()!?/*+=_'", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

// head has the title for screen readers only: one that is drawn is cut off where
// the diagram ends, and breaks no lines.
func (d *mermaid) head(title string) {
	d.line("sequenceDiagram")
	d.line("    accTitle: %s", d.text(title))
}

func (d *mermaid) words(first, last, title, words string) {
	d.note(first, last, title)
	if words != "" {
		d.note(first, last, words)
	}
}

func (d *mermaid) number(n int) {
	if n == 0 {
		d.line("    autonumber off")
		return
	}
	d.line("    autonumber %d", n)
}

func (d *mermaid) lane(id, name string) {
	d.lanes++
	d.line("    participant %s as %s", id, d.text(name))
}

func (d *mermaid) arrow(from, to, text string, hidden bool) {
	arrow := "->>"
	if hidden {
		arrow = "-->>"
	}
	d.line("    %s%s%s: %s", from, arrow, to, d.text(text))
}

func (d *mermaid) bar(first, last, text string, hidden bool) {
	arrow := "<<->>"
	if hidden {
		arrow = "<<-->>"
	}
	d.line("    %s%s%s: %s", first, arrow, last, d.text(text))
}

func (d *mermaid) loop() { d.line("    loop for ever") }

func (d *mermaid) race(what string, second bool) {
	if second {
		d.line("    and")
		return
	}
	d.line("    par %s", d.text(what))
}

func (d *mermaid) close() { d.line("    end") }

func (d *mermaid) end(l *lane, id string) {
	d.line("    Note over %s: %s%s", id, endSign[l.mark], d.text(l.end))
}

func (d *mermaid) note(first, last, text string) {
	d.line("    Note over %s,%s: %s", first, last, noteLines(text, d.noteWide(), d.text, "<br/>"))
}

// noteWide is the columns of a note over all lanes. Over one it is as wide as its
// text. Over more it reaches from the first to the last, which are at least 200
// pixels apart each, and a column takes no more than 8.
func (d *mermaid) noteWide() int {
	if d.lanes < 2 {
		return wordsWide
	}
	return min((200*(d.lanes-1)+40)/8, wordsWide)
}

func (d *mermaid) foot() {}

type plantUML struct{ strings.Builder }

func (d *plantUML) line(format string, args ...any) { fmt.Fprintf(d, format+"\n", args...) }

// text escapes what PlantUML would take for its own.
func (d *plantUML) text(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == ' ' || r > 127 || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || strings.ContainsRune(".,():?!=", r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}

func (d *plantUML) head(title string) {
	d.line("@startuml")
	d.line("title %s", noteLines(title, wordsWide, d.text, `\n`))
	d.line("hide footbox")
}

func (d *plantUML) number(n int) {
	if n == 0 {
		d.line("autonumber stop")
		return
	}
	d.line("autonumber %d", n)
}

func (d *plantUML) words(first, last, _, words string) {
	if words != "" {
		d.note(first, last, words)
	}
}

func (d *plantUML) lane(id, name string) { d.line("participant \"%s\" as %s", d.text(name), id) }

func (d *plantUML) arrow(from, to, text string, hidden bool) {
	arrow := "->"
	if hidden {
		arrow = "-->"
	}
	d.line("%s %s %s : %s", from, arrow, to, d.text(text))
}

func (d *plantUML) bar(first, last, text string, hidden bool) {
	arrow := "<->"
	if hidden {
		arrow = "<-->"
	}
	d.line("%s %s %s : %s", first, arrow, last, d.text(text))
}

func (d *plantUML) loop() { d.line("loop for ever") }

func (d *plantUML) race(what string, second bool) {
	if second {
		d.line("else")
		return
	}
	d.line("par %s", d.text(what))
}

func (d *plantUML) close() { d.line("end") }

func (d *plantUML) end(l *lane, id string) {
	colour := map[laneMark]string{stuck: " " + paleRed, done: " " + paleGreen}[l.mark]
	d.line("note over %s%s : %s%s", id, colour, endSign[l.mark], d.text(l.end))
}

func (d *plantUML) note(first, last, text string) {
	if first == last {
		d.line("note over %s : %s", first, noteLines(text, wordsWide, d.text, `\n`))
		return
	}
	d.line("note over %s, %s : %s", first, last, noteLines(text, wordsWide, d.text, `\n`))
}

func (d *plantUML) foot() { d.line("@enduml") }
