package explore

import (
	"math/bits"
	"slices"
)

// This file has how the states are numbered that a block of steps leads to, most
// being on disk. A block is a round, see rounds, but for what is done with its
// parts: workers expand them and look for their steps in the memo and in the
// set; what these don't know are the candidates. Those are sorted by hash, each
// worker sorts some hashes and looks for them in all runs, and then one worker
// gives new states their numbers, in the order of steps.

// A candidate is a step to a state that may be in a run.
type candidate struct {
	hash uint64
	step uint32 // a place, if it is of a block
}

// lookHere sets the targets of the steps of a part that no memo knows and that
// are in the set. The others are unknown, and in p.lost.
func (d *spill) lookHere(p *part) {
	base := uint32(d.base)
	p.lost = p.lost[:0]
	for rest := p.rest; len(rest) > 0; {
		some := rest[:min(len(rest), blockSteps)]
		rest = rest[len(some):]
		p.asked, p.found, p.left = room(p.asked[:0], len(some)), room(p.found[:0], len(some)), room(p.left[:0], len(some))
		for i, k := range some {
			p.asked[i] = p.hashes[k]
		}
		d.touch(p.asked)
		left := d.look(p.asked, p.found, p.left)
		for i, k := range some {
			p.targets[k] = p.found[i] + base
		}
		for _, i := range left {
			k := some[i]
			if n, _ := d.find(p.key(int(k)), p.hashes[k]); n >= 0 {
				p.targets[k] = uint32(n) + base
				continue
			}
			p.targets[k] = unknown
			p.lost = append(p.lost, k)
		}
	}
}

// settle finds the numbers of where the steps of parts lead, new ones for new
// states. After an error, a *Limit, the last of the parts that it returns ends
// with the state before.
func (d *spill) settle(x *rounds, parts []*part) ([]*part, error) {
	if err := d.lookThere(x.team, parts); err != nil {
		return nil, spillLimit(err)
	}
	var failed error
	for i, p := range parts {
		if err := d.numberPart(p, parts); err != nil {
			parts, failed = parts[:i+1], spillLimit(err)
			break
		}
	}
	x.team.together(func(w int) {
		for _, p := range parts {
			if p.worker == w {
				p.learn(parts)
			}
		}
	})
	return parts, failed
}

// numberPart gives numbers to the new states that a part leads to.
func (d *spill) numberPart(p *part, parts []*part) error {
	lost, touched := p.lost, 0
	for b, to := range p.bounds {
		for ; len(lost) > 0 && int(lost[0]) < to; lost = lost[1:] {
			if done := len(p.lost) - len(lost); done == touched {
				touched = min(done+blockSteps, len(p.lost))
				d.touchNew(p, p.lost[done:touched])
			}
			k := int(lost[0])
			switch v := p.targets[k]; {
			case v == unknown:
				if d.n-d.base >= d.most {
					if err := d.flush(); err != nil {
						p.bounds = p.bounds[:b]
						return err
					}
				}
				p.targets[k] = uint32(d.n)
				d.addNew(p.steps.States[k*p.width:(k+1)*p.width], p.key(k), p.hashes[k])
			case v >= pending: // an earlier step leads there, too
				at := place(v - pending)
				p.targets[k] = parts[at.part()].targets[at.step()]
			}
		}
		p.after = append(p.after, d.n)
	}
	return nil
}

// touchNew brings into the cache where the new states belong of some steps.
func (d *spill) touchNew(p *part, steps []uint32) {
	p.asked = p.asked[:0]
	for _, k := range steps {
		if p.targets[k] == unknown {
			p.asked = append(p.asked, p.hashes[k])
		}
	}
	d.touch(p.asked)
}

// addNew gives a state the next number.
func (d *spill) addNew(words, key []uint64, h uint64) {
	_, g := d.find(key, h)
	d.put(key, g, d.n-d.base)
	d.states.add(words)
	if d.keys != nil {
		d.keys.add(key)
	}
	d.n++
}

// lookThere looks for what parts lead to and is not in the set in the runs. It
// sets the targets of those that are there. Of others that lead to the same
// state the first stays unknown, and the others become pending on it.
func (d *spill) lookThere(t *team, parts []*part) error {
	d.candidates = d.candidates[:0]
	for i, p := range parts {
		for _, k := range p.lost {
			d.candidates = append(d.candidates, candidate{p.hashes[k], uint32(placeOf(i, int(k)))})
		}
	}
	d.scatter()
	bands := d.bands(t.size)
	for w := range t.size {
		d.window(w) // they are all there
	}
	errs := make([]error, len(bands))
	t.do(len(bands), func(w, i int) {
		bands[i].sort()
		errs[i] = d.lookBand(w, bands[i].candidates, parts)
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// lookBand is lookThere for some candidates, sorted, and all that have their
// hashes.
func (d *spill) lookBand(worker int, cs []candidate, parts []*part) error {
	key := func(step uint32) []uint64 {
		at := place(step)
		return parts[at.part()].key(at.step())
	}
	keyThere := key
	if d.shape.words == 0 {
		keyThere = func(uint32) []uint64 { return nil }
	}
	same := func(a, b uint32) bool { return d.shape.words == 0 || slices.Equal(key(a), key(b)) }
	firsts := cs[:0]
	group := 0 // firsts from here on have the same hash
	for _, c := range cs {
		if group < len(firsts) && firsts[group].hash != c.hash {
			group = len(firsts)
		}
		i := slices.IndexFunc(firsts[group:], func(f candidate) bool { return same(f.step, c.step) })
		if i < 0 {
			firsts = append(firsts, c)
			continue
		}
		at := place(c.step)
		parts[at.part()].targets[at.step()] = pending + firsts[group+i].step
	}
	for i := len(d.runs) - 1; i >= 0 && len(firsts) > 0; i-- {
		count := 0
		err := d.runs[i].look(d.windows[worker], firsts, keyThere, func(step, number uint32) {
			at := place(step)
			parts[at.part()].targets[at.step()] = number
			count++
		})
		if err != nil {
			return err
		}
		if count > 0 {
			firsts = slices.DeleteFunc(firsts, func(c candidate) bool {
				at := place(c.step)
				return parts[at.part()].targets[at.step()] != unknown
			})
		}
	}
	return nil
}

// window returns that of a worker.
func (d *spill) window(worker int) *window {
	for len(d.windows) <= worker {
		d.windows = append(d.windows, &window{})
	}
	return d.windows[worker]
}

// scatter moves candidates that agree in their upper bits to the same place:
// hashes are even, so that few do. Those stay in their order.
func (d *spill) scatter() {
	by := uint(min(max(bits.Len(uint(len(d.candidates))), 2)-1, 16))
	d.ends = room(d.ends[:0], 1<<by+1)
	clear(d.ends)
	for _, c := range d.candidates {
		d.ends[c.hash>>(64-by)+1]++
	}
	for i := range d.ends[1:] {
		d.ends[i+1] += d.ends[i]
	}
	d.sorting = room(d.sorting[:0], len(d.candidates))
	for _, c := range d.candidates {
		at := &d.ends[c.hash>>(64-by)]
		d.sorting[*at] = c
		*at++
	}
	d.candidates, d.sorting = d.sorting, d.candidates
}

// A band is some of the candidates that were scattered.
type band struct {
	candidates []candidate
	from       uint32   // where they are among all
	ends       []uint32 // of those that agree
}

// bands divides the candidates for so many workers, those that agree together.
func (d *spill) bands(workers int) []band {
	const each = 4 // of a worker, if there are several: one may be slower
	n := 1
	if workers > 1 {
		n = each * workers
	}
	var all []band
	ends := d.ends[:len(d.ends)-1]
	from := uint32(0)
	for i := range n {
		some := ends[len(ends)*i/n : len(ends)*(i+1)/n]
		if len(some) == 0 {
			continue
		}
		to := some[len(some)-1]
		all = append(all, band{d.candidates[from:to], from, some})
		from = to
	}
	return all
}

// sort sorts a band by hash, then by step.
func (b band) sort() {
	from := uint32(0)
	for _, end := range b.ends {
		to := end - b.from
		bucket := b.candidates[from:to]
		from = to
		if len(bucket) < 2 {
			continue
		}
		slices.SortFunc(bucket, func(a, b candidate) int {
			switch {
			case a.hash < b.hash || a.hash == b.hash && a.step < b.step:
				return -1
			case a == b:
				return 0
			}
			return 1
		})
	}
}
