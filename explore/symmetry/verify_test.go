package symmetry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model"
)

// renamed returns a name with the index of one client for that of another.
func renamed(name string, i, j int) string {
	a, b := fmt.Sprint(i), fmt.Sprint(j)
	switch {
	case strings.HasSuffix(name, a):
		return strings.TrimSuffix(name, a) + b
	case strings.HasSuffix(name, b):
		return strings.TrimSuffix(name, b) + a
	}
	return name
}

// exchange maps two clients of a network of n to each other, by their names,
// whether or not that is a symmetry.
func exchange(g *graph, i, j int) *matching {
	m := newMatching(g)
	to := func(u, v int32) {
		if u != v && g.colour[u] == g.colour[v] {
			m.image[u], m.back[v] = v, u
			m.moved = append(m.moved, u)
		}
	}
	for c, f := range g.Fields {
		d := c
		switch c / 2 {
		case i:
			d = 2*j + c%2
		case j:
			d = 2*i + c%2
		}
		to(int32(c), int32(d))
		other := g.Fields[d].Machine
		for s := range model.State(f.Machine.Len()) {
			for t := range model.State(other.Len()) {
				if other.StateName(t) == renamed(f.Machine.StateName(s), i, j) {
					to(g.state(c, s), g.state(d, t))
				}
			}
		}
		for _, e := range g.locals[c].events {
			x, _ := g.locals[c].vertex(e)
			image, _ := f.Machine.Events().Lookup(renamed(f.Machine.Events().Name(e), i, j))
			if y, ok := g.locals[d].vertex(image); ok {
				to(x, y)
			}
		}
	}
	for n, x := range g.events {
		e := model.Event(n)
		if image, ok := g.Net.Events().Lookup(renamed(g.Net.Events().Name(e), i, j)); ok {
			if y := g.events[image]; x != 0 && y != 0 {
				to(x, y)
			}
		}
	}
	return m
}

// spec is one in which a client that has asked is answered before the next,
// and client 0 may be another than the rest.
func spec(g *graph, n int, spoilt string) *Spec {
	event := func(name string, i int) model.Event { return g.Net.Events().Event(fmt.Sprint(name, i)) }
	s := &Spec{Nodes: make([]Node, n+1)}
	for i := range n { // events were numbered client by client: write, ask, answer
		free, busy := &s.Nodes[0], &s.Nodes[i+1]
		if i > 0 || spoilt != "event" {
			free.Events = append(free.Events, event("ask", i))
			free.After = append(free.After, int32(i+1))
		}
		busy.Events, busy.After = []model.Event{event("answer", i)}, []int32{0}
		if i > 0 || spoilt != "acceptance" {
			busy.Acceptances = [][]model.Event{{event("answer", i)}}
		}
		if i == 0 && spoilt == "event in an acceptance" {
			busy.Acceptances[0][0] = event("write", i)
		}
		busy.Diverges = i == 0 && spoilt == "divergence"
		if i == 0 && spoilt == "target" {
			busy.After[0] = 1
		}
		busy.Word = uint64(i + 1)
	}
	return s
}

// A mapping is checked for all that a symmetry has to keep, wherever it comes
// from.
func TestVerifyRefusesWhatIsNone(t *testing.T) {
	for _, tt := range []struct {
		spoilt string
		want   bool
	}{
		{"", true}, {"transition", false}, {"initial state", false}, {"event", false}, {"rule", false}, {"reset", false}, {"cancel", true}, {"cancel's reset", false},
	} {
		g := newGraph(subject(clients(t, 3, tt.spoilt), nil))
		v := newVerifier(g)
		if got := v.verify(exchange(g, 1, 2)); got != tt.want {
			t.Errorf("another %s: %v, want %v", tt.spoilt, got, tt.want)
		}
		m := exchange(g, 1, 2)
		m.image[m.moved[0]], m.image[m.moved[1]] = m.image[m.moved[1]], m.image[m.moved[0]]
		if v.verify(m) {
			t.Errorf("another %s: two images may be exchanged", tt.spoilt)
		}
		m = exchange(g, 1, 2)
		m.image[m.moved[0]] = m.image[m.moved[1]]
		if v.verify(m) {
			t.Errorf("another %s: two may have the same image", tt.spoilt)
		}
	}
	for _, spoilt := range []string{"", "event", "acceptance", "event in an acceptance", "divergence", "target"} {
		x := subject(clients(t, 3, ""), nil)
		x.Spec = spec(newGraph(x), 3, spoilt)
		g := newGraph(x)
		v := newVerifier(g)
		m := exchange(g, 0, 1)
		for _, i := range []int32{1, 2} { // nodes
			u, w := g.base[len(x.Fields)]+i, g.base[len(x.Fields)]+3-i
			m.image[u] = w
			m.moved = append(m.moved, u)
		}
		if got := v.verify(m); got != (spoilt == "") {
			t.Errorf("a specification with another %s: %v", spoilt, got)
		}
		if _, err := Find(x); err != nil {
			t.Errorf("a specification with another %s: %v, and 1 and 2 are interchangeable", spoilt, err)
		} else if got := find(x).order.Int64(); got != map[bool]int64{true: 6, false: 2}[spoilt == ""] {
			t.Errorf("a specification with another %s: %d symmetries", spoilt, got)
		}
	}
}
