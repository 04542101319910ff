package cspm

import (
	"fmt"
	"strings"
	"testing"
)

// Which assertions mention P, and what they are with Q in its place.
func TestInstead(t *testing.T) {
	const text = `
channel a
P = a -> P
Q = STOP
F(X, n) = X
module M
exports
  P = SKIP
  channel b
endmodule
assert P :[deadlock free]
assert (P ; (P)) \ {a} :[deadlock free]
assert F(P, 1) [T= P
assert Q [T= P [] let P = STOP within P
assert let P = STOP within P :[deadlock free]
assert ||| P : {SKIP} @ P :[deadlock free]
assert M::P :[deadlock free]
assert Q :[deadlock free]
assert F(F(P, 1), 2) :[divergence free]
--! assert P ||| Q :[never stuck]: <P, Q>
assert not P -- here
  [F= P
`
	for _, tt := range []struct{ of, by, want string }{
		{"P", "Q", `11: assert Q :[deadlock free]
12: assert (Q ; (Q)) \ {a} :[deadlock free]
13: assert F(Q, 1) [T= Q
14: assert Q [T= Q [] let P = STOP within P
19: assert F(F(Q, 1), 2) :[divergence free]
20: assert Q ||| Q :[never stuck]: <Q, Q>
21: assert not Q -- here [F= Q
`},
		{"(F((P), 1))", "P [] Q -- both", `13: assert (P [] Q -- both) [T= P
19: assert F((P [] Q -- both), 2) :[divergence free]
`},
		{"let X = STOP within X", "Q", ""},
		{"let P = STOP within P", "Q", `14: assert Q [T= P [] Q
15: assert Q :[deadlock free]
`},
		{"M::P", "P", "17: assert P :[deadlock free]\n"},
	} {
		s, err := Load("t.csp", []byte(text), Options{})
		if err != nil {
			t.Fatal(err)
		}
		of, err := s.Design("of", tt.of)
		if err != nil {
			t.Fatal(err)
		}
		by, err := s.Design("by", tt.by)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for i := range s.Asserts {
			as := &s.Asserts[i]
			if !as.MentionsDesign(of) {
				continue
			}
			other, err := as.Instead(of, by)
			if err != nil {
				t.Fatalf("%s: %v", as.Text, err)
			}
			fmt.Fprintf(&got, "%d: %s\n", as.At.Line, other.Text)
			if other.MentionsDesign(of) {
				t.Errorf("%s still mentions %s", other.Text, tt.of)
			}
		}
		if got.String() != tt.want {
			t.Errorf("%s instead of %s:\n%swant\n%s", tt.by, tt.of, got.String(), tt.want)
		}
	}
}
