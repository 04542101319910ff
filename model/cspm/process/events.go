package process

import (
	"encoding/binary"
	"fmt"
	"iter"

	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/value"
)

// Event returns the number of a complete event.
func (s *Space) Event(d *value.Dot) model.Event {
	if d.Mark != 0 {
		return model.Event(d.Mark)
	}
	k := s.Keys.Of(d)
	if s.main != nil {
		return s.eventOfMain(d, k)
	}
	e, ok := s.number[k]
	if !ok {
		e = s.events.Event(value.Show(d))
		if int(e) != len(s.dots) {
			panic("process: two events are shown as " + value.Show(d))
		}
		s.dots = append(s.dots, d)
		s.number[k] = e
	}
	d.Mark = int32(e)
	return e
}

// Dot returns the value of a visible event.
func (s *Space) Dot(e model.Event) *value.Dot { return s.dots[e] }

// An EventSet is a set of events beside an operator. It answers membership
// by event number.
type EventSet struct {
	space  *Space
	set    value.Set
	except bool // the complement of set
	form   value.Key
	known  []byte // for each event: 0 not yet asked, 1 in, 2 out
	list   []model.Event
}

// EventSet returns set as a set of events. A set of other values, or of
// events that lack fields, is a Fault.
func (s *Space) EventSet(set value.Set) *EventSet { return s.eventSet(set, false) }

// Except returns all events that are not in set.
func (s *Space) Except(set value.Set) *EventSet { return s.eventSet(set, true) }

func (s *Space) eventSet(set value.Set, except bool) *EventSet {
	form := s.Keys.FormOf(set)
	key := setKey{form, except}
	if es := s.sets[key]; es != nil {
		return es
	}
	if l, ok := set.(*value.List); ok {
		for v := range l.All() {
			checkEvent(v)
		}
	} else if s.list(value.Unlisted(set)); value.Most(set) != value.Infinite {
		if v, ok := value.Some(set); ok { // a described set holds values of one type
			checkEvent(v)
		}
	} else if _, ok := set.(*value.Ints); ok {
		value.Fail("%s is a set of integers: a set of events is needed here", value.Short(set))
	}
	es := &EventSet{space: s, set: set, except: except, form: form}
	s.sets[key] = es
	return es
}

// listedBytes is what an element of a set takes that is listed, garbage included.
const listedBytes = 300

// listed reports whether the elements of a set are there already.
func listed(set value.Set) bool {
	_, ok := set.(*value.List)
	return ok
}

// list asks for room for so many elements that are about to be listed.
func (s *Space) list(n int64) {
	const few = 1 << 12
	if n < few {
		return
	}
	if err := s.Room(n * listedBytes); err != nil {
		s.Quit(err)
	}
}

type setKey struct {
	form   value.Key
	except bool
}

func checkEvent(v value.Value) {
	d, ok := v.(*value.Dot)
	switch {
	case !ok || d.Head == nil || d.Head.Type.Name != "Event":
		value.Fail("%s is %s: a set of events is needed here", value.Short(v), v.Kind())
	case !d.Complete():
		value.Fail("%s is not a complete event: write {|%s|} for all events that begin with it", value.Short(v), value.Short(v))
	}
}

// Contains reports whether e, a visible event, is in the set.
func (es *EventSet) Contains(e model.Event) bool {
	if int(e) < len(es.known) && es.known[e] != 0 {
		return es.known[e] == 1
	}
	for int(e) >= len(es.known) {
		es.known = append(es.known, make([]byte, len(es.space.dots)-len(es.known))...)
	}
	es.known[e] = 2
	if es.has(e) {
		es.known[e] = 1
	}
	return es.known[e] == 1
}

// has is Contains without the memory of earlier answers.
func (es *EventSet) has(e model.Event) bool { return es.holds(es.space.dots[e]) }

// holds is has of an event that need not have a number.
func (es *EventSet) holds(d *value.Dot) bool { return es.set.Has(d) != es.except }

// Len is how many events All yields, or more; negative if they are too many
// to go through.
func (es *EventSet) Len() int {
	if es.except {
		return -1
	}
	elems, ok := value.Few(es.set, mostListed)
	if !ok {
		return -1
	}
	return len(elems)
}

// All yields the events of the set that have been met.
func (es *EventSet) All() iter.Seq[model.Event] {
	return func(yield func(model.Event) bool) {
		elems, _ := value.Few(es.set, mostListed)
		for _, v := range elems {
			if e, ok := es.space.number[es.space.Keys.Of(v)]; ok && !yield(e) {
				return
			}
		}
	}
}

// Sets of up to so many events are gone through where that spares asking
// many sets about one event. A network may go through larger ones, if it has
// as many events.
const (
	fewEvents  = 1 << 12
	mostListed = 1 << 17
)

// List returns the events of a set that is no complement, in canonical
// order.
func (es *EventSet) List() []model.Event {
	if es.list == nil {
		if !listed(es.set) {
			es.space.list(value.Most(es.set))
		}
		for _, v := range value.Listed(es.set) {
			checkEvent(v)
			es.list = append(es.list, es.space.Event(v.(*value.Dot)))
		}
	}
	return es.list
}

// ListAt is List, whose Fault has that place.
func (es *EventSet) ListAt(at syntax.Span) []model.Event {
	if es.list != nil {
		return es.list
	}
	defer func() {
		if p := recover(); p != nil {
			if f, ok := p.(*value.Fault); ok {
				f.At = at
			}
			panic(p)
		}
	}()
	return es.List()
}

// A Tie says that From, and every event that extends it, corresponds to To,
// extended likewise.
type Tie struct {
	From, To *value.Dot
	At       syntax.Span // where it stands
}

// A Relation is the ties of a renaming or of a linked parallel.
type Relation struct {
	space  *Space
	ties   []Tie
	form   value.Key
	exact  map[value.Key][]int // the ties whose From is a complete event, by its key
	open   []int               // the other ties
	images map[model.Event][]model.Event
	other  *Relation // the inverse, once made

	inverse  bool     // it was made as the inverse of another
	families []Family // in place of the ties, or nil
	layers   *layer   // the same: renamings around each other, innermost first
	sourced  *sources
}

// Relation returns the relation of the ties. Ties whose two sides cannot be
// extended by the same values are a Fault.
func (s *Space) Relation(ties []Tie) *Relation { return s.relation(ties, false) }

func (s *Space) relation(ties []Tie, inverse bool) *Relation {
	b := []byte{'R', byte(btoi(inverse))}
	for _, t := range ties {
		b = s.Keys.Append(s.Keys.Append(b, t.From), t.To)
	}
	form := s.Keys.Intern(append([]byte{value.TagUser}, b...))
	if r := s.rels[form]; r != nil {
		return r
	}
	r := &Relation{space: s, ties: ties, form: form, inverse: inverse, exact: map[value.Key][]int{}, images: map[model.Event][]model.Event{}}
	for i, t := range ties {
		checkTie(t)
		if t.From.Complete() {
			k := s.Keys.Of(t.From)
			r.exact[k] = append(r.exact[k], i)
		} else {
			r.open = append(r.open, i)
		}
	}
	s.rels[form] = r
	return r
}

// checkTie checks that both sides are events or lack the same fields.
func checkTie(t Tie) {
	for _, d := range []*value.Dot{t.From, t.To} {
		if d.Head == nil || d.Head.Type.Name != "Event" {
			value.Fail("%s is not an event or channel", value.Short(d))
		}
	}
	if t.From.Complete() != t.To.Complete() {
		value.Fail("%s and %s do not lack the same fields", value.Short(t.From), value.Short(t.To))
	}
}

// Images returns the events that e is tied to, without repetition, in the
// order of the ties.
func (r *Relation) Images(e model.Event) []model.Event {
	if out, ok := r.images[e]; ok {
		return out
	}
	if r.layers != nil {
		out := r.layers.images(e)
		r.images[e] = out
		return out
	}
	d := r.space.dots[e]
	var out []model.Event
	if r.families != nil {
		for i := range r.families {
			for _, image := range r.families[i].images(d) {
				out = append(out, r.space.Event(image))
			}
		}
		r.images[e] = out
		return out
	}
	seen := map[model.Event]bool{}
	add := func(i int) {
		if image := r.image(&r.ties[i], d); image != nil {
			if f := r.space.Event(image); !seen[f] {
				seen[f] = true
				out = append(out, f)
			}
		}
	}
	for _, i := range r.exact[r.space.Keys.Of(d)] {
		add(i)
	}
	for _, i := range r.open {
		if r.ties[i].From.IsPrefix(d) {
			add(i)
		}
	}
	r.images[e] = out
	return out
}

// image returns what a tie makes of d, which its From begins. That this is no
// event is a Fault; but an event on a right side need not have one on the
// left, so of an inverse it is nil.
func (r *Relation) image(t *Tie, d *value.Dot) (image *value.Dot) {
	defer func() {
		if p := recover(); p != nil {
			f, ok := p.(*value.Fault)
			switch {
			case !ok:
				panic(p)
			case r.inverse && !f.Limit:
				image = nil
				return
			case f.At == (syntax.Span{}):
				f.At = t.At
			}
			panic(f)
		}
	}()
	to := value.Value(t.To)
	for _, item := range t.From.Rest(d) {
		to = value.Join(to, item)
	}
	image, ok := to.(*value.Dot)
	if !ok || image.Head == nil || !image.Complete() {
		value.Fail("%s is tied to %s, which is not a complete event", value.Short(d), value.Short(to))
	}
	return image
}

// Sources returns the events that are tied to e, in the order of the ties.
func (r *Relation) Sources(e model.Event) []model.Event {
	if r.layers != nil {
		return r.layeredSources(e)
	}
	return r.Inverse().Images(e)
}

// Inverse returns the relation with its sides exchanged.
func (r *Relation) Inverse() *Relation {
	if r.other != nil {
		return r.other
	}
	if r.families != nil {
		r.other = r.space.Families(inverse(r.families))
		return r.other
	}
	ties := make([]Tie, len(r.ties))
	for i, t := range r.ties {
		ties[i] = Tie{t.To, t.From, t.At}
	}
	r.other = r.space.relation(ties, true)
	return r.other
}

// appendSets appends the sets and relation of an operator.
func (t *Term) appendSets(b []byte) []byte {
	set := func(es *EventSet) {
		b = binary.LittleEndian.AppendUint64(b, uint64(es.form)<<1|uint64(btoi(es.except)))
	}
	if t.args.set != nil {
		set(t.args.set)
	}
	for _, es := range t.args.sets {
		set(es)
	}
	if t.args.order != nil {
		b = binary.LittleEndian.AppendUint64(b, uint64(t.args.order.form))
	}
	if t.args.rel != nil {
		b = binary.LittleEndian.AppendUint64(b, uint64(t.args.rel.form))
	}
	if t.args.layers != nil {
		b = binary.LittleEndian.AppendUint64(b, uint64(t.args.layers.key))
	}
	return b
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (es *EventSet) String() string {
	if es.except {
		return fmt.Sprintf("diff(Events, %s)", value.Short(es.set))
	}
	return value.Short(es.set)
}
