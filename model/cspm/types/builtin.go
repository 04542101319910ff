package types

import (
	"sync"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// builtinTypes are the types of the built-ins, as annotations have them.
var builtinTypes = map[string]string{
	"Bool": "{Bool}", "Int": "{Int}", "Char": "{Char}", "Events": "{Event}", "Proc": "{Proc}",
	"True": "Bool", "False": "Bool",
	"STOP": "Proc", "SKIP": "Proc", "DIV": "Proc",
	"emptyMap": "Set k => (| k => v |)",

	"union": "Set a => ({a}, {a}) -> {a}", "inter": "Set a => ({a}, {a}) -> {a}", "diff": "Set a => ({a}, {a}) -> {a}",
	"Union": "Set a => ({{a}}) -> {a}", "Inter": "Set a => ({{a}}) -> {a}",
	"member": "Eq a => (a, {a}) -> Bool",
	"card":   "Eq a => ({a}) -> Int", "empty": "Eq a => ({a}) -> Bool",
	"set": "Set a => (<a>) -> {a}", "seq": "Eq a => ({a}) -> <a>",
	"Set": "Set a => ({a}) -> {{a}}", "Seq": "Set a => ({a}) -> {<a>}",

	"length": "(<a>) -> Int", "null": "(<a>) -> Bool",
	"head": "(<a>) -> a", "tail": "(<a>) -> <a>", "concat": "(<<a>>) -> <a>",
	"elem": "Eq a => (a, <a>) -> Bool",

	"mapFromList":       "Set k => (<(k, v)>) -> (| k => v |)",
	"mapToList":         "Set k => ((| k => v |)) -> <(k, v)>",
	"mapLookup":         "Set k => ((| k => v |), k) -> v",
	"mapMember":         "Set k => ((| k => v |), k) -> Bool",
	"mapUpdate":         "Set k => ((| k => v |), k, v) -> (| k => v |)",
	"mapUpdateMultiple": "Set k => ((| k => v |), <(k, v)>) -> (| k => v |)",
	"mapDelete":         "Set k => ((| k => v |), k) -> (| k => v |)",
	"Map":               "Set k => ({k}, {v}) -> {(| k => v |)}",

	"extensions":  "Yieldable b => (a => b) -> {a}",
	"productions": "Yieldable b => (a =>* b) -> {b}",
	"show":        "(a) -> <Char>",
	"error":       "(<Char>) -> a",

	"CHAOS": "({Event}) -> Proc", "RUN": "({Event}) -> Proc",
	"BUFFER":        "(Int, {(Event, Event)}) -> Proc",
	"WEAK_BUFFER":   "(Int, Event, {(Event, Event)}) -> Proc",
	"SIGNAL_BUFFER": "(Int, Event, Event, {(Event, Event)}) -> Proc",

	"WAIT": "(Int) -> Proc", "timed_priority": "(Proc) -> Proc",

	"sbisim": "(Proc) -> Proc", "wbisim": "(Proc) -> Proc", "dbisim": "(Proc) -> Proc", "diamond": "(Proc) -> Proc",
	"normal": "(Proc) -> Proc", "lazynorm": "(Proc) -> Proc", "explicate": "(Proc) -> Proc", "lazyenumerate": "(Proc) -> Proc",
	"tau_loop_factor": "(Proc) -> Proc", "model_compress": "(Proc) -> Proc",
	"chase": "(Proc) -> Proc", "chase_nocache": "(Proc) -> Proc",

	"prioritise": "(Proc, <{Event}>) -> Proc", "prioritise_nocache": "(Proc, <{Event}>) -> Proc",
	"prioritisepo": "(Proc, {Event}, {(Event, Event)}, {Event}) -> Proc",
	"deter":        "(Proc) -> Proc", "loop": "(Proc) -> Proc",
	"trace_watchdog": "(Proc, {Event}, Event) -> Proc", "failure_watchdog": "(Proc, {Event}, Event) -> Proc",
	"transpose":                "(Set a, Set b) => ({(a, b)}) -> {(b, a)}",
	"relational_image":         "(Eq a, Set b) => ({(a, b)}) -> (a) -> {b}",
	"relational_inverse_image": "(Eq b, Set a) => ({(a, b)}) -> (b) -> {a}",
	"mtransclose":              "Eq a => ({(a, a)}, {a}) -> {(a, a)}",
}

// builtins has the types of the built-ins. Nothing in them is ever changed.
var builtins = sync.OnceValue(func() map[string]form {
	out := map[string]form{}
	for name, text := range builtinTypes {
		cs, t, errs := syntax.ParseScheme(&syntax.Files{}, name, text)
		if len(errs) > 0 {
			panic("types: the type of " + name + ": " + errs.Error())
		}
		c := &checker{steps: fewestSteps}
		out[name] = c.read(cs, t, nil).of
	}
	return out
})

func builtin(name string) form {
	if t := builtins()[name]; t != nil {
		return t
	}
	return wrong{}
}
