package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"html"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gojunit "github.com/joshdk/go-junit"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	gmtext "github.com/yuin/goldmark/text"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// ciScript has a result of each outcome.
const ciScript = `channel a, b, picks, puts
P = a -> b -> P
{- 𝄞 -} Q = picks -> puts -> STOP
R = puts -> picks -> STOP
assert P :[deadlock free]
assert Q [| {picks, puts} |] R :[deadlock free]
assert STOP :[deadlock free] --! fails
assert P \ {a, b} :[divergence free]
assert P :[deterministic] --! fails
assert P [R= P
assert P [T= b -> P
print 1 + 1
`

// ci runs check on files, and returns what it prints.
func ci(t *testing.T, want status, files map[string]string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range files {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return check(t, want, args...)
}

// check runs check in the present directory.
func check(t *testing.T, want status, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	if st := run(context.Background(), append([]string{"check"}, args...), strings.NewReader(""), &out, &errs); st != want {
		t.Fatalf("check %v: exit status %d, want %d\n%s%s", args, st, want, &out, &errs)
	}
	return out.String()
}

var ciFiles = map[string]string{"ci.csp": ciScript, "bad.csp": "P = nowhere\n", "few.csp": "P = STOP\n"}

func TestCheckSARIF(t *testing.T) {
	doc := ci(t, bad, ciFiles, "--format", "sarif", "ci.csp", "bad.csp", "few.csp")
	if !validSARIF(t, doc) {
		t.Errorf("this is no SARIF:\n%s", doc)
	}
	run := readSARIF(t, doc)
	want := []string{
		"deadlock-free ci.csp:6:1-6:48 ci.csp:3:14-0:0 ci.csp:4:5-0:0", // 𝄞 counts twice
		"divergence-free ci.csp:8:1-8:37 ci.csp:2:5-0:0",
		"expectation ci.csp:9:1-9:26",
		"unknown ci.csp:10:1-10:15",
		"refines ci.csp:11:1-11:20 ci.csp:11:14-0:0",
		"scope bad.csp:1:5-1:12",
		"warning",
	}
	if got := run.lines(t); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if r := run.Results[0]; r.Level != "error" || !strings.Contains(r.Message.Text, "deadlocks at once") || r.Related[0].Message.Text != "Q waits here for picks; R offers only puts" {
		t.Errorf("%+v", r)
	}
	if r := run.Results[3]; r.Level != "none" || r.Kind != "open" {
		t.Errorf("%+v", r)
	}
}

func TestCheckJUnit(t *testing.T) {
	doc := ci(t, bad, ciFiles, "--format", "junit", "ci.csp", "bad.csp", "few.csp")
	validJUnit(t, doc)
	suites, err := gojunit.Ingest([]byte(doc))
	if err != nil {
		t.Fatalf("%v\n%s", err, doc)
	}
	var lines []string
	for _, s := range suites {
		for _, c := range s.Tests {
			lines = append(lines, s.Name+": "+c.Name+": "+string(c.Status))
		}
	}
	want := []string{
		"ci.csp: assert P :[deadlock free]: passed",
		"ci.csp: assert Q [| {picks, puts} |] R :[deadlock free]: failed",
		"ci.csp: assert STOP :[deadlock free]: passed",
		`ci.csp: assert P \ {a, b} :[divergence free]: failed`,
		"ci.csp: assert P :[deterministic]: failed",
		"ci.csp: assert P [R= P: error",
		"ci.csp: assert P [T= b -> P: failed",
		"bad.csp: the script: error",
	}
	if !slices.Equal(lines, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(want, "\n"))
	}
	if n := suites[0].Totals; n.Tests != 7 || n.Failed != 4 || n.Error != 1 || n.Passed != 2 {
		t.Errorf("%+v", n)
	}
	if out := suites[0].SystemOut; !strings.Contains(out, "ci.csp:12: print 1 + 1: 2") {
		t.Errorf("the suite's output is %q", out)
	}
	var why gojunit.Error
	if !errors.As(suites[0].Tests[1].Error, &why) || why.Message != "ci.csp:6: fails" || !strings.Contains(why.Body, "Q waits for picks; R offers only puts") {
		t.Errorf("%+v", why)
	}
}

// validJUnit holds a document to the schema by which Jenkins validates reports,
// junit-4.xsd of its dtkit-junit-model. A test that is skipped has a message
// here, as later versions and all readers allow, but that one does not.
func validJUnit(t *testing.T, doc string) {
	t.Helper()
	exe, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "" {
			t.Fatal("xmllint is not there")
		}
		t.Log("xmllint is not there: JUnit is read, but not held to its schema")
		return
	}
	cmd := exec.Command(exe, "--noout", "--nonet", "--schema", junitSchema, "-")
	cmd.Stdin = strings.NewReader(doc)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %.3000s", err, out)
	}
}

// junitSchema is absolute, for tests change the directory.
var junitSchema = strings.Replace(schemaFile, "sarif-2.1.0-rtm.5.json", "jenkins-junit-4.xsd", 1)

// A page is what a reader of Markdown sees: its tables and its fenced blocks.
type page struct {
	cells  [][]string // by row; the text of each cell
	blocks map[string][]string
	heads  []string
}

func readMarkdown(t *testing.T, doc string) *page {
	t.Helper()
	src := []byte(doc)
	p := &page{blocks: map[string][]string{}}
	root := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(gmtext.NewReader(src))
	err := ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *extast.TableRow:
			var row []string
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				row = append(row, textOf(c, src))
			}
			p.cells = append(p.cells, row)
		case *ast.FencedCodeBlock:
			language := string(n.Language(src))
			p.blocks[language] = append(p.blocks[language], string(n.Lines().Value(src)))
		case *ast.Heading:
			p.heads = append(p.heads, textOf(n, src))
		case *ast.RawHTML, *ast.HTMLBlock:
			raw := rawOf(n, src)
			for _, allowed := range []string{"<code>", "</code>", "<br>", "<sub>", "</sub>", "<details><summary>", "</details>"} {
				if strings.HasPrefix(raw, allowed) {
					return ast.WalkContinue, nil
				}
			}
			t.Errorf("there is HTML: %q", raw)
		case *ast.Link, *ast.Image, *ast.AutoLink:
			t.Errorf("there is a link: %q", textOf(n, src))
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func rawOf(n ast.Node, src []byte) string {
	switch n := n.(type) {
	case *ast.RawHTML:
		return string(n.Segments.Value(src))
	case *ast.HTMLBlock:
		return string(n.Lines().Value(src))
	}
	return ""
}

// textOf is what a reader sees of a node.
func textOf(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if s, ok := n.(*ast.Text); ok && entering {
			if s.Parent().Kind() == ast.KindCodeSpan {
				b.Write(s.Value(src))
			} else {
				b.WriteString(html.UnescapeString(string(s.Value(src))))
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// mermaidFile is absolute, for tests change the directory.
var mermaidFile = strings.Replace(schemaFile, "sarif-2.1.0-rtm.5.json", "mermaid/parse.mjs", 1)

// parseMermaid says what Mermaid itself takes each diagram for.
func parseMermaid(t *testing.T, diagrams []string) []string {
	t.Helper()
	node, err := exec.LookPath("node")
	if err == nil {
		_, err = os.Stat(filepath.Join(filepath.Dir(mermaidFile), "node_modules", "mermaid"))
	}
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		if os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "" {
			t.Fatal("node, or Mermaid, is not there")
		}
		t.Skip("node, or Mermaid (npm ci --prefix cmd/cspcheck/testdata/mermaid), is not there")
	}
	in, err := json.Marshal(diagrams)
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(node, mermaidFile)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, &stderr)
	}
	var out []string
	if err := json.Unmarshal(stdout.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestCheckMarkdown(t *testing.T) {
	doc := ci(t, bad, ciFiles, "--format", "markdown", "ci.csp", "bad.csp", "few.csp")
	p := readMarkdown(t, doc)
	var rows []string
	for _, row := range p.cells {
		rows = append(rows, strings.Join(row, " "))
	}
	want := []string{
		"✅ assert P :[deadlock free]ci.csp:5 holds 2 1",
		"❌ assert Q [| {picks, puts} |] R :[deadlock free]ci.csp:6 fails 1 0",
		"✅ assert STOP :[deadlock free]ci.csp:7 fails, as expected 1 0",
		`❌ assert P \ {a, b} :[divergence free]ci.csp:8 fails 1 0`,
		"❌ assert P :[deterministic]ci.csp:9 holds, but it was expected that it fails 2 1",
		"❔ assert P [R= Pci.csp:10 unknown (refinement [R= is not supported: revivals and refusal testing are not; [T=, [F= and [FD= are)  ",
		"❌ assert P [T= b -> Pci.csp:11 fails 2 1",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if len(p.blocks["mermaid"]) != 4 || len(p.blocks["text"]) != 4 || len(p.heads) != 4 {
		t.Fatalf("%d diagrams, %d texts, heads %q", len(p.blocks["mermaid"]), len(p.blocks["text"]), p.heads)
	}
	for i, kind := range parseMermaid(t, append(p.blocks["mermaid"], "sequenceDiagram\n  a->>")) {
		if is := kind == "sequence"; is != (i < len(p.blocks["mermaid"])) {
			t.Errorf("diagram %d is %s", i, kind)
		}
	}
}

// hostileNames mean something to terminals, XML, Markdown or browsers.
var hostileNames = []string{
	`"quoted" \N back\slash\| 'apostrophe' `, "<script>alert('x')</script>", "new\nline\r\ttab", "\x1b[31mred\x00\x7f\u2028",
	strings.Repeat("very_long_", 1000) + "end", "", "&amp; <B> &#124;", "\u202egnp.exe", "bad\xff\xfeutf8\uffff", "]]>--><!--",
	"| a | b |\n| - | - |", "```\n~~~\n# head", "`tick` ``two`` *bold* _it_ [x](y) ![i](j) <http://a.b> https://a.b www.a.b x@y.zz", "</details></code>", "end\nloop ;;; %% #35;",
}

// hostileResults are results with such names in every place.
func hostileResults(t *testing.T) []*result {
	t.Helper()
	script, err := cspm.Load("x.csp", []byte("assert STOP :[deadlock free]\n"), cspm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var out []*result
	for i, name := range hostileNames {
		as := script.Asserts[0]
		as.Text, as.At.File = name, name+".csp"
		b := explore.Behaviour{Process: name, Loop: -1}
		for c, n := range hostileNames {
			b.Components = append(b.Components, explore.Component{Name: n, At: n})
			part := explore.Part{Component: c, Event: n, Label: n, At: "x.csp:1:8"}
			b.Steps = append(b.Steps, explore.Step{Event: n, Parts: []explore.Part{part}})
			b.Waits = append(b.Waits, explore.Wait{Component: c, Event: n, Label: n, For: []explore.Blocker{{Component: c, Event: n, Reason: n}}})
			b.Ends = append(b.Ends, explore.End{Status: explore.Running, Offers: []explore.Part{part}})
		}
		r := &result{Assertion: &as, status: fails, verdict: &deadlock.Verdict{
			Answer: deadlock.Fails, Counterexample: &explore.Counterexample{Kind: explore.Deadlock, Impl: b},
		}}
		switch i % 3 {
		case 1:
			r.unmet = name
		case 2:
			r.status = unknown
			r.verdict = &deadlock.Verdict{Answer: deadlock.Unknown, Reason: name}
		}
		out = append(out, r)
	}
	return out
}

func TestHostileNames(t *testing.T) {
	results := hostileResults(t)
	report := func(format string) string {
		var out, errs bytes.Buffer
		a := newApp(context.Background(), nil, &out, &errs)
		r := a.newReport(&checking{format: format})
		for _, x := range results {
			r.result(x)
			r.warning(x.Text)
		}
		start := time.Now()
		if err := r.finish(); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d bytes, %v", format, out.Len(), time.Since(start))
		return out.String()
	}

	doc := report("sarif")
	if !validSARIF(t, doc) {
		t.Errorf("this is no SARIF:\n%s", doc)
	}
	if run := readSARIF(t, doc); len(run.Results) != 2*len(results) {
		t.Errorf("%d results in SARIF", len(run.Results))
	}

	doc = report("junit")
	validJUnit(t, doc)
	suites, err := gojunit.Ingest([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	for _, s := range suites {
		for _, c := range s.Tests {
			tests[c.Name] = true
		}
	}
	if len(tests) != len(results) {
		t.Errorf("%d tests in JUnit, by different names", len(tests))
	}

	doc = report("markdown")
	p := readMarkdown(t, doc)
	if len(p.cells) != len(results) {
		t.Errorf("%d rows in Markdown", len(p.cells))
	}
	for i, row := range p.cells {
		if len(row) != 5 || !strings.HasPrefix(row[1], strings.TrimSuffix(shortLine(hostileNames[i]), " ")) {
			t.Errorf("row %q of %q", row, hostileNames[i])
		}
	}
	if n := len(p.blocks["mermaid"]); n != 10 || n != len(p.blocks["text"]) || len(p.blocks) != 2 {
		t.Errorf("%d diagrams, %d texts", n, len(p.blocks["text"]))
	}
	if strings.ContainsFunc(doc, func(r rune) bool { return r < ' ' && r != '\n' }) {
		t.Error("there are control characters in Markdown")
	}
	for i, kind := range parseMermaid(t, p.blocks["mermaid"]) {
		if kind != "sequence" {
			t.Errorf("diagram %d is %s", i, kind)
		}
	}
}
