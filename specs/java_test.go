package specs_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/golang"
	"github.com/cspcheck/cspcheck/model/java"
)

// Each process of lib/java.csp and the machine of package java are the same in
// FD, in both directions. A field of Java is a variable of Go.
func TestJavaLibrary(t *testing.T) {
	type made func(events *model.Events) (*model.Machine, error)
	monitor := func(holds int, spurious bool, threads ...string) made {
		return func(e *model.Events) (*model.Machine, error) {
			return java.MonitorMachine("x", e, holds, spurious, threads...)
		}
	}
	lock := func(o java.LockOptions, threads ...string) made {
		return func(e *model.Events) (*model.Machine, error) { return java.LockMachine("x", e, o, threads...) }
	}
	pool := func(size java.Size, tasks ...string) made {
		return func(e *model.Events) (*model.Machine, error) { return java.PoolMachine("x", e, size, tasks...) }
	}
	ab, abc := []string{"a", "b"}, []string{"a", "b", "c"}
	for _, tt := range []struct {
		instance, process string
		machine           made
	}{
		{"JavaMonitor({a}, 1, false)", "MONITOR", monitor(1, false, "a")},
		{"JavaMonitor({a, b}, 2, false)", "MONITOR", monitor(2, false, ab...)},
		{"JavaMonitor({a, b}, 3, true)", "MONITOR", monitor(3, true, ab...)},
		{"JavaMonitor({a, b, c}, 1, false)", "MONITOR", monitor(1, false, abc...)},
		{"JavaMonitor({a, b, c}, 2, true)", "MONITOR", monitor(2, true, abc...)},
		{"JavaLock({a}, diff({0}, {0}), 1, true, false)", "JAVALOCK", lock(java.LockOptions{Holds: 1, Fair: true}, "a")},
		{"JavaLock({a, b, c}, diff({0}, {0}), 1, true, false)", "JAVALOCK", lock(java.LockOptions{Holds: 1, Fair: true}, abc...)},
		{"JavaLock({a, b, c}, diff({0}, {0}), 2, false, false)", "JAVALOCK", lock(java.LockOptions{Holds: 2}, abc...)},
		{"JavaLock({a, b}, {0, 1}, 2, true, true)", "JAVALOCK", lock(java.LockOptions{Holds: 2, Fair: true, Spurious: true, Conditions: []string{"0", "1"}}, ab...)},
		{"JavaLock({a, b, c}, {0}, 1, true, false)", "JAVALOCK", lock(java.LockOptions{Holds: 1, Fair: true, Conditions: []string{"0"}}, abc...)},
		{"JavaLock({a, b, c}, {0, 1}, 1, false, false)", "JAVALOCK", lock(java.LockOptions{Holds: 1, Conditions: []string{"0", "1"}}, abc...)},
		{"JavaLock({a, b, c}, {0}, 2, false, true)", "JAVALOCK", lock(java.LockOptions{Holds: 2, Spurious: true, Conditions: []string{"0"}}, abc...)},
		{"JavaPool(1, 1, 1, {a})", "POOL", pool(java.Fixed(1), "a")},
		{"JavaPool(2, 2, 3, {a, b, c})", "POOL", pool(java.Fixed(2), abc...)},
		{"JavaPool(0, 2, 0, {a, b, c})", "POOL", pool(java.Cached(2), abc...)},
		{"JavaPool(1, 2, 1, {a, b, c})", "POOL", pool(java.Size{Core: 1, Max: 2, Queue: 1}, abc...)},
		{"JavaPool(0, 2, 1, {a, b, c})", "POOL", pool(java.Size{Core: 0, Max: 2, Queue: 1}, abc...)},
		{"JavaPool(1, 3, 0, {a, b, c})", "POOL", pool(java.Size{Core: 1, Max: 3}, abc...)},
		{"JavaFuture({0..2})", "FUTURE", func(e *model.Events) (*model.Machine, error) { return java.FutureMachine("x", e, "0", "1", "2") }},
		{"JavaQueue(1, {0..2})", "QUEUE", func(e *model.Events) (*model.Machine, error) { return java.QueueMachine("x", e, 1, "0", "1", "2") }},
		{"JavaQueue(3, {0..1})", "QUEUE", func(e *model.Events) (*model.Machine, error) { return java.QueueMachine("x", e, 3, "0", "1") }},
		{"JavaField({0..2}, 1)", "FIELD", func(e *model.Events) (*model.Machine, error) {
			return golang.VarMachine("x", e, golang.Range(0, 2), 1)
		}},
	} {
		t.Run(tt.instance, func(t *testing.T) { equivalent(t, "lib/java.csp", tt.instance, tt.process, tt.machine) })
	}
}

// A thing that cannot be is refused, rather than taken for something else.
func TestJavaLibraryRefuses(t *testing.T) {
	for _, tt := range []struct{ instance, process, want string }{
		{"JavaMonitor({1}, 0, false)", "MONITOR", "a thread holds a JavaMonitor 1 time or more"},
		{"JavaLock({1}, {1}, 0, false, false)", "JAVALOCK", "a thread holds a JavaLock 1 time or more"},
		{"JavaQueue(0, {1})", "QUEUE", "a JavaQueue has a capacity of 1 or more"},
		{"JavaPool(0, 0, 0, {1})", "POOL", "a JavaPool has 0 <= core <= max threads"},
		{"JavaPool(2, 1, 0, {1})", "POOL", "a JavaPool has 0 <= core <= max threads"},
		{"JavaPool(-1, 1, 0, {1})", "POOL", "a JavaPool has 0 <= core <= max threads"},
		{"JavaPool(1, 1, -1, {1})", "POOL", "a JavaPool has 0 <= core <= max threads"},
	} {
		refused(t, "lib/java.csp", tt.instance, tt.process, tt.want)
	}
}

// equivalent holds a process of a library, and a machine, to be the same in FD.
func equivalent(t *testing.T, library, instance, process string, machine func(*model.Events) (*model.Machine, error)) {
	t.Helper()
	source := "include \"" + library + "\"\ndatatype ID = a | b | c\ninstance x = " + instance + "\n"
	script, err := cspm.Load("test.csp", []byte(source), cspm.Options{Open: os.ReadFile})
	if err != nil {
		t.Fatal(err)
	}
	sys, err := script.Process(context.Background(), explore.Limits{}, "x::"+process)
	if err != nil {
		t.Fatal(err)
	}
	events := model.NewEvents()
	theirs := spelled(t, sys, events)
	ours, err := machine(events)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := theirs.Alphabet().Text(events), ours.Alphabet().Text(events); got != want {
		t.Errorf("%s does %s, the machine %s", library, got, want)
	}
	for _, pair := range [][2]*model.Machine{{theirs, ours}, {ours, theirs}} {
		v, err := deadlock.Refines(context.Background(), explore.Machine(pair[0]), explore.Machine(pair[1]), deadlock.FD, explore.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if v.Answer != deadlock.Holds {
			t.Errorf("%s [FD= %s: %v %v", pair[0].Name(), pair[1].Name(), v.Answer, v.Counterexample)
		}
	}
}

// refused holds an instance of a module to be an error.
func refused(t *testing.T, library, instance, process, want string) {
	t.Helper()
	source := "include \"" + library + "\"\ninstance x = " + instance + "\n"
	script, err := cspm.Load("test.csp", []byte(source), cspm.Options{Open: os.ReadFile})
	if err != nil {
		t.Fatal(err)
	}
	sys, err := script.Process(context.Background(), explore.Limits{}, "x::"+process)
	if err == nil {
		_, err = explore.Run(context.Background(), sys, explore.Limits{}, nil)
	}
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%s: error %v, want one with %q", instance, err, want)
	}
}
