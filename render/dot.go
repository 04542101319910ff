package render

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/emicklei/dot"
)

// The look of every picture. Colours mean something only together with a
// shape or a line style, so that a picture printed in black and white says
// the same; the background is white, since SVG has none of its own and a
// page may be dark.
const (
	font = "Arial" // one that Graphviz knows the widths of; SVG adds others like it

	ink    = "#1f2937"
	grey   = "#6b7280"
	pale   = "#9ca3af"
	paper  = "#ffffff"
	blue   = "#1d4ed8"
	red    = "#b91c1c"
	green  = "#15803d"
	orange = "#b45309"

	paleBlue   = "#dbeafe"
	paleRed    = "#fee2e2"
	paleGreen  = "#dcfce7"
	paleOrange = "#fef3c7"
	paleGrey   = "#f9fafb"
)

// A drawing is a graph in the making. The library writes nodes sorted by
// their ids, and the order steers the layout: ids carry padded numbers.
type drawing struct {
	*dot.Graph
	nodes map[string]dot.Node
}

// newDrawing returns an empty picture with a title, what it says in plain words
// and, in small print below it, a legend.
func newDrawing(title, words, legend string) *drawing {
	d := &drawing{dot.NewGraph(dot.Directed), make(map[string]dot.Node)}
	var head strings.Builder
	for _, l := range wrap(title, titleWide) {
		head.WriteString(`<FONT POINT-SIZE="14"><B>` + escape(l) + slack(l) + "</B></FONT>" + lineBreak)
	}
	if words != "" {
		head.WriteString(smallGap)
		for _, l := range wrap(words, wordsWide) {
			head.WriteString(`<FONT POINT-SIZE="11">` + escape(l) + slack(l) + "</FONT>" + lineBreak)
		}
	}
	if legend != "" {
		head.WriteString(smallGap + `<FONT POINT-SIZE="10" COLOR="` + grey + `">` + escape(legend) + slack(legend) + "</FONT>" + lineBreak)
	}
	d.Attrs("label", dot.HTML(head.String()+"&#160;"+lineBreak), "labelloc", "t", "labeljust", "l",
		"bgcolor", paper, "pad", "0.3", "nodesep", "0.35", "ranksep", "0.4",
		"fontname", font, "fontcolor", ink)
	return d
}

// The lines of a picture's head, in columns.
const (
	titleWide = 64
	wordsWide = 80
	smallGap  = `<FONT POINT-SIZE="4">&#160;</FONT>` + lineBreak
)

const lineBreak = `<BR ALIGN="LEFT"/>`

// node returns the node of that id, with attributes set in pairs. Ids are
// ours; labels come from users and are escaped.
func (d *drawing) node(id string, attrs ...any) dot.Node {
	n, ok := d.nodes[id]
	if !ok {
		n = d.Node(id)
		n.Attrs("fontname", font, "fontsize", "11", "fontcolor", ink, "color", ink)
		d.nodes[id] = n
	}
	n.Attrs(attrs...)
	return n
}

func (d *drawing) edge(from, to dot.Node, attrs ...any) {
	e := d.Edge(from, to)
	e.Attrs("fontname", font, "fontsize", "11", "fontcolor", ink, "color", ink, "arrowsize", "0.8")
	e.Attrs(attrs...)
}

// write reports the first error of w, which the library's own Write does not.
func (d *drawing) write(w io.Writer) error {
	var b bytes.Buffer
	d.Graph.Write(&b)
	_, err := w.Write(b.Bytes())
	return err
}

// The kinds of states, told apart by shape and colour.
func ordinary(label string) []any {
	return []any{"label", plainLabel(label), "shape", "circle", "style", "filled", "fillcolor", paleGrey, "color", grey,
		"width", "0.42", "height", "0.42", "margin", "0.03"}
}

func initial(label string) []any {
	return []any{"label", plainLabel(label), "shape", "box", "style", "rounded,filled", "fillcolor", paleBlue, "color", blue,
		"penwidth", "1.5", "width", "0.6", "height", "0.36", "margin", "0.1,0.04"}
}

func deadlocked(label string) []any {
	return []any{"label", plainLabel(label), "shape", "octagon", "style", "filled", "fillcolor", paleRed, "color", red,
		"penwidth", "2.5", "width", "0.6", "height", "0.5", "margin", "0.06,0.04"}
}

func terminated(label string) []any {
	return []any{"label", plainLabel(label), "shape", "doublecircle", "style", "filled", "fillcolor", paleGreen, "color", green,
		"penwidth", "1.5", "width", "0.4", "height", "0.4", "margin", "0.03"}
}

// aside is a node that is no state: "… 12 steps left out …".
func aside(label string) []any {
	return []any{"label", plainLabel(label), "shape", "plaintext", "fontcolor", grey, "fontsize", "10",
		"width", "0", "height", "0.3", "margin", "0.05,0.05"}
}

// dotdotdot is the end of a road that nobody took.
func dotdotdot() []any {
	return []any{"label", "…", "shape", "circle", "style", "solid", "color", pale, "fontcolor", grey,
		"fixedsize", "true", "width", "0.24", "height", "0.24", "fontsize", "9"}
}

// plainLabel is a label of one line, centred. Even there Graphviz decodes
// entities; the library doubles backslashes.
func plainLabel(s string) string { return strings.ReplaceAll(s, "&", "&amp;") }

// lines is a label of an edge, one event a line. It stands off the edge a
// little: the spaces are a text of their own, for SVG readers that drop them
// at the start of one.
func lines(events []string) dot.HTML {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, `&#160;&#160;<FONT FACE="%s">%s%s</FONT>%s`, font, escape(e), slack(e), lineBreak)
	}
	return dot.HTML(b.String())
}

// boldLines is lines in bold, with more in small print below if there is
// more.
func boldLines(events []string, more string) dot.HTML {
	var b strings.Builder
	for _, e := range events {
		fmt.Fprintf(&b, "&#160;<B>%s%s</B>%s", escape(e), slack(e), lineBreak)
	}
	if more != "" {
		fmt.Fprintf(&b, `&#160;<FONT POINT-SIZE="9" COLOR="%s">%s%s</FONT>%s`, grey, escape(more), slack(more), lineBreak)
	}
	return dot.HTML(b.String())
}

// slack is room after a text that the reader's font may need: it may be
// wider than Graphviz thinks, bold always is.
func slack(s string) string {
	return strings.Repeat("&#160;", 1+width(s)/10)
}

// firstOf returns at most max events and a line that says how many more.
func firstOf(events []string, max int) []string {
	if len(events) <= max+1 {
		return events
	}
	return append(events[:max:max], "+"+number(len(events)-max)+" more")
}

// escape makes a name harmless in an HTML-like label, where Graphviz reads
// tags, entities and, after either, its own \N and \G, even if the backslash
// was an entity. Names have been through short, which leaves no control
// character.
func escape(s string) string {
	return escaper.Replace(s)
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", `\`, `\\`)
