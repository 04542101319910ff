package inductive

import (
	"cmp"
	"slices"
)

// A term is a factor of a variable.
type term struct {
	of     int32
	factor int64
}

// A form is a sum of terms, by variable.
type form []term

// equations say of forms that they are 0, and are solved for one variable each.
type equations struct {
	solved []bool
	form   []form // of each solved variable: what it is equal to
	steps  int    // taken since these were last looked at
}

// vanish adds the equation that a form is 0. It is solved for a variable with
// the factor 1 or -1. Where there is none, or a factor has become large, all of
// its variables are said to be 0: that loses solutions, and makes none.
func (q *equations) vanish(f form) {
	f = q.reduced(f)
	unit := -1
	for i, t := range f {
		if t.factor == 1 || t.factor == -1 {
			unit = i
		}
	}
	if slices.ContainsFunc(f, func(t term) bool { return max(t.factor, -t.factor) > mostFactor }) {
		unit = -1
	}
	if unit < 0 {
		for _, t := range f {
			q.solved[t.of] = true
		}
		return
	}
	v, factor := f[unit].of, f[unit].factor
	q.solved[v], q.form[v] = true, slices.Delete(f.times(-factor), unit, unit+1)
}

// reduced returns a form in variables that are not solved.
func (q *equations) reduced(f form) form {
	if !slices.ContainsFunc(f, func(t term) bool { return q.solved[t.of] }) {
		return f
	}
	var out form
	for _, t := range f {
		if !q.solved[t.of] {
			out = append(out, t)
			continue
		}
		q.form[t.of] = q.reduced(q.form[t.of])
		out = append(out, q.form[t.of].times(t.factor)...)
	}
	return q.sum(out)
}

// sum makes a form of terms in any order.
func (q *equations) sum(f form) form {
	q.steps += len(f)
	slices.SortFunc(f, func(a, b term) int { return cmp.Compare(a.of, b.of) })
	out := f[:0]
	for _, t := range f {
		if n := len(out); n > 0 && out[n-1].of == t.of {
			out[n-1].factor += t.factor
			continue
		}
		out = append(out, t)
	}
	return slices.DeleteFunc(out, func(t term) bool { return t.factor == 0 })
}

func (f form) times(factor int64) form {
	out := make(form, len(f))
	for i, t := range f {
		out[i] = term{t.of, factor * t.factor}
	}
	return out
}
