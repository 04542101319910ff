package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A terminal does not act on the name of a file: not of a script, not of one
// that it includes, and not of one that isn't there.
func TestHostileFileNames(t *testing.T) {
	dir := t.TempDir()
	const evil = "a\x1b[31m\x07.csp"
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Skip("no such name on this system:", err)
		}
		return file
	}
	for what, args := range map[string][]string{
		"verdict":  {"check", write(evil, "channel a\nprint 1\nP = a -> STOP\nassert P :[deadlock free]\nassert a -> error(\"no\") :[deadlock free]\n")},
		"mistake":  {"vet", write("b"+evil, "P = q -> STOP\n")},
		"included": {"vet", write("c.csp", "include \"b"+evil+"\"\n")},
		"missing":  {"check", filepath.Join(dir, "none"+evil)},
	} {
		var out bytes.Buffer
		run(context.Background(), args, strings.NewReader(""), &out, &out)
		if !strings.Contains(out.String(), ".csp") || strings.ContainsAny(out.String(), "\x1b\x07") {
			t.Errorf("%s: %q", what, out.String())
		}
	}
}
