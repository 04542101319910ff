package graphviz_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
	"github.com/cspcheck/cspcheck/render/graphviz"
)

// The test binary is its own child, as cspcheck is.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "layout" {
		dot, err := io.ReadAll(os.Stdin)
		if err == nil {
			err = graphviz.InProcess(dot, os.Args[2], os.Stdout)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if len(os.Args) == 3 && os.Args[1] == "sleep" {
		time.Sleep(time.Minute)
		os.Exit(0)
	}
	os.Exit(m.Run())
}

var _ render.Layouter = (*graphviz.Child)(nil)

func child(t *testing.T, what string) *graphviz.Child {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &graphviz.Child{Exe: exe, Args: []string{what}, Timeout: time.Minute}
}

// pictures are the golden files of package render.
func pictures(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../testdata/*.dot")
	if err != nil || len(files) == 0 {
		t.Fatalf("no pictures: %v", err)
	}
	return files
}

// Every picture is accepted by the Graphviz we carry, shows no name of a
// hostile user as markup, and has as many nodes and edges as an installed
// Graphviz finds.
func TestEveryPictureIsAccepted(t *testing.T) {
	ours := map[string]string{}
	for _, file := range pictures(t) {
		dot, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := graphviz.InProcess(dot, "svg", &b); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		ours[file] = b.String()
		if strings.Contains(ours[file], "<script") {
			t.Errorf("%s: a script in the picture", file)
		}
	}
	t.Run("as by dot", func(t *testing.T) {
		exe := installed(t)
		for _, file := range slices.Sorted(maps.Keys(ours)) {
			cmd := exec.Command(exe, "-Tsvg", file)
			var theirs, complaint bytes.Buffer
			cmd.Stdout, cmd.Stderr = &theirs, &complaint
			if err := cmd.Run(); err != nil || complaint.Len() > 0 {
				t.Errorf("%s: dot: %v %s", file, err, complaint.Bytes())
				continue
			}
			for _, class := range []string{`class="node"`, `class="edge"`} {
				if a, b := strings.Count(ours[file], class), strings.Count(theirs.String(), class); a != b {
					t.Errorf("%s: %d times %s, dot has %d", file, a, class, b)
				}
			}
		}
	})
}

// A name is shown as it is, whatever Graphviz would read into it.
func TestNamesAreShownAsTheyAre(t *testing.T) {
	for _, file := range []string{"hostile.path.dot", "hostile.waits.dot", "nasty.graph.dot"} {
		dot, err := os.ReadFile(filepath.Join("../testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := graphviz.InProcess(dot, "svg", &b); err != nil {
			t.Fatal(err)
		}
		var shown strings.Builder
		d := xml.NewDecoder(&b)
		for {
			tok, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			if s, ok := tok.(xml.CharData); ok {
				shown.Write(s)
			}
		}
		text := strings.ReplaceAll(shown.String(), "\u00a0", " ")
		for _, want := range []string{`"quoted" \N\G\E\T \l back\slash`, `<script>alert('x')</script>`, `new\nline\r\ttab`, `&amp; <B>`, `]]>--><!--`} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %s; it begins %q", file, want, strings.Join(strings.Fields(text)[:20], " "))
			}
		}
	}
}

// Whatever the names are, Graphviz accepts the picture, and what it writes is
// XML.
func TestAnyNameIsAccepted(t *testing.T) {
	name := rapid.OneOf(rapid.String(), rapid.StringMatching(`[<>&;"'\\\[\]{}|a-zN#!-]{0,30}`), rapid.StringOf(rapid.RuneFrom(nil, unicode.Cc, unicode.Cf, unicode.Mn, unicode.Co)))
	rapid.Check(t, func(t *rapid.T) {
		draw := func(what string) string { return name.Draw(t, what) }
		ce := &explore.Counterexample{Kind: explore.Deadlock, Impl: explore.Behaviour{
			Process:    draw("process"),
			Components: []explore.Component{{Name: draw("name")}, {Name: draw("name")}},
			Steps: []explore.Step{{
				Event: draw("event"), Hidden: draw("hidden"), Parts: []explore.Part{{Component: 1}},
				Others: []explore.Branch{{Event: draw("road"), To: -1}, {Event: draw("road"), To: 1}},
			}},
			Loop:  -1,
			Waits: []explore.Wait{{Event: draw("event"), For: []explore.Blocker{{Component: 1, Reason: draw("reason")}}}},
			Ends:  []explore.End{{Status: explore.Running}, {Status: explore.Status(draw("status"))}},
		}}
		g := &render.Graph{Name: draw("graph"), States: []render.State{{Name: draw("state")}}, Edges: []render.Edge{{Event: draw("edge")}, {Event: draw("edge")}}}
		for _, picture := range []func(io.Writer) error{
			func(w io.Writer) error { return render.PathDOT(w, ce) },
			func(w io.Writer) error { return render.WaitsDOT(w, ce) },
			func(w io.Writer) error { return render.GraphDOT(w, g) },
		} {
			var dot, svg bytes.Buffer
			if err := picture(&dot); err != nil {
				t.Fatal(err)
			}
			if err := graphviz.InProcess(dot.Bytes(), "svg", &svg); err != nil {
				t.Fatalf("%v\n%s", err, dot.Bytes())
			}
			for d := xml.NewDecoder(&svg); ; {
				_, err := d.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%v\n%s", err, dot.Bytes())
				}
			}
		}
	})
}

func TestSVGThroughChild(t *testing.T) {
	dot, err := os.ReadFile("../testdata/philosophers.path.dot")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := render.SVG(context.Background(), &b, dot, child(t, "layout")); err != nil {
		t.Fatal(err)
	}
	if s := b.String(); !strings.HasPrefix(s, "<svg") || !strings.HasSuffix(s, "</svg>\n") || !strings.Contains(s, "picks.0.0") ||
		!strings.Contains(s, `,sans-serif"`) {
		t.Errorf("%s", s)
	}
}

// installed returns the dot of the machine. Without one the test is skipped,
// but fails where CI is set.
func installed(t *testing.T) string {
	t.Helper()
	exe, err := exec.LookPath("dot")
	switch ci := os.Getenv("CI"); {
	case err == nil:
	case ci == "" || ci == "0" || ci == "false":
		t.Skip("no dot is installed")
	default:
		t.Fatal("no dot is installed, and CI is set: apt-get install graphviz")
	}
	return exe
}

// What needs dot is skipped without it, but fails in CI.
func TestMissingProgram(t *testing.T) {
	for _, tt := range []struct{ ci, want string }{
		{"1", "FAIL"}, {"true", "FAIL"}, {"yes", "FAIL"},
		{"", "SKIP"}, {"0", "SKIP"}, {"false", "SKIP"},
	} {
		cmd := exec.Command(child(t, "").Exe, "-test.run", "^(TestInstalledProgram|TestEveryPictureIsAccepted)$", "-test.v")
		cmd.Env = append(os.Environ(), "PATH=", "CI="+tt.ci)
		out, err := cmd.CombinedOutput()
		if (err != nil) != (tt.want == "FAIL") || strings.Count(string(out), "no dot is installed") != 2 || !strings.Contains(string(out), "--- "+tt.want) {
			t.Errorf("CI=%s: %v, want %s\n%s", tt.ci, err, tt.want, out)
		}
	}
}

func TestInstalledProgram(t *testing.T) {
	exe := installed(t)
	dot, err := os.ReadFile("../testdata/philosophers.path.dot")
	if err != nil {
		t.Fatal(err)
	}
	for format, magic := range map[string]string{"svg": "<?xml", "png": "\x89PNG"} {
		var b bytes.Buffer
		if err := graphviz.Program(exe).Layout(context.Background(), dot, format, &b); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(b.String(), magic) {
			t.Errorf("no %s: %q", format, b.Bytes()[:min(20, b.Len())])
		}
	}
}

func TestChildFails(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dot := []byte("digraph { a -> ")
	for _, tt := range []struct {
		name   string
		child  *graphviz.Child
		format string
		want   string
	}{
		{"no DOT", child(t, "layout"), "svg", "not valid"},
		{"no PNG", child(t, "layout"), "png", "needs an installed"},
		{"no such program", &graphviz.Child{Exe: "/no/such/program"}, "svg", "/no/such/program"},
		{"no such format", child(t, "layout"), "bmp", `"bmp" is neither`},
		{"too slow", &graphviz.Child{Exe: child(t, "").Exe, Args: []string{"sleep"}, Timeout: 100 * time.Millisecond}, "svg", "more than 100ms"},
	} {
		var b bytes.Buffer
		start := time.Now()
		err := tt.child.Layout(context.Background(), dot, tt.format, &b)
		if err == nil || !strings.Contains(err.Error(), tt.want) || b.Len() > 0 {
			t.Errorf("%s: %v, and %d bytes; want %s", tt.name, err, b.Len(), tt.want)
		}
		if d := time.Since(start); d > 20*time.Second {
			t.Errorf("%s: took %v", tt.name, d)
		}
		var e *graphviz.Error
		if !errors.As(err, &e) {
			continue
		}
		if kept, err := os.ReadFile(e.DOTFile); err != nil || !bytes.Equal(kept, dot) {
			t.Errorf("%s: kept %q, %v", tt.name, kept, err)
		}
	}
}

func TestChildIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := child(t, "sleep").Layout(ctx, nil, "svg", io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}
