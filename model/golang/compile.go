package golang

import (
	bytes "encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model"
)

// A graph is the statements of a function as nodes.
type graph struct {
	f         *Func
	nodes     []*node
	slots     map[*Local]int
	vars      []*Local
	breaks    *node
	continues *node
	returns   *node // what runs when the function ends
	problems  []error
}

// A node is a place in a function. It is an operation (cases), an assignment
// (set), a condition (cond), or the end (none of them).
type node struct {
	id       int
	at, text string
	cases    []opCase
	set      *Local
	to       Expr
	cond     Expr
	yes, no  *node
	hasty    bool // it has a default: it waits for nobody
}

type opCase struct {
	guard Expr // nil: always
	op    *op
	next  *node
}

// A frame is the variables of a goroutine and their values.
type frame struct {
	slots  map[*Local]int
	values []int
}

func (f *frame) get(v *Local) int { return f.values[f.slots[v]] }

func (b *graph) wrong(format string, args ...any) {
	b.problems = append(b.problems, fmt.Errorf("func %s: "+format, append([]any{b.f.name}, args...)...))
}

func (b *graph) add(n *node) *node {
	n.id = len(b.nodes)
	b.nodes = append(b.nodes, n)
	return n
}

// use makes room for the variables of expressions.
func (b *graph) use(exprs ...Expr) {
	for _, x := range exprs {
		if x == nil {
			b.wrong("an expression is nil")
			continue
		}
		x.uses(func(v *Local) {
			if v == nil {
				b.wrong("an expression, its function or a variable is nil")
				return
			}
			if _, ok := b.slots[v]; ok {
				return
			}
			if err := v.typ.check(); err != nil {
				b.wrong("variable %s: %w", v.name, err)
			}
			b.slots[v] = len(b.vars)
			b.vars = append(b.vars, v)
		})
	}
}

// loop builds the body of a loop.
func (b *graph) loop(body block, again, after *node) *node {
	outer, inner := b.breaks, b.continues
	b.breaks, b.continues = after, again
	first := body.build(b, again)
	b.breaks, b.continues = outer, inner
	return first
}

// closure builds the body of a function inside of the function.
func (b *graph) closure(body block, after *node) *node {
	breaks, continues, returns := b.breaks, b.continues, b.returns
	b.breaks, b.continues, b.returns = nil, nil, after
	first := body.build(b, after)
	b.breaks, b.continues, b.returns = breaks, continues, returns
	return first
}

// end returns the node where the function ends.
func (b *graph) end() *node { return b.returns }

// body builds the statements of the function itself. What is deferred stands
// for the end of all that comes after it.
func (b *graph) body(stmts block) *node {
	for i, s := range stmts {
		if d, ok := s.(*deferral); ok {
			first := d.stmts.build(b, b.returns)
			before := b.returns
			b.returns = first
			rest := b.body(stmts[i+1:])
			b.returns = before
			return stmts[:i].build(b, rest)
		}
	}
	return stmts.build(b, b.returns)
}

// A routine is a function as a machine, over events of its own.
type routine struct {
	f       *Func
	machine *model.Machine
	actions map[model.Event]*action
	most    map[*Func]int // how often a run starts other functions; unbounded if it may be any number
}

const unbounded = -1

// A place is a local state while a machine is made: a node and the values of
// the variables; or it has not started, or crashed.
type place struct {
	kind   placeKind
	node   *node
	values []int
	spins  bool // it does nothing for ever
}

type placeKind int

const (
	at placeKind = iota
	unborn
	crashed
)

// A lister follows a function through its places.
type lister struct {
	*graph
	number map[string]model.State
	places []place
	edges  []edge
	events *model.Events
	acts   map[model.Event]*action
}

type edge struct {
	from  model.State
	event model.Event
	to    model.State
}

// compile makes the machine of a function. A goroutine that is not main
// starts by an event, and ends where it began.
func compile(f *Func, main bool) (*routine, error) {
	g := &graph{f: f, slots: map[*Local]int{}}
	for _, p := range f.params {
		g.use(p)
	}
	g.returns = g.add(&node{text: "end"})
	entry := g.body(f.body)
	if len(g.problems) > 0 {
		return nil, errors.Join(g.problems...)
	}
	x := &lister{graph: g, number: map[string]model.State{}, events: model.NewEvents(), acts: map[model.Event]*action{}}
	zero := make([]int, len(g.vars))
	for i, v := range g.vars {
		zero[i] = v.typ.Zero()
	}
	if main {
		x.visit(x.settle(entry, zero))
	} else {
		x.visit(place{kind: unborn})
	}
	for i := 0; i < len(x.places); i++ {
		if len(x.places) > Most {
			return nil, fmt.Errorf("func %s has more than %d states", f.name, Most)
		}
		x.expand(model.State(i), entry, zero, main)
	}
	return x.routine(main)
}

// visit returns the number of a place.
func (x *lister) visit(p place) model.State {
	key := []byte{byte(p.kind)}
	if p.kind == at {
		key = bytes.AppendUvarint(key, uint64(p.node.id))
		for _, v := range p.values {
			key = bytes.AppendVarint(key, int64(v))
		}
	}
	s, ok := x.number[string(key)]
	if !ok {
		s = model.State(len(x.places))
		x.number[string(key)] = s
		x.places = append(x.places, p)
	}
	return s
}

// settle goes on from a node to where a step is, or the end.
func (x *lister) settle(n *node, values []int) place {
	values = slices.Clone(values)
	f := &frame{x.slots, values}
	seen := map[string]bool{}
	for {
		switch {
		case n.cond != nil:
			if n.cond.eval(f) != 0 {
				n = n.yes
			} else {
				n = n.no
			}
		case n.set != nil:
			v := n.to.eval(f)
			if !n.set.typ.Has(v) {
				return place{node: x.misfit(n, n.set, v), values: values}
			}
			values[x.slots[n.set]] = v
			n = n.yes
		default:
			return place{node: n, values: values}
		}
		key := fmt.Sprint(n.id, values)
		if seen[key] {
			return place{node: n, values: values, spins: true}
		}
		seen[key] = true
	}
}

// misfit returns a node whose only step passes a limit.
func (x *lister) misfit(n *node, v *Local, value int) *node {
	o := &op{alts: func(*frame) []alt { return outside(n.at, v, value) }}
	return &node{id: -1 - n.id, at: n.at, text: n.text, cases: []opCase{{op: o, next: x.returns}}}
}

// expand adds the edges of a place.
func (x *lister) expand(s model.State, entry *node, zero []int, main bool) {
	p := x.places[s]
	switch {
	case p.kind == crashed:
		x.finish(s)
		return
	case p.kind == unborn:
		x.finish(s)
		x.starts(s, entry, zero)
		return
	case p.spins:
		x.edges = append(x.edges, edge{s, model.Tau, s})
		return
	case p.node == x.graph.end() && len(p.node.cases) == 0:
		x.finish(s)
		return
	}
	f := &frame{x.slots, p.values}
	for _, c := range p.node.cases {
		if c.guard != nil && c.guard.eval(f) == 0 {
			continue
		}
		for _, a := range c.op.alts(f) {
			a.does.hasty = p.node.hasty
			x.edges = append(x.edges, edge{s, x.event(a.does), x.after(p, c, a, main)})
		}
	}
}

// after returns where an alternative leads.
func (x *lister) after(p place, c opCase, a alt, main bool) model.State {
	if a.does.crashes || a.does.beyond != "" {
		return x.visit(place{kind: crashed})
	}
	values := slices.Clone(p.values)
	for _, b := range a.set {
		if b.to == nil {
			continue
		}
		if !b.to.typ.Has(b.value) {
			return x.visit(place{node: x.misfit(p.node, b.to, b.value), values: p.values})
		}
		values[x.slots[b.to]] = b.value
	}
	next := c.next
	if a.next != nil {
		next = a.next
	}
	q := x.settle(next, values)
	if !main && q.node == x.returns && x.f.most > 0 {
		q = place{kind: unborn} // another may have its place
	}
	return x.visit(q)
}

// finish adds a ✓.
func (x *lister) finish(s model.State) {
	x.edges = append(x.edges, edge{s, model.Tick, -1})
}

// starts adds the ways in which a goroutine begins, one for each choice of
// arguments.
func (x *lister) starts(s model.State, entry *node, zero []int) {
	values := slices.Clone(zero)
	var each func(i int)
	each = func(i int) {
		if i < len(x.f.params) {
			for v := x.f.params[i].typ.lo; v <= x.f.params[i].typ.hi; v++ {
				values[i] = v
				each(i + 1)
			}
			return
		}
		q := x.settle(entry, values)
		if q.node == x.returns && x.f.most > 0 {
			q = place{kind: unborn}
		}
		e := x.events.Event(starting + x.f.call(values[:len(x.f.params)]))
		x.edges = append(x.edges, edge{s, e, x.visit(q)})
	}
	each(0)
}

// event returns the local event of an action. Different actions get different
// events, whatever their labels, and none gets one of those by which rules start
// and rule goroutines.
func (x *lister) event(a action) model.Event {
	if a.silent {
		return model.Tau
	}
	for i := 1; ; i++ {
		name := a.label
		if i > 1 {
			name = fmt.Sprintf("%s (%d)", a.label, i)
		}
		_, known := x.events.Lookup(name)
		e := x.events.Event(name)
		old, ok := x.acts[e]
		if name == killed || name == busy || known && !ok { // it starts the goroutine
			continue
		}
		if !ok {
			x.acts[e] = &a
			return e
		}
		if old.same(&a) {
			return e
		}
	}
}

func (a *action) same(b *action) bool {
	return a.world == b.world && slices.Equal(a.parts, b.parts) && a.meets == b.meets && a.sends == b.sends &&
		a.value == b.value && a.starts == b.starts && slices.Equal(a.args, b.args) &&
		a.crashes == b.crashes && a.beyond == b.beyond && a.idle == b.idle && a.hasty == b.hasty
}

// routine returns what was listed, as a machine without differences that no
// longer matter.
func (x *lister) routine(main bool) (*routine, error) {
	b := model.NewMachine(x.f.name, x.events)
	class, n := x.classes()
	member := make([][]model.State, n)
	for s, c := range class {
		member[c] = append(member[c], model.State(s))
	}
	used := map[string]bool{}
	for _, ms := range member {
		name := x.describe(ms)
		for i := 2; used[name]; i++ {
			name = fmt.Sprintf("%s (%d)", x.describe(ms), i)
		}
		used[name] = true
		b.State(name)
	}
	done := b.State(over)
	for _, e := range x.edges {
		to := done
		if e.to >= 0 {
			to = model.State(class[e.to])
		}
		b.Add(model.State(class[e.from]), e.event, to)
	}
	b.Start(0)
	m, err := b.Build()
	if err != nil {
		return nil, err
	}
	return &routine{f: x.f, machine: m, actions: x.acts, most: x.most()}, nil
}

// Names of states and events that are not from the program's text.
const (
	resting  = "not running"
	gone     = "crashed"
	over     = "over"
	starting = "start "
)

// describe names the states of a class: where they are, and the variables
// that are the same in all of them.
func (x *lister) describe(ms []model.State) string {
	p := x.places[ms[0]]
	switch {
	case p.kind == unborn:
		return resting
	case p.kind == crashed:
		return gone
	case p.node == x.returns:
		return "ended"
	}
	var vars []string
	for i, v := range x.vars {
		same := true
		for _, s := range ms {
			same = same && x.places[s].values[i] == p.values[i]
		}
		if same {
			vars = append(vars, fmt.Sprintf("%s=%s", v.name, v.typ.Text(p.values[i])))
		}
	}
	text := strings.TrimSpace(p.node.at + " " + p.node.text)
	if vars != nil {
		text += " [" + strings.Join(vars, " ") + "]"
	}
	return text
}

// classes puts places together that are at the same node and differ only in
// what no longer matters: the coarsest partition that is stable (Moore 1956).
// Classes are numbered by their first place.
func (x *lister) classes() ([]int, int) {
	class := make([]int, len(x.places))
	number := map[string]int{}
	for s, p := range x.places {
		key := fmt.Sprint(p.kind, p.spins)
		if p.kind == at {
			key += fmt.Sprint(p.node.id, p.node.at)
		}
		if _, ok := number[key]; !ok {
			number[key] = len(number)
		}
		class[s] = number[key]
	}
	from := make([][]edge, len(x.places))
	for _, e := range x.edges {
		from[e.from] = append(from[e.from], e)
	}
	for n := len(number); ; n = len(number) {
		number = map[string]int{}
		next := make([]int, len(class))
		for s := range class {
			var out [][2]int
			for _, e := range from[s] {
				to := -1
				if e.to >= 0 {
					to = class[e.to]
				}
				out = append(out, [2]int{int(e.event), to})
			}
			slices.SortFunc(out, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
			key := fmt.Sprint(class[s], slices.Compact(out))
			if _, ok := number[key]; !ok {
				number[key] = len(number)
			}
			next[s] = number[key]
		}
		class = next
		if len(number) == n {
			return class, n
		}
	}
}

// most returns how often a run may start each other function: the most that
// are on a path, or unbounded if some are on a cycle.
func (x *lister) most() map[*Func]int {
	ended := model.State(len(x.places)) // a goroutine that ends is another when it is started again
	next := make([][]edge, len(x.places)+1)
	for _, e := range x.edges {
		if e.to < 0 || x.places[e.to].kind == unborn {
			e.to = ended
		}
		next[e.from] = append(next[e.from], e)
	}
	component := components(next)
	order := make([]int, len(next)) // what follows a place comes before it
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return component[a] - component[b] })
	most := map[*Func]int{}
	for _, a := range x.acts {
		if a.starts != nil {
			most[a.starts] = 0
		}
	}
	for f := range most {
		best := map[int]int{} // by component
		for _, s := range order {
			c := component[s]
			for _, e := range next[s] {
				best[c] = x.longer(f, e, c, component[e.to], best)
			}
		}
		for _, n := range best {
			if n == unbounded || most[f] == unbounded {
				most[f] = unbounded
			} else {
				most[f] = max(most[f], n)
			}
		}
	}
	return most
}

// longer returns how often f is started on the longest path from component c,
// as far as it is known, when there is an edge from it to component d.
func (x *lister) longer(f *Func, e edge, c, d int, best map[int]int) int {
	n := 0
	if a := x.acts[e.event]; a != nil && a.starts == f {
		n = 1
	}
	switch {
	case best[c] == unbounded, best[d] == unbounded, d == c && n > 0:
		return unbounded
	case d == c:
		return best[c]
	}
	return max(best[c], best[d]+n)
}
