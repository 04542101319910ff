package main

import (
	"math"
	"testing"
	"time"

	"github.com/cspcheck/cspcheck/explore"
)

// Rates are those of the search that counted the states, whatever else was
// done in its phase, and states of composed machines are of no search.
func TestStatsAreOfTheSearch(t *testing.T) {
	found := explore.Stats{States: 1000, Transitions: 3000, Time: 2 * time.Second, CPU: 3 * time.Second, Usage: explore.Usage{Store: explore.StorePacked}}
	w := &stopwatch{laps: map[explore.Phase]lap{explore.Exploring: {9 * time.Second, 18 * time.Second}}}
	s := newStats(w, found)
	for _, x := range []struct{ rate, time, count float64 }{
		{s.Search.StatesPerSecond, 2, 1000},
		{s.Search.TransitionsPerSecond, 2, 3000},
		{s.Search.TransitionsPerCPUSecond, 3, 3000},
	} {
		if math.Abs(x.rate*x.time-x.count) > 1e-6 {
			t.Errorf("%v a second are not %v in %v s", x.rate, x.count, x.time)
		}
	}
	if s := newStats(w, explore.Stats{States: 1000, Transitions: 3000}); s.Search != nil || s.BytesPerState != 0 {
		t.Errorf("without a search there are %+v, %v bytes a state", s.Search, s.BytesPerState)
	}
}
