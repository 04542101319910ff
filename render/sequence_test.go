package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

// Each story as a sequence diagram, in each language.
func TestSequences(t *testing.T) {
	for _, s := range stories() {
		for _, f := range []struct {
			suffix string
			draw   func(io.Writer, *explore.Counterexample) error
		}{{".sequence.svg", SequenceSVG}, {".mermaid", Mermaid}, {".plantuml", PlantUML}} {
			var b bytes.Buffer
			if err := f.draw(&b, s.ce); err != nil {
				t.Fatalf("%s%s: %v", s.name, f.suffix, err)
			}
			golden(t, s.name+f.suffix, b.Bytes())
		}
	}
}

// The SVG of any story is well-formed XML, without anything to run.
func TestSequenceSVGIsXML(t *testing.T) {
	for _, s := range stories() {
		var b bytes.Buffer
		if err := SequenceSVG(&b, s.ce); err != nil {
			t.Fatal(err)
		}
		d := xml.NewDecoder(&b)
		for {
			x, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			if e, ok := x.(xml.StartElement); ok && strings.EqualFold(e.Name.Local, "script") {
				t.Errorf("%s: there is a script", s.name)
			}
		}
	}
}

// Whoever knows no variables of CSS finds the colour before each.
func TestSequenceSVGNeedsNoVariables(t *testing.T) {
	var b bytes.Buffer
	if err := SequenceSVG(&b, philosophers()); err != nil {
		t.Fatal(err)
	}
	all := regexp.MustCompile(`[;{](\w+):var\(--`).FindAllStringSubmatchIndex(b.String(), -1)
	if len(all) < 20 {
		t.Fatalf("%d variables", len(all))
	}
	for _, m := range all {
		property, before := b.String()[m[2]:m[3]], b.String()[:m[2]]
		if !regexp.MustCompile(property + `:#[0-9a-f]{6};$`).MatchString(before) {
			t.Errorf("no colour before that of …%s", b.String()[m[0]-30:m[1]+20])
		}
	}
}

// ! and ? tell a sender from receivers; otherwise all who take part are equal.
func TestSenders(t *testing.T) {
	for _, tt := range []struct {
		labels string
		from   int
	}{
		{"c!1 c?1", 0},
		{"c?1 c!1", 1},
		{"c!1 c?x c?y", 0},
		{"c!1 c!1", -1},
		{"c?1 c?1", -1},
		{"c.1 c?1", -1},
		{"c!1 c.1 c?1", -1},
		{"c!1?2 c?1!2", 0}, // who goes first
		{"c!1?2 c!1!2", 1}, // the first field only says which
		{"c!1!2 c!1?2 c?1?2", -1},
		{"c?1 c?1?2", -1},
		{"c.1?2 c?1!2", 1}, // as is read.1?x of the first of those who may read
		{"c.1 c?1 c!1", -1},
		{"c.1", -1},
	} {
		var s explore.Step
		var place []int
		for i, l := range strings.Fields(tt.labels) {
			s.Parts = append(s.Parts, explore.Part{Component: i, Event: "c.1", Label: l})
			place = append(place, i)
		}
		if m := messageOf(&s, 1, place); m.from != tt.from {
			t.Errorf("%s: from %d, want %d", tt.labels, m.from, tt.from)
		}
	}
}
