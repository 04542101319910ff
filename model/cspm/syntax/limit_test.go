package syntax

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestLargeScripts(t *testing.T) {
	for _, tt := range []struct {
		name, src string
		want      string // in the first error
	}{
		{"empty", "", ""},
		{"parentheses", "A = " + strings.Repeat("(", 19_000) + "1" + strings.Repeat(")", 19_000), ""},
		{"parentheses", "A = " + strings.Repeat("(", 100_000) + "1" + strings.Repeat(")", 100_000), "nested more than 20000 deep"},
		{"open parentheses", "A = " + strings.Repeat("(", 100_000), "nested more than 20000 deep"},
		{"sequences", "A = " + strings.Repeat("<", 100_000), "nested more than 20000 deep"},
		{"minuses", "A = " + strings.Repeat("- ", 100_000) + "1", "nested more than 20000 deep"},
		{"lambdas", "A = " + strings.Repeat(`\ x @ `, 100_000) + "1", "nested more than 20000 deep"},
		{"lets", "A = " + strings.Repeat("let x = ", 100_000) + "1", "nested more than 20000 deep"},
		{"ifs", "A = " + strings.Repeat("if p then 1 else ", 19_000) + "1", ""},
		{"modules", strings.Repeat("module M\n", 100_000), "nested more than 20000 deep"},
		{"timed", strings.Repeat("Timed {\n", 100_000), "nested more than 20000 deep"},
		{"types", "A :: " + strings.Repeat("{", 100_000), "nested more than 20000 deep"},
		{"function types", "A :: " + strings.Repeat("() -> ", 100_000) + "Int", "nested more than 20000 deep"},
		{"dotted types", "A :: " + strings.Repeat("a.", 200_000) + "a", "more than 100000 operators high"},
		{"replicated", "A = " + strings.Repeat("[] x:S @ ", 100_000) + "P", "nested more than 20000 deep"},
		{"comments", "A = " + strings.Repeat("{-", 1_000_000) + strings.Repeat("-}", 1_000_000) + "1", ""},
		{"sums", "A = " + strings.Repeat("1 + ", 50_000) + "1", ""},
		{"sums", "A = " + strings.Repeat("1 + ", 1_000_000) + "1", "more than 100000 operators high"},
		{"dots", "A = " + strings.Repeat("1.", 50_000) + "1", ""},
		{"dots", "A = " + strings.Repeat("1.", 1_000_000) + "1", "more than 100000 operators high"},
		{"prefixes", "A = " + strings.Repeat("a -> ", 50_000) + "STOP", ""},
		{"prefixes", "A = " + strings.Repeat("a -> ", 1_000_000) + "STOP", "more than 100000 operators high"},
		{"choices", "A = STOP" + strings.Repeat("\n [] a -> STOP", 50_000), ""},
		{"hidings", `A = STOP` + strings.Repeat(` \ A`, 50_000), ""},
		{"moving hidings", `A = STOP` + strings.Repeat(` \ A [] P`, 15_000), ""},
		{"calls", "A = f" + strings.Repeat("()", 1_000_000), "more than 100000 operators high"},
		{"renamings", "A = f" + strings.Repeat("[[a<-b]]", 1_000_000), "more than 100000 operators high"},
		{"fields", "A = c" + strings.Repeat("?x", 100_000) + " -> P", ""},
		{"chains in brackets", "A = " + strings.Repeat("(", 2_000) + "1" + strings.Repeat(strings.Repeat("+1", 100)+")", 2_000), "more than 100000 operators high"},
		{"a tall first element", "A = f(" + strings.Repeat("1+", 60_000) + "1, 1)" + strings.Repeat("+1", 60_000), "more than 100000 operators high"},
		{"a tall first declaration", "A = (let x = " + strings.Repeat("1+", 60_000) + "1\ny = 1 within x)" + strings.Repeat("+1", 60_000), "more than 100000 operators high"},
		{"elements", "A = {" + strings.Repeat("1,", 500_000) + "1}", ""},
		{"constructors", "datatype T = A" + strings.Repeat(" | A", 200_000), ""},
		{"one open comment", "A = 1 {-" + strings.Repeat("a\n", 1_000_000), "this comment is never closed"},
	} {
		f, errs := Parse("large.csp", []byte(tt.src), nil)
		if tt.want == "" {
			if len(errs) > 0 {
				t.Errorf("%s: %.300v", tt.name, errs[0])
				continue
			}
			// Passes over the tree must be safe, too.
			var b strings.Builder
			f.Format(&b)
			again, errs := Parse("printed.csp", []byte(b.String()), nil)
			if len(errs) > 0 || !EqualFiles(f, again) {
				t.Errorf("%s: printed, it is another script: %.300v", tt.name, errs)
			}
			continue
		}
		if len(errs) == 0 || !strings.Contains(errs[0].Msg, tt.want) || errs[0].Position().Line == 0 {
			t.Errorf("%s: %.300v, want %q", tt.name, errs, tt.want)
		}
	}
}

// What is too high is shown where it begins, wherever the parser notices.
func TestTooHigh(t *testing.T) {
	for _, tt := range []struct{ src, one, last, want string }{
		{"channel a\nP =\n  ", "a -> ", "STOP\nassert P :[deadlock free]\n", "3:3"},
		{"v = ", "1 + ", "1", "1:5"},
		{"v = ", "1 + ", "1\nw = 2\n", "1:5"},
		{"v = 2 * (", "1 + ", "1)\n", "1:10"},
		{"v = ", "1.", "1\n", "1:5"},
		{"v = let\n  x = ", "1 + ", "1\nwithin x\n", "2:7"},
		{"module M\nexports\n  v = ", "1 + ", "1\nendmodule\n", "3:7"},
		{"v :: {", "a.", "a}\nv = 1\n", "1:7"},
	} {
		src := func(n int) []byte { return []byte(tt.src + strings.Repeat(tt.one, n) + tt.last) }
		for _, n := range []int{maxHeight + 1, maxHeight + 2, 2 * maxHeight} {
			_, errs := Parse("high.csp", src(n), nil)
			if len(errs) != 1 || errs[0].Position().String() != "high.csp:"+tt.want || !strings.Contains(errs[0].Msg, "operators high") {
				t.Errorf("%d times %q after %q: %d errors, %.100v; want %s", n, tt.one, tt.src, len(errs), errs, tt.want)
			}
		}
		if _, errs := Parse("high.csp", src(maxHeight-10), nil); len(errs) > 0 {
			t.Errorf("%q after %q: %.100v", tt.one, tt.src, errs)
		}
	}
	if _, errs := ParseExpr(new(Files), "e", "1\n"+strings.Repeat(" + 1", maxHeight+1)+"\n"); len(errs) != 1 || errs[0].Position().String() != "e:1:1" {
		t.Errorf("an expression by itself: %.100v", errs)
	}
}

func TestTooLarge(t *testing.T) {
	f, errs := Parse("huge.csp", make([]byte, 50<<20), nil)
	if len(errs) != 1 || errs[0].Class != Limit || errs[0].Position().String() != "huge.csp:1:1" || f == nil {
		t.Errorf("50 MB: %v", errs)
	}
	half := bytes.Repeat([]byte("-- a comment of some length, here to fill the file\n"), 20<<20/51)
	open := func(string) ([]byte, error) { return half, nil }
	_, errs = Parse("huge.csp", append([]byte("include \"a\"\ninclude \"b\"\n"), half...), open)
	if len(errs) != 2 || errs[0].Class != Limit || errs[1].Class != Limit {
		t.Errorf("60 MB in three files: %v", errs)
	}
	if _, errs := ParseExpr(new(Files), "huge", strings.Repeat(" ", maxSource+1)); len(errs) != 1 || errs[0].Class != Limit {
		t.Errorf("a huge expression: %v", errs)
	}
}

func TestIncludesAreBounded(t *testing.T) {
	calls := 0
	open := func(path string) ([]byte, error) {
		calls++
		var n int
		fmt.Sscanf(path, "f%d", &n)
		return fmt.Appendf(nil, "include \"f%d\"\ninclude \"f%d\"\n", n+1, n+1), nil
	}
	_, errs := Parse("f0", []byte("include \"f1\"\n"), open)
	if calls > maxIncludes || len(errs) == 0 || errs[0].Class != Limit {
		t.Errorf("%d files are read: %.300v", calls, errs)
	}
	// What is included is nested as what includes it is.
	deep := strings.Repeat("module M\n", 15_000) + "include \"x\"\n" + strings.Repeat("exports\nendmodule\n", 15_000)
	_, errs = Parse("f0", []byte(deep), func(string) ([]byte, error) {
		return []byte("A = " + strings.Repeat("(", 10_000) + "1" + strings.Repeat(")", 10_000)), nil
	})
	if len(errs) != 1 || !strings.Contains(errs[0].Msg, "nested more than") || errs[0].Position().File != "x" {
		t.Errorf("nested includes: %.300v", errs)
	}
}

// Garbage gives a few clear errors.
func TestGarbage(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	binary := make([]byte, 1<<20)
	for i := range binary {
		binary[i] = byte(r.Uint32())
	}
	latin := bytes.Repeat([]byte("V = \xe4\xf6\n"), 10_000)
	ones := bytes.Repeat([]byte{1}, 1<<20)
	for i, src := range [][]byte{binary, latin, ones} {
		_, errs := Parse("garbage", src, nil)
		if len(errs) == 0 || len(errs) > maxBadRuns+maxErrors/2 {
			t.Errorf("garbage %d: %d errors", i, len(errs))
		}
		if errs[0].Class != Lex {
			t.Errorf("garbage %d: %v", i, errs[0])
		}
	}
}

func BenchmarkParse(b *testing.B) {
	unit := `
-- a philosopher, and what stands around him
PHIL(i) = thinks.i -> sits.i -> picks.i.i -> picks.i.right(i) ->
          eats.i -> puts.i.right(i) -> puts.i.i -> getsup.i -> PHIL(i)
AlphaP(i) = {thinks.i, sits.i, picks.i.i, picks.i.right(i), eats.i}
Moves = {(r, c, d) | (r, c) <- Cells, d <- Dir, inside(r + 2*dr(d), c + 2*dc(d))}
SYSTEM = (|| i : ID @ [AlphaP(i)] PHIL(i)) [| {| picks, puts |} |] FORKS \ {| eats |}
assert SYSTEM :[deadlock free [F]]
`
	src := []byte(strings.Repeat(unit, 2000))
	b.SetBytes(int64(len(src)))
	b.ReportAllocs()
	for b.Loop() {
		if _, errs := Parse("bench.csp", src, nil); len(errs) > 0 {
			b.Fatal(errs)
		}
	}
}
