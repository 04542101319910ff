package process

import (
	"encoding/binary"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// A view is a process made deterministic, on demand.
type view struct {
	space  *Space
	normal *lts.Normal
	key    []byte // of the process
}

// A viewed process is seen by its traces, or by its failures.
type viewed struct {
	key  string
	keep lts.Keep
}

// view returns what t does, as traces or failures.
func (s *Space) view(t *Term, keep lts.Keep) *view {
	s.mainOnly()
	key := viewed{string(s.Keys.Append(nil, t)), keep}
	v := s.normals[key]
	if v == nil {
		check := func(*lts.Normal) error { s.Spend(64); return nil }
		n, err := lts.NewNormal(&bare{s, t}, keep, check)
		if err != nil {
			panic(err) // faults come as panics
		}
		v = &view{s, n, []byte(key.key)}
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

// initials returns the events that may follow at a node.
func (v *view) initials(x lts.Node) []model.Event {
	events, err := v.normal.Initials(x, nil)
	if err != nil {
		panic(err)
	}
	return events
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
	t := b.space.byID.at(int(s[0]))
	work := b.space.workOf(t)
	for k := range work.trans {
		out.Add(work.trans[k].Event, uint64(b.space.next(t, work, k).id))
	}
	return nil
}

// Deter returns a deterministic process with the traces of t.
func (s *Space) Deter(t *Term) *Term { return s.Offer(&deter{s.view(t, lts.Traces), 0}) }

// A deter is a node of a view: it offers what may follow.
type deter struct {
	*view
	node lts.Node
}

func (d *deter) Branches() []Branch {
	var out []Branch
	for _, e := range d.initials(d.node) {
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
