package main

import (
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"unicode/utf16"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// A sarifRule says what a class of mistakes, or a question, is.
type sarifRule struct {
	id    string
	about string
	level string
}

// mistakeRules are the classes of mistakes.
var mistakeRules = []sarifRule{
	{string(syntax.Lex), "Text that is made of no tokens of CSPM.", sarif.LevelError},
	{string(syntax.ParseClass), "Text that does not follow the grammar, or a file that cannot be read.", sarif.LevelError},
	{string(syntax.Scope), "A name that is not defined, defined twice, private or not imported.", sarif.LevelError},
	{string(syntax.Type), "An expression whose type does not fit.", sarif.LevelError},
	{string(syntax.Static), "A construct that is not allowed where it stands.", sarif.LevelError},
	{string(syntax.Eval), "An evaluation that fails.", sarif.LevelError},
	{string(syntax.Limit), "A limit of the tool, or a construct that it does not support.", sarif.LevelError},
}

// A sarifLog is a SARIF 2.1.0 log (OASIS, 2020) in the making: one run, and
// related places as related locations. Columns count UTF-16 code units:
// readers take that for granted, though a log may say otherwise.
type sarifLog struct {
	run   *sarif.Run
	rules []sarifRule
}

func newSARIFLog(rules []sarifRule) *sarifLog {
	log := &sarifLog{rules: rules, run: sarif.NewRunWithInformationURI("cspcheck", "https://github.com/cspcheck/cspcheck").WithColumnKind("utf16CodeUnits").
		AddInvocation(sarif.NewInvocation().WithExecutionSuccessful(true))}
	log.run.Tool.Driver.WithVersion(version())
	for _, r := range rules {
		log.run.AddRule(r.id).WithDescription(r.about).
			WithDefaultConfiguration(sarif.NewReportingConfiguration().WithLevel(r.level))
	}
	return log
}

// result adds a result of a rule.
func (log *sarifLog) result(rule, text string) *sarif.Result {
	i := slices.IndexFunc(log.rules, func(r sarifRule) bool { return r.id == rule })
	r := sarif.NewRuleResult(rule).WithRuleIndex(i).WithLevel(log.rules[i].level).WithMessage(sarif.NewTextMessage(text))
	log.run.AddResult(r)
	return r
}

func (log *sarifLog) write(w io.Writer) error {
	return sarif.NewReport().AddRun(log.run).PrettyWrite(w)
}

// writeSARIF writes mistakes as a log, with a rule for each class.
func writeSARIF(w io.Writer, errs cspm.Errors) error {
	log := newSARIFLog(mistakeRules)
	for _, e := range errs {
		log.mistake(e)
	}
	return log.write(w)
}

// mistake adds a mistake, its notes as related locations.
func (log *sarifLog) mistake(e *cspm.Error) *sarif.Result {
	text := e.Msg
	if e.Fix != "" {
		text += "; " + e.Fix
	}
	r := log.result(string(e.Class), text)
	if at := e.Position(); at.File != "" {
		r.AddLocation(sarifLocation(e, at, e.Span))
	}
	for i, n := range e.Places() {
		place := sarif.NewLocation() // nowhere
		if at, _ := e.Range(n.Span); at.File != "" {
			place = sarifLocation(e, at, n.Span)
		}
		r.AddRelatedLocation(place.WithID(i).WithMessage(sarif.NewTextMessage(n.Msg)))
	}
	return r
}

// sarifLocation returns the place of a span, at being its start; that of the
// file if it has no line.
func sarifLocation(e *cspm.Error, at syntax.Position, s syntax.Span) *sarif.Location {
	place := sarif.NewPhysicalLocation().WithArtifactLocation(sarif.NewSimpleArtifactLocation(sarifURI(at.File)))
	if at.Line > 0 {
		start, end := e.Range(s)
		place.WithRegion(sarif.NewRegion().
			WithStartLine(start.Line).WithStartColumn(utf16Column(e.Files.Line(s.Start), start.Col)).
			WithEndLine(end.Line).WithEndColumn(utf16Column(e.Files.Line(max(s.Start, s.End)), end.Col)))
	}
	return sarif.NewLocationWithPhysicalLocation(place)
}

// sarifURI returns the name of a file as a URI, which is relative if the name
// is.
func sarifURI(name string) string {
	u := url.URL{Path: filepath.ToSlash(name)}
	if filepath.IsAbs(name) {
		u.Scheme = "file"
		if u.Path[0] != '/' { // a drive
			u.Path = "/" + u.Path
		}
	}
	return u.String()
}

// utf16Column returns a column in UTF-16 code units, given the line and the
// column in characters. Both count from 1.
func utf16Column(line string, col int) int {
	n, chars := 1, 1
	for _, r := range line {
		if chars == col {
			return n
		}
		chars++
		n += utf16.RuneLen(r)
	}
	return n + col - chars // beyond the text, in its line end
}
