package syntax

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// golden compares got with a golden file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// The messages for every mistake in testdata/errors.
func TestErrorMessages(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.csp")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, errs := Parse(filepath.Base(file), src, nil)
		var b strings.Builder
		for _, e := range errs {
			b.WriteString(e.Detail())
		}
		golden(t, strings.TrimSuffix(file, ".csp")+".golden", b.String())
	}
}

// A script with every construct, as it is printed.
func TestWholeLanguage(t *testing.T) {
	src, err := os.ReadFile("testdata/good/whole.csp")
	if err != nil {
		t.Fatal(err)
	}
	f := parseOK(t, string(src))
	checkSpans(t, f)
	var b bytes.Buffer
	if err := f.Format(&b); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/good/whole.golden", b.String())
	again := parseOK(t, b.String())
	if !EqualFiles(f, again) {
		t.Error("printed, it is another script")
	}
}
