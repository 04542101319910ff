package render

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/emicklei/dot"

	"github.com/cspcheck/cspcheck/explore"
)

// A Network is who shares which channels with whom, to be drawn or written.
// It is plain data.
type Network struct {
	Name       string
	Components []NetworkComponent
	Links      []Link
}

// A NetworkComponent is a component, or several that are drawn as one.
type NetworkComponent struct {
	Name  string
	Count int       // how many it stands for
	Alone []Channel // what it does by itself, or with the world around
}

// A Link is the channels on which some components communicate. Of components
// that stand for several, one link may be many, and a link of one is between
// those that it stands for.
type Link struct {
	Components []int // in order, each once
	Count      int   // how many it stands for
	Channels   []Channel
}

// A Channel is a channel, or an event without values.
type Channel struct {
	Name   string `json:"name"`
	Events int    `json:"events"` // of it, that are shared
	Hidden bool   `json:"hidden,omitempty"`

	events map[string]bool // their names, if they are known
}

// NewNetwork groups what components share by who shares it, and by channel.
// Places are numbered as shares number them; names gives the components.
func NewNetwork(name string, components []int, names []string, shares []explore.Share) *Network {
	n := &Network{Name: name}
	at := map[int]int{}
	for i, p := range components {
		at[p] = i
		n.Components = append(n.Components, NetworkComponent{Name: names[i], Count: 1})
	}
	links := map[string]int{}
	for _, s := range shares {
		var who []int
		for _, p := range s.Places {
			if i, ok := at[p]; ok {
				who = append(who, i)
			}
		}
		c, _, _ := strings.Cut(s.Event, ".")
		switch len(who) {
		case 0:
		case 1:
			alone := &n.Components[who[0]].Alone
			*alone = addChannel(*alone, newChannel(c, &s))
		default:
			key := fmt.Sprint(who)
			k, ok := links[key]
			if !ok {
				k = len(n.Links)
				links[key] = k
				n.Links = append(n.Links, Link{Components: who, Count: 1})
			}
			n.Links[k].Channels = addChannel(n.Links[k].Channels, newChannel(c, &s))
		}
	}
	return n
}

func newChannel(name string, s *explore.Share) Channel {
	return Channel{Name: name, Events: 1, Hidden: s.Hidden, events: map[string]bool{s.Event: true}}
}

// addChannel adds a channel, or its events if it is there.
func addChannel(cs []Channel, c Channel) []Channel {
	for i := range cs {
		if x := &cs[i]; x.Name == c.Name && x.Hidden == c.Hidden {
			if x.events == nil || c.events == nil {
				x.Events, x.events = x.Events+c.Events, nil
				return cs
			}
			maps.Copy(x.events, c.events)
			x.Events = len(x.events)
			return cs
		}
	}
	c.events = maps.Clone(c.events) // it may be another's as well
	return append(cs, c)
}

// Grouped returns n with components of one family as one: those whose names
// differ in their arguments or numbers only, such as PHIL(0) and PHIL(1).
func (n *Network) Grouped() *Network {
	out := &Network{Name: n.Name}
	group := make([]int, len(n.Components))
	families := map[string]int{}
	for i, c := range n.Components {
		f := family(c.Name)
		k, ok := families[f]
		if !ok {
			k = len(out.Components)
			families[f] = k
			out.Components = append(out.Components, NetworkComponent{Name: c.Name})
		}
		g := &out.Components[k]
		if g.Count > 0 {
			g.Name = f
		}
		g.Count += c.Count
		for _, a := range c.Alone {
			g.Alone = addChannel(g.Alone, a)
		}
		group[i] = k
	}
	links := map[string]int{}
	for _, l := range n.Links {
		var who []int
		for _, c := range l.Components {
			who = append(who, group[c])
		}
		slices.Sort(who)
		who = slices.Compact(who)
		key := fmt.Sprint(who)
		k, ok := links[key]
		if !ok {
			k = len(out.Links)
			links[key] = k
			out.Links = append(out.Links, Link{Components: who})
		}
		out.Links[k].Count += l.Count
		for _, c := range l.Channels {
			out.Links[k].Channels = addChannel(out.Links[k].Channels, c)
		}
	}
	return out
}

// family is a name without its arguments, or the number at its end.
func family(name string) string {
	f := numbered.ReplaceAllString(name, "")
	if i := strings.Index(f, "("); i > 0 {
		f = f[:i]
	}
	if f = strings.TrimRight(f, "0123456789"); f == "" {
		return name
	}
	return f
}

// numbered ends the names of components that have the same.
var numbered = regexp.MustCompile(` ?#\d+$`)

// Near returns the part of n that is the chosen components and those that
// share a channel with one of them.
func (n *Network) Near(chosen func(name string) bool) *Network {
	near := make([]bool, len(n.Components))
	for i, c := range n.Components {
		near[i] = chosen(c.Name)
	}
	keep := slices.Clone(near)
	touches := func(l *Link) bool { return slices.ContainsFunc(l.Components, func(c int) bool { return near[c] }) }
	for i := range n.Links {
		if touches(&n.Links[i]) {
			for _, c := range n.Links[i].Components {
				keep[c] = true
			}
		}
	}
	out, place := &Network{Name: n.Name}, make([]int, len(keep))
	for i, c := range n.Components {
		if keep[i] {
			place[i] = len(out.Components)
			out.Components = append(out.Components, c)
		}
	}
	for i := range n.Links {
		if l := n.Links[i]; touches(&l) {
			who := make([]int, len(l.Components))
			for k, c := range l.Components {
				who[k] = place[c]
			}
			l.Components = who
			out.Links = append(out.Links, l)
		}
	}
	return out
}

func (n *Network) check() error {
	if len(n.Components) == 0 {
		return fmt.Errorf("render: a network without components")
	}
	for _, l := range n.Links {
		for _, c := range l.Components {
			if c < 0 || c >= len(n.Components) {
				return fmt.Errorf("render: component %d of %d shares a channel", c, len(n.Components))
			}
		}
	}
	return nil
}

// What a picture of a network holds.
const (
	someChannels = 5 // at a link
	someAlone    = 3 // at a component
)

// NetworkDOT draws n: a box for each component, with what it does by itself in
// small print; a line between two that share channels, and a diamond where
// more than two do something together; what is hidden dashed.
func NetworkDOT(w io.Writer, n *Network) error {
	if err := n.check(); err != nil {
		return err
	}
	components, links := 0, 0
	more, hidden := false, false
	for _, c := range n.Components {
		components += c.Count
	}
	for _, l := range n.Links {
		links += l.Count
		more = more || len(l.Components) > 2
		hidden = hidden || slices.ContainsFunc(l.Channels, func(c Channel) bool { return c.Hidden })
	}
	legend := count(components, "component") + ", " + count(links, "link")
	if hidden {
		legend += " · dashed: hidden"
	}
	if more {
		legend += " · diamond: all of them together"
	}
	d := newDrawing(processName(n.Name), "", legend)
	d.Attrs("rankdir", "LR", "nodesep", "0.3", "ranksep", "0.9")
	names := n.names()
	nodes := make([]dot.Node, len(n.Components))
	for i, c := range n.Components {
		nodes[i] = d.node(fmt.Sprintf("c%06d", i), n.componentLook(&c, names[i])...)
	}
	for i := range n.Links {
		d.link(i, &n.Links[i], nodes)
	}
	return d.write(w)
}

// names are the components' names, all different.
func (n *Network) names() []string {
	var cs []explore.Component
	for _, c := range n.Components {
		cs = append(cs, explore.Component{Name: c.Name})
	}
	return componentNames(cs, maxName)
}

func (n *Network) componentLook(c *NetworkComponent, name string) []any {
	text := "<B>" + escape(name) + slack(name) + "</B>"
	if c.Count > 1 {
		text = fmt.Sprintf("<B>%s</B> × %s", escape(name)+slack(name), number(c.Count))
	}
	if len(c.Alone) > 0 {
		small := "alone: " + strings.Join(firstOf(channelNames(c.Alone), someAlone), ", ")
		text += `<BR/><FONT POINT-SIZE="9" COLOR="` + grey + `">` + escape(small) + slack(small) + "</FONT>"
	}
	attrs := []any{"label", dot.HTML(text), "shape", "box", "style", "rounded,filled", "fillcolor", paleBlue, "color", blue, "margin", "0.12,0.06"}
	if c.Count > 1 {
		attrs = append(attrs, "peripheries", "2", "style", "filled")
	}
	return attrs
}

// link draws a link: what is hidden apart from what is not.
func (d *drawing) link(i int, l *Link, nodes []dot.Node) {
	for _, hidden := range []bool{false, true} {
		var cs []Channel
		for _, c := range l.Channels {
			if c.Hidden == hidden {
				cs = append(cs, c)
			}
		}
		if len(cs) == 0 {
			continue
		}
		attrs := []any{"arrowhead", "none", "label", lines(firstOf(channelNames(cs), someChannels)), "fontsize", "10"}
		if l.Count > 1 {
			attrs[3] = lines(append(firstOf(channelNames(cs), someChannels), "in "+count(l.Count, "link")))
		}
		if hidden {
			attrs = append(attrs, "style", "dashed", "color", grey, "fontcolor", grey)
		}
		switch who := l.Components; len(who) {
		case 1:
			d.edge(nodes[who[0]], nodes[who[0]], attrs...)
		case 2:
			d.edge(nodes[who[0]], nodes[who[1]], attrs...)
		default:
			hub := d.node(fmt.Sprintf("l%06d_%v", i, hidden), "label", attrs[3], "shape", "diamond", "style", "filled", "fillcolor", paleGrey,
				"color", grey, "fontsize", "10", "margin", "0.01,0.01")
			for k, c := range who {
				ends := append(slices.Clone(attrs), "label", "")
				if k < (len(who)+1)/2 {
					d.edge(nodes[c], hub, ends...)
				} else {
					d.edge(hub, nodes[c], ends...)
				}
			}
		}
	}
}

// channelNames are names, with how many events there are if there is more
// than one.
func channelNames(cs []Channel) []string {
	var out []string
	for _, c := range cs {
		name := label(c.Name, "", maxEvent)
		if c.Events > 1 {
			name += " (" + number(c.Events) + ")"
		}
		out = append(out, name)
	}
	return out
}

// NetworkJSON writes n as JSON; docs/json.md tells of it.
func NetworkJSON(w io.Writer, n *Network) error {
	if err := n.check(); err != nil {
		return err
	}
	type component struct {
		ID    int       `json:"id"`
		Name  string    `json:"name"`
		Count int       `json:"count"`
		Alone []Channel `json:"alone,omitempty"`
	}
	type link struct {
		Components []int     `json:"components"`
		Count      int       `json:"count"`
		Channels   []Channel `json:"channels"`
	}
	out := struct {
		Version    int         `json:"version"`
		Process    string      `json:"process"`
		Components []component `json:"components"`
		Links      []link      `json:"links"`
	}{JSONVersion, n.Name, nil, []link{}}
	for i, c := range n.Components {
		out.Components = append(out.Components, component{i, c.Name, c.Count, c.Alone})
	}
	for _, l := range n.Links {
		out.Links = append(out.Links, link(l))
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(true) // it may end up in a page
	e.SetIndent("", " ")
	return e.Encode(out)
}
