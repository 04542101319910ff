package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// compilePick reads --run.
func compilePick(text string) (func(string) bool, error) {
	pick, err := regexp.Compile(text)
	if err != nil {
		return nil, fmt.Errorf("--run: %v", err)
	}
	return pick.MatchString, nil
}

// The models in words.
var modelNames = map[string]string{"T": "traces", "F": "stable failures", "FD": "failures and divergences"}

// text prints the comparison for people.
func (x *comparer) text() error {
	w := x.stdout
	names := [2]string{shortName(x.names[0]), shortName(x.names[1])}
	fmt.Fprintf(w, "%s: %s and %s\n\n", x.file, names[0], names[1])
	var lines [][]string
	lines = append(lines, []string{"equal in", "", names[0] + " [= " + names[1], names[1] + " [= " + names[0]})
	for i := range x.models {
		m := &x.models[i]
		equal := map[deadlock.Answer]string{deadlock.Holds: "yes", deadlock.Fails: "no", deadlock.Unknown: "unknown"}[m.equality()]
		lines = append(lines, []string{modelNames[string(m.model)], equal, verdictText(m.by[0]), verdictText(m.by[1])})
	}
	x.columns(lines)
	for i := range x.only {
		if len(x.only[i]) > 0 {
			fmt.Fprintf(w, "\n  only %s ever does %s\n", names[i], eventList(x.only[i]))
		}
	}
	if x.unseen != "" {
		fmt.Fprintf(w, "\n  whether one does events that the other never does is unknown (%s)\n", x.unseen)
	}
	if len(x.rows) > 0 {
		fmt.Fprintln(w)
		lines = [][]string{{names[0], names[1], "assertions, with " + hole + " for either"}}
		for i := range x.rows {
			r := &x.rows[i]
			lines = append(lines, []string{verdictText(r.sides[0]), verdictText(r.sides[1]), fmt.Sprintf("%s:%d: %s", r.at.File, r.at.Line, r.text)})
		}
		x.columns(lines)
	}
	x.others()
	if x.quiet {
		return nil
	}
	return x.stories()
}

// verdictText is a verdict, with the reason if it is unknown.
func verdictText(r *result) string {
	if r.verdict.Answer == deadlock.Unknown {
		return "unknown (" + r.verdict.Reason + ")"
	}
	return string(r.verdict.Answer)
}

// columns prints lines of cells.
func (x *comparer) columns(lines [][]string) {
	var wide []int
	for _, line := range lines {
		for i, cell := range line {
			if i == len(wide) {
				wide = append(wide, 0)
			}
			wide[i] = max(wide[i], render.Width(cell))
		}
	}
	for _, line := range lines {
		text := ""
		for i, cell := range line {
			text += "  " + cell + strings.Repeat(" ", wide[i]-render.Width(cell))
		}
		fmt.Fprintln(x.stdout, strings.TrimRight(text, " "))
	}
}

// others counts the assertions that say nothing here.
func (x *comparer) others() {
	var words []string
	if x.both > 0 {
		words = append(words, fmt.Sprintf("%d mention both", x.both))
	}
	if x.neither > 0 {
		words = append(words, fmt.Sprintf("%d mention neither", x.neither))
	}
	if len(words) > 0 {
		fmt.Fprintf(x.stdout, "\n  other assertions: %s\n", strings.Join(words, ", "))
	}
}

// stories prints what tells the two apart: of each direction the
// counterexamples that are not the same as those before, and of assertions
// those of which the answers differ.
func (x *comparer) stories() error {
	for i := range x.names {
		var told []*explore.Counterexample
		for j := range x.models {
			r := x.models[j].by[i]
			ce := r.verdict.Counterexample
			if ce == nil || slices.ContainsFunc(told, func(t *explore.Counterexample) bool {
				return t.Kind == ce.Kind && slices.Equal(t.Impl.Trace(), ce.Impl.Trace())
			}) {
				continue
			}
			told = append(told, ce)
			if err := x.story(r); err != nil {
				return err
			}
		}
	}
	for i := range x.rows {
		for _, r := range x.rows[i].sides {
			if x.rows[i].agreement() == fails && r.verdict.Counterexample != nil {
				if err := x.story(r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (x *comparer) story(r *result) error {
	fmt.Fprintf(x.stdout, "\n%s: %s: %s\n\n", place(r.Assertion), r.Text, r.verdict.Answer)
	width, colour := x.screen()
	return render.Text(indented{x.stdout}, r.verdict.Counterexample, render.TextOptions{
		Width: max(width-2, 0), Colour: colour, RevealTaus: x.taus, Notation: render.Notation(x.notation),
	})
}

// The JSON form of compare: docs/json.md.
type (
	jsonComparison struct {
		Version    int            `json:"version"`
		File       string         `json:"file"`
		Left       string         `json:"left"`
		Right      string         `json:"right"`
		Models     []jsonEquality `json:"models"`
		OnlyLeft   []string       `json:"events_of_left_only"`
		OnlyRight  []string       `json:"events_of_right_only"`
		Unseen     string         `json:"events_unknown,omitempty"`
		Assertions []jsonRow      `json:"assertions"`
		Both       int            `json:"assertions_of_both"`
		Neither    int            `json:"assertions_of_neither"`
	}
	jsonEquality struct {
		Model string     `json:"model"`
		Equal string     `json:"equal"`
		Right jsonResult `json:"left_refined_by_right"`
		Left  jsonResult `json:"right_refined_by_left"`
	}
	jsonRow struct {
		Text  string     `json:"assertion_string"`
		File  string     `json:"file"`
		Line  int        `json:"line"`
		Left  jsonResult `json:"left"`
		Right jsonResult `json:"right"`
	}
)

func (x *comparer) json() *jsonComparison {
	out := &jsonComparison{
		Version: jsonVersion, File: x.file, Left: x.names[0], Right: x.names[1],
		OnlyLeft: append([]string{}, x.only[0]...), OnlyRight: append([]string{}, x.only[1]...), Unseen: x.unseen,
		Assertions: []jsonRow{}, Both: x.both, Neither: x.neither,
	}
	for i := range x.models {
		m := &x.models[i]
		out.Models = append(out.Models, jsonEquality{string(m.model), string(m.equality()), newJSONResult(m.by[0]), newJSONResult(m.by[1])})
	}
	for i := range x.rows {
		r := &x.rows[i]
		out.Assertions = append(out.Assertions, jsonRow{r.text, r.at.File, r.at.Line, newJSONResult(r.sides[0]), newJSONResult(r.sides[1])})
	}
	return out
}
