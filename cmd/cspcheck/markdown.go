package main

import (
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/render"
)

// markdownReport is for pull requests and documents, in GitHub's dialect: a
// table of all results, and then each counterexample in words and as a
// sequence diagram in the language of Mermaid. What is as it should be is
// folded.
type markdownReport struct {
	*app
	*checking
	rows   []*result
	count  map[outcome]int
	notes  []string // mistakes and warnings
	prints []string
}

func newMarkdownReport(a *app, c *checking) *markdownReport {
	return &markdownReport{app: a, checking: c, count: map[outcome]int{}}
}

func (m *markdownReport) errors(path string, errs cspm.Errors) {
	for i, e := range errs {
		if i == maxComplaints {
			m.notes = append(m.notes, plural(int64(len(errs)-i), "more mistake")+" in "+code(path))
			return
		}
		m.notes = append(m.notes, code(e.Error()))
	}
}

func (m *markdownReport) warning(text string) { m.notes = append(m.notes, "warning: "+code(text)) }

func (m *markdownReport) print(p *cspm.Print, text string, err error) {
	at := code(fmt.Sprintf("%s:%d", p.At.File, p.At.Line)) + " " + code("print "+p.Text)
	if err != nil {
		m.prints = append(m.prints, at+": "+code(err.Error()))
		return
	}
	m.prints = append(m.prints, at+": "+code(text))
}

func (m *markdownReport) result(r *result) {
	m.rows = append(m.rows, r)
	m.count[r.outcome()]++
	if r.err != nil {
		errs, ok := cspm.AsErrors(r.err)
		if !ok {
			m.notes = append(m.notes, code(r.err.Error()))
			return
		}
		m.errors(r.At.File, errs)
	}
}

func (m *markdownReport) finish() error {
	var b strings.Builder
	n, summary := tally(m.count)
	if n == 0 {
		summary = "no assertion was answered"
	}
	fmt.Fprintf(&b, "### cspcheck: %s\n", summary)
	if m.before != nil {
		lines := m.before.summary()
		fmt.Fprintf(&b, "\n%s\n", code(lines[0]))
		list(&b, codes(lines[1:]))
	}
	m.table(&b)
	list(&b, m.notes)
	list(&b, m.prints)
	for _, r := range m.rows {
		if r.verdict.Counterexample != nil && !m.quiet {
			m.counterexample(&b, r)
		}
	}
	_, err := io.WriteString(m.stdout, b.String())
	return err
}

// table writes a row for each result.
func (m *markdownReport) table(b *strings.Builder) {
	if len(m.rows) == 0 {
		return
	}
	b.WriteString("\n| | assertion | answer | states | depth |\n| --- | --- | --- | ---: | ---: |\n")
	for _, r := range m.rows {
		o, states, depth := r.outcome(), "", ""
		if st := r.verdict.Stats; st.States > 0 {
			states, depth = fmt.Sprint(st.States), fmt.Sprint(st.Depth)
		}
		answer := "**" + string(r.verdict.Answer) + "**" + escapeMarkdown(render.Short(r.more(o), mostMarkdown))
		if r.change != unchanged {
			answer += " *" + string(r.change) + "*"
		}
		fmt.Fprintf(b, "| %s | %s<br>%s | %s | %s | %s |\n", signs[o], code(r.Text), small(place(r.Assertion)), answer, states, depth)
	}
}

// signs are not the only thing that tells outcomes apart: the answer says it.
var signs = map[outcome]string{held: "✅", asExpected: "✅", failed: "❌", missed: "❌", undecided: "❔"}

// counterexample writes one in words and as a diagram.
func (m *markdownReport) counterexample(b *strings.Builder, r *result) {
	ce, o := r.verdict.Counterexample, r.outcome()
	head := code(place(r.Assertion)) + ": " + code(r.Text)
	folded := o == asExpected || o == held || r.change == known
	if folded {
		fmt.Fprintf(b, "\n<details><summary>%s</summary>\n", htmlCode(place(r.Assertion))+": "+htmlCode(r.Text))
	} else {
		fmt.Fprintf(b, "\n#### %s\n", head)
	}
	fence(b, "text", counterexampleText(ce))
	var diagram strings.Builder
	if err := render.Mermaid(&diagram, ce); err != nil {
		panic(err)
	}
	fence(b, "mermaid", diagram.String())
	if folded {
		b.WriteString("\n</details>\n")
	}
}

// counterexampleText is a counterexample of ours as text, without a limit on
// its width.
func counterexampleText(ce *explore.Counterexample) string {
	var b strings.Builder
	if err := render.Text(&b, ce, render.TextOptions{}); err != nil {
		panic(err)
	}
	return b.String()
}

// fence writes a block that holds text as it is, whatever backticks are in it.
func fence(b *strings.Builder, language, text string) {
	ticks := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	fmt.Fprintf(b, "\n%s%s\n%s\n%s\n", ticks, language, strings.TrimRight(text, "\n"), ticks)
}

func longestRun(s string, of rune) int {
	longest, run := 0, 0
	for _, r := range s {
		if r == of {
			run++
		} else {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}

func list(b *strings.Builder, items []string) {
	if len(items) > 0 {
		b.WriteString("\n- " + strings.Join(items, "\n- ") + "\n")
	}
}

func codes(lines []string) []string {
	var out []string
	for _, l := range lines {
		out = append(out, code(l))
	}
	return out
}

// The most columns of a text in a cell or a line.
const mostMarkdown = 200

func shortLine(s string) string {
	return render.Short(strings.Join(strings.Fields(s), " "), mostMarkdown)
}

// code is text as code, in a cell of a table too. A span of backticks cannot
// hold everything: a bar splits cells even there, and what a backslash before
// one means depends on the reader. Then it is the element, and escaped.
func code(s string) string {
	s = shortLine(s)
	if s == "" || strings.ContainsAny(s, "`|\\") || strings.TrimSpace(s) != s {
		return htmlCode(s)
	}
	return "`" + s + "`"
}

// htmlCode is code where there is no Markdown around.
func htmlCode(s string) string { return "<code>" + escapeMarkdown(shortLine(s)) + "</code>" }

func small(s string) string { return "<sub>" + escapeMarkdown(shortLine(s)) + "</sub>" }

// escapeMarkdown writes all signs that mean something to Markdown or HTML as
// character references, which mean nothing there.
func escapeMarkdown(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case strings.ContainsRune("<>&\"'", r):
			b.WriteString(html.EscapeString(string(r)))
		case strings.ContainsRune("\\`*_{}[]#+-!|~$@:^=", r):
			fmt.Fprintf(&b, "&#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return webName.ReplaceAllString(b.String(), "$1&#46;")
}

// webName is what GitHub makes a link of by itself, besides what has a : or @.
var webName = regexp.MustCompile(`(?i)(www)\.`)
