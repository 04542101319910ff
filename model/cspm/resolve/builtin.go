package resolve

import (
	"maps"
	"slices"
)

// builtins lists the built-in names by how they come into scope: "" always,
// "timed" inside Timed sections, otherwise by that import.
var builtins = func() map[string]string {
	m := map[string]string{}
	for how, names := range map[string][]string{
		"": {
			"Bool", "Int", "Char", "Events", "Proc", "True", "False", "STOP", "SKIP", "DIV", "emptyMap",
			"union", "inter", "diff", "Union", "Inter", "member", "card", "empty", "set", "seq", "Set", "Seq",
			"length", "null", "head", "tail", "concat", "elem",
			"mapFromList", "mapToList", "mapLookup", "mapMember", "mapUpdate", "mapUpdateMultiple", "mapDelete", "Map",
			"extensions", "productions", "show", "error",
			"CHAOS", "RUN", "BUFFER", "WEAK_BUFFER", "SIGNAL_BUFFER",
		},
		"timed": {"WAIT", "timed_priority"},
		"transparent": {
			"sbisim", "wbisim", "dbisim", "diamond", "normal", "lazynorm", "explicate", "lazyenumerate",
			"tau_loop_factor", "model_compress", "chase", "chase_nocache",
		},
		"external": {
			"chase", "chase_nocache", "prioritise", "prioritise_nocache", "prioritisepo", "deter", "loop",
			"trace_watchdog", "failure_watchdog", "transpose", "relational_image", "relational_inverse_image", "mtransclose",
		},
	} {
		for _, name := range names {
			if m[name] == "transparent" && how == "external" || m[name] == "external" && how == "transparent" {
				m[name] = "either"
				continue
			}
			m[name] = how
		}
	}
	return m
}()

// processBuiltins are the built-ins that are processes, or make one.
var processBuiltins = map[string]bool{
	"STOP": true, "SKIP": true, "DIV": true, "CHAOS": true, "RUN": true,
	"BUFFER": true, "WEAK_BUFFER": true, "SIGNAL_BUFFER": true, "WAIT": true, "timed_priority": true,
	"sbisim": true, "wbisim": true, "dbisim": true, "diamond": true, "normal": true, "lazynorm": true,
	"explicate": true, "lazyenumerate": true, "tau_loop_factor": true, "model_compress": true,
	"chase": true, "chase_nocache": true, "prioritise": true, "prioritise_nocache": true, "prioritisepo": true,
	"deter": true, "loop": true, "trace_watchdog": true, "failure_watchdog": true,
}

// Builtins returns all built-in names, in order.
func Builtins() []string { return slices.Sorted(maps.Keys(builtins)) }
