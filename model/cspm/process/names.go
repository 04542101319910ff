package process

import (
	"fmt"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// The longest name made from the text of an expression, and the longest text
// of a state.
const (
	longestName  = 30
	longestState = 100

	deepest = 100 // operators in each other: a process without names may be one in itself
)

// nameOf returns the name of a leaf: the one it was called by, or its text.
func (r *replay) nameOf(t *Term, name string) string {
	if name == "" {
		name = r.text(t)
	}
	return name
}

// stateOf is a process as text, for a state.
func (r *replay) stateOf(t *Term) string { return r.textOf(t, longestState, deepest) }

func (r *replay) text(t *Term) string { return r.textOf(t, longestName, deepest) }

// textOf is a process as it is written: a call, the text of a prefix, operands
// around an operator. Hiding and renaming leave the name of what is below.
func (r *replay) textOf(t *Term, most, depth int) string {
	if depth == 0 {
		return "…"
	}
	for ; t.Op == Delayed; t = t.Unfold() {
		if name := t.delay().Name(); name != "" {
			return name
		}
		if text := r.sys.locate.Text(t.delay().Span()); text != "" {
			return shorten(text, most)
		}
	}
	if c, ok := t.chaos(); ok {
		return shorten(c.String(), most)
	}
	switch {
	case len(t.Kids) == 0:
		if span := r.spanOf(t); span != (syntax.Span{}) {
			return shorten(r.sys.locate.Text(span), most)
		}
		return t.String()
	case len(t.Kids) == 1 && t.Op != Throws:
		return r.textOf(t.Kids[0], most, depth-1)
	}
	if t.Op == Throws {
		t = r.sys.space.spelled(t, depth)
	}
	op := " " + t.Op.String() + " "
	switch t.Op {
	case Throw:
		op = " [|" + t.args.set.String() + "|> "
	case SyncChoice:
		op = " [+" + t.args.set.String() + "+] "
	case SyncInterrupt:
		op = " /+" + t.args.set.String() + `+\ `
	}
	name := ""
	for i, kid := range t.chain(most) {
		if len(name) > 4*most { // enough, however long the letters
			break
		}
		if i > 0 {
			name += op
		}
		if h := kid; h.Op != Delayed && len(h.Kids) > 1 {
			name += "(" + r.textOf(kid, most, depth-1) + ")"
		} else {
			name += r.textOf(kid, most, depth-1)
		}
	}
	return shorten(name, most)
}

// chain returns the operands of t; if it is a ; or a chain of [>, those of all that are
// nested to the right, or the first most of them.
func (t *Term) chain(most int) []*Term {
	op := t.Op
	if op != Seq && op != Slides {
		return t.Kids
	}
	var out []*Term
	for ; t.Op == op && len(out) < most; t = t.Kids[1] {
		out = append(out, t.Kids[0])
	}
	return append(out, t)
}

// spanOf returns where the prefix t stands, if it is one of the script.
func (r *replay) spanOf(t *Term) (at syntax.Span) {
	if t.Op == Prefix && len(r.sys.space.Trans(t)) > 0 {
		_, at = t.leaf.(Offer).Label(0)
	}
	return at
}

// placeOf returns where a leaf stands, given where its name does, if it has
// one: else it is the first prefix in it that does.
func (r *replay) placeOf(t *Term, at syntax.Span) syntax.Span {
	for at == (syntax.Span{}) {
		if t.Op == Delayed {
			at, t = t.delay().Span(), t.Unfold()
			continue
		}
		if len(t.Kids) == 0 {
			return r.spanOf(t)
		}
		t = t.Kids[0]
	}
	return at
}

// shorten cuts text at the end of its line, and after so many letters.
func shorten(text string, most int) string {
	letters := []rune(text)
	for i, c := range letters {
		if c < ' ' || i == most {
			return string(letters[:i]) + "…"
		}
	}
	return text
}

// distinguish numbers the components of equal name.
func (r *replay) distinguish(cs []explore.Component) {
	count := map[string]int{}
	for _, c := range cs {
		count[c.Name]++
	}
	seen := map[string]int{}
	for i, c := range cs {
		if count[c.Name] > 1 {
			seen[c.Name]++
			cs[i].Name = fmt.Sprintf("%s #%d", c.Name, seen[c.Name])
		}
	}
}
