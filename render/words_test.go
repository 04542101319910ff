package render

import (
	"bytes"
	"encoding/json"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

// Each pattern by a smallest case of it, in whole words.
func TestExplain(t *testing.T) {
	wait := func(who int, label string, blockers ...explore.Blocker) explore.Wait {
		return explore.Wait{Component: who, Event: strings.NewReplacer("!", ".", "?", ".").Replace(label), Label: label, For: blockers}
	}
	by := func(who int, reason string) explore.Blocker { return explore.Blocker{Component: who, Reason: reason} }
	runs, ended := explore.End{Status: explore.Running, Offers: taking(0, "x")}, explore.End{Status: explore.Terminated}
	mute := explore.End{Status: explore.Running}
	for _, tt := range []struct {
		name  string
		waits []explore.Wait
		ends  []explore.End
		want  string
	}{
		{"a ring of two", []explore.Wait{wait(0, "a", by(1, "offers only b")), wait(1, "b", by(0, "offers only a"))}, []explore.End{runs, runs},
			"Circular wait: A waits for B (a) and B for A (b). Neither can move before the other does."},
		{"a ring over ✓ says less than why one of it waits", []explore.Wait{wait(0, "✓", by(1, "offers only c.1")), wait(1, "c?1", by(0, "never does c.1 again"))}, []explore.End{runs, runs},
			"Orphan receiver: B waits to receive c.1. No partner will come: A never does it again."},
		{"a ring over ✓ is better than nothing", []explore.Wait{wait(0, "✓", by(1, "offers only b")), wait(1, "b", by(0, "offers only ✓"))}, []explore.End{runs, runs},
			"Circular wait: A waits for B (✓) and B for A (b). Neither can move before the other does."},
		{"itself", []explore.Wait{wait(0, "c!1", by(0, ""))}, []explore.End{runs, ended},
			"Self-block: A waits to send c.1, which needs itself. No partner will come: it waits itself."},
		{"nobody sends", []explore.Wait{wait(0, "c?1", by(-1, "")), wait(0, "c?2", by(-1, ""))}, []explore.End{runs, runs},
			"Orphan receiver: A waits to receive c.1 and c.2. No partner will come: nobody else ever takes part in them."},
		{"nobody receives", []explore.Wait{wait(0, "c!1", by(1, "never does c.1"))}, []explore.End{runs, runs},
			"Orphan sender: A waits to send c.1. No partner will come: B never does it."},
		{"no direction", []explore.Wait{wait(0, "a", by(1, "never does a again"))}, []explore.End{runs, runs},
			"Orphan event: A waits for a. No partner will come: B never does it again."},
		{"some it never did, and others it never does again", []explore.Wait{wait(0, "c?1", by(1, "never does c.1 again")), wait(0, "c?2", by(1, "never does c.2"))}, []explore.End{runs, runs},
			"Orphan receiver: A waits to receive c.1 and c.2. No partner will come: B does none of them any more."},
		{"a ring names what could happen", []explore.Wait{wait(0, "c?1", by(1, "never does c.1")), wait(0, "c?2", by(1, "offers only b")), wait(1, "b", by(0, "offers only c.1, c.2"))}, []explore.End{runs, runs},
			"Circular wait: A waits for B (c.2) and B for A (b). Neither can move before the other does."},
		{"a ring of who never comes is none", []explore.Wait{wait(0, "c!0", by(1, "never does c.0")), wait(1, "c?1", by(0, "never does c.1"))}, []explore.End{runs, runs},
			"Orphan sender: A waits to send c.0. No partner will come: B never does it."},
		{"the partner has ended", []explore.Wait{wait(0, "c?1", by(1, "never does c.1 again"))}, []explore.End{runs, ended},
			"Early termination: A waits to receive c.1. No partner will come: B has ended."},
		{"the partner has stopped", []explore.Wait{wait(0, "c?1", by(1, "offers nothing"))}, []explore.End{runs, mute},
			"Self-block: A waits to receive c.1. No partner will come: B offers nothing."},
		{"all have stopped", nil, []explore.End{mute, mute},
			"Self-block: A and B offer nothing: they have stopped by themselves."},
		{"other events", []explore.Wait{wait(0, "c?1", by(1, "offers only d"))}, []explore.End{runs, runs},
			"Mismatch: A waits to receive c.1. No partner will come: B offers only d."},
		{"one without hope goes before one with some", []explore.Wait{
			wait(0, "a", by(1, "never does a")), wait(0, "b", by(1, "offers only d")), wait(1, "d", by(-1, ""))}, []explore.End{runs, runs},
			"Orphan event: B waits for d. No partner will come: nobody else ever takes part in it."},
	} {
		ce := &explore.Counterexample{Kind: explore.Deadlock, Impl: explore.Behaviour{
			Process: "P", Components: []explore.Component{{Name: "A"}, {Name: "B"}}, Loop: -1, Waits: tt.waits, Ends: tt.ends,
		}}
		got, err := Explain(ce)
		if err != nil {
			t.Fatal(err)
		}
		if got.Paragraph() != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got.Paragraph(), tt.want)
		}
	}
}

// The explanation is the same in every form, and never more than two
// sentences beside the headline.
func TestSameWordsEverywhere(t *testing.T) {
	tags := regexp.MustCompile(`<[^>]*>`)
	blanks := regexp.MustCompile(`(&#160;|&nbsp;|\s)+`)
	codes := regexp.MustCompile(`#(\d+);`)
	flat := func(s string) string { return strings.Join(strings.Fields(html.UnescapeString(s)), "") }
	for _, s := range stories() {
		if s.name == "hostile" {
			continue // each form escapes in its own way
		}
		x, err := Explain(s.ce)
		if err != nil {
			t.Fatal(err)
		}
		if len(x.Sentences) > 2 {
			t.Errorf("%s: %q", s.name, x.Sentences)
		}
		forms := map[string]func(io.Writer) error{
			"text":     func(w io.Writer) error { return Text(w, s.ce, TextOptions{Width: 60}) },
			"sequence": func(w io.Writer) error { return SequenceSVG(w, s.ce) },
			"path":     func(w io.Writer) error { return PathDOT(w, s.ce) },
			"waits":    func(w io.Writer) error { return WaitsDOT(w, s.ce) },
			"mermaid":  func(w io.Writer) error { return Mermaid(w, s.ce) },
			"json":     func(w io.Writer) error { return JSON(w, s.ce) },
		}
		for name, write := range forms {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			got := b.String()
			switch name {
			case "json":
				var d Document
				if err := json.Unmarshal(b.Bytes(), &d); err != nil {
					t.Fatal(err)
				}
				got = d.Explanation.Headline + d.Explanation.Text
			case "mermaid":
				got = strings.ReplaceAll(got, "<br/>", " ")
				got = codes.ReplaceAllStringFunc(got, func(c string) string { return "&" + c })
			case "sequence", "path", "waits":
				got = blanks.ReplaceAllString(tags.ReplaceAllString(got, ""), "")
				got = strings.ReplaceAll(got, `\\`, `\`)
			}
			want := []string{flat(x.Headline), flat(x.Paragraph())}
			if name == "mermaid" {
				want = want[1:] // the headline is a string in quotes
				if len(newSequence(s.ce).lanes) == 0 {
					continue
				}
			}
			for _, want := range want {
				if !strings.Contains(flat(got), want) {
					t.Errorf("%s, %s: no\n%s\nin\n%s", s.name, name, want, flat(got))
				}
			}
		}
	}
}

// What can happen beside a loop is told apart from what it does anyway.
func TestExitsOfALoop(t *testing.T) {
	same := explore.Branch{Event: "τ", Hidden: "ball.2", To: 1}
	for _, tt := range []struct {
		others []explore.Branch
		want   string
	}{
		{nil, "Nothing else is possible there."},
		{[]explore.Branch{same}, "The same events are possible there in other ways, and no others."},
		{[]explore.Branch{same, {Event: "τ", Hidden: "goal", To: -1}, {Event: "whistle", To: -1}}, "Also possible there, and never taken: τ (goal), whistle."},
	} {
		ce := divergence()
		for i := range ce.Impl.Steps {
			ce.Impl.Steps[i].Others = nil
		}
		ce.Impl.Steps[2].Others = tt.others
		x, err := Explain(ce)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(x.Paragraph(), tt.want) {
			t.Errorf("%v: %s", tt.others, x.Paragraph())
		}
	}
}
