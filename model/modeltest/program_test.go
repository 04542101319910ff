package modeltest_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/golang"
	"github.com/cspcheck/cspcheck/model/modeltest"
	"pgregory.net/rapid"
)

func deadlocks(t interface{ Fatal(...any) }, p *golang.Program) bool {
	net, err := p.Network()
	if err != nil {
		t.Fatal(err)
	}
	v, err := deadlock.Free(context.Background(), explore.Network(net), deadlock.F, explore.Limits{}, deadlock.AcceptTermination)
	if err != nil {
		t.Fatal(err)
	}
	return v.Answer == deadlock.Fails
}

// Drawn programs keep to their limits; some are stuck and some are not.
func TestPrograms(t *testing.T) {
	var stuck, all int
	rapid.Check(t, func(t *rapid.T) {
		all++
		if deadlocks(t, modeltest.Programs(3, 3).Draw(t, "program")) {
			stuck++
		}
	})
	t.Logf("%d of %d programs can be stuck", stuck, all)
	if 10*stuck < all || 10*stuck > 9*all {
		t.Errorf("%d of %d programs can be stuck", stuck, all)
	}
}

// A failed is a test that is there to fail.
type failed struct{ testing.TB }

func (failed) Helper()               {}
func (failed) Name() string          { return "shrinks" }
func (failed) Logf(string, ...any)   {}
func (failed) Log(...any)            {}
func (failed) Errorf(string, ...any) {}
func (failed) Error(...any)          {}
func (failed) Fatalf(string, ...any) {}
func (failed) Fatal(...any)          {}
func (failed) FailNow()              {}
func (failed) Fail()                 {}
func (failed) Failed() bool          { return false }

// What a property fails for is as small as can be.
func TestProgramsShrink(t *testing.T) {
	for name, value := range map[string]string{"rapid.seed": "4", "rapid.nofailfile": "true"} {
		old := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		defer flag.Set(name, old)
	}
	var last *golang.Program
	rapid.Check(failed{t}, func(u *rapid.T) {
		p := modeltest.Programs(4, 5).Draw(u, "program")
		if deadlocks(t, p) {
			last = p
			u.Fail()
		}
	})
	if last == nil {
		t.Fatal("no program can be stuck")
	}
	t.Log(last)
	if lines := strings.Count(last.String(), "\n"); lines > 8 {
		t.Errorf("a program of %d lines is left", lines)
	}
}

// What is drawn is said in words when a property fails, not as addresses.
func TestDrawsAreReadable(t *testing.T) {
	for _, x := range []any{
		modeltest.Machines(3, 2).Example(1), modeltest.Pairs(3, 2).Example(1), modeltest.Terms(2).Example(1),
		modeltest.Networks(2).Example(1), modeltest.Programs(2, 2).Example(1),
	} {
		if got := fmt.Sprintf("%#v", x); strings.Contains(got, "0x") || got != fmt.Sprint(x) {
			t.Errorf("%T: %s", x, got)
		}
	}
}
