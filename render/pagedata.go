package render

import (
	"encoding/json"

	"github.com/cspcheck/cspcheck/explore"
)

// How much a page holds. A page of 10 000 steps by 200 components is to open at
// once: the text of states, and the roads not taken, are shortened until it
// fits. What is left out is counted on the page.
const (
	mostData   = 3 << 20 // bytes of JSON
	longestAt  = 120     // columns
	fullName   = 300
	mostRoads  = 25000 // roads not taken in all
	leastRoads = 4     // of a step, whatever
)

// stateWidths are the columns of a state's text, tried one after the other.
var stateWidths = []int{600, 160, 60, 24}

// pageData is what the page's script reads. Texts are indices into Texts, -1
// being none; tuples are arrays to be small.
type pageData struct {
	Sides      []pageSide `json:"sides"`
	Texts      []string   `json:"texts"`
	RevealTaus bool       `json:"revealTaus"`
	json       []byte
}

type pageSide struct {
	Name       string          `json:"name"`
	Components []pageComponent `json:"components"`
	Steps      []pageStep      `json:"steps"`
	Loop       int             `json:"loop"`
	Final      pageRoads       `json:"final"`
}

type pageComponent struct {
	Name  string `json:"name"`  // as lanes show it
	Full  string `json:"full"`  // the whole
	At    int    `json:"at"`    // of its text
	Start int    `json:"start"` // its first state
	End   string `json:"end"`   // its status at the end, if it does not run
}

type pageStep struct {
	Event  int       `json:"e"`
	Silent bool      `json:"q,omitempty"` // τ alone
	Parts  [][4]int  `json:"p,omitempty"` // component, label, place, state after
	Others pageRoads `json:"o"`
}

type pageRoads struct {
	Roads [][2]int `json:"r,omitempty"` // event, the steps before the state that it leads to, or -1
	More  int      `json:"m,omitempty"` // roads that are left out
}

// newPageData shortens what it must.
func newPageData(ce *explore.Counterexample, o HTMLOptions) (*pageData, error) {
	var d *pageData
	for _, wide := range stateWidths {
		m := &pageMaker{pageData: &pageData{RevealTaus: o.RevealTaus}, notation: o.Notation, stateWide: wide, index: map[string]int{}, shorter: map[shorter]int{}}
		m.roads = roadsEach(ce)
		m.side(&ce.Impl, sideName(ce, false))
		if ce.Spec != nil {
			m.side(ce.Spec, sideName(ce, true))
		}
		if d = m.pageData; m.bytes > mostData && wide != stateWidths[len(stateWidths)-1] {
			continue
		}
		var err error
		if d.json, err = json.Marshal(d); err != nil { // escapes <, > and &
			return nil, err
		}
		if len(d.json) <= mostData {
			break
		}
	}
	return d, nil
}

// roadsEach is how many roads not taken of a step there is room for.
func roadsEach(ce *explore.Counterexample) int {
	steps := 1 + len(ce.Impl.Steps)
	if ce.Spec != nil {
		steps += 1 + len(ce.Spec.Steps)
	}
	return max(leastRoads, mostRoads/steps)
}

func sideName(ce *explore.Counterexample, spec bool) string {
	impl := processName(ce.Impl.Process)
	switch {
	case ce.Kind == explore.Nondeterminism && spec:
		return impl + " refuses " + lastEvent(ce)
	case ce.Kind == explore.Nondeterminism:
		return impl + " does " + lastEvent(ce)
	case spec:
		return "The specification, " + specName(ce)
	case ce.Spec != nil:
		return "The implementation, " + impl
	}
	return impl
}

// pageMaker gives each text its index.
type pageMaker struct {
	*pageData
	notation  Notation
	stateWide int
	roads     int
	index     map[string]int
	shorter   map[shorter]int
	bytes     int // of Texts
}

// shorter is a text that has been shortened before.
type shorter struct {
	text string
	wide int
}

func (m *pageMaker) text(s string) int {
	i, ok := m.index[s]
	if !ok {
		i = len(m.Texts)
		m.index[s] = i
		m.Texts = append(m.Texts, s)
		m.bytes += len(s) + len(`"",`)
	}
	return i
}

// some is text of what may be missing.
func (m *pageMaker) some(s string, wide int) int {
	if s == "" {
		return -1
	}
	k := shorter{s, wide}
	i, ok := m.shorter[k]
	if !ok {
		i = m.text(short(s, wide))
		m.shorter[k] = i
	}
	return i
}

// label is an event as it is written here.
func (m *pageMaker) label(event, written string) int {
	if written == "" {
		written = event
	}
	if written == "" {
		written = `""`
	}
	return m.some(written, maxEvent)
}

func (m *pageMaker) side(b *explore.Behaviour, name string) {
	s := pageSide{Name: name, Loop: b.Loop, Components: []pageComponent{}, Steps: []pageStep{}, Final: m.branches(b.Final)}
	names := componentNames(b.Components, maxName)
	for c := range b.Components {
		k := &b.Components[c]
		out := pageComponent{Name: names[c], Full: short(k.Name, fullName), At: m.some(k.At, longestAt), Start: m.some(k.Start, m.stateWide)}
		if c < len(b.Ends) && b.Ends[c].Status != explore.Running {
			out.End = short(string(b.Ends[c].Status), maxEvent)
		}
		s.Components = append(s.Components, out)
	}
	for i := range b.Steps {
		t := &b.Steps[i]
		step := pageStep{Event: m.text(eventName(t, maxEvent)), Silent: silent(t) && (b.Loop < 0 || i < b.Loop), Others: m.branches(t.Others)}
		for _, p := range t.Parts {
			words := m.label(p.Event, m.notation.write(p.Label))
			step.Parts = append(step.Parts, [4]int{p.Component, words, m.some(p.At, longestAt), m.some(p.After, m.stateWide)})
		}
		s.Steps = append(s.Steps, step)
	}
	m.Sides = append(m.Sides, s)
}

func (m *pageMaker) branches(bs []explore.Branch) pageRoads {
	var out pageRoads
	for i, b := range bs {
		if i == m.roads && len(bs) > m.roads+1 {
			out.More = len(bs) - m.roads
			break
		}
		out.Roads = append(out.Roads, [2]int{m.text(branchName(&b)), b.To})
	}
	return out
}
