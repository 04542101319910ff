// Package checkpoint writes what a long run has found to a file, from which
// another can go on, and reads it back.
//
// A file is sections, each a name and values in a fixed order: numbers, words,
// text. It is written beside the one that it replaces, brought to the disk,
// and then renamed: whenever the program ends, one of the two is there, whole.
// Every byte is covered by a checksum, which is looked at before the bytes
// are. What is not as it was written is an *Error.
//
// A file begins with a line that says what it is. Then come frames:
//
//	length of the data   4 bytes, little endian, at most 1<<20
//	checksum             8 bytes: CRC-64 (ECMA-182) of the frame's number, as
//	                     8 bytes, the length, and the data
//	data
//
// An empty frame is the end. Values lie in the data one after the other, in
// frames as it happens: a number is 8 bytes, words and text their count and
// then themselves, a section its name as text.
package checkpoint

import (
	"encoding/binary"
	"fmt"
	"hash/crc64"
)

// magic is what files of this form begin with. Another form has another number.
const magic = "cspcheck checkpoint 6\n"

const (
	mostFrame   = 1 << 20
	frameHeader = 12
)

var table = crc64.MakeTable(crc64.ECMA)

// checksum is that of a frame.
func checksum(number uint64, data []byte) uint64 {
	var head [12]byte
	binary.LittleEndian.PutUint64(head[:], number)
	binary.LittleEndian.PutUint32(head[8:], uint32(len(data)))
	return crc64.Update(crc64.Update(0, table, head[:]), table, data)
}

// An Error says why a file is no checkpoint that can be gone on from.
type Error struct{ File, Msg string }

func (e *Error) Error() string { return fmt.Sprintf("%s: %s", e.File, e.Msg) }
