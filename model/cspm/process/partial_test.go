package process_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A side is a script with a specification and an implementation.
type side struct{ text, spec, impl string }

// drawSides draws a refinement of traces that has something to narrow, often.
func drawSides(t *rapid.T) side {
	switch rapid.IntRange(0, 3).Draw(t, "sort") {
	case 0:
		p := drawPair(t)
		return side{channels + p.spec.named("S") + p.impl.named("I"), "S(0)", "I(0)"}
	case 1: // part of what it does
		p := drawPair(t)
		return side{channels + p.spec.named("S") + p.impl.named("I"), "S(0)", "(S(0) [|Events|] I(0))"}
	case 2:
		spec := wideProcess(t, 1)
		text := wide(t, spec)
		return side{text, "W", fmt.Sprintf("(W [|Events|] %s)", rapid.SampledFrom([]string{"P", "Q(0)", "R", "W1(1)", "W2(0)", "a.0.1 -> b.1.0 -> STOP"}).Draw(t, "beside"))}
	}
	spec := rapid.SampledFrom([]string{"W1(0)", "W1(1)", "W2(0)", "(W1(0) [] W2(1))", "(STOP |~| W1(0))", "(W1(0) ||| W2(0))", "(W1(0) ; P)", "(W1(0) [> R)", "(W1(0) /\\ W2(1))"}).Draw(t, "specification")
	return side{wide(t, wideProcess(t, 1)), spec, "W"}
}

// refinement makes an assertion of it, of a script that is loaded anew.
func (x side) refinement(t rapid.TB, m deadlock.Model, engine cspm.Engine) *cspm.Instance {
	s, err := cspm.Load("test.csp", []byte(x.text), cspm.Options{Untyped: true, Engine: engine})
	if err != nil {
		t.Fatalf("%v\n%s", err, x.text)
	}
	a, err := s.Refinement(x.spec, x.impl, syntax.Model(m))
	if err != nil {
		t.Fatalf("%v\n%s", err, x.text)
	}
	in, err := a.Instance(context.Background(), explore.Limits{})
	if err != nil {
		t.Fatalf("%v\n%s", err, x.text)
	}
	return in
}

// A specification without events that the implementation never does says what all of it
// says: the same answer, and of the same systems the same counterexample, word for word.
func TestPartialSpecifications(t *testing.T) {
	partial, answers := 0, map[deadlock.Answer]int{}
	until(t, &partial, 600, func(t *rapid.T) {
		x := drawSides(t)
		q := deadlock.Question{
			Topic: deadlock.Refinement, Model: rapid.SampledFrom([]deadlock.Model{deadlock.T, deadlock.T, deadlock.T, deadlock.F, deadlock.FD}).Draw(t, "model"),
			Reduce:   rapid.SampledFrom([]deadlock.Reduction{deadlock.AutoReduction, deadlock.AutoReduction, deadlock.StubbornSets}).Draw(t, "reduction"),
			Compress: rapid.SampledFrom([]deadlock.Compress{deadlock.WherePays, deadlock.WherePays, deadlock.CompressFirst}).Draw(t, "composition"),
			Symmetry: rapid.IntRange(0, 4).Draw(t, "symmetry") == 0,
		}
		plain := deadlock.Question{Topic: q.Topic, Model: q.Model, Reduce: deadlock.NoReduction, Compress: deadlock.WithoutCompression}
		ask := func(q deadlock.Question, spec, impl explore.System) *deadlock.Verdict {
			q.Spec, q.Impl = spec, impl
			v, err := deadlock.Ask(context.Background(), q, explore.Limits{States: 2000})
			if err != nil {
				t.Fatalf("%s [%s= %s: %v\n%s", x.spec, q.Model, x.impl, err, x.text)
			}
			return v
		}
		withWidest(rapid.Int64Range(0, 3).Draw(t, "widest"), func() {
			in := x.refinement(t, q.Model, cspm.Auto)
			p, ok := in.Spec.(*process.Partial)
			if !ok {
				return
			}
			got := ask(q, in.Spec, in.Impl)
			if got.Answer == deadlock.Unknown {
				return
			}
			partial++
			withWidest(1<<12, func() {
				in := x.refinement(t, q.Model, cspm.Terms)
				if want := ask(plain, in.Spec, in.Impl); want.Answer != deadlock.Unknown && got.Answer != want.Answer {
					t.Fatalf("%s [%s= %s: %v, and on the terms %v\n%s", x.spec, q.Model, x.impl, got.Answer, want.Answer, x.text)
				}
			})
			answers[got.Answer]++
			whole, err := p.Whole()
			if err != nil {
				t.Fatal(err)
			}
			want := ask(q, whole, in.Impl)
			if want.Answer == deadlock.Unknown {
				return
			}
			if got.Answer != want.Answer {
				t.Fatalf("%s [%s= %s: %v, and of the whole %v\n%s", x.spec, q.Model, x.impl, got.Answer, want.Answer, x.text)
			}
			if got.Counterexample == nil {
				return
			}
			slices.Sort(got.Counterexample.Allowed) // they are told in canonical order
			slices.Sort(want.Counterexample.Allowed)
			if !reflect.DeepEqual(got.Counterexample, want.Counterexample) {
				t.Errorf("%s [%s= %s: %+v\nand of the whole\n%+v\n%s", x.spec, q.Model, x.impl, got.Counterexample, want.Counterexample, x.text)
			}
		})
	})
	if n := answers[deadlock.Fails]; (n < partial/8 || n > partial*7/8) && !testing.Short() {
		t.Errorf("nearly all answers are the same: %v", answers)
	}
	t.Log(answers)
}

// What an implementation does later, as nobody knows beforehand, is not left out.
func TestPartialOfWhatIsKnown(t *testing.T) {
	withWidest(1, func() {
		x := side{"channel a : {0..3}\nS = a?x -> S\nP(n) = a!(n % 4) -> P(n + 1)\nI = P(0) [|{|a|}|] (a.0 -> a.1 -> STOP)\n", "S", "I"}
		in := x.refinement(t, deadlock.T, cspm.Auto)
		if _, ok := in.Spec.(*process.Partial); ok {
			t.Error("it is narrowed to what is not known")
		}
		v, err := deadlock.Refines(context.Background(), in.Spec, in.Impl, deadlock.T, explore.Limits{})
		if err != nil || v.Answer != deadlock.Holds {
			t.Errorf("%v, %v", v.Answer, err)
		}
	})
}

// A specification that has been made for an assertion before is the same for those that
// follow.
func TestSpecificationsAreMadeOnce(t *testing.T) {
	t.Parallel()
	again := 0
	until(t, &again, 600, func(t *rapid.T) {
		p := drawPair(t)
		text := channels + p.spec.named("S") + p.impl.named("I")
		load := func() *cspm.Script {
			s, err := cspm.Load("test.csp", []byte(text), cspm.Options{Untyped: true})
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
			// Events have numbers from the start: what is found first goes by them.
			if _, err := s.Process(context.Background(), explore.Limits{}, "RUN(Events)"); err != nil {
				t.Fatal(err)
			}
			return s
		}
		one := load()
		specs := map[explore.System]bool{}
		for range rapid.IntRange(2, 5).Draw(t, "assertions") {
			spec := rapid.SampledFrom([]string{"S(0)", "S(0)", "S(1)", "(S(0))"}).Draw(t, "spec")
			impl := rapid.SampledFrom([]string{"I(0)", "I(1)", "S(1)"}).Draw(t, "impl")
			m := rapid.SampledFrom([]deadlock.Model{deadlock.T, deadlock.F, deadlock.FD}).Draw(t, "model")
			limits := explore.Limits{States: rapid.SampledFrom([]int64{0, 0, 2, 5, 10, 1000}).Draw(t, "limit")}
			ask := func(s *cspm.Script) (*deadlock.Verdict, string) {
				a, err := s.Refinement(spec, impl, syntax.Model(m))
				if err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				in, err := a.Instance(context.Background(), explore.Limits{})
				if err != nil {
					return nil, err.Error()
				}
				if n, ok := in.Spec.(*process.Networked); ok && s == one {
					if specs[process.Searched(n)] {
						again++
					}
					specs[process.Searched(n)] = true
				}
				v, err := deadlock.Refines(context.Background(), in.Spec, in.Impl, m, limits)
				return v, fmt.Sprint(err)
			}
			got, failed := ask(one)
			want, fails := ask(load())
			if failed != fails {
				t.Fatalf("%s [%s= %s: %s, and by itself %s\n%s", spec, m, impl, failed, fails, text)
			}
			if got == nil {
				continue
			}
			x, y := got.Counterexample, want.Counterexample
			if got.Answer != want.Answer || got.Reason != want.Reason || got.Stats.SpecNodes != want.Stats.SpecNodes || got.Stats.SpecStates != want.Stats.SpecStates || (x == nil) != (y == nil) {
				t.Fatalf("%s [%s= %s: %v (%s), and by itself %v (%s)\n%s", spec, m, impl, got.Answer, got.Reason, want.Answer, want.Reason, text)
			}
			if x != nil && (x.Kind != y.Kind || len(x.Impl.Steps) != len(y.Impl.Steps) || x.Spec != nil && x.Spec.Process != y.Spec.Process) {
				t.Errorf("%s [%s= %s: %s, and by itself %s\n%s", spec, m, impl, x.Kind, y.Kind, text)
			}
		}
	})
}
