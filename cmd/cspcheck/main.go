// Command cspcheck reads CSPM scripts and checks what they assert.
//
// It is thin: it parses the arguments, calls packages cspm, deadlock and
// render, and picks the exit status.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// The exit status says what came of a run. With several, the first of bug,
// bad, fails, unknown, holds is it.
type status int

const (
	holds   status = 0
	fails   status = 1
	bad     status = 2 // the input or the usage is wrong
	unknown status = 3 // a limit was hit, or something is not supported
	bug     status = 4
)

// worse returns the status that two results have together.
func (s status) worse(t status) status {
	for _, u := range []status{bug, bad, fails, unknown} {
		if s == u || t == u {
			return u
		}
	}
	return holds
}

func main() {
	if !slices.ContainsFunc(os.Args, func(arg string) bool { return strings.HasPrefix(arg, "--memprofile") }) {
		runtime.MemProfileRate = 0 // nobody asks for what would be noted of where memory is allocated, some 2 MB
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
	a := newApp(ctx, os.Stdin, os.Stdout, os.Stderr)
	a.exit = func(st status) { os.Exit(int(st)) }
	a.exit(a.execute(os.Args[1:]))
}

// run is main without the process around it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) status {
	return newApp(ctx, stdin, stdout, stderr).execute(args)
}

func newApp(ctx context.Context, stdin io.Reader, stdout, stderr io.Writer) *app {
	a := &app{ctx: ctx, ended: make(chan struct{}), stdin: stdin, stdout: stdout, stderr: stderr}
	a.left, a.leave = context.WithCancel(context.Background())
	return a
}

// execute does what args say.
func (a *app) execute(args []string) (st status) {
	defer close(a.ended)
	first := a.ctx
	defer context.AfterFunc(first, func() { a.hasten(first) })()
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(a.stderr, "cspcheck: this is a bug of ours, please report it with the script: %v\n%s", p, debug.Stack())
			st = bug
		}
	}()
	root := a.root()
	root.SetArgs(defaultVerb(root, args))
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	for _, err := range []error{root.ExecuteContext(a.ctx), a.profiles.stop()} {
		if err != nil {
			fmt.Fprintf(a.stderr, "cspcheck: %s\n", syntax.Printable(err.Error()))
			a.worsen(statusOf(err))
		}
	}
	return a.status()
}

// status is what has come of the run so far.
func (a *app) status() status { return status(a.sofar.Load()) }

// worsen adds what has come of a part of it.
func (a *app) worsen(st status) {
	for {
		before := a.sofar.Load()
		if a.sofar.CompareAndSwap(before, int32(status(before).worse(st))) {
			return
		}
	}
}

// app is one run of the program.
type app struct {
	ctx    context.Context // done at Ctrl-C, or see bound
	left   context.Context // done when nobody waits for an answer any more: see hasten and bound
	leave  func()          // has left be done
	ended  chan struct{}   // closed when the run has ended
	exit   func(status)    // ends the process; nil if that is not ours
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	sofar  atomic.Int32 // the status
	verbs  []string

	ceiling  *ceiling // over the run, or nil
	profiles profiles
	watch    stopwatch // of --stats
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "cspcheck",
		Short: "A model checker for communicating processes",
		Long: `cspcheck reads a network of communicating processes in CSPM, explores every
interleaving, and answers what the script asserts, with a counterexample
where the answer is no.

Exit status: 0 all hold, 1 something fails, 2 the input or usage is wrong,
3 unknown (a limit was hit), 4 a bug of ours.`,
		Version:       version(),
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			fmt.Fprint(a.stderr, cmd.UsageString()) // no result: those go to stdout
			return fmt.Errorf("a file is needed: cspcheck check FILE")
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return plainFlagError(err) })
	root.AddCommand(a.checkCmd(), a.refineCmd(), a.showCmd(), a.replayCmd(), a.vetCmd(), a.fmtCmd(), a.typesCmd(), a.evalCmd(), a.exploreCmd(), a.graphCmd(), a.networkCmd(), a.probeCmd(), a.conformCmd(), a.sizeCmd(), a.compareCmd(), a.layoutCmd(), a.versionCmd())
	a.profiles.add(root)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if err := emptyFlag(cmd.Flags()); err != nil {
			return err
		}
		return a.profiles.start()
	}
	for _, c := range root.Commands() {
		a.verbs = append(a.verbs, c.Name())
	}
	return root
}

// emptyFlag returns an error if a flag is given without a value, as by a
// variable of a shell that is not set. A regular expression may be empty.
func emptyFlag(flags *pflag.FlagSet) (err error) {
	flags.Visit(func(f *pflag.Flag) {
		what, _ := pflag.UnquoteUsage(f)
		if err == nil && f.Value.Type() == "string" && f.Value.String() == "" && what != "REGEXP" {
			err = fmt.Errorf("--%s: its value is empty", f.Name)
		}
	})
	return err
}

// goWords is what Go's own parsers put into their complaints.
var goWords = regexp.MustCompile(`strconv\.\w+: parsing "[^"]*": |time: `)

func plainFlagError(err error) error { return errors.New(goWords.ReplaceAllString(err.Error(), "")) }

// many is no bound on the number of arguments.
const many = -1

// needs checks the number of arguments, which usage names.
func needs(least, most int, usage string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return fmt.Errorf("%s needs more arguments: cspcheck %s %s", cmd.Name(), cmd.Name(), usage)
		case most != many && len(args) > most:
			return fmt.Errorf("%s takes no argument %q: cspcheck %s %s", cmd.Name(), args[most], cmd.Name(), usage)
		}
		return nil
	}
}

// defaultVerb puts check before arguments that name no verb.
func defaultVerb(root *cobra.Command, args []string) []string {
	for _, arg := range args {
		if arg == "--" || arg == "-" || !strings.HasPrefix(arg, "-") {
			if arg == "help" || arg == "completion" || strings.HasPrefix(arg, "__") {
				return args
			}
			for _, c := range root.Commands() {
				if c.Name() == arg {
					return args
				}
			}
			return append([]string{"check"}, args...)
		}
		if arg == "-h" || arg == "--help" {
			return args
		}
	}
	return args
}

func (a *app) versionCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(a.stdout, "cspcheck", version())
			return nil
		},
	}
}

// version returns the version that the program was built as.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
