package process

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// However many layers there are, and whatever they grew from, an event is found in those
// that have it, and renamings around each other make of it what they do one after
// the other.
func TestLayersDoWhatTheyDoOneAfterTheOther(tb *testing.T) {
	found, piles := 0, 0
	rapid.Check(tb, func(t *rapid.T) {
		all, set := alphabets()
		channel := func(name string) *value.Head {
			for _, v := range all {
				if h := v.(*value.Dot).Head; h.Name == name {
					return h
				}
			}
			panic("no channel " + name)
		}
		c, d := channel("c"), channel("d")
		number := rapid.Map(rapid.Int64Range(0, 19), func(n int64) value.Value { return value.Num(n) })
		event := rapid.Map(rapid.SampledFrom(all), func(v value.Value) *value.Dot { return v.(*value.Dot) })
		near := rapid.Custom(func(t *rapid.T) *value.Dot { // of few, so that layers meet
			return c.Bare().With(value.Num(rapid.Int64Range(0, 2).Draw(t, "one"))).With(value.Num(rapid.Int64Range(0, 2).Draw(t, "two")))
		})
		s := NewSpace(&value.Keys{})
		relation := rapid.Custom(func(t *rapid.T) *Relation {
			if rapid.IntRange(0, 5).Draw(t, "family") == 0 {
				field := FamilyField{Value: number.Draw(t, "field")}
				return s.Families([]Family{{
					Side{value.Productions(d.Bare()), d, []FamilyField{{}}},
					Side{value.Productions(c.Bare().With(field.Value)), c, []FamilyField{field, {}}},
					[]value.Set{value.IntRange(0, 19)},
				}})
			}
			var ties []Tie
			for range rapid.IntRange(1, 3).Draw(t, "ties") {
				tie := Tie{From: near.Draw(t, "from"), To: near.Draw(t, "to")}
				switch rapid.IntRange(0, 5).Draw(t, "kind") {
				case 0:
					tie.From, tie.To = d.Bare(), c.Bare().With(number.Draw(t, "to"))
				case 1:
					tie.From, tie.To = c.Bare().With(number.Draw(t, "from")), d.Bare()
				}
				ties = append(ties, tie)
			}
			return s.Relation(ties)
		})
		renames := rapid.Bool().Draw(t, "renamings")
		chains := [][]*layer{{nil}} // each with those that it grew by, outermost first
		for range rapid.IntRange(1, 40).Draw(t, "layers") {
			i := rapid.IntRange(0, len(chains)-1).Draw(t, "chain")
			chain := chains[i]
			if n := rapid.IntRange(1, len(chain)).Draw(t, "of it"); n < len(chain) && rapid.IntRange(0, 9).Draw(t, "another") == 0 {
				i, chain = len(chains), slices.Clone(chain[:n])
				chains = append(chains, nil)
			}
			op := s.WithSet(Throw, s.EventSet(set(1).Draw(t, "set")), s.stop, s.stop)
			if renames {
				op = s.WithRelation(Rename, relation.Draw(t, "relation"), s.stop)
			}
			l := s.layer(op, chain[len(chain)-1])
			chains[i] = append(chain, l)
			if rapid.IntRange(0, 3).Draw(t, "is asked") == 0 {
				l.pile()
			}
		}
		for _, chain := range chains {
			for range 10 {
				dot := rapid.OneOf(event, near).Draw(t, "event")
				e, l := s.Event(dot), chain[len(chain)-1]
				if renames {
					checkRenamings(t, s, l, e)
				}
				var first, last *layer
				for x := l; x != nil; x = x.out {
					if args := x.op.args; renames && len(args.rel.Images(e)) > 0 || !renames && args.set.has(e) {
						last = x
						if first == nil {
							first = x
						}
					}
				}
				if got := l.first(e); got != first {
					t.Fatalf("the first with %v is %p, not %p", dot, got, first)
				}
				if got := l.last(e); got != last {
					t.Fatalf("the last with %v is %p, not %p", dot, got, last)
				}
				if first != last {
					found++
				}
			}
			if l := chain[len(chain)-1]; l != nil && l.pile() != chain[1].pile() {
				piles++
			}
		}
	})
	if found == 0 || piles == 0 {
		tb.Errorf("%d events were in several, %d chains had several piles", found, piles)
	}
}

// checkRenamings checks what renamings make of an event, and of what they make it.
func checkRenamings(t *rapid.T, s *Space, l *layer, e model.Event) {
	through := func(e model.Event) (out []model.Event, touched bool) {
		out = []model.Event{e}
		for x := l; x != nil; x = x.out {
			var next []model.Event
			for _, a := range out {
				if images := x.op.args.rel.Images(a); len(images) > 0 {
					next, touched = append(next, images...), true
				} else {
					next = append(next, a)
				}
			}
			out = next
		}
		return out, touched
	}
	want, touched := through(e)
	if got := l.images(e); touched && !slices.Equal(got, want) || !touched && got != nil {
		t.Fatalf("%d becomes %v, not %v (%v)", e, got, want, touched)
	}
	if l == nil || l.out == nil {
		return
	}
	got := slices.Clone(s.composed(l).Sources(e))
	var sources []model.Event
	for a := model.Tick + 1; int(a) < s.events.Len(); a++ {
		if images, touched := through(a); touched && slices.Contains(images, e) {
			sources = append(sources, a)
		}
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, sources) {
		t.Fatalf("%d comes of %v, not of %v", e, got, sources)
	}
}
