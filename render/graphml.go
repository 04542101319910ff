package render

import (
	"encoding/xml"
	"fmt"
	"io"
)

// The keys of the data in a GraphML file.
var graphMLKeys = []graphMLKey{
	{ID: "name", For: "node", Name: "name", Type: "string"},
	{ID: "initial", For: "node", Name: "initial", Type: "boolean"},
	{ID: "deadlocked", For: "node", Name: "deadlocked", Type: "boolean"},
	{ID: "terminated", For: "node", Name: "terminated", Type: "boolean"},
	{ID: "beyond", For: "node", Name: "beyond", Type: "int"},
	{ID: "event", For: "edge", Name: "event", Type: "string"},
	{ID: "path", For: "edge", Name: "path", Type: "boolean"},
}

type graphMLKey struct {
	XMLName xml.Name `xml:"key"`
	ID      string   `xml:"id,attr"`
	For     string   `xml:"for,attr"`
	Name    string   `xml:"attr.name,attr"`
	Type    string   `xml:"attr.type,attr"`
	Default string   `xml:"default,omitempty"`
}

type graphMLNode struct {
	XMLName xml.Name      `xml:"node"`
	ID      string        `xml:"id,attr"`
	Data    []graphMLData `xml:"data"`
}

type graphMLEdge struct {
	XMLName xml.Name      `xml:"edge"`
	ID      string        `xml:"id,attr"`
	Source  string        `xml:"source,attr"`
	Target  string        `xml:"target,attr"`
	Data    []graphMLData `xml:"data"`
}

type graphMLData struct {
	Key   string `xml:"key,attr"`
	Value string `xml:",chardata"`
}

// GraphML writes g in GraphML (Brandes et al., "GraphML Progress Report", GD
// 2001), which NetworkX, igraph, Gephi and yEd read: a node s0, s1, ... for
// each state and an edge for each transition, several between two states
// included. Names are as they are, but for characters that XML has no place
// for: those are shown as Go does in a string literal.
func GraphML(w io.Writer, g *Graph) error {
	if err := g.check(); err != nil {
		return err
	}
	on := map[int]bool{}
	for _, k := range g.Path {
		on[k] = true
	}
	e := xml.NewEncoder(w)
	e.Indent("", " ")
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	root := xml.StartElement{Name: xml.Name{Local: "graphml"}, Attr: attrs(
		"xmlns", "http://graphml.graphdrawing.org/xmlns",
		"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance",
		"xsi:schemaLocation", "http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd")}
	graph := xml.StartElement{Name: xml.Name{Local: "graph"}, Attr: attrs("edgedefault", "directed")}
	x := &xmlWriter{Encoder: e}
	x.token(root)
	for _, k := range graphMLKeys {
		if k.Type == "boolean" {
			k.Default = "false"
		}
		x.element(k)
	}
	x.token(graph)
	for i := range g.States {
		x.element(graphMLNode{ID: fmt.Sprint("s", i), Data: g.stateData(i)})
	}
	for i, t := range g.Edges {
		data := []graphMLData{{"event", plain(t.Event)}}
		if on[i] {
			data = append(data, graphMLData{"path", "true"})
		}
		x.element(graphMLEdge{ID: fmt.Sprint("t", i), Source: fmt.Sprint("s", t.From), Target: fmt.Sprint("s", t.To), Data: data})
	}
	x.token(graph.End())
	x.token(root.End())
	if x.err == nil {
		x.err = e.Close()
	}
	if x.err == nil {
		_, x.err = io.WriteString(w, "\n")
	}
	return x.err
}

// stateData is what is told of state i.
func (g *Graph) stateData(i int) []graphMLData {
	s, out := &g.States[i], []graphMLData(nil)
	if s.Name != "" {
		out = append(out, graphMLData{"name", plain(s.Name)})
	}
	for _, is := range []struct {
		key string
		yes bool
	}{{"initial", i == g.Initial}, {"deadlocked", s.Deadlocked}, {"terminated", s.Terminated}} {
		if is.yes {
			out = append(out, graphMLData{is.key, "true"})
		}
	}
	if s.Beyond > 0 {
		out = append(out, graphMLData{"beyond", fmt.Sprint(s.Beyond)})
	}
	return out
}

// attrs makes attributes of names and values.
func attrs(pairs ...string) []xml.Attr {
	var out []xml.Attr
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, xml.Attr{Name: xml.Name{Local: pairs[i]}, Value: pairs[i+1]})
	}
	return out
}

// xmlWriter keeps the first error.
type xmlWriter struct {
	*xml.Encoder
	err error
}

func (x *xmlWriter) token(t xml.Token) {
	if x.err == nil {
		x.err = x.EncodeToken(t)
	}
}

func (x *xmlWriter) element(v any) {
	if x.err == nil {
		x.err = x.Encode(v)
	}
}
