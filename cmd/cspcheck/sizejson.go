package main

import "github.com/cspcheck/cspcheck/render"

// The JSON form of size: docs/json.md.
type (
	jsonSizes struct {
		Version    int         `json:"version"`
		File       string      `json:"file"`
		Assertions []string    `json:"assertions"`
		Params     []jsonParam `json:"params"`
		Cells      []jsonCell  `json:"cells"`
		Minimal    []jsonLeast `json:"minimal"`
		Tight      []jsonLeast `json:"tight"`
	}
	jsonParam struct {
		Name    string           `json:"name"`
		Values  []int            `json:"values"`
		Effect  effect           `json:"effect"`
		Certain bool             `json:"certain"`
		Gain    []map[string]int `json:"gain,omitempty"`
		Loss    []map[string]int `json:"loss,omitempty"`
	}
	jsonCell struct {
		Values   map[string]int `json:"values"`
		Verdict  string         `json:"verdict"`
		Verdicts []string       `json:"verdicts"`
		Reason   string         `json:"reason,omitempty"`
	}
	jsonLeast struct {
		Values  map[string]int `json:"values"`
		Certain bool           `json:"certain"`
		Below   []jsonBelow    `json:"below"`
	}
	jsonBelow struct {
		Values          map[string]int     `json:"values"`
		Verdict         string             `json:"verdict"`
		Assertion       string             `json:"assertion_string,omitempty"`
		File            string             `json:"file,omitempty"`
		Line            int                `json:"line,omitempty"`
		Counterexamples []*render.Document `json:"counterexamples"`
	}
)

func (s *sizer) json() *jsonSizes {
	f := s.findings()
	out := &jsonSizes{
		Version: jsonVersion, File: s.name, Assertions: s.picked, Cells: []jsonCell{},
		Minimal: s.jsonLeast(f.least), Tight: s.jsonLeast(f.tight),
	}
	for p, m := range f.effects {
		jp := jsonParam{Name: s.grid.params[p].name, Values: s.grid.params[p].values, Effect: m.effect, Certain: m.certain}
		for _, w := range []struct {
			cells [2]int
			out   *[]map[string]int
		}{{m.gain, &jp.Gain}, {m.loss, &jp.Loss}} {
			if w.cells[0] >= 0 {
				*w.out = []map[string]int{s.values(w.cells[0]), s.values(w.cells[1])}
			}
		}
		out.Params = append(out.Params, jp)
	}
	for c := range s.cells {
		x := &s.cells[c]
		jc := jsonCell{Values: s.values(c), Verdict: string(x.answer), Reason: x.reason, Verdicts: []string{}}
		if x.known() {
			jc.Reason = ""
		}
		for _, answer := range x.answers {
			jc.Verdicts = append(jc.Verdicts, string(answer))
		}
		out.Cells = append(out.Cells, jc)
	}
	return out
}

// values is a combination.
func (g *grid) values(c int) map[string]int {
	out := map[string]int{}
	for p := range g.params {
		out[g.params[p].name] = g.value(c, p)
	}
	return out
}

func (s *sizer) jsonLeast(ls []least) []jsonLeast {
	out := []jsonLeast{}
	for _, l := range ls {
		jl := jsonLeast{Values: s.values(l.cell), Certain: l.certain, Below: []jsonBelow{}}
		for _, c := range l.before {
			x := &s.cells[c]
			b := jsonBelow{Values: s.values(c), Verdict: string(x.answer), Counterexamples: []*render.Document{}}
			if x.worst != nil {
				b.Assertion, b.File, b.Line = x.worst.Text, x.worst.At.File, x.worst.At.Line
				if ce := x.worst.verdict.Counterexample; ce != nil {
					d, err := render.NewDocument(ce)
					if err != nil {
						panic(err) // it is ours
					}
					b.Counterexamples = append(b.Counterexamples, d)
				}
			}
			jl.Below = append(jl.Below, b)
		}
		out = append(out, jl)
	}
	return out
}
