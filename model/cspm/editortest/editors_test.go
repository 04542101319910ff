// Package editortest_test tests the extension for VS Code and the plugin for Vim:
// what each sees in a script is held, byte by byte, against what package syntax
// sees there.
package editortest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// TestMain lets the tests stand where the extension and the plugin are.
func TestMain(m *testing.M) {
	if err := os.Chdir("../../../editors"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// A class is what a token is to a reader.
type class string

const (
	comment     class = "comment"
	expectation class = "expectation" // a --! comment
	keyword     class = "keyword"
	declaration class = "declaration" // a keyword that begins one
	command     class = "command"     // include and print
	wordOp      class = "wordOp"      // and, or, not
	boolean     class = "boolean"
	name        class = "name"
	builtin     class = "builtin" // a name that has a meaning unless it is defined
	wildcard    class = "wildcard"
	number      class = "number"
	character   class = "character"
	str         class = "string"
	operator    class = "operator"
	processOp   class = "processOp"
	bracket     class = "bracket"
	delimiter   class = "delimiter"
	refinement  class = "refinement" // [T= and its like
	property    class = "property"   // :[deadlock free] and its like
)

// symbols says what the symbols are, blanks between them.
var symbols = map[class]string{
	operator:  "= == != <= >= < > + - * / % # ^ . .. : :: | => =>*",
	processOp: `|~| ||| || [] [| |] |> [[ ]] [+ +] /+ +\ [> /\ |\ \ ; & -> <- <-> @ @@ ? ! $`,
	bracket:   "( ) { } {| |} (| |) [ ]",
	delimiter: ",",
	wildcard:  "_",
}

// words says the same of keywords. Those that are not here begin declarations.
var words = map[class]string{
	keyword: "if then else let within",
	wordOp:  "and or not",
	boolean: "true false",
	command: "include print",
}

// lookUp returns the class in whose list a word is.
func lookUp(lists map[class]string, word string) (class, bool) {
	for c, list := range lists {
		if slices.Contains(strings.Fields(list), word) {
			return c, true
		}
	}
	return "", false
}

func isBuiltin(name string) bool {
	return name == "Event" || slices.Contains(resolve.Builtins(), name)
}

// classify returns the class of a token.
func classify(t *testing.T, k syntax.Token, text string) class {
	switch k.Kind {
	case syntax.NameToken:
		if isBuiltin(text) {
			return builtin
		}
		return name
	case syntax.WordToken:
		if c, ok := lookUp(words, text); ok {
			return c
		}
		return declaration
	case syntax.IntToken:
		return number
	case syntax.CharToken:
		return character
	case syntax.StringToken:
		return str
	case syntax.PropertyToken:
		return property
	}
	if len(text) > 2 && text[0] == '[' && text[len(text)-1] == '=' {
		return refinement
	}
	c, ok := lookUp(symbols, text)
	if !ok {
		t.Fatalf("%q is of no class", text)
	}
	return c
}

// A piece is a token or a comment in a script: bytes from start up to end.
type piece struct {
	start, end int
	class      class
}

// A script is a file and what is in it.
type script struct {
	file   string
	text   string
	pieces []piece
}

// read reads a script. What stands after print is left out: only print reads it.
func read(t *testing.T, file string) script {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	f, tokens, errs := syntax.ParseAlone(file, text)
	if errs != nil {
		t.Fatal(errs)
	}
	s := script{file: file, text: string(text)}
	covered := 0
	for _, k := range tokens {
		if k.Kind != syntax.TextToken {
			s.pieces = append(s.pieces, piece{int(k.Start) - 1, int(k.End) - 1, classify(t, k, f.Files.Text(k.Span))})
		}
	}
	for _, c := range f.Comments {
		p := piece{int(c.Start) - 1, int(c.End) - 1, comment}
		if strings.HasPrefix(c.Text, "--!") {
			p.class = expectation
		}
		inside := slices.ContainsFunc(tokens, func(k syntax.Token) bool { return k.Start <= c.Start && c.End <= k.End })
		if !inside {
			s.pieces = append(s.pieces, p)
		}
	}
	for _, p := range s.pieces {
		covered += p.end - p.start
	}
	if covered == 0 {
		t.Fatalf("nothing is in %s", file)
	}
	return s
}

// scripts returns all that the editors are shown.
func scripts(t *testing.T) []script {
	files := []string{"testdata/edges.csp", "../model/cspm/syntax/testdata/good/whole.csp"}
	for _, pattern := range []string{"../specs/*.csp", "../model/cspm/types/testdata/good/*.csp", "../model/cspm/testdata/eval/*.csp"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(found), err)
		}
		files = append(files, found...)
	}
	var list []script
	for _, file := range files {
		list = append(list, read(t, file))
	}
	return list
}

// An editor is shown files and says of each byte of each, by its name, what it
// takes it for.
type editor interface {
	see(t *testing.T, files []string) [][]string
	// accepts tells whether what it takes a byte for is right for a class.
	accepts(c class, seen string) bool
}

// mismatches returns where an editor sees something else than there is.
func mismatches(t *testing.T, e editor, list []script) []string {
	var files []string
	for _, s := range list {
		files = append(files, s.file)
	}
	seen := e.see(t, files)
	if len(seen) != len(list) {
		t.Fatalf("%d files were looked at, not %d", len(seen), len(list))
	}
	var wrong []string
	bytes := 0
	for i, s := range list {
		for _, p := range s.pieces {
			for off := p.start; off < p.end; off++ {
				if s.text[off] == '\n' || s.text[off] == '\r' {
					continue
				}
				bytes++
				if got := seen[i][off]; !e.accepts(p.class, got) {
					line := 1 + strings.Count(s.text[:off], "\n")
					col := off - strings.LastIndexByte(s.text[:off], '\n')
					wrong = append(wrong, fmt.Sprintf("%s:%d:%d: %q is %s, and seen as %q", s.file, line, col, s.text[p.start:p.end], p.class, got))
					break
				}
			}
		}
	}
	t.Logf("%d files, %d bytes", len(list), bytes)
	return wrong
}

// check reports all mismatches, but not thousands.
func check(t *testing.T, e editor) {
	t.Helper()
	wrong := mismatches(t, e, scripts(t))
	for _, w := range wrong[:min(len(wrong), 30)] {
		t.Error(w)
	}
	if n := len(wrong) - 30; n > 0 {
		t.Errorf("and %d more", n)
	}
}

// skip skips a test that needs a program which is missing, but not in .ci/run,
// which installs it or says, in CSPCHECK_WITHOUT, that it could not.
func skip(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "" {
		t.Fatalf("%s is missing", what)
	}
	t.Skipf("%s is missing", what)
}

// A run is a stretch of a line that is taken for one thing, up to a column.
type run struct {
	end  int
	what string
}

// spread returns what each byte of a text is taken for. Columns are counted in
// units of which width says how many a character is.
func spread(text string, lines [][]run, width func(r rune) int) []string {
	seen := make([]string, 0, len(text))
	for i, line := range strings.SplitAfter(text, "\n") {
		col, k := 0, 0
		for _, r := range line {
			what := ""
			if i < len(lines) {
				for k < len(lines[i]) && lines[i][k].end <= col {
					k++
				}
				if k < len(lines[i]) {
					what = lines[i][k].what
				}
			}
			for range len(string(r)) {
				seen = append(seen, what)
			}
			col += width(r)
		}
	}
	return seen
}

// A breakage is a change of an editor's rules that must be noticed.
type breakage struct{ what, old, new string }

// breaks changes a file of rules and wants the tests to notice. at makes an
// editor that goes by the rules in a file.
func breaks(t *testing.T, file string, list []breakage, at func(t *testing.T, rules string) editor) {
	rules, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	edges := []script{read(t, "testdata/edges.csp")}
	for _, b := range list {
		t.Run(b.what, func(t *testing.T) {
			if !strings.Contains(string(rules), b.old) {
				t.Fatalf("there is no %s in %s", b.old, file)
			}
			if wrong := mismatches(t, at(t, strings.Replace(string(rules), b.old, b.new, 1)), edges); len(wrong) == 0 {
				t.Error("nobody noticed")
			} else {
				t.Log(wrong[0])
			}
		})
	}
}
