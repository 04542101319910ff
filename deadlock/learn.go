package deadlock

import "github.com/cspcheck/cspcheck/explore"

// What watches a system, or has words more than it, learns what the system
// does, and what follows in a specification that is made on demand. These
// make it an explore.Learner.

func (x *ends) Learnt() int64      { return explore.Learnt(x.System) }
func (x *since) Learnt() int64     { return explore.Learnt(x.Composed) }
func (x *queues) Learnt() int64    { return explore.Learnt(x.Composed) }
func (l *listening) Learnt() int64 { return explore.Learnt(l.System) }
func (p *twins) Learnt() int64     { return explore.Learnt(p.sys) }

func (p *watched) Learnt() int64 {
	impl, spec := explore.Learnt(p.impl), p.spec.Learnt()
	if impl < 0 || spec < 0 {
		return -1
	}
	return impl + spec
}
