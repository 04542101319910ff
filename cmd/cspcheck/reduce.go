package main

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// The words of --reduce. auto and none stand alone.
const (
	autoReduce     = "auto"
	noReduce       = "none"
	porReduce      = "por"
	symmetryReduce = "symmetry"
	compressReduce = "compress"
)

// reductions are what --reduce asks for.
type reductions struct {
	text     string
	none     bool
	por      bool // whatever an assertion says
	symmetry bool
	compress bool
}

func (r *reductions) addReduce(f *pflag.FlagSet) {
	f.StringVar(&r.text, "reduce", autoReduce, "how to search fewer states: auto (where it makes no difference, or pays, or an assertion asks for it), none, or a list of por (partial order reduction wherever it is sound), symmetry (one state for all that differ by the names of interchangeable components) and compress (compose and compress one component at a time, before any search)")
}

// parse reads the flag. None means auto.
func (r *reductions) parse() error {
	switch r.text {
	case "", autoReduce:
		return nil
	case noReduce:
		r.none = true
		return nil
	}
	for _, word := range strings.Split(r.text, ",") {
		switch strings.TrimSpace(word) {
		case porReduce:
			r.por = true
		case symmetryReduce:
			r.symmetry = true
		case compressReduce:
			r.compress = true
		case autoReduce, noReduce:
			return fmt.Errorf("--reduce %s: auto and none stand alone", r.text)
		default:
			return fmt.Errorf("--reduce %s: it is auto, none, por, symmetry or compress", r.text)
		}
	}
	return nil
}

// apply makes a question one to be answered with these reductions.
func (r *reductions) apply(q *deadlock.Question, as *cspm.Assertion) {
	q.Symmetry = r.symmetry
	switch {
	case r.compress:
		q.Compress = deadlock.CompressFirst
	case r.none, r.por, r.symmetry:
		q.Compress = deadlock.WithoutCompression
	}
	q.Effort = map[string]explore.Effort{"fast": explore.Fast, "precise": explore.Precise}[as.Reduce]
	switch {
	case r.none:
		q.Reduce = deadlock.NoReduction
	case r.por, as.Reduce != "":
		q.Reduce = deadlock.StubbornSets
	}
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

// composition says what came of composing a network, or "" if nobody tried.
func composition(v *deadlock.Verdict) string {
	switch c := v.Composition; {
	case c == nil:
		return ""
	case c.Refused != "":
		return "not composed: " + c.Refused
	default:
		bounded := ""
		if c.Weights > 0 {
			bounded = fmt.Sprintf(", bounded by %s that nothing changes", plural(int64(c.Weights), "sum"))
		}
		return fmt.Sprintf("composed of %s: the largest machine had %s, and compressed %s%s",
			plural(int64(c.Components), "component"), plural(int64(c.Largest), "state"), plural(int64(c.Compressed), "state"), bounded)
	}
}

// A jsonComposition is what came of composing a network.
type jsonComposition struct {
	Used       bool   `json:"used"`
	Reason     string `json:"reason,omitempty"` // why not
	Components int    `json:"components,omitempty"`
	Largest    int    `json:"largest,omitempty"`    // states of a machine
	Compressed int    `json:"compressed,omitempty"` // the same, when it is compressed
}

func newJSONComposition(v *deadlock.Verdict) *jsonComposition {
	c := v.Composition
	if c == nil {
		return nil
	}
	return &jsonComposition{c.Refused == "", c.Refused, c.Components, c.Largest, c.Compressed}
}
