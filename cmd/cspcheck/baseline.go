package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A change is how a result compares with that of the same assertion in a
// baseline. Wrong is what does not hold, or is not as expected, or unknown.
type change string

const (
	unchanged change = ""        // right, and not wrong before
	isNew     change = "new"     // wrong, and not so before, or only unknown
	fixed     change = "fixed"   // right, and wrong before
	changed   change = "changed" // wrong, and wrong before in another way
	known     change = "known"   // wrong as before
)

var changes = []change{isNew, fixed, changed, known}

// A baseline is the results of a run before, as check --format json has
// written them. Assertions are the same if their file and text are; of equal
// ones in a file the first is the first. The nil baseline compares nothing.
type baseline struct {
	file   string
	before map[assertionID]*jsonResult
	order  []assertionID // of before

	asked map[assertionID]int // how many of this file and text, the number aside
	there map[assertionID]int // the same, of those that the scripts have
	files map[string]bool     // that were read
	count map[change]int
}

type assertionID struct {
	file, text string
	number     int // of those with the same file and text, from 0
}

func newAssertionID(file, text string, seen map[assertionID]int) assertionID {
	id := assertionID{file: filepath.ToSlash(filepath.Clean(file)), text: text}
	n := seen[id]
	seen[id]++
	id.number = n
	return id
}

// newBaseline reads a baseline; file "" means none.
func (a *app) newBaseline(file string) (*baseline, error) {
	if file == "" {
		return nil, nil
	}
	_, text, err := a.savedText(file)
	if err != nil {
		return nil, fmt.Errorf("--baseline: %w", err)
	}
	saved, err := readResults(text)
	if err != nil {
		return nil, fmt.Errorf("--baseline %s: %w", file, err)
	}
	b := &baseline{
		file: file, before: map[assertionID]*jsonResult{},
		asked: map[assertionID]int{}, there: map[assertionID]int{}, files: map[string]bool{}, count: map[change]int{},
	}
	seen := map[assertionID]int{}
	for i := range saved {
		r := &saved[i]
		id := newAssertionID(r.File, r.AssertionString, seen)
		b.before[id] = r
		b.order = append(b.order, id)
	}
	return b, nil
}

// readResults reads the results that check --format json has written.
func readResults(text []byte) ([]jsonResult, error) {
	var saved struct {
		Version int
		Results *[]jsonResult
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	if err := dec.Decode(&saved); err != nil {
		return nil, fmt.Errorf("this is no result of check --format json: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("there is more than one JSON value")
	}
	switch {
	case saved.Results == nil:
		return nil, errors.New("this is no result of check --format json: it has no results")
	case saved.Version != jsonVersion:
		return nil, fmt.Errorf("it is of version %d; this program reads version %d", saved.Version, jsonVersion)
	}
	return *saved.Results, nil
}

// read notes what assertions a script has, asked or not.
func (b *baseline) read(s *cspm.Script) {
	if b == nil {
		return
	}
	b.files[filepath.ToSlash(filepath.Clean(s.Name))] = true
	for i := range s.Asserts {
		as := &s.Asserts[i]
		id := newAssertionID(as.At.File, as.Text, b.there)
		b.files[id.file] = true
	}
}

// skip notes an assertion that is not asked.
func (b *baseline) skip(as *cspm.Assertion) {
	if b != nil {
		newAssertionID(as.At.File, as.Text, b.asked)
	}
}

// compare says how a result compares, and gives it the status that it has
// then: what is as wrong as before does not count, nor does a failure that
// was one before and has another counterexample now. A mistake in a script
// always counts, and so does not to know any more that something fails.
func (b *baseline) compare(r *result) {
	if b == nil {
		return
	}
	now := newJSONResult(r)
	before := b.before[newAssertionID(now.File, now.AssertionString, b.asked)]
	r.change = compareResults(before, &now)
	b.count[r.change]++
	worse := r.change == changed && now.unknown() && !before.unknown()
	if (r.change == known || r.change == changed && !worse) && r.status != bad {
		r.status = holds
	}
}

func compareResults(before, now *jsonResult) change {
	was := before != nil && before.wrong()
	switch {
	case !now.wrong() && was:
		return fixed
	case !now.wrong():
		return unchanged
	case !was, before.unknown() && !now.unknown():
		return isNew
	case before.evidence() == now.evidence():
		return known
	}
	return changed
}

func (r *jsonResult) unknown() bool { return r.Verdict == string(deadlock.Unknown) }

// wrong reports whether a result is one that somebody should look at.
func (r *jsonResult) wrong() bool {
	return r.unknown() || r.Unmet != "" || len(r.Errors) > 0 || r.Verdict == string(deadlock.Fails) && r.Expected == nil
}

// evidence is what makes one failure another. The reason of an unknown is
// none: it may be a time.
func (r *jsonResult) evidence() string {
	parts := []string{r.Verdict, r.Unmet}
	for _, d := range r.Counterexamples {
		parts = append(parts, d.Type)
		parts = append(parts, d.Impl.Trace...)
		if d.Impl.Loop != nil {
			parts = append(parts, fmt.Sprint(*d.Impl.Loop))
		}
		if d.Race != nil {
			parts = append(parts, d.Race.Variable)
		}
		if d.Stuck != nil {
			parts = append(parts, d.Stuck.Task)
		}
		if d.Overtaken != nil {
			parts = append(parts, d.Overtaken.Task)
		}
		if d.Lost != nil {
			parts = append(parts, d.Lost.Name)
		}
	}
	for _, e := range r.Errors {
		parts = append(parts, e.Class, e.Message)
	}
	return fmt.Sprintf("%q", parts)
}

// gone returns the assertions of the baseline that are not in their file any
// more. Files that were not read say nothing, and what refine was asked stands
// in none.
func (b *baseline) gone() []*jsonResult {
	var out []*jsonResult
	for _, id := range b.order {
		if b.before[id].Line > 0 && b.files[id.file] && id.number >= b.there[assertionID{file: id.file, text: id.text}] {
			out = append(out, b.before[id])
		}
	}
	return out
}

// summary is one line, and one for each assertion that is gone.
func (b *baseline) summary() []string {
	var parts []string
	for _, c := range changes {
		if n := b.count[c]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c))
		}
	}
	gone := b.gone()
	if n := len(gone); n > 0 {
		parts = append(parts, fmt.Sprintf("%d gone", n))
	}
	if parts == nil {
		parts = []string{"nothing new, nothing fixed"}
	}
	lines := []string{"against " + b.file + ": " + strings.Join(parts, ", ")}
	for _, r := range gone {
		lines = append(lines, "gone: "+r.File+": "+r.AssertionString)
	}
	return lines
}

// write writes the summary as text.
func (b *baseline) write(w io.Writer) error {
	if b == nil {
		return nil
	}
	_, err := io.WriteString(w, strings.Join(b.summary(), "\n")+"\n")
	return err
}

// jsonBaseline is the JSON form of a comparison: docs/json.md.
type jsonBaseline struct {
	File  string         `json:"file"`
	Count map[change]int `json:"count"`
	Gone  []goneResult   `json:"gone"`
}

type goneResult struct {
	AssertionString string `json:"assertion_string"`
	File            string `json:"file"`
	Line            int    `json:"line"`
	Verdict         string `json:"verdict"`
}

func (b *baseline) json() *jsonBaseline {
	if b == nil {
		return nil
	}
	out := &jsonBaseline{File: b.file, Count: map[change]int{}, Gone: []goneResult{}}
	for _, c := range changes {
		out.Count[c] = b.count[c]
	}
	for _, r := range b.gone() {
		out.Gone = append(out.Gone, goneResult{r.AssertionString, r.File, r.Line, r.Verdict})
	}
	return out
}

// unrelated reports whether the baseline is about none of the files.
func (b *baseline) unrelated() bool {
	return b != nil && len(b.order) > 0 && !slices.ContainsFunc(b.order, func(id assertionID) bool { return b.files[id.file] })
}

// compared is the change of a result behind its line.
func (r *result) compared() string {
	if r.change == unchanged {
		return ""
	}
	return " [" + string(r.change) + "]"
}
