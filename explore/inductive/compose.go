package inductive

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
)

// Compose composes a network whose component i has the states of machines[i].
// Its error is an *Unsuited, or one of plan.Check.
func Compose(net *model.Network, machines []*model.Machine, plan Plan) (*Composition, error) {
	c := newComposer(net, machines, plan)
	root, err := c.made(true)
	if u := (*Unsuited)(nil); errors.As(err, &u) && len(c.weights) > 0 {
		// What parts weigh was kept in mind to no avail, and may be the trouble.
		spent := c.spent
		c = newComposer(net, machines, plan)
		c.spent = spent
		root, err = c.made(false)
	}
	if err != nil {
		return nil, err
	}
	out := &Composition{Report: c.report, visible: plan.Visible, net: net, machines: machines, root: root}
	out.labels = make([][]model.Event, len(root.actions))
	for _, r := range root.rules {
		if rule := &c.rules[r]; !rule.gone {
			a := rule.shares[0].action
			out.labels[a] = append(out.labels[a], rule.label)
		}
	}
	return out, nil
}

func newComposer(net *model.Network, machines []*model.Machine, plan Plan) *composer {
	return &composer{
		Plan: plan, net: net, machines: machines, alphabet: model.NewEvents(),
		compressed: map[string]*model.Machine{},
	}
}

// made returns the last part, made with weights or without.
func (c *composer) made(weighed bool) (*part, error) {
	if err := c.start(weighed); err != nil {
		return nil, err
	}
	return c.all()
}

// Local events of composed machines: τ, and then one for each action. ✓ is an
// action like others, and its event is not used.
const firstAction = model.Tick + 1

// A part is a component, or what two parts have become.
//
// Invariant: what a rule that is not gone asks of a part is one of the part's
// actions, and a machine's events are τ and its actions.
type part struct {
	id        int32
	component int32    // of a leaf; otherwise -1
	kids      [2]*part // of what was composed; of a leaf nil
	machine   *model.Machine
	actions   [][]inner // by action, the ways to do it
	internal  []inner   // what has become τ
	leaf      []localAction
	rules     []int32 // that it takes part in; some may be gone

	// With weights:
	change       []load // by action, of what it weighs
	starts, room load   // what it weighs at first, and at most, if nobody else did anything
	scale        *scale // nil if it may weigh whatever it can
}

// An inner is what the two kids do of an action: an action each, or none, -1.
// Of a leaf, it is an index of leaf, and -1.
type inner struct{ left, right int32 }

// A localAction is what a rule asks of a component: its local event, or none,
// -1, and to be reset.
type localAction struct {
	event model.Event
	reset bool
}

// A rule of the network that is being composed.
type rule struct {
	shares []share // by part
	label  model.Event
	gone   bool
}

type share struct{ part, action int32 }

type composer struct {
	Plan
	net      *model.Network
	machines []*model.Machine

	rules   []rule
	parts   []*part    // by id; nil of those that have been composed
	weights []*weights // that bound what a part does
	report  Report
	spent   int

	alphabet   *model.Events             // of all composed machines
	compressed map[string]*model.Machine // by what they were made of
	stored     int                       // bytes of its keys
	key        []byte                    // a buffer
}

// unseen is the label of a rule that the world does not look at.
const unseen = model.Tau

// start makes the components parts, and the rules such of them.
func (c *composer) start(weighed bool) error {
	n := c.net
	if n.Priority() != nil {
		return unsuited("it is under a priority")
	}
	for i, m := range c.machines {
		if m == nil {
			return unsuited("component %s is evaluated on demand", n.Components()[i].Name)
		}
	}
	numbers := make([]map[localAction]int32, len(c.machines))
	c.parts = make([]*part, len(c.machines))
	shareOf := func(component int32, a localAction) share {
		p := c.parts[component]
		if p == nil {
			p = &part{id: component, component: component}
			c.parts[component] = p
			numbers[component] = map[localAction]int32{}
		}
		k, ok := numbers[component][a]
		if !ok {
			k = int32(len(p.leaf))
			numbers[component][a] = k
			p.leaf = append(p.leaf, a)
		}
		return share{component, k}
	}
	c.rules = make([]rule, n.NumRules())
	for r := range c.rules {
		if c.Visible {
			c.rules[r].label = n.Event(r)
		}
		for _, a := range actionsOf(n, r) {
			c.rules[r].shares = append(c.rules[r].shares, shareOf(a.component, a.localAction))
		}
		if err := c.spend(len(c.rules[r].shares)); err != nil {
			return err
		}
		for _, s := range c.rules[r].shares {
			p := c.parts[s.part]
			p.rules = append(p.rules, int32(r))
		}
	}
	if weighed {
		var err error
		if c.weights, err = c.weigh(); err != nil {
			return err
		}
		c.report.Weights = len(c.weights)
	}
	for _, p := range c.parts {
		if p == nil {
			continue
		}
		c.report.Components++
		if _, err := c.form(p, nil); err != nil {
			return err
		}
	}
	return nil
}

// A componentAction is a component's part in a rule.
type componentAction struct {
	component int32
	localAction
}

// actionsOf returns what a rule asks of each component that takes part in it
// or is reset by it, by component.
func actionsOf(n *model.Network, r int) []componentAction {
	parts := n.Parts(r)
	out := make([]componentAction, 0, len(parts))
	for _, p := range parts {
		out = append(out, componentAction{p.Component, localAction{p.Event, false}})
	}
	for _, span := range n.Resets(r) {
		for i := span.Lo; i < span.Hi; i++ {
			k, ok := slices.BinarySearchFunc(out[:len(parts)], i, func(a componentAction, i int32) int { return int(a.component - i) })
			if ok {
				out[k].reset = true
			} else {
				out = append(out, componentAction{i, localAction{-1, true}})
			}
		}
	}
	slices.SortFunc(out, func(a, b componentAction) int { return int(a.component - b.component) })
	return out
}

func (c *composer) spend(n int) error {
	before := c.spent
	c.spent += n
	if c.Work > 0 && c.spent > c.Work {
		return unsuited("to compose it takes too much work")
	}
	if before/askedAfter == c.spent/askedAfter {
		return nil
	}
	return c.Check()
}

// all composes parts until one is left.
func (c *composer) all() (*part, error) {
	o := newOrder(c)
	for {
		p, q := o.next()
		if p == nil {
			break
		}
		made, err := c.compose(p, q)
		if err != nil {
			return nil, err
		}
		o.add(made)
		if o.failed != nil {
			return nil, o.failed
		}
	}
	var root *part
	for _, p := range c.parts {
		switch {
		case p == nil:
		case root == nil:
			root = p
		default: // they have nothing in common, or only with many
			made, err := c.compose(root, p)
			if err != nil {
				return nil, err
			}
			root = made
		}
	}
	if root == nil {
		return nil, unsuited("nothing in it ever moves")
	}
	return root, nil
}

// compose makes one part of two.
func (c *composer) compose(p, q *part) (*part, error) {
	if p.id > q.id {
		p, q = q, p
	}
	return c.form(p, q)
}

// form replaces p and q, or the leaf p, whose machine is not made yet, by a
// new part, and returns that. Ways in which they take part in rules become one action if the
// same others, if any, take part with them, and the world sees the same: what
// is outside cannot tell them apart.
func (c *composer) form(p, q *part) (*part, error) {
	made := &part{component: -1}
	if q == nil {
		made = p
	} else {
		made.id, made.kids = int32(len(c.parts)), [2]*part{p, q}
		c.parts = append(c.parts, made)
		c.parts[p.id], c.parts[q.id] = nil, nil
	}
	if err := c.rewrite(made, p, q); err != nil {
		return nil, err
	}
	c.balance(made)
	product, err := c.product(made)
	if err != nil {
		return nil, err
	}
	c.report.product(product)
	begun := time.Now()
	if made.machine, err = c.compress(product); err != nil {
		return nil, err
	}
	c.report.Compressing += time.Since(begun)
	c.report.Compressed = max(c.report.Compressed, made.machine.Len())
	return made, nil
}

// product counts a machine that has been made.
func (r *Report) product(m *model.Machine) {
	r.Machines++
	r.States += m.Len()
	r.Transitions += m.NumTransitions()
	if m.Len() > r.Largest {
		r.Largest, r.Bytes = m.Len(), m.Bytes()
	}
}

// touching returns the rules that p or q takes part in, in order.
func (c *composer) touching(p, q *part) []int32 {
	rules := p.rules
	if q != nil {
		rules = slices.Concat(rules, q.rules)
		slices.Sort(rules)
		rules = slices.Compact(rules)
	}
	return slices.DeleteFunc(rules, func(r int32) bool { return c.rules[r].gone })
}

// quickly is how many shares of a rule are as much work to read as a transition of a
// machine is to compress, at least: a rule of all n parts is read n times.
const quickly = 8

// rewrite makes the rules of p and q rules of made.
func (c *composer) rewrite(made, p, q *part) error {
	rules := c.touching(p, q)
	type way struct {
		inner
		outers []int32 // numbers of what the others do
	}
	var ways []way
	number := map[inner]int32{} // of ways
	of := make([]inner, len(rules))
	outer := make([]int32, len(rules))
	outers := map[string]int32{} // numbers of what others do in a rule; kept, a rule of all n parts would have n keys of that length
	key := c.key
	defer func() { c.key = key }()
	for i, r := range rules {
		rule := &c.rules[r]
		if err := c.spend(1 + len(rule.shares)/quickly); err != nil {
			return err
		}
		in := inner{-1, -1}
		key = binary.LittleEndian.AppendUint32(key[:0], uint32(rule.label))
		rest := 0
		for _, s := range rule.shares {
			switch {
			case s.part == p.id:
				in.left = s.action
			case q != nil && s.part == q.id:
				in.right = s.action
			default:
				rest++
				key = binary.LittleEndian.AppendUint32(key, uint32(s.part))
				key = binary.LittleEndian.AppendUint32(key, uint32(s.action))
			}
		}
		of[i] = in
		if rest == 0 && rule.label == unseen {
			outer[i] = -1
			rule.gone = true
			made.internal = append(made.internal, in)
			continue
		}
		o, ok := outers[string(key)]
		if !ok {
			o = int32(len(outers))
			outers[string(key)] = o
		}
		outer[i] = o
		w, ok := number[in]
		if !ok {
			w = int32(len(ways))
			number[in] = w
			ways = append(ways, way{inner: in})
		}
		ways[w].outers = append(ways[w].outers, o)
	}
	actions := map[string]int32{}
	action := make([]int32, len(ways))
	for i := range ways {
		w := &ways[i]
		slices.Sort(w.outers)
		key = key[:0]
		for _, o := range slices.Compact(w.outers) {
			key = binary.LittleEndian.AppendUint32(key, uint32(o))
		}
		a, ok := actions[string(key)]
		if !ok {
			a = int32(len(made.actions))
			actions[string(key)] = a
			made.actions = append(made.actions, nil)
		}
		made.actions[a] = append(made.actions[a], w.inner)
		action[i] = a
	}
	made.internal = distinct(made.internal)
	made.rules = nil
	type done struct{ action, outer int32 }
	seen := map[done]bool{}
	for i, r := range rules {
		if outer[i] < 0 {
			continue
		}
		rule := &c.rules[r]
		a := action[number[of[i]]]
		if seen[done{a, outer[i]}] {
			rule.gone = true
			continue
		}
		seen[done{a, outer[i]}] = true
		shares := slices.DeleteFunc(rule.shares, func(s share) bool { return s.part == p.id || q != nil && s.part == q.id })
		rule.shares = append(shares, share{made.id, a})
		slices.SortFunc(rule.shares, func(a, b share) int { return int(a.part - b.part) })
		made.rules = append(made.rules, r)
	}
	return nil
}

func distinct(ways []inner) []inner {
	slices.SortFunc(ways, func(a, b inner) int {
		if a.left != b.left {
			return int(a.left - b.left)
		}
		return int(a.right - b.right)
	})
	return slices.Compact(ways)
}

// A compression does so many steps before it asks whether to go on.
const askedAfter = 1 << 14

// How many bytes what was compressed may take, to be found again.
const mostStored = 1 << 26

// compress compresses a machine. In a chain of equals that is often one that
// has been compressed before.
func (c *composer) compress(m *model.Machine) (*model.Machine, error) {
	key := make([]byte, 0, 8*(m.Len()+m.NumTransitions()))
	for s := range model.State(m.Len()) {
		events, targets := m.Transitions(s)
		key = binary.LittleEndian.AppendUint32(key, uint32(len(events)))
		for i, e := range events {
			key = binary.LittleEndian.AppendUint32(key, uint32(e))
			key = binary.LittleEndian.AppendUint32(key, uint32(targets[i]))
		}
	}
	if done := c.compressed[string(key)]; done != nil {
		c.report.Again++
		return done, nil
	}
	if err := c.spend(m.Len() + m.NumTransitions()); err != nil {
		return nil, err
	}
	done, err := lts.Compress(m, c.Keep, func() error { return c.spend(askedAfter) })
	if err == nil && c.stored < mostStored {
		c.stored += len(key)
		c.compressed[string(key)] = done
	}
	return done, err
}

// events makes the alphabet large enough for so many actions.
func (c *composer) events(actions int) *model.Events {
	for c.alphabet.Len() < int(firstAction)+actions {
		c.alphabet.Event(actionName(c.alphabet.Len() - int(firstAction)))
	}
	return c.alphabet
}

func actionName(i int) string {
	var b []byte
	for ; i > 0 || len(b) == 0; i /= 26 {
		b = append(b, byte('a'+i%26))
	}
	return string(b)
}
