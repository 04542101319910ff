package specs_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/golang"
)

// Each process of lib/go.csp and the machine of package golang are the same in
// FD, in both directions.
func TestGoLibrary(t *testing.T) {
	ids := []string{"a", "b", "c"}
	values := golang.Range(0, 2)
	for _, tt := range []struct {
		instance, process string
		machine           func(events *model.Events) (*model.Machine, error)
	}{
		{"GoChan({0..2})", "CHAN", func(e *model.Events) (*model.Machine, error) { return golang.ChanMachine("x", e, 0, values) }},
		{"GoBuffer(1, {0..2})", "CHAN", func(e *model.Events) (*model.Machine, error) { return golang.ChanMachine("x", e, 1, values) }},
		{"GoBuffer(3, {0..2})", "CHAN", func(e *model.Events) (*model.Machine, error) { return golang.ChanMachine("x", e, 3, values) }},
		{"GoNil", "CHAN", func(e *model.Events) (*model.Machine, error) { return golang.NilChanMachine("x", e) }},
		{"GoMutex", "MUTEX", func(e *model.Events) (*model.Machine, error) { return golang.MutexMachine("x", e) }},
		{"GoRWMutex(1)", "RWMUTEX", func(e *model.Events) (*model.Machine, error) { return golang.RWMutexMachine("x", e, 1) }},
		{"GoRWMutex(3)", "RWMUTEX", func(e *model.Events) (*model.Machine, error) { return golang.RWMutexMachine("x", e, 3) }},
		{"GoWaitGroup(1, {a})", "WAITGROUP", func(e *model.Events) (*model.Machine, error) {
			return golang.WaitGroupMachine("x", e, 1, "a")
		}},
		{"GoWaitGroup(3, {a, b})", "WAITGROUP", func(e *model.Events) (*model.Machine, error) {
			return golang.WaitGroupMachine("x", e, 3, ids[:2]...)
		}},
		{"GoCond({a, b, c})", "COND", func(e *model.Events) (*model.Machine, error) { return golang.CondMachine("x", e, ids...) }},
		{"GoOnce", "ONCE", func(e *model.Events) (*model.Machine, error) { return golang.OnceMachine("x", e) }},
		{"GoSemaphore(0)", "SEMAPHORE", func(e *model.Events) (*model.Machine, error) { return golang.SemaphoreMachine("x", e, 0) }},
		{"GoSemaphore(3)", "SEMAPHORE", func(e *model.Events) (*model.Machine, error) { return golang.SemaphoreMachine("x", e, 3) }},
		{"GoContext", "CONTEXT", func(e *model.Events) (*model.Machine, error) { return golang.ContextMachine("x", e) }},
		{"GoVar({0..2}, 1)", "VAR", func(e *model.Events) (*model.Machine, error) { return golang.VarMachine("x", e, values, 1) }},
	} {
		t.Run(tt.instance, func(t *testing.T) {
			equivalent(t, "lib/go.csp", tt.instance, tt.process, tt.machine)
		})
	}
}

// What the machines call an event that the libraries call otherwise.
var goNames = strings.NewReplacer("x::comm", "x", "x::panic.x::", "x.panic.", "x::", "x.")

// spelled returns the states of a process of a library as a machine.
func spelled(t *testing.T, sys explore.System, events *model.Events) *model.Machine {
	t.Helper()
	b := model.NewMachine("library", events)
	b.Initial("0")
	_, err := explore.Run(context.Background(), sys, explore.Limits{}, func(v *explore.Visit) bool {
		for i, e := range v.Steps.Events {
			b.On(fmt.Sprint(v.State), goNames.Replace(sys.Events().Name(e)), fmt.Sprint(v.Targets[i]))
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A thing that cannot be is refused, rather than taken for something else.
func TestGoLibraryRefuses(t *testing.T) {
	for _, tt := range []struct{ instance, process, want string }{
		{"GoBuffer(0, {0..2})", "CHAN", "a GoBuffer has a capacity of 1 or more"},
		{"GoBuffer(-1, {0..2})", "CHAN", "a GoBuffer has a capacity of 1 or more"},
		{"GoWaitGroup(0, {0..2})", "WAITGROUP", "a GoWaitGroup counts to 1 or more"},
		{"GoWaitGroup(-1, {0..2})", "WAITGROUP", "a GoWaitGroup counts to 1 or more"},
	} {
		refused(t, "lib/go.csp", tt.instance, tt.process, tt.want)
	}
}
