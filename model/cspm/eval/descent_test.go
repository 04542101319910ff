package eval

import (
	"errors"
	"testing"
)

// A descent that goes on asks for room before the stack is doubled, and in time:
// a goroutine that recurses is never found on a stack for which nobody asked.
func TestDescentAsksBeforeTheStackGrows(t *testing.T) {
	full := errors.New("full")
	for _, most := range []int64{16 << 20, 64 << 20, 256 << 20} {
		var d descent
		var down func(depth int) error
		down = func(depth int) error {
			if depth%1024 == 0 {
				if err := d.next(depth, func(bytes int64) error {
					if bytes > most {
						return full
					}
					return nil
				}); err != nil {
					return err
				}
			}
			if depth == 1<<22 {
				return nil
			}
			return down(depth + 1)
		}
		done := make(chan error)
		go func() { done <- down(1) }()
		if err := <-done; err != full || int64(d.bytes) >= most*3/4 {
			t.Errorf("%v with a stack of %d bytes, %d allowed", err, d.bytes, most)
		}
	}
}
