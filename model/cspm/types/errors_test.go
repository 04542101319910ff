package types_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// What is wrong with a script, as it is shown.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.csp")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts: ", err)
	}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, e := range mistakes(string(src)) {
			b.WriteString(e.Detail())
		}
		golden := strings.TrimSuffix(name, ".csp") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s:\n%s\nwant\n%s", name, b.String(), want)
		}
	}
}

// The types in larger scripts, and that those of specs/ have any.
func TestGoodScripts(t *testing.T) {
	for _, pattern := range []string{"testdata/good/*.csp", "../../../specs/*.csp"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, info, errs := script(t, string(src))
			if len(errs) > 0 {
				t.Errorf("%s: %v", name, errs)
			}
			if pattern[:4] != "test" {
				continue
			}
			var b strings.Builder
			for _, n := range info.All() {
				b.WriteString(n.Name + " :: " + n.Type.String() + "\n")
			}
			golden := strings.TrimSuffix(name, ".csp") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(b.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if b.String() != string(want) {
				t.Errorf("%s:\n%s\nwant\n%s", name, b.String(), want)
			}
		}
	}
}
