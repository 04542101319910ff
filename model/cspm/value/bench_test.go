package value_test

import (
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// numbers returns <first, first+1, ...> of n elements.
func numbers(first, n int) *value.Seq {
	elems := make([]value.Value, n)
	for i := range elems {
		elems[i] = value.Num(int64(first + i))
	}
	return value.SeqOf(elems...)
}

// BenchmarkSeq is what scripts do to sequences, small ones first.
func BenchmarkSeq(b *testing.B) {
	one := numbers(7, 1)
	for _, n := range []int{1, 4, 16, 1000} {
		s, t := numbers(0, n), numbers(0, n)
		run := func(what string, f func()) {
			b.Run(fmt.Sprintf("%s-%d", what, n), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					f()
				}
			})
		}
		run("append", func() { value.Concat(s, one) })
		run("prepend", func() { value.Concat(one, s) })
		run("consume", func() {
			for u := s; !u.Empty(); u = u.Tail() {
				u.Head()
			}
		})
		run("index", func() {
			for i := 0; ; i++ {
				if _, ok := s.At(i); !ok {
					break
				}
			}
		})
		run("compare", func() { value.Compare(s, t) })
		var keys value.Keys
		keys.Of(s)
		run("key", func() { keys.Of(value.SeqOf(s.All()...)) }) // SeqOf forgets the key
		run("build", func() {
			u := value.SeqOf()
			for range n {
				u = value.Concat(u, one)
			}
		})
	}
}
