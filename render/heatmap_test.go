package render_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/render"
)

// heat returns a map of axes with so many values each; cell c is that of the
// sorts in turn.
func heatOf(sorts []render.HeatCell, sizes ...int) *render.Heat {
	h := &render.Heat{Title: "a <b> & \"c\"", Notes: []string{"assert P :[deadlock free]", "assert Q [T= \x1b"}, Asked: 2}
	n := 1
	for i, size := range sizes {
		a := render.HeatAxis{Name: fmt.Sprintf("P<%d>", i)}
		for v := range size {
			a.Values = append(a.Values, fmt.Sprint(v))
		}
		h.Axes = append(h.Axes, a)
		n *= size
	}
	for c := range n {
		h.Cells = append(h.Cells, sorts[c%len(sorts)])
	}
	return h
}

var heatSorts = []render.HeatCell{{Minimal: true, Words: "<least>"}, {}, {Failing: 1}, {Failing: 2, Unknown: true}, {Unknown: true}}

func TestHeatMap(t *testing.T) {
	for _, sizes := range [][]int{{1}, {7}, {3, 4}, {2, 3, 4}, {2, 2, 2, 3}, {40, 2, 2}} {
		var b strings.Builder
		h := heatOf(heatSorts, sizes...)
		if err := render.HeatMap(&b, h); err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(strings.NewReader(b.String()))
		count := map[string]int{}
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%v: %v", sizes, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			for _, a := range e.Attr {
				if a.Name.Local == "class" {
					count[e.Name.Local+" "+a.Value]++
				}
			}
		}
		want := map[string]int{}
		for _, c := range h.Cells {
			switch {
			case c.Failing == 2:
				want["g fails hot"]++
			case c.Failing == 1:
				want["g fails"]++
			case c.Unknown:
				want["g unknown"]++
			default:
				want["g holds"]++
			}
			if c.Minimal {
				want["rect minimal"]++
			}
		}
		// The key has each sort that there is once more.
		for _, k := range []string{"g fails hot", "g unknown", "rect minimal"} {
			if want[k] > 0 {
				want[k]++
			}
		}
		want["g holds"]++
		if want["rect minimal"] > 0 {
			want["g holds"]++
		}
		if want["g fails"] > 0 && want["g fails hot"] == 0 {
			want["g fails"]++
		}
		for k, n := range want {
			if count[k] != n {
				t.Errorf("%v: %d of %s, want %d", sizes, count[k], k, n)
			}
		}
		if strings.Contains(b.String(), "\x1b") {
			t.Errorf("%v: what a terminal would act on is in the picture", sizes)
		}
	}
}

func TestHeatMapRefuses(t *testing.T) {
	short := heatOf(heatSorts, 2, 2)
	short.Cells = short.Cells[:3]
	many := heatOf(heatSorts, 2)
	many.Asked = 0
	many.Cells[1].Failing = 1
	for _, h := range []*render.Heat{{}, short, many} {
		if err := render.HeatMap(io.Discard, h); err == nil {
			t.Errorf("%+v is drawn", h)
		}
	}
}
