package types_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/types"
)

// generated returns a script of about so many lines: channels, datatypes,
// polymorphic functions, processes that call each other in groups of ten, and
// a chain of definitions through all of it.
func generated(lines int) string {
	var b strings.Builder
	b.WriteString("channel c0 : {0..3}.Bool\ndatatype T0 = A0 | B0.{0..3}.Bool\nf0(x) = x\nN0 = 1\nmap(f, s) = <f(x) | x <- s>\n")
	for i := 1; 10*i <= lines; i++ {
		fmt.Fprintf(&b, `channel c%[1]d : {0..N%[2]d}.Bool
datatype T%[1]d = A%[1]d | B%[1]d.{0..3}.T%[2]d
N%[1]d = let k = f%[2]d(N%[2]d) within if f%[2]d(true) then k + 1 else 2
f%[1]d(x) = head(map(f%[2]d, <x, f%[2]d(x)>))
g%[1]d(B%[1]d.i.t) = (i, t)
P%[1]d(s) = c%[1]d?x?b -> Q%[1]d(s^<x>) [] s != <> & c%[2]d!head(s)!true -> P%[1]d(tail(s))
Q%[1]d(s) = c%[1]d?p -> (if #s > N%[1]d then P%[1]d(s) else P%[3]d(s)) \ {|c%[2]d|}
h%[1]d(x, y) = if x == y then {x, f%[1]d(y)} else {}
v%[1]d = (h%[1]d(1, 2), h%[1]d(A%[1]d, B%[1]d.1.A%[2]d), N%[1]d)
assert P%[1]d(<>) [T= Q%[1]d(<1>) [|{|c%[1]d|}|] STOP
`, i, i-1, max(1, i-i%10))
	}
	return b.String()
}

// Each stage of loading takes a time in proportion to the length of a script.
func BenchmarkLoading(b *testing.B) {
	for _, lines := range []int{1_000, 3_000, 10_000} {
		src := []byte(generated(lines))
		lines := bytes.Count(src, []byte("\n"))
		parse := func(b *testing.B) *syntax.File {
			f, errs := syntax.Parse("bench.csp", src, nil)
			if len(errs) > 0 {
				b.Fatal(errs)
			}
			return f
		}
		settle := func(b *testing.B, f *syntax.File) *resolve.Program {
			prog, errs := resolve.Resolve(f)
			if len(errs) > 0 {
				b.Fatal(errs)
			}
			return prog
		}
		perLine := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(lines), "ns/line")
		}
		b.Run(fmt.Sprint("parse/", lines), func(b *testing.B) {
			for b.Loop() {
				parse(b)
			}
			perLine(b)
		})
		b.Run(fmt.Sprint("resolve/", lines), func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				f := parse(b)
				b.StartTimer()
				settle(b, f)
			}
			perLine(b)
		})
		b.Run(fmt.Sprint("check/", lines), func(b *testing.B) {
			f := parse(b)
			for b.Loop() {
				b.StopTimer()
				prog := settle(b, f)
				b.StartTimer()
				if _, errs := types.Check(prog, nil); len(errs) > 0 {
					b.Fatal(errs)
				}
			}
			perLine(b)
		})
	}
}
