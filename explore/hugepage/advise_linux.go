package hugepage

import "syscall"

// advise asks for huge pages, which is advice: it need not be taken.
func advise(pages []byte) { syscall.Madvise(pages, syscall.MADV_HUGEPAGE) }
