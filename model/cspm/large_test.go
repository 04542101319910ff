package cspm_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm"
)

// Scripts whose size would cost minutes, or memory that there is not, if anything
// in loading, searching or telling took its square.
func TestLargeScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	repeat := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	for _, tt := range []struct{ name, script string }{
		{"lets inside each other", "channel a\nP = " + repeat(19_000, "let x%[1]d = %[2]d within\n") + "a -> P\n" +
			"assert P :[deadlock free]    --! holds\n"},
		{"lets that use each other", "channel a\nP(y) = let x0 = y within\n" + repeat(9_000, "let y%[1]d = x%[1]d\nx%[2]d = y%[1]d within\n") +
			"if x9000 == 1 then a -> P(1) else STOP\nassert P(1) :[deadlock free]    --! holds\n"},
		{"prefixes", "channel a\nP = " + strings.Repeat("a -> ", 100_000) + "P\nassert P :[deadlock free]    --! holds\n"},
		{"events hidden, and a way out of each", "channel a : {0..199999}\nP = a?x -> P\n" +
			"assert P \\ {a.x | x <- {0..100000}} :[divergence free]    --! fails after <>\n"},
		{"components in a chain, by recursion", "channel d : {0..10000}\nC(i) = d.i -> d.(i+1) -> C(i)\n" +
			"P(i) = if i == 0 then C(0) else P(i-1) [| {d.i} |] C(i)\nassert P(9999) :[deadlock free]    --! holds\n"},
		{"components side by side, by recursion", "channel d : {0..10000}\nC(i) = d.i -> C(i)\n" +
			"P(i) = if i == 0 then C(0) else C(i) ||| P(i-1)\nassert P(10000) :[deadlock free]    --! holds\n"},
		{"choices in choices, by recursion", "channel a : {0..15000}\nP(n) = if n == 0 then STOP else a.n -> P(1) [] P(n-1)\n" +
			"Q(n) = if n == 0 then STOP else Q(n-1) [] a.n -> Q(1)\nassert P(15000) :[deadlock free]    --! holds\nassert Q(15000) :[deadlock free]    --! holds\n"},
		{"synchronising choices in choices, by recursion", "channel a : {0..15000}\nP(n) = if n == 0 then STOP else a.n -> P(1) [+ {} +] P(n-1)\n" +
			"Q(n) = if n == 0 then STOP else Q(n-1) [+ {} +] a.n -> Q(1)\nassert P(15000) :[deadlock free]    --! holds\nassert Q(15000) :[deadlock free]    --! holds\n"},
		{"one process before many, by recursion", "channel a : {0..10000}\nP(n) = if n == 0 then a.0 -> SKIP else P(n-1) ; a.n -> SKIP\n" +
			"assert P(10000) :[divergence free]    --! holds\nassert P(10000) :[deadlock free]    --! fails\n"},
		{"a process that waits for itself to end", "channel a, b\nP(n) = if n == 0 then SKIP else a -> (P(n-1) ; b -> SKIP)\nassert P(9000) :[divergence free]    --! holds\n"},
		{"events linked", "channel c, d : {0..50000}\nP = c?x -> P\nQ = d?x -> Q\n" +
			"assert P [c.x <-> d.x | x <- {0..50000}] Q :[divergence free]    --! fails after <>\n"},
		{"inputs from whoever, by everyone", "N = 1000\nI = {0..N-1}\nchannel c : I.I\nNODE(i) = c!i!((i+1)%N) -> NODE(i) [] c?j!i -> NODE(i)\nLAST(i) = c?j:diff(I,{i})!i -> STOP\n" +
			"A(i) = union({|c.i|}, {c.j.i | j <- I})\nassert (|| i : I @ [A(i)] NODE(i)) :[divergence free]    --! holds\n" +
			"assert (|| i : I @ [diff(A(i), {c.i.i})] LAST(i)) :[deadlock free]    --! fails after <>\n"},
		{"the same, with alphabets by comprehension and a choice over all events", "N = 1000\nI = {0..N-1}\nchannel c : I.I\nchannel done : I\nNODE(i) = c!i!((i+1)%N) -> NODE(i) [] c?j!i -> NODE(i)\n" +
			"A(i) = {| c.i, c.j.i | j <- I |}\nB(i) = {c.i.j, c.j.i, done.i | j <- I, j != i}\nC(i) = Union({ {c.i.j, c.j.i} | j <- I })\nS = [] x : {|c|} @ x -> S\n" +
			"assert S [T= || i : I @ [A(i)] NODE(i)    --! holds\nassert S [T= || i : I @ [B(i)] NODE(i)    --! holds\nassert S [T= || i : I @ [C(i)] NODE(i)    --! holds\n"},
		{"alphabets that are differences", "N = 6000\nI = {0..N-1}\nchannel c : I.I\nNODE(i) = c!i!((i+1)%N) -> c!((i+N-1)%N)!i -> NODE(i)\n" +
			"assert (|| i : I @ [diff({| c.i, c.j.i | j <- I |}, {c.i.i})] NODE(i)) :[deadlock free]    --! fails after <>\n"},
		{"alphabets with conditions", "N = 2000\nI = {0..N-1}\nchannel c : I.I\nNODE(i) = c!i!((i+1)%N) -> NODE(i) [] c!((i+N-1)%N)!i -> NODE(i)\n" +
			"A(i) = {c.i.j, c.j.i | j <- I, j < i or j > i}\nB(i) = {c.x.y | x <- I, y <- I, x == i or y == i}\nC(i) = let S = {j | j <- I, j != i} within {c.i.j, c.j.i | j <- S}\n" +
			"D(i) = {c.i.j, c.j.i | j <- I, j%2 != i%2}\nE(i) = {c.i.((i+k)%N), c.((i+k)%N).i | k <- {1..N-1}}\nF(i) = {c.i.j, c.j.i | j <- I, not member(j, {i, (i+2)%N})}\n" +
			"S = [] x : {|c|} @ x -> S\nSYS(Of) = || i : I @ [Of(i)] NODE(i)\nassert S [T= SYS(A)    --! holds\nassert S [T= SYS(B)    --! holds\n" +
			"assert S [T= SYS(C)    --! holds\nassert S [T= SYS(D)    --! holds\nassert S [T= SYS(E)    --! holds\nassert S [T= SYS(F)    --! holds\n"},
		{"a chain that stops", "channel d : {0..61}\nC(i) = d.i -> d.(i+1) -> C(i)\nSTOPS = d.0 -> d.1 -> STOP\n" +
			"P(i) = if i == 0 then STOPS else P(i-1) [| {d.i} |] C(i)\nassert P(60) :[deadlock free]    --! fails\n"},
		{"a trace that many components side by side do not have", "channel a : {0..4000}\nP(i) = a.i -> STOP\n" +
			"assert not (||| i : {0..3999} @ P(i)) :[has trace]: <a.0, a.0>    --! holds\n"},
		{"what interrupts what interrupts, by recursion", "channel a : {0..800}\nP(n) = if n == 0 then a.0 -> STOP else P(n-1) /\\ a.n -> STOP\n" +
			"Q(n) = if n == 0 then a.0 -> STOP else Q(n-1) /+{}+\\ a.n -> STOP\n" +
			"assert P(800) :[deadlock free]    --! fails\nassert Q(800) :[divergence free]    --! holds\n"},
		{"timeouts of timeouts, by recursion", "channel a : {0..800}\nP(n) = if n == 0 then a.0 -> STOP else P(n-1) [> a.n -> STOP\n" +
			"assert P(800) :[divergence free]    --! holds\nassert P(800) :[deadlock free]    --! fails\n"},
		{"hidings around each other, by recursion", "channel a, b : {0..5000}\nL = a?x -> L\nP(n) = if n == 0 then L else P(n-1) \\ {b.n}\n" +
			"assert P(5000) :[deadlock free]    --! holds\n"},
		{"renamings around each other, by recursion", "channel b, c : {0..15000}\nL = b?x -> L\nS = b?x -> STOP\nP(n) = if n == 0 then L else P(n-1) [[ b.n <- c.n ]]\n" +
			"Q(n) = if n == 0 then S else Q(n-1) [[ b.n <- c.n ]]\nR(n) = if n == 0 then (L ||| L) else R(n-1) [[ b.n <- c.n ]]\n" +
			"assert P(15000) :[deadlock free]    --! holds\nassert Q(15000) :[deadlock free]    --! fails\nassert R(3000) :[deadlock free]    --! holds\n"},
		{"exceptions around each other, by recursion", "channel b, c : {0..15000}\nL = b?x -> L\nP(n) = if n == 0 then L else P(n-1) [| {b.n} |> STOP\n" +
			"Q(n) = if n == 0 then L else Q(n-1) [| {b.n} |> c.n -> L\n" +
			"assert P(15000) :[deadlock free]    --! fails\nassert Q(700) :[deadlock free]    --! holds\n"},
		{"a failure of hidings around each other", "channel a, b : {0..15000}\nL = a?x -> L [] b?x -> STOP\nP(n) = if n == 0 then L else P(n-1) \\ {b.n}\n" +
			"assert P(15000) :[deadlock free]    --! fails\n"},
		{"what starts or ends something parallel, by recursion", "channel a : {0..10000}\nchannel b, c\nTWO = b -> STOP ||| c -> STOP\nL = b -> L\n" +
			"P(n) = if n == 0 then TWO else P(n-1) [> a.n -> STOP\nQ(n) = if n == 0 then TWO else Q(n-1) /\\ a.n -> STOP\n" +
			"R(n) = if n == 0 then TWO else R(n-1) [] a.n -> STOP\nS(n) = if n == 0 then (L ||| L) else S(n-1) [| {a.n} |> a.n -> STOP\n" +
			"assert P(600) :[deadlock free]    --! fails\nassert Q(600) :[deadlock free]    --! fails\n" +
			"assert R(10000) :[deadlock free]    --! fails\nassert S(1500) :[deadlock free]    --! holds\n"},
		{"what interrupts something parallel, by recursion", "channel a, b\nP(i) = if i == 0 then (a -> SKIP ||| b -> SKIP) else P(i-1) /\\ STOP\n" +
			"assert P(1900) :[deadlock free]    --! fails\nassert P(5000) :[deadlock free]    --! fails\n"},
		{"a sum of many parts", "channel a\nf(x) = x" + strings.Repeat(" + x", 16000) + "\nP = if f(1) == 16001 then a -> P else STOP\n" +
			"assert P :[deadlock free]    --! holds\n"},
		{"maps that grow and shrink by a key, by recursion", "channel a\nup(n, m) = if n == 0 then m else up(n-1, mapUpdate(m, 7919*n % 100003, n))\n" +
			"down(n, m) = if n == 0 then m else down(n-1, mapDelete(m, 7919*n % 100003))\n" +
			"P = if down(20000, up(20000, emptyMap)) == emptyMap then a -> P else STOP\nassert P :[deadlock free]    --! holds\n"},
		{"sets that grow by an element, and shrink, by recursion", "channel a\nf(n) = if n == 0 then {} else union({n}, f(n-1))\n" +
			"g(n) = if n == 0 then {} else union({7919*n % 100003}, g(n-1))\nless(n, s) = if n == 0 then s else less(n-1, diff(s, {7919*n % 100003}))\n" +
			"up(n, s) = if n == 0 then s else if member(n, s) then {} else up(n-1, union(s, {n}))\ndown(<>, s) = s\ndown(<x>^t, s) = down(t, diff(s, {x}))\n" +
			"P = if card(f(60000)) == 60000 and less(30000, g(30000)) == {} and card(up(60000, {})) == 60000 and down(<1..20000>, f(20000)) == {} then a -> P else STOP\n" +
			"assert P :[deadlock free]    --! holds\n"},
		{"inputs from whoever of a thousand", "N = 1000\nID = {0..N-1}\nchannel picks, puts : ID.ID\nchannel eats : ID\n" +
			"PHIL(i) = picks!i!i -> picks!i!((i+1)%N) -> eats.i -> puts!i!i -> puts!i!((i+1)%N) -> PHIL(i)\n" +
			"LEFTY = picks!0!1 -> picks!0!0 -> eats.0 -> puts!0!0 -> puts!0!1 -> LEFTY\n" +
			"FORK(i) = picks?j!i -> puts!j!i -> FORK(i)\nOLD(i) = picks.i.i -> puts.i.i -> FORK(i)\n" +
			"SYS(Fork) = (|| i : ID @ [{|picks.i, puts.i, eats.i|}] if i == 0 then LEFTY else PHIL(i)) [|{|picks, puts|}|] (||| i : ID @ Fork(i))\n" +
			"assert SYS(FORK) :[deadlock free [F]]    --! holds\nassert SYS(OLD) :[deadlock free [F]]    --! fails\n"},
		{"an input of any of a million events", "ID = {0..999}\nchannel c : ID.ID\nchannel d : ID\nNODE(i) = c.i.((i+1)%1000) -> d.i -> NODE((i+1)%1000)\n" +
			"assert NODE(0) [|{|c|}|] c?i?j -> d?k -> RUN({|c|}) :[deadlock free]    --! holds\n" +
			"assert NODE(0) [|{|c|}|] c?i:{0,2}?j -> c?l!i -> STOP :[deadlock free]    --! fails after <c.0.1, d.0>\n"},
		{"an input that is beside others twice", "ID = {0..2999}\nchannel c : ID.ID\nR = c.0.1 -> c.1.2 -> R\nS(k) = c?i?j -> S((k+1)%2)\n" +
			"Q = (R [|{|c|}|] S(0)) [|{|c|}|] R\nassert (Q ||| R) [|{|c|}|] Q :[deadlock free]    --! holds\n"},
		{"specifications of a million events", "N = 1000\nchannel c : {0..N-1}.{0..N-1}\nchannel on : {0..N-1}\n" +
			"NODE(i) = c.((i+N-1)%N).i -> c.i.((i+1)%N) -> NODE(i)\nFIRST = c.0.1 -> c.(N-1).0 -> FIRST\n" +
			"RING = || i : {0..N-1} @ [{c.((i+N-1)%N).i, c.i.((i+1)%N)}] if i == 0 then FIRST else NODE(i)\n" +
			"S(k) = c?i?j -> S((k+1)%2)\n" +
			"assert S(0) [T= RING    --! holds\nassert S(0) ||| on?i -> STOP [T= RING    --! holds\nassert STOP |~| (c?i?j -> S(1) [] on?i -> STOP) [T= RING    --! holds\n"},
		{"many assertions of a specification of many events", "channel e : {0..1999}\nP(i) = e.i -> P(i)\nD = |~| x : Events @ x -> D\n" +
			repeat(600, "assert RUN(Events) [T= P(%[1]d)    --! holds\n") + repeat(600, "assert D [F= P(%[1]d)    --! holds\n")},
		{"a barrier of many", "N = 4000\nchannel a : {0..N-1}\nchannel go\nW(i) = a.i -> go -> W(i)\nR = go -> R\n" +
			"SYS = [|{go}|] i : {0..N-1} @ W(i)\nassert R [FD= SYS \\ {|a|}    --! holds\n"},
		{"many hidings of something parallel", "channel a, b, c\n" +
			"P(i) = if i == 0 then (a -> SKIP ||| b -> SKIP) else P(i-1) \\ {c}\nassert P(10000) :[deadlock free]    --! fails\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := cspm.Load("large.csp", []byte(tt.script), cspm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			for i := range s.Asserts {
				if why, err := answer(&s.Asserts[i]); why != "" || err != nil {
					t.Errorf("%s %v", why, err)
				}
			}
		})
	}
}
