#include "textflag.h"

// Slots are 1<<16 to a page, as pageBits says; a page is a slice, of three words.

// func prefetchHomes(hashes *uint64, n int, count, size uint64, pages *[]byte)
TEXT ·prefetchHomes(SB), NOSPLIT, $0-40
	MOVD hashes+0(FP), R0
	MOVD n+8(FP), R1
	MOVD count+16(FP), R2
	MOVD size+24(FP), R3
	MOVD pages+32(FP), R4
	ADD  R3<<1, R3, R5 // of three slots
	SUB  $1, R5
	MOVD $24, R6

home:
	MOVD.P 8(R0), R7
	UMULH  R7, R2, R7 // the home
	LSR    $16, R7, R8
	MUL    R6, R8
	MOVD   (R4)(R8), R8
	AND    $0xffff, R7
	MADD   R3, R8, R7, R8
	PRFM   (R8), PLDL1KEEP
	ADD    R5, R8
	PRFM   (R8), PLDL1KEEP
	SUBS   $1, R1
	BNE    home
	RET
