package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// The counterexample in the README is what its first command prints, and the
// pictures beside it have the words of those that --render makes.
func TestREADME(t *testing.T) {
	dir := t.TempDir()
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

	// The pictures are of a run of its own: laying out needs the program.
	if out, err := goRun("check", "--run", "TABLE", "--render", dir, "specs/philosophers.csp"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, kind := range []string{"path", "waits"} {
		shown := words(t, "docs/philosophers-"+kind+".svg")
		made := words(t, dir+"/philosophers-27-"+kind+".svg")
		if shown != made {
			t.Errorf("docs/philosophers-%s.svg says\n%s\nbut now it is\n%s", kind, shown, made)
		}
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

// goRun runs the program as the README says.
func goRun(args ...string) (string, error) {
	out, err := exec.Command("go", append([]string{"run", "./cmd/cspcheck"}, args...)...).CombinedOutput()
	return string(out), err
}
