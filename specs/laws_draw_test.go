package specs_test

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// A trait is what is said of the processes that a variable stands for.
type trait int

const (
	deterministic trait = 1 << iota
	calm                // no divergence
	endless             // no ✓
)

var traits = map[string]trait{"is deterministic": deterministic, "does not diverge": calm, "does not end": endless}

// A law's script begins with recursive processes for the draws to use and, if
// it renames by relations, what may be said of them.
const (
	prelude = `
channel a, b, c, m

LOOP = a -> LOOP
SWING = a -> (b -> SWING [] c -> STOP)
MOODY = a -> MOODY |~| b -> STOP
GREET = a -> GREET [] SKIP
`
	relations = `
-- Events on no left side keep their names.
total(F) = union(F, {(u, u) | u <- Events, not member(u, {v | (v, _) <- F})})
image(F, A) = {v | (u, v) <- total(F), member(u, A)}
preimage(F, A) = {u | (u, v) <- total(F), member(v, A)}
compose(F, G) = {(u, w) | (u, v) <- total(F), w <- image(G, {v})}
inverse(F) = {(v, u) | (u, v) <- F}
function(F) = card(total(F)) == card(Events)
injective(F) = function(F) and image(F, Events) == Events
`
)

var (
	variable = regexp.MustCompile(`\b(?:[PQR]\b(?:\()?|[ABCFGghxyz]\b)`)
	ties     = regexp.MustCompile(`\[\[(.*?)\]\]`)
)

// text is the instance as definitions.
func (i instance) text() string {
	var b strings.Builder
	for _, v := range slices.Sorted(maps.Keys(i)) {
		fmt.Fprintf(&b, "%s = %s\n", v, i[v])
	}
	return b.String()
}

// sides are the definitions of LEFT and RIGHT. In a law, P[[F]] stands for
// P[[u <- v | (u, v) <- F]].
func (l *law) sides() string {
	return ties.ReplaceAllString("LEFT = "+l.left+"\nRIGHT = "+l.right+"\n", "[[u <- v | (u, v) <- $1]]")
}

// parse reads a law's script, but for its beginning.
func parse(t rapid.TB, text string, engine cspm.Engine) *cspm.Script {
	t.Helper()
	text = prelude + text
	if strings.Contains(text, "F = ") {
		text += relations
	}
	script, err := cspm.Load("law.csp", []byte(text), cspm.Options{Engine: engine})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return script
}

// instances draws closed terms for the variables of the law, so that its
// conditions hold.
func (l *law) instances() *rapid.Generator[instance] {
	if len(l.variables()) == 0 {
		return rapid.Just(instance{})
	}
	return rapid.Custom(func(t *rapid.T) instance {
		i := l.data(t)
		for _, v := range l.variables() {
			switch name := v[:1]; {
			case !strings.Contains("PQR", name):
			case strings.HasSuffix(v, "("):
				p := func(u string) string { return processes(l.traits[name]).Draw(t, name+"("+u+")") }
				i[name+"(u)"] = fmt.Sprintf("if u == a then %s else if u == b then %s else %s", p("a"), p("b"), p("c"))
			default:
				i[name] = processes(l.traits[name]).Draw(t, name)
			}
		}
		return i
	})
}

// variables returns P, Q, R, of which P( says that it depends on an event,
// the sets A, B, C, events x, y, z, renamings F, G and conditions g, h.
func (l *law) variables() []string {
	vs := variable.FindAllString(l.left+" "+l.right+" "+strings.Join(l.where, " "), -1)
	slices.Sort(vs)
	return slices.Compact(vs)
}

// data draws what is no process.
func (l *law) data(t *rapid.T) instance {
	for range 1000 {
		i := instance{}
		for _, v := range l.variables() {
			if g := data[v[0]]; g != nil {
				i[v] = g.Draw(t, v)
			}
		}
		if l.applies(t, i) {
			return i
		}
	}
	panic(l.name + ": conditions that nothing drawn meets")
}

// applies reports whether the conditions of the law hold.
func (l *law) applies(t rapid.TB, i instance) bool {
	t.Helper()
	if len(l.where) == 0 {
		return true
	}
	script := parse(t, i.text(), cspm.Auto)
	for _, w := range l.where {
		is, err := script.Eval(context.Background(), explore.Limits{}, w)
		if err != nil {
			t.Fatal(err)
		}
		if is != "true" {
			return false
		}
	}
	return true
}

var (
	names = []string{"a", "b", "c"}
	event = rapid.SampledFrom(names)
	set   = rapid.Custom(func(t *rapid.T) string {
		bits, es := rapid.IntRange(0, 7).Draw(t, "set"), []string{}
		for i, e := range names {
			if bits>>i&1 == 1 {
				es = append(es, e)
			}
		}
		return "{" + strings.Join(es, ", ") + "}"
	})
	// 1, 2 and 3 are distinct events.
	renaming = rapid.Custom(func(t *rapid.T) string {
		f := rapid.SampledFrom([]string{"{}", "{(1, 2)}", "{(1, 2), (2, 1)}", "{(1, 2), (2, 3), (3, 1)}",
			"{(1, 2), (3, 2)}", "{(1, 1), (1, 2)}", "{(1, 2), (1, 3)}", "{(1, 2), (2, 2), (2, 3)}"}).Draw(t, "renaming")
		es := rapid.Permutation(names).Draw(t, "events")
		return strings.NewReplacer("1", es[0], "2", es[1], "3", es[2]).Replace(f)
	})
	boolean = rapid.SampledFrom([]string{"false", "true"})
	data    = map[byte]*rapid.Generator[string]{
		'A': set, 'B': set, 'C': set, 'x': event, 'y': event, 'z': event,
		'F': renaming, 'G': renaming, 'g': boolean, 'h': boolean,
	}
)

// processes draws small processes with the traits.
func processes(c trait) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return drawProcess(t, c, rapid.SampledFrom([]int{0, 1, 1, 2, 2, 3}).Draw(t, "operators"))
	})
}

// drawProcess draws a process with so many operators.
func drawProcess(t *rapid.T, c trait, operators int) string {
	has := func(x trait) bool { return c&x != 0 }
	one := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "operator") }
	smaller := func() string { return drawProcess(t, c, rapid.IntRange(0, operators-1).Draw(t, "operators")) }
	rest := func() string { return drawProcess(t, c, operators-1) }
	if operators == 0 {
		leaves := []string{"STOP", "STOP", "1 -> STOP", "LOOP", "SWING"}
		if !has(endless) {
			leaves = append(leaves, "SKIP", "SKIP", "1 -> SKIP")
		}
		if !has(deterministic) {
			leaves = append(leaves, "MOODY")
		}
		if !has(deterministic | endless) {
			leaves = append(leaves, "GREET")
		}
		if !has(deterministic | calm) {
			leaves = append(leaves, "DIV")
		}
		leaf := strings.Replace(one(leaves...), "1", event.Draw(t, "event"), 1)
		if strings.Contains(leaf, " ") {
			return "(" + leaf + ")"
		}
		return leaf
	}
	if has(deterministic) {
		es := rapid.Permutation(names).Draw(t, "events")
		return "(" + es[0] + " -> " + rest() + one("", " [] "+es[1]+" -> "+rest()) + ")"
	}
	kinds := []string{"->", "->", "->", "[]", "[]", "|~|", "|~|", "[>", ";", "|||", "[|", "/\\", "|>", "[["}
	if !has(calm) {
		kinds = append(kinds, "\\", "\\")
	}
	switch op := one(kinds...); op {
	case "->":
		return "(" + event.Draw(t, "event") + " -> " + rest() + ")"
	case "\\":
		return "(" + rest() + " \\ " + set.Draw(t, "A") + ")"
	case "[[":
		return rest() + "[[" + event.Draw(t, "from") + " <- " + event.Draw(t, "to") + "]]"
	case "[|":
		return "(" + rest() + " [|" + set.Draw(t, "A") + "|] " + smaller() + ")"
	case "|>":
		return "(" + rest() + " [|" + set.Draw(t, "A") + "|> " + smaller() + ")"
	default:
		return "(" + rest() + " " + op + " " + smaller() + ")"
	}
}
