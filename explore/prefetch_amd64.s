#include "textflag.h"

// Slots are 1<<16 to a page, as pageBits says; a page is a slice, of three words.

// func prefetchHomes(hashes *uint64, n int, count, size uint64, pages *[]byte)
TEXT ·prefetchHomes(SB), NOSPLIT, $0-40
	MOVQ hashes+0(FP), SI
	MOVQ n+8(FP), CX
	MOVQ count+16(FP), R8
	MOVQ size+24(FP), R9
	MOVQ pages+32(FP), R10
	LEAQ (R9)(R9*2), R11 // of three slots

home:
	MOVQ       (SI), AX
	MULQ       R8 // DX is the home
	MOVQ       DX, BX
	SHRQ       $16, BX
	LEAQ       (BX)(BX*2), BX
	MOVQ       (R10)(BX*8), DI
	MOVWQZX    DX, DX
	IMULQ      R9, DX
	ADDQ       DX, DI
	PREFETCHT0 (DI)
	PREFETCHT0 -1(DI)(R11*1)
	ADDQ       $8, SI
	DECQ       CX
	JNZ        home
	RET
