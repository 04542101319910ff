package cspm

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
)

// short are the limits of an evaluation here; patience is what it may take
// altogether, on a busy machine.
var short = explore.Limits{Time: time.Second, Memory: 3 << 30}

const patience = time.Minute

// A failer is a testing.T or a rapid.T.
type failer interface{ Errorf(string, ...any) }

// constants evaluates all top-level constants of a script, one a line, and
// whether a limit of time or memory was hit. Types are checked or not: what
// evaluates must not depend on it.
func constants(t failer, src string, untyped bool) (string, bool) {
	s, err := Load("fuzz.csp", []byte(src), Options{Untyped: untyped})
	if err != nil {
		return err.Error(), false
	}
	var names []string
	for _, o := range s.prog.Objects {
		if o.Kind == resolve.Value {
			names = append(names, o.Name)
		}
	}
	var b strings.Builder
	limited := false
	for _, name := range names {
		got, stopped := evaluate(t, s, name)
		limited = limited || stopped
		fmt.Fprintf(&b, "%s = %s\n", name, got)
	}
	return b.String(), limited
}

// evaluate returns a value or an error, and whether it was stopped; that
// takes no longer than the limits allow.
func evaluate(t failer, s *Script, expr string) (string, bool) {
	start := time.Now()
	got, err := s.Eval(context.Background(), short, expr)
	if took := time.Since(start); took > patience {
		t.Errorf("%s took %v", expr, took)
	}
	if err == nil {
		return got, false
	}
	var limit *explore.Limit
	if errors.As(err, &limit) {
		return err.Error(), true
	}
	if _, ok := AsErrors(err); !ok {
		t.Errorf("%s: the error is a %T", expr, err)
	}
	return err.Error(), false
}

// FuzzEval evaluates what a script defines: nothing panics, nothing goes on
// beyond its limits, and the answers are the same the next time.
func FuzzEval(f *testing.F) {
	files, err := filepath.Glob("testdata/eval/*.csp")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds: ", err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src))
	}
	f.Fuzz(func(t *testing.T, src string) {
		first, limited := constants(t, src, true)
		again, limitedAgain := constants(t, src, true)
		if first != again && !limited && !limitedAgain {
			t.Errorf("%s\nevaluates to\n%s\nand then to\n%s", src, first, again)
		}
	})
}

// wild draws an expression of any or of no type, of names, numbers and
// everything that the language applies to them.
func wild(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		leaf := rapid.SampledFrom([]string{
			"0", "1", "2", "7", "100000", "1000000000000", "9223372036854775807", "true", "false", "'a'", `"ab"`, "<>", "{}", "(| |)",
			"Int", "Bool", "Char", "Events", "Proc", "T", "U", "S", "N", "STOP", "c", "d", "e", "A", "B", "C", "K", "x", "y", "a", "b", "f", "g", "xs", "ys",
			"<1..>", "{0..}", "head", "card", "emptyMap", `error("e")`,
		})
		if depth == 0 {
			return leaf.Draw(t, "leaf")
		}
		sub := func() string { return wild(depth-1).Draw(t, "sub") }
		fill := func(form string) string {
			for strings.Contains(form, "$") {
				form = strings.Replace(form, "$", "("+sub()+")", 1)
			}
			return form
		}
		form := rapid.SampledFrom([]string{
			"$ + $", "$ - $", "$ * $", "$ / $", "$ % $", "-$", "#$", "not $", "$ and $", "$ or $", "$ ^ $", "$ . $", "$.$.$",
			"$ == $", "$ != $", "$ < $", "$ <= $", "($, $)", "<$, $>", "{$, $}", "{|$|}", "(| $ => $, $ => $ |)",
			"<$..$>", "{$..$}", "<$..>", "{$..}", "if $ then $ else $", "let x = $ within $", "let (x, y) = $ within $", "let x = $\ny = $ within $",
			"(\\ x @ $)($)", "(\\ x, y @ $)($, $)", "(\\ x.y @ $)($)", "(\\ <x>^y @ $)($)", "(\\ A.x @ $)($)", "$($)", "$($, $)",
			"<$ | x <- $>", "{$ | x <- $}", "{$ | x <- $, y <- $}", "<$ | x <- $, $>", "<$..$ | x <- $>", "{$.. | x <- $}", "{|$ | x <- $|}", "{x | c.x <- $}", "<y | (x, y) <- $>",
			"union($, $)", "inter($, $)", "diff($, $)", "Union($)", "Inter($)", "member($, $)", "card($)", "empty($)", "set($)", "seq($)", "Set($)", "Seq($)",
			"length($)", "null($)", "head($)", "tail($)", "concat($)", "elem($, $)", "mapFromList($)", "mapToList($)", "mapLookup($, $)", "mapMember($, $)",
			"mapUpdate($, $, $)", "mapUpdateMultiple($, $)", "mapDelete($, $)", "Map($, $)", "extensions($)", "productions($)", "show($)", "error($)", "f($)", "g($)",
			"{$ | x <- $}", "union({$}, {$..})", "diff({$..}, {$})", "Union({$, $})", "seq(Seq($))", "head(seq($))", "{$ -> STOP}", "let x = <$>^x within $", "let x = ($, x) within $",
		}).Draw(t, "form")
		return "(" + fill(form) + ")"
	})
}

const wildPrelude = `datatype T = A | B.{0..2}.Bool | C.S
datatype U = K.U.{0..} | L
subtype S = B.{1} | A
nametype N = {0,1}.Bool
channel c : {0..3}
channel d : T.{0..1}
channel e : Int
f(x) = if x == 0 then 0 else 1 + f(x - 1)
g(<>) = 0
g(<x>^y) = g(y) + x
a = <1,2,3>
b = {(1, true), (2, false)}
x = <1>^x
y = (| 1 => 2 |)
xs = <n * n | n <- <0..>>
ys = {{1..}, {2,3}, Int}
`

// wildly checks that an expression, whatever it is, is evaluated within its
// limits, without a panic and with one result.
func wildly(t *rapid.T) {
	src := wildPrelude + "v = " + wild(rapid.IntRange(1, 4).Draw(t, "depth")).Draw(t, "v") + "\n"
	var answers [2]string
	limited := false
	for i := range answers {
		s, err := Load("wild.csp", []byte(src), Options{Untyped: true})
		if err != nil {
			return
		}
		got, stopped := evaluate(t, s, "v")
		answers[i], limited = got, limited || stopped
	}
	if answers[0] != answers[1] && !limited {
		t.Errorf("%s\nis %s and then %s", src, answers[0], answers[1])
	}
}

func TestWildExpressions(t *testing.T) { rapid.Check(t, wildly) }

func FuzzWildExpressions(f *testing.F) { f.Fuzz(rapid.MakeFuzz(wildly)) }
