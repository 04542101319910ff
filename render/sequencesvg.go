package render

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// SequenceSVG draws what the implementation does as a sequence diagram: a
// lifeline for each component that takes part, an arrow for each step from
// sender to receiver where ! and ? tell them apart, and otherwise a bar
// through all who do it. Hidden events are dashed, a divergence has a frame,
// and a component that waits for ever ends in a cross. The middle of a long
// story is left out, and the picture says so. It follows the reader's choice
// of a light or a dark screen.
func SequenceSVG(w io.Writer, ce *explore.Counterexample) error {
	if err := check(ce); err != nil {
		return err
	}
	d := newSequenceDrawing(newSequence(ce))
	_, err := io.WriteString(w, d.draw())
	return err
}

// Sizes in pixels. A column of text is 7 wide: the font is monospaced and 11.5
// high.
const (
	em       = 7
	rowHigh  = 30
	margin   = 16
	laneMost = 260
	laneLess = 84
)

type sequenceDrawing struct {
	*sequence
	b    strings.Builder
	x    []int // of each lane
	y    []int // of each message
	wide int
	top  int // where the lifelines begin
}

func newSequenceDrawing(x *sequence) *sequenceDrawing {
	d := &sequenceDrawing{sequence: x}
	space := make([]int, len(x.lanes)+1) // between lane i-1 and lane i
	for i := range x.lanes {
		half := (width(x.lanes[i].name)*em + 28) / 2
		half = max(half, (width(x.lanes[i].end)*em+16)/2, laneLess/2)
		space[i] += half
		space[i+1] += half
	}
	for i := range x.msgs {
		m := &x.msgs[i]
		lo, hi := m.span()
		if lo < 0 {
			continue
		}
		need := width(m.label())*em + 30
		if lo == hi {
			space[lo+1] = max(space[lo+1], min(need+24, laneMost))
			continue
		}
		for k := lo + 1; k <= hi; k++ {
			space[k] = max(space[k], min(need/(hi-lo), laneMost))
		}
	}
	at := margin + 34
	for i := range x.lanes {
		at += space[i]
		d.x = append(d.x, at)
	}
	d.wide = at + space[len(x.lanes)] + margin
	for _, words := range append([]string{x.race, x.title, x.words}, x.notes...) {
		d.wide = max(d.wide, min(2*margin+width(words)*em+20, 900))
	}
	d.top = 74
	at = d.top + 12
	for i := range x.msgs {
		if i == x.loop || x.race != "" && i == len(x.msgs)-2 {
			at += 22
		}
		at += rowHigh
		d.y = append(d.y, at)
	}
	return d
}

// span returns the first and the last lane of a message, or -1, -1.
func (m *message) span() (lo, hi int) {
	if len(m.to) == 0 {
		return -1, -1
	}
	lo, hi = m.to[0], m.to[len(m.to)-1]
	if m.from >= 0 {
		lo, hi = min(lo, m.from), max(hi, m.from)
	}
	return lo, hi
}

func (d *sequenceDrawing) put(format string, args ...any) {
	fmt.Fprintf(&d.b, format+"\n", args...)
}

// say writes text with its middle, begin or end at x.
func (d *sequenceDrawing) say(class, anchor string, x, y int, words string) {
	d.put(`<text class="%s" text-anchor="%s" x="%d" y="%d">%s</text>`, class, anchor, x, y, html.EscapeString(words))
}

func (d *sequenceDrawing) draw() string {
	foot := d.top + 12
	if n := len(d.y); n > 0 {
		foot = d.y[n-1]
	}
	if d.loop >= 0 || d.race != "" {
		foot += 12
	}
	foot += 34
	title := wrap(d.title, (d.wide-2*margin)/em)
	words := wrap(d.words, (d.wide-2*margin)/em)
	if d.words == "" {
		words = nil
	}
	shift := (len(title)-1)*17 + len(words)*16
	high := foot + 24 + 18*len(d.notes) + margin + shift
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" role="img" class="sequence" width="%d" height="%d" viewBox="0 0 %d %d">`, d.wide, high, d.wide, high)
	d.put("<title>%s</title>", html.EscapeString(d.title))
	if d.words != "" {
		d.put("<desc>%s</desc>", html.EscapeString(d.words))
	}
	d.put("<style>%s</style>", sequenceStyle)
	d.put(`<rect class="page" width="%d" height="%d"/>`, d.wide, high)
	for i, line := range title {
		d.say("title", "start", margin, margin+10+17*i, line)
	}
	for i, line := range words {
		d.say("words", "start", margin, margin+12+17*len(title)+16*i, line)
	}
	d.put(`<g transform="translate(0 %d)">`, shift)
	for i := range d.lanes {
		d.lifeline(i, foot)
	}
	if d.loop >= 0 {
		d.frame("loop", d.loop, "for ever")
	}
	if d.race != "" {
		d.frame("race", len(d.msgs)-2, d.race)
	}
	for i := range d.msgs {
		m := &d.msgs[i]
		d.put(`<g class="step" data-step="%d">`, m.step)
		d.message(m, d.y[i])
		d.put("</g>")
	}
	for i, n := range d.notes {
		d.say("note", "start", margin, foot+38+18*i, n)
	}
	d.put("</g>")
	d.put("</svg>")
	return d.b.String()
}

// frame stands around the messages from first to the last, as wide as the
// lifelines and what stands beside them.
func (d *sequenceDrawing) frame(class string, first int, words string) {
	y := d.y[first] - rowHigh - 8
	right := margin + 16 + width(words)*em
	if n := len(d.x); n > 0 {
		right = max(right, d.x[n-1]+40)
	}
	for i := first; i < len(d.msgs); i++ {
		m := &d.msgs[i]
		if lo, hi := m.span(); lo >= 0 && lo == hi {
			right = max(right, d.x[lo]+40+width(m.label())*em)
		}
	}
	right = min(right, d.wide-margin)
	d.put(`<rect class="%s" x="%d" y="%d" width="%d" height="%d"/>`, class, margin, y, right-margin, d.y[len(d.y)-1]-y+14)
	d.label(class+"name", "start", margin+8, y+15, words)
}

func (d *sequenceDrawing) lifeline(i, foot int) {
	l, x := &d.lanes[i], d.x[i]
	wide := max(width(l.name)*em+20, 48)
	d.put(`<line class="life" x1="%d" y1="%d" x2="%d" y2="%d"/>`, x, d.top-2, x, foot-14)
	d.put(`<rect class="head" x="%d" y="%d" width="%d" height="26" rx="4"/>`, x-wide/2, d.top-28, wide)
	d.say("name", "middle", x, d.top-11, l.name)
	switch l.mark {
	case stuck:
		d.put(`<path class="stuck" d="M%d %dl12 12m0 -12l-12 12"/>`, x-6, foot-16)
	case done:
		d.put(`<line class="end" x1="%d" y1="%d" x2="%d" y2="%d"/>`, x-8, foot-10, x+8, foot-10)
	}
	if l.end != "" {
		class := "note"
		if l.mark == stuck {
			class = "stucknote"
		}
		d.say(class, "middle", x, foot+12, l.end)
	}
}

func (d *sequenceDrawing) message(m *message, y int) {
	if m.left > 0 {
		d.put(`<line class="gap" x1="%d" y1="%d" x2="%d" y2="%d"/>`, margin, y-8, d.wide-margin, y-8)
		d.label("note", "middle", d.wide/2, y-4, m.gap())
		return
	}
	class := "message"
	if m.step > 0 {
		d.say("number", "end", margin+26, y+4, number(m.step))
	} else {
		class += " wrong"
	}
	if m.hidden {
		class += " hidden"
	}
	if m.wrong != "" {
		class += " wrong"
	}
	lo, hi := m.span()
	switch {
	case lo < 0:
		d.label(class, "middle", d.wide/2, y, m.label())
	case lo == hi:
		x := d.x[lo]
		d.put(`<path class="%s" d="M%d %dh22v10h-16"/>`, class, x, y-6)
		d.head(class, x+1, y+4, -1)
		d.label(class, "start", x+28, y+3, m.label())
	case m.from >= 0:
		from := d.x[m.from]
		for _, to := range m.to {
			way := 1
			if d.x[to] < from {
				way = -1
			}
			d.put(`<line class="%s" x1="%d" y1="%d" x2="%d" y2="%d"/>`, class, from, y, d.x[to]-7*way, y)
			d.head(class, d.x[to]-way, y, way)
		}
		d.put(`<circle class="from" cx="%d" cy="%d" r="3"/>`, from, y)
		d.label(class, "middle", (d.x[lo]+d.x[hi])/2, y-5, m.label())
	default:
		d.put(`<line class="%s bar" x1="%d" y1="%d" x2="%d" y2="%d"/>`, class, d.x[lo], y, d.x[hi], y)
		for _, to := range m.to {
			d.put(`<circle class="joint" cx="%d" cy="%d" r="4"/>`, d.x[to], y)
		}
		d.label(class, "middle", (d.x[lo]+d.x[hi])/2, y-6, m.label())
	}
}

// head is an arrow's head with its point at x, to the right or, way being -1,
// to the left.
func (d *sequenceDrawing) head(class string, x, y, way int) {
	d.put(`<path class="%s point" d="M%d %dl%d -4v8z"/>`, class, x, y, -8*way)
}

// label is text on the page's ground, which hides the lifelines behind it.
func (d *sequenceDrawing) label(class, anchor string, x, y int, words string) {
	wide := width(words) * em
	left := x
	if anchor == "middle" {
		left = x - wide/2
	}
	d.put(`<rect class="ground" x="%d" y="%d" width="%d" height="14"/>`, left-2, y-11, wide+4)
	d.say(class, anchor, x, y, words)
}

// wrap breaks words into lines of so many columns, where it can.
func wrap(words string, most int) []string {
	var lines []string
	for _, w := range strings.Fields(words) {
		if n := len(lines); n > 0 && width(lines[n-1])+1+width(w) <= most {
			lines[n-1] += " " + w
		} else {
			lines = append(lines, w)
		}
	}
	if lines == nil {
		return []string{""}
	}
	return lines
}

// sequenceStyle gives each colour twice: programs that draw SVG and know no
// variables, such as librsvg and Inkscape, take the first and leave the second
// alone. Without it they paint all in black.
var sequenceStyle = variable.ReplaceAllStringFunc(sequenceRules, func(rule string) string {
	m := variable.FindStringSubmatch(rule)
	return m[1] + ":" + lightColours[m[2]] + ";" + rule
})

var variable = regexp.MustCompile(`(fill|stroke):var\(--(\w+)\)`)

var lightColours = map[string]string{
	"ink": ink, "grey": grey, "pale": pale, "paper": paper, "blue": blue, "red": red, "orange": orange, "box": paleBlue,
}

const sequenceRules = `
.sequence{--ink:` + ink + `;--grey:` + grey + `;--pale:` + pale + `;--paper:` + paper + `;--blue:` + blue + `;--red:` + red + `;--orange:` + orange + `;--box:` + paleBlue + `}
@media (prefers-color-scheme:dark){.sequence{--ink:#e5e7eb;--grey:#9ca3af;--pale:#4b5563;--paper:#111827;--blue:#93c5fd;--red:#fca5a5;--orange:#fcd34d;--box:#1e3a5f}}
.sequence text{font:11.5px ui-monospace,Menlo,Consolas,"Liberation Mono",monospace;fill:var(--ink)}
.sequence .page,.sequence .ground{fill:var(--paper)}
.sequence .title,.sequence .name{font-weight:600}
.sequence .number,.sequence .note{fill:var(--grey)}
.sequence .head{fill:var(--box);stroke:var(--blue)}
.sequence .life{stroke:var(--pale);stroke-dasharray:2 3}
.sequence line.message,.sequence path.message{stroke:var(--ink);stroke-width:1.5;fill:none}
.sequence .bar{stroke-width:3}
.sequence .joint,.sequence .from{fill:var(--ink)}
.sequence .point{fill:var(--ink);stroke:none}
.sequence line.hidden,.sequence path.hidden{stroke:var(--grey);stroke-dasharray:5 4}
.sequence path.point,.sequence path.point.hidden{fill:var(--ink);stroke:none}
.sequence text.hidden{fill:var(--grey)}
.sequence .gap{stroke:var(--pale)}
.sequence .loop{fill:none;stroke:var(--orange);stroke-width:1.5}
.sequence .loopname{fill:var(--orange);font-weight:600}
.sequence .race{fill:none;stroke:var(--red);stroke-width:1.5;stroke-dasharray:6 3}
.sequence .racename{fill:var(--red);font-weight:600}
.sequence line.wrong,.sequence path.wrong{stroke:var(--red)}
.sequence text.wrong,.sequence path.wrong.point{fill:var(--red)}
.sequence .stuck{stroke:var(--red);stroke-width:2.5;fill:none}
.sequence .stucknote{fill:var(--red)}
.sequence .end{stroke:var(--ink);stroke-width:2.5}
`
