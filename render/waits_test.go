package render

import (
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

// One waits for a thousand values that its partner never sends: an edge is
// enough, and for those that it sent before another.
func TestWaitEdgesOfOneReason(t *testing.T) {
	b := &explore.Behaviour{Components: []explore.Component{{Name: "A"}, {Name: "B"}}}
	wait := func(event, reason string) {
		b.Waits = append(b.Waits, explore.Wait{Component: 0, Event: event, Label: event, For: []explore.Blocker{{Component: 1, Reason: reason}}})
	}
	for i := range 1000 {
		wait(fmt.Sprintf("c.%d", i), fmt.Sprintf("never does c.%d", i))
	}
	wait("d.1", "never does d.1 again")
	wait("d.1", "never does d.1 again") // by another of its places
	edges := waitEdges(b, nil)
	if len(edges) != 2 {
		t.Fatalf("%d edges, want 2", len(edges))
	}
	if got, want := edges[0].reason, "never does them"; len(edges[0].events) != 1000 || got != want {
		t.Errorf("%d events, %s; want 1000, %s", len(edges[0].events), got, want)
	}
	if got, want := edges[1].reason, "never does d.1 again"; len(edges[1].events) != 1 || got != want {
		t.Errorf("%v, %s; want d.1, %s", edges[1].events, got, want)
	}
}

// At the foot of a lifeline stands what the words tell of its component.
func TestMainWaits(t *testing.T) {
	wait := func(c int, event string, to int, reason string) explore.Wait {
		return explore.Wait{Component: c, Event: event, Label: event, For: []explore.Blocker{{Component: to, Reason: reason}}}
	}
	b := &explore.Behaviour{Components: []explore.Component{{Name: "A"}, {Name: "B"}, {Name: "C"}}, Waits: []explore.Wait{
		wait(0, "c.1", 1, "never does c.1"), wait(0, "d", 2, "offers only c.3"), wait(0, "c.2", 1, "offers only b"),
		wait(1, "b", 0, "offers only c.1, c.2"),
		wait(2, "d", 0, "never does d"), wait(2, "c.3", 0, "offers only c.2"),
	}}
	for c, want := range []string{"c.2", "b", "d"} {
		if got := mainWaits(b)[c].Event; got != want {
			t.Errorf("%s waits for %s, want %s", b.Components[c].Name, got, want)
		}
	}
}
