package process

// A catalogue has the terms of a Space by numbers. A main space keeps all. A
// double keeps those that it has met of late: it can make any anew, and what is
// not kept the garbage collector need not look at.
type catalogue struct {
	all    []*Term
	recent []remembered // of a double: by number, modulo its length
}

type remembered struct {
	number int
	term   *Term
}

// How many terms a double keeps of each kind.
const mostRecent = 1 << 11

func (c *catalogue) at(n int) *Term {
	if c.recent != nil {
		if r := &c.recent[n%len(c.recent)]; r.number == n {
			return r.term
		}
		return nil
	}
	if n < len(c.all) {
		return c.all[n]
	}
	return nil
}

func (c *catalogue) set(n int, t *Term) {
	if c.recent != nil {
		c.recent[n%len(c.recent)] = remembered{n, t}
		return
	}
	if n >= len(c.all) {
		c.all = append(c.all, make([]*Term, n+1-len(c.all))...)
	}
	c.all[n] = t
}
