package process_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// declarations are in scope of every operator's case.
const declarations = `datatype T = Red | Mix.{0..1}.{0..1}
channel a, b, c
channel d, e : {0..1}
channel f : {0..2}
channel g : {0..1}.{0..1}
channel h : T.{0..1}
channel r : {Red}
P3(x) = d.x -> P3(1-x)
`

// Each row is a process and all its states: of each, after its number, its
// transitions. A state without any is left out. Of an error, its class.
var operatorCases = []struct{ proc, want string }{
	// constants
	{"STOP", ""},
	{"SKIP", "0: ✓1"},
	{"DIV", "0: τ0"},
	{"RUN({a, d.1})", "0: a0 d.1 0"},
	{"RUN({})", ""},
	{"CHAOS({a})", "0: τ1 τ2; 2: a0"},
	{"CHAOS({})", "0: τ1"},
	{"BUFFER(2, {(a, b), (c, d.0)})", "0: a1 c2; 1: a3 c4 b0; 2: a5 c6 d.0 0; 3: b1; 4: b2; 5: d.0 1; 6: d.0 2"},
	{"BUFFER(0, {(a, b)})", "eval"},
	{"BUFFER(1, {(a, b), (b, c)})", "eval"},

	// prefix
	{"a -> b -> SKIP", "0: a1; 1: b2; 2: ✓3"},
	{"d?x -> d!x -> STOP", "0: d.0 1 d.1 2; 1: d.0 3; 2: d.1 3"},
	{"g?x -> STOP", "0: g.0.0 1 g.0.1 1 g.1.0 1 g.1.1 1"}, // the last field takes the rest
	{"g?x!1 -> d!x -> STOP", "0: g.0.1 1 g.1.1 2; 1: d.0 3; 2: d.1 3"},
	{"g?x.y -> f!(x+y) -> STOP", "0: g.0.0 1 g.0.1 2 g.1.0 2 g.1.1 3; 1: f.0 4; 2: f.1 4; 3: f.2 4"},
	{"g.1?x -> STOP", "0: g.1.0 1 g.1.1 1"},
	{"g?x!x -> STOP", "0: g.0.0 1 g.1.1 1"},
	{"g!0!1 -> STOP", "0: g.0.1 1"},
	{"g?x?y:{x..1} -> STOP", "0: g.0.0 1 g.0.1 1 g.1.1 1"},
	{"f?x:{0,2} -> STOP", "0: f.0 1 f.2 1"},
	{"f?x:{1..3} -> STOP", "eval"}, // 3 is no value of f
	{"f?0 -> STOP", "0: f.0 1"},
	{"f?x:{} -> STOP", ""},
	{"f?7 -> STOP", ""},
	{"h?Mix.i.j!1 -> f!(i+j) -> STOP", "0: h.Mix.0.0.1 1 h.Mix.0.1.1 2 h.Mix.1.0.1 2 h.Mix.1.1.1 3; 1: f.0 4; 2: f.1 4; 3: f.2 4"},
	{"h?Red?x -> STOP", "0: h.Red.0 1 h.Red.1 1"},
	{"h?x!0 -> STOP", "0: h.Red.0 1 h.Mix.0.0.0 1 h.Mix.0.1.0 1 h.Mix.1.0.0 1 h.Mix.1.1.0 1"},
	{"h.Mix?x.1.0 -> STOP", "0: h.Mix.0.1.0 1 h.Mix.1.1.0 1"},
	{"h.Mix.1?x -> STOP", "0: h.Mix.1.0.0 1 h.Mix.1.0.1 1 h.Mix.1.1.0 1 h.Mix.1.1.1 1"},
	{"d$x -> STOP", "0: τ1 τ2; 1: d.0 3; 2: d.1 3"},
	{"g$x?y -> STOP", "0: τ1 τ2; 1: g.0.0 3 g.0.1 3; 2: g.1.0 3 g.1.1 3"},
	{"g$x!x -> d!x -> STOP", "0: τ1 τ2; 1: g.0.0 3; 2: g.1.1 4; 3: d.0 5; 4: d.1 5"},
	{"d$x:{1} -> STOP", "0: τ1; 1: d.1 2"},
	{"d$x:{} -> STOP", "eval"},
	{"d -> STOP", "eval"},     // lacks a field
	{"d.0.1 -> STOP", "eval"}, // has one too many
	{"d.0?x -> STOP", "eval"},
	{"d!2 -> STOP", "eval"},

	// what a prefix goes on with: an argument that is a mistake is looked at
	// when it is needed
	{"let Q(x, y) = d.x -> Q(1 - x, error(\"never\")) within Q(0, 1)", "0: d.0 1; 1: d.1 0"},
	{"let Q(x, y) = d.x -> Q(1 - x, x / y) within Q(0, 0)", "0: d.0 1; 1: d.1 0"},
	{"let Q(x, y) = d.y -> Q(1, 1 / x) within Q(0, 0)", "eval"},
	{"let Q(s) = a -> Q(<x | x <- <1, 2>, (x > head(<>))>) within Q(<>)", "0: a0"},
	{"let Q(s) = a -> Q(<x, error(\"never\") | x <- <1, 2>>) within Q(<>)", "0: a0"},
	{"let Q(s) = #s < 2 & d?x -> Q(<y | y <- <x>^s, y >= x>) within Q(<>)", "0: d.0 1 d.1 2; 1: d.0 3 d.1 2; 2: d.0 3 d.1 3"},
	{"let Q(s) = a -> Q(union(diff(s, {1}), {0})) within Q({1, 2})", "0: a0"},
	{"let Q(s) = card(s) < 3 & f?x:diff({0..2}, s) -> Q(union(s, {x})) within Q({0, 2})", "0: f.1 1"},

	// guard
	{"1 < 2 & a -> STOP", "0: a1"},
	{"1 > 2 & a -> STOP", ""},

	// external choice
	{"a -> SKIP [] b -> STOP", "0: a1 b2; 1: ✓3"},
	{"a -> b -> STOP [] a -> c -> STOP", "0: a1 a2; 1: b3; 2: c3"},
	{"(a -> STOP |~| b -> STOP) [] c -> STOP", "0: τ1 τ2 c3; 1: a3 c3; 2: b3 c3"}, // τ does not resolve
	{"a -> STOP [] SKIP", "0: a1 ✓2"},                                             // ✓ does
	{"a -> STOP [] a -> STOP", "0: a1"},                                           // equal transitions once
	{"a -> STOP [] b -> STOP [] c -> STOP", "0: a1 b1 c1"},
	{"[] x:{} @ a -> STOP", ""},
	{"[] x:{0,1} @ d.x -> f.x -> STOP", "0: d.0 1 d.1 2; 1: f.0 3; 2: f.1 3"},
	{"[] x:{1} @ SKIP", "0: ✓1"},

	// internal choice
	{"a -> STOP |~| SKIP", "0: τ1 τ2; 1: a3; 2: ✓4"},
	{"STOP |~| STOP", "0: τ1"},
	{"|~| x:{1} @ a -> STOP", "0: τ1; 1: a2"}, // of one, all the same
	{"|~| x:{0,1} @ d.x -> STOP", "0: τ1 τ2; 1: d.0 3; 2: d.1 3"},
	{"|~| x:{} @ STOP", "eval"},

	// sliding choice
	{"a -> STOP [> b -> STOP", "0: a1 τ2; 2: b1"},
	{"SKIP [> STOP", "0: ✓1 τ2"},
	{"(STOP |~| a -> STOP) [> STOP", "0: τ1 τ2 τ3; 1: τ3; 2: a3 τ3"},

	// sequence
	{"a -> SKIP ; b -> SKIP", "0: a1; 1: τ2; 2: b3; 3: ✓4"},
	{"(a -> SKIP [] SKIP) ; b -> STOP", "0: a1 τ2; 1: τ2; 2: b3"},
	{"SKIP ; (SKIP ; STOP)", "0: τ1; 1: τ2"},
	{"; x:<> @ STOP", "0: ✓1"},
	{"; x:<1> @ a -> SKIP", "0: a1; 1: ✓2"},
	{"; x:<1,0,1> @ d.x -> SKIP", "0: d.1 1; 1: τ2; 2: d.0 3; 3: τ4; 4: d.1 5; 5: ✓6"},

	// interrupt
	{"a -> b -> STOP /\\ c -> SKIP", "0: a1 c2; 1: b3 c2; 2: ✓4; 3: c2"},
	{"a -> SKIP /\\ STOP", "0: a1; 1: ✓2"}, // ✓ ends it
	{"a -> a -> STOP /\\ SKIP", "0: a1 ✓2; 1: a3 ✓2; 3: ✓2"},
	{"a -> STOP /\\ (b -> STOP |~| c -> STOP)", "0: a1 τ2 τ3; 1: τ4 τ5; 2: a4 b6; 3: a5 c6; 4: b6; 5: c6"}, // Q's τ leaves P on

	// exception
	{"(a -> b -> SKIP) [|{b}|> c -> STOP", "0: a1; 1: b2; 2: c3"},
	{"(a -> SKIP) [|{b}|> c -> STOP", "0: a1; 1: ✓2"},
	{"(STOP |~| a -> STOP) [|{a}|> STOP", "0: τ1 τ2; 2: a3"},

	// hiding and projection
	{"(a -> b -> SKIP) \\ {a}", "0: τ1; 1: b2; 2: ✓3"},
	{"(a -> b -> SKIP) |\\ {a}", "0: a1; 1: τ2; 2: ✓3"},
	{"(a -> d.0 -> d.1 -> STOP) \\ {|d|}", "0: a1; 1: τ2; 2: τ3"},
	{"(a -> STOP [] b -> STOP) \\ {a,b}", "0: τ1"}, // two τ to one state count once
	{"(a -> STOP) \\ {d}", "eval"},
	{"(a -> STOP) \\ {}", "0: a1"},
	{"(a -> STOP) |\\ {}", "0: τ1"},

	// renaming
	{"(a -> SKIP)[[a <- b]]", "0: b1; 1: ✓2"},
	{"(a -> STOP)[[a <- b, a <- c]]", "0: b1 c1"},
	{"(a -> STOP)[[a <- a, a <- b]]", "0: a1 b1"},
	{"(a -> STOP [] b -> c -> STOP)[[a <- c, b <- c]]", "0: c1 c2; 2: c1"},
	{"(a -> b -> STOP)[[a <- b, b <- a]]", "0: b1; 1: a2"}, // all at once
	{"(a -> STOP)[[a <- b, a <- b]]", "0: b1"},
	{"(d?x -> STOP)[[d <- e]]", "0: e.0 1 e.1 1"},
	{"(d?x -> STOP)[[d.1 <- a]]", "0: d.0 1 a1"},
	{"(d?x -> STOP)[[d <- g.1]]", "0: g.1.0 1 g.1.1 1"},
	{"(g?x?y -> STOP)[[g.0 <- d]]", "0: d.0 1 d.1 1 g.1.0 1 g.1.1 1"},
	{"(f?x -> STOP)[[f <- d]]", "eval"}, // d.2 is no event
	{"(d?x -> STOP)[[d <- a]]", "eval"},
	{"(d?x -> STOP)[[d <- g]]", "eval"},
	{"(d?x -> STOP)[[d.x <- e.(1-x) | x <- {0..1}]]", "0: e.1 1 e.0 1"},
	{"(d?x -> STOP)[[d.x <- f.y | x <- {0..1}, y <- {0..2}, x < y]]", "0: f.1 1 f.2 1"},
	{"(d?x -> STOP)[[d.x <- f.y | x <- {}, y <- {0}]]", "0: d.0 1 d.1 1"},
	{"(SKIP |~| DIV)[[a <- b]]", "0: τ1 τ2; 1: ✓3; 2: τ2"},
	{"a -> STOP[[a <- b]]", "0: a1"},

	// interleaving
	{"a -> SKIP ||| b -> SKIP", "0: a1 b2; 1: b3; 2: a3; 3: ✓4"},
	{"SKIP ||| STOP", ""},
	{"SKIP ||| a -> SKIP", "0: a1; 1: ✓2"},
	{"SKIP ||| (SKIP |~| STOP)", "0: τ1 τ2; 1: ✓3"},
	{"||| x:{} @ STOP", "0: ✓1"},
	{"||| x:{1} @ d.x -> STOP", "0: d.1 1"},
	{"||| x:{0,1} @ d.x -> SKIP", "0: d.0 1 d.1 2; 1: d.1 3; 2: d.0 3; 3: ✓4"},

	// generalised parallel
	{"(a -> b -> STOP) [|{a}|] (a -> c -> STOP)", "0: a1; 1: b2 c3; 2: c4; 3: b4"},
	{"(a -> STOP [] a -> b -> STOP) [|{a}|] (a -> STOP [] a -> c -> STOP)", "0: a1 a2 a3 a4; 2: c1; 3: b1; 4: b2 c3"},
	{"(a -> SKIP) [|{a}|] (b -> SKIP)", "0: b1"},
	{"(a -> SKIP) [|{a}|] SKIP", ""},
	{"[|{a}|] x:{} @ STOP", "0: ✓1"},
	{"[|{a}|] x:{1} @ a -> b -> SKIP", "0: a1; 1: b2; 2: ✓3"},
	{"[|{a}|] x:{0..2} @ a -> f.x -> STOP", "0: a1; 1: f.0 2 f.1 3 f.2 4; 2: f.1 5 f.2 6; 3: f.0 5 f.2 7; 4: f.0 6 f.1 7; 5: f.2 8; 6: f.1 8; 7: f.0 8"},
	{"[|{a}|] x:{0..1} @ if x == 0 then a -> STOP else STOP", ""}, // a needs all

	// alphabetised parallel
	{"(a -> b -> SKIP) [{a,b}||{b,c}] (b -> c -> SKIP)", "0: a1; 1: b2; 2: c3; 3: ✓4"},
	{"(a -> SKIP) [{}||{b}] (b -> SKIP)", "0: b1"}, // outside its alphabet
	{"(a -> STOP) [{a}||{a}] (b -> STOP)", ""},
	{"(SKIP |~| STOP) [{a}||{a}] SKIP", "0: τ1 τ2; 1: ✓3"},
	{"|| x:{} @ [{a}] STOP", "0: ✓1"},
	{"|| x:{1} @ [{d.x}] d.0 -> STOP [] d.1 -> STOP", "0: d.1 1"},
	{"|| x:{0..2} @ [{f.x, f.((x+1)%3)}] f.x -> f.((x+1)%3) -> STOP", ""},
	{"|| x:{0..1} @ [{f.x, f.(x+1)}] f.x -> f.(x+1) -> STOP", "0: f.0 1; 1: f.1 2; 2: f.2 3"},

	// linked parallel
	{"(a -> b -> SKIP) [a <-> c] (c -> SKIP)", "0: τ1; 1: b2; 2: ✓3"},
	{"(a -> STOP) [a <-> b] (a -> STOP)", "0: a1"}, // a is linked on the left only
	{"(b -> STOP) [a <-> b] (b -> STOP)", "0: b1"}, // and b on the right only
	{"(a -> STOP [] b -> STOP) [a <-> b, b <-> a] (a -> c -> STOP)", "0: τ1; 1: c2"},
	{"(d?x -> STOP) [d <-> e] (e?y -> f!y -> STOP)", "0: τ1 τ2; 1: f.0 3; 2: f.1 3"},
	{"(d?x -> STOP) [d.x <-> e.(1-x) | x <- {0..1}] (e!0 -> a -> STOP)", "0: τ1; 1: a2"},
	{"(a -> STOP) [a <-> b, a <-> c] STOP", "eval"},
	{"(a -> STOP) [a <-> c, b <-> c] STOP", "eval"},
	{"(d?x -> STOP) [d <-> e, d.0 <-> a] STOP", "eval"},
	{"[b <-> a] x:<0,1,2> @ if x == 0 then b -> SKIP else if x == 1 then a -> b -> SKIP else a -> SKIP", "0: τ1; 1: τ2; 2: ✓3"},
	{"[b <-> a] x:<0> @ b -> SKIP", "0: b1; 1: ✓2"},
	{"[d.x <-> e.x] x:<0,1> @ if x == 0 then d.0 -> d.1 -> STOP else e.0 -> STOP", "0: τ1; 1: d.1 2"}, // the ties of x connect what comes after it
	{"[b <-> a] x:<> @ STOP", "eval"},

	// synchronising choice
	{"(a -> b -> STOP) [+{a}+] (a -> c -> STOP)", "0: a1; 1: b2 c2"},
	{"(a -> STOP) [+{a}+] (b -> STOP)", "0: b1"},
	{"(a -> STOP) [+{}+] SKIP", "0: a1 ✓2"},
	{"(a -> STOP |~| SKIP) [+{a}+] (a -> b -> STOP)", "0: τ1 τ2; 1: a3; 2: ✓4; 3: b5"},
	{"[+{a}+] x:{} @ a -> STOP", ""},
	{"[+{a}+] x:{0..2} @ a -> f.x -> STOP", "0: a1; 1: f.0 2 f.1 2 f.2 2"},

	// synchronising interrupt
	{"(a -> b -> SKIP) /+{a}+\\ (a -> c -> STOP)", "0: a1; 1: b2 c3; 2: ✓4 c3"},
	{"(a -> STOP) /+{a}+\\ (b -> STOP)", "0: b1"},
	{"(b -> STOP) /+{a}+\\ SKIP", "0: b1 ✓2; 1: ✓2"},
	{"(b -> STOP) /+{a}+\\ (STOP |~| c -> STOP)", "0: b1 τ2 τ3; 1: τ4 τ5; 2: b4; 3: b5 c6; 5: c6"},

	// what is one state
	{"a -> c -> STOP [] b -> c -> STOP", "0: a1 b1; 1: c2"},
	{"let X = a -> Y Y = b -> X within X", "parse"},
	{"let\nX = a -> Y\nY = b -> X\nwithin X", "0: a1; 1: b0"},
	{"(let\nX(n) = d.n -> X(1-n)\nwithin X(0)) ||| STOP", "0: d.0 1; 1: d.1 0"},
	{"d?x -> let\nL = d.x -> L\nwithin L", "0: d.0 1 d.1 2; 1: d.0 1; 2: d.1 2"},
	{"f?x -> d!(x%2) -> STOP", "0: f.0 1 f.1 2 f.2 1; 1: d.0 3; 2: d.1 3"},
	{"f?x -> P3(x%2)", "0: f.0 1 f.1 2 f.2 1; 1: d.0 2; 2: d.1 1"}, // equal arguments
	{"P3(0) [] P3(0)", "0: d.0 1; 1: d.1 2; 2: d.0 1"},
	{"if true then P3(0) else STOP", "0: d.0 1; 1: d.1 0"}, // unfolding is no step

	// a definition that needs itself
	{"let\nX = X [] a -> STOP\nwithin X", "limit"},
	{"let\nX = Y ||| a -> STOP\nY = X \\ {a}\nwithin X", "limit"},
	{"let\nX = X ; a -> STOP\nwithin X", "limit"},
	{"let\nX = STOP |~| X\nwithin X", "0: τ1 τ0"},
	{"let\nX = SKIP ; X\nwithin X", "0: τ0"},
	{"let\nX = STOP [> X\nwithin X", "0: τ0"},
	{"let\nX = (a -> STOP) [|{a}|> X\nwithin X", "0: a0"},
}

func TestOperators(t *testing.T) {
	for _, tt := range operatorCases {
		if got := table(declarations, tt.proc); got != tt.want {
			t.Errorf("%s\n got %s\nwant %s", tt.proc, got, tt.want)
		}
	}
}

// table is all states of a process, or the class of what is wrong with it.
func table(script, process string) string {
	sys, err := system(script, process, cspm.Terms)
	var states lts
	if err == nil {
		states, err = tabulate(sys, explore.Limits{States: 1000})
	}
	if errs, ok := cspm.AsErrors(err); ok {
		return string(errs[0].Class)
	} else if err != nil {
		return err.Error()
	}
	var lines []string
	for i, arrows := range states {
		if len(arrows) == 0 {
			continue
		}
		line := fmt.Sprint(i, ":")
		for _, a := range arrows {
			line += " " + a.event
			if strings.ContainsRune(a.event, '.') {
				line += " "
			}
			line += fmt.Sprint(a.to)
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}
