package process_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/process"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// Refinement and determinism of random programs: the naive interpreter's
// states (oracle_test.go) make machines, the definitions say what these
// denote (modeltest), and the engine must agree, whatever searches the
// states. Counterexamples are held against the definitions and replayed on
// the terms.

const (
	pairsTotal     = 20_000
	pairsPerScript = 100
	mostPairStates = 24 // of each side
)

// A drawnPair is a pair with what the interpreter makes of it.
type drawnPair struct {
	pair
	number int
	spec   *modeltest.Process
	impl   *modeltest.Process
}

func (p *drawnPair) text() string {
	return p.pair.spec.named(p.name("S")) + p.pair.impl.named(p.name("I"))
}

func (p *drawnPair) name(side string) string { return fmt.Sprint(side, p.number) }

func TestPairsOfTermsMeanWhatTheBooksSay(t *testing.T) {
	t.Parallel()
	total := pairsTotal
	if testing.Short() {
		total /= 20
	}
	x := newComparison(t)
	pairs := rapid.Custom(drawPair)
	for first := 0; first < total; first += pairsPerScript {
		var batch []*drawnPair
		for seed := first; seed < first+pairsPerScript; seed++ {
			if p := explored(pairs.Example(seed), seed); p != nil {
				batch = append(batch, p)
			} else {
				x.large++
			}
		}
		x.compare(batch)
		if t.Failed() {
			return
		}
	}
	x.report(total)
}

// explored returns the pair with its machines, or nil if they are too large.
func explored(p pair, number int) *drawnPair {
	states := func(pr program) (lts, bool) {
		d, main := pr.closedAt0()
		l, ok := d.explore(main, mostPairStates)
		// A call and its body are one state of the explorer, and two of the
		// interpreter's; a loop of the one must be a loop of the other.
		return l.quotient(), ok
	}
	spec, ok1 := states(p.spec)
	impl, ok2 := states(p.impl)
	if !ok1 || !ok2 {
		return nil
	}
	events := model.NewEvents()
	return &drawnPair{p, number, modeltest.NewProcess(spec.machine(events)), modeltest.NewProcess(impl.machine(events))}
}

// machine returns l as a machine over events, to which new ones are added.
func (l lts) machine(events *model.Events) *model.Machine {
	b := model.NewMachine("oracle", events)
	b.States(len(l))
	b.Start(0)
	for s, arrows := range l {
		for _, a := range arrows {
			b.Add(model.State(s), events.Event(a.event), model.State(a.to))
		}
	}
	m, err := b.Build()
	if err != nil {
		panic(err)
	}
	return m
}

// A comparison counts what came out, by engine and model.
type comparison struct {
	*testing.T
	large, none   int // pairs not asked about: too large, and without a network
	refines       map[string]verdicttest.Mix
	deterministic map[string]verdicttest.Mix
	replayed      int
}

func newComparison(t *testing.T) *comparison {
	return &comparison{T: t, refines: map[string]verdicttest.Mix{}, deterministic: map[string]verdicttest.Mix{}}
}

// compare puts the pairs into one script and asks about each on the terms, and on
// one of the networks, in turn.
func (x *comparison) compare(batch []*drawnPair) {
	src := channels
	for _, p := range batch {
		src += p.text()
	}
	load := func(o cspm.Options) *cspm.Script {
		s, err := cspm.Load("pairs.csp", []byte(src), o)
		if err != nil {
			x.Fatalf("%v\n%s", err, src)
		}
		return s
	}
	terms, networks := load(cspm.Options{Engine: cspm.Terms}), load(cspm.Options{Engine: cspm.Network, Untyped: true})
	ctx := context.Background()
	for _, p := range batch {
		byTerms := [2]explore.System{}
		for _, engine := range []string{"terms", []string{"network", "deep"}[p.number%2]} {
			systems := [2]explore.System{}
			var err error
			for i, side := range []string{"S", "I"} {
				text := p.name(side) + "(0)"
				switch engine {
				case "terms":
					systems[i], err = terms.Process(ctx, explore.Limits{}, text)
					byTerms[i] = systems[i]
				case "network":
					systems[i], err = networks.Process(ctx, explore.Limits{}, text)
				case "deep":
					var net *model.Network
					if net, err = terms.Network(ctx, explore.Limits{}, text, process.NetworkOptions{Deep: true}); err == nil {
						systems[i] = explore.Network(net)
					}
				}
				if err != nil {
					break
				}
			}
			var limit cspm.Errors
			switch {
			case errors.Is(err, process.ErrNoNetwork), engine == "network" && errors.As(err, &limit):
				x.none++
				continue
			case err != nil:
				x.Fatalf("%s: %v\n%s", engine, err, p.text())
			}
			x.ask(p, engine, systems, byTerms)
			if x.Failed() {
				x.Fatalf("pair %d on %s\n%s\nspec by the rules:\n%s\nimpl by the rules:\n%s", p.number, engine, p.text(), p.spec.Machine, p.impl.Machine)
			}
		}
	}
}

// ask compares the answers about one pair on one engine.
func (x *comparison) ask(p *drawnPair, engine string, systems, terms [2]explore.System) {
	ctx, limits := context.Background(), explore.Limits{}
	judge := func(mixes map[string]verdicttest.Mix, m deadlock.Model, kind explore.Kind, err error, spec explore.System, v *deadlock.Verdict) {
		if err != nil {
			x.Errorf("in %s: %v", m, err)
		}
		key := fmt.Sprintf("%-2s %s", m, engine)
		if mixes[key] == nil {
			mixes[key] = verdicttest.Mix{}
		}
		mixes[key][kind]++
		if v.Counterexample != nil && engine != "terms" {
			x.replayed++
			if err := verdicttest.Replay(spec, terms[1], v.Counterexample); err != nil {
				x.Errorf("%s, in %s on the terms: %v", verdicttest.Line(v), m, err)
			}
		}
	}
	for _, m := range []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD} {
		v, err := deadlock.Refines(ctx, systems[0], systems[1], m, limits)
		if err != nil {
			x.Errorf("in %s: %v", m, err)
			return
		}
		kind, err := verdicttest.Refines(v, p.spec, p.impl, m, p.spec.RefinedBy(p.impl, modeltest.Model(m)))
		judge(x.refines, m, kind, err, terms[0], v)
		if m == deadlock.T {
			continue
		}
		v, err = deadlock.Deterministic(ctx, systems[1], m, limits)
		if err != nil {
			x.Errorf("in %s: %v", m, err)
			return
		}
		kind, err = verdicttest.Deterministic(v, p.impl, m, p.impl.Deterministic(modeltest.Model(m)))
		judge(x.deterministic, m, kind, err, nil, v)
	}
}

// report checks that there were enough outcomes of every kind.
func (x *comparison) report(total int) {
	x.Logf("%d pairs, %d too large; %d times no network; %d counterexamples of networks replayed on the terms", total, x.large, x.none, x.replayed)
	asked := func(key string) int {
		if strings.HasSuffix(key, " terms") {
			return total
		}
		return total / 2
	}
	part := func(of verdicttest.Mix, mixes map[string]verdicttest.Mix, what string) {
		var keys []string
		for key := range mixes {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			x.Logf("%s in %s: %v", what, key, mixes[key])
			floor := verdicttest.Mix{}
			for kind, percent := range of {
				floor[kind] = asked(key) * percent / 100
			}
			for _, lacks := range mixes[key].Lacks(deadlock.Model(strings.TrimSpace(key[:2])), floor) {
				x.Errorf("%s in %s: %s: not much of a test", what, key, lacks)
			}
		}
	}
	part(verdicttest.Mix{verdicttest.Holds: 25, explore.TraceViolation: 10, explore.Refusal: 5, explore.Divergence: 3}, x.refines, "refines")
	part(verdicttest.Mix{verdicttest.Holds: 10, explore.Nondeterminism: 10, explore.Divergence: 5}, x.deterministic, "deterministic")
}
