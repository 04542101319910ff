package render

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

// table is philosophers and forks, with somebody who watches all.
func table(n int) *Network {
	var names []string
	var places []int
	var shares []explore.Share
	add := func(name string) int {
		places = append(places, 10*len(places))
		names = append(names, name)
		return places[len(places)-1]
	}
	var phils, forks []int
	for i := range n {
		phils = append(phils, add(fmt.Sprintf("PHIL(%d)", i)))
	}
	for i := range n {
		forks = append(forks, add(fmt.Sprintf("FORK%d", i)))
	}
	watch := add("WATCH")
	for i := range n {
		for _, f := range []int{i, (i + 1) % n} {
			shares = append(shares,
				explore.Share{Event: fmt.Sprintf("picks.%d.%d", i, f), Places: []int{phils[i], forks[f]}},
				explore.Share{Event: fmt.Sprintf("puts.%d.%d", i, f), Hidden: true, Places: []int{phils[i], forks[f]}})
		}
		shares = append(shares, explore.Share{Event: fmt.Sprintf("eats.%d", i), Places: []int{phils[i]}})
		shares = append(shares, explore.Share{Event: "bell", Places: []int{phils[i], phils[(i+1)%n], watch}})
	}
	return NewNetwork("TABLE", places, names, shares)
}

func networks() map[string]*Network {
	b := hostile().Impl
	nasty := &Network{Name: b.Components[0].Name}
	for i, c := range b.Components {
		nasty.Components = append(nasty.Components, NetworkComponent{Name: c.Name, Count: 1, Alone: []Channel{{Name: c.Name, Events: 2}}})
		nasty.Links = append(nasty.Links, Link{Components: []int{i, (i + 1) % len(b.Components), (i + 2) % len(b.Components)}, Count: 1, Channels: []Channel{{Name: c.Name, Hidden: i%2 == 0}}})
	}
	return map[string]*Network{
		"table":       table(3),
		"table-near":  table(5).Near(func(name string) bool { return name == "FORK1" }),
		"table-group": table(100).Grouped(),
		"nasty":       nasty,
		"alone":       NewNetwork("P", []int{0}, []string{"P"}, nil),
	}
}

func TestNetworks(t *testing.T) {
	for name, n := range networks() {
		var b bytes.Buffer
		if err := NetworkDOT(&b, n); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".network.dot", b.Bytes())
		b.Reset()
		if err := NetworkJSON(&b, n); err != nil {
			t.Fatal(err)
		}
		golden(t, name+".network.json", b.Bytes())
	}
	for _, n := range []*Network{{}, {Components: []NetworkComponent{{}}, Links: []Link{{Components: []int{0, 1}}}}} {
		if NetworkDOT(&bytes.Buffer{}, n) == nil || NetworkJSON(&bytes.Buffer{}, n) == nil {
			t.Errorf("%v is drawn", n)
		}
	}
}

func TestFamilies(t *testing.T) {
	for name, want := range map[string]string{
		"PHIL(0)": "PHIL", "PHIL(1, 2)": "PHIL", "P1": "P", "P22": "P", "P #1": "P", "P": "P", "P'": "P'", "12": "12", "(a -> STOP) #1": "(a -> STOP)", "食卓(1)": "食卓",
	} {
		if got := family(name); got != want {
			t.Errorf("%s is of %s, want %s", name, got, want)
		}
	}
}
