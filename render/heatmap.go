package render

import (
	"errors"
	"fmt"
	"html"
	"io"
	"strings"
)

// A Heat says how many of some assertions fail with each combination of some
// values.
type Heat struct {
	Title string
	Notes []string   // the assertions
	Asked int        // how many there are
	Axes  []HeatAxis // at least one
	Cells []HeatCell // of all combinations, the last axis counting fastest
}

// A HeatAxis is a parameter and its values.
type HeatAxis struct {
	Name   string
	Values []string
}

// A HeatCell is a combination.
type HeatCell struct {
	Failing int
	Unknown bool   // whether more fail, or any
	Minimal bool   // all hold, and with nothing smaller
	Words   string // shown where the pointer rests
}

// HeatMap draws a map as SVG: the last axis goes to the right, the one before
// it down, and there is a map for each combination of the others. What
// satisfies all is blue, and the more fails the redder it is; each cell says
// in a sign what its colour says, so that the map can be read without. It
// follows the reader's choice of a light or a dark screen.
func HeatMap(w io.Writer, h *Heat) error {
	n := 1
	for _, a := range h.Axes {
		n *= len(a.Values)
	}
	if len(h.Axes) == 0 || n == 0 || n != len(h.Cells) {
		return fmt.Errorf("render: a heat map of %d axes and %d cells", len(h.Axes), len(h.Cells))
	}
	for _, c := range h.Cells {
		if c.Failing < 0 || c.Failing > h.Asked {
			return errors.New("render: more fail than were asked")
		}
	}
	_, err := io.WriteString(w, newHeatDrawing(h).draw())
	return err
}

// Sizes in pixels.
const (
	cellHigh   = 30
	cellLess   = 38
	panelGap   = 34
	widestHeat = 1000 // that panels beside each other are to have, if they can
)

type heatDrawing struct {
	*Heat
	b           strings.Builder
	rows, cols  HeatAxis
	cellWide    int
	left, top   int // of a panel's cells, in the panel
	wide, high  int // of a panel
	panels      int
	across      int // panels beside each other
	title, note []string
}

func newHeatDrawing(h *Heat) *heatDrawing {
	d := &heatDrawing{Heat: h, rows: HeatAxis{Values: []string{""}}, cols: h.Axes[len(h.Axes)-1], cellWide: cellLess}
	if len(h.Axes) > 1 {
		d.rows = h.Axes[len(h.Axes)-2]
	}
	for _, v := range d.cols.Values {
		d.cellWide = max(d.cellWide, width(short(v, maxEvent))*em+12)
	}
	d.left = width(short(d.rows.Name, maxEvent))*em + 10
	for _, v := range d.rows.Values {
		d.left = max(d.left, width(short(v, maxEvent))*em+10)
	}
	d.top = 40
	if len(h.Axes) > 2 {
		d.top += 20
	}
	d.wide = d.left + d.cellWide*len(d.cols.Values)
	d.wide = max(d.wide, d.left+width(short(d.cols.Name, maxEvent))*em)
	d.high = d.top + cellHigh*len(d.rows.Values)
	d.panels = len(h.Cells) / len(d.rows.Values) / len(d.cols.Values)
	d.across = min(d.panels, max(1, (widestHeat-2*margin)/(d.wide+panelGap)))
	return d
}

func (d *heatDrawing) put(format string, args ...any) { fmt.Fprintf(&d.b, format+"\n", args...) }

func (d *heatDrawing) say(class, anchor string, x, y int, words string) {
	d.put(`<text class="%s" text-anchor="%s" x="%d" y="%d">%s</text>`, class, anchor, x, y, html.EscapeString(words))
}

func (d *heatDrawing) draw() string {
	key := d.key()
	wide := max(2*margin+d.across*(d.wide+panelGap)-panelGap, 2*margin+d.keyWide(key), 420)
	d.title = wrap(plain(d.Title), (wide-2*margin)/em)
	for i, n := range d.Notes {
		const most = 12
		if i == most && len(d.Notes) > most+1 {
			d.note = append(d.note, fmt.Sprintf("… and %d more", len(d.Notes)-most))
			break
		}
		d.note = append(d.note, short(n, (wide-2*margin)/em))
	}
	down := (d.panels + d.across - 1) / d.across
	top := margin + 10 + 17*len(d.title)
	keyAt := top + down*(d.high+panelGap)
	high := keyAt + 26 + 16*len(d.note) + margin
	d.put(`<svg xmlns="http://www.w3.org/2000/svg" role="img" class="heat" width="%d" height="%d" viewBox="0 0 %d %d">`, wide, high, wide, high)
	d.put("<title>%s</title>", html.EscapeString(plain(d.Title)))
	d.put("<style>%s</style>", heatStyle)
	d.put(`<defs><pattern id="unknown" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/><line class="hatch" y2="6"/></pattern></defs>`)
	d.put(`<rect class="page" width="%d" height="%d"/>`, wide, high)
	for i, line := range d.title {
		d.say("title", "start", margin, margin+10+17*i, line)
	}
	for p := range d.panels {
		d.panel(p, margin+p%d.across*(d.wide+panelGap), top+p/d.across*(d.high+panelGap))
	}
	d.drawKey(key, keyAt)
	for i, n := range d.note {
		d.say("note", "start", margin, keyAt+40+16*i, n)
	}
	d.put("</svg>")
	return d.b.String()
}

// panel draws the map of one combination of the axes before the last two.
func (d *heatDrawing) panel(p, x, y int) {
	top := y
	if len(d.Axes) > 2 {
		var words []string
		rest := p
		for i := len(d.Axes) - 3; i >= 0; i-- {
			a := d.Axes[i]
			words = append([]string{a.Name + "=" + a.Values[rest%len(a.Values)]}, words...)
			rest /= len(a.Values)
		}
		d.say("name", "start", x, y+12, short(strings.Join(words, " "), max(8, d.wide/em)))
		top += 20
	}
	d.say("axis", "start", x+d.left, top+12, short(d.cols.Name, maxEvent))
	d.say("axis", "end", x+d.left-8, top+32, short(d.rows.Name, maxEvent))
	for j, v := range d.cols.Values {
		d.say("value", "middle", x+d.left+j*d.cellWide+d.cellWide/2, top+32, short(v, maxEvent))
	}
	for i, v := range d.rows.Values {
		at := y + d.top + i*cellHigh
		d.say("value", "end", x+d.left-8, at+19, short(v, maxEvent))
		for j := range d.cols.Values {
			c := (p*len(d.rows.Values)+i)*len(d.cols.Values) + j
			d.cell(&d.Cells[c], x+d.left+j*d.cellWide, at)
		}
	}
}

// cell draws one, with a sign.
func (d *heatDrawing) cell(c *HeatCell, x, y int) {
	class, sign, style := "holds", "✓", ""
	switch {
	case c.Failing > 0:
		class, sign = "fails", "✗"
		if d.Asked > 1 {
			sign = fmt.Sprint(c.Failing)
		}
		strong := heat(c.Failing, d.Asked)
		if style = fmt.Sprintf(` fill-opacity="%.2f"`, strong); strong > 0.7 {
			class += " hot"
		}
	case c.Unknown:
		class, sign = "unknown", "?"
	}
	d.put(`<g class="%s"><title>%s</title>`, class, html.EscapeString(plain(c.Words)))
	d.put(`<rect class="cell" x="%d" y="%d" width="%d" height="%d"%s/>`, x+1, y+1, d.cellWide-2, cellHigh-2, style)
	if c.Minimal {
		d.put(`<rect class="minimal" x="%d" y="%d" width="%d" height="%d"/>`, x+3, y+3, d.cellWide-6, cellHigh-6)
	}
	d.say("sign", "middle", x+d.cellWide/2, y+19, sign)
	d.put("</g>")
}

// heat is how strong the colour of so many failing is.
func heat(failing, asked int) float64 { return 0.3 + 0.7*float64(failing)/float64(max(asked, 1)) }

// key returns the sorts of cells that there are, each with what it means.
func (d *heatDrawing) key() []HeatCell {
	var some [4]bool
	most := 0
	for _, c := range d.Cells {
		most = max(most, c.Failing)
		switch {
		case c.Failing > 0:
			some[2] = true
		case c.Unknown:
			some[3] = true
		default:
			some[0] = true
			some[1] = some[1] || c.Minimal
		}
	}
	failing := "fails"
	if d.Asked > 1 {
		failing = fmt.Sprintf("so many of %d fail", d.Asked)
	}
	var key []HeatCell
	for i, c := range []HeatCell{{Words: "all hold"}, {Minimal: true, Words: "and with nothing smaller"}, {Failing: most, Words: failing}, {Unknown: true, Words: "unknown"}} {
		if some[i] {
			key = append(key, c)
		}
	}
	return key
}

func (d *heatDrawing) keyWide(key []HeatCell) int {
	n := 0
	for i := range key {
		n += d.cellWide + 8 + width(key[i].Words)*em + 20
	}
	return n
}

func (d *heatDrawing) drawKey(key []HeatCell, y int) {
	x := margin
	for i := range key {
		d.cell(&key[i], x, y-8)
		x += d.cellWide + 8
		d.say("note", "start", x, y+11, key[i].Words)
		x += width(key[i].Words)*em + 20
	}
}

const heatStyle = `
.heat{--ink:` + ink + `;--grey:` + grey + `;--pale:` + pale + `;--paper:` + paper + `;--blue:` + blue + `;--red:` + red + `;--box:` + paleBlue + `}
@media (prefers-color-scheme:dark){.heat{--ink:#e5e7eb;--grey:#9ca3af;--pale:#4b5563;--paper:#111827;--blue:#93c5fd;--red:#b91c1c;--box:#1e3a5f}}
.heat text{font:11.5px ui-monospace,Menlo,Consolas,"Liberation Mono",monospace;fill:var(--ink)}
.heat .page,.heat .ground{fill:var(--paper)}
.heat .title,.heat .name,.heat .axis,.heat .sign{font-weight:600}
.heat .note{fill:var(--grey)}
.heat .cell{stroke:var(--pale)}
.heat .holds .cell{fill:var(--box)}
.heat .holds .sign{fill:var(--blue)}
.heat .fails .cell{fill:var(--red)}
.heat .hot .sign{fill:#fff}
.heat .unknown .sign{paint-order:stroke;stroke:var(--paper);stroke-width:5px}
.heat .unknown .cell{fill:url(#unknown)}
.heat .hatch{stroke:var(--pale);stroke-width:2}
.heat .minimal{fill:none;stroke:var(--blue);stroke-width:2.5}
`
