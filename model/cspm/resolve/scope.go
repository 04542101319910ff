package resolve

// A scope is the names visible at a place. That of the script or a module
// stays; those in an expression are left again, the innermost first.
type scope struct {
	outer *scope
	names map[string]*Object
	// private holds the names that are not exported, of a module.
	private map[string]bool
	// nest has the names of this scope and of all around it that will be left, so
	// that a name is found at once, however deep lets stand inside each other.
	nest  *nest // nil of a scope that stays
	depth int   // in nest
}

// A nest is scopes inside each other.
type nest struct {
	around *scope
	names  map[string][]nested // outermost first
}

type nested struct {
	depth int
	*Object
}

func newScope(outer *scope) *scope { return &scope{outer: outer, names: map[string]*Object{}} }

// enter returns a scope inside s that will be left.
func (s *scope) enter() *scope {
	in := newScope(s)
	if in.nest, in.depth = s.nest, s.depth+1; s.nest == nil {
		in.nest, in.depth = &nest{s, map[string][]nested{}}, 0
	}
	return in
}

// leave forgets the innermost scope, s, and returns the one around it.
func (s *scope) leave() *scope {
	for name := range s.names {
		all := s.nest.names[name]
		s.nest.names[name] = all[:len(all)-1]
	}
	return s.outer
}

// add makes o what a name means in s, if s is innermost or stays.
func (s *scope) add(name string, o *Object) {
	again := s.names[name] != nil
	s.names[name] = o
	switch {
	case s.nest == nil:
	case again:
		all := s.nest.names[name]
		all[len(all)-1].Object = o
	default:
		s.nest.names[name] = append(s.nest.names[name], nested{s.depth, o})
	}
}

// lookup returns what a name means at a place in s, or nil.
func (s *scope) lookup(name string) *Object {
	if s.nest != nil {
		all := s.nest.names[name]
		for i := len(all) - 1; i >= 0; i-- {
			if all[i].depth <= s.depth {
				return all[i].Object
			}
		}
		s = s.nest.around
	}
	for ; s != nil; s = s.outer {
		if o := s.names[name]; o != nil {
			return o
		}
	}
	return nil
}
