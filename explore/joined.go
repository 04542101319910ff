package explore

// A joined folds the words of a state into one, where few of their bits are
// used.
type joined struct {
	layout []int
	beyond []uint64 // the bits of each word that must not be set
}

// beyond is what it is to have bits that should not be there: states could
// be taken for others.
const beyond = "explore: a state has bits beyond those that its System tells of"

func newJoined(layout []int) *joined {
	j := &joined{layout: layout}
	for _, b := range layout {
		j.beyond = append(j.beyond, ^uint64(0)<<b)
	}
	return j
}

func (j *joined) fold(words, keys []uint64, _ bool) bool {
	all := uint64(0)
	for k := range keys {
		key, w := uint64(0), words[k*len(j.layout):(k+1)*len(j.layout)]
		for i := len(w) - 1; i >= 0; i-- {
			key = key<<(j.layout[i]%64) | w[i]
			all |= w[i] & j.beyond[i]
		}
		keys[k] = key
	}
	if all != 0 {
		panic(beyond)
	}
	return true
}
