package process

import (
	"fmt"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// RenamesByFamily reports whether sys is a renaming whose ties are not listed.
func RenamesByFamily(sys explore.System) bool { return renaming(sys).families != nil }

// SourcesOf returns which of the events that have been met a renaming makes of
// others, and of which.
func SourcesOf(sys explore.System) (out []string) {
	rel := renaming(sys)
	events := rel.space.events
	for e := range rel.space.dots {
		if e <= int(model.Tick) {
			continue
		}
		for _, a := range rel.Sources(model.Event(e)) {
			out = append(out, fmt.Sprint(events.Name(a), " <- ", events.Name(model.Event(e))))
		}
	}
	slices.Sort(out)
	return out
}

func renaming(sys explore.System) *Relation {
	return sys.(*System).root.Head().args.rel
}
