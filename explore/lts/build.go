package lts

import (
	"cmp"
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// Explicate returns the machine of the states of m that can be reached.
func Explicate(m *model.Machine, check func() error) (*model.Machine, error) {
	return build(m, int(m.Initial()), m.Len(), &patience{check: check}, func(x int, out []edge) ([]edge, error) {
		events, targets := m.Transitions(model.State(x))
		for i, t := range targets {
			out = append(out, edge{events[i], uint32(t)})
		}
		return out, nil
	})
}

// build returns a machine in place of m: what can be reached from start of a
// graph of n nodes, numbered breadth first. A function appends the edges of
// a node, in any order, or gives up.
func build(m *model.Machine, start, n int, p *patience, edges func(x int, out []edge) ([]edge, error)) (*model.Machine, error) {
	b := model.NewMachine(m.Name(), m.Events())
	number := make([]model.State, n) // plus one; 0: not reached
	number[start] = 1
	order := []int{start}
	var out []edge
	for i := 0; i < len(order); i++ {
		var err error
		if out, err = edges(order[i], out[:0]); err != nil {
			return nil, err
		}
		if err := p.spend(1 + len(out)); err != nil {
			return nil, err
		}
		slices.SortFunc(out, func(a, b edge) int {
			return cmp.Or(cmp.Compare(a.event, b.event), cmp.Compare(a.target, b.target))
		})
		for _, e := range slices.Compact(out) {
			if number[e.target] == 0 {
				order = append(order, int(e.target))
				number[e.target] = model.State(len(order))
			}
			b.Add(model.State(i), e.event, number[e.target]-1)
		}
	}
	b.States(len(order))
	b.Start(0)
	built, err := b.Build()
	if err != nil {
		panic("lts: a machine is not well formed: " + err.Error())
	}
	return built, nil
}

// Patience asks check when enough has been done since it last did.
type patience struct {
	check func() error
	spent int
}

// spend says that so many steps have been done.
func (p *patience) spend(steps int) error {
	if p.spent += steps; p.spent < 1<<14 {
		return nil
	}
	p.spent = 0
	return p.check()
}
