package cspm

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm/resolve"
)

// misfit matches what evaluation says of values that do not fit where they
// are: types see to it that it never has to.
var misfit = regexp.MustCompile(`cannot be compared|is an? [a-z ]+[,:] |is the name of|needed here|not a function|not a pair|takes .*, not|sets of functions|generators take|has no extensions|no field left|not a complete event|cannot be matched with|lack the same fields|has \d+ fields, not|number of fields|not an event or channel`)

// fitting checks that an error is none of these.
func fitting(t failer, src string, err error) {
	if errs, ok := AsErrors(err); ok && errs[0].Class != "limit" && misfit.MatchString(errs[0].Msg) {
		t.Errorf("%s\nhas a type, but: %v", src, err)
	}
}

const typedPrelude = `datatype T = A | B.{0..2} | C.T
datatype U = K.T.Bool | L.(Int, Bool)
channel go
channel c : {0..2}
channel p : {0..2}.Bool
channel k : T.{0..2}
channel q : (Bool, {0..2})
subtype S = A | B.{1}
n = 2
f(x) = x + 1
id(x) = x
pick(b, x, y) = if b then x else y
unB(B.x) = x
unB(_) = 0
unC(C.t) = t
unC(t) = t
sum(<>) = 0
sum(<x>^s) = x + sum(s)
map(g, s) = <g(x) | x <- s>
swap((x, y)) = (y, x)
fst(x.y) = x
copy(ch) = ch?x -> ch!x -> STOP
send(ch, x) = ch.x -> STOP
P = go -> STOP
`

// forms are ways to write a value of a type: $Type stands for any value of
// that type.
var forms = map[string][]string{
	"Int": {
		"0", "1", "2", "n", "$Int + $Int", "-$Int", "$Int * $Int", "if $Bool then $Int else $Int", "#$Seq", "card($Set)", "f($Int)", "id($Int)",
		"head(<$Int>^$Seq)", "let x = $Int within x + $Int", "let (x, y) = $Pair within x", "(\\ x @ x + $Int)($Int)", "(\\ (x, y), z @ x + z)($Pair, $Int)",
		"mapLookup((| 1 => $Int |), 1)", "unB($T)", "sum($Seq)", "pick($Bool, $Int, $Int)", "let g(x) = x + $Int within g($Int)", "fst($Int.$Bool)", "fst(id($Int.$T))",
		"let h :: (Int) -> Int\nh(x) = x within h($Int)", "head(map(f, <$Int>))", "let num :: Eq a => (a, a) -> Int\nnum(x, y) = if x == y then 1 else 2 within num($T, $T) + num($Int, $Int)",
	},
	"Bool": {
		"true", "false", "$Int == $Int", "$Int < $Int", "($T) == ($T)", "($Event) != ($Event)", "$Set == $Set", "$Seq <= $Seq", "$Set <= $Set", "not $Bool", "$Bool and $Bool", "$Bool or $Bool",
		"member($Int, $Set)", "member($Event, $Events)", "member($T, {$T})", "elem($Int, $Seq)", "empty($Set)", "null($Seq)", "$Pair == $Pair", "mapMember((| $T => $Int |), $T)", "let (x, y) = swap($Pair) within x", "c == c", "($U) == ($U)",
	},
	"Pair": {"($Int, $Bool)", "swap(($Bool, $Int))", "if $Bool then $Pair else $Pair", "head(<$Pair>)", "id($Pair)"},
	"Seq": {
		"<>", "<$Int>", "<$Int, $Int>", "<$Int..2>", "seq($Set)", "$Seq^$Seq", "<x | x <- $Seq>", "<x + $Int | x <- $Seq, $Bool>", "tail(<$Int>^$Seq)", "concat(<$Seq, $Seq>)", "map(f, $Seq)", "<x | (x, b) <- <$Pair>, b>", "<x | B.x <- <$T>>",
	},
	"Set": {
		"{}", "{$Int}", "{$Int, $Int}", "{$Int..2}", "union($Set, $Set)", "diff($Set, $Set)", "inter($Set, $Set)", "{x | x <- $Set}", "{x + y | x <- $Set, y <- $Set, $Bool}", "{x | c.x <- $Events}", "{x | p.x.true <- $Events}", "{x | B.x <- {$T}}", "set($Seq)", "extensions(c)", "Union({$Set, $Set})",
		"{x | K.B.x.b <- {$U}, b}",
	},
	"Event":  {"go", "c.($Int % 3)", "p.($Int % 3).$Bool", "$Part.$Bool", "k.$T.($Int % 3)", "k.(B.($Int % 3)).1", "k.B.($Int % 3).1", "q.($Bool, $Int % 3)", "if $Bool then $Event else $Event", "head(<$Event>)", "id($Event)"},
	"Part":   {"p.($Int % 3)", "if $Bool then p.0 else $Part", "id($Part)", "head(<$Part>)"},
	"Events": {"{|c|}", "{|c, p|}", "{|go|}", "{$Event}", "{|$Part|}", "{|k.$T|}", "{|k.B|}", "productions(p)", "productions($Part)", "{e | e <- $Events, $Bool}", "union($Events, $Events)", "{c.x | x <- {0..2}}", "{|p.x | x <- {0..2}|}"},
	"T":      {"A", "B.($Int % 3)", "C.$T", "C.B.($Int % 3)", "(C.C).$T", "unC($T)", "if $Bool then $T else $T", "id($T)", "head(<$T>)", "head(<x | K.x.b <- <$U>>^<$T>)"},
	"U":      {"K.$T.$Bool", "K.A.$Bool", "K.(B.0).$Bool", "K.B.0.$Bool", "L.$Pair", "(K.$T).$Bool", "id($U)"},
	"Proc": {
		"STOP", "SKIP", "P", "$Event -> $Proc", "c?x -> $Proc", "c?x:inter($Set, {0..2}) -> $Proc", "p?x?y -> $Proc", "p?x -> p.x -> $Proc", "p?x!$Bool -> $Proc", "p.1?b -> (if b then $Proc else $Proc)", "k?t?i -> $Proc", "k?B.x?i -> $Proc", "q?(b, i) -> $Proc", "c$x -> $Proc", "p$x?y -> $Proc",
		"$Bool & $Proc", "$Proc ; $Proc", "$Proc [] $Proc", "$Proc |~| $Proc", "$Proc [> $Proc", "$Proc /\\ $Proc", "$Proc ||| $Proc", "$Proc [|$Events|] $Proc", "$Proc [$Events||$Events] $Proc", "$Proc [|$Events|> $Proc", "$Proc [+$Events+] $Proc",
		"$Proc \\ $Events", "$Proc[[c <- c]]", "$Proc[[$Part <- $Part]]", "$Proc[[c.0 <- go]]", "[] x:$Set @ $Proc", "||| x:$Set @ $Proc", "; x:$Seq @ $Proc", "[] e:$Events @ e -> $Proc", "|| x:$Set @ [$Events] $Proc",
		"copy(c)", "copy(p)", "copy($Part)", "send(c, $Int % 3)", "send(p, ($Int % 3).$Bool)", "send($Part, $Bool)", "if $Bool then $Proc else $Proc", "let x = $Int within $Proc", "RUN($Events)", "CHAOS($Events)", "id($Proc)", "pick($Bool, $Proc, $Proc)",
	},
}

var hole = regexp.MustCompile(`\$[A-Z]\w*`)

// typedExpr draws an expression of a type.
func typedExpr(t *rapid.T, typ string, depth int) string {
	fs := forms[typ]
	if depth == 0 {
		fs = fs[:1]
		if typ == "Seq" || typ == "Set" || typ == "Int" || typ == "Bool" {
			fs = forms[typ][:2]
		}
	}
	form := rapid.SampledFrom(fs).Draw(t, typ)
	return hole.ReplaceAllStringFunc(form, func(h string) string {
		if depth == 0 {
			return "(" + typedExpr(t, h[1:], 0) + ")"
		}
		return "(" + typedExpr(t, h[1:], depth-1) + ")"
	})
}

// typedly checks that an expression that is of a type by the way it is made
// is accepted, and that evaluation meets no value that does not fit.
func typedly(t *rapid.T) {
	typ := rapid.SampledFrom([]string{"Int", "Bool", "Pair", "Seq", "Set", "Event", "Part", "Events", "T", "U", "Proc"}).Draw(t, "type")
	expr := typedExpr(t, typ, rapid.IntRange(0, 3).Draw(t, "depth"))
	src := typedPrelude + "v = " + expr + "\n"
	if typ == "Proc" {
		src += "assert v [T= v\n"
	}
	s, err := Load("typed.csp", []byte(src), Options{})
	if err != nil {
		t.Fatalf("%s\n%v", expr, err)
	}
	if typ == "Proc" {
		fitting(t, expr, explored(s, "v"))
		return
	}
	_, err = s.Eval(context.Background(), short, "v")
	fitting(t, expr, err)
}

// explored returns what goes wrong in the first states of a process.
func explored(s *Script, expr string) error {
	limits := short
	limits.States = 200
	sys, err := s.Process(context.Background(), limits, expr)
	if err == nil {
		_, err = explore.Run(context.Background(), sys, limits, nil)
	}
	return err
}

func TestTypedExpressions(t *testing.T) { rapid.Check(t, typedly) }

func FuzzTypedExpressions(f *testing.F) { f.Fuzz(rapid.MakeFuzz(typedly)) }

// wildlyTyped checks that a wild expression, if types let it pass, fits where
// it is evaluated.
func wildlyTyped(t *rapid.T) {
	src := wildPrelude + "v = " + wild(rapid.IntRange(1, 3).Draw(t, "depth")).Draw(t, "v") + "\n"
	s, err := Load("wild.csp", []byte(src), Options{})
	if err != nil {
		return
	}
	_, err = s.Eval(context.Background(), short, "v")
	fitting(t, src, err)
}

func TestWildTypedExpressions(t *testing.T) { rapid.Check(t, wildlyTyped) }

func FuzzWildTypedExpressions(f *testing.F) { f.Fuzz(rapid.MakeFuzz(wildlyTyped)) }

var token = regexp.MustCompile(`[A-Za-z]\w*|\d+|\S`)

// scrambled checks that a script in which a few words are exchanged is typed
// without a panic, and that it fits where it is evaluated if it has types.
func scrambled(t *rapid.T) {
	src := typedPrelude
	for i := range 3 {
		typ := rapid.SampledFrom([]string{"Int", "Bool", "Set", "Event", "Events", "T", "U", "Proc"}).Draw(t, "type")
		src += "v" + string(rune('0'+i)) + " = " + typedExpr(t, typ, 2) + "\n"
	}
	words := token.FindAllStringIndex(src, -1)
	for range rapid.IntRange(1, 3).Draw(t, "changes") {
		at := rapid.SampledFrom(words).Draw(t, "at")
		other := rapid.SampledFrom(words).Draw(t, "other")
		if at[1]-at[0] == other[1]-other[0] { // places stay right
			src = src[:at[0]] + src[other[0]:other[1]] + src[at[1]:]
		}
	}
	s, err := Load("scrambled.csp", []byte(src), Options{})
	if err != nil {
		return
	}
	for _, typed := range s.Types() {
		switch typed.Type.String() {
		case "Proc":
			fitting(t, src, explored(s, typed.Name))
		default:
			_, err := s.Eval(context.Background(), short, typed.Name)
			fitting(t, src, err)
		}
	}
}

func TestScrambledScripts(t *testing.T) { rapid.Check(t, scrambled) }

func FuzzScrambledScripts(f *testing.F) { f.Fuzz(rapid.MakeFuzz(scrambled)) }

// FuzzVet types whatever parses; what passes is evaluated, and fits.
func FuzzVet(f *testing.F) {
	for _, pattern := range []string{"testdata/eval/*.csp", "../../specs/*.csp", "types/testdata/errors/*.csp", "syntax/testdata/good/*.csp"} {
		files, err := filepath.Glob(pattern)
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
	}
	f.Add(typedPrelude)
	f.Add(wildPrelude)
	f.Fuzz(func(t *testing.T, src string) {
		_, errs := read("fuzz.csp", []byte(src), Options{})
		first := errs.Error()
		Vet("fuzz.csp", []byte(src), Options{}, false)
		s, err := Load("fuzz.csp", []byte(src), Options{})
		if err != nil {
			if again := err.Error(); again != first {
				t.Errorf("first\n%s\nthen\n%s", first, again)
			}
			return
		}
		for _, named := range s.Types() {
			if strings.Contains(named.Type.String(), "?") {
				t.Errorf("%s :: %s", named.Name, named.Type)
			}
		}
		for _, o := range s.prog.Objects {
			if o.Kind == resolve.Value {
				_, err := s.Eval(context.Background(), short, o.Name)
				fitting(t, src, err)
			}
		}
	})
}
