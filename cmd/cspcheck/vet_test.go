package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// faulty are files with a mistake of each kind of place: after characters
// that UTF-16 counts twice, in bytes that are no UTF-8, after a byte order
// mark, in an included file, in a file whose name is no plain URI, and none.
var faulty = map[string]string{
	"root.csp":      "include \"part.csp\"\nP = \"𝄞é\" ^ nowhere\nP = STOP\n",
	"part.csp":      "channel c : {0..1}\r\nQ = c -> STOP\r\n",
	"latin.csp":     "\xef\xbb\xbfs = \"\xe9\xe9\" ^ nowhere\r\n",
	"odd #1 é.csp":  "R = (1 +\n",
	"lines.csp":     "x = (1 ==\n  true) and 2\n",
	"print.csp":     "print 1 +\nprint nowhere\nprint 1 == true\nprint 1 / 0\n",
	"good.csp":      "P = STOP\n",
	"many.csp":      "x = <" + strings.Repeat("nowhere, ", 149) + "nowhere>\n",
	"also-root.csp": "include \"part.csp\"\n",
}

// vetted runs vet on some of the faulty files.
func vetted(t *testing.T, want status, args ...string) (stdout, stderr string) {
	t.Helper()
	dir := t.TempDir()
	t.Chdir(dir)
	for name, text := range faulty {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var out, err bytes.Buffer
	if st := run(context.Background(), append([]string{"vet"}, args...), strings.NewReader("S = nowhere"), &out, &err); st != want {
		t.Fatalf("vet %v: exit status %d, want %d\n%s", args, st, want, &err)
	}
	return out.String(), err.String()
}

func TestVetJSON(t *testing.T) {
	stdout, stderr := vetted(t, bad, "--format", "json", "root.csp", "also-root.csp", "latin.csp", "odd #1 é.csp", "lines.csp", "print.csp", "none.csp", "good.csp", "-")
	type place struct {
		File, Message, Class, Fix string
		Line, Column              int
		End                       int `json:"end_line"`
		EndColumn                 int `json:"end_column"`
		Notes                     []place
	}
	var got struct {
		Version int
		Files   []string
		Errors  []place
	}
	dec := json.NewDecoder(strings.NewReader(stdout))
	if err := dec.Decode(&got); err != nil || dec.More() {
		t.Fatalf("%v, or more than one value:\n%s", err, stdout)
	}
	if got.Version != 1 || len(got.Files) != 9 {
		t.Errorf("version %d, files %v", got.Version, got.Files)
	}
	show := func(p place) string {
		return fmt.Sprintf("%s:%d:%d-%d:%d", p.File, p.Line, p.Column, p.End, p.EndColumn)
	}
	var lines []string
	for _, e := range got.Errors {
		line := show(e) + " " + e.Class
		for _, n := range e.Notes {
			line += " | " + show(n)
		}
		lines = append(lines, line)
	}
	// Each once, though part.csp is included twice.
	want := []string{
		"root.csp:2:12-2:19 scope",
		"root.csp:3:1-3:2 scope | root.csp:2:1-2:2",
		"part.csp:2:5-2:6 type | root.csp:1:9-1:19",
		"latin.csp:1:12-1:19 scope",
		"odd #1 é.csp:1:9-1:9 parse | odd #1 é.csp:1:5-1:6",
		"lines.csp:2:3-2:7 type | lines.csp:1:6-1:7",
		"lines.csp:2:13-2:14 type",
		"print.csp:1:10-1:10 parse",
		"print.csp:2:7-2:14 scope",
		"print.csp:3:12-3:16 type | print.csp:3:7-3:8",
		"none.csp:0:0-0:0 parse",
		"<stdin>:1:5-1:12 scope",
	}
	if a, b := strings.Join(lines, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	if !strings.Contains(stderr, "root.csp:2:12: scope: nowhere is not defined\n") || !strings.Contains(stderr, "root.csp:1:9: part.csp is included here\n") {
		t.Errorf("stderr:\n%s", stderr)
	}
}

func TestVetSARIF(t *testing.T) {
	stdout, _ := vetted(t, bad, "--format", "sarif", "root.csp", "latin.csp", "odd #1 é.csp", "none.csp")
	valid := func(doc string) bool { return validSARIF(t, doc) }
	if !valid(stdout) {
		t.Errorf("this is no SARIF:\n%s", stdout)
	}
	for _, wrong := range [][2]string{{`"2.1.0"`, `"2.0"`}, {`"startLine": 2`, `"startLine": 0`}, {`"error"`, `"terrible"`}} {
		if other := strings.Replace(stdout, wrong[0], wrong[1], 1); other == stdout || valid(other) {
			t.Errorf("%s for %s is not noticed", wrong[1], wrong[0])
		}
	}
	run := readSARIF(t, stdout)
	if run.ColumnKind != "utf16CodeUnits" || len(run.Tool.Driver.Rules) != 7 {
		t.Errorf("%+v", run)
	}
	lines := run.lines(t)
	want := []string{
		"scope root.csp:2:13-2:20", // 𝄞 counts twice
		"scope root.csp:3:1-3:2 root.csp:2:1-2:2",
		"type part.csp:2:5-2:6 root.csp:1:9-1:19",
		"scope latin.csp:1:12-1:19",
		"parse odd%20%231%20%C3%A9.csp:1:9-1:9 odd%20%231%20%C3%A9.csp:1:5-1:6",
		"parse none.csp:0:0-0:0",
	}
	if a, b := strings.Join(lines, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	if stdout, _ := vetted(t, holds, "--format", "sarif", "good.csp"); !valid(stdout) || !strings.Contains(stdout, `"results": []`) {
		t.Errorf("without mistakes:\n%s", stdout)
	}
}

// However many mistakes are printed, all count.
func TestManyMistakes(t *testing.T) {
	for _, tt := range []struct {
		args    []string
		printed int
		more    string
	}{
		{nil, 100, "cspcheck: and 50 more mistakes\n"},
		{[]string{"--max-errors", "149"}, 149, "cspcheck: and 1 more mistake\n"},
		{[]string{"--max-errors", "150"}, 150, ""},
		{[]string{"--max-errors", "0"}, 150, ""},
	} {
		_, stderr := vetted(t, bad, append(tt.args, "many.csp")...)
		if n := strings.Count(stderr, ": scope: "); n != tt.printed || !strings.HasSuffix(stderr, tt.more) || tt.more == "" && strings.Contains(stderr, "more") {
			t.Errorf("%v: %d mistakes printed, want %d; the end is %q", tt.args, n, tt.printed, stderr[len(stderr)-60:])
		}
	}
	stdout, _ := vetted(t, bad, "--format", "json", "--max-errors", "1", "many.csp")
	if n := strings.Count(stdout, `"class"`); n != 150 {
		t.Errorf("%d mistakes in JSON", n)
	}
}
