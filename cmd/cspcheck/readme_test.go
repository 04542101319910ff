package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The counterexample in the README is what its first command prints, and the
// pictures beside it are made by the commands that it shows.
func TestREADME(t *testing.T) {
	t.Chdir("../..")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(readme), "go run ./cmd/cspcheck check specs/philosophers.csp\n```\n\n```\n")
	if !ok {
		t.Fatal("README.md does not show the command, and then what it prints")
	}
	want, _, _ := strings.Cut(after, "\n```\n")

	var stdout, stderr bytes.Buffer
	st := run(context.Background(), []string{"check", "specs/philosophers.csp"}, strings.NewReader(""), &stdout, &stderr)
	if st != holds {
		t.Errorf("exit status %d\n%s", st, &stderr)
	}
	if got := strings.TrimRight(stdout.String(), "\n"); got != want {
		t.Errorf("README.md shows\n%s\nbut now it is\n%s", want, got)
	}

	// The pictures are made by the commands that it shows.
	work := workshop(t, ".")
	made := map[string]bool{}
	for _, b := range blocks(string(readme)) {
		for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
			if b.language == "sh" && strings.Contains(line, "--render docs/") {
				shell(t, work, line)
				made[line] = true
			}
		}
	}
	shown := regexp.MustCompile(`<img src="(docs/[^"]+)"`).FindAllStringSubmatch(string(readme), -1)
	if len(made) == 0 || len(shown) < 2 {
		t.Errorf("README.md shows %d commands and %d pictures", len(made), len(shown))
	}
	for _, m := range shown {
		samePicture(t, m[1], filepath.Join(work, m[1]))
	}
}

var text = regexp.MustCompile(`<text[^>]*>([^<]*)</text>`)

// words returns the texts of a picture.
func words(t *testing.T, file string) string {
	t.Helper()
	svg, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, m := range text.FindAllStringSubmatch(string(svg), -1) {
		lines = append(lines, m[1])
	}
	if len(lines) < 5 {
		t.Errorf("%s has only %d texts", file, len(lines))
	}
	return strings.Join(lines, "\n")
}
