package process

import (
	"encoding/binary"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A view is a process made deterministic by its traces, on demand.
type view struct {
	space  *Space
	normal *lts.Normal
	key    []byte // of the process
}

// view returns what t does, as traces.
func (s *Space) view(t *Term) *view {
	key := string(s.Keys.Append(nil, t))
	v := s.normals[key]
	if v == nil {
		check := func(*lts.Normal) error { s.Spend(64); return nil }
		n, err := lts.NewNormal(&bare{s, t}, lts.Traces, check)
		if err != nil {
			panic(err) // faults come as panics
		}
		v = &view{s, n, []byte(key)}
		s.normals[key] = v
	}
	return v
}

// after returns where an event leads from a node.
func (v *view) after(x lts.Node, e model.Event) lts.Node {
	y, err := v.normal.After(x, e)
	if err != nil {
		panic(err)
	}
	return y
}

// bare is the term explorer whose faults are panics.
type bare struct {
	space *Space
	root  *Term
}

func (b *bare) Events() *model.Events { return b.space.events }
func (b *bare) Width() int            { return 1 }

func (b *bare) Initial(s []uint64) error {
	s[0] = uint64(b.space.State(b.root).id)
	return nil
}

func (b *bare) Successors(s []uint64, out *explore.Steps) error {
	t := b.space.byID[s[0]]
	work := b.space.workOf(t)
	for k := range work.trans {
		tr := &work.trans[k]
		out.Add(tr.Event, uint64(b.space.next(t, tr, b.space.moves(t, k)).id))
	}
	return nil
}

// Deter returns a deterministic process with the traces of t.
func (s *Space) Deter(t *Term) *Term { return s.Offer(&deter{s.view(t), 0}) }

// A deter is a node of a view: it offers what may follow.
type deter struct {
	*view
	node lts.Node
}

func (d *deter) Branches() []Branch {
	events, err := d.normal.Initials(d.node, nil)
	if err != nil {
		panic(err)
	}
	var out []Branch
	for _, e := range events {
		to := d.space.omega
		if e != model.Tick {
			to = d.space.Offer(&deter{d.view, d.after(d.node, e)})
		}
		out = append(out, Branch{e, to})
	}
	return out
}

func (d *deter) AppendKey(_ *value.Keys, b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, keyDeter), uint32(d.node))
	return append(b, d.key...)
}

func (d *deter) Label(i int) (string, syntax.Span) {
	return d.space.events.Name(d.Branches()[i].Event), syntax.Span{}
}

// TraceWatchdog returns a process that does events of a set as they come,
// until their trace is none of t: then it barks, and stops. It stands at a
// place in the script.
func (s *Space) TraceWatchdog(t *Term, events *EventSet, bark model.Event, at syntax.Span) *Term {
	return s.Offer(&watchdog{s.view(t), events, bark, 0, at})
}

// A watchdog is a node of a view, or Broken.
type watchdog struct {
	*view
	events *EventSet
	bark   model.Event
	node   lts.Node
	at     syntax.Span
}

func (w *watchdog) Branches() []Branch {
	if w.node == lts.Broken {
		return []Branch{{w.bark, w.space.stop}}
	}
	var out []Branch
	for _, e := range w.events.ListAt(w.at) {
		next := *w
		next.node = w.after(w.node, e)
		out = append(out, Branch{e, w.space.Offer(&next)})
	}
	return out
}

func (w *watchdog) AppendKey(_ *value.Keys, b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(append(b, keyWatchdog), uint32(w.node))
	b = binary.LittleEndian.AppendUint32(b, uint32(w.bark))
	b = binary.LittleEndian.AppendUint64(b, uint64(w.events.form))
	return append(b, w.key...)
}

func (w *watchdog) Label(i int) (string, syntax.Span) {
	return w.space.events.Name(w.Branches()[i].Event), syntax.Span{}
}

// Loop returns loop(P) = P ; loop(P), which is written at a place.
func (s *Space) Loop(p *Term, at syntax.Span) *Term { return s.Delay(&loop{s, p, at}) }

type loop struct {
	space *Space
	body  *Term
	at    syntax.Span
}

func (l *loop) Unfold() *Term { return l.space.Make(Seq, l.body, l.space.Delay(l)) }

func (l *loop) AppendKey(k *value.Keys, b []byte) []byte { return k.Append(append(b, keyLoop), l.body) }

func (l *loop) Name() string      { return "" }
func (l *loop) Span() syntax.Span { return l.at }
