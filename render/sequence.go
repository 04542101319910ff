package render

import (
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// A sequence is a behaviour as a sequence diagram: a lifeline for each
// component that has a part in what is shown, and a message for each step.
type sequence struct {
	title string
	words string // the rest of the explanation
	lanes []lane
	msgs  []message
	loop  int      // msgs[loop:] repeat for ever; -1: they don't
	race  string   // what msgs[len(msgs)-2:], both possible and not ordered, are; or ""
	notes []string // who is left out, and what is behind the last message
}

// A lane is a lifeline, and how it ends.
type lane struct {
	name string
	end  string // what stands at its foot: "waits for c.1", "terminated", ...
	mark laneMark
}

type laneMark int

const (
	open  laneMark = iota // it could go on
	stuck                 // it waits for ever
	done                  // it has terminated
)

// A message is a step: from a sender to receivers where ! and ? tell them
// apart, and otherwise a bar through all who take part.
type message struct {
	step   int // its number, from 1; 0: it is not taken
	left   int // instead of a step: how many are left out here
	text   string
	does   string // before the text: "writes: " of an access in a race
	wrong  string // after it: "not allowed" of what breaks a specification
	hidden bool
	from   int   // lane, or -1: a bar
	to     []int // lanes; of a bar all of them
}

// How much of a story a sequence diagram holds.
const (
	firstMessages, lastMessages = 30, 50
	mostLanes                   = 40
)

// newSequence lays out what the implementation does.
func newSequence(ce *explore.Counterexample) *sequence {
	b, said := &ce.Impl, explain(ce)
	t := &text{}
	x := &sequence{title: said.Headline, words: said.Paragraph(), loop: -1}
	names := componentNames(b.Components, maxName)
	rows := fold(t.shownSteps(b), firstMessages, lastMessages, false)

	waits := mainWaits(b)
	moves := make([]bool, len(b.Components))
	for _, r := range rows {
		if r.left == 0 {
			for _, p := range b.Steps[r.step].Parts {
				moves[p.Component] = true
			}
		}
	}
	if ce.Race != nil {
		for _, a := range ce.Race.Accesses {
			for _, p := range a.Parts {
				moves[p.Component] = true
			}
		}
	}
	place := make([]int, len(b.Components))
	room := mostLanes // for those that move, and then for those that only wait
	for _, m := range moves {
		if m {
			room--
		}
	}
	// Where nobody does anything, everybody stands there.
	idle := len(waits) == 0 && !slices.Contains(moves, true)
	var still, crowd []string
	for c := range b.Components {
		place[c] = -1
		switch {
		case !moves[c] && waits[c] == nil && !idle:
			still = append(still, names[c])
			continue
		case len(x.lanes) == mostLanes, !moves[c] && room <= 0:
			crowd = append(crowd, names[c])
			continue
		case !moves[c]:
			room--
		}
		place[c] = len(x.lanes)
		x.lanes = append(x.lanes, laneOf(b, c, names[c], waits[c]))
	}
	if len(x.lanes) == 0 {
		x.lanes = []lane{{name: processName(b.Process)}}
	}
	for _, r := range rows {
		if b.Loop >= 0 && x.loop < 0 && r.step+max(r.left-1, 0) >= b.Loop {
			x.loop = len(x.msgs)
		}
		if r.left > 0 {
			x.msgs = append(x.msgs, message{step: r.step + 1, left: r.left, from: -1})
			continue
		}
		x.msgs = append(x.msgs, messageOf(&b.Steps[r.step], r.step+1, place))
	}
	if n := len(x.msgs); n > 0 && (ce.Kind == explore.TraceViolation || ce.Kind == explore.Panic) {
		x.msgs[n-1].wrong = endOf(ce)
	}
	if ce.Race != nil {
		x.race = "both are possible now: a data race" + onVariable(ce)
		for _, a := range ce.Race.Accesses {
			m := messageOf(&a.Step, 0, place)
			m.does = "reads: "
			if a.Writes {
				m.does = "writes: "
			}
			x.msgs = append(x.msgs, m)
		}
	}
	if len(still) > 0 {
		x.notes = append(x.notes, "No part in this: "+list(still, someNames)+".")
	}
	if len(crowd) > 0 {
		x.notes = append(x.notes, "Left out, as there is no room: "+list(crowd, someNames)+".")
	}
	if n := t.unshown(b); n > 0 {
		x.notes = append(x.notes, "Steps by τ alone, not shown: "+number(n)+".")
	}
	return x
}

// laneOf says how a component ends.
func laneOf(b *explore.Behaviour, c int, name string, w *explore.Wait) lane {
	l := lane{name: name}
	if w != nil {
		l.mark, l.end = stuck, "waits for "+label(w.Event, "", maxEvent)
		return l
	}
	if c >= len(b.Ends) {
		return l
	}
	switch e := b.Ends[c]; {
	case e.Status == explore.Terminated:
		l.mark, l.end = done, "terminated"
	case e.Status != explore.Running:
		l.mark, l.end = done, string(e.Status)
	case b.Loop < 0 && len(b.Final) == 0 && len(e.Offers) == 0:
		l.mark, l.end = stuck, "offers nothing"
	}
	return l
}

// messageOf is a step as a message between those that have lanes.
func messageOf(s *explore.Step, step int, place []int) message {
	m := message{step: step, from: -1, text: label(s.Event, "", maxEvent), hidden: s.Event == "τ"}
	if s.Hidden != "" {
		m.text = short(s.Hidden, maxEvent)
	}
	var marks []string
	for _, p := range s.Parts {
		if l := place[p.Component]; l >= 0 {
			m.to = append(m.to, l)
			marks = append(marks, marksOf(p.Label))
		}
	}
	if i := sender(marks); i >= 0 {
		m.from = m.to[i]
		m.to = slices.Delete(m.to, i, i+1)
	}
	return m
}

// marksOf is what stands before each field of a label: !, ? or a dot.
func marksOf(label string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("!?.", r) {
			return r
		}
		return -1
	}, label)
}

// sender tells who sends from the marks of all who take part, or is -1: at the
// first field at which ! meets ?, one writes ! and all others ?. So set!1!x of
// one and set!1?y of another is sent by the first.
func sender(marks []string) int {
	longest := 0
	for _, m := range marks {
		longest = max(longest, len(m))
	}
	for i := range longest {
		sends, receives, from := 0, 0, -1
		for j, m := range marks {
			switch {
			case i >= len(m) || m[i] == '.':
			case m[i] == '!':
				sends, from = sends+1, j
			default:
				receives++
			}
		}
		switch {
		case sends == 1 && receives == len(marks)-1 && receives > 0:
			return from
		case sends > 0 && receives > 0:
			return -1
		}
	}
	return -1
}
