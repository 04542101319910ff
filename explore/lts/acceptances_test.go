package lts

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// The acceptances of a node are the least of what its stable states offer, and
// what it accepts has one of them in it, whether they are few or many.
func TestAcceptancesAreTheLeast(t *testing.T) {
	many := 0
	rapid.Check(t, func(t *rapid.T) {
		event := rapid.Custom(func(t *rapid.T) model.Event {
			return model.Tick + model.Event(rapid.SampledFrom([]int{0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144}).Draw(t, "event"))
		})
		least := rapid.SampledFrom([]int{0, 1, 2, 3}).Draw(t, "least")
		set := rapid.Custom(func(t *rapid.T) acceptance {
			a := acceptance(rapid.SliceOfN(event, least, 4).Draw(t, "offer"))
			slices.Sort(a)
			return slices.Compact(a)
		})
		most := rapid.SampledFrom([]int{1, 3, 12, 40}).Draw(t, "most")
		offers := rapid.SliceOfN(set, most, most).Draw(t, "offers")
		events := model.NewEvents()
		for range 150 {
			events.Event(string(rune('a' + events.Len())))
		}
		b := model.NewMachine("M", events)
		b.States(1)
		for _, a := range offers {
			s := b.States(1)
			b.Add(0, model.Tau, s)
			for _, e := range a {
				if e == model.Tick {
					b.Add(s, e, b.States(1))
				} else {
					b.Add(s, e, 0)
				}
			}
		}
		b.Start(0)
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		n, err := NewNormal(explore.Machine(m), Failures, func(*Normal) error { return nil })
		if err != nil {
			t.Fatal(err)
		}
		within := func(a, b acceptance) bool {
			return !slices.ContainsFunc(a, func(e model.Event) bool { return !slices.Contains(b, e) })
		}
		want := [][]model.Event{}
		for _, a := range offers {
			if !slices.ContainsFunc(offers, func(b acceptance) bool { return len(b) < len(a) && within(b, a) }) {
				want = append(want, a)
			}
		}
		slices.SortFunc(want, slices.Compare)
		want = slices.CompactFunc(want, slices.Equal)
		if got := n.Acceptances(0); !slices.EqualFunc(got, want, slices.Equal) {
			t.Fatalf("of %v the least are %v, not %v", offers, got, want)
		}
		if len(want) > fewAcceptances {
			many++
		}
		for range 20 {
			offered := rapid.Permutation(append(set.Draw(t, "offered"), set.Draw(t, "more")...)).Draw(t, "order")
			accepts := slices.ContainsFunc(offers, func(a acceptance) bool { return within(a, offered) })
			if got := n.Accepts(0, offered); got != accepts {
				t.Fatalf("that %v is accepted by one of %v: %v", offered, offers, got)
			}
		}
	})
	if many == 0 {
		t.Error("they are never many")
	}
}
