package types_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// repeat joins n texts.
func repeat(n int, f func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(f(i))
	}
	return b.String()
}

// Large scripts are typed in a short time, or a limit is met: no stack
// overflows, and nothing goes on for ever.
func TestLargeScripts(t *testing.T) {
	for _, tt := range []struct{ name, src, want string }{
		{"nested lists", "v = " + strings.Repeat("<", 15_000) + "1" + strings.Repeat(">", 15_000), ""},
		{"dots", "v = " + strings.Repeat("1.", 50_000) + "1", ""},
		{"dots of variables", "f(x) = " + strings.Repeat("x.", 20_000) + "x", ""},
		{"fields of a channel", "channel c : " + strings.Repeat("{0}.", 20_000) + "{0}\nP = c" + strings.Repeat("!0", 20_001) + " -> STOP\nf(x) = c.x -> STOP", ""},
		{"prefixes", "channel a\nP = " + strings.Repeat("a -> ", 50_000) + "STOP", ""},
		{"sums", "v = " + strings.Repeat("1 + ", 50_000) + "1", ""},
		{"choices", "P = STOP" + strings.Repeat(" [] STOP", 50_000), ""},
		{"lambdas", "v = " + strings.Repeat(`\ x @ `, 15_000) + "1", ""},
		{"lets", "v = " + strings.Repeat("let x = 1 within ", 15_000) + "1", ""},
		{"lets in lets", "v = " + strings.Repeat("let x = ", 5_000) + "1" + strings.Repeat(" within x", 5_000), ""},
		{"ifs", "v = " + strings.Repeat("if true then 1 else ", 15_000) + "1", ""},
		{"calls", "f() = f\n" + "v = f" + strings.Repeat("()", 50_000), "contain itself"},
		{"clauses", repeat(20_000, func(i int) string { return fmt.Sprintf("f(%d) = %d\n", i, i) }), ""},
		{"elements", "v = {1" + strings.Repeat(",1", 200_000) + "}", ""},
		{"a chain of definitions", "v0 = 1\n" + repeat(30_000, func(i int) string { return fmt.Sprintf("v%d = v%d + 1\n", i+1, i) }), ""},
		{"a chain the other way", "v30000 = 1\n" + repeat(30_000, func(i int) string { return fmt.Sprintf("v%d = v%d + 1\n", i, i+1) }), ""},
		{"one group", repeat(20_000, func(i int) string {
			return fmt.Sprintf("f%d(x) = if x == 0 then f%d(x) else f%d(x-1)\n", i, (i*7+1)%20_000, (i+1)%20_000)
		}), ""},
		{"one group of variables", repeat(20_000, func(i int) string { return fmt.Sprintf("f%d(x) = f%d(x)\n", i, (i+1)%20_000) }), ""},
		{"a group of datatypes", repeat(5_000, func(i int) string { return fmt.Sprintf("datatype T%d = A%d.T%d | B%d\n", i, i, (i+1)%5_000, i) }) + "v = A0.B1 == A0.B1", "type"},
		{"many errors", repeat(5_000, func(i int) string { return fmt.Sprintf("v%d = 1 + true\n", i) }), "true is Bool"},
		{"instances", "module M(n)\nexports\n  v = n\n  f(x) = x + n\nendmodule\n" + repeat(3_000, func(i int) string { return fmt.Sprintf("instance I%d = M(%d)\n", i, i) }), ""},
		{"modules in a row", "v0 = 1\n" + repeat(4_000, func(i int) string {
			return fmt.Sprintf("module M%d(n)\nexports\n  v = n + v%d\nendmodule\ninstance I%d = M%d(1)\nv%d = I%d::v\n", i, i, i, i, i+1, i)
		}), ""},
		{"modules in a circle", repeat(4_000, func(i int) string {
			return fmt.Sprintf("module M%d(n)\nexports\n  v = n + I%d::v\nendmodule\ninstance I%d = M%d(1)\n", i, (i+1)%4_000, i, i)
		}), "module M0 depends on an instance of itself"},
		// types that are exponentially larger than the text
		{"pairs", "v0 = (1, 1)\n" + repeat(60, func(i int) string { return fmt.Sprintf("v%d = (v%d, v%d)\n", i+1, i, i) }), "limit: the types here become too large"},
		{"pairs of variables", "f0(x) = (x, x)\n" + repeat(30, func(i int) string { return fmt.Sprintf("f%d(x) = f%d(f%d(x))\n", i+1, i, i) }), "limit: "},
		{"nesting", "f0(x) = <x>\n" + repeat(30, func(i int) string { return fmt.Sprintf("f%d(x) = f%d(f%d(x))\n", i+1, i, i) }), "limit: "},
		{"a let of pairs", "f(x0) = let " + repeat(60, func(i int) string { return fmt.Sprintf("x%d = (x%d, x%d)\n", i+1, i, i) }) + " within x60", "limit: "},
		{"doubling dots", "f0(x) = x.x\n" + repeat(30, func(i int) string { return fmt.Sprintf("f%d(x) = f%d(f%d(x))\n", i+1, i, i) }), "limit: "},
	} {
		start := time.Now()
		errs := mistakes(tt.src)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("%s took %v", tt.name, took)
		} else if testing.Verbose() {
			t.Logf("%s took %v", tt.name, took)
		}
		got := ""
		if len(errs) > 0 {
			got = errs[0].Error()
		}
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %.300s, want %s", tt.name, got, tt.want)
		}
	}
}
