package render_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// What is told of components is the same after it was written as JSON and
// read back, and what contradicts itself is an error, not a picture.
func TestPartsInJSON(t *testing.T) {
	impl := func() explore.Behaviour {
		return explore.Behaviour{
			Process: "P", Components: []explore.Component{{Name: "A"}, {Name: "B"}}, Loop: -1,
			Steps: []explore.Step{{Event: "w", Parts: []explore.Part{{Component: 0, Event: "w", Label: "w"}}}},
		}
	}
	access := func(c int) explore.Access {
		return explore.Access{Writes: c == 0, Step: explore.Step{Event: "τ", Hidden: "x", Parts: []explore.Part{{Component: c, Event: "x", Label: "x!1", At: "a.csp:1:2"}}}}
	}
	race := func() *explore.Counterexample {
		return &explore.Counterexample{Kind: explore.Race, Impl: impl(), Race: &explore.RaceOf{Variable: "x", Accesses: [2]explore.Access{access(0), access(1)}}}
	}
	leak := func() *explore.Counterexample {
		return &explore.Counterexample{Kind: explore.Leak, Impl: impl(), Stuck: &explore.StuckOf{Task: "B", Components: []int{1}, Since: 1, Main: "A", MainComponents: []int{0}}}
	}
	starves := func() *explore.Counterexample {
		ce := &explore.Counterexample{Kind: explore.Starvation, Impl: impl(), Stuck: &explore.StuckOf{Task: "B", Components: []int{1}, Fair: "weak", Suffices: "strong"}}
		ce.Impl.Loop = 0
		return ce
	}
	overtaken := func() *explore.Counterexample {
		return &explore.Counterexample{Kind: explore.Bypass, Impl: impl(), Overtaken: &explore.OvertakenOf{Task: "B", Components: []int{1}, By: []int{0}}}
	}
	for _, ce := range []*explore.Counterexample{race(), leak(), starves(), overtaken(), {Kind: explore.Panic, Impl: impl()}} {
		var b bytes.Buffer
		if err := render.JSON(&b, ce); err != nil {
			t.Fatal(err)
		}
		got, err := render.ReadJSON(&b)
		if err != nil || !reflect.DeepEqual(got, ce) {
			t.Errorf("%v, %+v, want %+v", err, got, ce)
		}
	}
	var text strings.Builder
	if err := render.Text(&text, race(), render.TextOptions{}); err != nil || !strings.Contains(text.String(), "A at a.csp:1:2 writes by τ (x), there x!1, and B") {
		t.Errorf("%v\n%s", err, &text)
	}
	for name, tamper := range map[string]func() *explore.Counterexample{
		"a race without accesses": func() *explore.Counterexample { ce := race(); ce.Race = nil; return ce },
		"an unknown component":    func() *explore.Counterexample { ce := race(); ce.Race.Accesses[1].Parts[0].Component = 2; return ce },
		"nobody is stuck":         func() *explore.Counterexample { ce := leak(); ce.Stuck = nil; return ce },
		"since too late":          func() *explore.Counterexample { ce := leak(); ce.Stuck.Since = 2; return ce },
		"an unknown task":         func() *explore.Counterexample { ce := leak(); ce.Stuck.Components = []int{7}; return ce },
		"nobody starves":          func() *explore.Counterexample { ce := starves(); ce.Stuck = nil; return ce },
		"it starves for a while":  func() *explore.Counterexample { ce := starves(); ce.Impl.Loop = -1; return ce },
		"it starves too late":     func() *explore.Counterexample { ce := starves(); ce.Stuck.Since = 1; return ce },
		"nobody is overtaken":     func() *explore.Counterexample { ce := overtaken(); ce.Overtaken = nil; return ce },
		"overtaken by no step":    func() *explore.Counterexample { ce := overtaken(); ce.Overtaken.By[0] = 1; return ce },
		"overtaken before":        func() *explore.Counterexample { ce := overtaken(); ce.Overtaken.Since = 1; return ce },
		"overtaken is nobody":     func() *explore.Counterexample { ce := overtaken(); ce.Overtaken.Components[0] = 2; return ce },
		"overtaken and a panic":   func() *explore.Counterexample { ce := overtaken(); ce.Kind = explore.Panic; return ce },
		"no step is a panic": func() *explore.Counterexample {
			return &explore.Counterexample{Kind: explore.Panic, Impl: explore.Behaviour{Loop: -1}}
		},
	} {
		if render.Text(&text, tamper(), render.TextOptions{}) == nil || render.PathDOT(&text, tamper()) == nil || render.JSON(&text, tamper()) == nil {
			t.Errorf("%s, and it is drawn", name)
		}
	}
}
