// Package hugepage makes slices that are looked at all over the place.
package hugepage

import "unsafe"

// Size is that of a huge page, in bytes, where the machine has them.
const Size = 1 << 21

// Make returns a slice of n zeros, in huge pages where the machine has them and
// it fills some: then an address is found by fewer looks at the page tables.
func Make[E byte | uint64](n int) []E {
	s := make([]E, n)
	var e E
	all := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(s))), n*int(unsafe.Sizeof(e)))
	from := int(-uintptr(unsafe.Pointer(unsafe.SliceData(all))) % Size)
	if to := from + (len(all)-from)/Size*Size; to > from {
		advise(all[from:to])
	}
	return s
}
