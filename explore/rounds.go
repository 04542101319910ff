package explore

import (
	"errors"
	"math/bits"
	"time"
)

// Rounds are what several workers do together: they expand the next states,
// a round at a time, without locks, and find what one worker would. A round
// has these steps, each of which is over before the next begins:
//
//	expand   workers take parts of the round's states, expand them, and sort
//	         their steps by the regions of the set that these belong in;
//	learn    the System itself is asked for what forks don't know yet, in
//	         order, by one worker;
//	insert   workers take regions, and look their steps up, in order: new
//	         states get provisional numbers, by the steps that found them;
//	number   workers take parts, and give new states the numbers that they
//	         have in the order of steps;
//	correct  workers take regions, and write these into the set.
type rounds struct {
	*search
	team    *team
	workers []worker
	parts   []*part
	regions []region
	size    int  // states of a part
	stride  uint // a part has at most 1<<stride steps
	idle    int  // blocks until the next round is tried
}

// A worker is what a goroutine has for itself, besides the part at hand.
type worker struct {
	fork  System
	watch *watch
	rest  []uint32
}

// A place is a step of a round.
type place struct{ part, step int32 }

// A region is what a round does in a region of the set.
type region struct {
	news    []fresh
	repeats []repeat
	counts  [roundParts]int // new states by part
}

// A fresh is a new state: the step that found it, and where it is in the set.
type fresh struct {
	place
	gap gap
}

// A repeat is a step to a state that another step of the round found.
type repeat struct {
	place
	number int // provisional
}

const (
	roundParts = 32
	partStates = 1 << 8
	partSteps  = 1 << 12 // what a part should have about
	partMost   = 1 << 14 // but for those of its last state
	roundTime  = 100 * time.Millisecond
)

// Rounds are for sets of at least so many slots, and when at least so many
// states wait to be expanded, unless they are eager.
const (
	roundSlots = 1 << 20
	roundLeast = 1 << 12
)

// newRounds returns nil if there can't be several workers.
func (r *search) newRounds() *rounds {
	if r.limits.Workers < 2 {
		return nil
	}
	x := &rounds{search: r, size: partStates}
	for range r.limits.Workers {
		fork := Fork(r.sys)
		if fork == nil {
			return nil
		}
		w := newWatch(r.ctx, r.limits)
		w.start, w.kept = r.start, r.watch.kept
		x.workers = append(x.workers, worker{fork: fork, watch: w})
	}
	for range roundParts {
		x.parts = append(x.parts, r.newPart(nil, nil))
	}
	return x
}

// stop ends the workers.
func (x *rounds) stop() {
	if x != nil && x.team != nil {
		x.team.stop()
	}
}

// worthwhile reports whether the next states are for a round.
func (x *rounds) worthwhile() bool {
	if x == nil || !x.limits.Eager && (x.states.n-x.next < roundLeast || x.states.room() < roundSlots/4*3) {
		return false
	}
	if x.idle > 0 {
		x.idle--
		return false
	}
	return true
}

// turn does a round.
func (x *rounds) turn() error {
	start := time.Now()
	if x.team == nil {
		x.team = newTeam(len(x.workers))
	}
	parts, err := x.expand()
	if err != nil {
		return err
	}
	if err := x.enlarge(parts); err != nil {
		return err
	}
	x.insert(parts)
	x.number(parts)
	x.plan(parts, time.Since(start))
	for _, p := range parts {
		err := x.told(p)
		if err == nil && !x.Stopped {
			err = p.err
		}
		if err != nil || x.Stopped {
			return err
		}
	}
	return nil
}

// plan says how large the parts of the next round are to be.
func (x *rounds) plan(parts []*part, took time.Duration) {
	states, steps := 0, 0
	for _, p := range parts {
		states += len(p.bounds)
		steps += len(p.hashes)
	}
	size := max(1, min(partStates, partSteps*max(1, states)/max(1, steps)))
	if took > roundTime {
		size = min(size, max(1, x.size/2))
	} else {
		size = min(size, 2*x.size)
	}
	x.size = size
}

// expand returns the parts of the round, expanded. The error is a *Limit.
func (x *rounds) expand() ([]*part, error) {
	n := min(roundParts, (x.states.n-x.next+x.size-1)/x.size)
	parts := x.parts[:n]
	x.team.do(n, func(w, i int) {
		p, by := parts[i], &x.workers[w]
		p.sys, p.steps.watch = by.fork, by.watch
		p.clear(x.next + i*x.size)
		p.expand(x.states, x.size, partMost)
		if p.known = p.hash(x.states, false); p.known {
			p.scatter(x.states)
		}
	})
	all, learnt, widened := 0, 0, false
	for i, p := range parts {
		had := len(p.bounds)
		if errors.Is(p.err, ErrLater) {
			p.sys, p.steps.watch = x.sys, x.watch
			p.expand(x.states, x.size, partMost)
			p.known = false
			learnt += len(p.bounds) - had
		}
		if !p.known {
			set := x.states.set
			if err := x.hash(p); err != nil {
				return nil, err
			}
			widened = widened || set != x.states.set
			p.scatter(x.states)
		}
		all += len(p.bounds)
		if share := min(x.size, x.states.n-p.first); len(p.bounds) < share {
			parts = parts[:i+1] // those behind are not next
			break
		}
	}
	if learnt > all/4 {
		x.idle = roundLeast / blockStates
	}
	if widened { // then keys made before that are wrong
		for _, p := range parts {
			if err := x.hash(p); err != nil {
				return nil, err
			}
			p.scatter(x.states)
		}
	}
	return parts, nil
}

// scatter sorts the steps by region.
func (p *part) scatter(s *store) {
	shift := s.regionShift()
	var at [mostRegions]int
	for _, h := range p.hashes {
		at[h>>shift%mostRegions]++
	}
	sum := 0
	for r, c := range at {
		p.at[r], at[r] = sum, sum
		sum += c
	}
	p.at[mostRegions] = sum
	p.order, p.sorted = room(p.order[:0], len(p.hashes)), room(p.sorted[:0], len(p.hashes))
	for k, h := range p.hashes {
		to := &at[h>>shift%mostRegions]
		p.order[*to], p.sorted[*to] = uint32(k), h
		*to++
	}
	p.found = room(p.found[:0], len(p.hashes))
	p.fresh = room(p.fresh[:0], len(p.hashes))
	clear(p.fresh)
}

// enlarge makes the set large enough for the steps, and for as many
// provisional numbers.
func (x *rounds) enlarge(parts []*part) error {
	steps, most := 0, 1
	for _, p := range parts {
		steps += len(p.hashes)
		most = max(most, len(p.hashes))
	}
	x.stride = uint(bits.Len(uint(most - 1)))
	s := x.states
	for s.full() || s.n+steps > s.room()/6*7 || s.n+len(parts)<<x.stride >= s.room()/3*4 {
		if err := x.watch.room(s.growth()); err != nil {
			return err
		}
		s.grow(func(n int, work func(int)) {
			x.team.each(n, func(_, region int) { work(region) })
		})
		x.team.do(len(parts), func(_, i int) { parts[i].scatter(s) })
	}
	return nil
}

// insert looks the steps up, and puts what is new into the set. A region is
// always one worker's, in whose cache it may be.
func (x *rounds) insert(parts []*part) {
	s := x.states
	if n := s.regions(); len(x.regions) < n {
		x.regions = make([]region, n)
	}
	s.provisional(func(number int) []uint64 {
		p, k := x.find(parts, number)
		kw := p.keyWidth()
		return p.keys[k*kw : (k+1)*kw]
	})
	x.team.each(s.regions(), func(w, r int) {
		here := &x.regions[r]
		here.news, here.repeats, here.counts = here.news[:0], here.repeats[:0], [roundParts]int{}
		for i, p := range parts {
			from, to := p.at[r], p.at[r+1]
			x.workers[w].rest = room(x.workers[w].rest[:0], to-from)
			rest := s.look(p.sorted[from:to], p.found[from:to], x.workers[w].rest)
			x.insertPart(here, i, p, from, to, rest)
		}
	})
}

// insertPart inserts the steps of a part that belong in a region, from..to of
// order, of which rest are not found yet.
func (x *rounds) insertPart(here *region, i int, p *part, from, to int, rest []uint32) {
	s, kw, known := x.states, p.keyWidth(), uint32(x.states.n)
	for j := from; j < to; j++ {
		k, number := p.order[j], p.found[j]
		if len(rest) > 0 && int(rest[0]) == j-from {
			rest = rest[1:]
			n, g := s.find(p.keys[int(k)*kw:(int(k)+1)*kw], p.sorted[j])
			if n < 0 {
				s.put(nil, g, s.n+i<<x.stride+int(k))
				p.fresh[k] = true
				here.news = append(here.news, fresh{place{int32(i), int32(k)}, g})
				here.counts[i]++
				continue
			}
			number = uint32(n)
		}
		if number >= known {
			here.repeats = append(here.repeats, repeat{place{int32(i), int32(k)}, int(number)})
			continue
		}
		p.targets[k] = number
	}
}

// find returns the step that a provisional number tells of.
func (x *rounds) find(parts []*part, number int) (*part, int) {
	step := number - x.states.n
	return parts[step>>x.stride], step & (1<<x.stride - 1)
}

// number gives new states their numbers.
func (x *rounds) number(parts []*part) {
	s := x.states
	regions := x.regions[:s.regions()]
	before := make([]int, len(parts)+1)
	before[0] = s.n
	for i := range parts {
		before[i+1] = before[i]
		for r := range regions {
			before[i+1] += regions[r].counts[i]
		}
	}
	total := before[len(parts)]
	s.states.extend(total)
	if s.keys != nil {
		s.keys.extend(total)
	}
	x.team.do(len(parts), func(_, i int) { parts[i].number(s, before[i]) })
	x.team.each(len(regions), func(_, r int) {
		for _, f := range regions[r].news {
			s.put(nil, f.gap, int(parts[f.part].targets[f.step]))
		}
		for _, f := range regions[r].repeats {
			p, k := x.find(parts, f.number)
			parts[f.part].targets[f.step] = p.targets[k]
		}
	})
	s.n = total
}

// number gives the new states of a part their numbers, from n on.
func (p *part) number(s *store, n int) {
	k := 0
	for _, to := range p.bounds {
		for ; k < to; k++ {
			if !p.fresh[k] {
				continue
			}
			p.targets[k] = uint32(n)
			copy(s.states.at(n), p.steps.States[k*p.width:(k+1)*p.width])
			if s.keys != nil {
				w := s.keys.width
				copy(s.keys.at(n), p.keys[k*w:(k+1)*w])
			}
			n++
		}
		p.after = append(p.after, n)
	}
}
