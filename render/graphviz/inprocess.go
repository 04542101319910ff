// Package graphviz lays out DOT text with the Graphviz that the program
// carries, compiled to WebAssembly.
//
// A layout may take for ever, or all memory that it is given. So the program
// lays out in a child process of its own: its hidden subcommand calls
// InProcess once, and Child starts it and kills it when it takes too long.
// Nothing of it is done, and nothing paid for, by a run without pictures.
// Program is an installed dot, for those who ask for it.
package graphviz

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// InProcess lays dot out and writes it to w as format, which must be "svg":
// the Graphviz we carry makes no PNG. That needs an installed one. Nothing is
// written if it fails. It cannot be cancelled.
func InProcess(dot []byte, format string, w io.Writer) (err error) {
	switch format {
	case "svg":
	case "png":
		return errors.New("graphviz: a PNG needs an installed Graphviz (dot); without it there is SVG")
	default:
		return unknownFormat(format)
	}
	ctx := context.Background()
	g, err := newInstance(ctx)
	if err != nil {
		return fmt.Errorf("graphviz: %w", err)
	}
	defer g.Close(ctx)
	svg, err := g.layout(dot)
	if err != nil {
		return fmt.Errorf("graphviz: %w", err)
	}
	_, err = w.Write(svg)
	return err
}

func unknownFormat(format string) error {
	return fmt.Errorf("graphviz: format %q is neither svg nor png", format)
}

// plugins is the list of what Graphviz has been built with, and of an empty one,
// which ends it: a length, and where there is an address in every second word.
func (g *instance) plugins() uint64 {
	given := g.ask("SymList_default")
	n, from := g.read(given), g.read(given+word)
	list, to := g.allocate(2*word), g.allocate(int(n+1)*2*word)
	g.write(list, n+1)
	g.write(list+word, to)
	for i := range n {
		g.write(to+2*word*i, g.read(from+2*word*i))
	}
	g.write(to+2*word*n, g.ask("SymList_zero"))
	return list
}

// layout returns dot as SVG.
func (g *instance) layout(dot []byte) ([]byte, error) {
	g.ask("setError", g.call("wasm_bridge_get_AGMAX")) // nothing on standard error
	graph := g.ask("memRead", g.put(dot))
	if g.err == nil && graph == 0 {
		why := g.text(g.ask("lastError"))
		return nil, fmt.Errorf("the DOT text is not valid: %s", why)
	}
	const demandLoading = 1
	context := g.ask("getContextWithPlugins", g.plugins(), demandLoading)
	failed := g.ask("Context_layout", context, graph, g.put([]byte("dot")))
	if g.err == nil && failed != 0 {
		return nil, fmt.Errorf("the layout failed: %s", g.text(g.ask("lastError")))
	}
	picture, length := g.allocate(word), g.allocate(word)
	failed = g.ask("Context_renderData", context, graph, g.put([]byte("svg")), picture, length)
	svg := g.text(g.read(picture))
	switch {
	case g.err != nil:
		return nil, g.err
	case failed != 0 || len(svg) == 0:
		return nil, errors.New("no picture came out")
	}
	return svg, nil
}
