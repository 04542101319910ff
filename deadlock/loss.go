package deadlock

import (
	"encoding/binary"

	"github.com/cspcheck/cspcheck/explore"
)

// A loss is that something never comes about, of several things: tasks, or what
// they wait for.
type loss struct {
	task  int
	state uint32 // the first, as they were found, from which something never comes about
	never []bool // by state: some of them never comes about from there
}

// Prospects are what can come about from each state of a graph: at most
// manyProspects of the things that are asked about, from first on.
//
// A few states are asked what has come about there, what leads to them is found
// in the graph, and then more are asked of those from where something is
// missing: to ask takes long, and mostly all comes to the same few states again
// and again.
type prospects struct {
	*graph
	come  func(s []uint64, tell func(task int, come bool)) error
	first int
	all   uint8    // of the bits of can
	can   []uint8  // by state
	asked []uint64 // a bit for each state
}

const (
	manyProspects = 8
	firstAsked    = 1 << 6 // states
)

// lost returns the loss of one of some things, or nil if each can come about
// from every state. come tells of the words of a state what has come about
// there.
func (g *graph) lost(things int, come func(s []uint64, tell func(thing int, come bool)) error) (*loss, error) {
	const each = 3 // bytes: what is made here of a state
	g.fixed = 0
	if err := g.room(each * int64(g.Len())); err != nil {
		return nil, err
	}
	g.fixed = each * int64(g.Len())
	x := &loss{task: -1, never: make([]bool, g.Len())}
	p := prospects{graph: g, come: come, can: make([]uint8, g.Len()), asked: make([]uint64, g.Len()/64+1)}
	for ; p.first < things; p.first += manyProspects {
		clear(p.can)
		clear(p.asked)
		p.all = uint8(1<<min(manyProspects, things-p.first) - 1)
		if err := p.find(); err != nil {
			return nil, err
		}
		for s, can := range p.can {
			lost := p.all &^ can
			if lost == 0 {
				continue
			}
			x.never[s] = true
			if x.task < 0 || uint32(s) < x.state {
				x.state = uint32(s)
				for x.task = p.first; lost&1 == 0; x.task++ {
					lost >>= 1
				}
			}
		}
	}
	if x.task < 0 {
		return nil, nil
	}
	return x, nil
}

// find finds out what can come about from each state.
func (p *prospects) find() error {
	for most := firstAsked; ; most *= 4 {
		asked, err := p.ask(most)
		if err != nil || asked == 0 {
			return err
		}
		if err := p.spread(); err != nil {
			return err
		}
	}
}

// ask asks at most so many of the states from where something is missing:
// half of them the last ones that lead to none behind them, where all that goes
// on for ever must come to in the end, and besides the first ones.
func (p *prospects) ask(most int) (asked int, err error) {
	n := len(p.can)
	last := func(s int) bool {
		to := p.to(uint32(s)) // rising
		return len(to) == 0 || int(to[len(to)-1]) < s
	}
	for i := 0; i < 2*n && asked < most; i++ {
		s := i - n
		if i < n {
			if s = n - 1 - i; asked == most/2 {
				i = n - 1
				continue
			}
		}
		if i%lookEvery == 0 {
			if err := p.check(); err != nil {
				return asked, err
			}
		}
		if p.can[s] == p.all || p.asked[s/64]>>(s%64)&1 != 0 || i < n && !last(s) {
			continue
		}
		if err := p.look(s); err != nil {
			return asked, err
		}
		asked++
	}
	return asked, p.rows.Err()
}

// look asks a state.
func (p *prospects) look(s int) error {
	p.asked[s/64] |= 1 << (s % 64)
	words, err := p.Words(s)
	if err != nil {
		return err
	}
	return p.come(words, func(task int, come bool) {
		if i := task - p.first; come && 0 <= i && i < manyProspects {
			p.can[s] |= 1 << i
		}
	})
}

// spread gives each state what those can that it leads to.
//
// Down and up again, states are gone through in the order of their numbers until
// nothing is new: most steps rise by no more than from one level to the next, so
// that two or three times are enough. Where they are not, some that are close
// together are gone through again and again before the next.
func (p *prospects) spread() error {
	const (
		patience = 4 // times
		together = 1 << 14
	)
	n := len(p.can)
	for times, more := 0, true; more; times++ {
		down := times%2 == 0
		more = false
		for from := 0; from < n; from += together {
			if err := p.check(); err != nil {
				return err
			}
			to := min(from+together, n)
			for p.pass(from, to, down) {
				if more = true; times < patience {
					break
				}
			}
		}
		if err := p.rows.Err(); err != nil {
			return err
		}
	}
	return nil
}

// pass goes through states from..to, or through as many from the end, and
// reports whether something was new.
func (p *prospects) pass(from, to int, down bool) bool {
	more := false
	for i := from; i < to; i++ {
		s := i
		if down {
			s = len(p.can) - 1 - i
		}
		can := p.can[s]
		if can == p.all {
			continue
		}
		for _, t := range p.to(uint32(s)) {
			can |= p.can[t]
		}
		if can != p.can[s] {
			p.can[s], more = can, true
		}
	}
	return more
}

// spoilt returns a function that tells from which states something never comes
// about.
func (x *loss) spoilt(g *explore.Search) func(s []uint64) (bool, error) {
	var all map[string]bool
	key := func(s []uint64) string {
		var b []byte
		for _, w := range s {
			b = binary.LittleEndian.AppendUint64(b, w)
		}
		return string(b)
	}
	return func(s []uint64) (bool, error) {
		if all == nil {
			all = map[string]bool{}
			for i, never := range x.never {
				if !never {
					continue
				}
				words, err := g.Words(i)
				if err != nil {
					all = nil
					return false, err
				}
				all[key(words)] = true
			}
		}
		return all[key(s)], nil
	}
}
