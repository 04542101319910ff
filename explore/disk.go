package explore

import (
	"errors"
	"fmt"
	"runtime/debug"
	"time"
)

const (
	leastFree = 2 << 20     // bytes of memory with which a search on disk goes on
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
		s.onDisk = d
		if r.gathered != nil {
			r.gathered.toDisk(d.open)
		}
		r.rounds.stop()
		r.rounds = nil
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
	}
	if !r.plan(most) {
		return err
	}
	return nil
}

// plan divides the memory that is there, but no more than most unless that is
// negative, for a search on disk. It reports whether that is enough.
func (r *search) plan(most int64) bool {
	d := r.states.onDisk
	r.block = r.newPart(r.sys, r.watch)
	debug.FreeOSMemory()
	held, _ := r.memory()
	free := int64(unbounded)
	switch {
	case r.limits.SpillAfter > 0:
		free = leastFree
	case r.limits.Memory > 0:
		free = r.limits.Memory/8*7 - held
	}
	if most >= 0 {
		free = min(free, most)
	}
	d.plan(free)
	d.reserve(r.block)
	return free >= leastFree || r.limits.SpillAfter > 0
}

// expandAll expands so many states, but for limits, a few at a time, so that
// these are looked at. It ends earlier after steps steps, or a long time.
func (r *search) expandAll(p *part, states, steps int) error {
	start := time.Now()
	before, size := start, 1
	for p.err == nil && len(p.bounds) < states && len(p.steps.Events) < steps && before.Sub(start) < diskTime {
		p.expand(r.states, min(states, len(p.bounds)+size), steps)
		now := time.Now()
		if err := r.check(now); err != nil {
			return err
		}
		if size = min(blockStates, 2*size); now.Sub(before) > blockTime {
			size = 1
		}
		before = now
	}
	return nil
}

// diskTurn expands a block, most of the states being on disk.
func (r *search) diskTurn() error {
	p, d := r.block, r.states.onDisk
	p.clear(r.next)
	some := min(d.steps/int(max(1, r.Transitions/int64(max(1, r.next))))+1, r.states.n-r.next)
	if err := d.queue.load(r.next, r.next+some); err != nil {
		return spillLimit(err)
	}
	if err := r.expandAll(p, some, d.steps); err != nil {
		return err
	}
	if err := r.hash(p); err != nil {
		return err
	}
	err := d.settle(p)
	if r.ahead() {
		p.recount(int(r.States))
	}
	r.Spilled = int64(d.base)
	if told := r.told(p); told != nil || r.Stopped {
		return told
	}
	if err == nil {
		err = p.err
	}
	if err == nil && r.gathered != nil {
		err = r.gathered.err
	}
	if trim := d.queue.trim(r.next, d.queue.most); err == nil && trim != nil {
		err = spillLimit(trim)
	}
	return err
}
