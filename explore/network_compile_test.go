package explore

import (
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/model"
)

// A server on demand leads what it does with its clients, of whom each waits as often
// as it serves: what is asked in a state is what the server offers, and not every client.
func TestServersOnDemandLead(t *testing.T) {
	const clients = 40
	events := model.NewEvents()
	client := model.NewMachine("CLIENT", events)
	req, gr := events.Event("req"), events.Event("gr")
	client.States(2)
	client.Start(0)
	client.Add(0, req, 1)
	client.Add(1, gr, 0)
	server := model.NewMachine("SERVER", events)
	server.States(1 + clients)
	server.Start(0)
	for i := range clients {
		server.Add(0, events.Event(fmt.Sprint("req.", i)), model.State(1+i))
		server.Add(model.State(1+i), events.Event(fmt.Sprint("gr.", i)), 0)
	}
	one, err := client.Build()
	if err != nil {
		t.Fatal(err)
	}
	many, err := server.Build()
	if err != nil {
		t.Fatal(err)
	}
	b := model.NewRules("N", events)
	for i := range clients {
		b.Component(model.Component{Name: fmt.Sprint("CLIENT", i), Machine: one})
	}
	b.Component(model.Component{Name: "SERVER", Demand: far{many}})
	for i := range int32(clients) {
		for _, local := range []model.Event{req, gr} {
			e := events.Event(fmt.Sprintf("%s.%d", events.Name(local), i))
			b.Rule(e, []model.Part{{Component: i, Event: local}, {Component: clients, Event: e}})
		}
	}
	net, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n := newNetwork(net)
	if got := len(n.led[clients]); got != net.NumRules() {
		t.Errorf("the server leads %d of %d rules", got, net.NumRules())
	}
}
