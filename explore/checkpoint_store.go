package explore

import "github.com/cspcheck/cspcheck/explore/checkpoint"

// save writes a store, without the states below next if it keeps only those
// that are not expanded.
func (s *store) save(w *checkpoint.Writer, next int) {
	if s.onDisk != nil {
		s.onDisk.save(w, next)
		return
	}
	if s.kept {
		next = 0
	}
	s.states.save(w, next)
	if s.keys != nil {
		s.keys.save(w, 0)
	}
	if t, ok := s.fold.(*tree); ok {
		t.save(w)
	}
	switch x := s.set.(type) {
	case *exact:
		x.save(w)
	case *plain:
		x.slots.save(w)
	case *tagged:
		x.slots.save(w)
	default:
		panic("explore: a set that cannot be saved")
	}
}

// load reads into an empty store of the same kind what save has written.
func (s *store) load(r *checkpoint.Reader) {
	s.states.load(r)
	s.n = s.states.n
	if s.keys != nil {
		s.keys.load(r)
	}
	if t, ok := s.fold.(*tree); ok {
		s.set = t.load(r)
	}
	switch x := s.set.(type) {
	case *exact:
		x.load(r)
	case *plain:
		x.slots.load(r)
	case *tagged:
		x.slots.load(r)
	}
	if r.Err() == nil && s.n > s.room() {
		r.Fail("its numbers do not fit together")
	}
}

// save writes an arena without what is below from.
func (a *arena) save(w *checkpoint.Writer, from int) {
	from = min(from, a.n)
	w.Int(a.n)
	w.Int(from)
	for i := from; i < a.n; i++ {
		for _, x := range a.at(i) {
			w.Word(x)
		}
	}
}

func (a *arena) load(r *checkpoint.Reader) {
	n, from := r.Int(), r.Int()
	if r.Err() == nil && (from > n || n > maxStates) {
		r.Fail("its numbers do not fit together")
	}
	if r.Err() != nil {
		return
	}
	a.gone = from >> a.shift
	a.chunks = make([][]uint64, a.gone)
	for i := from; i < n && r.Err() == nil; i++ {
		if i>>a.shift == len(a.chunks) {
			a.chunks = append(a.chunks, make([]uint64, a.width<<a.shift))
		}
		o := (i & (1<<a.shift - 1)) * a.width
		for j := range a.width {
			a.chunks[i>>a.shift][o+j] = r.Word()
		}
	}
	a.n = n
}

// save writes slots.
func (s *slots) save(w *checkpoint.Writer) {
	w.Int(int(s.count))
	w.Int(int(s.size))
	for _, p := range s.pages {
		w.Bytes(p[:len(p)-pageSlack])
	}
}

// load reads slots into empty ones.
func (s *slots) load(r *checkpoint.Reader) {
	count, size := uint64(r.Int()), uint64(r.Int())
	if r.Err() == nil && (!valid(count) || count < s.count || size != s.size || r.Size() < int64(size*count)) {
		r.Fail("its numbers do not fit together")
	}
	if r.Err() != nil {
		return
	}
	if count > s.count {
		s.extend(count)
	}
	for _, p := range s.pages {
		r.BytesInto(p[:len(p)-pageSlack])
	}
}

// save writes an exact set.
func (x *exact) save(w *checkpoint.Writer) {
	w.Int(int(x.key.bits))
	x.slots.save(w)
	for _, far := range x.far {
		w.Int(len(far))
		for h, n := range far {
			w.Word(h)
			w.Int(int(n))
		}
	}
}

func (x *exact) load(r *checkpoint.Reader) {
	if bits := r.Int(); r.Err() == nil && uint(bits) != x.key.bits {
		r.Fail("its states have %d bits, not %d as now", bits, x.key.bits)
	}
	x.slots.load(r)
	x.resize(x.count)
	for i := range x.far {
		n := r.Int()
		for j := 0; j < n && r.Err() == nil; j++ {
			if x.far[i] == nil {
				x.far[i] = map[uint64]uint32{}
			}
			h := r.Word()
			x.far[i][h] = uint32(r.Int())
		}
	}
}

// save writes a tree, without the set of the keys.
func (t *tree) save(w *checkpoint.Writer) {
	for _, h := range t.halves {
		w.Int(int(h))
	}
	for _, p := range t.pairs {
		w.Int(p.n)
		p.exact.save(w)
	}
}

// load reads a tree, and returns an empty set for its keys.
func (t *tree) load(r *checkpoint.Reader) set {
	t.latest = t.newFolded()
	for i := range t.halves {
		h := uint(r.Int())
		if h < t.halves[i] || h > mostNumber {
			r.Fail("its numbers do not fit together")
			h = t.halves[i]
		}
		t.halves[i] = h
	}
	for _, p := range t.pairs {
		p.n = r.Int()
		p.exact.load(r)
	}
	return newExact(int(t.halves[0] + t.halves[1]))
}

// save writes the first so many bits of parents.
func (p *parents) save(w *checkpoint.Writer, bits int) {
	w.Int(bits)
	for i := 0; bits > 0; i++ {
		x := p.last
		if b := i / parentWords; b < len(p.blocks) && i%parentWords < len(p.blocks[b]) {
			x = p.blocks[b][i%parentWords]
		}
		if bits < 64 {
			x &= 1<<bits - 1
		}
		w.Word(x)
		bits -= 64
	}
}

// load reads parents, and returns how many bits they are.
func (p *parents) load(r *checkpoint.Reader) int {
	all := r.Int()
	for bits := all; bits > 0 && r.Err() == nil; bits -= 64 {
		p.last, p.filled = r.Word(), uint(min(bits, 64))
		if p.filled == 64 {
			p.flush()
			p.last, p.filled = 0, 0
		}
	}
	return all
}
