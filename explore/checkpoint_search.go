package explore

import (
	"math"
	"slices"
	"time"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
)

// This file writes searches to files and reads them back. A search stands
// between states: all below next have been expanded and told of. Others may
// have been found already by states that come next, where a limit ended it in
// the middle: these will find them again.

// save writes a search.
func (r *search) save(k *keeping, w *checkpoint.Writer) {
	w.Section("search")
	w.Text(k.visitor.Name)
	s := r.states
	w.Text(string(s.kind))
	w.Ints(Bits(k.System))
	w.Int(boolean(s.kept))
	w.Int(boolean(s.onDisk != nil))
	for _, n := range []int{r.next, r.depth, r.levelEnd, int(k.sure.States), int(k.sure.Transitions), int(k.sure.Depth)} {
		w.Int(n)
	}
	k.left.save(w)
	w.Int(int(k.earlier + time.Since(k.began)))
	w.Int(int(k.earlierCPU + CPUTime() - k.beganCPU))
	w.Section("asked")
	w.Int(k.calls)
	w.Int(len(k.asked))
	for _, q := range k.asked {
		w.Int(boolean(q.visited))
		w.Word(q.sum)
	}
	w.Words(k.log)
	w.Section("visitor")
	k.visitor.Save(w)
	w.Section("states")
	s.save(w, r.next)
	s.up.save(w, int(k.sure.States)-1+r.next)
	w.Section("end")
}

// load reads a search that save has written, into one that has not begun.
func (r *search) load(k *keeping, from *checkpoint.Reader) error {
	s := r.states
	kind, layout, kept, onDisk := Store(from.Text()), from.Ints(), from.Int(), from.Int() != 0
	if onDisk && r.limits.Spill == "" {
		from.Fail("most of its states were on disk, and there is no memory for them: it takes --spill DIR to go on")
	}
	if !onDisk {
		if err := r.room(from.Size()); err != nil {
			return err
		}
	}
	if now := Bits(k.System); from.Err() == nil && (kind != s.kind || !slices.Equal(layout, now) || kept != boolean(s.kept && (!onDisk || r.limits.Keep))) {
		from.Fail("its states have %d bits in %d words and are kept as %s, those of the process now have %d bits in %d words and are kept as %s: other limits, or another version of the program, may have made it otherwise",
			total(layout), len(layout), kind, total(now), len(now), s.kind)
	}
	r.next, r.depth, r.levelEnd = from.Int(), from.Int(), from.Int()
	r.States, r.Transitions, r.Depth = int64(from.Int()), int64(from.Int()), int64(from.Int())
	r.left.load(from)
	k.earlier = time.Duration(from.Int())
	k.earlierCPU = time.Duration(from.Int())
	from.Section("asked")
	k.calls = from.Int()
	n := from.Int()
	for i := 0; i < n && from.Err() == nil; i++ {
		k.asked = append(k.asked, asked{from.Int() != 0, from.Word()})
	}
	k.log = from.Words()
	if from.Err() == nil && len(k.log) != n*s.width {
		from.Fail("a number in it is wrong")
	}
	if err := from.Err(); err != nil {
		return err
	}
	initial := make([]uint64, s.width)
	if err := r.sys.Initial(initial); err != nil {
		return err
	}
	if err := k.again(from, func() error { return r.check(time.Now()) }); err != nil {
		return err
	}
	var d *spill
	if onDisk {
		d = newSpill(s, r.watch)
		if r.gathered != nil {
			r.gathered.toDisk(d.open)
		}
	}
	from.Section("visitor")
	k.visitor.Load(from)
	if r.gathered != nil && r.gathered.err != nil {
		return r.gathered.err
	}
	from.Section("states")
	if !onDisk {
		s.load(from)
	} else if err := r.loadSpill(d, from); err != nil {
		return err
	}
	if bits := s.up.load(from); from.Err() == nil && bits != int(r.States)-1+r.next {
		from.Fail("its numbers do not fit together")
	}
	from.Section("end")
	k.ahead = s.n
	if from.Err() == nil && (from.More() || r.next > int(r.States) || int(r.States) > s.n || s.n > maxStates) {
		from.Fail("its numbers do not fit together")
	}
	if from.Err() != nil {
		return from.Err()
	}
	switch i, err := s.anyNumber(initial); {
	case err != nil:
		return err
	case i != 0:
		from.Fail("it begins in another state than the process does now")
	}
	return from.Err()
}

func (l *Leaving) save(w *checkpoint.Writer) {
	w.Text(l.Name)
	w.Text(l.What)
	w.Word(math.Float64bits(l.Taken))
	w.Word(math.Float64bits(l.Of))
}

func (l *Leaving) load(from *checkpoint.Reader) {
	l.Name, l.What = from.Text(), from.Text()
	l.Taken, l.Of = math.Float64frombits(from.Word()), math.Float64frombits(from.Word())
}

func total(layout []int) (bits int) {
	for _, b := range layout {
		bits += b
	}
	return bits
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}

// recount says how many states had been found after each state of a part, if
// so many had been before it. A step to a state that was found by a state
// behind it, before the search was resumed, is the first to lead there.
func (p *part) recount(found int) {
	k := 0
	for b := range p.after {
		for ; k < p.bounds[b]; k++ {
			found = max(found, int(p.targets[k])+1)
		}
		p.after[b] = found
	}
}
