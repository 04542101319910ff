package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/spf13/pflag"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/checkpoint"
	"github.com/cspcheck/cspcheck/model/cspm"
)

// keeping is the flags of checkpoints.
type keeping struct {
	file   string
	every  string
	resume string
}

func (k *keeping) addCheckpoint(f *pflag.FlagSet) {
	f.StringVar(&k.file, "checkpoint", "", "write to `FILE` what has been found, now and then and when a limit ends the search")
	f.StringVar(&k.every, "checkpoint-every", "", "how often: a time such as 90s, or a number of states such as 1000000states (default "+usualInterval+")")
	f.StringVar(&k.resume, "resume", "", "go on from a checkpoint in `FILE`")
}

// usualInterval is how often a search is kept that is not told.
const usualInterval = "5m"

// interval reads --checkpoint-every.
func (k *keeping) interval() (every time.Duration, states int64, err error) {
	text := cmp.Or(k.every, usualInterval)
	if n, ok := strings.CutSuffix(text, "states"); ok {
		if states, err = strconv.ParseInt(strings.TrimSpace(n), 10, 64); err == nil && states > 0 {
			return 0, states, nil
		}
	} else if every, err = time.ParseDuration(text); err == nil && every > 0 {
		return every, 0, nil
	}
	return 0, 0, fmt.Errorf("--checkpoint-every %s: give a time such as 90s or 5m, or a number of states such as 1000000states", k.every)
}

// A keeper writes what a run has found to a file, and reads it back. It holds
// the texts of the scripts: whatever happens to the files meanwhile, a run is
// about one text.
type keeper struct {
	*app
	*keeping
	every    time.Duration
	states   int64
	identity []property
	texts    map[string][]byte
	verbose  bool

	done    map[int]*finished  // by the numbers of assertions in the run
	now     int                // the one that is asked
	from    *checkpoint.Reader // what is gone on from, until that is done
	at      int                // the assertion that it is about
	stopped string             // why nothing more is asked, or ""

	mu     sync.Mutex
	inFile inFile // of the search at hand; mu is held
}

// A property is what a run must have in common with the one that it goes on
// from.
type property struct{ name, value string }

// inFile is where a search was last written.
type inFile struct {
	file   string // "": nowhere
	states int64  // that it had found; 0: that is not known
}

// sums are what the values of scripts begin with: their checksums.
const sums = "sha256:"

// finished is the result of an assertion that has an answer.
type finished struct {
	Verdict *deadlock.Verdict
	Unmet   string
	Status  status
	Seconds float64
}

// newKeeper returns nil if nothing is to be kept. It lets options read the
// scripts through it. The properties are those of the command.
func (a *app) newKeeper(k *keeping, s *settings, options *cspm.Options, paths []string, properties ...property) (*keeper, error) {
	if k.every != "" && k.file == "" {
		return nil, errors.New("--checkpoint-every says how often --checkpoint FILE is written, and no FILE is given")
	}
	if k.file == "" && k.resume == "" {
		return nil, nil
	}
	x := &keeper{app: a, keeping: k, verbose: s.verbose, texts: map[string][]byte{}, done: map[int]*finished{}, now: -1, at: -1}
	var err error
	if x.every, x.states, err = k.interval(); err != nil {
		return nil, err
	}
	if k.file != "" {
		if err := checkpoint.Try(k.file); err != nil {
			return nil, fmt.Errorf("--checkpoint %w", plainPathError(err))
		}
	}
	options.Open = x.open
	x.identity = append([]property{{"the version", build()}}, properties...)
	x.identity = append(x.identity, property{"--set", strings.Join(s.set, ", ")}, property{"--engine", s.engine}, property{"--store", s.store})
	for _, path := range paths {
		if path == "-" {
			return nil, errors.New("a script on standard input cannot be read again: give the name of a file to --checkpoint and --resume its search")
		}
		x.load(path, *options) // what is wrong with it is told later
	}
	if k.resume != "" {
		return x, x.read()
	}
	return x, nil
}

// build tells programs apart that may find something else.
func build() string {
	text := version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
				text += " " + s.Value
			}
		}
	}
	return text
}

// open reads a file once.
func (x *keeper) open(path string) ([]byte, error) {
	if text, ok := x.texts[path]; ok {
		return text, nil
	}
	text, err := readFile(path)
	if err != nil {
		return nil, err
	}
	x.texts[path] = text
	sum := sha256.Sum256(text)
	x.identity = append(x.identity, property{path, sums + hex.EncodeToString(sum[:])})
	return text, nil
}

// load loads a script anew, so that it does not depend on what was asked
// before how things are numbered in it.
func (x *keeper) load(path string, o cspm.Options) (*cspm.Script, cspm.Errors) {
	text, err := x.open(path)
	if err != nil {
		return x.app.load(path, o) // which tells
	}
	return x.app.loadText(path, text, o)
}

// read reads the file to go on from, up to the search in it.
func (x *keeper) read() error {
	r, err := checkpoint.Open(x.resume)
	if err != nil {
		return fmt.Errorf("--resume %w", plainPathError(err))
	}
	r.Section("run")
	var was []property
	for range r.Int() {
		if was = append(was, property{r.Text(), r.Text()}); r.Err() != nil {
			break
		}
	}
	if r.Err() == nil {
		if how := differ(was, x.identity); how != "" {
			return fmt.Errorf("--resume %s: the checkpoint is of another run: %s", x.resume, how)
		}
	}
	r.Section("done")
	for range r.Int() {
		n, text := r.Int(), r.Bytes()
		f := &finished{}
		if r.Err() != nil {
			break
		}
		if err := json.Unmarshal(text, f); err != nil || f.Verdict == nil {
			r.Fail("a result in it cannot be read")
		}
		x.done[n] = f
	}
	r.Section("now")
	x.at = r.Int() - 1
	if x.at >= 0 {
		x.from = r
	}
	if r.Err() != nil {
		return fmt.Errorf("--resume %w", r.Err())
	}
	return nil
}

// differ says how a run differs from another, or "".
func differ(was, is []property) string {
	value := func(of []property, name string) (string, bool) {
		for _, p := range of {
			if p.name == name {
				return p.value, true
			}
		}
		return "", false
	}
	for _, p := range is {
		before, ok := value(was, p.name)
		script := strings.HasPrefix(p.value, sums)
		switch {
		case ok && before == p.value:
		case script && ok:
			return p.name + " has changed since"
		case script:
			return "it is not about " + p.name
		default:
			return fmt.Sprintf("%s was %s, and is %s", p.name, orNone(before), orNone(p.value))
		}
	}
	for _, p := range was {
		if _, ok := value(is, p.name); !ok {
			return "it is also about " + p.name
		}
	}
	return ""
}

func orNone(s string) string {
	if s == "" {
		return "not given"
	}
	return s
}

// write writes the file: what is finished, and what search adds.
func (x *keeper) write(search func(*checkpoint.Writer)) error {
	return checkpoint.Write(x.file, func(w *checkpoint.Writer) {
		w.Section("run")
		w.Int(len(x.identity))
		for _, p := range x.identity {
			w.Text(p.name)
			w.Text(p.value)
		}
		w.Section("done")
		w.Int(len(x.done))
		for n, f := range x.done {
			text, err := json.Marshal(f)
			if err != nil {
				panic(err)
			}
			w.Int(n)
			w.Bytes(text)
		}
		w.Section("now")
		if search == nil {
			w.Int(0)
			return
		}
		w.Int(x.now + 1)
		search(w)
	})
}

// errNotKept is the error of a search that is not to be written.
var errNotKept = errors.New("it is not to be written")

// checkpoint returns where assertion n, or a process, is kept.
func (x *keeper) checkpoint(n int) *explore.Checkpoint {
	x.now = n
	c := &explore.Checkpoint{Every: x.every, States: x.states}
	x.keptIn(inFile{})
	if x.from != nil && x.at == n {
		c.Resume, x.from = x.from, nil
		x.keptIn(inFile{file: x.resume})
	}
	c.Write = func(search func(*checkpoint.Writer)) error {
		if x.file == "" || x.from != nil { // then what is in the file is worth more
			return errNotKept
		}
		return x.write(search)
	}
	c.Wrote = func(states int64, err error) {
		if err == nil {
			x.keptIn(inFile{x.file, states})
		}
		if x.app.left.Err() == nil {
			x.wrote(plural(states, "state"), err)
		}
	}
	return c
}

func (x *keeper) keptIn(l inFile) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.inFile = l
}

// wrote tells about the file.
func (x *keeper) wrote(what string, err error) {
	switch {
	case errors.Is(err, errNotKept):
	case err != nil:
		fmt.Fprintf(x.stderr, "warning: --checkpoint %s: it was not written: %v\n", x.file, plainPathError(err))
	case x.verbose:
		fmt.Fprintf(x.stderr, "%s: checkpoint, %s\n", x.file, what)
	}
}

// goOn says how to go on, if the search that has ended is in the file.
func (x *keeper) goOn(c *explore.Checkpoint) bool {
	if !c.Left {
		return false
	}
	fmt.Fprintf(x.stderr, "%s: the search is kept there, --resume %s goes on\n", x.left(), x.left())
	return true
}

// abandon says how to go on with a search that nobody waited for: it may be in
// the middle of writing the file once more.
func (x *keeper) abandon() bool {
	if x.file != "" {
		checkpoint.Abandon(x.file)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	l := x.inFile
	switch {
	case l.file == "" && x.file != "":
		fmt.Fprintf(x.stderr, "warning: --checkpoint %s: it was not written: there was no time\n", x.file)
	case l.file != "":
		as := "as it was"
		if l.states > 0 {
			as = "as it was after " + plural(l.states, "state")
		}
		fmt.Fprintf(x.stderr, "%s: the search is kept there %s, --resume %s goes on\n", l.file, as, l.file)
	}
	return l.file != ""
}

// left returns the file that a search is left in: without --checkpoint, the one
// that it came from, as it was.
func (x *keeper) left() string { return cmp.Or(x.file, x.resume) }

// ask answers assertion n of a run, unless it was answered before the run was
// resumed. Anew loads it again: what earlier searches have made of the script
// is not in the file.
func (x *keeper) ask(as *cspm.Assertion, n int, anew func() (*cspm.Assertion, error), run *checker, m meter) *result {
	r := &result{Assertion: as, verdict: &deadlock.Verdict{Answer: deadlock.Unknown, Reason: x.stopped}, status: unknown}
	if f := x.done[n]; f != nil {
		r.verdict, r.unmet, r.status, r.seconds = f.Verdict, f.Unmet, f.Status, f.Seconds
		m.done(r.verdict.Stats)
		return r
	}
	if x.stopped != "" {
		m.done(explore.Stats{})
		return r
	}
	again, err := anew()
	if err != nil {
		m.done(explore.Stats{})
		if l := explore.Cancelled(x.app.ctx); l != nil {
			r.verdict.Reason = l.Reason
		} else {
			r.verdict.Reason, r.err, r.status = reason(err), err, statusOf(err)
		}
		return r
	}
	limits := run.limits
	limits.Checkpoint = x.checkpoint(n)
	r = x.app.ask(again, run.reduce, limits, m)
	var broken *checkpoint.Error
	switch {
	case errors.As(r.err, &broken):
		x.stopped = "not asked: the run could not be resumed"
	case r.left && x.abandon() || !r.left && x.goOn(limits.Checkpoint):
		x.stopped = "not asked: the search before it goes on with --resume " + x.left()
	case r.err == nil && r.verdict.Answer != deadlock.Unknown:
		x.done[n] = &finished{r.verdict, r.unmet, r.status, r.seconds}
		if x.file != "" && x.from == nil {
			x.wrote(plural(int64(len(x.done)), "assertion")+" answered", x.write(nil))
		}
	}
	return r
}
