package render

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/cspcheck/cspcheck/explore"
)

// JSONVersion is the version of the form that NewDocument makes. A reader
// may rely on it that within a version fields are only added. Where there are
// very many roads not taken it is ShortJSONVersion, in which steps refer to the
// roads of those before.
const (
	JSONVersion      = 1
	ShortJSONVersion = 2
)

// A Document is the JSON form of an explore.Counterexample. Where FDR's JSON
// has a field for the same thing, ours has its name: type,
// implementation_behaviour, specification_behaviour, trace, error_event.
// Events are named, not numbered. Indices count from 0, and fields that are
// empty may be missing.
type Document struct {
	Version int    `json:"version"`
	Type    string `json:"type"` // "deadlock", "termination", "divergence", ...

	// Explanation is the rest in plain words. Reading ignores it.
	Explanation *Explained `json:"explanation,omitempty"`

	Impl Behaviour  `json:"implementation_behaviour"`
	Spec *Behaviour `json:"specification_behaviour,omitempty"`

	Allowed     []string   `json:"allowed_events,omitempty"`      // of a trace or no trace: what may come instead
	AllowedSet  string     `json:"allowed_set,omitempty"`         // in place of those: a set too large to be listed, as text
	Acceptances [][]string `json:"minimal_acceptances,omitempty"` // of a refusal: one of these was to be offered
	Wanted      []string   `json:"wanted_trace,omitempty"`        // of a no trace
	Race        *Race      `json:"race,omitempty"`                // of a race
	Stuck       *Stuck     `json:"stuck,omitempty"`               // of a stuck, a leak or a starvation
	Overtaken   *Overtaken `json:"overtaken,omitempty"`           // of a bypass
	Lost        *Lost      `json:"lost,omitempty"`                // of a lost notification

	// ErrorEvent is the implementation's last event, which the specification
	// cannot follow: it is there if the implementation's trace is the
	// specification's and one event more. Reading ignores it.
	ErrorEvent string `json:"error_event,omitempty"`
}

// An Explained is the JSON form of an Explanation.
type Explained struct {
	Headline  string   `json:"headline"`
	Pattern   string   `json:"pattern,omitempty"` // "circular wait", ...
	Sentences []string `json:"sentences,omitempty"`
	Text      string   `json:"text,omitempty"` // the pattern and the sentences, as they stand below the headline
}

func newExplained(ce *explore.Counterexample) *Explained {
	x := explain(ce)
	return &Explained{x.Headline, string(x.Pattern), x.Sentences, x.Paragraph()}
}

// A Race is the JSON form of an explore.RaceOf.
type Race struct {
	Variable string   `json:"variable,omitempty"`
	Accesses []Access `json:"accesses"` // two
}

// An Access is the JSON form of an explore.Access.
type Access struct {
	Writes bool   `json:"writes"`
	Event  string `json:"event"`
	Hidden string `json:"hidden,omitempty"`
	Parts  []Part `json:"parts"`
}

// A Stuck is the JSON form of an explore.StuckOf.
type Stuck struct {
	Task           string `json:"task"`
	Components     []int  `json:"components,omitempty"`
	Since          int    `json:"since"` // how many steps lead there
	Main           string `json:"main,omitempty"`
	MainComponents []int  `json:"main_components,omitempty"`
	Fair           string `json:"fairness,omitempty"` // "weak" or "strong"
	Assumed        string `json:"assumed_fairness,omitempty"`
	Suffices       string `json:"sufficient_fairness,omitempty"`
}

// An Overtaken is the JSON form of an explore.OvertakenOf.
type Overtaken struct {
	Task       string `json:"task"`
	Components []int  `json:"components,omitempty"`
	Since      int    `json:"since"`
	By         []int  `json:"by,omitempty"`
	Bound      int    `json:"bound"`
}

// A Lost is the JSON form of an explore.LostOf.
type Lost struct {
	Name  string `json:"name,omitempty"`
	Vain  int    `json:"vain"`  // the step, from 0, that nobody waits for
	Wait  int    `json:"wait"`  // the step that begins a wait
	Since int    `json:"since"` // how many steps lead to where it can never end
}

func newRace(x *explore.RaceOf) *Race {
	if x == nil {
		return nil
	}
	out := &Race{Variable: x.Variable}
	for _, a := range x.Accesses {
		out.Accesses = append(out.Accesses, Access{a.Writes, a.Event, a.Hidden, newParts(a.Parts)})
	}
	return out
}

func (x *Race) race() (*explore.RaceOf, error) {
	if x == nil {
		return nil, nil
	}
	out := &explore.RaceOf{Variable: x.Variable}
	if len(x.Accesses) != len(out.Accesses) {
		return nil, fmt.Errorf("render: a race of %d accesses", len(x.Accesses))
	}
	for i, a := range x.Accesses {
		out.Accesses[i] = explore.Access{Writes: a.Writes, Step: explore.Step{Event: a.Event, Hidden: a.Hidden, Parts: readParts(a.Parts)}}
	}
	return out, nil
}

// A Behaviour is the JSON form of an explore.Behaviour.
type Behaviour struct {
	Process    string      `json:"process"`
	Trace      []string    `json:"trace"` // the visible events of Steps, ✓ included; reading ignores it
	Components []Component `json:"components,omitempty"`
	Steps      []Step      `json:"steps,omitempty"`
	Loop       *int        `json:"loop,omitempty"` // steps[loop:] repeat for ever
	Final      []Branch    `json:"final,omitempty"`
	Waits      []Wait      `json:"waits,omitempty"`
	Ends       []End       `json:"ends,omitempty"`
}

// A Component is the JSON form of an explore.Component.
type Component struct {
	Name  string `json:"name"`
	At    string `json:"at,omitempty"`    // file:line:col
	Start string `json:"start,omitempty"` // its first state, as text
}

// A Step is the JSON form of an explore.Step.
type Step struct {
	Event  string   `json:"event"`
	Hidden string   `json:"hidden,omitempty"` // what a τ was before it was hidden
	Parts  []Part   `json:"parts,omitempty"`
	Others []Branch `json:"others,omitempty"`
}

// A Branch is the JSON form of an explore.Branch.
type Branch struct {
	Event  string `json:"event"`
	Hidden string `json:"hidden,omitempty"` // as of a Step
	To     int    `json:"to"`               // a state of the path, by the steps before it; -1: elsewhere

	// Of version 2: if Count is not 0, it stands for so many others of the step
	// before.
	From  int `json:"from,omitempty"`
	Count int `json:"count,omitempty"`
}

func newBranch(b explore.Branch) Branch { return Branch{Event: b.Event, Hidden: b.Hidden, To: b.To} }

// A Part is the JSON form of an explore.Part.
type Part struct {
	Component int    `json:"component"`
	Event     string `json:"event"`
	Label     string `json:"label,omitempty"` // as the script writes it: "c!1"
	At        string `json:"at,omitempty"`
	After     string `json:"after,omitempty"` // the component's state after the step, as text
}

// An End is the JSON form of an explore.End.
type End struct {
	Status string `json:"status"` // "running", "terminated", "not started", "gone"
	Offers []Part `json:"offers,omitempty"`
}

// A Wait is the JSON form of an explore.Wait.
type Wait struct {
	Component int       `json:"component"`
	Event     string    `json:"event"`
	Label     string    `json:"label,omitempty"`
	For       []Blocker `json:"for,omitempty"`
}

// A Blocker is the JSON form of an explore.Blocker.
type Blocker struct {
	Component int    `json:"component"` // -1: nobody ever can
	Event     string `json:"event,omitempty"`
	Reason    string `json:"reason,omitempty"`
}

// JSON writes ce as a Document.
func JSON(w io.Writer, ce *explore.Counterexample) error {
	d, err := NewDocument(ce)
	if err != nil {
		return err
	}
	return WriteJSON(w, d, true) // it may end up in a page
}

// ReadJSON reads what JSON has written: the same counterexample, but that
// empty lists are nil, and bytes that are not UTF-8 have become U+FFFD. A
// document that contradicts itself is an error.
func ReadJSON(r io.Reader) (*explore.Counterexample, error) {
	dec := json.NewDecoder(r)
	var d Document
	if err := dec.Decode(&d); err != nil {
		return nil, fmt.Errorf("render: reading a counterexample: %w", err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("render: more than one JSON value")
	}
	return d.Counterexample()
}

// NewDocument returns the JSON form of ce.
func NewDocument(ce *explore.Counterexample) (*Document, error) {
	if err := check(ce); err != nil {
		return nil, err
	}
	d := &Document{
		Version: JSONVersion, Type: string(ce.Kind), Explanation: newExplained(ce), Impl: newBehaviour(&ce.Impl),
		Allowed: ce.Allowed, AllowedSet: ce.AllowedSet, Acceptances: ce.Acceptances, Wanted: ce.Wanted,
		Race: newRace(ce.Race), Stuck: (*Stuck)(ce.Stuck), Overtaken: (*Overtaken)(ce.Overtaken),
		Lost: (*Lost)(ce.Lost),
	}
	if ce.Spec != nil {
		spec := newBehaviour(ce.Spec)
		d.Spec = &spec
		n := len(spec.Trace)
		if len(d.Impl.Trace) == n+1 && slices.Equal(d.Impl.Trace[:n], spec.Trace) {
			d.ErrorEvent = d.Impl.Trace[n]
		}
	}
	if d.Impl.roads() > manyRoads || d.Spec != nil && d.Spec.roads() > manyRoads {
		d.Version = ShortJSONVersion
		d.Impl.shorten()
		if d.Spec != nil {
			d.Spec.shorten()
		}
	}
	return d, nil
}

// Counterexample returns what d is the JSON form of.
func (d *Document) Counterexample() (*explore.Counterexample, error) {
	if d.Version != JSONVersion && d.Version != ShortJSONVersion {
		return nil, fmt.Errorf("render: a counterexample of version %d; this program reads versions %d and %d", d.Version, JSONVersion, ShortJSONVersion)
	}
	race, err := d.Race.race()
	if err != nil {
		return nil, err
	}
	impl, err := d.Impl.behaviour()
	if err != nil {
		return nil, err
	}
	ce := &explore.Counterexample{
		Kind: explore.Kind(d.Type), Impl: impl,
		Allowed: d.Allowed, AllowedSet: d.AllowedSet, Acceptances: d.Acceptances, Wanted: d.Wanted,
		Race: race, Stuck: (*explore.StuckOf)(d.Stuck), Overtaken: (*explore.OvertakenOf)(d.Overtaken),
		Lost: (*explore.LostOf)(d.Lost),
	}
	if d.Spec != nil {
		spec, err := d.Spec.behaviour()
		if err != nil {
			return nil, err
		}
		ce.Spec = &spec
	}
	if err := check(ce); err != nil {
		return nil, err
	}
	return ce, nil
}

// The types below explore's differ from ours in their tags only, so most
// convert; a field that one side lacks would not compile.

func newBehaviour(b *explore.Behaviour) Behaviour {
	out := Behaviour{Process: b.Process, Trace: b.Trace(), Final: branches(b.Final)}
	if out.Trace == nil {
		out.Trace = []string{}
	}
	if b.Loop >= 0 {
		loop := b.Loop
		out.Loop = &loop
	}
	for _, c := range b.Components {
		out.Components = append(out.Components, Component(c))
	}
	for _, s := range b.Steps {
		out.Steps = append(out.Steps, Step{Event: s.Event, Hidden: s.Hidden, Parts: newParts(s.Parts), Others: branches(s.Others)})
	}
	for _, w := range b.Waits {
		wait := Wait{Component: w.Component, Event: w.Event, Label: w.Label}
		for _, f := range w.For {
			wait.For = append(wait.For, Blocker(f))
		}
		out.Waits = append(out.Waits, wait)
	}
	for _, e := range b.Ends {
		out.Ends = append(out.Ends, End{Status: string(e.Status), Offers: newParts(e.Offers)})
	}
	return out
}

func newParts(ps []explore.Part) []Part {
	var out []Part
	for _, p := range ps {
		out = append(out, Part(p))
	}
	return out
}

func branches(bs []explore.Branch) []Branch {
	var out []Branch
	for _, r := range bs {
		out = append(out, newBranch(r))
	}
	return out
}

func (b *Behaviour) behaviour() (explore.Behaviour, error) {
	out := explore.Behaviour{Process: b.Process, Loop: -1, Final: readBranches(b.Final)}
	if b.Loop != nil {
		out.Loop = *b.Loop
	}
	for _, c := range b.Components {
		out.Components = append(out.Components, explore.Component(c))
	}
	others, err := b.lengthened()
	if err != nil {
		return out, err
	}
	for i, s := range b.Steps {
		out.Steps = append(out.Steps, explore.Step{Event: s.Event, Hidden: s.Hidden, Parts: readParts(s.Parts), Others: readBranches(others[i])})
	}
	for _, w := range b.Waits {
		wait := explore.Wait{Component: w.Component, Event: w.Event, Label: w.Label}
		for _, f := range w.For {
			wait.For = append(wait.For, explore.Blocker(f))
		}
		out.Waits = append(out.Waits, wait)
	}
	for _, e := range b.Ends {
		out.Ends = append(out.Ends, explore.End{Status: explore.Status(e.Status), Offers: readParts(e.Offers)})
	}
	return out, nil
}

func readParts(ps []Part) []explore.Part {
	var out []explore.Part
	for _, p := range ps {
		out = append(out, explore.Part(p))
	}
	return out
}

func readBranches(bs []Branch) []explore.Branch {
	var out []explore.Branch
	for _, r := range bs {
		out = append(out, explore.Branch{Event: r.Event, Hidden: r.Hidden, To: r.To})
	}
	return out
}
