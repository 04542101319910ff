package specs_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// Every entry of laws.txt holds for what is drawn, in the models in which it
// is said to. In each other model it fails for the instance that it states;
// the draws find one, too, or they would prove little where none is found.
func TestLaws(t *testing.T) {
	t.Parallel()
	all := laws(t)
	if len(all) < 300 {
		t.Errorf("only %d laws", len(all))
	}
	for _, l := range all {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			if len(l.holds) > 0 {
				rapid.Check(t, func(t *rapid.T) {
					c := l.claim(t, l.instances().Draw(t, l.equation), engines.Draw(t, "engine"))
					for _, m := range l.holds {
						switch c.answer(t, m) {
						case deadlock.Fails:
							t.Fatalf("%s fails in %s\n%s", l.equation, m, c.text)
						case deadlock.Unknown:
							t.Skip("too large")
						}
					}
				})
			}
			for _, m := range models {
				if !l.holdsIn(m) {
					l.refute(t, m)
				}
			}
		})
	}
}

// refute shows that the law fails in m.
func (l *law) refute(t *testing.T, m deadlock.Model) {
	t.Helper()
	stated := l.refuted[m]
	if stated == nil {
		t.Errorf("no instance for which %s fails in %s", l.equation, m)
		return
	}
	if c := l.claim(t, stated, cspm.Auto); !l.applies(t, stated) || c.answer(t, m) != deadlock.Fails {
		t.Errorf("%s does not fail in %s\n%s", l.equation, m, c.text)
	}
	const enough = 2000
	for seed := range enough {
		if l.claim(t, l.instances().Example(seed), cspm.Auto).answer(t, m) == deadlock.Fails {
			return
		}
	}
	t.Errorf("%s: no %d draws show that it fails in %s", l.equation, enough, m)
}

var engines = rapid.SampledFrom([]cspm.Engine{cspm.Auto, cspm.Terms})

// A claim is what a law says of an instance.
type claim struct {
	law         *law
	text        string // the instance as a script
	left, right explore.System
}

// claim compiles both sides of the law.
func (l *law) claim(t rapid.TB, i instance, engine cspm.Engine) claim {
	t.Helper()
	c := claim{law: l, text: i.text() + l.sides()}
	script := parse(t, c.text, engine)
	c.left, c.right = compile(t, script, "LEFT"), compile(t, script, "RIGHT")
	return c
}

// answer tells whether what is claimed holds in m.
func (c claim) answer(t rapid.TB, m deadlock.Model) deadlock.Answer {
	t.Helper()
	answer := refines(t, c.left, c.right, m)
	if answer == deadlock.Holds && !c.law.refines {
		answer = refines(t, c.right, c.left, m)
	}
	return answer
}

func compile(t rapid.TB, script *cspm.Script, process string) explore.System {
	t.Helper()
	sys, err := script.Process(context.Background(), explore.Limits{}, process)
	if err != nil {
		t.Fatal(err)
	}
	return sys
}

func refines(t rapid.TB, spec, impl explore.System, m deadlock.Model) deadlock.Answer {
	t.Helper()
	v, err := deadlock.Refines(context.Background(), spec, impl, m, explore.Limits{States: 5000})
	if err != nil {
		t.Fatal(err)
	}
	return v.Answer
}

// What is said of a variable is true of what is drawn for it.
func TestDrawsDoAsTold(t *testing.T) {
	ctx, limits := context.Background(), explore.Limits{}
	for told, c := range traits {
		rapid.Check(t, func(t *rapid.T) {
			p := processes(c).Draw(t, "P")
			sys := compile(t, parse(t, "P = "+p+"\n", cspm.Auto), "P")
			if v, err := deadlock.DivergenceFree(ctx, sys, limits); c != endless && (err != nil || v.Answer != deadlock.Holds) {
				t.Fatalf("it %s: %s", told, p)
			}
			_, err := explore.Run(ctx, sys, limits, func(v *explore.Visit) bool {
				seen := map[string]bool{}
				for _, e := range v.Steps.Events {
					name := sys.Events().Name(e)
					if c == endless && name == "✓" || c == deterministic && (seen[name] || name == "τ") {
						t.Fatalf("it %s: %s", told, p)
					}
					seen[name] = true
				}
				return true
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}
