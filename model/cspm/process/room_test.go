package process

import (
	"errors"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// The elements of a union are listed only if there is room for them.
func TestEventSetsAskForRoom(t *testing.T) {
	numbers := func(from, to int64) value.Set {
		var vs []value.Value
		for n := from; n < to; n++ {
			vs = append(vs, value.Num(n))
		}
		return value.SetOf(vs...)
	}
	pairs := func(from, to int64) value.Set {
		return value.NewProduct(false, numbers(from, to), numbers(0, 100))
	}
	none := errors.New("no room")
	s := NewSpace(&value.Keys{})
	var asked int64
	s.Room = func(bytes int64) error {
		asked = bytes
		return none
	}
	set := value.Set(value.EmptySet)
	for n := range int64(10) { // so many that they are listed when one is asked for
		set = value.Union(set, pairs(5*n, 5*n+6))
	}
	func() {
		defer func() {
			if p := recover(); p != none {
				t.Errorf("%v, not for want of room", p)
			}
		}()
		s.EventSet(set)
	}()
	if want := int64(60 * 100 * listedBytes); asked != want || value.Unlisted(set) != 60*100 {
		t.Errorf("%d bytes were asked for, want %d; %d elements are not listed", asked, want, value.Unlisted(set))
	}
	if n := set.Size(); n != 51*100 || value.Unlisted(set) != 0 {
		t.Errorf("%d elements, %d of them not listed", n, value.Unlisted(set))
	}
}
