package explore

import (
	"context"
	"errors"
	"time"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model"
)

// A Checkpoint says when a search is written to a file, and from what it goes
// on. It is for one search, that of a Visitor.
type Checkpoint struct {
	// Write writes a file: what it wants, and last what search writes.
	Write func(search func(*checkpoint.Writer)) error
	// Wrote is told after each Write how many states the search had found, and
	// the error, if there was one: the search goes on. It may be nil.
	Wrote func(states int64, err error)

	// Every and States say when the next file is written: after so much time,
	// and after so many states more. Zero means never. One is written too when
	// a limit ends the search.
	Every  time.Duration
	States int64

	// Resume is where a search goes on, if it is not nil. It stands at what
	// search wrote.
	Resume *checkpoint.Reader

	// Left says that a limit ended the last search, and that it is in the file.
	Left bool

	outcomes []outcome // of parts of the question
	opened   bool      // Resume has been read up to the search
	at       string    // the name of that
}

// A Visitor is what is told of a search that can be kept in a file.
type Visitor struct {
	// Name tells the searches of a question from each other. Where Resume is
	// at another search, this one begins at the beginning, and writes nothing.
	Name  string
	Visit func(*Visit) bool

	// Rows, if not nil, are what Visit gathers most of: they go to disk when the
	// search does. After an error of theirs it ends.
	Rows *Rows

	// Save writes what Visit has gathered, and Load reads it. What does not fit
	// is for r.Fail.
	Save func(w *checkpoint.Writer)
	Load func(r *checkpoint.Reader)

	// Again asks the System again what Visit asked it, beyond successors, about
	// a state with some words. It is nil if Visit asks nothing.
	Again func(words []uint64) error
}

// RunKept is Run for a visitor that can be kept. (Run itself takes no notice
// of limits.Checkpoint.) The visitor must not have a state yet if the search
// is to go on from a file: it is told of the states that come then.
//
// What is wrong with the file is an error: a *checkpoint.Error.
func RunKept(ctx context.Context, sys System, limits Limits, v *Visitor) (*Search, error) {
	c := limits.Checkpoint
	if c == nil {
		return run(ctx, sys, limits, v.Visit, v.Rows, nil)
	}
	k := &keeping{Checkpoint: c, visitor: v, history: history{System: sys, known: Learnt(sys)}, began: time.Now(), beganCPU: CPUTime()}
	c.Left = false
	return run(ctx, k, limits, k.visit, v.Rows, k)
}

// Keeping is a search that is kept in a file now and then.
type keeping struct {
	*Checkpoint
	visitor *Visitor
	history
	began                time.Time
	earlier              time.Duration // the time of the search before it was resumed
	beganCPU, earlierCPU time.Duration // likewise, of processors
	off                  bool          // nothing is written: it is not the search that is resumed
	written              time.Time     // when, last
	states               int64         // how many there were then
	kept                 bool          // it is in the file
	ahead                int           // states below it were found before the search was resumed

	cut  bool    // the search has ended by a limit, and may have forgotten states
	sure Stats   // what had been seen before it forgot them
	left Leaving // likewise
}

// begin looks whether there is something to go on from.
func (k *keeping) begin(r *search) (resumed bool, err error) {
	k.written = time.Now()
	if k.Resume == nil {
		return false, nil
	}
	if err := k.open(); err != nil || k.Resume == nil {
		return false, err
	}
	from := k.Resume
	if k.at != k.visitor.Name {
		k.off = true
		return false, nil
	}
	k.Resume = nil
	if err := r.load(k, from); err != nil {
		return false, err
	}
	k.states, k.kept = r.States, true
	return true, from.Close()
}

// due reports whether a file is to be written now.
func (k *keeping) due(now time.Time, states int64) bool {
	return !k.off && (k.Every > 0 && now.Sub(k.written) >= k.Every || k.Checkpoint.States > 0 && states-k.states >= k.Checkpoint.States)
}

// write writes a file.
func (k *keeping) write(r *search) {
	err := k.lasting(r)
	if err == nil {
		err = k.Write(func(w *checkpoint.Writer) {
			k.save(w)
			r.save(k, w)
		})
	}
	k.written, k.states = time.Now(), r.States
	k.kept = k.kept || err == nil
	if k.Wrote != nil {
		k.Wrote(k.sure.States, err)
	}
}

// lasting drops what the System was asked of states that the search has not
// passed yet: it will be asked again. The error is that the file would not be
// of use.
func (k *keeping) lasting(r *search) error {
	if !k.cut {
		k.sure, k.left = r.Stats, r.left
	}
	if k.strange {
		return errors.New("explore: the question asks the system in a way that cannot be repeated")
	}
	if r.states.onDisk == nil && !r.states.states.has(r.next) {
		return errors.New("explore: what is to be searched could not be read again from disk")
	}
	if !k.cut {
		return nil
	}
	n := len(k.asked)
	for n > 0 && !k.asked[n-1].visited {
		if i, err := r.states.anyNumber(k.words(n - 1)); err != nil {
			return err
		} else if i >= 0 && i < r.next {
			break
		}
		n--
	}
	for i := range n {
		if k.asked[i].visited {
			continue
		}
		if j, err := r.states.anyNumber(k.words(i)); err != nil {
			return err
		} else if j < 0 || j >= r.next {
			return errors.New("explore: the search ended at a state from which it cannot go on")
		}
	}
	k.asked, k.log = k.asked[:n], k.log[:n*r.states.width]
	return nil
}

// forgets notes what has been seen, before some of it is forgotten.
func (k *keeping) forgets(st Stats, left Leaving) {
	if k != nil && !k.cut {
		k.cut, k.sure, k.left = true, st, left
	}
}

// ended writes the file of a search that a limit has ended.
func (k *keeping) ended(r *search, err error) {
	var l *Limit
	if k.off || !errors.As(err, &l) || r.states.n == 0 {
		return
	}
	k.write(r)
	k.Left = k.kept
}

// visit tells the visitor, and notes whether the System has learnt by it.
func (k *keeping) visit(v *Visit) bool {
	more := k.visitor.Visit(v)
	switch learnt := k.learnt(); {
	case k.visitor.Again != nil && learnt:
		k.add(asked{visited: true}, v.Words)
	case learnt && k.known >= 0:
		k.strange = true
	}
	return more
}

// A history is a System, and what it was asked by which it has learnt.
type history struct {
	System
	known   int64 // what Learnt said last
	calls   int
	asked   []asked
	log     []uint64 // words of the states that were asked about
	strange bool     // it has learnt in another way
}

// asked is a question to the System.
type asked struct {
	visited bool   // by the visitor, else for successors
	sum     uint64 // of the successors
}

// Fork makes it a Forker, unless the System learns from its forks: nobody
// notes what these are asked.
func (h *history) Fork() System {
	before := Learnt(h.System)
	fork := Fork(h.System)
	if h.known = Learnt(h.System); h.known != before {
		return nil
	}
	return fork
}

// Bits makes it a Narrow.
func (h *history) Bits() []int { return Bits(h.System) }

func (h *history) Successors(s []uint64, out *Steps) error {
	events, words := len(out.Events), len(out.States)
	err := h.System.Successors(s, out)
	h.calls++
	// Some calls are noted although nothing was learnt: to see, later, that
	// the System is the same.
	if h.learnt() || h.calls&(h.calls-1) == 0 {
		q := asked{}
		if err == nil {
			q.sum = stepsSum(h.Events(), out.Events[events:], out.States[words:])
		}
		h.add(q, s)
	}
	return err
}

// learnt reports whether the System may have learnt something since it was
// last asked whether it has.
func (h *history) learnt() bool {
	before := h.known
	h.known = Learnt(h.System)
	return h.known < 0 || h.known != before
}

func (h *history) add(q asked, words []uint64) {
	h.asked = append(h.asked, q)
	h.log = append(h.log, words...)
}

// words returns the state that a question is about.
func (h *history) words(i int) []uint64 {
	w := h.Width()
	return h.log[i*w : (i+1)*w]
}

// stepsSum returns a checksum of transitions.
func stepsSum(events *model.Events, es []model.Event, states []uint64) uint64 {
	h := hash(states)
	for _, e := range es {
		for _, c := range []byte(events.Name(e)) {
			h = (h ^ uint64(c)) * 0x100000001b3 // as FNV does
		}
		h = mix(h^uint64(uint32(e)), 0x9e3779b97f4a7c15)
	}
	return h
}

// again asks the System all that it was asked.
func (k *keeping) again(from *checkpoint.Reader, check func() error) error {
	old := k.history
	other := func() error {
		from.Fail("the process does other things than when it was written: other limits, or another version of the program, may have made it otherwise")
		return from.Err()
	}
	var steps Steps
	for i, q := range old.asked {
		if i%1024 == 0 {
			if err := check(); err != nil {
				return err
			}
		}
		words := old.words(i)
		if q.visited {
			if k.visitor.Again == nil {
				return other()
			}
			if err := k.visitor.Again(words); err != nil {
				return err
			}
			continue
		}
		steps.Reset()
		switch err := k.System.Successors(words, &steps); {
		case q.sum == 0: // it was an error, or a limit
		case err != nil:
			return err
		case stepsSum(k.Events(), steps.Events, steps.States) != q.sum:
			return other()
		}
	}
	k.history = old
	k.learnt()
	return nil
}
