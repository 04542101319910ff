package format

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/syntax/syntaxtest"
)

// A failer is a test, or a part of one.
type failer interface {
	Helper()
	Fatalf(string, ...any)
}

// formatted formats a script that can be read and holds the result against it:
// it reads as the same tree, with every token and every comment where it was,
// and is as it should be already.
func formatted(t failer, src string) string {
	t.Helper()
	text, errs := Source("script", []byte(src))
	if errs != nil {
		t.Fatalf("%s\n%v", src, errs)
	}
	out := string(text)
	a, tokensA, _ := syntax.ParseAlone("script", []byte(src))
	b, tokensB, errs := syntax.ParseAlone("formatted", text)
	if errs != nil || !syntax.EqualFiles(a, b) {
		t.Fatalf("%s\nformatted:\n%s\nis another script: %v", src, out, errs)
	}
	if diff := cmp.Diff(words(a, tokensA), words(b, tokensB)); diff != "" {
		t.Fatalf("%s\nformatted:\n%s\nhas other words (-before +after):\n%s", src, out, diff)
	}
	s := &shaper{toks: gather(b, tokensB, text)}
	s.file(b)
	for _, k := range s.toks {
		if k.hang.mode == unset {
			t.Fatalf("%s\nnothing says where %q stands at the beginning of line %d", out, k.text, k.line+1)
		}
	}
	if again, _ := Source("formatted", text); string(again) != out {
		t.Fatalf("%s\nformatted:\n%s\nformatted again (-once +twice):\n%s", src, out, cmp.Diff(out, string(again)))
	}
	return out
}

// words returns the texts of tokens and comments in their order. A comment in a
// token, after print or in an assertion's question, counts once more.
func words(f *syntax.File, tokens []syntax.Token) []string {
	type word struct {
		at   syntax.Pos
		text string
	}
	var all []word
	for _, t := range tokens {
		text := f.Files.Text(t.Span)
		if t.Kind == syntax.PropertyToken {
			text = strings.Join(strings.Fields(text), "")
		}
		all = append(all, word{t.Start, text})
	}
	for _, c := range f.Comments {
		text := strings.ReplaceAll(c.Text, "\r\n", "\n")
		all = append(all, word{c.Start, strings.TrimRight(text, " \t\r\f\v")})
	}
	slices.SortStableFunc(all, func(a, b word) int { return int(a.at - b.at) })
	var texts []string
	for _, w := range all {
		texts = append(texts, w.text)
	}
	return texts
}

// scripts returns every script of the repository, by name, those in archives
// of tests included.
func scripts(t testing.TB) map[string]string {
	root := filepath.Join("..", "..", "..")
	found := map[string]string{}
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		switch filepath.Ext(path) {
		case ".csp", ".cspm":
			text, err := os.ReadFile(path)
			found[path] = string(text)
			return err
		case ".txtar":
			archive, err := txtar.ParseFile(path)
			if err != nil {
				return err
			}
			for _, f := range archive.Files {
				if ext := filepath.Ext(f.Name); ext == ".csp" || ext == ".cspm" {
					found[path+"/"+f.Name] = string(f.Data)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// Every script in the repository stays the script that it is. Those that cannot
// be read are refused as Parse refuses them.
func TestScripts(t *testing.T) {
	good, bad := 0, 0
	for name, src := range scripts(t) {
		_, _, want := syntax.ParseAlone(name, []byte(src))
		if len(want) == 0 {
			good++
			t.Run(name, func(t *testing.T) { formatted(t, src) })
			continue
		}
		bad++
		out, errs := Source(name, []byte(src))
		if out != nil || errs.Error() != want.Error() {
			t.Errorf("%s: %v, want %v", name, errs, want)
		}
	}
	if good < 80 || bad < 10 {
		t.Errorf("%d scripts can be read and %d cannot: are they all there?", good, bad)
	}
}

// The examples that users read are formatted.
func TestSpecsAreFormatted(t *testing.T) {
	files, err := filepath.Glob("../../../specs/*.csp")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(src), formatted(t, string(src))); diff != "" {
			t.Errorf("%s (-is +formatted):\n%s", name, diff)
		}
	}
}

// strew writes a script anew with other blanks and line breaks, and with
// comments between its tokens. It draws what stands where.
func strew(t *rapid.T, src string) string {
	f, tokens, errs := syntax.ParseAlone("drawn", []byte(src))
	if errs != nil {
		t.Fatalf("%s\n%v", src, errs)
	}
	var b strings.Builder
	comments := 0
	comment := func(open, close string) {
		comments++
		fmt.Fprintf(&b, "%sc%d%s", open, comments, close)
	}
	end := syntax.Pos(1)
	for i, k := range tokens {
		gap := f.Files.Text(syntax.Span{Start: end, End: k.Start})
		end = k.End
		fixed := i > 0 && tokens[i-1].Kind == syntax.WordToken && // its argument stands on its line
			slices.Contains([]string{"print", "include"}, f.Files.Text(tokens[i-1].Span))
		newline := strings.Contains(gap, "\n")
		expected := strings.Contains(gap, "--!") // beside the end of an assertion
		alone := strings.HasPrefix(gap, "--!")   // an assertion on the first line, which it has for itself
		wraps := i > 0 && !fixed && !expected && (tokens[i-1].JoinsAfter() || k.JoinsBefore())
		switch pick := rapid.IntRange(0, 15).Draw(t, "gap"); {
		case pick < 6:
		case pick == 6:
			b.WriteString("   ")
		case pick == 7 && gap != "":
			b.WriteString(" \t")
		case pick == 8 && !alone:
			comment(" {-", "-} ")
		case pick == 9 && (newline || wraps) && !strings.Contains(gap, "--"):
			comment(" {- ", " \n  {- in -} -} ")
		case pick == 10 && wraps:
			b.WriteString(" \n\t ")
		case pick == 11 && wraps:
			b.WriteString("\n\n\n")
		case pick == 12 && wraps, pick == 13 && newline && !strings.Contains(gap, "--"):
			comment(" --", "  \n")
		case pick == 14 && newline:
			gap += rapid.SampledFrom([]string{"-- own\n", "\n   -- own\n\n", "{- own -}\n", "{- own -} ", "\n\n"}).Draw(t, "line")
		}
		b.WriteString(gap)
		b.WriteString(f.Files.Text(k.Span))
	}
	b.WriteString(string(f.Files.File(1).Text[end-1:]))
	if rapid.Bool().Draw(t, "end") {
		comment("\n-- ", "")
	}
	return b.String()
}

// Drawn scripts, with blanks, newlines and comments anywhere.
func TestDrawnScripts(t *testing.T) {
	commented, wrapped := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		var b strings.Builder
		syntaxtest.Script(t, 4).Format(&b)
		out := formatted(t, b.String())
		if strings.Count(out, "\n") > strings.Count(b.String(), "\n") {
			wrapped++
		}
		src := strew(t, b.String())
		if strings.Contains(src, "c9") {
			commented++
		}
		formatted(t, src)
	})
	t.Logf("%d with many comments, %d with lines that were too wide", commented, wrapped)
	if commented == 0 || wrapped == 0 {
		t.Error("hardly anything was tried")
	}
}

// The examples, with blanks, newlines and comments anywhere.
func TestStrewnSpecs(t *testing.T) {
	files, err := filepath.Glob("../../../specs/*.csp")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	rapid.Check(t, func(t *rapid.T) {
		src, err := os.ReadFile(rapid.SampledFrom(files).Draw(t, "file"))
		if err != nil {
			t.Fatalf("%v", err)
		}
		formatted(t, strew(t, string(src)))
	})
}

func FuzzFormat(f *testing.F) {
	for _, src := range scripts(f) {
		if len(src) < 4000 {
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		if _, errs := Source("fuzz", []byte(src)); errs == nil {
			formatted(t, src)
		}
	})
}

var update = flag.Bool("update", false, "rewrite the golden file")

// The style, as examples.
func TestStyle(t *testing.T) {
	src, err := os.ReadFile("testdata/style.csp")
	if err != nil {
		t.Fatal(err)
	}
	got := formatted(t, string(src))
	const file = "testdata/style.golden"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// Line ends, a byte order mark and bytes that are not UTF-8 stay.
func TestEncoding(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"", ""},
		{"\n\n", ""},
		{"-- only", "-- only\n"},
		{"A=1", "A = 1\n"},
		{"A=1\r\nB=2\r\n", "A = 1\r\nB = 2\r\n"},
		{"A=1\r\n\r\n\r\n\r\nB=2", "A = 1\r\n\r\nB = 2\r\n"},
		{"{- a\r\n b -}\r\nA=1 -- c\r\n", "{- a\r\n b -}\r\nA = 1 -- c\r\n"},
		{"A=1\r\nB=2\nC=3\n", "A = 1\nB = 2\nC = 3\n"}, // most of them
		{"A=1\r\nB=2\r\nC=3\n", "A = 1\r\nB = 2\r\nC = 3\r\n"},
		{"\uFEFFA=1\n", "\uFEFFA = 1\n"},
		{"\uFEFFA=1\r\n", "\uFEFFA = 1\r\n"},
		{"A=1 -- caf\xe9\n", "A = 1 -- caf\xe9\n"},
		{"A='é' -- é\nB=\"→\"\n", "A = 'é' -- é\nB = \"→\"\n"},
		{"A\t=1\t-- one\n", "A = 1           -- one\n"},
	} {
		got, errs := Source("script", []byte(tt.src))
		if string(got) != tt.want {
			t.Errorf("%q becomes %q %v, want %q", tt.src, got, errs, tt.want)
		}
		if again, _ := Source("script", got); string(again) != string(got) {
			t.Errorf("%q becomes %q and then %q", tt.src, got, again)
		}
	}
}

// No line is wider than it may be if it can be broken.
func TestWideLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		op := rapid.SampledFrom([]string{" [] ", " |~| ", " ||| ", " ; ", " -> ", " & ", " + ", " and ", ", "}).Draw(t, "op")
		name := rapid.StringMatching("[a-z]{1,12}")
		operands := rapid.SliceOfN(name, 20, 60).Draw(t, "operands")
		for i, o := range operands {
			operands[i] = "x" + o // no keyword
		}
		head := name.Draw(t, "head")
		out := formatted(t, "x"+head+" = f("+strings.Join(operands, op)+")")
		for _, line := range strings.Split(out, "\n") {
			if len(line) > maxWidth {
				t.Fatalf("%s\nhas a line of %d", out, len(line))
			}
		}
	})
}

// Scripts that are deep, wide or long take no longer than they should: would time
// not be linear in the text, this test would not end.
func TestLargeScripts(t *testing.T) {
	for name, src := range map[string]string{
		"deep":   "P = " + strings.Repeat("(", 5000) + "a" + strings.Repeat(")", 5000),
		"lets":   "P = " + strings.Repeat("let x = 1 within ", 5000) + "x",
		"prefix": "P = " + strings.Repeat("a -> ", 20000) + "STOP",
		"choice": "P = STOP" + strings.Repeat(" [] a -> P", 20000),
		"list":   "s = <1" + strings.Repeat(", 1", 20000) + ">",
		"lines":  strings.Repeat("channel a\n", 20000),
		"notes":  "A = 1\n" + strings.Repeat("-- note\n", 20000),
		"dots":   "A = x" + strings.Repeat(".x", 20000),
	} {
		t.Run(name, func(t *testing.T) { formatted(t, src) })
	}
}
