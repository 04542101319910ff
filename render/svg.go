package render

import (
	"bytes"
	"context"
	"errors"
	"io"
)

// A Layouter lays out DOT text and writes it as an image; format is "svg", or
// "png" where the Layouter can. The program gives one: this package starts no
// process itself. Package render/graphviz has two.
type Layouter interface {
	Layout(ctx context.Context, dot []byte, format string, w io.Writer) error
}

// SVG lays dot out and writes an <svg> element that can stand in a file of
// its own or inside a page. Nothing is written if the layout fails.
func SVG(ctx context.Context, w io.Writer, dot []byte, l Layouter) error {
	var b bytes.Buffer
	if err := l.Layout(ctx, dot, "svg", &b); err != nil {
		return err
	}
	// Before the element come an XML declaration, a document type whose
	// address a reader may want to fetch, and a comment with the version of
	// Graphviz and the graph's name.
	svg := b.Bytes()
	i, j := bytes.Index(svg, []byte("<svg")), bytes.LastIndex(svg, []byte("</svg>"))
	if i < 0 || j < i {
		return errors.New("render: what the layouter wrote is no SVG")
	}
	svg = bytes.ReplaceAll(svg[i:j:j], []byte(`font-family="`+font+`"`), []byte(`font-family="`+font+`,Helvetica,Liberation Sans,sans-serif"`))
	_, err := w.Write(append(svg, "</svg>\n"...))
	return err
}
