package explore

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"pgregory.net/rapid"
)

// Rows are what was added, in memory and on disk, however they are looked at, and
// after they were filtered and read from a file.
func TestRowsAreWhatWasAdded(t *testing.T) {
	dir := t.TempDir()
	open := func() (scratch, error) { return newScratch(dir) }
	rapid.Check(t, func(t *rapid.T) {
		var rows Rows
		var want [][]uint32
		all := func() {
			t.Helper()
			if rows.Len() != len(want) || rows.Err() != nil {
				t.Fatalf("%d rows, %v, not %d", rows.Len(), rows.Err(), len(want))
			}
			look := func(i int) {
				if got := rows.At(i); !slices.Equal(got, want[i]) {
					t.Fatalf("row %d is %d, not %d; %v", i, got, want[i], rows.Err())
				}
			}
			for i := range want {
				look(i)
				look(len(want) - 1 - i)
				look(i * 7919 % len(want))
			}
		}
		for range rapid.IntRange(1, 8).Draw(t, "actions") {
			switch rapid.SampledFrom([]string{"add", "add", "disk", "filter", "file"}).Draw(t, "action") {
			case "add":
				each := rapid.Uint32Range(1, 9).Draw(t, "each")
				for i := range rapid.IntRange(0, 3*chunkRows).Draw(t, "rows") {
					row := slices.Repeat([]uint32{uint32(len(want))}, i%int(each))
					rows.Add(row)
					want = append(want, row)
				}
			case "disk":
				if !rows.OnDisk() {
					rows.toDisk(open)
				}
			case "filter":
				of := rapid.IntRange(1, 4).Draw(t, "of")
				wanted := func(row []uint32) bool { return len(row)%of > 0 }
				rows.Filter(wanted)
				want = slices.DeleteFunc(want, func(row []uint32) bool { return !wanted(row) })
			case "file":
				file := filepath.Join(dir, "rows")
				if err := checkpoint.Write(file, rows.Save); err != nil {
					t.Fatal(err)
				}
				r, err := checkpoint.Open(file)
				if err != nil {
					t.Fatal(err)
				}
				before := rows.OnDisk()
				rows = Rows{}
				if before {
					rows.toDisk(open)
				}
				rows.Load(r)
				if r.Err() != nil {
					t.Fatal(r.Err())
				}
				r.Close()
			}
			all()
		}
	})
}

// On disk they take little memory, and its failures are errors.
func TestRowsOfAFlawedDisk(t *testing.T) {
	const n = 300 * chunkRows
	for _, flaw := range []string{"none", "make", "write", "short", "lost", "read", "flip"} {
		left := 150
		if flaw == "make" {
			left = 0
		}
		open := flawedIn(&left, flaw, newScratch)
		var rows Rows
		rows.toDisk(func() (scratch, error) { return open(t.TempDir()) })
		for i := range uint32(n) {
			rows.Add([]uint32{i, i + 1, i + 2})
		}
		for i := 0; i < n && rows.Err() == nil; i++ {
			if row := rows.At(i); rows.Err() == nil && (len(row) != 3 || row[0] != uint32(i)) {
				t.Fatalf("%s: row %d is %d", flaw, i, row)
			}
		}
		var limit *Limit
		if flaw != "none" && !errors.As(rows.Err(), &limit) || flaw == "none" && rows.Err() != nil {
			t.Errorf("%s: the error is %v", flaw, rows.Err())
		}
		if most := int64(mostCached*chunkRows*20 + n); flaw == "none" && rows.Bytes() > most {
			t.Errorf("they take %d bytes", rows.Bytes())
		}
		if flaw != "none" && flaw != "make" && rows.At(0) != nil && rows.At(mostCached*2*chunkRows) != nil {
			t.Errorf("%s: rows are there after an error", flaw)
		}
	}
}
