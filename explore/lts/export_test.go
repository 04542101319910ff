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

// QuotientBy is DBisim or WBisim with some effort.
func QuotientBy(m *model.Machine, weak bool, how effort) (*model.Machine, error) {
	return quotientOf(m, weak, how, func() error { return nil })
}
