package inductive

import (
	"cmp"
	"container/heap"
)

// An order chooses which parts are composed next: of those that have a rule in
// common the two whose composition has fewest rules with others, then those of
// fewest states, then the first. In a chain that goes from one end to the
// other, in a tree from the leaves to the root.
type order struct {
	*composer
	queue  candidates
	failed error
}

// A candidate is a pair of parts that may be composed.
type candidate struct {
	open int // rules that would be left
	size int // states, at most
	p, q int32
}

type candidates []candidate

func (h candidates) Len() int      { return len(h) }
func (h candidates) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h candidates) Less(i, j int) bool {
	a, b := &h[i], &h[j]
	return cmp.Or(cmp.Compare(a.open, b.open), cmp.Compare(a.size, b.size), cmp.Compare(a.p, b.p), cmp.Compare(a.q, b.q)) < 0
}
func (h *candidates) Push(x any) { *h = append(*h, x.(candidate)) }
func (h *candidates) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// A rule of more parts than this does not make candidates of them: a tick of
// all, say.
const mostPeers = 8

func newOrder(c *composer) *order {
	o := &order{composer: c}
	for _, p := range c.parts {
		if p != nil {
			o.add(p)
		}
	}
	return o
}

// add makes candidates of a new part with those before it.
func (o *order) add(p *part) {
	shared, closed := map[int32]int{}, map[int32]int{}
	var others []int32
	open := 0
	for _, r := range p.rules {
		rule := &o.rules[r]
		if rule.gone {
			continue
		}
		open++
		if len(rule.shares) > mostPeers {
			continue
		}
		for _, s := range rule.shares {
			if s.part == p.id {
				continue
			}
			if shared[s.part] == 0 {
				others = append(others, s.part)
			}
			shared[s.part]++
			if len(rule.shares) == 2 && rule.label == unseen {
				closed[s.part]++
			}
		}
	}
	if o.failed == nil {
		o.failed = o.spend(len(p.rules) + len(others))
	}
	for _, i := range others {
		q := o.parts[i]
		if q == nil || i > p.id {
			continue // it makes the candidate
		}
		left := open + o.open(q) - shared[i] - closed[i]
		heap.Push(&o.queue, candidate{open: left, size: p.machine.Len() * q.machine.Len(), p: i, q: p.id})
	}
}

// open returns how many rules a part takes part in.
func (o *order) open(p *part) int { return len(p.rules) }

// next takes the two parts to be composed next, or is nil.
func (o *order) next() (p, q *part) {
	for o.queue.Len() > 0 {
		c := heap.Pop(&o.queue).(candidate)
		if p, q = o.parts[c.p], o.parts[c.q]; p != nil && q != nil {
			return p, q
		}
	}
	return nil, nil
}
