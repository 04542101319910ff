package render

import (
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

func TestNotation(t *testing.T) {
	for _, tt := range []struct{ csp, golang, java string }{
		{"a", "a", "a"},
		{"c.1", "c.1", "c.1"}, // nobody sends
		{"τ", "τ", "τ"},
		{"c!1", "c <- 1", "c.put(1)"},
		{"c?1", "<-c → 1", "c.take() → 1"},
		{"c!1!2", "c <- 1, 2", "c.put(1, 2)"},
		{"c!1?2", "c <- 1 → 2", "c.put(1) → 2"},
		{"c?2!1", "c <- 1 → 2", "c.put(1) → 2"},
		{"jobs::comm.0?3", "<-jobs::comm.0 → 3", "jobs::comm.0.take() → 3"},
		{`c!"a?b"!'?'`, `c <- "a?b", '?'`, `c.put("a?b", '?')`},
		{`c!"\"!"`, `c <- "\"!"`, `c.put("\"!")`},
		{"c'!(1, f!2)", "c' <- (1, f!2)", "c'.put((1, f!2))"},
		{"!1", "!1", "!1"},
		{"", "", ""},
	} {
		if got := GoNotation.write(tt.csp); got != tt.golang {
			t.Errorf("%s as Go: %s, want %s", tt.csp, got, tt.golang)
		}
		if got := JavaNotation.write(tt.csp); got != tt.java {
			t.Errorf("%s as Java: %s, want %s", tt.csp, got, tt.java)
		}
		if got := CSPNotation.write(tt.csp); got != tt.csp {
			t.Errorf("%s as CSP: %s", tt.csp, got)
		}
	}
	if _, err := ParseNotation("occam"); err == nil {
		t.Error("occam is a notation")
	}
}

// The cells of the table follow the notation, the events of the whole do not.
func TestTextNotation(t *testing.T) {
	got := text1(t, divergence(), TextOptions{Notation: JavaNotation})
	for _, want := range []string{"τ (ball.1)  ball.put(1)", "ball.take() → 1"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	ce := &explore.Counterexample{Kind: explore.Deadlock, Impl: divergence().Impl}
	ce.Impl.Loop = -1
	if err := Text(&strings.Builder{}, ce, TextOptions{Notation: "occam"}); err == nil {
		t.Error("an unknown notation is no error")
	}
}
