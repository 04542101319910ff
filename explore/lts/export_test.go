package lts

import "github.com/cspcheck/cspcheck/model"

// Efforts are ways to find the classes of DBisim and WBisim.
var Efforts = map[string]effort{
	"usual":             usual,
	"outlined":          {outlined: 0, sweeps: usual.sweeps, nodes: fewNodes},
	"by news":           {outlined: 1 << 30, sweeps: 0, nodes: fewNodes},
	"by news, crowded":  {outlined: 1 << 30, sweeps: 0, nodes: 1},
	"outlined, by news": {outlined: 0, sweeps: 1, nodes: fewNodes},
}

// DiamondCrowded is Diamond of a machine without loops of τ but single ones,
// by shared sets only, and looks again and again which of them are in use.
func DiamondCrowded(m *model.Machine) (*model.Machine, error) {
	d, err := newDiamond(m, Everything, &patience{check: func() error { return nil }})
	if err != nil {
		return nil, err
	}
	d.sets.most, d.near.left = 1, 0
	return d.made()
}

// QuotientBy is DBisim or WBisim with some effort.
func QuotientBy(m *model.Machine, weak bool, how effort) (*model.Machine, error) {
	return quotientOf(m, weak, how, func() error { return nil })
}
