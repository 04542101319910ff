package main

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite what the documents show")

// A block of a document: in its fences, as a language.
type block struct {
	language string
	text     string
	start    int // of the text
}

var fenced = regexp.MustCompile("(?m)^```(\\w*)\n((?:[^`\n].*\n|\n)*?)```$")

func blocks(doc string) []block {
	var out []block
	for _, m := range fenced.FindAllStringSubmatchIndex(doc, -1) {
		out = append(out, block{doc[m[2]:m[3]], doc[m[4]:m[5]], m[4]})
	}
	return out
}

func TestPicturesDocument(t *testing.T) { showsWhatItMakes(t, "pictures", 10) }
func TestDesignsDocument(t *testing.T)  { showsWhatItMakes(t, "designs", 1) }
func TestConformDocument(t *testing.T)  { showsWhatItMakes(t, "conform", 0) }

// showsWhatItMakes makes sure that a document shows what its commands make:
// what they print, and so many pictures or more.
func showsWhatItMakes(t *testing.T, name string, pictures int) {
	doc := "../../docs/" + name + ".md"
	page, err := os.ReadFile(doc)
	if err != nil {
		t.Fatal(err)
	}
	text := string(page)
	dir := workshop(t, "../..")
	if err := os.MkdirAll(filepath.Join(dir, "docs/pictures"), 0o755); err != nil {
		t.Fatal(err)
	}
	all := blocks(text)
	var rewritten strings.Builder
	last, said := 0, ""
	for _, b := range all {
		if b.language == "sh" {
			for _, line := range strings.Split(strings.TrimSpace(b.text), "\n") {
				said = shell(t, dir, line)
			}
			continue
		}
		if b.language != "" {
			continue // of another kind
		}
		want := said
		if strings.Count(b.text, "\n") == 1 && strings.HasPrefix(said, b.text) {
			want = b.text // the beginning is enough
		}
		rewritten.WriteString(text[last:b.start] + want)
		last = b.start + len(b.text)
		if !*update && want != b.text {
			t.Errorf("docs/%s.md shows\n%s\nbut now it is\n%s", name, b.text, want)
		}
	}
	rewritten.WriteString(text[last:])
	if *update {
		if err := os.WriteFile(doc, []byte(rewritten.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	shown := 0
	for _, m := range regexp.MustCompile(`<img src="(pictures/[^"]+)"`).FindAllStringSubmatch(text, -1) {
		shown++
		samePicture(t, filepath.Join("../../docs", m[1]), filepath.Join(dir, "docs", m[1]))
	}
	if shown < pictures {
		t.Errorf("%d pictures", shown)
	}
}

// samePicture holds a picture to one that was made now. Graphviz may place
// things a little differently; the words are the same.
func samePicture(t *testing.T, kept, made string) {
	t.Helper()
	now, err := os.ReadFile(made)
	if err != nil {
		t.Errorf("no command makes it: %v", err)
		return
	}
	if *update {
		if err := os.WriteFile(kept, now, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if strings.HasSuffix(kept, "-sequence.svg") {
		if was, err := os.ReadFile(kept); err != nil || !bytes.Equal(was, now) {
			t.Errorf("%s is not what it would be now: go test ./cmd/cspcheck -run 'Document|README' -update, and look at it (%v)", kept, err)
		}
		return
	}
	if was, now := words(t, kept), words(t, made); was != now {
		t.Errorf("%s says\n%s\nbut now it is\n%s", kept, was, now)
	}
}

// workshop is a directory in which the documents' commands run: the specs of the
// repository, which is at root, are there, and what they make stays in it.
func workshop(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	specs, err := filepath.Abs(filepath.Join(root, "specs"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(specs, filepath.Join(dir, "specs")); err != nil {
		t.Fatal(err)
	}
	return dir
}

var redirected = regexp.MustCompile(`^(.*) > (\S+)$`)

// shell runs a line of a document, and returns what it prints.
func shell(t *testing.T, dir, line string) string {
	t.Helper()
	line = strings.Replace(line, "go run ./cmd/cspcheck", "cspcheck", 1)
	file := ""
	if m := redirected.FindStringSubmatch(line); m != nil {
		line, file = m[1], m[2]
	}
	var args []string
	for _, m := range regexp.MustCompile(`'([^']*)'|(\S+)`).FindAllStringSubmatch(line, -1) {
		args = append(args, m[1]+m[2])
	}
	if len(args) == 0 || args[0] != "cspcheck" {
		t.Fatalf("this is no command of ours: %s", line)
	}
	cmd := exec.CommandContext(context.Background(), program(t), args[1:]...)
	cmd.Dir = dir
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && (cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != int(fails)) {
		t.Fatalf("%s: %v\n%s", line, err, &stderr)
	}
	if file != "" {
		if err := os.WriteFile(filepath.Join(dir, file), stdout.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return stdout.String()
}

// program is cspcheck: this test's binary under that name, as TestMain has it.
// It must be no symbolic link, for laying out the program starts itself.
func program(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "cspcheck")
	if os.Link(exe, path) == nil {
		return path
	}
	binary, err := os.ReadFile(exe)
	if err == nil {
		err = os.WriteFile(path, binary, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}
