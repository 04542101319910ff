package explore

// What will be needed soon is brought into the cache while other things are
// done: the processor is told, and does not wait. That is in assembly, since Go
// has no word for it; where there is none for the processor, prefetch_other.go
// loads it.

// batch is how many states are looked for while the homes of as many more are
// on their way: about so many lines of memory a core can wait for, and some more.
const batch = 64

// touch has the homes of states brought into the cache, and the two slots
// behind each.
func (s *slots) touch(hashes []uint64) {
	if len(hashes) > 0 {
		prefetchHomes(&hashes[0], len(hashes), s.count, s.size, &s.pages[0])
	}
}
