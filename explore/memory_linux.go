package explore

import (
	"syscall"
	"unsafe"
)

// manyBytes returns bytes to be looked at all over the place: in huge pages,
// where the machine has them, so that an address is found by fewer looks at
// the page tables.
func manyBytes(n int) []byte {
	const huge = 1 << 21
	b := make([]byte, n)
	from := -uintptr(unsafe.Pointer(unsafe.SliceData(b))) % huge
	to := (uintptr(n) - from) / huge * huge
	if uintptr(n) >= from+huge {
		syscall.Madvise(b[from:from+to], syscall.MADV_HUGEPAGE) // advice: it need not be taken
	}
	return b
}
