package value

import "testing"

// What all scripts share has the same key in the table of each.
func TestSharedValuesInTwoTables(t *testing.T) {
	var a, b Keys
	a.Of(SetOf(Num(1), Num(2)))
	empty := a.Of(EmptySet)
	b.Of(EmptySet)
	for _, v := range []Value{SetOf(Num(1)), SeqOf(Num(1)), &Tuple{Elems: []Value{Num(1), Num(2)}}, emptySeq, EmptyMap} {
		if b.Of(v) == empty {
			t.Errorf("%s has the key of {}", Show(v))
		}
	}
	if b.Of(filter(IntRange(1, 3), func(Value) bool { return false })) != empty || b.Of(IntRange(1, 0)) != empty {
		t.Error("two empty sets have different keys")
	}
	if b.Of(SeqOf()) != b.Of(&Seq{}) || b.Of(EmptyMap) != b.Of(EmptyMap.Update(Num(1), Num(2)).Delete(Num(1))) {
		t.Error("two empty sequences or maps have different keys")
	}
}
