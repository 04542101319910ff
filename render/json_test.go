package render

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
)

func TestJSON(t *testing.T) {
	for _, s := range stories() {
		var b bytes.Buffer
		if err := JSON(&b, s.ce); err != nil {
			t.Fatal(err)
		}
		if b.Len() < 60000 { // the others are more of the same
			golden(t, s.name+".json", b.Bytes())
		}
		got, err := ReadJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if s.name == "hostile" {
			continue // not all UTF-8
		}
		if d := cmp.Diff(s.ce, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s: -want +got\n%s", s.name, d)
		}
	}
}

func TestErrorEvent(t *testing.T) {
	for _, tt := range []struct {
		impl, spec []string
		want       string
	}{
		{[]string{"a", "b"}, []string{"a"}, "b"},
		{[]string{"a", "τ", "✓", "τ"}, []string{"τ", "a"}, "✓"},
		{[]string{"a"}, []string{"a"}, ""},      // the same trace: refusals differ
		{[]string{"a", "b"}, []string{"c"}, ""}, // not the same story
	} {
		ce := &explore.Counterexample{Impl: explore.Behaviour{Loop: -1}, Spec: &explore.Behaviour{Loop: -1}}
		for _, e := range tt.impl {
			ce.Impl.Steps = append(ce.Impl.Steps, explore.Step{Event: e})
		}
		for _, e := range tt.spec {
			ce.Spec.Steps = append(ce.Spec.Steps, explore.Step{Event: e})
		}
		d, err := NewDocument(ce)
		if err != nil || d.ErrorEvent != tt.want {
			t.Errorf("%v and %v: %q, %v; want %q", tt.impl, tt.spec, d.ErrorEvent, err, tt.want)
		}
	}
}

func TestReadJSONRejects(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{``, "EOF"},
		{`{"version": 3, "type": "deadlock", "implementation_behaviour": {"process": "P", "trace": []}}`, "version 3"},
		{`{"version": 2, "implementation_behaviour": {"steps": [{"event": "a", "others": [{"from": 0, "count": 1}]}]}}`, "step 1: 1 others from number 0 of the step before, which has 0"},
		{`{"version": 2, "implementation_behaviour": {"steps": [{"others": [{"event": "a", "to": -1}]}, {"others": [{"from": 1, "count": 9223372036854775807}]}]}}`, "step 2: "},
		{`{"version": 2, "implementation_behaviour": {"steps": [{"others": [{"event": "a", "to": -1}]}, {"others": [{"from": -1, "count": 2}]}]}}`, "step 2: "},
		{doubling(40), "others in all"},
		{`{"type": "deadlock"}`, "version 0"},
		{`{"version": 1, "type": "deadlock", "implementation_behaviour": {"loop": 0}}`, "loop"},
		{`{"version": 1, "implementation_behaviour": {"waits": [{"component": 0}]}}`, "component 0 of 0"},
		{`{"version": 1, "implementation_behaviour": {}} {}`, "more than one"},
	} {
		if ce, err := ReadJSON(strings.NewReader(tt.in)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, %v; want %s", tt.in, ce, err, tt.want)
		}
	}
}

// someStory draws a counterexample with every field in use, sound but
// senseless.
func someStory() *rapid.Generator[*explore.Counterexample] {
	return rapid.Custom(func(t *rapid.T) *explore.Counterexample {
		ce := &explore.Counterexample{
			Kind: rapid.SampledFrom([]explore.Kind{explore.Deadlock, explore.Termination, explore.Divergence, "other", ""}).Draw(t, "kind"),
			Impl: someBehaviour(t),
		}
		if rapid.Bool().Draw(t, "has a spec") {
			spec := someBehaviour(t)
			ce.Spec = &spec
		}
		return ce
	})
}

func someBehaviour(t *rapid.T) explore.Behaviour {
	name := rapid.OneOf(rapid.SampledFrom([]string{"τ", "✓", "a", "b.1", ""}), rapid.String())
	n := rapid.IntRange(0, 4).Draw(t, "components")
	steps := rapid.IntRange(0, 60).Draw(t, "steps")
	b := explore.Behaviour{Process: name.Draw(t, "process"), Loop: rapid.IntRange(-1, steps-1).Draw(t, "loop")}
	some := func(what string, f func()) {
		for range rapid.IntRange(0, 3).Draw(t, what) {
			f()
		}
	}
	parts := func() (ps []explore.Part) {
		if n > 0 {
			some("parts", func() {
				ps = append(ps, explore.Part{Component: rapid.IntRange(0, n-1).Draw(t, "part"), Event: name.Draw(t, "event"), Label: name.Draw(t, "label")})
			})
		}
		return ps
	}
	roads := func() (bs []explore.Branch) {
		some("roads", func() {
			bs = append(bs, explore.Branch{Event: name.Draw(t, "road"), Hidden: name.Draw(t, "was"), To: rapid.IntRange(-1, steps).Draw(t, "to")})
		})
		return bs
	}
	for range n {
		b.Components = append(b.Components, explore.Component{Name: name.Draw(t, "component"), At: name.Draw(t, "at")})
	}
	for range steps {
		b.Steps = append(b.Steps, explore.Step{Event: name.Draw(t, "event"), Hidden: name.Draw(t, "hidden"), Parts: parts(), Others: roads()})
	}
	b.Final = roads()
	if n > 0 {
		some("waits", func() {
			w := explore.Wait{Component: rapid.IntRange(0, n-1).Draw(t, "waits"), Event: name.Draw(t, "event")}
			some("blockers", func() {
				w.For = append(w.For, explore.Blocker{Component: rapid.IntRange(-1, n-1).Draw(t, "for"), Event: name.Draw(t, "as"), Reason: name.Draw(t, "reason")})
			})
			b.Waits = append(b.Waits, w)
		})
		if rapid.Bool().Draw(t, "ends") {
			for range n {
				status := rapid.SampledFrom([]explore.Status{explore.Running, explore.Terminated, explore.Unborn, explore.Gone}).Draw(t, "status")
				b.Ends = append(b.Ends, explore.End{Status: status, Offers: parts()})
			}
		}
	}
	return b
}

func TestReadingBackGivesTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ce := someStory().Draw(t, "story")
		var b bytes.Buffer
		if err := JSON(&b, ce); err != nil {
			t.Fatal(err)
		}
		got, err := ReadJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(ce, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
	})
}

// The same input gives the same bytes in every form, and no form fails or
// panics on what is sound.
func TestSameInputSameBytes(t *testing.T) {
	forms := map[string]func(*bytes.Buffer, *explore.Counterexample) error{
		"text": func(b *bytes.Buffer, ce *explore.Counterexample) error { return Text(b, ce, TextOptions{Width: 50}) },
		"all": func(b *bytes.Buffer, ce *explore.Counterexample) error {
			return Text(b, ce, TextOptions{All: true, Colour: true})
		},
		"path":  func(b *bytes.Buffer, ce *explore.Counterexample) error { return PathDOT(b, ce) },
		"waits": func(b *bytes.Buffer, ce *explore.Counterexample) error { return WaitsDOT(b, ce) },
		"json":  func(b *bytes.Buffer, ce *explore.Counterexample) error { return JSON(b, ce) },
	}
	rapid.Check(t, func(t *rapid.T) {
		ce := someStory().Draw(t, "story")
		for name, form := range forms {
			var first, second bytes.Buffer
			if err := form(&first, ce); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := form(&second, ce); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Errorf("%s differs: -first +second\n%s", name, cmp.Diff(first.String(), second.String()))
			}
		}
	})
}
