package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"
	"github.com/dustin/go-humanize"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// The largest script that is read.
const maxScript = 32 << 20

// settings are the flags that say how a script is loaded and explored.
type settings struct {
	set       []string
	engine    string
	maxStates int64
	maxMemory string
	timeout   time.Duration
	workers   int
	store     string
	spill     string
	verbose   bool
	stats     bool
	progress  string
}

func (s *settings) addSet(f *pflag.FlagSet) {
	f.StringArrayVar(&s.set, "set", nil, "override a top-level constant: `NAME=VALUE`")
}

func (s *settings) addLimits(f *pflag.FlagSet) {
	f.StringVar(&s.engine, "engine", string(cspm.Auto), "what searches the states: auto, network or terms")
	f.BoolVarP(&s.verbose, "verbose", "v", false, "say what compressions, and composing, come to")
	f.Int64Var(&s.maxStates, "max-states", 0, "stop a search after this many states; 0: no limit")
	f.StringVar(&s.maxMemory, "max-memory", "80%", "stop when the program holds this much memory, such as 500MB, 2GiB or 50%; 0: no limit")
	f.IntVar(&s.workers, "workers", 0, "how many goroutines search at most, whatever they find is the same; 0: one for each processor")
	f.StringVar(&s.store, "store", string(explore.StoreAuto), "how to keep states: auto, inline (in the table itself, at most 64 bits or two words), packed, tree (sharing parts), or hashed (fingerprints only: states may be missed, and how likely that is, is said)")
	f.StringVar(&s.spill, "spill", "", "at --max-memory, go on, slower, with most states in files in `DIR`, which nobody sees and which are gone afterwards; auto: the place for large temporary files")
	f.StringVar(&s.progress, "progress", autoProgress, "how to say how far a search is: auto (on a terminal), json (a line on standard error) or off")
	f.DurationVar(&s.timeout, "timeout", 0, "stop a search after this time, such as 90s or 5m; 0: no limit")
}

// mostWorkers is more than a search can keep busy.
const mostWorkers = 64

// limits returns the limits of a search.
func (a *app) limits(s *settings) (explore.Limits, error) {
	l := explore.Limits{States: s.maxStates, Time: s.timeout, Workers: s.workers}
	if a.watch.on = s.stats; s.stats {
		l.Phase = a.watch.begin
	}
	if s.maxStates < 0 || s.timeout < 0 {
		return l, errors.New("a limit cannot be negative")
	}
	if l.Store = explore.Store(s.store); !slices.Contains(explore.Stores, l.Store) && l.Store != "" {
		return l, fmt.Errorf("--store %s: it is auto, inline, packed, tree or hashed", s.store)
	}
	if s.workers < 0 || s.workers > mostWorkers {
		return l, fmt.Errorf("--workers %d: it is from 0 to %d", s.workers, mostWorkers)
	}
	if s.workers == 0 {
		l.Workers = min(runtime.GOMAXPROCS(0), mostWorkers)
	}
	if !slices.Contains([]string{"", autoProgress, jsonProgress, noProgress}, s.progress) {
		return l, fmt.Errorf("--progress %s: it is auto, json or off", s.progress)
	}
	memory, err := parseMemory(s.maxMemory)
	if err != nil {
		return l, err
	}
	l.Memory = memory
	if l.Spill, err = spillDir(s.spill); err != nil {
		return l, err
	}
	if l.Spill != "" && memory == 0 {
		return l, errors.New("--spill is for when --max-memory is reached, which is 0: no limit")
	}
	if memory > 0 {
		debug.SetMemoryLimit(max(1, memory-memory/16-explore.ResidentFiles())) // collect garbage harder before giving up
		if os.Getenv("GOGC") == "" {
			collectLate()
		}
		a.bound(memory)
	}
	return l, nil
}

// exact returns an error if states may be missed, of a command that has no
// place to say how likely that is.
func (s *settings) exact(command string) error {
	if s.store == string(explore.StoreHashed) {
		return fmt.Errorf("--store hashed: %s gives no answers in doubt; check and refine do", command)
	}
	return nil
}

// limitsAndOptions returns both of what the flags say.
func (a *app) limitsAndOptions(s *settings) (explore.Limits, cspm.Options, error) {
	limits, err := a.limits(s)
	if err != nil {
		return limits, cspm.Options{}, err
	}
	options, err := a.options(s)
	return limits, options, err
}

// spillDir returns the directory that --spill names, in which files can be
// made.
func spillDir(name string) (string, error) {
	if name == "" {
		return "", nil
	}
	dir := name
	if name == autoSpill {
		dir = os.TempDir()
		if info, err := os.Stat(largeTemp); os.Getenv("TMPDIR") == "" && err == nil && info.IsDir() {
			dir = largeTemp
		}
	}
	f, err := os.CreateTemp(dir, "cspcheck-spill-")
	if err != nil {
		return "", fmt.Errorf("--spill %s: no file can be made there: %w", name, errors.Unwrap(err))
	}
	f.Close()
	return dir, os.Remove(f.Name())
}

// The place for large temporary files is one that is on disk: often the
// usual one is not.
const (
	autoSpill = "auto"
	largeTemp = "/var/tmp"
)

// How much garbage there may be before it is collected, in percent of what is
// not: a search keeps nearly all that it makes, and to look through that again
// and again takes longer than all else. The limit on memory bounds it.
const garbage = 300

// collectLate has garbage collected as garbage says, but not before there are
// 32 MB in all: most searches are over by then. (Go's first collection is at
// 4 MB for each 100 percent.)
func collectLate() {
	debug.SetGCPercent(32 / 4 * 100)
	sentinel := new([64]byte) // gone at the first collection
	runtime.AddCleanup(sentinel, func(int) { debug.SetGCPercent(garbage) }, 0)
}

// parseMemory reads an amount of memory: bytes with a unit, or a share of
// the machine's.
func parseMemory(text string) (int64, error) {
	bad := fmt.Errorf("--max-memory %s: give an amount such as 500MB, 2GiB or 50%%", text)
	if share, ok := strings.CutSuffix(text, "%"); ok {
		var percent int64
		if _, err := fmt.Sscanf(share, "%d", &percent); err != nil || percent <= 0 || percent > 100 || fmt.Sprint(percent) != share {
			return 0, bad
		}
		return machineMemory() / 100 * percent, nil
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n > 1<<62 {
		return 0, bad
	}
	return int64(n), nil
}

// machineMemory returns how much memory there is for the program, or 0 if
// that is not known.
func machineMemory() int64 {
	least := uint64(0)
	for _, provider := range []memlimit.Provider{memlimit.FromCgroup, memlimit.FromSystem} {
		if n, err := provider(); err == nil && n > 0 && (least == 0 || n < least) {
			least = n
		}
	}
	return int64(min(least, 1<<62))
}

// options returns how to load a script.
func (a *app) options(s *settings) (cspm.Options, error) {
	o := cspm.Options{Open: readFile, Engine: cspm.Engine(s.engine)}
	if s.verbose {
		o.Compressed = func(c cspm.Compression, at syntax.Position) {
			fmt.Fprintf(a.stderr, "%s: %s: %s and %s become %s and %s\n", at, c.Name,
				plural(int64(c.States), "state"), plural(int64(c.Transitions), "transition"),
				plural(int64(c.StatesAfter), "state"), plural(int64(c.TransitionsAfter), "transition"))
		}
	}
	if !slices.Contains([]cspm.Engine{"", cspm.Auto, cspm.Network, cspm.Terms}, o.Engine) {
		return o, fmt.Errorf("--engine %s: it is auto, network or terms", s.engine)
	}
	for _, text := range s.set {
		name, value, ok := strings.Cut(text, "=")
		if !ok || strings.TrimSpace(name) == "" {
			return o, fmt.Errorf("--set %s: write NAME=VALUE", text)
		}
		name = strings.TrimSpace(name)
		for _, other := range o.Set {
			if other[0] == name {
				return o, fmt.Errorf("--set %s: %s is set twice", text, name)
			}
		}
		o.Set = append(o.Set, [2]string{name, value})
	}
	return o, nil
}

// readFile reads a script, but no more than the largest that is accepted.
func readFile(path string) ([]byte, error) {
	f, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxScript+1))
}

// openFile opens a file that is no directory.
func openFile(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plainPathError(err)
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a directory", path)
	}
	return f, nil
}

// plainPathError leaves out the system call.
func plainPathError(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return fmt.Errorf("%s: %w", pe.Path, pe.Err)
	}
	return err
}

// source reads a script that was named on the command line; - is standard
// input.
func (a *app) source(path string) (name string, src []byte, err error) {
	if path == "-" {
		src, err = io.ReadAll(io.LimitReader(a.stdin, maxScript+1))
		return "<stdin>", src, err
	}
	src, err = readFile(path)
	return path, src, err
}

// load loads a script; what is wrong with it has been reported if the result
// is nil.
func (a *app) load(path string, o cspm.Options) (*cspm.Script, cspm.Errors) {
	a.watch.script()
	defer a.watch.end()
	name, src, err := a.source(path)
	if err != nil {
		e := &cspm.Error{Class: syntax.ParseClass, File: path, Msg: err.Error()}
		if verb := syntax.NearMiss(path, a.verbs...); verb != "" && errors.Is(err, fs.ErrNotExist) {
			e.Fix = "did you mean the command " + verb + "?"
		}
		return nil, cspm.Errors{e}
	}
	return a.loadText(name, src, o)
}

// loadText loads the text of a script. Ctrl-C ends that at once, and so does
// the ceiling.
func (a *app) loadText(name string, src []byte, o cspm.Options) (*cspm.Script, cspm.Errors) {
	var script *cspm.Script
	err, done := heeding(a.ctx, func() (err error) {
		script, err = cspm.Load(name, src, o)
		return err
	})
	switch {
	case !done:
		return nil, a.cancelled(name, "loaded")
	case err != nil:
		return nil, mustBeErrors(err)
	}
	return script, nil
}

// statusOf returns the exit status for an error of a script.
func statusOf(err error) status {
	if errs, ok := cspm.AsErrors(err); ok {
		st := holds
		for _, e := range errs {
			if e.Class == syntax.Limit {
				st = st.worse(unknown)
			} else {
				st = st.worse(bad)
			}
		}
		return st
	}
	var l *explore.Limit
	if errors.As(err, &l) {
		return unknown
	}
	return bad
}

// The most mistakes of one error that are printed.
const maxComplaints = 100

// complain writes an error to stderr, with the source line if it has one,
// and notes its status.
func (a *app) complain(err error) { a.complainUpTo(maxComplaints, err) }

// complainUpTo writes that many of the mistakes that an error is made of, 0
// being all, and how many more there are.
func (a *app) complainUpTo(most int, err error) {
	errs, ok := cspm.AsErrors(err)
	if !ok {
		a.worsen(statusOf(err))
		fmt.Fprintf(a.stderr, "cspcheck: %s\n", syntax.Printable(err.Error()))
		return
	}
	if len(errs) > 0 {
		a.worsen(statusOf(err))
	}
	for i, e := range errs {
		switch {
		case most > 0 && i == most:
			fmt.Fprintf(a.stderr, "cspcheck: and %s\n", plural(int64(len(errs)-i), "more mistake"))
			return
		case e.Files != nil:
			fmt.Fprint(a.stderr, e.Detail())
		case e.Fix != "":
			fmt.Fprintf(a.stderr, "cspcheck: %s\n", syntax.Printable(e.Msg+"; "+e.Fix))
		default:
			fmt.Fprintf(a.stderr, "cspcheck: %s\n", syntax.Printable(e.Msg))
		}
	}
}

// isTerminal reports whether w is a terminal.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// screen returns the width of a terminal that results go to, or 0, and
// whether it takes colours.
func (a *app) screen() (width int, colour bool) {
	if !isTerminal(a.stdout) {
		return 0, false
	}
	width, _, _ = term.GetSize(int(a.stdout.(*os.File).Fd()))
	return width, os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && runtime.GOOS != "js"
}
