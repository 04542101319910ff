// Command compare puts cspcheck and SPIN side by side on the same networks,
// those of testdata/bench:
//
//	go run ./cmd/cspcheck/compare --size medium --runs 5
//
// It runs cspcheck, SPIN and a bare hash table in turn, so that all meet the
// same weather, checks that each counts what it should, and prints ratios run
// by run: the median, the least and the most. SPIN is told not to reduce, to
// keep one step for each event, and to stay one thread; it takes what the
// counts allow, no more, so that its memory is what it needs.
//
// With --growth it prints what a transition costs at each size instead.
//
// It needs a C compiler and SPIN in the PATH, or --spin=false. Run it from
// anywhere in the module.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
)

// options are the flags.
type options struct {
	size    string
	models  *regexp.Regexp
	runs    int
	workers int
	store   string
	spin    bool
	growth  bool
	memory  string
	pan     int // MB
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(os.Args) == 3 && os.Args[1] == bareCommand {
		fillBare(os.Args[2])
		return
	}
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintf(os.Stderr, "compare: %v\n", err)
		}
		os.Exit(2)
	}
}

func parse(args []string) (*options, error) {
	o := &options{}
	f := flag.NewFlagSet("compare", flag.ContinueOnError)
	f.StringVar(&o.size, "size", "medium", "which rows of expected.tsv: small, growing, medium, large or huge")
	models := f.String("models", "", "only models whose names match this `regexp`")
	f.IntVar(&o.runs, "runs", 5, "how often each is run")
	f.IntVar(&o.workers, "workers", 1, "of cspcheck")
	f.StringVar(&o.store, "store", "auto", "of cspcheck")
	f.StringVar(&o.memory, "max-memory", "80%", "of cspcheck")
	f.IntVar(&o.pan, "spin-memory", 16000, "the `MB` that SPIN may take")
	f.BoolVar(&o.spin, "spin", true, "run SPIN, too")
	f.BoolVar(&o.growth, "growth", false, "print what a transition costs at each size, instead")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("there is no argument %q", f.Arg(0))
	}
	if o.runs < 1 {
		return nil, errors.New("--runs must be at least 1")
	}
	var err error
	if o.models, err = regexp.Compile(*models); err != nil {
		return nil, fmt.Errorf("--models: %w", err)
	}
	return o, nil
}

func run(ctx context.Context, args []string, out io.Writer) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	dir := filepath.Join(root, "testdata", "bench")
	all, err := readRows(filepath.Join(dir, "expected.tsv"))
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "compare")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := &bench{options: o, dir: dir, work: work, out: out}
	if b.cspcheck, err = build(ctx, root, work); err != nil {
		return err
	}
	if o.growth {
		return b.growth(ctx, all)
	}
	if o.spin {
		for _, program := range []string{"spin", "cpp", "gcc"} {
			if _, err := exec.LookPath(program); err != nil {
				return fmt.Errorf("%s is not in the PATH: install it (SPIN is the package spin of Debian and Ubuntu), or leave SPIN out with --spin=false", program)
			}
		}
	}
	return b.compare(ctx, all)
}

// moduleRoot returns the directory of go.mod.
func moduleRoot(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	mod := strings.TrimSpace(string(out))
	if err != nil || mod == "" || mod == os.DevNull {
		return "", errors.New("run it in the module of cspcheck")
	}
	return filepath.Dir(mod), nil
}

// build builds cspcheck.
func build(ctx context.Context, root, work string) (string, error) {
	program := filepath.Join(work, "cspcheck.exe")
	c := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/cspcheck")
	c.Dir = root
	if text, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("cspcheck does not build: %w\n%s", err, text)
	}
	return program, nil
}
