package format

import (
	"bytes"
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// Lines wider than this are broken. Comments at their ends do not count.
const maxWidth = 120

const step = 2 // the indentation of what stands in something

// No line begins further to the right than this.
const maxIndent = 80

// A hang says where a token stands with which a line begins.
type hang struct {
	mode hangMode
	base int // a token before it
	plus int // columns to the right of what mode says
}

type hangMode byte

const (
	unset hangMode = iota
	// margin is the left margin.
	margin
	// under is where token base stands.
	under
	// content is where what the bracket base holds begins: under the token after
	// it, or, if that begins a line, further in than the line of the bracket.
	content
	// closing is the place of the bracket that goes with base: under it, or, if
	// base is the last token of its line, where that line begins.
	closing
)

// A layout puts tokens on lines.
type layout struct {
	toks   []tok
	cols   []int // where each token before next stands
	margin []int // where the line of each begins
	rows   []int // which line each stands on
	broken map[int]bool
	lines  []line

	code strings.Builder // the line being written
	col  int
	from int // where that line begins
}

// A line is a line of the result.
type line struct {
	code   string
	note   string // the comment at its end, or ""
	srcCol int    // of the note
	blanks int    // before the note in the source
}

func (l *layout) run() []byte {
	l.cols = make([]int, len(l.toks))
	l.margin = make([]int, len(l.toks))
	l.rows = make([]int, len(l.toks))
	l.broken = map[int]bool{}
	for i := range l.toks {
		l.notes(i)
		if i == len(l.toks)-1 {
			break
		}
		t := &l.toks[i]
		switch {
		case t.lines > 0 || i == 0 && len(t.notes) == 0:
			l.begin(t.lines, l.place(t.hang))
		case l.breaks(i):
			l.begin(1, l.place(t.hang))
		case len(t.notes) == 0:
			l.pad(l.next(i, l.col))
		default:
			if !t.tightLeft {
				l.pad(l.col + 1)
			}
		}
		l.put(i)
		if l.starts(i) || t.tall() {
			l.wrap(i)
		}
	}
	l.end()
	return l.text()
}

// starts tells whether token i begins its line, comments aside.
func (l *layout) starts(i int) bool { return i == 0 || l.toks[i].newline() || l.breaks(i) }

// breaks tells whether a newline is put before token i, where none was.
func (l *layout) breaks(i int) bool {
	t := &l.toks[i]
	return i > 0 && len(t.notes) == 0 && (l.broken[i] || t.chain != nil && t.chain.broken && wraps(&l.toks[i-1], t))
}

// next returns where token i stands if the one before it ends at col, on the
// same line and without a comment between them.
func (l *layout) next(i, col int) int {
	if i == 0 {
		return col
	}
	t, before := &l.toks[i], &l.toks[i-1]
	if !before.tightRight && !t.tightLeft {
		col++
	}
	if t.pad > 0 && l.rows[t.padFrom] == len(l.lines) {
		if padded := l.cols[t.padFrom] + t.pad; padded <= maxIndent {
			col = max(col, padded)
		}
	}
	return col
}

// place returns the column that h says. What would begin too far to the right
// begins a little further in than the line of what it belongs to.
func (l *layout) place(h hang) int {
	col := 0
	switch h.mode {
	case under:
		col = l.cols[h.base] + h.plus
	case content:
		col = l.cols[h.base+1]
		if l.block(h.base) {
			col = l.margin[h.base] + step
		}
	case closing:
		col = l.cols[h.base]
		if l.block(h.base) {
			col = l.margin[h.base]
		}
	}
	if col > maxIndent {
		col = min(maxIndent, l.margin[h.base]+2*step)
	}
	return col
}

// block tells whether the bracket is the last token on its line.
func (l *layout) block(bracket int) bool { return l.starts(bracket + 1) }

// notes writes the comments before token i.
func (l *layout) notes(i int) {
	t := &l.toks[i]
	h := t.noteHang
	if h.mode == unset {
		h = t.hang
	}
	for k, n := range t.notes {
		after := t.lines
		if k+1 < len(t.notes) {
			after = t.notes[k+1].lines
		}
		ends := after > 0 && !strings.Contains(n.text, "\n")
		switch {
		case n.lines > 0 || len(l.lines) == 0 && l.code.Len() == 0:
			if ends && n.lines == 1 && l.continues(n) {
				l.end()
				l.lines = append(l.lines, line{note: n.text, srcCol: n.srcCol, blanks: n.srcCol})
				continue
			}
			l.begin(n.lines, l.place(h))
		case ends && l.code.Len() > 0:
			code := strings.TrimRight(l.code.String(), " ")
			l.code.Reset()
			l.lines = append(l.lines, line{code, n.text, n.srcCol, n.blanks})
			continue
		case i > 0 && !(k == 0 && l.toks[i-1].tightRight && l.toks[i-1].Kind == syntax.SymbolToken):
			l.pad(l.col + 1)
		}
		l.write(n.text)
	}
}

// continues tells whether a comment goes on with the one at the end of the line
// above, under which it stands.
func (l *layout) continues(n note) bool {
	if l.code.Len() > 0 || len(l.lines) == 0 {
		return false
	}
	last := l.lines[len(l.lines)-1]
	return last.note != "" && last.srcCol == n.srcCol
}

// begin begins a line at a column; more newlines than one leave a line empty.
func (l *layout) begin(newlines, col int) {
	l.end()
	if newlines > 1 && len(l.lines) > 0 {
		l.lines = append(l.lines, line{})
	}
	l.col, l.from = 0, col
	l.pad(col)
}

// end ends the line being written, if there is one.
func (l *layout) end() {
	if l.code.Len() > 0 {
		l.lines = append(l.lines, line{code: strings.TrimRight(l.code.String(), " ")})
		l.code.Reset()
	}
}

// pad writes blanks up to a column.
func (l *layout) pad(col int) {
	for ; l.col < col; l.col++ {
		l.code.WriteByte(' ')
	}
}

func (l *layout) write(text string) {
	l.code.WriteString(text)
	if strings.Contains(text, "\n") {
		l.col = 0
	}
	l.col += width(text)
}

// put writes token i.
func (l *layout) put(i int) {
	l.cols[i], l.margin[i], l.rows[i] = l.col, l.from, len(l.lines)
	l.write(l.toks[i].text)
}

// wrap sees to it that the line that token first begins is not too wide: it
// chooses one place to break it. What comes after it is a line of its own, and
// is asked about in its turn.
func (l *layout) wrap(first int) {
	best, col := 0, l.col
	for i := first + 1; i < len(l.toks)-1; i++ {
		t := &l.toks[i]
		if t.newline() || l.breaks(i) || t.tall() {
			break
		}
		for _, n := range t.notes {
			col += 1 + width(n.text)
		}
		fits := col <= maxWidth
		col = l.next(i, col)
		l.cols[i] = col // as far as is known: what is padded looks at it
		col += width(t.text)
		if t.rank > 0 && len(t.notes) == 0 && wraps(&l.toks[i-1], t) && l.gains(i, first) {
			switch b := &l.toks[best]; {
			case best == 0, fits && t.rank <= b.rank:
				best = i
			}
		}
		if col > maxWidth && best > 0 {
			if t := &l.toks[best]; t.chain != nil {
				t.chain.broken = true
			} else {
				l.broken[best] = true
			}
			return
		}
	}
}

// gains tells whether token i stands further to the left on a line of its own.
func (l *layout) gains(i, first int) bool { return l.place(l.toks[i].hang) < l.cols[i] }

// text returns the lines, with the comments at their ends put below each other.
func (l *layout) text() []byte {
	for i := 0; i < len(l.lines); {
		if l.lines[i].note == "" {
			i++
			continue
		}
		end, col, apart := i, 0, false
		for ; end < len(l.lines) && l.lines[end].note != "" && l.lines[end].srcCol == l.lines[i].srcCol; end++ {
			col = max(col, width(l.lines[end].code)+1)
			apart = apart || l.lines[end].blanks > 1
		}
		if apart {
			col = max(col, l.lines[i].srcCol)
		}
		for ; i < end; i++ {
			n := &l.lines[i]
			n.code += strings.Repeat(" ", col-width(n.code)) + n.note
		}
	}
	var b bytes.Buffer
	for _, n := range l.lines {
		b.WriteString(n.code)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
