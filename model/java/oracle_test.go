package java_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model"
	. "github.com/cspcheck/cspcheck/model/java"
)

// A naive world: what each thread or task is doing, by its name, and since when.
// What happens is told event by event, from what the documents say of it, with
// no owner, queue or count that would have to be kept right.
type world map[string]doing

type doing struct {
	what  string // "", "holds", "queues", "waits", "notified", ...
	holds int
	set   string // the condition
	since int    // the step in which it began
}

func (w world) with(id string, d doing) world {
	out := maps.Clone(w)
	out[id] = d
	return out
}

// who returns those who do something, longest first.
func (w world) who(what string) []string {
	var out []string
	for id, d := range w {
		if d.what == what {
			out = append(out, id)
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if w[a].since != w[b].since {
			return w[a].since - w[b].since
		}
		return strings.Compare(a, b)
	})
	return out
}

func (w world) text() string {
	var out []string
	for _, id := range slices.Sorted(maps.Keys(w)) {
		out = append(out, fmt.Sprint(id, w[id]))
	}
	return strings.Join(out, " ")
}

// An oracle says what an event makes of a world: nothing, if it cannot be.
type oracle func(w world, event string, step int) []world

// one is the only world, if it may be.
func one(may bool, w func() world) []world {
	if !may {
		return nil
	}
	return []world{w()}
}

// monitorOracle is JLS 17.1 and 17.2.
func monitorOracle(most int, spurious bool) oracle {
	return func(w world, event string, step int) []world {
		verb, id := cut(event)
		me := w[id]
		free, mine := len(w.who("holds")) == 0, me.what == "holds"
		waiting := w.who("waits")
		again := doing{"holds", me.holds + 1, "", step}
		switch verb {
		case "lock":
			return one(me.what == "" && free || mine && me.holds < most, func() world { return w.with(id, again) })
		case "deep":
			return one(mine && me.holds == most, func() world { return w })
		case "unlock":
			return one(mine, func() world { return w.with(id, less(me)) })
		case "wait":
			return one(mine, func() world { return w.with(id, doing{"waits", me.holds, "", step}) })
		case "woken":
			return one(me.what == "notified" && free, func() world { return w.with(id, doing{"holds", me.holds, "", step}) })
		case "spuriously":
			return one(me.what == "waits" && spurious, func() world { return w.with(id, doing{"notified", me.holds, "", step}) })
		case "lost":
			return one(mine && len(waiting) == 0, func() world { return w })
		case "notify":
			var out []world
			for _, t := range waiting {
				out = append(out, one(mine, func() world { return w.with(t, doing{"notified", w[t].holds, "", step}) })...)
			}
			return out
		case "notifyAll":
			return one(mine && len(waiting) > 0, func() world {
				out := w
				for _, t := range waiting {
					out = out.with(t, doing{"notified", w[t].holds, "", step})
				}
				return out
			})
		case "throws.illegalMonitorState":
			return one(me.what == "", func() world { return w })
		}
		panic(event)
	}
}

func less(d doing) doing {
	if d.holds--; d.holds == 0 {
		return doing{}
	}
	return d
}

// lockOracle is the documentation of ReentrantLock and Condition. Who was
// signalled queues, with the holds that it had.
func lockOracle(o LockOptions) oracle {
	return func(w world, event string, step int) []world {
		verb, id := cut(event)
		condition := ""
		if rest, c, ok := strings.Cut(verb, "."); ok && rest != "throws" {
			verb, condition = rest, c
		}
		me := w[id]
		free, mine, out := len(w.who("holds")) == 0, me.what == "holds", me.what == ""
		queue := w.who("queues")
		waiting := slices.DeleteFunc(w.who("waits"), func(t string) bool { return w[t].set != condition })
		first := me.what == "queues" && (!o.Fair || queue[0] == id)
		take := func() world { return w.with(id, doing{"holds", max(me.holds, 1), "", step}) }
		more := func() world { return w.with(id, doing{"holds", me.holds + 1, "", step}) }
		same := func() world { return w }
		// Those that are signalled together queue in the order in which they waited.
		signal := func(ts []string) world {
			out := w
			for i, t := range ts {
				out = out.with(t, doing{"queues", w[t].holds, "", step*100 + i - 99})
			}
			return out
		}
		switch verb {
		case "lock":
			if mine {
				return one(me.holds < o.Holds, more)
			}
			return one(free && (first && me.holds == 0 || out && (!o.Fair || len(queue) == 0)), take)
		case "queue":
			return one(out && (!free || o.Fair && len(queue) > 0), func() world { return w.with(id, doing{"queues", 0, "", step*100 - 99}) })
		case "trylock":
			if mine {
				return one(me.holds < o.Holds, more)
			}
			return one(free && out, take)
		case "busy":
			return one(out && !free, same)
		case "deep":
			return one(mine && me.holds == o.Holds, same)
		case "unlock":
			return one(mine, func() world { return w.with(id, less(me)) })
		case "woken":
			return one(free && first && me.holds > 0, take)
		case "await":
			return one(mine, func() world { return w.with(id, doing{"waits", me.holds, condition, step}) })
		case "signal":
			return one(mine && len(waiting) > 0, func() world { return signal(waiting[:1]) })
		case "signalAll":
			return one(mine && len(waiting) > 0, func() world { return signal(waiting) })
		case "lost":
			return one(mine && len(waiting) == 0, same)
		case "spuriously":
			return one(me.what == "waits" && o.Spurious, func() world { return signal([]string{id}) })
		case "throws.illegalMonitorState":
			return one(out, same)
		}
		panic(event)
	}
}

// poolOracle is the documentation of ThreadPoolExecutor. Tasks are queued,
// taken or running; idle workers are somebody called idle, with that many holds;
// and shutdown is somebody, too.
func poolOracle(size Size) oracle {
	return func(w world, event string, step int) []world {
		verb, id := cut(event)
		if id == "" {
			verb = event
		}
		me, idle, down := w[id], w["#idle"].holds, w["#down"].what != ""
		queue := w.who("queued")
		workers := len(w.who("taken")) + len(w.who("running")) + idle
		be := func(what string, moreIdle int) func() world {
			return func() world {
				return w.with(id, doing{what: what, since: step}).with("#idle", doing{holds: idle + moreIdle})
			}
		}
		fresh := me.what == ""
		started := workers < size.Core
		handed := !started && size.Queue == 0 && idle > 0
		queued := !started && len(queue) < size.Queue
		extra := !started && !handed && !queued && workers < size.Max
		switch verb {
		case "execute":
			switch {
			case !fresh || down:
				return nil
			case started, extra:
				return one(true, be("taken", 0))
			case handed:
				return one(true, be("taken", -1))
			case queued && workers == 0:
				return one(true, be("queued", 1))
			}
			return one(queued, be("queued", 0))
		case "rejected":
			return one(fresh && (down || !started && !handed && !queued && !extra), func() world { return w })
		case "take":
			return one(idle > 0 && len(queue) > 0 && queue[0] == id, be("taken", -1))
		case "run":
			return one(me.what == "taken", be("running", 0))
		case "done":
			return one(me.what == "running", be("", 1))
		case "retire":
			return one(idle > 0 && len(queue) == 0 && workers > size.Core && !down, func() world { return w.with("#idle", doing{holds: idle - 1}) })
		case "shutdown":
			return one(true, func() world { return w.with("#down", doing{what: "is"}) })
		case "terminated":
			return one(down && len(queue) == 0 && workers == idle, func() world { return w })
		}
		panic(event)
	}
}

// futureOracle is the documentation of Future, and queueOracle that of
// BlockingQueue; values are somebody.
func futureOracle(w world, event string, _ int) []world {
	verb, v := cut(event)
	if v == "" {
		verb = event
	}
	done, off := w.who("done"), len(w.who("cancelled")) > 0
	pending := len(done) == 0 && !off
	same := func() world { return w }
	switch verb {
	case "complete":
		return one(pending, func() world { return w.with(v, doing{what: "done"}) })
	case "cancel":
		return one(pending || off, func() world { return w.with("it", doing{what: "cancelled"}) })
	case "get":
		return one(slices.Contains(done, v), same)
	case "pending":
		return one(pending, same)
	case "cancelled":
		return one(off, same)
	case "late":
		return one(!pending, same)
	}
	panic(event)
}

func queueOracle(capacity int) oracle {
	return func(w world, event string, step int) []world {
		verb, v := cut(event)
		if v == "" {
			verb = event
		}
		in := w.who("in")
		same := func() world { return w }
		switch verb {
		case "put":
			return one(len(in) < capacity, func() world { return w.with(strconv.Itoa(step), doing{"in", 0, v, step}) })
		case "take":
			return one(len(in) > 0 && w[in[0]].set == v, func() world {
				out := maps.Clone(w)
				delete(out, in[0])
				return out
			})
		case "full":
			return one(len(in) == capacity, same)
		case "empty":
			return one(len(in) == 0, same)
		}
		panic(event)
	}
}

// cut returns an event without the name it ends in, and that.
func cut(event string) (verb, id string) {
	i := strings.LastIndex(event, ".")
	if i < 0 {
		return event, ""
	}
	return event[:i], event[i+1:]
}

// alike walks at random, and holds what is possible to the oracle.
func alike(t *rapid.T, m *model.Machine, o oracle) {
	var events []string
	for e := range m.Alphabet().All() {
		events = append(events, strings.TrimPrefix(m.Events().Name(e), "x."))
	}
	at, worlds := []model.State{m.Initial()}, map[string]world{"": {}}
	var trace []string
	for step := 1; step <= 40; step++ {
		could := map[string]map[string]world{}
		for _, e := range events {
			next := map[string]world{}
			for _, w := range worlds {
				for _, to := range o(w, e, step) {
					next[to.text()] = to
				}
			}
			if len(next) > 0 {
				could[e] = next
			}
			if got := after(m, at, e); (len(got) > 0) != (len(next) > 0) {
				t.Fatalf("after %v: %s is possible: %v, by the documents %v", trace, e, len(got) > 0, len(next) > 0)
			}
		}
		if len(could) == 0 {
			return
		}
		e := rapid.SampledFrom(slices.Sorted(maps.Keys(could))).Draw(t, "event")
		at, worlds, trace = after(m, at, e), could[e], append(trace, e)
	}
}

func TestMachinesDoWhatTheDocumentsSay(t *testing.T) {
	threads := func(t *rapid.T) []string { return []string{"a", "b", "c"}[:rapid.IntRange(1, 3).Draw(t, "threads")] }
	for name, draw := range map[string]func(t *rapid.T) (made, oracle){
		"monitor": func(t *rapid.T) (made, oracle) {
			holds, spurious := rapid.IntRange(1, 3).Draw(t, "holds"), rapid.Bool().Draw(t, "spurious")
			return monitor(holds, spurious, threads(t)...), monitorOracle(holds, spurious)
		},
		"lock": func(t *rapid.T) (made, oracle) {
			o := LockOptions{
				Holds: rapid.IntRange(1, 2).Draw(t, "holds"), Fair: rapid.Bool().Draw(t, "fair"), Spurious: rapid.Bool().Draw(t, "spurious"),
				Conditions: []string{"c", "d"}[:rapid.IntRange(0, 2).Draw(t, "conditions")],
			}
			return lock(o, threads(t)...), lockOracle(o)
		},
		"pool": func(t *rapid.T) (made, oracle) {
			core := rapid.IntRange(0, 2).Draw(t, "core")
			size := Size{core, rapid.IntRange(max(core, 1), 3).Draw(t, "max"), rapid.IntRange(0, 2).Draw(t, "queue")}
			return pool(size, "a", "b", "c", "d"), poolOracle(size)
		},
		"future": func(*rapid.T) (made, oracle) { return future("1", "2"), futureOracle },
		"queue": func(t *rapid.T) (made, oracle) {
			n := rapid.IntRange(1, 3).Draw(t, "capacity")
			return queue(n, "1", "2"), queueOracle(n)
		},
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				make, o := draw(t)
				alike(t, build(t, make), o)
			})
		})
	}
}
