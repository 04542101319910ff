package process

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// alphabets returns events, which belong to one space, and sets of them.
func alphabets() (all []value.Value, set func(depth int) *rapid.Generator[value.Set]) {
	numbers := value.IntRange(0, 19)
	events := &value.Type{Name: "Event"}
	channel := func(name string, fields ...value.Set) *value.Head {
		h := &value.Head{Name: name, Order: len(events.Heads), Type: events, Fields: func() []value.Set { return fields }}
		events.Heads = append(events.Heads, h)
		return h
	}
	c, d, e := channel("c", numbers, numbers), channel("d", numbers), channel("e")
	all = value.Listed(&value.Values{Of: events})
	field := rapid.Custom(func(t *rapid.T) value.Set {
		from := rapid.Int64Range(0, 19).Draw(t, "from")
		return value.IntRange(from, rapid.SampledFrom([]int64{from, from, from + 3, from + 12}).Draw(t, "to")%20)
	})
	set = func(depth int) *rapid.Generator[value.Set] {
		return rapid.Custom(func(t *rapid.T) value.Set {
			if depth > 0 {
				x, y := set(depth-1).Draw(t, "x"), set(depth-1).Draw(t, "y")
				switch rapid.IntRange(0, 4).Draw(t, "operator") {
				case 0:
					return value.Union(x, y)
				case 1:
					return value.Diff(x, y)
				}
			}
			switch rapid.IntRange(0, 6).Draw(t, "kind") {
			case 0:
				return value.SetOf(rapid.SliceOfN(rapid.SampledFrom(all), 0, 3).Draw(t, "events")...)
			case 1:
				return value.Productions(rapid.SampledFrom([]*value.Head{c, d, e}).Draw(t, "channel").Bare())
			case 2:
				return value.Productions(c.Bare().With(value.Num(rapid.Int64Range(0, 19).Draw(t, "first"))))
			case 3:
				return &value.Values{Of: events}
			}
			s, ok := value.WithFields(c, []value.Set{field.Draw(t, "one"), field.Draw(t, "two")})
			if !ok {
				t.Fatal("no set of events")
			}
			if rapid.Bool().Draw(t, "differing") {
				if s, ok := value.Differing(s, 0, 1); ok {
					return s
				}
			}
			return s
		})
	}
	return all, set
}

// Whose alphabets have an event is what each says that is asked.
func TestPartiesAreThoseWhoseAlphabetsHaveTheEvent(tb *testing.T) {
	rapid.Check(tb, func(t *rapid.T) {
		all, set := alphabets()
		s := NewSpace(&value.Keys{})
		a := &args{space: s}
		for range rapid.IntRange(1, 30).Draw(t, "operands") {
			es := s.EventSet(set(2).Draw(t, "alphabet"))
			if rapid.IntRange(0, 9).Draw(t, "complement") == 0 {
				es = s.Except(es.set)
			}
			a.sets = append(a.sets, es)
		}
		for _, v := range all {
			e := s.Event(v.(*value.Dot))
			var want []int32
			for i, es := range a.sets {
				if es.Contains(e) {
					want = append(want, int32(i))
				}
			}
			if got := s.who(a, e); !slices.Equal(got, want) {
				t.Fatalf("%s is in the alphabets of %v, not of %v", value.Show(v), want, got)
			}
		}
	})
}
