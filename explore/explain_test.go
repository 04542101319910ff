package explore_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

func build(t testing.TB, name, initial string, edges ...[3]string) *model.Machine {
	t.Helper()
	b := model.NewMachine(name, model.NewEvents())
	b.State(initial)
	b.Initial(initial)
	for _, e := range edges {
		b.On(e[0], e[1], e[2])
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestExplainTellsOfOneComponent(t *testing.T) {
	m := build(t, "VM", "idle",
		[3]string{"idle", "coin", "paid"},
		[3]string{"idle", "τ", "off"},
		[3]string{"paid", "coin", "paid"},
		[3]string{"paid", "refund", "idle"},
		[3]string{"paid", "tea", "served"},
		[3]string{"served", "bye", "served"},
		[3]string{"served", "bye", "paid"})
	sys := explore.Machine(m)
	served := -1
	s, err := explore.Run(context.Background(), sys, explore.Limits{}, func(v *explore.Visit) bool {
		if m.StateName(model.State(v.Words[0])) == "served" {
			served = v.State
		}
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	path, err := s.Path(served)
	if err != nil {
		t.Fatal(err)
	}
	got, err := explore.Explain(sys, path)
	if err != nil {
		t.Fatal(err)
	}
	one := func(e string) []explore.Part { return []explore.Part{{Event: e, Label: e}} }
	want := &explore.Behaviour{
		Process:    "VM",
		Components: []explore.Component{{Name: "VM"}},
		Steps: []explore.Step{
			{Event: "coin", Parts: one("coin"), Others: []explore.Branch{{Event: "τ", To: -1}}},
			{Event: "tea", Parts: one("tea"), Others: []explore.Branch{{Event: "coin", To: 1}, {Event: "refund", To: 0}}},
		},
		Loop:  -1,
		Final: []explore.Branch{{Event: "bye", To: 1}, {Event: "bye", To: 2}}, // paid is 1, served the last
		Ends:  []explore.End{{Status: explore.Running, Offers: one("bye")}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant\n%+v", got, want)
	}
}

// A state that the path comes back to has its first place.
func TestExplainOfALoop(t *testing.T) {
	sys := explore.Machine(build(t, "P", "s", [3]string{"s", "τ", "t"}, [3]string{"t", "τ", "s"}, [3]string{"t", "a", "s"}))
	b, err := explore.Explain(sys, []explore.PathStep{{Event: model.Tau, State: []uint64{1}}, {Event: model.Tau, State: []uint64{0}}})
	if err != nil {
		t.Fatal(err)
	}
	want := []explore.Branch{{Event: "a", To: 0}}
	if !reflect.DeepEqual(b.Steps[1].Others, want) {
		t.Errorf("others %+v, want %+v", b.Steps[1].Others, want)
	}
}

func TestExplainSaysWhoTerminated(t *testing.T) {
	m := build(t, "SKIP", "s", [3]string{"s", "✓", "end"})
	b, err := explore.Explain(explore.Machine(m), []explore.PathStep{{Event: model.Tick, State: []uint64{1}}})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Ends) != 1 || b.Ends[0].Status != explore.Terminated || len(b.Final) != 0 {
		t.Errorf("ends %+v, final %+v", b.Ends, b.Final)
	}
}

// teller is a System with a story of its own.
type teller struct{ explore.System }

func (teller) Explain(path []explore.PathStep) (*explore.Behaviour, error) {
	return &explore.Behaviour{Process: "told", Loop: 7}, nil
}

func TestExplainAsksTheExplainer(t *testing.T) {
	sys := teller{explore.Machine(build(t, "STOP", "s"))}
	b, err := explore.Explain(sys, nil)
	if err != nil {
		t.Fatal(err)
	}
	if b.Process != "told" || b.Loop != -1 {
		t.Errorf("%+v", b)
	}
}
