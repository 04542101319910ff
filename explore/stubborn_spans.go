package explore

// spanned says which members have been passed, so that spans which overlap
// are gone through once: of n [> around each other the sets that are reset
// have n² members. A member counts as passed by the number noted.
type spanned struct {
	passed []uint32
	behind []int32 // by member that is passed: those up to there are, too
}

func newSpanned(members int) spanned {
	return spanned{make([]uint32, members), make([]int32, members)}
}

// pass notes that a member has been passed.
func (s *spanned) pass(c int32, number uint32) {
	s.passed[c], s.behind[c] = number, c+1
}

// next returns the first member from c on that has not been passed, or how
// many there are.
func (s *spanned) next(c int32, number uint32) int32 {
	to := c
	for int(to) < len(s.passed) && s.passed[to] == number {
		to = s.behind[to]
	}
	for c < to {
		c, s.behind[c] = s.behind[c], to
	}
	return to
}
