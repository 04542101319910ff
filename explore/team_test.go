package explore

import (
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Work is done, once by each worker, however soon they sleep, and whether or
// not all do when it comes.
func TestTeamsWakeWhoSleeps(t *testing.T) {
	over := make(chan bool)
	go func() {
		defer close(over)
		for _, patience := range []int64{0, 1, 100} {
			team := newTeamOf(3, patience)
			for i := range 10_000 {
				for i%100 == 0 && team.asleep.Load() < 2 {
					time.Sleep(time.Microsecond)
				}
				var done [3]atomic.Int32
				team.together(func(worker int) { done[worker].Add(1) })
				for worker := range done {
					if n := done[worker].Load(); n != 1 {
						t.Errorf("with patience %d worker %d works %d times", patience, worker, n)
					}
				}
			}
			team.stop()
		}
	}()
	select {
	case <-over:
	case <-time.After(2 * time.Minute):
		t.Fatal("a worker sleeps though there is work")
	}
}

// To look until there is work takes the processor from who would make it, if
// there are not enough for all.
func TestTeamsOfMoreThanRunDoNotWaitAwake(t *testing.T) {
	most := runtime.GOMAXPROCS(0)
	for size := 1; size <= most+2; size++ {
		team := newTeam(size)
		if awake := team.patience.Load() > 0; awake != (size <= most) {
			t.Errorf("of %d workers, %d of which run at a time, each looks %d times", size, most, team.patience.Load())
		}
		team.stop()
	}
}

// A wait that ends late, but awake, makes the next ones more patient, and one that
// sleeps less, within bounds.
func TestTeamsLearnPatience(t *testing.T) {
	team := newTeamOf(1, leastPatience)
	after := func(looks int64) int64 { // the patience, when what is waited for is ready at that look
		left := looks
		team.wait(func() bool { left--; return left <= 0 })
		return team.patience.Load()
	}
	for i, c := range []struct{ looks, want int64 }{
		{1, leastPatience},
		{leastPatience / 2, leastPatience},
		{leastPatience, 2 * leastPatience},
		{leastPatience, 2 * leastPatience},
		{leastPatience + 2, 4 * leastPatience},
		{4*leastPatience + 1, 2 * leastPatience},
		{2*leastPatience + 1, leastPatience},
		{leastPatience + 1, leastPatience},
	} {
		if got := after(c.looks); got != c.want {
			t.Errorf("wait %d: after %d looks patience is %d, not %d", i, c.looks, got, c.want)
		}
	}
	for range 10 {
		after(team.patience.Load())
	}
	if got := team.patience.Load(); got != mostPatience {
		t.Errorf("patience comes to %d, not %d", got, mostPatience)
	}
	none := newTeamOf(1, 0)
	none.wait(func() bool { return true })
	if got := none.patience.Load(); got != 0 {
		t.Errorf("no patience comes to %d", got)
	}
}

// Whoever waits for another worker's part does not wait for one that has panicked.
func TestTeamsFailTogether(t *testing.T) {
	for _, patience := range []int64{0, 1 << 10} {
		team := newTeamOf(3, patience)
		var never atomic.Bool
		fault := func() (fault any) {
			defer func() { fault = recover() }()
			team.together(func(worker int) {
				if worker == 1 {
					if patience == 0 {
						for team.asleep.Load() < 2 {
							time.Sleep(time.Microsecond)
						}
					}
					panic("worker 1")
				}
				team.wait(func() bool { return never.Load() || team.failed() })
			})
			return nil
		}()
		if told, _ := fault.(string); !strings.HasPrefix(told, "worker 1\n") || !strings.Contains(told, "TestTeamsFailTogether") {
			t.Errorf("with patience %d all ends with %v", patience, fault)
		}
		team.stop()
	}
}

// The parts of a span are taken once each, from its ends.
func TestShares(t *testing.T) {
	team := newTeam(3)
	defer team.stop()
	for n := range 40 {
		taken := make([]atomic.Int32, n)
		last := [3]atomic.Int32{}
		team.share(n, func(worker, part int) {
			taken[part].Add(1)
			own := worker*n/3 <= part && part < (worker+1)*n/3
			if own && int(last[worker].Load()) > part {
				t.Errorf("of %d parts worker %d has its own part %d late", n, worker, part)
			} else if own {
				last[worker].Store(int32(part))
			}
		})
		for part := range taken {
			if k := taken[part].Load(); k != 1 {
				t.Errorf("of %d parts, part %d is taken %d times", n, part, k)
			}
		}
	}
}

// What becomes ready while a worker goes to sleep wakes it.
func TestWhoGoesToSleepIsWoken(t *testing.T) {
	team := newTeamOf(1, 0)
	looked := 0
	over := make(chan bool)
	go func() {
		defer close(over)
		team.wait(func() bool {
			if looked++; looked > 1 {
				return true
			}
			go team.wake() // of what is so after this look
			time.Sleep(10 * time.Millisecond)
			return false
		})
	}()
	select {
	case <-over:
	case <-time.After(time.Minute):
		t.Fatal("it sleeps though there is work")
	}
}
