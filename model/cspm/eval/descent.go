package eval

import "runtime/metrics"

// A descent foresees how the stack grows in a deep recursion. Go doubles a
// stack that is full, and has both until the old one is copied. How much a
// level takes depends on the script; but a stack that was full at some depth
// is full again at about twice that, and from halfway there is to be room for
// the next.
type descent struct {
	sample [1]metrics.Sample
	bytes  uint64 // of the stack, when it was last looked at
	since  int    // the depth at which it was first that large
}

// Recursions that are not as deep have a stack of a few MB.
const leastDescent = 1 << 14

// next returns the error of room if there is none for the next stack.
func (d *descent) next(depth int, room func(bytes int64) error) error {
	if depth < leastDescent {
		return nil
	}
	d.sample[0].Name = "/memory/classes/heap/stacks:bytes"
	metrics.Read(d.sample[:])
	if now := d.sample[0].Value.Uint64(); now > d.bytes/2*3 || now < d.bytes/2 {
		d.bytes, d.since = now, depth
	}
	if depth < d.since+d.since/2 {
		return nil
	}
	return room(2 * int64(d.bytes))
}
