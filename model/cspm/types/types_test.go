package types_test

import (
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/types"
)

// script checks a script that parses and resolves.
func script(t testing.TB, src string) (*resolve.Program, *types.Info, syntax.Errors) {
	t.Helper()
	f, errs := syntax.Parse("t.csp", []byte(src), nil)
	if len(errs) > 0 {
		t.Fatalf("%s\n%v", src, errs)
	}
	prog, errs := resolve.Resolve(f)
	if len(errs) > 0 {
		t.Fatalf("%s\n%v", src, errs)
	}
	info, errs := types.Check(prog, nil)
	return prog, info, errs
}

// declared is in scope of most rows.
const declared = `channel c : {0..3}.Bool
datatype V = K.Int | Z
`

// Inferred types.
func TestDots(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"f(x) = c.x", "(Int.Bool) -> Event"},
		{"f(x) = c?y!x -> STOP", "(Bool) -> Proc"},
		{"f(x) = x?y -> STOP", "Complete a => (a=>Event) -> Proc"},
		{"f(x, y) = x.y -> STOP", "(a=>Event, a) -> Proc"},
		{"f(x, y) = x.y", "(a, b) -> a.b"},
		{"f(x) = {|x|}", "Yieldable b => (a=>*b) -> {b}"},
		{"f(c.x.y) = y", "(Event) -> Bool"},
		{"f(x, y) = STOP[[x <- y]]", "(a=>*Event, a=>*Event) -> Proc"},
		{"f(S) = [] e:S @ e -> STOP", "({Event}) -> Proc"},
		{"f = c.1", "Bool=>Event"},
		{"f(K.n) = n", "(V) -> Int"},
	} {
		_, info, errs := script(t, declared+tt.src)
		got := errs.Error()
		if len(errs) == 0 {
			got = info.Of("f").String()
		}
		if got != tt.want {
			t.Errorf("%s: %s, want %s", tt.src, got, tt.want)
		}
	}
}

// mistakes returns what is wrong with a script.
func mistakes(src string) syntax.Errors {
	f, errs := syntax.Parse("t.csp", []byte(src), nil)
	if len(errs) > 0 {
		return errs
	}
	prog, errs := resolve.Resolve(f)
	if len(errs) > 0 {
		return errs
	}
	_, errs = types.Check(prog, nil)
	return errs
}

// row is a script and what comes of it: "" or a part of the first error.
type row struct{ src, want string }

func check(t *testing.T, prelude string, rows []row) {
	t.Helper()
	for _, r := range rows {
		errs := mistakes(prelude + r.src + "\n")
		switch {
		case len(errs) == 0 && r.want == "":
		case len(errs) > 0 && r.want != "" && strings.Contains(errs[0].Error(), ": type: ") && strings.Contains(errs.Error(), r.want):
		default:
			t.Errorf("%s\n\tis   %v\n\twant %s", r.src, errs, r.want)
		}
	}
}
