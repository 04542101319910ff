package inductive

import "github.com/cspcheck/cspcheck/model"

// WeightsOf returns, of each of the weights by which a network is composed, what
// the states of each component weigh, none if nothing, and all together.
func WeightsOf(net *model.Network, machines []*model.Machine, plan Plan) (of [][][]int32, totals []int32, err error) {
	c := newComposer(net, machines, plan)
	if err := c.start(true); err != nil {
		return nil, nil, err
	}
	for _, w := range c.weights {
		all := make([][]int32, len(machines))
		for i, change := range w.change {
			if change == nil {
				continue
			}
			all[i] = make([]int32, machines[i].Len())
			all[i][machines[i].Initial()] = w.starts[i]
			x := &weighing{composer: c}
			if err := x.walk(c.parts[i], func(s model.State, a int32, t model.State, _ bool) {
				all[i][t] = all[i][s] + change[a]
			}); err != nil {
				return nil, nil, err
			}
		}
		of, totals = append(of, all), append(totals, w.total)
	}
	return of, totals, nil
}
