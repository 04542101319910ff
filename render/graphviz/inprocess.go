// Package graphviz lays out DOT text with the Graphviz that the program
// carries, compiled to WebAssembly.
//
// That Graphviz cannot be stopped once it runs, and a crash may break it for
// good. So the program renders in a child process of its own: its hidden
// subcommand calls InProcess once, and Child starts it and kills it when it
// takes too long. Program is an installed dot, for those who ask for it.
package graphviz

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"

	goviz "github.com/goccy/go-graphviz"
)

var running sync.Mutex // the module is one, and not made for two callers

// InProcess lays dot out and writes it to w as format, which must be "svg":
// the PNGs of the Graphviz we carry lack outlines and fill open curves. Those
// need an installed Graphviz. Nothing is written if it fails. It cannot be
// cancelled.
func InProcess(dot []byte, format string, w io.Writer) (err error) {
	switch format {
	case "svg":
	case "png":
		return errors.New("graphviz: a PNG needs an installed Graphviz (dot); without it there is SVG")
	default:
		return unknownFormat(format)
	}
	running.Lock()
	defer running.Unlock()
	defer func() { // the module's crashes
		if r := recover(); r != nil {
			err = fmt.Errorf("graphviz: %v", r)
		}
	}()

	graph, err := goviz.ParseBytes(dot)
	if err != nil {
		return fmt.Errorf("graphviz: the DOT text is not valid: %w", err)
	}
	defer graph.Close()
	ctx := context.Background()
	g, err := goviz.New(ctx)
	if err != nil {
		return fmt.Errorf("graphviz: %w", err)
	}
	defer g.Close()
	var out bytes.Buffer
	if err := g.Render(ctx, graph, goviz.SVG, &out); err != nil {
		return fmt.Errorf("graphviz: %w", err)
	}
	if out.Len() == 0 {
		return errors.New("graphviz: no picture came out")
	}
	_, err = w.Write(out.Bytes())
	return err
}

func unknownFormat(format string) error {
	return fmt.Errorf("graphviz: format %q is neither svg nor png", format)
}
