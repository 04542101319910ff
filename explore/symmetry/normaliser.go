package symmetry

import (
	"math"
	"math/big"
)

// How a group takes a state to one that stands for its orbit. Any will do: two
// states of an orbit that come to different ones cost a state more, no more.
//
//	orbits cover all of the group     sort their blocks: the least state
//	at most mostElements elements     the least of all images
//	otherwise                         sort, then go down as long as one of some
//	                                  elements leads to a lesser state: perhaps not the least

const (
	mostElements = 1 << 10
	mostNumbers  = 1 << 24 // of the elements, see size
	someElements = 1 << 8  // to go down by
)

// choose decides which of these it is.
func (g *Group) choose(found []*element) {
	orbits, rest := orbitsOf(found)
	covered := big.NewInt(1)
	for _, o := range orbits {
		covered.Mul(covered, new(big.Int).MulRange(1, int64(len(o.blocks))))
	}
	if g.Complete && covered.Cmp(g.Order) == 0 {
		g.orbits = orbits
		return
	}
	if all, ok := closure(found, mostElements); ok {
		g.elements, g.least = all, true
		return
	}
	g.orbits = orbits
	g.elements, _ = closure(rest, someElements)
}

// closure returns the elements that some generate, without the one that does
// nothing, in a fixed order. If there are more than most, or they take too
// much memory, it returns the first, and false; the generators are among them
// if there are no more than most.
func closure(found []*element, most int) ([]*element, bool) {
	known := map[uint64][]*element{}
	var all []*element
	size := 0
	add := func(e *element) bool {
		if e.trivial() {
			return true
		}
		h := e.key()
		for _, f := range known[h] {
			if e.same(f) {
				return true
			}
		}
		size += e.size()
		if len(all)+1 >= most || size > mostNumbers {
			return false
		}
		known[h] = append(known[h], e)
		all = append(all, e)
		return true
	}
	for _, e := range found {
		if !add(e) {
			return all, false
		}
	}
	for i := 0; i < len(all); i++ {
		for _, e := range found {
			if !add(all[i].then(e)) {
				return all, false
			}
		}
	}
	return all, true
}

// A normaliser is memory to take states to those that stand for them. It is
// for one goroutine.
type normaliser struct {
	*Group
	x, y, best vector
	order      []int32
}

func newNormaliser(g *Group) *normaliser {
	n := len(g.fields)
	if g.node {
		n++
	}
	return &normaliser{Group: g, x: make(vector, n), y: make(vector, n), best: make(vector, n), order: make([]int32, n)}
}

// normalise changes the words of a state to those of the one that stands for
// it. If that is wanted, it returns the element that takes it there.
func (z *normaliser) normalise(words []uint64, wanted bool) *element {
	z.unpack(words)
	var done *element
	if wanted {
		done = &element{}
	}
	note := func(e *element) {
		if wanted && e != nil {
			done = done.then(e)
		}
	}
	if z.least {
		note(z.lowest())
	} else {
		for _, o := range z.orbits {
			note(o.sort(z.x, z.y, z.order, wanted))
		}
		z.goDown(note)
	}
	z.pack(words)
	return done
}

// lowest makes x the least of its images, and returns by which element; nil
// if it is that itself.
func (z *normaliser) lowest() *element {
	var by *element
	copy(z.best, z.x)
	for _, e := range z.elements {
		if e.lower(z.x, z.best) {
			by = e
			e.apply(z.x, z.best)
		}
	}
	copy(z.x, z.best)
	return by
}

// lower reports whether the image of x is less than y.
func (e *element) lower(x, y vector) bool {
	i := 0
	for d := range x {
		s := x[d]
		if i < len(e.touch) && int(e.touch[i]) == d {
			s = e.at(x, i)
			i++
		}
		if s != y[d] {
			return s < y[d]
		}
	}
	return false
}

// orbitSize returns how many states the orbit of one that stands for it has,
// if that is known: it is where the state is the only one that does.
func (z *normaliser) orbitSize(words []uint64) (float64, bool) {
	if !z.least && len(z.elements) > 0 {
		return 0, false
	}
	z.unpack(words)
	if z.least {
		still := 1 // elements that keep it as it is
		for _, e := range z.elements {
			if e.keeps(z.x) {
				still++
			}
		}
		return float64(len(z.elements)+1) / float64(still), true
	}
	size := 1.0
	for _, o := range z.orbits {
		size *= o.size(z.x)
	}
	return math.Round(size), true
}

// keeps reports whether x is its own image.
func (e *element) keeps(x vector) bool {
	for i, d := range e.touch {
		if e.at(x, i) != x[d] {
			return false
		}
	}
	return true
}

// size returns in how many ways the states of the blocks, which are in order,
// can stand otherwise: n!/(k1!·k2!·…), where k1 have the same state, and so on.
func (o *orbit) size(x vector) float64 {
	size, same := 1.0, 0.0
	for i := range o.blocks {
		if same++; i > 0 && o.compare(x, int32(i-1), int32(i)) != 0 {
			same = 1
		}
		size *= float64(i+1) / same
	}
	return size
}

// goDown applies elements that make x less, until none does.
func (z *normaliser) goDown(note func(*element)) {
	n := len(z.elements)
	for i, idle := 0, 0; idle < n; i, idle = (i+1)%n, idle+1 {
		e := z.elements[i]
		for k, d := range e.touch {
			s := e.at(z.x, k)
			if s == z.x[d] {
				continue
			}
			if s < z.x[d] {
				e.apply(z.x, z.y)
				copy(z.x, z.y)
				note(e)
				idle = -1
			}
			break
		}
	}
}

// unpack reads the local states of a state's words.
func (z *normaliser) unpack(words []uint64) {
	for c := range z.fields {
		f := &z.fields[c]
		z.x[c] = uint32(words[f.Word] >> f.Shift & f.Mask)
	}
	if z.node {
		n, ok := z.numbers[words[z.width]]
		if !ok {
			n = fixed
		}
		z.x[len(z.fields)] = n
	}
}

// pack writes them back.
func (z *normaliser) pack(words []uint64) {
	for w := range z.width {
		words[w] = 0
	}
	for c := range z.fields {
		f := &z.fields[c]
		words[f.Word] |= uint64(z.x[c]) << f.Shift
	}
	if s := z.x[len(z.x)-1]; z.node && s != fixed {
		words[z.width] = z.words[s]
	}
}
