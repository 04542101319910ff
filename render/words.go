package render

import (
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// A Pattern names what a counterexample is a case of.
type Pattern string

const (
	CircularWait     Pattern = "circular wait"     // each of a ring waits for the next
	OrphanReceiver   Pattern = "orphan receiver"   // waits to receive what nobody will ever send
	OrphanSender     Pattern = "orphan sender"     // waits to send what nobody will ever receive
	OrphanEvent      Pattern = "orphan event"      // the same, of an event without a direction
	SelfBlock        Pattern = "self-block"        // has stopped by itself, or waits for itself
	EarlyTermination Pattern = "early termination" // waits for one that has ended
	Mismatch         Pattern = "mismatch"          // waits for one that offers other events
	LostNotification Pattern = "lost notification" // waits for a notification that has come before, and is not kept
)

// An Explanation is a counterexample in plain words, by a fixed grammar. Every
// form that this package writes has the same. Names in it are harmless, as
// everywhere here.
type Explanation struct {
	Headline  string   // what is wrong: "TABLE deadlocks after 2 events: <a, b>"
	Pattern   Pattern  // what that is a case of, or ""
	Sentences []string // who waits for what, and why no partner will come; at most two
}

// Paragraph is all but the headline, or "".
func (e *Explanation) Paragraph() string {
	words := strings.Join(e.Sentences, " ")
	if e.Pattern == "" || words == "" {
		return words
	}
	return strings.ToUpper(string(e.Pattern[:1])) + string(e.Pattern[1:]) + ": " + words
}

// Explain says what ce shows in two or three sentences.
func Explain(ce *explore.Counterexample) (*Explanation, error) {
	if err := check(ce); err != nil {
		return nil, err
	}
	return explain(ce).Explanation, nil
}

// explain is Explain of what has been checked.
func explain(ce *explore.Counterexample) *explainer {
	x := &explainer{
		Explanation: &Explanation{Headline: (&text{}).headline(ce).words},
		ce:          ce, b: &ce.Impl, names: componentNames(ce.Impl.Components, maxName),
	}
	switch ce.Kind {
	case explore.Deadlock, explore.Stuck, explore.Leak:
		x.stopped()
	case explore.Lost:
		x.lost()
	case explore.Divergence:
		x.say("divergence", x.loops())
		if ce.Spec != nil {
			x.more(specName(ce) + " does not diverge.")
		} else {
			x.more(x.exits())
		}
	case explore.TraceViolation:
		x.say("forbidden event", "then "+specName(ce)+" allows only "+x.set(ce.Allowed)+".")
		if ce.AllowedSet != "" {
			x.Sentences[0] = "then " + specName(ce) + " allows only events of " + short(ce.AllowedSet, maxReason) + "."
		} else if len(ce.Allowed) == 0 {
			x.Sentences[0] = "then " + specName(ce) + " allows nothing."
		}
		x.more(x.doers())
	case explore.Refusal:
		x.refusal()
	case explore.Nondeterminism:
		x.say("nondeterminism", "where it refuses "+lastEvent(ce)+", it offers "+x.final(ce.Spec)+".")
	case explore.NoTrace:
		x.say("missing event", "then only "+x.set(ce.Allowed)+" can follow, and not "+short(ce.Wanted[len(ce.Impl.Trace())], maxEvent)+".")
		if len(ce.Allowed) == 0 {
			x.Sentences[0] = "then nothing can follow; wanted is " + short(ce.Wanted[len(ce.Impl.Trace())], maxEvent) + "."
		}
	case explore.Race:
		x.say("data race", x.access(0)+", and "+x.access(1)+".")
		x.more("Both are possible now, and nothing orders them.")
	case explore.Starvation, explore.Bypass:
		x.passedOver()
	case explore.Panic:
		if by := x.doers(); by != "" {
			x.say("panic", by)
		}
	}
	return x
}

// lost tells of a notification that came too early.
func (x *explainer) lost() {
	l := x.ce.Lost
	x.stopped()
	words := "step " + number(l.Vain+1) + " comes while nobody waits, and is not kept; step " + number(l.Wait+1) + " begins a wait."
	waits := x.Sentences
	x.say(LostNotification, words)
	if len(waits) > 0 {
		x.more(waits[0])
	}
}

// An explainer finds the words.
type explainer struct {
	*Explanation
	ce    *explore.Counterexample
	b     *explore.Behaviour
	names []string
	cycle []int
	told  map[int]bool // the waits of which everything is said
	mute  []int        // those of whom it is said that they offer nothing
}

func (x *explainer) say(p Pattern, sentence string) {
	x.Pattern, x.Sentences = p, []string{sentence}
}

func (x *explainer) more(sentence string) {
	if sentence != "" {
		x.Sentences = append(x.Sentences, sentence)
	}
}

func lastEvent(ce *explore.Counterexample) string {
	return label(ce.Impl.Steps[len(ce.Impl.Steps)-1].Event, "", maxEvent)
}

func (x *explainer) set(events []string) string { return (&text{}).setOf(events) }

// final is what a behaviour offers at its end.
func (x *explainer) final(b *explore.Behaviour) string {
	var events []string
	for _, r := range b.Final {
		events = append(events, r.Event)
	}
	if len(events) == 0 {
		return "nothing"
	}
	return "only " + x.set(distinct(events))
}

// and joins words as a sentence does, at most a few.
func and(words []string) string {
	const most = 3
	if len(words) > most+1 {
		return strings.Join(words[:most], ", ") + " and " + number(len(words)-most) + " more"
	}
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}

// loops says what repeats.
func (x *explainer) loops() string {
	if x.b.Loop < 0 {
		return "τ go on for ever."
	}
	var hidden []string
	for _, s := range x.b.Steps[x.b.Loop:] {
		if s.Hidden != "" {
			hidden = append(hidden, short(s.Hidden, maxEvent))
		}
	}
	steps := " (step " + number(x.b.Loop+1) + ")"
	if x.b.Loop+1 < len(x.b.Steps) {
		steps = " (steps " + number(x.b.Loop+1) + " to " + number(len(x.b.Steps)) + ")"
	}
	switch hidden = distinct(hidden); len(hidden) {
	case 0:
		return "internal steps alone repeat for ever" + steps + "."
	case 1:
		return "the hidden event " + hidden[0] + " repeats for ever" + steps + "."
	}
	return "the hidden events " + list(hidden, someOffers) + " repeat for ever" + steps + "."
}

// exits says what could happen on the way round a loop.
func (x *explainer) exits() string {
	if x.b.Loop < 0 {
		return ""
	}
	round := map[string]bool{}
	for i := range x.b.Steps[x.b.Loop:] {
		round[eventName(&x.b.Steps[x.b.Loop+i], maxEvent)] = true
	}
	var roads []string
	others := 0
	for _, s := range x.b.Steps[x.b.Loop:] {
		others += len(s.Others)
		for _, r := range s.Others {
			if name := branchName(&r); !round[name] {
				roads = append(roads, name)
			}
		}
	}
	switch {
	case others == 0:
		return "Nothing else is possible there."
	case len(roads) == 0:
		return "The same events are possible there in other ways, and no others."
	}
	return "Also possible there, and never taken: " + list(distinct(roads), someOffers) + "."
}

// doers says whose the last step is.
func (x *explainer) doers() string {
	s := &x.b.Steps[len(x.b.Steps)-1]
	var who []string
	for _, p := range s.Parts {
		w := x.names[p.Component]
		if p.At != "" {
			w += " at " + short(p.At, maxReason)
		}
		who = append(who, w)
	}
	if len(who) == 0 || len(x.b.Components) < 2 {
		return ""
	}
	return eventName(s, maxEvent) + " is done by " + and(who) + "."
}

// refusal says what is offered, what is required and, if nothing at all is
// offered, why.
func (x *explainer) refusal() {
	if len(x.b.Final) == 0 && len(x.b.Ends) > 0 {
		x.stopped()
		if len(x.Sentences) > 0 {
			x.Sentences = []string{"nothing is offered, and " + specName(x.ce) + " " + x.required(), x.Paragraph()}
			x.Pattern = "refusal"
			return
		}
	}
	x.say("refusal", "then "+processName(x.b.Process)+" offers "+x.final(x.b)+".")
	x.more("But " + specName(x.ce) + " " + x.required())
}

func (x *explainer) required() string {
	var sets []string
	for _, a := range x.ce.Acceptances {
		sets = append(sets, x.set(a))
	}
	switch len(sets) {
	case 0:
		return "is never stable: there is always a τ to do."
	case 1:
		return "offers at least " + sets[0] + "."
	}
	return "offers at least one of these: " + list(sets, someOffers) + "."
}

// access is one of the two of a race: "P at f.csp:7:24 writes by x.write.1,
// there x.write!1, with VAR".
func (x *explainer) access(i int) string {
	a, other := &x.ce.Race.Accesses[i], &x.ce.Race.Accesses[1-i]
	var alone, with []string // who is not in the other one, who is
	at := ""
	for _, p := range a.Parts {
		who := x.names[p.Component]
		if slices.ContainsFunc(other.Parts, func(q explore.Part) bool { return q.Component == p.Component }) {
			with = append(with, who)
			continue
		}
		if p.At != "" {
			who += " at " + short(p.At, maxReason)
		}
		alone = append(alone, who)
		at = label(p.Event, p.Label, maxEvent)
	}
	does := " reads by "
	if a.Writes {
		does = " writes by "
	}
	words := and(alone) + does + eventName(&a.Step, maxEvent)
	if at != "" && at != a.Event && at != a.Hidden {
		words += ", there " + at + ","
	}
	if len(with) > 0 {
		words += " with " + and(with)
	}
	return strings.TrimSuffix(words, ",")
}
