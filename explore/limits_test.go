package explore_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

func TestLimits(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	late, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	for _, tt := range []struct {
		name   string
		ctx    context.Context
		limits explore.Limits
		want   string
	}{
		{"all states", context.Background(), explore.Limits{States: 1 << 12}, ""},
		{"all but one", context.Background(), explore.Limits{States: 1<<12 - 1}, "more than 4095 states"},
		{"one", context.Background(), explore.Limits{States: 1}, "more than 1 states"},
		{"little memory", context.Background(), explore.Limits{Memory: 1 << 10}, "more than 1.0 KiB of memory"},
		{"little time", context.Background(), explore.Limits{Time: 1}, "longer than 1ns"},
		{"much of all", context.Background(), explore.Limits{Memory: 1 << 40, Time: time.Hour}, ""},
		{"cancelled", cancelled, explore.Limits{}, "cancelled"},
		{"deadline", late, explore.Limits{}, "longer than its deadline allows"},
	} {
		s, err := explore.Run(tt.ctx, newCube(12, 1), tt.limits, nil)
		got := ""
		if err != nil {
			limit, ok := err.(*explore.Limit)
			if !ok {
				t.Fatalf("%s: error %v is not a limit", tt.name, err)
			}
			got = limit.Reason
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if tt.limits.States > 0 && s.States > tt.limits.States {
			t.Errorf("%s: %d states", tt.name, s.States)
		}
	}
}

// A search that a limit on states ends has so many, and knows a path to each.
func TestLimitsKeepPaths(t *testing.T) {
	sys := newCube(6, 1)
	for most := int64(1); most < 1<<6; most++ {
		s, err := explore.Run(context.Background(), sys, explore.Limits{States: most}, nil)
		if err == nil || s.States != most {
			t.Fatalf("%d states of at most %d, %v", s.States, most, err)
		}
		for i := range s.Len() {
			if path, err := s.Path(i); err != nil || len(path) > 0 && path[len(path)-1].State[0] == 0 {
				t.Errorf("of %d states, a path to %d is %v, %v", most, i, path, err)
			}
		}
	}
}

// An endless System is stopped by each limit.
func TestLimitsMidway(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	visits := 0
	_, err := explore.Run(ctx, newCube(60, 1), explore.Limits{}, func(v *explore.Visit) bool {
		if visits++; visits == 1000 {
			cancel()
		}
		return true
	})
	if err == nil || err.Error() != "cancelled" || visits > 2000 {
		t.Errorf("%v after %d visits", err, visits)
	}
	if _, err := explore.Run(context.Background(), newCube(60, 1), explore.Limits{Time: 30 * time.Millisecond}, nil); err == nil || err.Error() != "longer than 30ms" {
		t.Errorf("time: %v", err)
	}
	s, err := explore.Run(context.Background(), newCube(60, 1), explore.Limits{Memory: 64 << 20}, nil)
	if err == nil || err.Error() != "more than 64.0 MiB of memory" {
		t.Errorf("memory: %v", err)
	}
	if s.States < 1<<18 {
		t.Errorf("only %d states in 64 MiB", s.States)
	}
}

// So is a search amid the successors of a single state, of which there are
// more than there is memory: all machines meet, and each may go anywhere.
func TestLimitsAmidAState(t *testing.T) {
	for _, skips := range []int{0, 70} {
		events := model.NewEvents()
		all := append(padding(events, skips), meetAnywhere(events))
		sys := explore.Network(must(model.NewNetwork("N", events, model.Interleave(all...))))
		s, err := explore.Run(context.Background(), sys, explore.Limits{Memory: 128 << 20}, nil)
		if err == nil || err.Error() != "more than 128.0 MiB of memory" || s.States != 1 {
			t.Errorf("%d words: %d states, %v", sys.Width(), s.States, err)
		}
	}
}

// meetAnywhere returns a process whose first event has 4²⁵ outcomes.
func meetAnywhere(events *model.Events) *model.Process {
	b := model.NewMachine("ANYWHERE", events)
	b.Initial("0")
	for _, to := range []string{"0", "1", "2", "3"} {
		b.On("0", "go", to)
	}
	m := must(b.Build())
	ps := make([]*model.Process, 25)
	for i := range ps {
		ps[i] = model.Leaf(m)
	}
	return model.Par(m.Alphabet(), ps...)
}

// In a network that is a component nobody watches: there is a bound.
func TestBoundAmidAStateOfAComponent(t *testing.T) {
	events := model.NewEvents()
	inside := model.Whole(meetAnywhere(events))
	sys := explore.Network(must(model.NewNetwork("N", events, model.Interleave(inside, inside))))
	_, err := explore.Run(context.Background(), sys, explore.Limits{}, nil)
	if l, ok := err.(*explore.Limit); !ok || !strings.HasPrefix(l.Reason, "a state of a component has more than") {
		t.Errorf("%v", err)
	}
}

// A told is a System of one word that says how many bits it has.
type told struct {
	explore.System
	bits int
}

func (x told) Bits() []int { return []int{x.bits} }

// A System that tells of too few bits is found out, before two states are
// taken for one.
func TestBitsAreTold(t *testing.T) {
	run := func(told told) (states int64, panics bool) {
		defer func() { panics = recover() != nil }()
		s, err := explore.Run(context.Background(), told, explore.Limits{States: 1 << 12}, nil)
		if _, ok := err.(*explore.Limit); err != nil && !ok {
			t.Fatal(err)
		}
		return s.States, false
	}
	for _, bits := range []int{40, 41, 58, 59, 64} {
		if states, panics := run(told{newCube(40, 1), bits}); panics || states != 1<<12 {
			t.Errorf("%d bits: %d states, panics %v", bits, states, panics)
		}
	}
	for _, bits := range []int{0, 1, 34, 39} {
		if _, panics := run(told{newCube(40, 1), bits}); !panics {
			t.Errorf("%d bits: states of 40 were taken", bits)
		}
	}
}

func TestProgress(t *testing.T) {
	const enough = 3
	var calls []explore.Stats
	start := time.Now()
	limits := explore.Limits{States: 1 << 23, Progress: func(s explore.Stats) { calls = append(calls, s) }}
	s, err := explore.Run(context.Background(), newCube(60, 1), limits, func(*explore.Visit) bool { return len(calls) < enough })
	took := time.Since(start)
	if err != nil || len(calls) != enough || took < enough*100*time.Millisecond {
		t.Fatalf("%d calls in %v, %v", len(calls), took, err)
	}
	last := explore.Stats{}
	for _, c := range calls {
		if c.States <= last.States || c.Transitions <= last.Transitions || c.Depth < last.Depth || c.Time <= last.Time || c.Memory <= 0 {
			t.Errorf("%+v after %+v", c, last)
		}
		last = c
	}
	if s.States < last.States || s.Transitions < last.Transitions || s.Time < last.Time {
		t.Errorf("%+v after %+v", s.Stats, last)
	}
}
