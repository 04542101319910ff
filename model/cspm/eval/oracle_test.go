package eval_test

import (
	"errors"
	"fmt"
	"sort"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The oracle evaluates expressions over integers, booleans, sequences, sets
// and pairs on plain Go values: int, bool, seq, set and pair. It is eager,
// and small enough to be seen to be right.

type (
	seq  []any
	set  []any // sorted by less, none twice
	pair [2]any
)

// An expression is its text and its meaning where variables have values.
type expression struct {
	text  string
	value func(env map[string]any) (any, error)
}

var errFails = errors.New("fails")

// order is the canonical order: -1, 0 or 1.
func order(a, b any) int {
	switch a := a.(type) {
	case int:
		return sign(a - b.(int))
	case bool:
		x, y := 0, 0
		if a {
			x = 1
		}
		if b.(bool) {
			y = 1
		}
		return x - y
	case seq:
		return orderAll(a, b.(seq))
	case set:
		return orderAll(a, b.(set))
	case pair:
		q := b.(pair)
		return orderAll(a[:], q[:])
	}
	panic("unknown")
}

func orderAll(a, b []any) int {
	for i := range a {
		if i == len(b) {
			return 1
		}
		if c := order(a[i], b[i]); c != 0 {
			return c
		}
	}
	return sign(len(a) - len(b))
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

func setOf(vs []any) set {
	s := set{}
	for _, v := range vs {
		if !in(v, s) {
			s = append(s, v)
		}
	}
	sort.Slice(s, func(i, j int) bool { return order(s[i], s[j]) < 0 })
	return s
}

func in(v any, s []any) bool {
	for _, w := range s {
		if order(v, w) == 0 {
			return true
		}
	}
	return false
}

func keep(s []any, f func(any) bool) []any {
	out := []any{}
	for _, v := range s {
		if f(v) {
			out = append(out, v)
		}
	}
	return out
}

// atMost is CSPM's <=.
func atMost(a, b any) bool {
	switch a := a.(type) {
	case seq:
		t := b.(seq)
		return len(a) <= len(t) && orderAll(a, t[:len(a)]) == 0
	case set:
		return len(keep(a, func(v any) bool { return !in(v, b.(set)) })) == 0
	case pair:
		q := b.(pair)
		if order(a[0], q[0]) != 0 {
			return atMost(a[0], q[0])
		}
		return atMost(a[1], q[1])
	}
	return order(a, b) <= 0
}

func shown(v any) string {
	list := func(open string, vs []any, end string) string {
		parts := make([]string, len(vs))
		for i, w := range vs {
			parts[i] = shown(w)
		}
		return open + strings.Join(parts, ", ") + end
	}
	switch v := v.(type) {
	case seq:
		return list("<", v, ">")
	case set:
		return list("{", v, "}")
	case pair:
		return list("(", v[:], ")")
	}
	return fmt.Sprint(v)
}

// floorDiv is the quotient rounded down.
func floorDiv(a, b int) int {
	q := a / b
	if q*b != a && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// op applies an operator to values that have no errors.
func op(form string, parts []expression, f func(vs []any) (any, error)) expression {
	text := form
	for _, p := range parts {
		text = strings.Replace(text, "$", p.text, 1)
	}
	return expression{"(" + text + ")", func(env map[string]any) (any, error) {
		vs := make([]any, len(parts))
		for i, p := range parts {
			v, err := p.value(env)
			if err != nil {
				return nil, err
			}
			vs[i] = v
		}
		return f(vs)
	}}
}

// A typ is int, bool, or seq, set or pair of one.
type typ struct {
	kind string
	of   *typ
}

var (
	intType  = typ{kind: "int"}
	boolType = typ{kind: "bool"}
)

// draw draws an expression of a type over variables of types.
func draw(t *rapid.T, ty typ, depth int, vars map[string]typ) expression {
	var choices []func() expression
	can := func(f func() expression) { choices = append(choices, f) }
	sub := func(ty typ) expression { return draw(t, ty, depth-1, vars) }
	simple := func(form string, f func(vs []any) (any, error), tys ...typ) {
		can(func() expression {
			parts := make([]expression, len(tys))
			for i, ty := range tys {
				parts[i] = sub(ty)
			}
			return op(form, parts, f)
		})
	}
	var names []string
	for name, of := range vars {
		if fmt.Sprint(key(of)) == key(ty) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	literal := func() expression {
		switch ty.kind {
		case "int":
			n := rapid.IntRange(0, 9).Draw(t, "n")
			return op(fmt.Sprint(n), nil, func([]any) (any, error) { return n, nil })
		case "bool":
			b := rapid.Bool().Draw(t, "b")
			return op(fmt.Sprint(b), nil, func([]any) (any, error) { return b, nil })
		case "seq":
			return op("<>", nil, func([]any) (any, error) { return seq{}, nil })
		case "set":
			return op("{}", nil, func([]any) (any, error) { return set{}, nil })
		}
		x, y := draw(t, *ty.of, 0, vars), draw(t, *ty.of, 0, vars)
		return op("$, $", []expression{x, y}, func(vs []any) (any, error) { return pair{vs[0], vs[1]}, nil })
	}
	if len(names) > 0 && (depth == 0 || rapid.IntRange(0, 3).Draw(t, "var") == 0) {
		name := rapid.SampledFrom(names).Draw(t, "name")
		return expression{name, func(env map[string]any) (any, error) { return env[name], nil }}
	}
	if depth == 0 {
		return literal()
	}

	// forms of every type
	can(literal)
	can(func() expression {
		c, x, y := sub(boolType), sub(ty), sub(ty)
		return expression{fmt.Sprintf("(if %s then %s else %s)", c.text, x.text, y.text), func(env map[string]any) (any, error) {
			v, err := c.value(env)
			switch {
			case err != nil:
				return nil, err
			case v.(bool):
				return x.value(env)
			}
			return y.value(env)
		}}
	})
	bind := func(form string, of typ, use func(env map[string]any, x, body expression, name string) (any, error)) {
		can(func() expression {
			name := fmt.Sprintf("v%d", len(vars))
			x := sub(of)
			inner := map[string]typ{name: of}
			for n, ty := range vars {
				inner[n] = ty
			}
			body := draw(t, ty, depth-1, inner)
			text := strings.NewReplacer("NAME", name, "BODY", body.text, "ARG", x.text).Replace(form)
			return expression{text, func(env map[string]any) (any, error) { return use(env, x, body, name) }}
		})
	}
	with := func(env map[string]any, name string, v any) map[string]any {
		inner := map[string]any{name: v}
		for n, w := range env {
			inner[n] = w
		}
		return inner
	}
	strict := func(env map[string]any, x, body expression, name string) (any, error) {
		v, err := x.value(env)
		if err != nil { // by need: the body decides whether it matters; see total
			return nil, err
		}
		return body.value(with(env, name, v))
	}
	other := rapid.SampledFrom([]typ{intType, boolType, {"seq", &intType}}).Draw(t, "other")
	bind("(let NAME = ARG within BODY)", other, strict)
	bind("((\\ NAME @ BODY)(ARG))", other, strict)
	bind("(let f(NAME) = BODY within f(ARG))", other, strict)
	simple("first($)", func(vs []any) (any, error) { return vs[0].(pair)[0], nil }, typ{"pair", &ty})
	simple("let (p, q) = $ within q", func(vs []any) (any, error) { return vs[0].(pair)[1], nil }, typ{"pair", &ty})

	each := func(env map[string]any, x expression, name string, f func(env map[string]any) error) error {
		v, err := x.value(env)
		if err != nil {
			return err
		}
		var list []any
		switch v := v.(type) {
		case seq:
			list = v
		case set:
			list = v
		}
		for _, w := range list {
			if err := f(with(env, name, w)); err != nil {
				return err
			}
		}
		return nil
	}
	comprehension := func(open, end string, source typ, of typ, make_ func([]any) any) {
		can(func() expression {
			name := fmt.Sprintf("v%d", len(vars))
			x := sub(source)
			inner := map[string]typ{name: *source.of}
			for n, ty := range vars {
				inner[n] = ty
			}
			item, cond := draw(t, of, depth-1, inner), draw(t, boolType, depth-1, inner)
			return expression{fmt.Sprintf("%s %s | %s <- %s, %s %s", open, item.text, name, x.text, cond.text, end), func(env map[string]any) (any, error) {
				out := []any{}
				err := each(env, x, name, func(env map[string]any) error {
					c, err := cond.value(env)
					if err != nil || !c.(bool) {
						return err
					}
					v, err := item.value(env)
					out = append(out, v)
					return err
				})
				return make_(out), err
			}}
		})
	}

	ints := []typ{intType, intType}
	switch ty.kind {
	case "int":
		simple("$ + $", func(vs []any) (any, error) { return vs[0].(int) + vs[1].(int), nil }, ints...)
		simple("$ - $", func(vs []any) (any, error) { return vs[0].(int) - vs[1].(int), nil }, ints...)
		simple("-$", func(vs []any) (any, error) { return -vs[0].(int), nil }, intType)
		simple("$ / $", func(vs []any) (any, error) {
			if vs[1].(int) == 0 {
				return nil, errFails
			}
			return floorDiv(vs[0].(int), vs[1].(int)), nil
		}, ints...)
		simple("$ % $", func(vs []any) (any, error) {
			a, b := vs[0].(int), vs[1].(int)
			if b == 0 {
				return nil, errFails
			}
			return a - b*floorDiv(a, b), nil
		}, ints...)
		simple("#$", func(vs []any) (any, error) { return len(vs[0].(seq)), nil }, typ{"seq", &intType})
		simple("card($)", func(vs []any) (any, error) { return len(vs[0].(set)), nil }, typ{"set", &intType})
	case "bool":
		of := rapid.SampledFrom([]typ{intType, {"seq", &intType}, {"set", &intType}, {"pair", &intType}, {"set", &typ{"seq", &intType}}}).Draw(t, "of")
		simple("$ == $", func(vs []any) (any, error) { return order(vs[0], vs[1]) == 0, nil }, of, of)
		simple("$ != $", func(vs []any) (any, error) { return order(vs[0], vs[1]) != 0, nil }, of, of)
		simple("$ <= $", func(vs []any) (any, error) { return atMost(vs[0], vs[1]), nil }, of, of)
		simple("$ < $", func(vs []any) (any, error) { return atMost(vs[0], vs[1]) && order(vs[0], vs[1]) != 0, nil }, of, of)
		simple("not $", func(vs []any) (any, error) { return !vs[0].(bool), nil }, boolType)
		simple("member($, $)", func(vs []any) (any, error) { return in(vs[0], vs[1].(set)), nil }, of, typ{"set", &of})
		simple("elem($, $)", func(vs []any) (any, error) { return in(vs[0], vs[1].(seq)), nil }, of, typ{"seq", &of})
		simple("empty($)", func(vs []any) (any, error) { return len(vs[0].(set)) == 0, nil }, typ{"set", &of})
		simple("null($)", func(vs []any) (any, error) { return len(vs[0].(seq)) == 0, nil }, typ{"seq", &of})
	case "seq":
		simple("$ ^ $", func(vs []any) (any, error) {
			return append(append(seq{}, vs[0].(seq)...), vs[1].(seq)...), nil
		}, ty, ty)
		simple("< $, $ >", func(vs []any) (any, error) { return seq{vs[0], vs[1]}, nil }, *ty.of, *ty.of)
		simple("seq($)", func(vs []any) (any, error) { return append(seq{}, vs[0].(set)...), nil }, typ{"set", ty.of})
		simple("tail($)", func(vs []any) (any, error) {
			if len(vs[0].(seq)) == 0 {
				return nil, errFails
			}
			return vs[0].(seq)[1:], nil
		}, ty)
		simple("concat(< $, $ >)", func(vs []any) (any, error) { return append(append(seq{}, vs[0].(seq)...), vs[1].(seq)...), nil }, ty, ty)
		comprehension("<", ">", typ{"seq", &intType}, *ty.of, func(vs []any) any { return seq(vs) })
	case "set":
		pick := func(f func(a, b set) set) func([]any) (any, error) {
			return func(vs []any) (any, error) { return f(vs[0].(set), vs[1].(set)), nil }
		}
		simple("{ $, $ }", func(vs []any) (any, error) { return setOf(vs), nil }, *ty.of, *ty.of)
		simple("set($)", func(vs []any) (any, error) { return setOf(vs[0].(seq)), nil }, typ{"seq", ty.of})
		simple("union($, $)", pick(func(a, b set) set { return setOf(append(append(set{}, a...), b...)) }), ty, ty)
		simple("inter($, $)", pick(func(a, b set) set { return keep(a, func(v any) bool { return in(v, b) }) }), ty, ty)
		simple("diff($, $)", pick(func(a, b set) set { return keep(a, func(v any) bool { return !in(v, b) }) }), ty, ty)
		comprehension("{", "}", typ{"set", &intType}, *ty.of, func(vs []any) any { return setOf(vs) })
		if ty.of.kind == "int" {
			simple("{ $..$ }", func(vs []any) (any, error) {
				s := set{}
				for n := vs[0].(int); n <= vs[1].(int); n++ {
					s = append(s, n)
				}
				return s, nil
			}, ints...)
		}
	case "pair":
		simple("$, $", func(vs []any) (any, error) { return pair{vs[0], vs[1]}, nil }, *ty.of, *ty.of)
	}
	return rapid.SampledFrom(choices).Draw(t, "form")()
}

func key(ty typ) string {
	if ty.of == nil {
		return ty.kind
	}
	return ty.kind + " " + key(*ty.of)
}

// The machine agrees with the oracle. Where the oracle, which is eager,
// fails, the machine may have a value, being lazy; where the oracle has a
// value, the machine has it too.
func TestOracle(t *testing.T) {
	script := load(t, "first((x, y)) = x\n")
	rapid.Check(t, func(t *rapid.T) {
		ty := rapid.SampledFrom([]typ{
			intType, boolType, {"seq", &intType}, {"set", &intType}, {"pair", &intType},
			{"set", &typ{"seq", &intType}}, {"set", &typ{"set", &intType}}, {"seq", &typ{"pair", &boolType}}, {"set", &typ{"pair", &intType}},
		}).Draw(t, "type")
		e := draw(t, ty, rapid.IntRange(1, 5).Draw(t, "depth"), nil)
		want, err := e.value(nil)
		got := eval(script, e.text)
		switch {
		case err == nil && got != shown(want):
			t.Fatalf("%s\nis   %s\nwant %s", e.text, got, shown(want))
		case err != nil && strings.Contains(got, "limit"):
			t.Fatalf("%s\nis %s", e.text, got)
		}
	})
}
