package main

import (
	"time"

	"github.com/cspcheck/cspcheck/explore"
)

// A lap is the time that a phase took.
type lap struct {
	wall time.Duration
	cpu  time.Duration // of all threads of the process
}

func (l lap) plus(m lap) lap { return lap{l.wall + m.wall, l.cpu + m.cpu} }

// A stopwatch measures the phases of a task. Its zero value measures none.
type stopwatch struct {
	on    bool
	phase explore.Phase // that goes on; "" is none
	at    time.Time     // when it began
	cpu   time.Duration // that had been used by then
	laps  map[explore.Phase]lap
}

// begin ends the phase that goes on, if one does, and begins another, which
// may have gone on before.
func (w *stopwatch) begin(p explore.Phase) {
	if !w.on {
		return
	}
	w.end()
	w.phase, w.at, w.cpu = p, time.Now(), explore.CPUTime()
}

// end ends the phase that goes on.
func (w *stopwatch) end() {
	if w.phase == "" {
		return
	}
	if w.laps == nil { // no script had to be loaded
		w.laps = map[explore.Phase]lap{}
	}
	w.laps[w.phase] = w.laps[w.phase].plus(lap{time.Since(w.at), explore.CPUTime() - w.cpu})
	w.phase = ""
}

// script begins to load a script: what came before is none of it.
func (w *stopwatch) script() {
	w.end()
	w.laps = map[explore.Phase]lap{}
	w.begin(explore.Loading)
}

// task begins to compile what is asked of the script that was loaded. Of
// what was done for it, only loading is for this, too.
func (w *stopwatch) task() {
	w.end()
	w.laps = map[explore.Phase]lap{explore.Loading: w.laps[explore.Loading]}
	w.begin(explore.Compiling)
}
