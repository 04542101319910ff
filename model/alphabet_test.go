package model_test

import (
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/model"
	"pgregory.net/rapid"
)

// Sets of events as maps are the oracle.
type eventSet map[model.Event]bool

func drawSet(t *rapid.T, name string) (eventSet, model.Alphabet) {
	// Numbers on both sides of the borders between words, so that sets
	// differ in length and lose their last word.
	list := rapid.SliceOf(rapid.SampledFrom([]model.Event{1, 2, 3, 62, 63, 64, 65, 127, 128, 200})).Draw(t, name)
	set := eventSet{}
	for _, e := range list {
		set[e] = true
	}
	return set, model.NewAlphabet(list...)
}

func (s eventSet) where(keep func(model.Event) bool) []model.Event {
	var out []model.Event
	for e := range model.Event(256) {
		if keep(e) {
			out = append(out, e)
		}
	}
	return out
}

func TestAlphabetIsASet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		as, a := drawSet(t, "a")
		bs, b := drawSet(t, "b")
		inA, inB := func(e model.Event) bool { return as[e] }, func(e model.Event) bool { return bs[e] }
		same := func(what string, got model.Alphabet, want []model.Event) {
			list := slices.Collect(got.All())
			if !slices.Equal(list, want) {
				t.Errorf("%s: %v, want %v", what, list, want)
			}
			if got.Len() != len(want) {
				t.Errorf("%s has %d events, want %d", what, got.Len(), len(want))
			}
			if !got.Equal(model.NewAlphabet(want...)) {
				t.Errorf("%s does not equal the same set made another way", what)
			}
		}
		same("a", a, as.where(inA))
		same("a ∪ b", a.Union(b), as.where(func(e model.Event) bool { return inA(e) || inB(e) }))
		same("a ∩ b", a.Inter(b), as.where(func(e model.Event) bool { return inA(e) && inB(e) }))
		same("a \\ b", a.Diff(b), as.where(func(e model.Event) bool { return inA(e) && !inB(e) }))
		same("a, after that", a, as.where(inA))
		if got, want := a.SubsetOf(b), len(as.where(func(e model.Event) bool { return inA(e) && !inB(e) })) == 0; got != want {
			t.Errorf("a ⊆ b: %v, want %v", got, want)
		}
		for e := range model.Event(256) {
			if a.Contains(e) != as[e] {
				t.Errorf("%d ∈ a: %v, want %v", e, a.Contains(e), as[e])
			}
		}
	})
}

func TestAlphabetText(t *testing.T) {
	events := model.NewEvents()
	a, b := events.Event("a"), events.Event("left.3")
	for _, tt := range []struct {
		set  model.Alphabet
		want string
	}{
		{model.Alphabet{}, "{}"},
		{model.NewAlphabet(b, a), "{a, left.3}"},
		{model.NewAlphabet(a, model.Tick), "{✓, a}"},
	} {
		if got := tt.set.Text(events); got != tt.want {
			t.Errorf("%s, want %s", got, tt.want)
		}
	}
	if model.NewAlphabet(a).Contains(-1) {
		t.Error("-1 is in {a}")
	}
}

func TestTauIsInNoAlphabet(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an alphabet took τ")
		}
	}()
	model.NewAlphabet(model.Tau)
}
