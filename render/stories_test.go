package render

import (
	"fmt"
	"strings"

	"github.com/cspcheck/cspcheck/explore"
)

// A story is a counterexample that some picture finds hard. Every form is
// drawn of every story, and kept in testdata.
type story struct {
	name  string
	width int
	ce    *explore.Counterexample
}

func stories() []story {
	return []story{
		{"philosophers", 80, philosophers()},
		{"divergence", 80, divergence()},
		{"stop", 80, stop()},
		{"skip", 80, skip()},
		{"born-later", 80, bornLater()},
		{"many-components", 80, manyComponents()},
		{"long", 80, long()},
		{"long-loop", 80, longLoop()},
		{"hostile", 80, hostile()},
		{"wide-names", 60, wideNames()},
		{"refinement", 80, refinement()},
		{"refusal", 80, refusal()},
		{"refusal-divergent", 80, neverStable()},
		{"diverging-refinement", 80, divergingRefinement()},
		{"nondeterminism", 80, nondeterminism()},
		{"no-trace", 80, noTrace()},
		{"unheard-of", 80, unheardOf()},
		{"race", 80, race()},
		{"broadcast", 80, broadcast()},
		{"starvation", 80, starvation()},
		{"bypass", 80, bypass()},
	}
}

func taking(pairs ...any) []explore.Part {
	var ps []explore.Part
	for i := 0; i < len(pairs); i += 2 {
		text := pairs[i+1].(string)
		event := strings.NewReplacer("!", ".", "?", ".").Replace(text)
		ps = append(ps, explore.Part{Component: pairs[i].(int), Event: event, Label: text, At: "table.csp:3:7"})
	}
	return ps
}

// philosophers: two of them, each reaches left first. After Hoare, CSP (1985), §2.5.
func philosophers() *explore.Counterexample {
	b := explore.Behaviour{Process: "TABLE", Loop: -1}
	for _, n := range []string{"PHIL(0)", "PHIL(1)", "FORK(0)", "FORK(1)"} {
		b.Components = append(b.Components, explore.Component{Name: n, At: "table.csp:3:1"})
	}
	b.Steps = []explore.Step{
		{Event: "picks.0.0", Parts: taking(0, "picks!0!0", 2, "picks?0!0"), Others: []explore.Branch{{Event: "picks.1.1", To: -1}}},
		{Event: "picks.1.1", Parts: taking(1, "picks!1!1", 3, "picks?1!1"), Others: []explore.Branch{{Event: "picks.0.1", To: -1}}},
	}
	b.Waits = []explore.Wait{
		{Component: 0, Event: "picks.0.1", Label: "picks!0!1", For: []explore.Blocker{{Component: 3, Event: "picks.0.1", Reason: "offers only putsdown.1.1"}}},
		{Component: 1, Event: "picks.1.0", Label: "picks!1!0", For: []explore.Blocker{{Component: 2, Event: "picks.1.0", Reason: "offers only putsdown.0.0"}}},
		{Component: 2, Event: "putsdown.0.0", Label: "putsdown!0!0", For: []explore.Blocker{{Component: 0, Event: "putsdown.0.0", Reason: "offers only picks.0.1"}}},
		{Component: 3, Event: "putsdown.1.1", Label: "putsdown!1!1", For: []explore.Blocker{{Component: 1, Event: "putsdown.1.1", Reason: "offers only picks.1.0"}}},
	}
	for i := range b.Components {
		b.Ends = append(b.Ends, explore.End{Status: explore.Running, Offers: taking(i, b.Waits[i].Label)})
	}
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: b}
}

// divergence: a ping-pong that was hidden, with a way out.
func divergence() *explore.Counterexample {
	b := explore.Behaviour{
		Process:    `GAME \ {|ball|}`,
		Components: []explore.Component{{Name: "PING"}, {Name: "PONG"}, {Name: "REFEREE"}},
		Loop:       2,
	}
	b.Steps = []explore.Step{
		{Event: "start", Parts: taking(0, "start", 1, "start")},
		{Event: "τ", Parts: taking(1, "τ")},
		{Event: "τ", Hidden: "ball.1", Parts: taking(0, "ball!1", 1, "ball?1"), Others: []explore.Branch{{Event: "whistle", To: -1}}},
		{Event: "τ", Hidden: "ball.2", Parts: taking(0, "ball?2", 1, "ball!2"), Others: []explore.Branch{{Event: "whistle", To: -1}, {Event: "restart", To: 1}}},
	}
	b.Final = []explore.Branch{{Event: "τ", Hidden: "ball.1", To: 3}, {Event: "whistle", To: -1}}
	for range b.Components {
		b.Ends = append(b.Ends, explore.End{Status: explore.Running, Offers: taking(2, "whistle")})
	}
	return &explore.Counterexample{Kind: explore.Divergence, Impl: b}
}

func stop() *explore.Counterexample {
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: explore.Behaviour{
		Process:    "STOP",
		Components: []explore.Component{{Name: "STOP", At: "stop.csp:1:8"}},
		Loop:       -1,
		Ends:       []explore.End{{Status: explore.Running}},
	}}
}

func skip() *explore.Counterexample {
	b := explore.Behaviour{Process: "SKIP", Components: []explore.Component{{Name: "SKIP"}}, Loop: -1}
	b.Steps = []explore.Step{{Event: "✓", Parts: taking(0, "✓")}}
	b.Ends = []explore.End{{Status: explore.Terminated}}
	return &explore.Counterexample{Kind: explore.Termination, Impl: b}
}

// bornLater: a worker starts after the set-up has ended; the logger would
// start after it.
func bornLater() *explore.Counterexample {
	b := explore.Behaviour{
		Process:    "SETUP ; (WORKER [|{|job|}|] QUEUE ; LOGGER)",
		Components: []explore.Component{{Name: "SETUP"}, {Name: "WORKER"}, {Name: "QUEUE"}, {Name: "LOGGER"}},
		Loop:       -1,
	}
	b.Steps = []explore.Step{
		{Event: "open", Parts: taking(0, "open"), Others: []explore.Branch{{Event: "fail", To: -1}, {Event: "τ", To: 0}}},
		{Event: "τ", Hidden: "✓", Parts: taking(0, "✓")},
		{Event: "job.7", Parts: taking(1, "job?7", 2, "job!7")},
	}
	b.Waits = []explore.Wait{
		{Component: 1, Event: "done.7", Label: "done!7", For: []explore.Blocker{{Component: -1, Reason: "done.7 is not in the alphabet of QUEUE"}}},
		{Component: 2, Event: "job.8", Label: "job!8", For: []explore.Blocker{{Component: 1, Event: "job.8", Reason: "offers only done.7"}}},
	}
	b.Ends = []explore.End{
		{Status: explore.Gone},
		{Status: explore.Running, Offers: taking(1, "done!7")},
		{Status: explore.Running, Offers: taking(2, "job!8")},
		{Status: explore.Unborn},
	}
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: b}
}

// manyComponents: 200 of them; a token goes past ten and is lost.
func manyComponents() *explore.Counterexample {
	b := explore.Behaviour{Process: "RING", Loop: -1}
	for i := range 200 {
		b.Components = append(b.Components, explore.Component{Name: fmt.Sprintf("NODE(%d)", i)})
	}
	for i := range 10 {
		s := explore.Step{
			Event: fmt.Sprintf("pass.%d", i),
			Parts: taking(i, fmt.Sprintf("pass!%d", i), i+1, fmt.Sprintf("pass?%d", i)),
		}
		for j := range 200 - i {
			s.Others = append(s.Others, explore.Branch{Event: fmt.Sprintf("fail.%d", j), To: -1})
		}
		b.Steps = append(b.Steps, s)
	}
	for i := range 200 {
		e := fmt.Sprintf("pass.%d", (i+199)%200)
		b.Waits = append(b.Waits, explore.Wait{Component: i, Event: e, Label: strings.Replace(e, ".", "?", 1), For: []explore.Blocker{
			{Component: (i + 199) % 200, Event: e, Reason: fmt.Sprintf("offers only pass.%d", (i+198)%200)},
		}})
		b.Ends = append(b.Ends, explore.End{Status: explore.Running, Offers: taking(i, strings.Replace(e, ".", "?", 1))})
	}
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: b}
}

// long: a counter that stops at 10 000.
func long() *explore.Counterexample {
	b := explore.Behaviour{Process: "COUNT(0)", Components: []explore.Component{{Name: "COUNT"}, {Name: "CLOCK"}, {Name: "ALARM"}}, Loop: -1}
	for i := range 10000 {
		p := taking(0, fmt.Sprintf("tick!%d", i), 1, fmt.Sprintf("tick?%d", i))
		if i == 5000 {
			p = taking(0, fmt.Sprintf("tick!%d", i), 2, fmt.Sprintf("tick?%d", i))
		}
		b.Steps = append(b.Steps, explore.Step{Event: fmt.Sprintf("tick.%d", i), Parts: p})
	}
	b.Ends = []explore.End{{Status: explore.Running}, {Status: explore.Running}, {Status: explore.Terminated}}
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: b}
}

// longLoop: the loop begins and ends far from either end of the path shown.
func longLoop() *explore.Counterexample {
	ce := long()
	ce.Kind = explore.Divergence
	b := &ce.Impl
	b.Steps, b.Loop = b.Steps[:500], 200
	for i := b.Loop; i < len(b.Steps); i++ {
		b.Steps[i].Hidden, b.Steps[i].Event = b.Steps[i].Event, "τ"
	}
	return ce
}

// hostile: names that mean something to terminals, Graphviz or browsers.
func hostile() *explore.Counterexample {
	huge := strings.Repeat("very_long_", 1000) + "end"
	names := []string{
		`"quoted" \N\G\E\T \l back\slash`, "<script>alert('x')</script>", "new\nline\r\ttab", "\x1b[31mred\x00\x7f",
		huge, "", "", "digraph { a -> b; }", "&amp; <B>", "\u202egnp.exe", "bad\xff\xfeutf8", "P#1", "P", "P", "]]>--><!--", "<",
	}
	b := explore.Behaviour{Process: "<" + names[0] + names[1] + names[2] + names[3] + ">", Loop: -1}
	for i, n := range names {
		b.Components = append(b.Components, explore.Component{Name: n, At: n})
		next := (i + 1) % len(names)
		p := []explore.Part{{Component: i, Event: n, Label: n}, {Component: next, Event: n}}
		if next < i {
			p[0], p[1] = p[1], p[0]
		}
		b.Steps = append(b.Steps, explore.Step{Event: n, Parts: p, Others: []explore.Branch{{Event: n, To: -1}, {Event: n, To: i}, {Event: n + "x", To: i + 1}}})
		b.Waits = append(b.Waits, explore.Wait{Component: i, Event: n, Label: n, For: []explore.Blocker{{Component: next, Event: n + "y", Reason: n}, {Component: -1, Event: n, Reason: n}}})
		b.Ends = append(b.Ends, explore.End{Status: explore.Status(n), Offers: p[:1]})
	}
	return &explore.Counterexample{Kind: explore.Kind("odd\n<kind>"), Impl: b}
}

// wideNames: two columns a rune, combining marks, joined emoji, right to left.
func wideNames() *explore.Counterexample {
	b := explore.Behaviour{Process: "食卓", Loop: -1}
	for _, n := range []string{"哲学者(0)", "哲学者(1)", "e\u0301te\u0301", "👩\u200d🚀👍🏽", "שלום", "とても長い名前のプロセスでいくつもの列を占めてしまうもの(12)"} {
		b.Components = append(b.Components, explore.Component{Name: n})
	}
	for i := range b.Components {
		next := (i + 1) % len(b.Components)
		b.Steps = append(b.Steps, explore.Step{Event: "取る." + fmt.Sprint(i), Parts: taking(min(i, next), "取る!"+fmt.Sprint(i), max(i, next), "取る?"+fmt.Sprint(i))})
	}
	b.Waits = []explore.Wait{
		{Component: 0, Event: "取る.1", For: []explore.Blocker{{Component: 1, Event: "取る.1", Reason: "offers only 置く.1"}}},
		{Component: 1, Event: "取る.0", For: []explore.Blocker{{Component: 0, Event: "取る.0", Reason: "offers only 置く.0"}}},
	}
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: b}
}

// refinement: the implementation does what the specification does not.
func refinement() *explore.Counterexample {
	b, spec := vendors()
	return &explore.Counterexample{Kind: explore.TraceViolation, Impl: b, Spec: &spec, Allowed: []string{"tea"}}
}

// vendors has taken the coin: one has given coffee, the other is about to
// give tea.
func vendors() (coffee, tea explore.Behaviour) {
	b := explore.Behaviour{Process: "VENDOR", Components: []explore.Component{{Name: "VENDOR"}}, Loop: -1}
	b.Steps = []explore.Step{
		{Event: "coin", Parts: taking(0, "coin")},
		{Event: "τ", Parts: taking(0, "τ"), Others: []explore.Branch{{Event: "tea", To: -1}}},
		{Event: "coffee", Parts: taking(0, "coffee")},
	}
	b.Final = []explore.Branch{{Event: "coin", To: 1}}
	spec := explore.Behaviour{Process: "TEA", Components: []explore.Component{{Name: "TEA"}}, Loop: -1}
	spec.Steps = []explore.Step{{Event: "coin", Parts: taking(0, "coin")}}
	spec.Final = []explore.Branch{{Event: "tea", To: 0}}
	return b, spec
}

// refusal: coffee is all there is, and two sets of drinks would do.
func refusal() *explore.Counterexample {
	b, spec := vendors()
	b.Steps, b.Final = b.Steps[:2], []explore.Branch{{Event: "coffee", To: -1}}
	return &explore.Counterexample{
		Kind: explore.Refusal, Impl: b, Spec: &spec,
		Acceptances: [][]string{{"tea"}, {"cocoa", "coffee"}},
	}
}

// neverStable: the specification has τ for ever, and its side of the story
// could not be worked out.
func neverStable() *explore.Counterexample {
	b, _ := vendors()
	b.Steps, b.Final = b.Steps[:2], nil
	b.Waits = []explore.Wait{{Component: 0, Event: "coffee", Label: "coffee", For: []explore.Blocker{{Component: -1}}}}
	return &explore.Counterexample{Kind: explore.Refusal, Impl: b}
}

func divergingRefinement() *explore.Counterexample {
	b, spec := vendors()
	b.Steps[2] = explore.Step{Event: "τ", Hidden: "hum", Parts: taking(0, "hum")}
	b.Loop = 2
	return &explore.Counterexample{Kind: explore.Divergence, Impl: b, Spec: &spec}
}

func nondeterminism() *explore.Counterexample {
	b, other := vendors()
	other.Process = "VENDOR"
	return &explore.Counterexample{Kind: explore.Nondeterminism, Impl: b, Spec: &other}
}

func noTrace() *explore.Counterexample {
	_, b := vendors()
	return &explore.Counterexample{Kind: explore.NoTrace, Impl: b, Allowed: []string{"tea"}, Wanted: []string{"coin", "coffee", "coin"}}
}

// unheardOf: a kind of which this package knows nothing, with both sides.
func unheardOf() *explore.Counterexample {
	b, spec := vendors()
	return &explore.Counterexample{Kind: "unheard of", Impl: b, Spec: &spec}
}

// race: two tellers read the same balance, and the second is about to write.
func race() *explore.Counterexample {
	b := explore.Behaviour{
		Process:    "BANK",
		Components: []explore.Component{{Name: "TELLER(1)"}, {Name: "TELLER(2)"}, {Name: "BALANCE"}, {Name: "CLOCK"}},
		Loop:       -1,
		Steps: []explore.Step{
			{Event: "read.1.5", Parts: taking(0, "read.1?5", 2, "read?1!5")},
			{Event: "read.2.5", Parts: taking(1, "read.2?5", 2, "read?2!5")},
		},
	}
	return &explore.Counterexample{Kind: explore.Race, Impl: b, Race: &explore.RaceOf{Variable: "balance", Accesses: [2]explore.Access{
		{Writes: true, Step: explore.Step{Event: "write.1.6", Parts: taking(0, "write.1!6", 2, "write?1?6")}},
		{Step: explore.Step{Event: "τ", Hidden: "read.2.5", Parts: taking(1, "read.2?5", 2, "read?2!5")}},
	}}}
}

// broadcast: one sends to two, after a τ that is not shown; then nobody can.
func broadcast() *explore.Counterexample {
	b := explore.Behaviour{Process: "RADIO", Components: []explore.Component{{Name: "TOWER"}, {Name: "CAR"}, {Name: "BOAT"}}, Loop: -1}
	b.Steps = []explore.Step{
		{Event: "on", Parts: taking(0, "on")},
		{Event: "τ", Parts: taking(0, "τ")},
		{Event: "news.1", Parts: taking(0, "news!1", 1, "news?1", 2, "news?1")},
		{Event: "horn", Parts: taking(1, "horn", 2, "horn")},
	}
	b.Ends = []explore.End{{Status: explore.Terminated}, {Status: explore.Running}, {Status: explore.Running}}
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: b}
}

// room: two readers and a writer; one reader after the other comes in.
func room(events ...string) explore.Behaviour {
	b := explore.Behaviour{
		Process:    "ROOM",
		Components: []explore.Component{{Name: "READER(1)"}, {Name: "READER(2)"}, {Name: "WRITER"}, {Name: "LOCK"}},
		Loop:       -1,
		Waits:      []explore.Wait{{Component: 2, Event: "write", Label: "write", For: []explore.Blocker{{Component: 3, Event: "write", Reason: "offers only leave.1"}}}},
	}
	for _, e := range events {
		who := int(e[len(e)-1] - '1')
		b.Steps = append(b.Steps, explore.Step{Event: e, Parts: taking(who, strings.Replace(e, ".", "!", 1), 3, strings.Replace(e, ".", "?", 1))})
	}
	for c := range b.Components {
		b.Ends = append(b.Ends, explore.End{Status: explore.Running, Offers: taking(c, "write")})
	}
	return b
}

// starvation: there is always somebody who reads.
func starvation() *explore.Counterexample {
	b := room("read.1", "read.2", "leave.1", "read.1", "leave.2")
	b.Loop = 1
	b.Final = []explore.Branch{{Event: "read.2", To: 2}, {Event: "leave.1", To: -1}}
	return &explore.Counterexample{Kind: explore.Starvation, Impl: b, Stuck: &explore.StuckOf{
		Task: "WRITER", Components: []int{2}, Since: 1, Fair: "strong", Assumed: "weak",
	}}
}

// bypass: three come in while the writer waits, and it was to be two at most.
func bypass() *explore.Counterexample {
	b := room("read.1", "read.2", "leave.2", "read.2")
	b.Final = []explore.Branch{{Event: "leave.1", To: -1}, {Event: "leave.2", To: 1}}
	return &explore.Counterexample{Kind: explore.Bypass, Impl: b, Overtaken: &explore.OvertakenOf{
		Task: "WRITER", Components: []int{2}, By: []int{0, 1, 3}, Bound: 2,
	}}
}
