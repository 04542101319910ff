package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

// scripts returns the scripts of specs and of testdata/script.
func scripts(t testing.TB) []string {
	var out []string
	specs, _ := filepath.Glob("../../specs/*.csp")
	for _, name := range specs {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, string(text))
	}
	archives, _ := filepath.Glob("testdata/script/*.txtar")
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".csp") {
				out = append(out, string(f.Data))
			}
		}
	}
	if len(out) < 30 {
		t.Fatalf("only %d scripts", len(out))
	}
	return out
}

// process matches a process without arguments in what types prints.
var process = regexp.MustCompile(`(?m)^([\w:']+) :: Proc$`)

// within are small limits.
var within = slices.Clip([]string{"--max-states", "200", "--timeout", "500ms", "--max-memory", "3GB"})

// runnable checks that a script that vet accepts is also run without a bug of
// ours: each assertion and statement of it, and each process, by each engine.
//
// All of it is cut short together: go test -fuzz takes what lasts 10 seconds
// for a deadlock, on a busy machine, too.
func runnable(t interface{ Errorf(string, ...any) }, src string) {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	try := func(verb string, args ...string) (status, string) {
		var stdout, stderr bytes.Buffer
		st := run(ctx, append([]string{verb}, args...), strings.NewReader(src), &stdout, &stderr)
		if st == bug {
			t.Errorf("cspcheck %s %v ends in a bug of ours:\n%s\n%s", verb, args, src, &stderr)
		}
		return st, stdout.String()
	}
	if st, _ := try("vet", "--max-errors", "1", "-"); st != holds {
		return
	}
	for _, engine := range []string{"auto", "terms"} {
		try("check", append(within, "--format", "json", "--engine", engine, "-")...)
	}
	_, types := try("types", "-")
	for i, m := range process.FindAllStringSubmatch(types, 5) {
		try("explore", append(within, "--engine", []string{"auto", "terms", "network"}[i%3], "-", m[1])...)
	}
}

// word matches what is exchanged.
var word = regexp.MustCompile(`[A-Za-z]\w*|\d+|[^\s\w]+`)

// exchanged checks a script in which a few words are exchanged for others.
func exchanged(scripts []string) func(t *rapid.T) {
	return func(t *rapid.T) {
		src := rapid.SampledFrom(scripts).Draw(t, "script")
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			all := word.FindAllStringIndex(src, -1)
			if len(all) == 0 {
				return
			}
			at := all[rapid.IntRange(0, len(all)-1).Draw(t, "at")]
			other := all[rapid.IntRange(0, len(all)-1).Draw(t, "other")]
			src = src[:at[0]] + src[other[0]:other[1]] + src[at[1]:]
		}
		runnable(t, src)
	}
}

func TestExchangedWords(t *testing.T) { rapid.Check(t, exchanged(scripts(t))) }

func FuzzExchangedWords(f *testing.F) { f.Fuzz(rapid.MakeFuzz(exchanged(scripts(f)))) }

// FuzzRun holds vet against running, for any text.
func FuzzRun(f *testing.F) {
	for _, src := range scripts(f) {
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src string) { runnable(t, src) })
}
