package render

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cspcheck/cspcheck/explore"
)

func text1(t *testing.T, ce *explore.Counterexample, o TextOptions) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(&b, ce, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestText(t *testing.T) {
	for _, s := range stories() {
		golden(t, s.name+".txt", []byte(text1(t, s.ce, TextOptions{Width: s.width})))
	}
	golden(t, "divergence-colour.txt", []byte(text1(t, divergence(), TextOptions{Width: 80, Colour: true})))
}

// What a terminal would act on never reaches it, but for our own colours.
func TestTextIsHarmless(t *testing.T) {
	for _, s := range stories() {
		for _, o := range []TextOptions{{}, {Width: 40}, {Colour: true}, {All: true}} {
			got := text1(t, s.ce, o)
			if !utf8.ValidString(got) {
				t.Errorf("%s %+v: not UTF-8", s.name, o)
			}
			for _, l := range strings.Split(got, "\n") {
				if strings.HasSuffix(l, " ") {
					t.Errorf("%s %+v: space at the end of %q", s.name, o, l)
				}
				for _, esc := range []string{"1", "2", "33", "1;31", "1;32", "0"} {
					l = strings.ReplaceAll(l, "\x1b["+esc+"m", "")
				}
				if p := plain(l); p != l {
					t.Errorf("%s %+v: %q", s.name, o, l)
				}
			}
		}
	}
}

// No line of a folded table is wider than the screen, and folding loses no
// cell: every block has every step.
func TestTextFoldsWideTables(t *testing.T) {
	ce := manyComponents()
	got := text1(t, ce, TextOptions{Width: 60})
	table := got[:strings.Index(got, "No part in")]
	headers := 0
	for i, l := range strings.Split(table, "\n") {
		if i > 0 && width(l) > 60 {
			t.Errorf("%d columns: %s", width(l), l)
		}
		if strings.Contains(l, "step  event") {
			headers++
		}
	}
	if headers < 2 {
		t.Errorf("%d blocks:\n%s", headers, table)
	}
	for _, s := range ce.Impl.Steps {
		for _, p := range s.Parts {
			if !strings.Contains(table, p.Label) {
				t.Errorf("no %s in\n%s", p.Label, table)
			}
		}
	}
}

func TestTextAllLeavesNothingOut(t *testing.T) {
	got := text1(t, long(), TextOptions{Width: 80, All: true})
	for _, want := range []string{"tick!5000", "tick!9000", "ALARM"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s", want)
		}
	}
	if strings.Contains(got, "left out") {
		t.Error("something is left out")
	}
}

func TestTextRejectsContradictions(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   *explore.Counterexample
	}{
		{"nil", nil},
		{"a step of nobody", &explore.Counterexample{Impl: explore.Behaviour{Loop: -1, Steps: []explore.Step{{Parts: []explore.Part{{}}}}}}},
		{"a branch too far", &explore.Counterexample{Impl: explore.Behaviour{Loop: -1, Final: []explore.Branch{{To: 1}}}}},
		{"a loop without steps", &explore.Counterexample{}},
		{"a loop before all steps", &explore.Counterexample{Impl: explore.Behaviour{Loop: -2}}},
		{"a wait of nobody", &explore.Counterexample{Impl: explore.Behaviour{Loop: -1, Waits: []explore.Wait{{}}}}},
		{"an end of nobody", &explore.Counterexample{Impl: explore.Behaviour{Loop: -1, Ends: []explore.End{{}}}}},
		{"in the specification", &explore.Counterexample{Impl: explore.Behaviour{Loop: -1}, Spec: &explore.Behaviour{Loop: 3}}},
	} {
		if err := Text(&bytes.Buffer{}, tt.in, TextOptions{}); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
}

func TestShort(t *testing.T) {
	for _, tt := range []struct {
		in   string
		max  int
		want string
	}{
		{"PHIL(0)", 10, "PHIL(0)"},
		{"PHILOSOPHER(17)", 10, "PHILOS…17)"},
		{"哲学者哲学者", 7, "哲学…者"},
		{"a\nb", 10, `a\nb`},
		{"a\xffb", 10, `a\xffb`},
		{"\uFFFD", 10, "\uFFFD"},
		{"👩\u200d🚀", 10, "👩\u200d🚀"},
		{"e" + strings.Repeat("\u0301", 50) + "abcd", 4, "e" + strings.Repeat("\u0301", 7) + "a…d"},
	} {
		if got := short(tt.in, tt.max); got != tt.want {
			t.Errorf("short(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
		}
	}
}

func TestWaitCycle(t *testing.T) {
	type edge struct{ from, to int }
	for _, tt := range []struct {
		name  string
		edges []edge
		want  []int
	}{
		{"nobody waits", nil, nil},
		{"a chain", []edge{{0, 1}, {1, 2}}, nil},
		{"a ring", []edge{{0, 1}, {1, 2}, {2, 0}}, []int{0, 1, 2}},
		{"the shorter of two", []edge{{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 3}}, []int{3, 4}},
		{"the lower of two", []edge{{4, 3}, {3, 4}, {2, 1}, {1, 2}}, []int{1, 2}},
		{"a tail is no part of it", []edge{{0, 3}, {3, 2}, {2, 3}}, []int{2, 3}},
		{"the lower way round", []edge{{0, 2}, {0, 1}, {1, 3}, {2, 3}, {3, 0}}, []int{0, 1, 3}},
		{"itself", []edge{{0, 1}, {1, 0}, {2, 2}}, []int{2}},
		{"nobody ever can", []edge{{0, -1}}, nil},
	} {
		b := &explore.Behaviour{Components: make([]explore.Component, 5)}
		for _, e := range tt.edges {
			b.Waits = append(b.Waits, explore.Wait{Component: e.from, For: []explore.Blocker{{Component: e.to}}})
		}
		got := WaitCycle(b)
		if len(got) != len(tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			continue
		}
		for i := range got {
			if got[i] != tt.want[i] {
				t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
			}
		}
	}
}
