package explore

import (
	"fmt"
	"slices"
	"testing"

	"github.com/cspcheck/cspcheck/model"
)

// served is a network of clients, each of which asks one of some servers, and is
// served before it asks again. A server is what become makes of it.
func served(t *testing.T, clients, servers int, become func(*model.Machine) model.Component) *model.Network {
	t.Helper()
	events := model.NewEvents()
	built := func(b *model.MachineBuilder) *model.Machine {
		m, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	local := func(what string, server int) model.Event { return events.Event(fmt.Sprint(what, server)) }
	global := func(what string, server, client int) model.Event {
		return events.Event(fmt.Sprintf("%s%d.%d", what, server, client))
	}
	client := model.NewMachine("CLIENT", events)
	client.States(1 + servers)
	client.Start(0)
	for s := range servers {
		client.Add(0, local("req", s), model.State(1+s))
		client.Add(model.State(1+s), local("gr", s), 0)
	}
	one := built(client)
	b := model.NewRules("N", events)
	for i := range clients {
		b.Component(model.Component{Name: fmt.Sprint("CLIENT", i), Machine: one})
	}
	for s := range servers {
		server := model.NewMachine(fmt.Sprint("SERVER", s), events)
		server.States(1 + clients)
		server.Start(0)
		for i := range clients {
			server.Add(0, global("req", s, i), model.State(1+i))
			server.Add(model.State(1+i), global("gr", s, i), 0)
			for _, what := range []string{"req", "gr"} {
				e := global(what, s, i)
				b.Rule(e, []model.Part{{Component: int32(i), Event: local(what, s)}, {Component: int32(clients + s), Event: e}})
			}
		}
		b.Component(become(built(server)))
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// A server on demand leads what it does with its clients, of whom each waits as often
// as it serves: what is asked in a state is what the server offers, and not every client.
func TestServersOnDemandLead(t *testing.T) {
	const clients = 40
	net := served(t, clients, 1, func(m *model.Machine) model.Component {
		return model.Component{Name: m.Name(), Demand: far{m}}
	})
	if got := len(newNetwork(net).led[clients]); got != net.NumRules() {
		t.Errorf("the server leads %d of %d rules", got, net.NumRules())
	}
}

// What each of many clients does with a server is listed under what the server is
// in: where it serves one, the others are not looked at.
func TestServersAreLookedAtFirst(t *testing.T) {
	const clients, servers = 100, 2
	net := served(t, clients, servers, func(m *model.Machine) model.Component {
		return model.Component{Name: m.Name(), Machine: m}
	})
	n := newNetwork(net)
	n.makeIndex()
	s := make([]uint64, n.width)
	if err := n.Initial(s); err != nil {
		t.Fatal(err)
	}
	var steps Steps
	for _, event := range []string{"req0.3", "req1.7", ""} {
		steps.Reset()
		if err := n.Successors(s, &steps); err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(steps.Events, func(e model.Event) bool { return net.Events().Name(e) == event })
		if i >= 0 {
			s = slices.Clone(steps.States[i*n.width : (i+1)*n.width])
		}
	}
	if len(steps.Events) != servers {
		t.Fatalf("%d steps where each server serves a client", len(steps.Events))
	}
	looked := 0
	for _, w := range n.index.words {
		for _, l := range w.looks {
			v := s[l.word] >> l.shift & l.mask
			looked += int(l.first[v+1] - l.first[v])
		}
	}
	if looked > clients/4 {
		t.Errorf("%d cases are looked at in a state in which %d are possible", looked, servers)
	}
}
