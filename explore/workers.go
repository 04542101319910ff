package explore

import "time"

// A worker is what a goroutine has for itself, besides the part at hand.
type worker struct {
	fork  System // nil: the System itself is asked, between rounds
	watch *watch
	memo  *memo
}

// newWorkers returns those of a search; nil if there can't be several.
func (r *search) newWorkers() []worker {
	if r.limits.Workers < 2 {
		return nil
	}
	var all []worker
	for range r.limits.Workers {
		fork := Fork(r.sys)
		if fork == nil {
			return nil
		}
		w := newWatch(r.ctx, r.limits)
		w.start, w.kept, w.onDisk = r.start, r.watch.kept, r.watch.onDisk
		all = append(all, worker{fork: fork, watch: w, memo: r.states.newMemo()})
	}
	return all
}

// each returns how many steps a state has, about.
func (r *search) each() int { return int(r.Transitions/int64(max(1, r.next))) + 1 }

// slow reports whether states take slowState or more.
func (r *search) slow() bool { return time.Since(r.start) >= time.Duration(r.next)*slowState }
