package inductive

import (
	"cmp"
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Weights say of each state of each component how much it weighs, so that no
// rule changes what all components weigh together: a place invariant (Murata,
// "Petri nets: properties, analysis and applications", 1989). The tokens of a
// ring are such a weight: whoever holds one weighs 1.
//
// A part of the ring alone, which anyone may give tokens to, has as many as
// there is room for. In the ring it never has more than there are: what would
// give it one more is left out of its machine. (Graf, Steffen, "Compositional
// minimization of finite state systems using interface specifications", 1990;
// Cheung, Kramer, "Context constraints for compositional reachability
// analysis", 1996.) That is sound, as what a part weighs follows from its
// trace, which compressions keep, and what the others weigh is no less than
// nothing: where the whole network is in a state, no part weighs more than all.
type weights struct {
	total   int32       // of all components
	room    int32       // of all if each weighs the most it can
	weighed int         // components that weigh anything
	starts  []int32     // by component, what its initial state weighs
	most    []int32     // by component, what its heaviest state weighs; the lightest weighs 0
	change  []weighings // by component
}

// Weighings are what a component's actions change its weight by; nil: nothing.
type weighings []int32

// A load is what a part weighs, by each of some weights.
type load [mostWeights]int32

const (
	mostWeights   = 4       // weights that are used
	mostTotal     = 4       // that all components may weigh together
	fewestWeighed = 3       // components; what two weigh together is known when they have become one
	mostForms     = 1 << 16 // numbers in the forms of a component's states
	mostFactor    = 1 << 20
	mostWeighing  = 1 << 22 // steps
)

// A weighing looks for weights. Its variables are what each action of a component
// changes the weight of that by, and equations say that no rule changes
// anything, and no component weighs something else when it is in a state again.
type weighing struct {
	*composer
	equations
	first []int32 // variable of each component
	spent int
}

var errLong = errors.New("to look for weights takes too long")

// weigh returns some weights, those of most components first.
func (c *composer) weigh() ([]*weights, error) {
	x := &weighing{composer: c, first: make([]int32, len(c.parts)+1)}
	for i, p := range c.parts {
		x.first[i+1] = x.first[i]
		if p != nil {
			x.first[i+1] += int32(len(p.leaf))
		}
	}
	n := x.first[len(c.parts)]
	x.equations = equations{solved: make([]bool, n), form: make([]form, n)}
	all, err := x.found()
	if err == errLong {
		return nil, nil
	}
	return all, err
}

// spend says that so many steps have been done.
func (x *weighing) spend(n int) error {
	n += x.steps
	x.steps = 0
	before := x.spent
	if x.spent += n; x.spent > mostWeighing {
		return errLong
	}
	if before/askedAfter == x.spent/askedAfter {
		return nil
	}
	return x.Check()
}

func (x *weighing) found() ([]*weights, error) {
	for r := range x.rules {
		f := make(form, 0, len(x.rules[r].shares))
		for _, s := range x.rules[r].shares {
			f = append(f, term{x.first[s.part] + s.action, 1})
		}
		x.vanish(f)
		if err := x.spend(len(f)); err != nil {
			return nil, err
		}
	}
	for i, p := range x.parts {
		if p == nil {
			continue
		}
		if err := x.goRound(p, x.first[i]); err != nil {
			return nil, err
		}
	}
	return x.solutions()
}

// goRound says that a component weighs the same when it is in a state again.
func (x *weighing) goRound(p *part, first int32) error {
	m := x.machines[p.component]
	reset := slices.ContainsFunc(p.leaf, func(a localAction) bool { return a.reset })
	if reset || m.Len()*len(p.leaf) > mostForms {
		for a := range p.leaf {
			x.vanish(form{{first + int32(a), 1}})
		}
		return nil
	}
	forms := make([]form, m.Len()) // of what a state weighs more than the initial one
	return x.walk(p, func(s model.State, a int32, t model.State, fresh bool) {
		to := x.sum(slices.Concat(forms[s], form{{first + a, 1}}))
		if fresh {
			forms[t] = to
			return
		}
		x.vanish(x.sum(slices.Concat(to, forms[t].times(-1))))
	})
}

// walk tells of the transitions of a component by its actions, breadth first,
// and whether they lead to a state for the first time.
func (x *weighing) walk(p *part, tell func(s model.State, a int32, t model.State, fresh bool)) error {
	m := x.machines[p.component]
	seen := make([]bool, m.Len())
	seen[m.Initial()] = true
	queue := []model.State{m.Initial()}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		events, targets := m.Transitions(s)
		for a, local := range p.leaf {
			k, _ := slices.BinarySearch(events, local.event)
			for ; k < len(events) && events[k] == local.event; k++ {
				t := targets[k]
				tell(s, int32(a), t, !seen[t])
				if !seen[t] {
					seen[t] = true
					queue = append(queue, t)
				}
			}
		}
		if err := x.spend(len(p.leaf)); err != nil {
			return err
		}
	}
	return nil
}

// solutions returns weights for each variable that is free, and their
// opposites, as far as they say anything.
func (x *weighing) solutions() ([]*weights, error) {
	by := map[int32]form{} // by free variable, what all are if it is 1 and the others that are free are 0
	for v := range int32(len(x.solved)) {
		for _, t := range x.reduced(form{{v, 1}}) {
			by[t.of] = append(by[t.of], term{v, t.factor})
		}
		if err := x.spend(1); err != nil {
			return nil, err
		}
	}
	var all []*weights
	for v := range int32(len(x.solved)) {
		if x.owners(by[v]) < fewestWeighed {
			continue
		}
		for _, sign := range []int64{1, -1} {
			w := x.weightsOf(by[v].times(sign))
			switch ok, err := x.levelled(w); {
			case err != nil:
				return nil, err
			case ok:
				all = append(all, w)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *weights) int { return cmp.Compare(b.weighed, a.weighed) })
	return all[:min(len(all), mostWeights)], nil
}

// owner returns the component whose action a variable is of.
func (x *weighing) owner(v int32) int {
	i, _ := slices.BinarySearch(x.first, v+1)
	return i - 1
}

// owners returns how many components have one of the variables, which rise.
func (x *weighing) owners(f form) (n int) {
	last := -1
	for _, t := range f {
		if i := x.owner(t.of); i != last {
			last = i
			n++
		}
	}
	return n
}

// weightsOf returns weights that the actions change by so much.
func (x *weighing) weightsOf(f form) *weights {
	n := len(x.parts)
	w := &weights{starts: make([]int32, n), most: make([]int32, n), change: make([]weighings, n)}
	for _, t := range f {
		i := x.owner(t.of)
		if w.change[i] == nil {
			w.change[i] = make(weighings, x.first[i+1]-x.first[i])
			w.weighed++
		}
		w.change[i][t.of-x.first[i]] = int32(max(min(t.factor, mostFactor), -mostFactor))
	}
	return w
}

// levelled finds what states weigh, and reports whether that says anything:
// there are fewer tokens, say, than room for them. It looks again whether
// these are weights, wherever they come from.
func (x *weighing) levelled(w *weights) (bool, error) {
	for i, change := range w.change {
		if change == nil {
			continue
		}
		weight := make([]int32, x.machines[i].Len())
		lowest, highest, ok := int32(0), int32(0), true
		err := x.walk(x.parts[i], func(s model.State, a int32, t model.State, fresh bool) {
			to := weight[s] + change[a]
			if fresh {
				weight[t] = to
				lowest, highest = min(lowest, to), max(highest, to)
			}
			ok = ok && weight[t] == to && to <= mostFactor && to >= -mostFactor
		})
		if err != nil || !ok {
			return false, err
		}
		w.starts[i], w.most[i] = -lowest, highest-lowest
		w.room += w.most[i]
		if w.total += w.starts[i]; w.total > mostTotal {
			return false, nil
		}
	}
	for r := range x.rules {
		change := int32(0)
		for _, s := range x.rules[r].shares {
			if w.change[s.part] != nil {
				change += w.change[s.part][s.action]
			}
		}
		if change != 0 {
			return false, nil
		}
	}
	return w.room > w.total, x.spend(len(x.rules))
}
