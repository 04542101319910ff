package bare

import (
	"syscall"
	"unsafe"
)

// manyWords returns words in huge pages, where the machine has them.
func manyWords(n int) []uint64 {
	const huge = 1 << 21
	w := make([]uint64, n)
	from := -uintptr(unsafe.Pointer(unsafe.SliceData(w))) % huge
	if uintptr(8*n) >= from+huge {
		b := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(w))), 8*n)
		to := (uintptr(8*n) - from) / huge * huge
		syscall.Madvise(b[from:from+to], syscall.MADV_HUGEPAGE) // advice: it need not be taken
	}
	return w
}
