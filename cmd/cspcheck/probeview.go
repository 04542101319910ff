package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// A probeView is what there is to see where a prober stands. All texts are
// harmless to a terminal.
type probeView struct {
	Head       string // "after 2 steps, 1 more ahead: <a, b>"
	Components []probeComponent
	Choices    []probeChoice
	End        []string // why nothing can happen
}

type probeComponent struct {
	Name, State string
	Moved       bool // in the last step
}

type probeChoice struct {
	Event string // and what it was before it was hidden
	Who   string // takes part
	Ahead bool   // it is the step that is ahead
}

// Of paths that are longer, or states with more choices, it is not told who
// would take part: each is a story of its own.
const (
	longestTold = 500
	mostTold    = 40
)

// How much of a text is shown.
const (
	shownEvents = 8
	shownState  = 100
)

func (p *prober) view() (*probeView, error) {
	v := &probeView{Head: p.head()}
	b, err := explore.Explain(p.sys, p.path[:p.at])
	if err != nil {
		return nil, err
	}
	v.Components = componentsOf(b)
	for _, c := range p.choices {
		choice := probeChoice{Event: shortName(p.name(c.Event))}
		if p.at < len(p.path) {
			next := p.path[p.at]
			choice.Ahead = next.Event == c.Event && slices.Equal(next.State, c.State)
		}
		if p.at < longestTold && len(p.choices) <= mostTold {
			if err := p.tell(&choice, c); err != nil {
				return nil, err
			}
		}
		v.Choices = append(v.Choices, choice)
	}
	if len(p.choices) == 0 {
		v.End = endText(b)
	}
	return v, nil
}

// head says where the prober stands.
func (p *prober) head() string {
	text := "at the beginning"
	if p.at > 0 {
		text = "after " + plural(int64(p.at), "step")
	}
	if ahead := len(p.path) - p.at; ahead > 0 {
		text += fmt.Sprintf(", %d more ahead", ahead)
	}
	tr := p.trace()
	left := ""
	if n := len(tr) - shownEvents; n > 0 {
		tr, left = tr[n:], fmt.Sprintf("… %d more, ", n)
	}
	for i := range tr {
		tr[i] = shortName(tr[i])
	}
	return text + ": <" + left + strings.Join(tr, ", ") + ">"
}

// componentsOf returns the components with their present states, as text.
func componentsOf(b *explore.Behaviour) []probeComponent {
	var out []probeComponent
	for i, c := range b.Components {
		x := probeComponent{Name: shortName(c.Name), State: c.Start}
		for k := range b.Steps {
			for _, part := range b.Steps[k].Parts {
				if part.Component == i {
					x.State, x.Moved = part.After, k == len(b.Steps)-1
				}
			}
		}
		if i < len(b.Ends) && b.Ends[i].Status != explore.Running {
			x.State = string(b.Ends[i].Status)
		}
		x.State = render.Short(strings.Join(strings.Fields(x.State), " "), shownState)
		out = append(out, x)
	}
	return out
}

// tell says what was hidden, and who takes part.
func (p *prober) tell(choice *probeChoice, c explore.PathStep) error {
	b, err := explore.Explain(p.sys, append(slices.Clone(p.path[:p.at]), c))
	if err != nil {
		return err
	}
	step := &b.Steps[len(b.Steps)-1]
	if step.Hidden != "" {
		choice.Event += " (" + shortName(step.Hidden) + ")"
	}
	var who []string
	for _, part := range step.Parts {
		if name := shortName(b.Components[part.Component].Name); !slices.Contains(who, name) {
			who = append(who, name)
		}
	}
	if len(b.Components) > 1 {
		choice.Who = strings.Join(who, " with ")
	}
	return nil
}

// endText says why nothing can happen.
func endText(b *explore.Behaviour) []string {
	if n := len(b.Steps); n > 0 && b.Steps[n-1].Event == "✓" {
		return []string{"It has terminated."}
	}
	out := []string{"Nothing can happen: this is a deadlock."}
	if x, err := render.Explain(&explore.Counterexample{Kind: explore.Deadlock, Impl: *b}); err == nil && x.Paragraph() != "" {
		out = append(out, x.Paragraph())
	}
	for i := range b.Waits {
		w := &b.Waits[i]
		out = append(out, shortName(b.Components[w.Component].Name)+" waits for "+shortName(w.Event)+reasons(b, w))
	}
	return out
}

// text is the view for those without a terminal.
func (v *probeView) text() string {
	var b strings.Builder
	b.WriteString(v.Head + "\n")
	name, event := 0, 0
	for _, c := range v.Components {
		name = max(name, len([]rune(c.Name)))
	}
	for _, c := range v.Choices {
		event = max(event, len([]rune(c.Event)))
	}
	for _, c := range v.Components {
		if c.State != "" {
			fmt.Fprintf(&b, "  %s %-*s  %s\n", map[bool]string{true: "*", false: " "}[c.Moved], name, c.Name, c.State)
		}
	}
	for i, c := range v.Choices {
		line := fmt.Sprintf("%5d  %-*s  %s", i+1, event, c.Event, c.Who)
		if c.Ahead {
			line = strings.TrimRight(line, " ") + "  (ahead)"
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	for _, line := range v.End {
		b.WriteString("  " + line + "\n")
	}
	return b.String()
}
