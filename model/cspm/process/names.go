package process

import (
	"fmt"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// The longest name made from the text of an expression.
const longestName = 30

// nameOf returns the name of a leaf: the one it was called by, or its text.
func (r *replay) nameOf(t *Term, name string) string {
	if name == "" {
		name = r.text(t)
	}
	return name
}

// text is a process as it is written: a call, the text of a prefix, operands
// around an operator. Hiding and renaming leave the name of what is below.
func (r *replay) text(t *Term) string {
	for ; t.Op == Delayed; t = t.Unfold() {
		if name := t.delay().Name(); name != "" {
			return name
		}
		if text := r.sys.locate.Text(t.delay().Span()); text != "" {
			return shorten(text)
		}
	}
	if c, ok := t.chaos(); ok {
		return shorten(c.String())
	}
	switch {
	case len(t.Kids) == 0:
		if span := r.spanOf(t); span != (syntax.Span{}) {
			return shorten(r.sys.locate.Text(span))
		}
		return t.String()
	case len(t.Kids) == 1:
		return r.text(t.Kids[0])
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
	for i, kid := range t.Kids {
		if len(name) > 4*longestName { // enough, however long the letters
			break
		}
		if i > 0 {
			name += op
		}
		if h := kid; h.Op != Delayed && len(h.Kids) > 1 {
			name += "(" + r.text(kid) + ")"
		} else {
			name += r.text(kid)
		}
	}
	return shorten(name)
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

// shorten cuts text at the end of its line, and after longestName letters.
func shorten(text string) string {
	letters := []rune(text)
	for i, c := range letters {
		if c < ' ' || i == longestName {
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
