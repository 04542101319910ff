package value

import (
	"runtime"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A pair is a sequence and the numbers that it should have.
type pair struct {
	s    *Seq
	want []int
}

func nums(vs []int) []Value {
	out := make([]Value, len(vs))
	for i, n := range vs {
		out[i] = Num(int64(n))
	}
	return out
}

// lazily is a rest of one element at a time.
type lazily []int

func (l lazily) Next() *Seq {
	if len(l) == 0 {
		return emptySeq
	}
	return SeqThen(nums(l[:1]), l[1:])
}

// drawnSeqs are sequences made by some operations on each other.
func drawnSeqs(t *rapid.T) []pair {
	const most = 2000
	all := []pair{{emptySeq, nil}}
	one := func(label string) pair { return rapid.SampledFrom(all).Draw(t, label) }
	fresh := func() []int {
		n := rapid.SampledFrom([]int{1, 1, 1, 2, 15, 16, 17, 31, 32, 33, 100}).Draw(t, "n")
		return slices.Collect(func(yield func(int) bool) {
			for i := 0; i < n && yield(i%3); i++ {
			}
		})
	}
	for range rapid.IntRange(1, 60).Draw(t, "operations") {
		var p pair
		switch op := rapid.SampledFrom([]string{"new", "lazy", "^", "^", "^", "^", "^lazy", "push", "pop", "tail", "take", "fill"}).Draw(t, "op"); op {
		case "new":
			p.want = fresh()
			p.s = SeqOf(nums(p.want)...)
		case "lazy":
			p.want = fresh()
			p.s = SeqThen(nil, lazily(p.want))
		case "^", "^lazy":
			a, b := one("a"), one("b")
			var right Value = b.s
			if op == "^lazy" {
				right = &Thunk{Code: giving{b.s}}
			}
			p = pair{Concat(a.s, right), slices.Concat(a.want, b.want)}
		case "push", "pop": // many times at one end
			p = one("a")
			for range rapid.SampledFrom([]int{1, 5, 40, 200}).Draw(t, "times") {
				switch n := len(p.want); {
				case op == "push" && n%2 == 0:
					p = pair{Concat(p.s, SeqOf(Num(7))), append(p.want[:n:n], 7)}
				case op == "push":
					p = pair{Concat(SeqOf(Num(7)), p.s), append([]int{7}, p.want...)}
				case n > 0:
					p = pair{p.s.Tail(), p.want[1:]}
				}
			}
		case "tail":
			if p = one("a"); len(p.want) > 0 {
				p = pair{p.s.Tail(), p.want[1:]}
			}
		case "take":
			p = one("a")
			p.s.Len()
			n := rapid.IntRange(0, len(p.want)).Draw(t, "n")
			p = pair{p.s.Take(n), p.want[:n]}
		case "fill":
			p = one("a")
			p.s.At(rapid.IntRange(0, 50).Draw(t, "i"))
		}
		if len(p.want) <= most {
			all = append(all, p)
		}
	}
	return all
}

// giving is the code of a thunk that has this value.
type giving struct{ v Value }

func (g giving) Force(t *Thunk) Value {
	t.Val, t.Code = g.v, nil
	return t.Val
}

// However a sequence is put together, it is the sequence of its elements, and
// what it was made of is not changed.
func TestSequencesAreTheirElements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var keys Keys
		byKey := map[Key][]int{}
		for _, p := range drawnSeqs(t) {
			sane(t, p.s)
			if p.s.Empty() != (len(p.want) == 0) {
				t.Fatalf("Empty of %v: %v", p.want, p.s.Empty())
			}
			for i, n := range p.want {
				if v, ok := p.s.At(i); !ok || v != Num(int64(n)) {
					t.Fatalf("At(%d) of %v: %v", i, p.want, v)
				}
			}
			if v, ok := p.s.At(len(p.want)); ok {
				t.Fatalf("after the last of %v: %v", p.want, v)
			}
			plain := SeqOf(nums(p.want)...)
			if p.s.Len() != len(p.want) || !slices.Equal(p.s.All(), nums(p.want)) || Compare(p.s, plain) != 0 || Show(p.s) != Show(plain) {
				t.Fatalf("%v is %v", p.want, Show(p.s))
			}
			sane(t, p.s)
			key := keys.Of(p.s)
			if keys.Of(plain) != key {
				t.Fatalf("two keys of %v", p.want)
			}
			if other, ok := byKey[key]; ok && !slices.Equal(other, p.want) {
				t.Fatalf("one key of %v and %v", other, p.want)
			}
			byKey[key] = p.want
		}
	})
}

// sane checks the invariants of a sequence.
func sane(t *rapid.T, s *Seq) {
	if s.more == nil {
		return
	}
	if len(s.elems) == 0 || len(s.more.last) == 0 {
		t.Fatalf("%d elements, then %d, then %d", len(s.elems), s.more.tree.len(), len(s.more.last))
	}
	var check func(*tree)
	check = func(n *tree) {
		if n.leaf != nil {
			if n.size != len(n.leaf) || n.height != 0 || n.left != nil || n.right != nil {
				t.Fatalf("a leaf %+v", n)
			}
			return
		}
		check(n.left)
		check(n.right)
		l, r := n.left, n.right
		if n.size != l.size+r.size || n.height != 1+max(l.height, r.height) || max(l.height, r.height)-min(l.height, r.height) > 1 {
			t.Fatalf("size %d of %d and %d, height %d of %d and %d", n.size, l.size, r.size, n.height, l.height, r.height)
		}
	}
	if s.more.tree != nil {
		check(s.more.tree)
	}
}

// Equal long sequences have equal keys, and different ones different keys:
// what is different may be anywhere, or the length alone.
func TestKeysOfLongSequences(t *testing.T) {
	var keys Keys
	seen := map[Key]int{}
	add := func(n, change int) {
		vs := make([]int, n)
		if change >= 0 {
			vs[change] = 1
		}
		key := keys.Of(SeqOf(nums(vs)...))
		if other, ok := seen[key]; ok {
			t.Errorf("%d elements, changed at %d, have the key of case %d", n, change, other)
		}
		seen[key] = len(seen)
	}
	for _, n := range []int{0, 1, short - 1, short, short + 1, group * group, group*group + 1, 5000} {
		add(n, -1)
		for at := 0; at < n; at += 1 + n/100 {
			add(n, at)
		}
	}
}

// A sequence that grows by one element takes little more memory, at whichever
// end, even if all that came before are kept, with their keys; and so do many
// that go on from one.
func TestGrowingSequencesShare(t *testing.T) {
	const n = 20_000
	one := SeqOf(Num(1))
	for _, tt := range []struct {
		name string
		grow func(s *Seq) *Seq
		most uint64 // bytes an element
	}{
		{"append", func(s *Seq) *Seq { return Concat(s, one) }, 500},
		{"prepend", func(s *Seq) *Seq { return Concat(one, s) }, 500},
		{"both", func(s *Seq) *Seq { return Concat(one, Concat(s, one)) }, 1000},
		{"beside", func(s *Seq) *Seq { Concat(s, one); Concat(one, s); return Concat(s, one) }, 500},
		{"move", func(s *Seq) *Seq { return Concat(s, one).Tail() }, 500},
	} {
		s := SeqOf(nums(make([]int, n))...)
		kept := make([]*Seq, n)
		took := heap(func() {
			for i := range kept {
				s = tt.grow(s)
				kept[i] = s
			}
		})
		if took > tt.most*n {
			t.Errorf("%s: %d bytes an element", tt.name, took/n)
		}
		t.Logf("%s: %d bytes an element", tt.name, took/n)
		var keys Keys
		took = heap(func() {
			for _, s := range kept[:500] {
				keys.Of(s)
			}
		})
		if most := uint64(500); took > most*500 {
			t.Errorf("%s: a key of %d bytes", tt.name, took/500)
		}
		t.Logf("%s: a key of %d bytes", tt.name, took/500)
		runtime.KeepAlive(kept)
		runtime.KeepAlive(&keys)
	}
}

// heap returns how much more memory is in use after f.
func heap(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	f()
	runtime.GC()
	runtime.ReadMemStats(&after)
	return max(after.HeapAlloc, before.HeapAlloc) - before.HeapAlloc
}

// Doubling makes sequences of more elements than anything could list: their
// ends are there, and the rest is a limit.
func TestHugeSequences(t *testing.T) {
	s := SeqOf(nums([]int{1, 2, 3})...)
	for range 40 {
		s = Concat(s, s)
	}
	if s.Len() != 3<<40 || s.Tail().Head() != Num(2) || s.Take(s.Len()-2).Len() != 3<<40-2 {
		t.Errorf("a sequence of %d elements", s.Len())
	}
	if got := Short(s); got == "" || len(got) > 1000 {
		t.Errorf("in a message, it is %s", got)
	}
	for name, f := range map[string]func(){
		"All":     func() { s.All() },
		"At":      func() { s.At(MaxList) },
		"Compare": func() { Compare(s, s.Tail().Tail().Tail()) },
		"Key":     func() { new(Keys).Of(s) },
		"^": func() {
			for {
				s = Concat(s, s)
			}
		},
	} {
		func() {
			defer func() {
				if f, ok := recover().(*Fault); !ok || !f.Limit {
					t.Errorf("%s: no limit", name)
				}
			}()
			f()
		}()
	}
}
