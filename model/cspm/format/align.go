package format

import "github.com/cspcheck/cspcheck/model/cspm/syntax"

// A head wider than this is not aligned with others.
const maxHead = 60

// align keeps what the writer has put below each other: the "=" of definitions,
// the ":" and "::" of what is declared, and the questions of assertions, on lines
// that follow each other.
func (s *shaper) align(list []syntax.Decl) {
	for i := 0; i < len(list); {
		mark, sort := s.mark(list[i])
		end, widest := i+1, 0
		if mark > 0 {
			widest = s.head(list[i], mark)
			for ; end < len(list); end++ {
				next, same := s.mark(list[end])
				if next == 0 || same != sort || s.toks[next].srcCol != s.toks[mark].srcCol || s.apart(list[end]) {
					break
				}
				widest = max(widest, s.head(list[end], next))
			}
		}
		for ; i < end; i++ {
			if mark, _ := s.mark(list[i]); mark > 0 && widest <= maxHead {
				s.toks[mark].pad, s.toks[mark].padFrom = widest, s.first(list[i])
			}
		}
	}
}

// head returns how far behind the beginning of d its mark stands at least.
func (s *shaper) head(d syntax.Decl, mark int) int { return s.headWidth(s.first(d), mark) }

// apart tells whether an empty line stands before d.
func (s *shaper) apart(d syntax.Decl) bool {
	t := &s.toks[s.first(d)]
	for _, n := range t.notes {
		if n.lines > 1 {
			return true
		}
	}
	return t.lines != 1
}

// mark returns the token of d that may stand below others and what it is a mark
// of, or 0. Everything before it must stand on one line, without comments.
func (s *shaper) mark(d syntax.Decl) (mark int, sort string) {
	switch d := d.(type) {
	case *syntax.Clause:
		mark, sort = s.first(d.Body)-1, "="
	case *syntax.Bind:
		mark, sort = s.first(d.Body)-1, "="
	case *syntax.Nametype:
		mark, sort = s.first(d.Type)-1, "="
	case *syntax.Datatype:
		mark, sort = find(s.toks, d.Ctors[0].Start)-1, "="
	case *syntax.Channel:
		if d.Type == nil {
			return 0, ""
		}
		mark, sort = s.first(d.Type)-1, ":"
	case *syntax.Annotation:
		mark, sort = find(s.toks, d.Names[len(d.Names)-1].End), "::"
	case *syntax.Assert:
		mark, sort = s.after(d.Impl), "assert"
		if d.Spec != nil {
			mark = s.after(d.Spec)
		}
	default:
		return 0, ""
	}
	first := s.first(d)
	if t := &s.toks[first]; len(t.notes) > 0 && t.lines == 0 {
		return 0, "" // behind a comment
	}
	for i := first + 1; i <= mark; i++ {
		if s.toks[i].newline() || len(s.toks[i].notes) > 0 {
			return 0, ""
		}
	}
	return mark, sort
}
