package model_test

import (
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

func readAut(text string) (*model.Machine, error) {
	return model.ReadAut("x.aut", strings.NewReader(text), model.NewEvents())
}

func TestReadAut(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"des (0, 0, 1)\n", "> 0:\n"},
		{"des (1,2,2)\n\n(0,\"a, (b)\",1)\n(1, tau ,0)\n", "  0: a, (b) -> 1\n> 1: τ -> 0\n"},
		{"des (0, 4, 2)\n(0, i, 0)\n(0, \"i\", 0)\n(0, exit, 1)\n(0, c.1, 0)\n", "> 0: τ -> 0, ✓ -> 1, i -> 0, c.1 -> 0\n  1:\n"},
		{"", "x.aut:1: no first line like des (0, 3, 2)"},
		{"hello", `x.aut:1: "hello" is not like des (0, 3, 2)`},
		{"des (0, x, 2)", "x.aut:1: x is not a number from 0 to 2147483647"},
		{"des (0, 1, 2)", "x.aut:1: 1 transitions are announced, and 0 follow"},
		{"des (0, 1, 2)\n(0, a)", `x.aut:2: "(0, a)" is not like (0, coin, 1)`},
		{"des (0, 1, 2)\n(0, a, 2)", "x.aut:2: 2 is not one of the 2 states"},
		{"des (0, 1, 2)\n(0, , 1)", `x.aut:2: "(0, , 1)" has no label`},
		{"des (0, 1, 2)\n(0, \"a, 1)", `x.aut:2: "a is not a label in quotes`},
		{"des (0, 1, 1)\n(0, exit, 0)", "machine x.aut: 0 -✓-> 0 comes after ✓"},
		{"des (5, 0, 1)", "machine x.aut: unknown initial state 5: the states are 0 to 0"},
		{"des (0, 0, 2000000000)", "x.aut:1: 2000000000 states are announced, and no transition comes near the last"},
	} {
		m, err := readAut(tt.text)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			got = m.String()
		}
		if got != tt.want {
			t.Errorf("%q:\n%s\nwant:\n%s", tt.text, got, tt.want)
		}
	}
}

func TestAutRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Machines(8, 3).Draw(t, "machine")
		var text strings.Builder
		if err := m.WriteAut(&text); err != nil {
			t.Fatal(err)
		}
		m2, err := model.ReadAut("M", strings.NewReader(text.String()), m.Events())
		if err != nil {
			t.Fatal(err)
		}
		if m.String() != m2.String() {
			t.Errorf("%v\nwritten as\n%s\nis read as\n%v", m, text.String(), m2)
		}
	})
}

func FuzzReadAut(f *testing.F) {
	f.Add("des (1, 2, 2)\n(0, \"a\", 1)\n(1, i, 0)\n")
	f.Add("des (0, 1, 2)\n(0, exit, 1)\n")
	f.Fuzz(func(t *testing.T, text string) {
		m, err := readAut(text)
		if err != nil {
			return
		}
		var again strings.Builder
		if err := m.WriteAut(&again); err != nil {
			t.Fatal(err)
		}
		m2, err := model.ReadAut("x.aut", strings.NewReader(again.String()), m.Events())
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, again.String(), err)
		}
		if m.String() != m2.String() {
			t.Errorf("%q is written as %q, another machine", text, again.String())
		}
	})
}
