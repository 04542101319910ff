package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// A baseline may be larger than any script.
func TestBaselineIsLarge(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("p.csp", []byte("assert STOP :[deadlock free]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	saved := check(t, fails, "--format", "json", "p.csp")
	large := strings.Replace(saved, "{", "{"+strings.Repeat(" ", 2*maxScript), 1)
	if err := os.WriteFile("old.json", []byte(large), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := check(t, holds, "--baseline", "old.json", "p.csp"); !strings.Contains(out, "against old.json: 1 known") {
		t.Errorf("%s", out)
	}
	var out, errs bytes.Buffer
	if st := run(context.Background(), []string{"check", "--baseline", "-", "p.csp"}, strings.NewReader(saved), &out, &errs); st != holds {
		t.Errorf("from standard input: status %d\n%s%s", st, &out, &errs)
	}
}
