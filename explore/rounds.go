package explore

import (
	"errors"
	"math"
	"math/bits"
	"slices"
	"time"
)

// Rounds are what several workers do together, but see pipeline: they expand the
// next states, a round at a time, without locks, and find what one worker would.
// A round has these steps, each of which is over before the next begins:
//
//	expand   workers take parts of the round's states, expand them, and sort
//	         their steps by the regions of the set that these belong in;
//	learn    the System itself is asked for what forks don't know yet, in
//	         order, by one worker;
//	insert   workers take regions, and look their steps up, in order: new
//	         states get provisional numbers, by the steps that found them;
//	number   workers take parts, and give new states the numbers that they
//	         have in the order of steps;
//	correct  workers take regions, and write these into the set, while one
//	         tells the visitor.
//
// Each worker has a memo of its own, so that most steps are its own business.
// A region is mostly the same worker's, in whose cache it may be: another takes
// it only when it would have to wait.
type rounds struct {
	*search
	team    *team
	workers []worker
	parts   []*part
	regions []region
	ready   func(*part) // what is done with a part once it is expanded; by its worker
	size    int         // states of a part
	most    int         // that these may be
	steps   int         // that a part may have, but for those of its last state
	wide    int         // with so many a part is too large
	recent  int         // states that the memos are for, at most
	base    int         // what is less is no provisional number
	stride  uint        // a part has at most 1<<stride steps that no memo knows
	idle    int         // blocks until the next round is tried
	planned int64       // bytes of parts and memos on disk: they were made room for
}

// A region is what a round does in a region of the set.
type region struct {
	news   []fresh
	counts [roundParts]int // new states by part

	rest    []uint32 // memory for look
	slots   []uint64 // and for renumber
	numbers []uint32
}

// A fresh is a new state: which of the steps of a part found it, in the order
// of regions, and where it is in the set.
type fresh struct {
	part, step int32
	at         uint64
}

const (
	roundParts = 32
	partStates = 1 << 7
	partSteps  = 1 << 11 // what a part should have about
	partMost   = 1 << 14 // but for those of its last state
	roundTime  = 100 * time.Millisecond

	// A round may take so many bytes, or such a share of the limit, where
	// that is less.
	roundMost  = 1 << 26
	roundShare = 16
)

// Rounds are for sets of as many regions as there can be, and when at least so many
// states wait to be expanded, unless they are eager. If a state takes slowState
// or more, as one does whose script has to be evaluated, so many as slowLeast
// are worth a round, in whatever set.
const (
	roundLeast = 1 << 12
	slowLeast  = 1 << 8
	slowState  = 4 * time.Microsecond
)

// newRounds returns nil if there can't be several workers.
func (r *search) newRounds() *rounds {
	x := &rounds{search: r, most: partStates, steps: partMost, wide: mostPlace, recent: math.MaxInt}
	x.ready = func(p *part) { p.scatter(r.states) }
	if r.limits.parts > 0 {
		x.most = r.limits.parts
	}
	x.size = x.most
	if x.workers = r.newWorkers(); x.workers == nil {
		return nil
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

// crew returns the team, at work.
func (x *rounds) crew() *team {
	if x.team == nil {
		x.team = newTeam(len(x.workers))
	}
	return x.team
}

// worthwhile reports whether the next states are for a round.
func (x *rounds) worthwhile() bool {
	if x == nil || !x.limits.Eager && !x.enough(x.states.n-x.next) {
		return false
	}
	if x.idle > 0 {
		x.idle--
		return false
	}
	return true
}

// enough reports whether so many states that wait are worth a round.
func (x *rounds) enough(waiting int) bool {
	if waiting >= roundLeast && x.states.regions() == mostRegions {
		return true
	}
	return waiting >= slowLeast && x.next >= slowLeast && x.slow()
}

// turn does a round.
func (x *rounds) turn() error {
	start := time.Now()
	x.crew()
	parts, err := x.expand(x.fitting())
	if err != nil {
		return err
	}
	if len(parts) == 0 { // a state with very many steps
		return x.search.turn()
	}
	if err := x.enlarge(parts); err != nil {
		return err
	}
	x.insert(parts)
	x.number(parts)
	x.plan(parts, time.Since(start))
	return x.correct(parts)
}

// plan says how large the parts of the next round are to be.
func (x *rounds) plan(parts []*part, took time.Duration) {
	states, steps := 0, 0
	for _, p := range parts {
		states += len(p.bounds)
		steps += len(p.hashes)
	}
	size := max(1, min(x.most, partSteps*max(1, states)/max(1, steps)))
	if took > roundTime {
		size = min(size, max(1, x.size/2))
	} else {
		size = min(size, 2*x.size)
	}
	x.size = size
}

// fitting returns how many parts the next round has: if states have very many
// steps, or very many words, fewer than there could be.
func (x *rounds) fitting() int {
	most := int64(roundMost)
	if x.limits.Memory > 0 {
		most = min(most, x.limits.Memory/roundShare)
	}
	each := int64(x.each())
	steps := min(int64(x.size)*each, partMost+each)
	fit := max(len(x.workers), int(min(roundParts, most/(steps*x.block.stepBytes()))))
	return min(roundParts, fit, (x.states.n-x.next+x.size-1)/x.size)
}

// expand returns the parts of the round, n or less, expanded. The error is a
// *Limit.
func (x *rounds) expand(n int) ([]*part, error) {
	parts := x.parts[:n]
	for w := range x.workers {
		x.workers[w].memo.fit(min(x.states.n, x.recent))
	}
	x.team.share(n, func(w, i int) {
		p, by := parts[i], &x.workers[w]
		p.sys, p.steps.watch = by.fork, by.watch
		p.clear(x.next + i*x.size)
		p.settled.Store(false)
		p.worker, p.by, p.known = w, nil, false
		if by.fork == nil {
			p.err = ErrLater
			return
		}
		if p.err = by.watch.check(time.Now()); p.err == nil {
			p.expand(x.states, x.size, x.steps)
		}
		if errors.Is(p.err, ErrLater) || !p.hash(x.states, false) {
			return // its steps are not all known yet
		}
		p.by, p.known = by.memo, true
		p.remember(i, x.parts, x.states, p.by)
		x.ready(p)
	})
	all, learnt, widened := 0, 0, false
	for i, p := range parts {
		had := len(p.bounds)
		if errors.Is(p.err, ErrLater) {
			p.sys, p.steps.watch = x.sys, x.watch
			if p.err = x.watch.check(time.Now()); p.err == nil {
				p.expand(x.states, x.size, x.steps)
			}
			if learnt += len(p.bounds) - had; len(x.workers) == 1 {
				p.by = x.workers[0].memo // all parts are its own, in order
			}
		}
		if !p.known {
			set := x.states.set
			if err := x.hash(p); err != nil {
				return nil, err
			}
			widened = widened || set != x.states.set
			p.remember(i, x.parts, x.states, p.by)
			x.ready(p)
		}
		all += len(p.bounds)
		if share := min(x.size, x.states.n-p.first); len(p.bounds) < share {
			parts = parts[:i+1] // those behind are not next
			break
		}
	}
	if i := slices.IndexFunc(parts, func(p *part) bool { return len(p.hashes) >= x.wide }); i >= 0 {
		parts = parts[:i]
	}
	if widened || len(parts) < n {
		x.forget() // what they know as pending is not
	}
	if learnt > all/4 {
		x.idle = roundLeast / blockStates
	}
	for widened { // then keys made before that are wrong
		widened = false
		for i, p := range parts {
			set := x.states.set
			if err := x.hash(p); err != nil {
				return nil, err
			}
			widened = widened || set != x.states.set
			p.by = nil
			p.remember(i, x.parts, x.states, p.by)
			x.ready(p)
		}
	}
	return parts, nil
}

// forget has the memos forget all.
func (x *rounds) forget() {
	for w := range x.workers {
		x.workers[w].memo.clear()
	}
}

// scatter sorts by region the steps that no memo knows.
func (p *part) scatter(s *store) {
	shift := s.regionShift()
	var at [mostRegions]int
	for _, k := range p.rest {
		at[p.hashes[k]>>shift%mostRegions]++
	}
	sum := 0
	for r, c := range at {
		p.at[r], at[r] = sum, sum
		sum += c
	}
	p.at[mostRegions] = sum
	p.where, p.sorted, p.leads = room(p.where[:0], sum), room(p.sorted[:0], sum), room(p.leads[:0], sum)
	for i, k := range p.rest {
		h := p.hashes[k]
		to := &at[h>>shift%mostRegions]
		p.where[i], p.sorted[*to] = uint32(*to), h
		*to++
	}
	if s.injective() {
		return
	}
	p.order = room(p.order[:0], sum)
	for i, j := range p.where {
		p.order[j] = p.rest[i]
	}
}

// of returns the hashes of its steps that belong in region r.
func (p *part) of(r int) []uint64 { return p.sorted[p.at[r]:p.at[r+1]] }

// enlarge makes the set large enough for the new states, and for as many
// provisional numbers.
func (x *rounds) enlarge(parts []*part) error {
	steps, most := 0, 1
	for _, p := range parts {
		steps += len(p.rest)
		most = max(most, len(p.rest))
	}
	x.stride = uint(bits.Len(uint(most - 1)))
	s := x.states
	x.base = s.n + steps
	for s.full() || x.base > s.room()/6*7 || x.base+len(parts)<<x.stride >= s.room()/3*4 {
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

// insert looks the steps up that no memo knows, and puts what is new into the
// set.
func (x *rounds) insert(parts []*part) {
	s := x.states
	if n := s.regions(); len(x.regions) < n {
		x.regions = make([]region, n)
	}
	s.provisional(func(number int) []uint64 {
		i, j := x.provisional(number)
		return parts[i].sortedKey(j)
	})
	x.team.share(s.regions(), func(_, r int) {
		here := &x.regions[r]
		here.news, here.counts = here.news[:0], [roundParts]int{}
		s.touch(parts[0].of(r))
		for i, p := range parts {
			if i+1 < len(parts) {
				s.touch(parts[i+1].of(r))
			}
			from, to := p.at[r], p.at[r+1]
			here.rest = room(here.rest[:0], to-from)
			for _, j := range s.look(p.of(r), p.leads[from:to], here.rest) {
				x.insertOne(here, p, i, from+int(j))
			}
		}
	})
}

// insertOne looks a step up that was not found at once. It leads to a number,
// provisional or not, or isNew. What else its part knows is in another
// worker's cache, and not looked at if that can be helped.
func (x *rounds) insertOne(here *region, p *part, i, j int) {
	s := x.states
	var key []uint64
	if !s.injective() {
		key = p.sortedKey(j)
	}
	number := x.base + i<<x.stride + j
	n, at := s.enter(key, p.sorted[j], number)
	if n == number {
		n = isNew
		here.news = append(here.news, fresh{int32(i), int32(j), at})
		here.counts[i]++
	}
	p.leads[j] = uint32(n)
}

// isNew is where steps lead that were the first to find a state.
const isNew = 1<<32 - 1

// provisional returns what a provisional number tells of: the part, and which
// of its steps, in the order of regions.
func (x *rounds) provisional(number int) (i, j int) {
	n := number - x.base
	return n >> x.stride, n & (1<<x.stride - 1)
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
	x.team.share(len(parts), func(_, i int) { parts[i].number(s, before[i], x.base) })
	s.n = total
}

// correct gives the set the numbers of new states. Meanwhile the first worker
// tells the visitor of the parts, in order.
func (x *rounds) correct(parts []*part) (told error) {
	regions := x.regions[:x.states.regions()]
	x.team.deal(len(regions))
	x.team.together(func(w int) {
		for _, p := range parts {
			if p.worker == w {
				x.resolve(p, parts)
				p.settled.Store(true)
				x.team.wake()
			}
			if w == 0 && told == nil && !x.Stopped {
				told = x.toldOf(p)
			}
		}
		x.team.play(w, func(_, r int) { x.renumber(&regions[r], parts) })
	})
	return told
}

// toldOf tells the visitor of a part, once it is settled.
func (x *rounds) toldOf(p *part) error {
	x.team.wait(func() bool { return p.settled.Load() || x.team.failed() })
	if x.team.failed() {
		return nil // and all ends with that
	}
	err := x.told(p)
	if err == nil && !x.Stopped {
		err = p.err
	}
	return err
}

// renumber gives the new states of a region their numbers in the set.
func (x *rounds) renumber(here *region, parts []*part) {
	here.slots, here.numbers = here.slots[:0], here.numbers[:0]
	for _, f := range here.news {
		p := parts[f.part]
		if n := p.leads[f.step]; f.at != aside {
			here.slots, here.numbers = append(here.slots, f.at), append(here.numbers, n)
		} else {
			x.states.put(nil, gap{entry: p.sorted[f.step], far: true}, int(n))
		}
	}
	x.states.renumber(here.slots, here.numbers)
}

// sortedKey returns the key of the j-th step in the order of regions.
func (p *part) sortedKey(j int) []uint64 { return p.key(int(p.order[j])) }

// number gives the new states of a part their numbers, from n on. What leads
// to numbers from base on is left for resolve.
func (p *part) number(s *store, n, base int) {
	p.lost = p.lost[:0]
	i := 0
	for _, to := range p.bounds {
		for ; i < len(p.rest) && int(p.rest[i]) < to; i++ {
			k, lead := int(p.rest[i]), &p.leads[p.where[i]]
			if *lead == isNew {
				*lead = uint32(n)
				if to := s.states.at(n); p.width == 1 { // quicker than a copy
					to[0] = p.steps.States[k]
				} else {
					copy(to, p.steps.States[k*p.width:(k+1)*p.width])
				}
				if s.keys != nil {
					copy(s.keys.at(n), p.key(k))
				}
				n++
			} else if *lead >= uint32(base) {
				p.lost = append(p.lost, uint32(k))
			}
			p.targets[k] = *lead
		}
		p.after = append(p.after, n)
	}
}

// resolve finds the numbers of where steps lead to what others found: another
// part's or, in order, those of the same memo.
func (x *rounds) resolve(p *part, parts []*part) {
	for _, k := range p.lost {
		i, j := x.provisional(int(p.targets[k]))
		p.targets[k] = parts[i].leads[j]
	}
	p.learn(parts)
}

// learn finds the numbers of where steps lead to what others found, in order,
// of the same memo, and tells the memo.
func (p *part) learn(parts []*part) {
	for _, k := range p.again {
		at := place(p.targets[k] - pending)
		p.targets[k] = parts[at.part()].targets[at.step()]
	}
	if p.by != nil {
		p.by.learn(p.hashes, p.targets, p.rest)
	}
}
