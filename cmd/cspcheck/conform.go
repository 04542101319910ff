package main

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/dustin/go-humanize"
	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/deadlock/conform"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/render"
)

// conforming is the flags of conform.
type conforming struct {
	settings
	observe    []string
	partly     []string
	perProcess bool
	format     string
	quiet      bool
	taus       bool
	notation   string
}

func (a *app) conformCmd() *cobra.Command {
	c := &conforming{}
	cmd := &cobra.Command{
		Use:   "conform FILE PROCESS LOG.jsonl",
		Short: "Check that a process can do what a program was recorded doing",
		Long: `Check that a process can do what the log of a real program has. A log is an
object a line; - is standard input:

  {"process": "worker 1", "event": "jobs.1", "begin": 3, "end": 7}
  {"process": "worker 2", "may": ["jobs"], "begin": 4}

An event happened somewhere between its begin and its end, numbers of one
clock; without an end it may have happened or not, and may says what it can
be. If no line has begin and end, the events happened in the order of the
lines. package deadlock/conform has a recorder that writes such logs, and
says what they mean.

All events that the process shows are to be in the log. If only some are,
--observe names these; the others may happen at any time. --partly names those
that may happen without being in the log, too. What is hidden in the process
is τ and free.

Exit status: 0 the process can do it, 1 it cannot: the longest part that it
can do is shown, with what it could do then; 2 the log, the script or the
usage is wrong; 3 a limit was hit.`,
		Example: "  cspcheck conform specs/go/pool.csp POOL_FIXED run.jsonl\n  cspcheck conform --observe results pool.csp 'POOL ||| POOL' - < run.jsonl",
		Args:    needs(3, 3, "FILE PROCESS LOG.jsonl"),
		RunE:    func(_ *cobra.Command, args []string) error { return a.conform(c, args[0], args[1], args[2]) },
	}
	f := cmd.Flags()
	f.StringArrayVar(&c.observe, "observe", nil, "only this `CHANNEL`, or event, and others given so are always in the log")
	f.StringArrayVar(&c.partly, "partly", nil, "this `CHANNEL`, or event, is sometimes in the log, and may happen without")
	f.BoolVar(&c.perProcess, "per-process", false, "the lines of a process are in the order in which its events happened; nothing is known of that of others")
	f.StringVar(&c.format, "format", "text", "how to print the result: text or json")
	f.BoolVarP(&c.quiet, "quiet", "q", false, "print the verdict without the counterexample")
	addNotation(f, &c.notation)
	f.BoolVar(&c.taus, "reveal-taus", false, "show every τ of a counterexample, in traces too")
	c.addSet(f)
	c.addLimits(f)
	return cmd
}

// maxLog is the largest log that is read.
const maxLog = 256 << 20

func (a *app) conform(c *conforming, path, process, file string) error {
	if c.format != "text" && c.format != "json" {
		return fmt.Errorf("--format %s: it is text or json", c.format)
	}
	if _, err := render.ParseNotation(c.notation); err != nil {
		return fmt.Errorf("--notation %s: it is csp, go or java", c.notation)
	}
	if path == "-" && file == "-" {
		return errors.New("standard input cannot be both the CSPM script and the log")
	}
	m := a.meter(c.progress, task{What: process, File: path})
	done := func() { m.done(explore.Stats{}) }
	script, sys, limits, err := a.process(&c.settings, path, process)
	if sys == nil {
		done()
		return err
	}
	fresh := func() *logResult {
		return &logResult{jsonLogResult: jsonLogResult{Version: jsonVersion, File: path, Process: process, Log: file, Next: []jsonEntry{}}}
	}
	r := fresh()
	opts := conform.Options{PerProcess: c.perProcess, Declared: true}
	if opts.Observed, err = a.channels(script, limits, "--observe", c.observe); err == nil {
		opts.Partly, err = a.channels(script, limits, "--partly", c.partly)
	}
	if err != nil {
		done()
		return err
	}
	log, _ := awaitBriefly(a, func() (*conform.Log, error) { return a.readLog(script, sys, limits, &opts, file, r), nil })
	if a.ctx.Err() != nil {
		r, log = fresh(), nil // nobody waits for what is in the other
		name := file
		if name == "-" {
			name = "<stdin>"
		}
		why := a.cancelled(name, "read")
		a.complain(why)
		r.errs(why)
	}
	if r.log = log; log == nil {
		done()
		return a.printLogResult(c, r)
	}
	seen := &lastSeen{meter: m}
	r.verdict, err = await(a, func() (*conform.Verdict, error) { return conform.Check(a.ctx, sys, r.log, opts, seen.within(limits)) })
	if last := seen.end(); r.verdict == nil && a.ctx.Err() != nil {
		r.verdict, err = &conform.Verdict{Events: happened(r.log)}, nil
		r.verdict.Answer, r.verdict.Reason, r.verdict.Stats = deadlock.Unknown, seen.left(a.ctx), last
	}
	if err != nil {
		done()
		a.complain(err)
		r.errs(err)
		return a.printLogResult(c, r)
	}
	m.done(r.verdict.Stats)
	a.unmet(sys, process, append(slices.Clone(opts.Observed), opts.Partly...))
	a.worsen(map[deadlock.Answer]status{deadlock.Holds: holds, deadlock.Fails: fails, deadlock.Unknown: unknown}[r.verdict.Answer])
	return a.printLogResult(c, r)
}

// unmet warns of what is to be observed, and was not met in the process: it
// may not be what was meant.
func (a *app) unmet(sys explore.System, process string, names []string) {
	for _, name := range names {
		one := conform.Options{Observed: []string{name}}
		met := false
		for e := range sys.Events().Len() {
			met = met || one.Observes(sys.Events().Name(model.Event(e)))
		}
		if !met {
			fmt.Fprintf(a.stderr, "warning: no event of %s that was met is %s, or one of it\n", process, name)
		}
	}
}

// channels reads what a flag names.
func (a *app) channels(script *cspm.Script, limits explore.Limits, flag string, texts []string) (names []string, err error) {
	for _, text := range texts {
		name, err := script.Channel(a.ctx, limits, text)
		if errs, ok := cspm.AsErrors(err); ok {
			return nil, fmt.Errorf("%s %s: %s", flag, shortName(text), what(errs[0]))
		} else if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// what is a mistake in words.
func what(e *cspm.Error) string {
	if e.Fix != "" {
		return e.Msg + "; " + e.Fix
	}
	return e.Msg
}

// readLog reads a log whose events are those of the script. Mistakes have
// been reported if it returns nil.
func (a *app) readLog(script *cspm.Script, sys explore.System, limits explore.Limits, opts *conform.Options, file string, r *logResult) *conform.Log {
	name, text, err := a.logText(file)
	if err != nil {
		err = cspm.Errors{{Class: syntax.ParseClass, File: name, Msg: err.Error()}}
		a.complain(err)
		r.errs(err)
		return nil
	}
	files := &syntax.Files{}
	base := files.Add(name, text).Base
	var errs cspm.Errors
	wrong := func(class syntax.Class, at int, msg, fix string) {
		p := base + syntax.Pos(at)
		errs = append(errs, &cspm.Error{Class: class, Span: syntax.Span{Start: p, End: p}, Msg: msg, Fix: fix, Files: files})
	}
	log, err := conform.Parse(text)
	var mistakes conform.Mistakes
	if errors.As(err, &mistakes) {
		for _, m := range mistakes {
			wrong(syntax.ParseClass, m.At, m.Msg, "")
		}
	} else if len(log.Entries) == 0 {
		errs = append(errs, &cspm.Error{Class: syntax.ParseClass, File: name, Msg: name + ": the log is empty, there is nothing to check"})
	}
	if len(errs) == 0 {
		a.logEvents(script, sys, limits, opts, log, wrong)
	}
	if len(errs) > 0 && a.ctx.Err() == nil {
		a.complain(errs)
		r.errs(errs)
	}
	if len(errs) > 0 {
		return nil
	}
	return log
}

func (a *app) logText(file string) (name string, text []byte, err error) {
	name, in := "<stdin>", a.stdin
	if file != "-" {
		f, err := openFile(file)
		if err != nil {
			return file, nil, err
		}
		defer f.Close()
		name, in = file, f
	}
	text, err = io.ReadAll(io.LimitReader(in, maxLog+1))
	switch {
	case err != nil:
		return name, nil, fmt.Errorf("%s: %w", name, plainPathError(err))
	case len(text) > maxLog:
		return name, nil, fmt.Errorf("%s: it is larger than %s", name, humanize.IBytes(maxLog))
	}
	return name, text, nil
}

// The most mistakes about events in a log that are looked for.
const mostWrongEvents = 1000

// logEvents makes sure that the events of a log are those of the script, and
// writes them as the script does.
func (a *app) logEvents(script *cspm.Script, sys explore.System, limits explore.Limits, opts *conform.Options, log *conform.Log, wrong func(class syntax.Class, at int, msg, fix string)) {
	bads := 0
	reader := func(read func(text string) (string, *cspm.Error)) func(at int, text string) string {
		type known struct {
			name string
			err  *cspm.Error
		}
		seen := map[string]known{}
		return func(at int, text string) string {
			k, ok := seen[text]
			if !ok {
				k.name, k.err = read(text)
				seen[text] = k
			}
			if k.err != nil {
				bads++
				wrong(k.err.Class, at, k.err.Msg, k.err.Fix)
			}
			return k.name
		}
	}
	named := func(read func(text string) (string, error)) func(text string) (string, *cspm.Error) {
		return func(text string) (string, *cspm.Error) {
			if _, ok := sys.Events().Lookup(text); ok && text != "τ" {
				return text, nil
			}
			name, err := read(text)
			if errs, ok := cspm.AsErrors(err); ok {
				return name, errs[0]
			} else if err != nil {
				return name, &cspm.Error{Class: syntax.Limit, Msg: err.Error()}
			}
			return name, nil
		}
	}
	event := named(func(text string) (string, error) { return script.Event(a.ctx, limits, text) })
	happened := reader(func(text string) (string, *cspm.Error) {
		name, err := event(text)
		if err == nil && name != "✓" && !opts.Observes(name) {
			err = &cspm.Error{Class: syntax.Scope, Msg: name + " is not among what is observed", Fix: "name its channel with --observe or --partly, or leave it out of the log"}
		}
		return name, err
	})
	may := reader(named(func(text string) (string, error) { return script.Channel(a.ctx, limits, text) }))
	for i := range log.Entries {
		e := &log.Entries[i]
		if e.Event != "" {
			e.Event = happened(e.At, e.Event)
		}
		for j, text := range e.May {
			e.May[j] = may(e.At, text)
		}
		if bads >= mostWrongEvents {
			return
		}
	}
}

// logResult is what came of a log.
type logResult struct {
	jsonLogResult
	log     *conform.Log
	verdict *conform.Verdict // nil: there were errors
}

// The JSON form of conform: docs/json.md.
type (
	jsonLogResult struct {
		Version         int                `json:"version"`
		File            string             `json:"file"`
		Process         string             `json:"process"`
		Log             string             `json:"log"`
		Verdict         string             `json:"verdict"`
		Reason          string             `json:"reason,omitempty"`
		Events          int                `json:"events"`
		Explained       int                `json:"explained"`
		Next            []jsonEntry        `json:"next"`
		States          int64              `json:"visited_states"`
		Transitions     int64              `json:"visited_transitions"`
		Seconds         float64            `json:"seconds"`
		Counterexamples []*render.Document `json:"counterexamples"`
		Errors          []jsonError        `json:"errors"`
	}
	jsonEntry struct {
		Line    int    `json:"line"`
		Process string `json:"process"`
		Event   string `json:"event"`
	}
)

func (r *logResult) errs(err error) { r.Errors = jsonErrors(err) }

func (a *app) printLogResult(c *conforming, r *logResult) error {
	v := r.verdict
	if c.format == "json" {
		r.Verdict, r.Counterexamples = string(deadlock.Unknown), []*render.Document{}
		if r.Errors == nil {
			r.Errors = []jsonError{}
		}
		if v != nil {
			r.Verdict, r.Reason, r.Events, r.Explained = string(v.Answer), v.Reason, v.Events, v.Explained
			r.States, r.Transitions, r.Seconds = v.Stats.States, v.Stats.Transitions, v.Stats.Time.Seconds()
			for _, i := range v.Next {
				e := r.log.Entries[i]
				r.Next = append(r.Next, jsonEntry{e.Line, e.Process, e.Event})
			}
		}
		if v != nil && v.Counterexample != nil {
			d, err := render.NewDocument(v.Counterexample)
			if err != nil {
				return err
			}
			r.Counterexamples = append(r.Counterexamples, d)
		}
		return writeJSON(a.stdout, r)
	}
	if v == nil {
		return nil
	}
	return a.writeLogResult(c, r)
}

// writeLogResult writes it for people.
func (a *app) writeLogResult(c *conforming, r *logResult) error {
	v := r.verdict
	switch v.Answer {
	case deadlock.Holds:
		_, err := fmt.Fprintf(a.stdout, "%s: %s can do it: %s, by %s\n", r.Log, r.Process, plural(int64(v.Events), "event"), ownPlural(processes(r.log), "process", "processes"))
		return err
	case deadlock.Unknown:
		_, err := fmt.Fprintf(a.stdout, "%s: unknown whether %s can do it (%s): it can do %d of %s\n", r.Log, r.Process, v.Reason, v.Explained, plural(int64(v.Events), "event"))
		return err
	}
	explained := fmt.Sprintf("only %d", v.Explained)
	if v.Explained == 0 {
		explained = "none"
	}
	fmt.Fprintf(a.stdout, "%s: %s cannot do it: %s of %s\n", r.Log, r.Process, explained, plural(int64(v.Events), "event"))
	for n, i := range v.Next {
		const most = 8
		if n == most {
			fmt.Fprintf(a.stdout, "  … and %d more\n", len(v.Next)-most)
			break
		}
		e := &r.log.Entries[i]
		by := ""
		if e.Process != "" {
			by = ", " + shortName(e.Process)
		}
		word := "next would be"
		if n > 0 {
			word = "or"
		}
		fmt.Fprintf(a.stdout, "  %s %s (%s:%d%s)\n", word, shortName(e.Event), r.Log, e.Line, by)
	}
	if c.quiet {
		return nil
	}
	fmt.Fprintln(a.stdout)
	width, colour := a.screen()
	return render.Text(indented{a.stdout}, v.Counterexample, render.TextOptions{
		Width: max(width-2, 0), Colour: colour, RevealTaus: c.taus, Notation: render.Notation(c.notation),
	})
}

// happened returns how many entries are not pending.
func happened(l *conform.Log) (n int) {
	for i := range l.Entries {
		if l.Entries[i].End != conform.Pending {
			n++
		}
	}
	return n
}

// processes returns how many have recorded something.
func processes(l *conform.Log) int {
	names := map[string]bool{}
	for i := range l.Entries {
		names[l.Entries[i].Process] = true
	}
	return len(names)
}

// ownPlural is plural for a word that has one of its own.
func ownPlural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
