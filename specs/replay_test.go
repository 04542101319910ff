package specs_test

import (
	"context"
	"errors"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/cspcheck/cspcheck/deadlock/verdicttest"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// Every counterexample to an assertion of a script, of those here and of
// those that the command is tested with, is one of the terms, too: from the
// plain data alone, the term explorer can be led through it, and finds that
// it shows what it says. (Counterexamples of random scripts are replayed in
// model/cspm/process.)
func TestCounterexamplesReplayOnTheTerms(t *testing.T) {
	scripts := map[string]string{"questions.csp": questions}
	for _, file := range files(t) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		scripts[file] = string(src)
	}
	archives, err := filepath.Glob("../cmd/cspcheck/testdata/script/*.txtar")
	if err != nil || len(archives) < 5 {
		t.Fatalf("%d archives, %v", len(archives), err)
	}
	for _, file := range archives {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if path.Ext(f.Name) == ".csp" {
				scripts[filepath.Base(file)+"/"+f.Name] = string(f.Data)
			}
		}
	}
	kinds := map[explore.Kind]int{}
	networks := 0
	for _, name := range slices.Sorted(maps.Keys(scripts)) {
		load := func(e cspm.Engine) *cspm.Script {
			s, err := cspm.Load(name, []byte(scripts[name]), cspm.Options{Engine: e, Open: os.ReadFile})
			if err != nil {
				return &cspm.Script{} // it is about errors
			}
			return s
		}
		script, terms := load(cspm.Auto), load(cspm.Terms)
		for i := range script.Asserts {
			a := &script.Asserts[i]
			ce, engine := counterexample(t, a)
			if ce == nil {
				continue
			}
			kinds[ce.Kind]++
			if engine == cspm.Network {
				networks++
			}
			in, err := terms.Asserts[i].Instance(context.Background(), explore.Limits{})
			if err != nil {
				t.Errorf("%s: %v", a.At, err)
				continue
			}
			if err := verdicttest.Replay(in.Spec, in.Impl, ce); err != nil {
				t.Errorf("%s: %s: %v", a.At, a.Text, err)
			}
		}
	}
	t.Logf("%v, %d of them found on networks", kinds, networks)
	for _, k := range []explore.Kind{
		explore.Deadlock, explore.Termination, explore.Divergence,
		explore.TraceViolation, explore.Refusal, explore.Nondeterminism, explore.NoTrace,
		explore.Race, explore.Stuck, explore.Leak, explore.Panic, explore.Starvation, explore.Bypass,
	} {
		if kinds[k] == 0 {
			t.Errorf("no counterexample of kind %s", k)
		}
	}
	if networks < 10 {
		t.Errorf("only %d counterexamples were found on networks", networks)
	}
}

// counterexample returns what the assertion fails by, or nil, and the engine
// that it was found on.
func counterexample(t *testing.T, a *cspm.Assertion) (*explore.Counterexample, cspm.Engine) {
	if !slices.Contains([]syntax.Model{syntax.NoModel, "T", "F", "FD"}, a.Model) {
		return nil, "" // not supported
	}
	q, v, err := asked(a, explore.Limits{States: 50_000})
	var l *explore.Limit
	if errors.As(err, &l) {
		return nil, "" // no network of components
	}
	if _, mistake := cspm.AsErrors(err); mistake {
		return nil, "" // others look at those
	} else if err != nil {
		t.Errorf("%s: %v", a.At, err)
		return nil, ""
	}
	return v.Counterexample, cspm.EngineOf(q.Impl)
}

// Questions has counterexamples of every kind, on either engine, with a
// specification that is sequential, and one that is not.
const questions = `
channel a, b, c, in, out, mid, tick
channel left, right : {0..1}

COPY = left?x -> right!x -> COPY
CHAIN = COPY[[right.x <- mid2.x | x <- {0..1}]] [| {|mid2|} |] COPY[[left.x <- mid2.x | x <- {0..1}]]
channel mid2 : {0..1}
PIPE = CHAIN \ {|mid2|}
LOSSY = left?x -> (right!x -> LOSSY |~| LOSSY)
WORDY = left?x -> right!x -> right!x -> WORDY

assert COPY [T= PIPE
assert COPY [F= PIPE
assert COPY [FD= PIPE
assert PIPE [F= COPY
assert PIPE [FD= LOSSY
assert PIPE [T= WORDY ||| STOP
assert PIPE [F= COPY ||| COPY
assert COPY ||| COPY [F= PIPE
assert CHAIN [FD= CHAIN \ {mid2.0}

A = a -> SKIP
B = b -> SKIP
AB = A ||| B
BOTH = a -> b -> SKIP [] b -> a -> SKIP
EITHER = a -> SKIP |~| b -> SKIP

assert AB [FD= BOTH
assert BOTH [FD= AB
assert BOTH [FD= AB /\ c -> STOP
assert EITHER [F= STOP
assert EITHER [F= A [] B
assert A [] B [F= EITHER
assert A [] B [F= EITHER ||| SKIP
assert SKIP [T= A ; STOP
assert A ; SKIP [F= A ; STOP
assert A ; STOP [T= A ||| SKIP
assert (A [> B) ||| SKIP [FD= A ||| SKIP
assert A ||| SKIP [F= (A [> B) ||| SKIP
assert STOP [F= DIV
assert STOP [FD= DIV
assert DIV [F= STOP
assert DIV [FD= AB
assert AB [FD= AB ; DIV
assert AB [FD= (a -> DIV) [] b -> STOP
assert a -> DIV [FD= AB
assert a -> DIV [FD= a -> AB \ {b}
assert CHAOS({a, b}) [F= AB
assert CHAOS({a}) [F= AB
assert RUN({a, b}) [F= CHAOS({a, b})

TICKS = tick -> TICKS
BUSY = a -> BUSY [] b -> (c -> BUSY |~| BUSY)
assert not BUSY ||| TICKS [T= TICKS
assert TICKS [T= BUSY ||| TICKS
assert TICKS [FD= (BUSY ||| TICKS) \ {a, b, c}
assert TICKS [F= (BUSY ||| TICKS) \ {a, b, c}

assert EITHER :[deterministic [F]]
assert EITHER :[deterministic [FD]]
assert A [] a -> STOP :[deterministic]
assert (A ||| A) :[deterministic]
assert (A ||| a -> b -> SKIP) :[deterministic [F]]
assert (A ||| a -> b -> SKIP) :[deterministic [FD]]
assert (AB [] a -> STOP) :[deterministic [FD]]
assert (AB [> B) :[deterministic [F]]
assert AB \ {a} :[deterministic]
assert (BUSY ||| TICKS) \ {a} :[deterministic]
assert (BUSY ||| TICKS) \ {a} :[deterministic [F]]
assert PIPE :[deterministic]
assert LOSSY :[deterministic]

assert AB :[has trace]: <a, b>
assert AB :[has trace]: <a, a>
assert AB :[has trace]: <c>
assert A :[has trace]: <a, b>
assert PIPE :[has trace]: <left.0, left.1, right.1>
assert AB [] DIV :[has trace]: <b, b>

assert AB :[deadlock free]
assert (PIPE \ {|left|}) :[divergence free]
assert (BUSY \ {a} ||| TICKS) :[deadlock free]
assert AB [T= (a -> STOP [] (b -> c -> STOP \ {b})) :[tau priority]: {a}
assert (BUSY ||| TICKS) \ {b} :[deterministic [F]] :[tau priority]: {a, c}
`
