package conform

import (
	"fmt"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
)

// A Recorder notes what a program does. Its zero value is ready; all its
// methods, and those of what it hands out, may be called by several goroutines
// at once. It keeps every entry in memory, about 100 bytes each.
type Recorder struct {
	clock atomic.Int64 // the number given out last

	mu        sync.Mutex
	processes []*Process
}

// A Process is one of the model's, or any other name under which a goroutine
// records. Its entries have no order among themselves but that of their
// numbers.
type Process struct {
	recorder *Recorder
	name     string

	mu     sync.Mutex
	chunks [][]recorded // full but for the last, so that no entry is ever moved
}

const chunk = 512 // entries

type recorded struct {
	event      string
	begin, end int64
	may        []string
	cancelled  bool
}

// Process returns the process of that name, a new one if it is new.
func (r *Recorder) Process(name string) *Process {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.processes {
		if p.name == name {
			return p
		}
	}
	p := &Process{recorder: r, name: name}
	r.processes = append(r.processes, p)
	return p
}

// Record notes an event that happens at just this moment. It claims that all
// events recorded so happened in the order of the calls: hold the lock under
// which they happen, or use Begin.
func (p *Process) Record(event string) {
	p.mu.Lock()
	now := p.recorder.clock.Add(1)
	p.add(recorded{event: event, begin: now, end: now})
	p.mu.Unlock()
}

// Begin is to be called before an operation in which an event happens. While
// it has not ended, the event may have happened or not; may has the channels
// or events that it can be, none standing for any.
func (p *Process) Begin(may ...string) Span {
	p.mu.Lock()
	e := p.add(recorded{begin: p.recorder.clock.Add(1), end: Pending, may: may})
	p.mu.Unlock()
	return Span{p, e}
}

// add keeps an entry; p is locked.
func (p *Process) add(e recorded) *recorded {
	last := len(p.chunks) - 1
	if last < 0 || len(p.chunks[last]) == chunk {
		p.chunks = append(p.chunks, make([]recorded, 0, chunk))
		last++
	}
	p.chunks[last] = append(p.chunks[last], e)
	return &p.chunks[last][len(p.chunks[last])-1]
}

// A Span is an operation that a process has begun.
type Span struct {
	p *Process
	e *recorded // of it
}

// End is to be called after the operation: the event happened since Begin.
// It panics if the span has ended.
func (s Span) End(event string) { s.end(event, false) }

// Cancel says that none of the model's events happened since Begin.
func (s Span) Cancel() { s.end("", true) }

func (s Span) end(event string, cancelled bool) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	e := s.e
	if e.end != Pending {
		panic("conform: a span has ended twice")
	}
	e.event, e.cancelled, e.may = event, cancelled, nil
	e.end = s.p.recorder.clock.Add(1)
}

// Log returns what has been recorded, in the order of Begin. The program may
// go on meanwhile: the log is that of one moment, and what has begun but not
// ended then is pending.
func (r *Recorder) Log() *Log {
	// What happens after this has a greater number, also if a goroutine whose
	// entries are copied below has long gone on when those of the next are: so
	// there is no effect in the log without its cause.
	now := r.clock.Add(1)
	r.mu.Lock()
	processes := slices.Clone(r.processes)
	r.mu.Unlock()
	l := &Log{}
	for _, p := range processes {
		l.Entries = append(l.Entries, p.until(now)...)
	}
	slices.SortFunc(l.Entries, func(a, b Entry) int { return int(min(max(a.Begin-b.Begin, -1), 1)) })
	return l
}

// until returns the entries of a process that have begun by then.
func (p *Process) until(now int64) []Entry {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []Entry
	for _, e := range slices.Concat(p.chunks...) {
		switch {
		case e.begin > now, e.cancelled && e.end < now:
		case e.end > now && e.cancelled:
			// It did not happen by now, either.
		case e.end > now && e.end != Pending:
			out = append(out, Entry{Process: p.name, Begin: e.begin, End: Pending, May: []string{e.event}})
		case e.end == Pending:
			out = append(out, Entry{Process: p.name, Begin: e.begin, End: Pending, May: slices.Clone(e.may)})
		default:
			out = append(out, Entry{Process: p.name, Event: e.event, Begin: e.begin, End: e.end})
		}
	}
	return out
}

// Event returns the name of an event of a channel: Event("c", 1, "A") is
// c.1.A.
func Event(channel string, values ...any) string {
	name := append(make([]byte, 0, 32), channel...)
	for _, v := range values {
		name = append(name, '.')
		switch v := v.(type) {
		case int:
			name = strconv.AppendInt(name, int64(v), 10)
		case string:
			name = append(name, v...)
		default:
			name = fmt.Append(name, v)
		}
	}
	return string(name)
}
