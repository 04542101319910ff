package main

import (
	"context"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
)

// hostileSystem does each hostile name, and comes back.
type hostileSystem struct{ events *model.Events }

func (h hostileSystem) Events() *model.Events    { return h.events }
func (h hostileSystem) Width() int               { return 1 }
func (h hostileSystem) Initial(s []uint64) error { s[0] = 0; return nil }
func (h hostileSystem) Name() string             { return hostileNames[3] }
func (h hostileSystem) Successors(s []uint64, out *explore.Steps) error {
	for i := range hostileNames {
		out.Add(h.events.Event(hostileNames[i]), uint64(i))
	}
	return nil
}

// What probe shows is harmless, and no line is endless.
func TestProbeOfHostileNames(t *testing.T) {
	p, err := newProber(context.Background(), hostileSystem{model.NewEvents()}, explore.Limits{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range hostileNames {
		if err := p.choose(i + 1); err != nil {
			t.Fatal(err)
		}
	}
	v, err := p.view()
	if err != nil {
		t.Fatal(err)
	}
	m := &probeModel{prober: p, title: shortName(hostileNames[3]), width: 80, height: 24, seen: v}
	for _, text := range []string{v.text(), m.page()} {
		for _, line := range strings.Split(text, "\n") {
			if strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f || r == '\u202e' }) || len(line) > 4000 {
				t.Errorf("%.100q", line)
			}
		}
	}
	if len(v.Choices) != len(hostileNames) {
		t.Errorf("%d choices", len(v.Choices))
	}
}
