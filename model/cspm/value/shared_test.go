package value_test

import (
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// The empty sequence, set and map are there once for all scripts; each
// script numbers them in its own table.
func TestEmptyValuesHaveKeysOfTheirOwn(t *testing.T) {
	empty := []value.Value{value.SeqOf(), value.EmptySet, value.EmptyMap}
	for i, v := range empty {
		var first, second value.Keys
		other := value.SeqOf(value.Num(1)) // of the second script
		first.Of(v)                        // gets the first number of one table
		second.Of(other)                   // which is another value's
		got := second.Of(v)                // in the next
		if got == second.Of(other) {
			t.Errorf("%s has the key of %s", value.Show(v), value.Show(other))
		}
		for _, w := range empty[:i] {
			if got == second.Of(w) {
				t.Errorf("%s has the key of %s", value.Show(v), value.Show(w))
			}
		}
	}
	var k value.Keys
	if k.Of(value.SeqOf()) != k.Of(value.SeqOf(value.Num(1)).Tail()) {
		t.Error("<> and tail(<1>) have different keys")
	}
}
