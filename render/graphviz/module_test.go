package graphviz

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	goviz "github.com/goccy/go-graphviz"
)

// theirs lays out by go-graphviz itself.
func theirs(t *testing.T, dot []byte) string {
	t.Helper()
	ctx := context.Background()
	graph, err := goviz.ParseBytes(dot)
	if err != nil {
		t.Fatal(err)
	}
	defer graph.Close()
	g, err := goviz.New(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer g.Close()
	var out bytes.Buffer
	if err := g.Render(ctx, graph, goviz.SVG, &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// What the module makes is what go-graphviz makes of it, byte for byte.
func TestLayoutIsThatOfGoGraphviz(t *testing.T) {
	files, err := filepath.Glob("../testdata/*.dot")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pictures: %v", err)
	}
	for _, file := range files {
		dot, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var ours bytes.Buffer
		if err := InProcess(dot, "svg", &ours); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if want := theirs(t, dot); ours.String() != want {
			t.Errorf("%s: %d bytes, go-graphviz makes %d", file, ours.Len(), len(want))
		}
	}
}

// The module is that of the version of go-graphviz in go.mod. After an update:
// go test ./render/graphviz -run Module -update-module.
func TestModuleIsThatOfGoGraphviz(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/goccy/go-graphviz").Output()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "internal", "wasm", "graphviz.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	if *updateModule {
		if err := os.WriteFile("graphviz.wasm", want, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(wasm, want) {
		t.Errorf("graphviz.wasm has %d bytes and is not that of go-graphviz, which has %d", len(wasm), len(want))
	}
}

var updateModule = flag.Bool("update-module", false, "take graphviz.wasm from go-graphviz")

// Layouts beside each other do not disturb each other, and one that fails
// leaves nothing behind.
func TestLayoutsBesideEachOther(t *testing.T) {
	var want bytes.Buffer
	if err := InProcess([]byte("digraph { a -> b }"), "svg", &want); err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	for range 4 {
		go func() {
			var got bytes.Buffer
			if err := InProcess([]byte("digraph { a -> "), "svg", &got); err == nil || got.Len() > 0 {
				done <- fmt.Errorf("half a graph: %v, %d bytes", err, got.Len())
				return
			}
			err := InProcess([]byte("digraph { a -> b }"), "svg", &got)
			if err == nil && !bytes.Equal(got.Bytes(), want.Bytes()) {
				err = errors.New("another picture")
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// A broken cache costs time only.
func TestCacheIsBroken(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", dir)
	t.Setenv("HOME", dir)
	t.Setenv("LocalAppData", dir)
	ctx := context.Background()
	code, err := compile(ctx, cache())
	if err != nil {
		t.Fatal(err)
	}
	code.Close(ctx)
	broken := 0
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			broken++
			err = os.WriteFile(path, []byte("nonsense"), 0o600)
		}
		return err
	})
	if err != nil || broken == 0 {
		t.Fatalf("%d files of a cache, %v", broken, err)
	}
	if code, err = freshlyCompiled(); err != nil {
		t.Fatal(err)
	}
	code.Close(ctx)
}
