package types

import (
	"sort"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// breakUnits notes which units cannot be typed, since they have mistakes, or
// since it is not known what the names in them mean: some text could not be
// read (see resolve.Program.Lost), or a name is defined twice, where the mistake
// at the second definition points at the first.
func breakUnits(units []*unit, errs syntax.Errors, lost map[string]bool) {
	var bad []syntax.Pos
	for _, e := range errs {
		if e.Class == syntax.Type || e.Class == syntax.Static {
			continue // its parts are known
		}
		bad = append(bad, e.Span.Start)
		for _, n := range e.Notes {
			bad = append(bad, n.Span.Start)
		}
	}
	if len(bad) == 0 && len(lost) == 0 {
		return
	}
	sort.Slice(bad, func(i, j int) bool { return bad[i] < bad[j] })
	for _, u := range units {
		u.parts(func(n syntax.Node) {
			at := n.At()
			i := sort.Search(len(bad), func(i int) bool { return bad[i] >= at.Start })
			u.broken = u.broken || i < len(bad) && bad[i] <= at.End || len(lost) > 0 && inDoubt(n, u.info, lost)
		})
	}
}

// inDoubt reports whether a name in a piece of the tree may mean something
// else: a built-in that may be defined in lost text, or a variable of a pattern
// that may be a channel or a constructor from there. What means nothing fits
// everywhere by itself.
func inDoubt(n syntax.Node, info *resolve.Info, lost map[string]bool) bool {
	doubt := false
	syntax.Walk(n, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Name:
			o := info.Uses[n]
			doubt = doubt || o != nil && o.Kind == resolve.Builtin && lost[n.Name]
		case *syntax.PatName:
			o := info.Pats[n]
			doubt = doubt || lost[n.Name] && (o == nil || o.Kind != resolve.Channel && o.Kind != resolve.Constructor)
		case *syntax.TypeName:
			doubt = doubt || lost[n.Name] && info.Types[n] == nil
		}
		return !doubt
	})
	return doubt
}
