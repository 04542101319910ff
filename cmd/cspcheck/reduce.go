package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"github.com/cspcheck/cspcheck/deadlock"
)

// reductions are what --reduce asks for.
type reductions struct {
	text     string
	symmetry bool
}

func (r *reductions) addReduce(f *pflag.FlagSet) {
	f.StringVar(&r.text, "reduce", "none", "search fewer states: none, or symmetry (one state for all that differ by the names of interchangeable components)")
}

// parse reads the flag.
func (r *reductions) parse() error {
	switch r.text {
	case "", "none":
	case "symmetry":
		r.symmetry = true
	default:
		return fmt.Errorf("--reduce %s: it is none or symmetry", r.text)
	}
	return nil
}

// symmetries says what came of symmetries, or "" if they were not asked for.
func symmetries(v *deadlock.Verdict) string {
	switch x := v.Symmetry; {
	case x == nil:
		return ""
	case x.Refused != "":
		return "not reduced by symmetry: " + x.Refused
	default:
		return "reduced by symmetry: " + x.Text
	}
}

// A jsonSymmetry is what came of symmetries.
type jsonSymmetry struct {
	Used       bool    `json:"used"`
	Reason     string  `json:"reason,omitempty"` // why they are not used
	Order      string  `json:"order,omitempty"`  // how many there are; a decimal number, as it may be large
	Complete   *bool   `json:"complete,omitempty"`
	Components int     `json:"components,omitempty"`
	Seconds    float64 `json:"seconds"` // to find them
}

func newJSONSymmetry(v *deadlock.Verdict) *jsonSymmetry {
	x := v.Symmetry
	if x == nil {
		return nil
	}
	out := &jsonSymmetry{Used: x.Refused == "", Reason: x.Refused, Components: x.Components, Seconds: x.Time.Seconds()}
	if out.Used {
		out.Order, out.Complete = x.Order.String(), &x.Complete
	}
	return out
}
