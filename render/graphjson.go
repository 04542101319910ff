package render

import (
	"encoding/json"
	"io"
)

// graphJSON is the JSON form of a Graph; docs/json.md tells of it.
type graphJSON struct {
	Version     int              `json:"version"`
	Process     string           `json:"process"`
	Initial     *int             `json:"initial"` // null: it is not in this part
	States      []stateJSON      `json:"states"`
	Transitions []transitionJSON `json:"transitions"`
	Path        []int            `json:"path,omitempty"`
}

type stateJSON struct {
	ID         int    `json:"id"`
	Name       string `json:"name,omitempty"`
	Deadlocked bool   `json:"deadlocked,omitempty"`
	Terminated bool   `json:"terminated,omitempty"`
	Beyond     int    `json:"beyond,omitempty"`
}

type transitionJSON struct {
	From  int    `json:"from"`
	Event string `json:"event"`
	To    int    `json:"to"`
}

// GraphJSON writes g as JSON: its states, which are numbered from 0, and its
// transitions. Names are as they are.
func GraphJSON(w io.Writer, g *Graph) error {
	if err := g.check(); err != nil {
		return err
	}
	out := graphJSON{Version: JSONVersion, Process: g.Name, States: []stateJSON{}, Transitions: []transitionJSON{}, Path: g.Path}
	if g.Initial >= 0 {
		out.Initial = &g.Initial
	}
	for i, s := range g.States {
		out.States = append(out.States, stateJSON{i, s.Name, s.Deadlocked, s.Terminated, s.Beyond})
	}
	for _, e := range g.Edges {
		out.Transitions = append(out.Transitions, transitionJSON{e.From, e.Event, e.To})
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(true) // it may end up in a page
	e.SetIndent("", " ")
	return e.Encode(out)
}
