package cspm_test

import (
	"context"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A brief story has the events of the whole one, and nothing else.
func TestBriefStories(t *testing.T) {
	const script = `
channel a, b, c
P = a -> b -> STOP
Q = (a -> c -> Q) [| {a} |] P
X = b -> X
R = a -> (X ||| P) \ {b}
assert Q :[deadlock free]
assert a -> SKIP ||| b -> SKIP :[deadlock free]
assert R :[divergence free]
assert P [] (a -> c -> STOP) :[deterministic]
assert STOP ||| P [T= P ||| P
assert P [F= P |~| STOP
assert P ||| Q :[has trace]: <a, a, a>
`
	tell := func(o cspm.Options) (all []*explore.Counterexample) {
		s, err := cspm.Load("brief.csp", []byte(script), o)
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		for i := range s.Asserts {
			a := &s.Asserts[i]
			in, err := a.Instance(ctx, explore.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			v, err := deadlock.Ask(ctx, deadlock.Question{
				Topic: deadlock.Topic(a.Kind), Model: deadlock.Model(a.Model), Spec: in.Spec, Impl: in.Impl, Trace: in.Trace,
			}, explore.Limits{})
			if err != nil || v.Answer != deadlock.Fails {
				t.Fatalf("%s: %s %v", a.Text, v.Answer, err)
			}
			all = append(all, v.Counterexample)
		}
		return all
	}
	for _, engine := range []cspm.Engine{cspm.Auto, cspm.Terms} {
		whole, brief := tell(cspm.Options{Engine: engine}), tell(cspm.Options{Engine: engine, Brief: true})
		for i, ce := range brief {
			events := func(b *explore.Behaviour) (es []string) {
				for _, s := range b.Steps {
					es = append(es, s.Event)
				}
				return es
			}
			w := whole[i]
			if ce.Kind != w.Kind || ce.Impl.Loop != w.Impl.Loop || !slices.Equal(events(&ce.Impl), events(&w.Impl)) || !slices.Equal(ce.Allowed, w.Allowed) {
				t.Errorf("assertion %d: %s %v, want %s %v", i, ce.Kind, events(&ce.Impl), w.Kind, events(&w.Impl))
			}
			if len(ce.Impl.Components) != 1 || len(ce.Impl.Final) > 0 || slices.ContainsFunc(ce.Impl.Steps, func(s explore.Step) bool { return len(s.Others) > 0 }) {
				t.Errorf("assertion %d: more is told than events: %+v", i, ce.Impl)
			}
		}
	}
}
