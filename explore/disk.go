package explore

import (
	"errors"
	"fmt"
	"math"
	"time"
)

const (
	leastFree = 1 << 20     // bytes of memory with which a search on disk goes on
	garbage   = 1 << 20     // bytes below the limit that are for what is planned for by nobody
	fewFree   = 4 << 20     // below that there is one worker
	unbounded = 1 << 28     // bytes for a search that is resumed on disk, and has no limit now
	diskTime  = time.Second // that a block is expanded
)

// relieve returns an error of a search, but nil if it was for want of memory
// and there is some now, because more is on disk.
func (r *search) relieve(err error) error {
	if err == nil || r.limits.Spill == "" || r.ctx.Err() != nil {
		return err
	}
	var limit *Limit
	if !errors.As(err, &limit) || !limit.memory {
		return err
	}
	s, most := r.states, int64(-1)
	if s.onDisk == nil {
		d, err := spilled(s, r.watch, r.next)
		if err != nil {
			return err
		}
		s.onDisk, r.onDisk = d, true
		if r.gathered != nil {
			r.gathered.toDisk(d.open)
		}
		s.memo, s.memos = nil, nil
		if err := d.queue.trim(r.next, 0); err != nil { // some were keys until now
			d.newSet(0)
			return spillLimit(err)
		}
	} else {
		if most = s.onDisk.free / 2; most < leastFree {
			return &Limit{fmt.Sprintf("%s, although %d states are on disk", limit.Reason, s.onDisk.base), true}
		}
		if err := s.onDisk.shrink(r.next); err != nil {
			return err
		}
		if most < fewFree {
			r.rounds.alone()
		}
	}
	if !r.plan(most) {
		return err
	}
	return nil
}

// Relieve moves the states of a search that is over to disk, and what its
// visitor has gathered: whoever asked for it needs the memory. It reports whether there was
// something to move: not if they are there already, or there is no place for
// them, see Limits.Spill. The error is a *Limit.
func (s *Search) Relieve() (bool, error) {
	if s.relieve == nil {
		return false, nil
	}
	relieve := s.relieve
	s.relieve = nil
	return true, relieve()
}

// toDisk moves what there is.
func (s *Search) toDisk(w *watch, gathered *Rows) error {
	all := s.states
	d, err := spilled(all, w, all.n)
	if err != nil {
		return err
	}
	all.onDisk, all.memo, all.memos = d, nil, nil
	err = d.queue.trim(all.n, 0) // some were keys until now
	if err != nil {
		err = spillLimit(err)
	}
	d.queue.spare = nil
	d.newSet(0)
	if gathered != nil && err == nil {
		gathered.toDisk(d.open)
		err = gathered.err
	}
	d.watch = nil
	s.bytes, s.Spilled = all.bytes(), int64(d.base)
	return err
}

// plan divides the memory that is there, but no more than most unless that is
// negative, for a search on disk. It reports whether that is enough.
func (r *search) plan(most int64) bool {
	d := r.states.onDisk
	r.block = r.newPart(r.sys, r.watch)
	r.rounds = r.newDiskRounds(r.rounds)
	r.clear()
	held, reserve := r.memory()
	free := int64(unbounded)
	switch {
	case r.limits.SpillAfter > 0:
		free = leastFree
	case r.limits.Memory > 0:
		// From 1/16 below the limit on the program collects garbage at any cost.
		share := r.limits.Memory / 16
		free = r.limits.Memory - held - max(share+garbage, share/2+reserve)
	}
	if most >= 0 {
		free = min(free, most)
	}
	memos := r.rounds.fitMemos(free)
	d.plan(free-memos, r.Transitions/int64(max(1, r.next)))
	r.rounds.planned = memos
	for _, p := range r.rounds.parts {
		r.rounds.planned += d.reserve(p)
	}
	return free >= leastFree || r.limits.SpillAfter > 0
}

// newDiskRounds returns those of a search on disk, with the workers that there
// were before.
func (r *search) newDiskRounds(before *rounds) *rounds {
	d := r.states.onDisk
	x := &rounds{search: r, ready: d.lookHere, most: math.MaxInt, size: blockStates, wide: mostPlace}
	if before != nil {
		before.stop()
		x.workers, x.size = before.workers, before.size
		for _, by := range x.workers {
			if by.watch != nil {
				by.watch.onDisk = true
			}
		}
	} else if x.workers = r.newWorkers(); x.workers == nil {
		x.alone()
	}
	if r.limits.wide > 0 {
		x.wide = r.limits.wide
	}
	for range roundParts {
		x.parts = append(x.parts, r.newPart(nil, nil))
	}
	r.states.memos = nil
	return x
}

// alone leaves the search to one worker, who asks the System itself: of no state
// that another may come before.
func (x *rounds) alone() { x.workers = make([]worker, 1) }

// fitMemos gives the workers of a search on disk memos, in so much memory, and returns
// what they take. Where keys with the same hash may differ there are none:
// those of states on disk are not at hand.
func (x *rounds) fitMemos(free int64) int64 {
	const (
		share = 16
		bytes = 12 // of a place
	)
	total := int64(0)
	for w := range x.workers {
		by := &x.workers[w]
		if by.memo = nil; x.states.onDisk.shape.words > 0 {
			continue
		}
		places := free / int64(len(x.workers)) / share / bytes
		by.memo, x.recent = &memo{}, int(min(places/2, math.MaxInt32))<<memoShare
		by.memo.fit(x.recent)
		total += bytes * int64(len(by.memo.hashes))
	}
	return total
}

// diskTurn expands a block, most of the states being on disk.
func (r *search) diskTurn() error {
	x, d := r.rounds, r.states.onDisk
	start := time.Now()
	if x.team == nil {
		x.team = newTeam(len(x.workers))
	}
	waiting := r.states.n - r.next
	x.size = min(x.size, (waiting+roundParts-1)/roundParts)
	x.steps = d.share()
	some := min(waiting, roundParts*x.size)
	if err := d.queue.load(r.next, r.next+some); err != nil {
		return spillLimit(err)
	}
	parts, err := x.expand((some + x.size - 1) / x.size)
	if err != nil {
		return err
	}
	if len(parts) == 0 {
		return r.wideTurn()
	}
	parts, err = x.settleDisk(parts)
	x.planDisk(parts, time.Since(start))
	return r.toldDisk(parts, err)
}

// settleDisk is settle of what is on disk.
func (x *rounds) settleDisk(parts []*part) ([]*part, error) {
	parts, err := x.states.onDisk.settle(x, parts)
	if err != nil {
		x.forget() // they may know steps as pending
	}
	return parts, err
}

// planDisk says how large the parts of the next block are to be.
func (x *rounds) planDisk(parts []*part, took time.Duration) {
	states, steps := 0, 0
	for _, p := range parts {
		states += len(p.bounds)
		steps += len(p.hashes)
	}
	d := x.states.onDisk
	size := x.steps * 3 / 4 * max(1, states) / max(1, steps)
	size = max(1, min(size, d.sorted()/roundParts*3/4*max(1, states)/max(1, len(d.candidates))))
	if took > diskTime {
		size = min(size, max(1, x.size/2))
	}
	x.size = min(size, 2*x.size)
}

// toldDisk tells the visitor of parts that are settled, but for an error.
func (r *search) toldDisk(parts []*part, err error) error {
	d, from := r.states.onDisk, r.next
	r.Spilled = int64(d.base)
	for _, p := range parts {
		if r.ahead() {
			p.recount(int(r.States))
		}
		if told := r.told(p); told != nil || r.Stopped {
			return told
		}
		if err == nil {
			err = p.err
		}
	}
	if len(r.rounds.workers) > 1 {
		r.Usage.InRounds += int64(r.next - from)
	}
	if err == nil && r.gathered != nil {
		err = r.gathered.err
	}
	if trim := d.queue.trim(r.next, d.queue.most); err == nil && trim != nil {
		err = spillLimit(trim)
	}
	return err
}

// wideTurn expands a state with so many steps that they are no part.
func (r *search) wideTurn() error {
	p, x := r.block, r.rounds
	x.forget()
	p.clear(r.next)
	p.expand(r.states, 1, 1)
	if err := r.hash(p); err != nil {
		return err
	}
	parts, err := p.cut(x.wide)
	if err != nil {
		return err
	}
	for _, q := range parts {
		r.states.onDisk.lookHere(q)
	}
	_, err = x.settleDisk(parts)
	if err != nil {
		p.bounds = p.bounds[:0]
	} else {
		p.after = append(p.after, r.states.n)
	}
	return r.toldDisk([]*part{p}, err)
}

// cut returns parts of a part of one state, each with less than most of its
// steps. They share its memory. The error is a *Limit.
func (p *part) cut(most int) ([]*part, error) {
	var all []*part
	for from := 0; from < len(p.hashes); from += most - 1 {
		if len(all) == roundParts {
			return nil, &Limit{Reason: fmt.Sprintf("state %d has more than %d steps, and most states are on disk", p.first, from)}
		}
		to := min(from+most-1, len(p.hashes))
		q := &part{width: p.width, bounds: []int{to - from}, keyWidth: p.keyWidth}
		q.steps.States = p.steps.States[from*p.width : to*p.width]
		q.keys = p.keys[from*p.keyWidth : to*p.keyWidth]
		q.hashes, q.targets, q.rest = p.hashes[from:to], p.targets[from:to], p.rest[from:to]
		for k := range q.rest {
			q.rest[k] = uint32(k)
		}
		all = append(all, q)
	}
	return all, nil
}
