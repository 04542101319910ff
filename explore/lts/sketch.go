package lts

import "math"

// A sketch is what a set of numbers comes to: for each of some orders that are
// as good as random, the place of the first number (Broder, "On the
// resemblance and containment of documents", 1997). Equal sets have equal
// sketches, different ones often have different ones, and that of a union
// is known without the sets.
type sketch [4]uint64

func noSketch() sketch {
	return sketch{math.MaxUint64, math.MaxUint64, math.MaxUint64, math.MaxUint64}
}

var sketchKeys = [len(sketch{})]uint64{k0, k1, 0x8ebc6af09c88c6e3, 0x589965cc75374cc3}

// sketchOf returns the sketch of a number alone.
func sketchOf(x uint64) (k sketch) {
	for i := range k {
		k[i] = mix(x^k1, sketchKeys[i])
	}
	return k
}

// join makes of k that of the union.
func (k *sketch) join(of *sketch) {
	for i, h := range of {
		k[i] = min(k[i], h)
	}
}

// by returns what may stand for the sketch of the pairs of an event and a
// number of a set. The union of two sets of such pairs has the join of both.
func (k *sketch) by(e uint32) (out sketch) {
	const bits = 12
	for i, h := range k {
		out[i] = mix(uint64(e)^k1, sketchKeys[i])>>(64-bits)<<(64-bits) | h>>bits
	}
	return out
}

// outline splits classes by the sketches of reach and offers, rather than by
// these themselves, as long as a round makes many more. That splits no class
// wrongly, as states of one class in the end have the same reach and offers
// in all classes on the way; it is done in a tenth of the time, and then most
// states are in a class of their own already.
func (r *rounds) outline() error {
	n := len(r.class)
	reach, offers := make([]sketch, n), make([]sketch, n)
	for classes := 2; ; {
		for s := range reach {
			reach[s] = sketchOf(uint64(r.class[s]))
			for t := r.first[s]; t < r.first[s+1] && r.event[t] == 0; t++ {
				reach[s].join(&reach[r.target[t]])
			}
			if err := r.patience.spend(1); err != nil {
				return err
			}
		}
		for s := range offers {
			offers[s] = noSketch()
			for t := r.first[s]; t < r.first[s+1]; t++ {
				more := offers[r.target[t]]
				switch e := r.event[t]; {
				case e != 0 && r.weak:
					more = reach[r.target[t]].by(e)
				case e != 0:
					more = sketchOf(uint64(e)<<32 | uint64(r.class[r.target[t]]))
				}
				offers[s].join(&more)
			}
			if err := r.patience.spend(1 + int(r.first[s+1]-r.first[s])); err != nil {
				return err
			}
		}
		made := r.classify(reach, offers)
		if made-classes <= classes/16 {
			return nil
		}
		classes = made
	}
}

// classify splits classes by sketches, and returns how many there are then.
// Two different sketches may be taken for one, which splits less.
func (r *rounds) classify(reach, offers []sketch) int {
	slots := make([]uint32, 2) // open addressing; the number of a state, plus one
	for len(slots) < 2*len(reach) {
		slots = append(slots, slots...)
	}
	hashes := make([]uint64, len(reach))
	next := make([]int32, len(reach))
	alike := func(s, t uint32) bool { return hashes[s] == hashes[t] && r.class[s] == r.class[t] }
	made := int32(0)
	for s := range hashes {
		h := uint64(r.class[s])
		for i := range sketchKeys {
			h = mix(h^reach[s][i], k0) ^ mix(offers[s][i], k1)
		}
		hashes[s] = h
		i := h & uint64(len(slots)-1)
		for ; slots[i] != 0 && !alike(slots[i]-1, uint32(s)); i = (i + 1) & uint64(len(slots)-1) {
		}
		if slots[i] == 0 {
			slots[i] = uint32(s) + 1
			next[s] = made
			made++
			continue
		}
		next[s] = next[slots[i]-1]
	}
	copy(r.class, next)
	return int(made)
}
