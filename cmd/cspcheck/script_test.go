package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"cspcheck": main, "cspcheck-killed": killed, "cspcheck-measured": measured})
}

// killed is cspcheck-killed N ARGS...: cspcheck -v ends, as if by kill -9, when
// it has told of N checkpoints.
func killed() {
	n, err := strconv.Atoi(os.Args[1])
	if err != nil {
		panic(err)
	}
	os.Exit(int(run(context.Background(), os.Args[2:], os.Stdin, os.Stdout, &killer{n})))
}

// A killer is a standard error that kills the program.
type killer struct{ checkpoints int }

func (k *killer) Write(b []byte) (int, error) {
	if k.checkpoints -= bytes.Count(b, []byte(": checkpoint, ")); k.checkpoints <= 0 {
		self, err := os.FindProcess(os.Getpid())
		if err == nil {
			err = self.Kill()
		}
		if err != nil {
			panic(err)
		}
		select {} // until it has come
	}
	return os.Stderr.Write(b)
}

// The command line as a user meets it: testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Condition: func(name string) (bool, error) {
			if name != "root" {
				return false, fmt.Errorf("unknown condition %s", name)
			}
			return os.Getuid() == 0, nil // to whom no file is unreadable
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status":        statusCmd,
			"same-but-time": sameButTimeCmd,
		},
	})
}

// statusCmd is status N ARGS...: it runs cspcheck and wants exit status N,
// for ! exec does not tell 1, 2 and 3 apart.
func statusCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: status N ARGS...")
	}
	got := 0
	if err := ts.Exec("cspcheck", args[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if want := args[0]; strconv.Itoa(got) != want {
		ts.Fatalf("exit status %d, want %s", got, want)
	}
}

// What explore prints that is another each time.
var timeAndMemory = regexp.MustCompile(`, [0-9.]+ s(, [0-9]+ bytes per state)?`)

// sameButTimeCmd is same-but-time FILE: the last standard output is that in a
// file, but for times and memory.
func sameButTimeCmd(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: same-but-time FILE")
	}
	got, want := timeAndMemory.ReplaceAllString(ts.ReadFile("stdout"), ""), timeAndMemory.ReplaceAllString(ts.ReadFile(args[0]), "")
	if got != want || got == "" {
		ts.Fatalf("it prints\n%s\nnot\n%s", got, want)
	}
}
