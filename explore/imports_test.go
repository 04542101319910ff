package explore_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/cspcheck/cspcheck"

// within reports whether pkg is dir or in a subpackage of it.
func within(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }

// mayImport reports whether the arrows allow one package of the module to
// import another, both without the module's path:
//
//	cmd → render, deadlock → explore → model
//
// but model/cspm may import explore, nothing else below cmd imports
// model/cspm, and packages whose name ends in "test" may import anything but
// cmd.
func mayImport(from, to string) bool {
	top := func(pkg string) string { return strings.Split(pkg, "/")[0] }
	switch {
	case within(to, "cmd"):
		return within(from, "cmd")
	case within(from, "cmd"), strings.HasSuffix(path.Base(from), "test"):
		return true
	case within(from, "model/cspm"):
		return within(to, "model") || within(to, "explore")
	case within(to, "model/cspm"):
		return false
	}
	switch top(from) {
	case "model":
		return top(to) == "model"
	case "explore":
		return top(to) == "model" || top(to) == "explore"
	case "deadlock", "render":
		return top(to) == "model" || top(to) == "explore" || top(to) == top(from)
	}
	return false // no other Go package belongs at the top
}

func TestMayImport(t *testing.T) {
	for _, tt := range []struct {
		from, to string
		want     bool
	}{
		{"cmd/cspcheck", "render", true},
		{"cmd/cspcheck", "model/cspm", true},
		{"deadlock", "explore", true},
		{"deadlock", "model", true},
		{"render", "explore/lts", true},
		{"explore/lts", "explore", true},
		{"model/cspm", "explore", true},
		{"model/cspm/eval", "explore/lts", true},
		{"model/cspm/eval", "model/cspm/syntax", true},
		{"model/modeltest", "deadlock", true},
		{"deadlock/deadlocktest", "render", true},
		{"deadlock/deadlocktest", "model/cspm", true},

		{"model", "explore", false},
		{"model/network", "explore", false},
		{"model", "model/cspm", false},
		{"explore", "deadlock", false},
		{"explore", "model/cspm/syntax", false},
		{"deadlock", "render", false},
		{"render", "deadlock", false},
		{"render", "model/cspm", false},
		{"model/cspm", "deadlock", false},
		{"model/cspm", "render", false},
		{"model/modeltest", "cmd/cspcheck", false},
		{"deadlock", "cmd/cspcheck", false},
		{"util", "model", false},
		{"modelling", "model", false},
	} {
		if got := mayImport(tt.from, tt.to); got != tt.want {
			t.Errorf("may %s import %s: %v, want %v", tt.from, tt.to, got, tt.want)
		}
	}
}

// wrongImports reads the Go files below root, whatever their build
// constraints, and returns the imports that point the wrong way. An external
// test package, being one whose name ends in "_test", may import what
// packages of that kind may.
func wrongImports(root string) (wrong []string, files int, err error) {
	err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name != root && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		from := path.Dir(filepath.ToSlash(rel))
		if strings.HasSuffix(file.Name.Name, "_test") {
			from += "_test"
		}
		for _, spec := range file.Imports {
			to, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if to, ok := strings.CutPrefix(to, module+"/"); ok && !mayImport(from, to) {
				wrong = append(wrong, filepath.ToSlash(rel)+" imports "+to)
			}
		}
		return nil
	})
	return wrong, files, err
}

func TestImportsPointOneWay(t *testing.T) {
	text, err := os.ReadFile("../go.mod")
	if err != nil || !strings.HasPrefix(string(text), "module "+module+"\n") {
		t.Fatalf("../go.mod is not that of %s: %v", module, err)
	}
	wrong, files, err := wrongImports("..")
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Errorf("only %d Go files found", files)
	}
	for _, w := range wrong {
		t.Error(w)
	}
}

func TestWrongImportsAreSeen(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{
		"model/net.go":       "package model\nimport _ \"" + module + "/explore\"\n",
		"model/net_test.go":  "package model_test\nimport _ \"" + module + "/explore\"\n",
		"explore/run.go":     "//go:build windows\npackage explore\nimport (\n\t\"fmt\"\n\t_ \"" + module + "/deadlock\"\n)\n",
		"explore/in_test.go": "package explore\nimport _ \"" + module + "/render\"\n",
		"render/text.go":     "package render\nimport _ \"" + module + "/explore\"\n",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	wrong, files, err := wrongImports(root)
	want := "explore/in_test.go imports render; explore/run.go imports deadlock; model/net.go imports explore"
	if got := strings.Join(wrong, "; "); got != want || files != 5 || err != nil {
		t.Errorf("%d files, %v: %s, want %s", files, err, got, want)
	}
}
