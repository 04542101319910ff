package main

import (
	"github.com/cspcheck/cspcheck/deadlock"
)

// composeStats is what --stats tells of composing a network: docs/json.md#stats.
type composeStats struct {
	Seconds                 float64 `json:"seconds"`
	CPUSeconds              float64 `json:"cpu_seconds"`
	CompressingSeconds      float64 `json:"compressing_seconds"` // of Seconds
	Machines                int     `json:"machines"`            // that were made and compressed
	FoundAgain              int     `json:"found_again"`         // of them, that had been compressed before
	States                  int     `json:"states"`              // of all, before they were compressed
	Transitions             int     `json:"transitions"`
	StatesPerSecond         float64 `json:"states_per_second"`
	TransitionsPerSecond    float64 `json:"transitions_per_second"`
	TransitionsPerCPUSecond float64 `json:"transitions_per_cpu_second,omitempty"`
	Largest                 int     `json:"largest"`         // states of the largest, before it was compressed
	Compressed              int     `json:"compressed"`      // of the largest, after
	BytesPerState           float64 `json:"bytes_per_state"` // of the largest, before
}

// newComposeStats returns what there is to tell of a verdict that came of
// composing; of another, nil.
func newComposeStats(v *deadlock.Verdict) *composeStats {
	c := v.Composition
	if c == nil || c.Refused != "" {
		return nil
	}
	states, transitions := int64(c.States), int64(c.Transitions)
	return &composeStats{
		Seconds: c.Time.Seconds(), CPUSeconds: c.CPU.Seconds(), CompressingSeconds: c.Compressing.Seconds(),
		Machines: c.Machines, FoundAgain: c.Again, States: c.States, Transitions: c.Transitions,
		StatesPerSecond: per(states, c.Time), TransitionsPerSecond: per(transitions, c.Time), TransitionsPerCPUSecond: per(transitions, c.CPU),
		Largest: c.Largest, Compressed: c.Compressed, BytesPerState: float64(c.Bytes) / float64(max(1, c.Largest)),
	}
}

// write writes it for people, a line at a time.
func (c *composeStats) write(line func(name, format string, args ...any)) {
	share := 0.0
	if c.Seconds > 0 {
		share = 100 * c.CompressingSeconds / c.Seconds
	}
	line("composing", "%s; compressing took %.0f %% of %.3f s", rates(c.StatesPerSecond, c.TransitionsPerSecond, c.TransitionsPerCPUSecond), share, c.Seconds)
	line("machines", "%d, of which %d were found again compressed; the largest has %s of %.1f bytes, and compressed %s",
		c.Machines, c.FoundAgain, plural(int64(c.Largest), "state"), c.BytesPerState, plural(int64(c.Compressed), "state"))
}
