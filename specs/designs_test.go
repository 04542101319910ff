package specs_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/cspcheck/cspcheck/deadlock"
	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/render"
)

var update = flag.Bool("update", false, "rewrite what tests make of docs/go.md, docs/java.md and their pictures, and of docs/hoare1978.md")

// A design is a script of specs/go or specs/java.
type design struct {
	file, title string
	story       string // what goes wrong in the picture
}

// The designs of specs/go, in the order of docs/go.md.
var goDesigns = []design{
	{"webserver", "Web server with a goroutine per request", "Two handlers count at the same time, and one of the requests is not counted."},
	{"pool", "Worker pool", "Main wants to be rid of its jobs, and each worker of its result."},
	{"pipeline", "Pipeline with cancellation", "Main has what it wants and goes; nobody receives from those behind it any more."},
	{"fan", "Fan-out and fan-in", "The first worker that finds no more jobs closes the channel under another."},
	{"ratelimiter", "Rate limiter", "The client waits for a token with the mutex held; who brings tokens wants the mutex."},
	{"pubsub", "Publish and subscribe", "The publisher holds the mutex and sends to subscribers who want it, to leave."},
	{"leak", "Leaked goroutine", "All items are handled, and the workers wait for the next one."},
	{"doubleclose", "Double close", "Two see that the channel is open, and both close it."},
	{"waitgroup", "Lost `WaitGroup.Add`", "Main waits before a worker has counted itself, and closes the channel that the worker sends to."},
	{"rwmutex", "Recursive read lock", "A reader reads again; the writer who came in between is to go first, and waits for him."},
	{"cache", "Check, then act", "Both find the cache empty, and both dial."},
	{"timeout", "Result abandoned on timeout", "The caller has gone, and the result has nowhere to go."},
}

// In each script of specs/go, what fails of the faulty design is shown of the
// corrected one, by an assertion that says the same of it. The table of them
// all is in docs/go.md, with pictures of counterexamples.
func TestDesigns(t *testing.T) {
	page{"go", "What the goroutines do, step by step, and how it ends"}.holds(t, goDesigns)
}

// A page of docs shows the designs of a directory.
type page struct{ dir, alt string }

func (g page) file() string { return "../docs/" + g.dir + ".md" }

// holds holds the table and the pictures of the page to what is found.
func (g page) holds(t *testing.T, designs []design) {
	t.Helper()
	listed := map[string]bool{}
	var table, gallery strings.Builder
	table.WriteString("| design | asked of the faulty one | | steps | states | of the corrected one | states |\n" +
		"| --- | --- | --- | ---: | ---: | --- | ---: |\n")
	for _, d := range designs {
		file := g.dir + "/" + d.file + ".csp"
		listed[file] = true
		title := fmt.Sprintf("[%s](../specs/%s)", d.title, file)
		all := pairs(t, load(t, file, ""))
		for _, p := range all {
			fmt.Fprintf(&table, "| %s | %s | %s | %d | %d | %s | %d |\n", title, code(p.faulty.Text),
				p.fails.Answer, steps(p.fails.Counterexample), p.fails.Stats.States, p.holds.Answer, p.holds.Stats.States)
			title = ""
		}
		if len(all) == 0 {
			t.Errorf("%s: nothing fails that the correction mends", file)
			continue
		}
		fmt.Fprintf(&gallery, "### %s\n\n%s\n\n%s\n\n", d.title, d.story, g.picture(t, d.file, all[0]))
	}
	for _, file := range files(t) {
		if strings.HasPrefix(file, g.dir+"/") && !listed[file] {
			t.Errorf("%s is not in docs/%s.md", file, g.dir)
		}
	}
	made(t, g.file(), "table", table.String())
	made(t, g.file(), "pictures", strings.TrimRight(gallery.String(), "\n")+"\n")
}

// The scripts that the pages begin with do what they say.
func TestScriptsOfPages(t *testing.T) {
	for _, file := range []string{"../docs/go.md", "../docs/java.md"} {
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		block := regexp.MustCompile(`(?m)(^    .*\n|^\n)+`).Find(page[bytes.Index(page, []byte("    include ")):])
		script, err := cspm.Load("page.csp", block, cspm.Options{Open: os.ReadFile})
		if err != nil {
			t.Fatal(err)
		}
		if len(script.Asserts) == 0 {
			t.Fatalf("%s: no assertion", file)
		}
		for i := range script.Asserts {
			answer(t, &script.Asserts[i])
		}
	}
}

// A pair is an assertion of a faulty design and the same of its correction.
type pair struct {
	faulty       *cspm.Assertion
	fails, holds *deadlock.Verdict
}

// pairs returns the assertions that fail, each with its correction.
func pairs(t *testing.T, script *cspm.Script) []pair {
	t.Helper()
	corrected := map[string]*cspm.Assertion{}
	for i := range script.Asserts {
		if a := &script.Asserts[i]; a.Expect.Holds && strings.Contains(a.Text, "_FIXED") {
			corrected[strings.ReplaceAll(a.Text, "_FIXED", "")] = a
		}
	}
	var out []pair
	for i := range script.Asserts {
		a := &script.Asserts[i]
		if a.Expect.Holds {
			continue
		}
		fixed := corrected[strings.ReplaceAll(a.Text, "_HALF", "")]
		if fixed == nil {
			t.Errorf("%s: %s: it is not said of the corrected design", a.At, a.Text)
			continue
		}
		out = append(out, pair{a, verdict(t, a, deadlock.Fails), verdict(t, fixed, deadlock.Holds)})
	}
	return out
}

func verdict(t *testing.T, a *cspm.Assertion, want deadlock.Answer) *deadlock.Verdict {
	t.Helper()
	_, v, err := asked(a, explore.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", a.At, err)
	}
	if v.Answer != want {
		t.Fatalf("%s: %s: %s, want %s", a.At, a.Text, v.Answer, want)
	}
	return v
}

// steps counts the steps of a counterexample that are events, hidden or not,
// until what is wrong has come about.
func steps(ce *explore.Counterexample) int {
	n, path := 0, ce.Impl.Steps
	if ce.Stuck != nil {
		path = path[:ce.Stuck.Since]
	}
	for _, s := range path {
		if s.Event != "τ" || s.Hidden != "" {
			n++
		}
	}
	return n
}

// code returns an assertion for a cell of a table.
func code(text string) string {
	return "`" + strings.ReplaceAll(strings.TrimPrefix(text, "assert "), "|", `\|`) + "`"
}

// picture holds the picture of a counterexample, the sequence of its steps, to
// the one in docs, and returns what shows it.
func (g page) picture(t *testing.T, name string, p pair) string {
	t.Helper()
	var svg bytes.Buffer
	if err := render.SequenceSVG(&svg, p.fails.Counterexample); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	file := g.dir + "-" + name + ".svg"
	golden(t, "../docs/"+file, svg.Bytes())
	return fmt.Sprintf("<img src=%q alt=%q>", file, g.alt)
}

// golden holds a file to what it should be.
func golden(t *testing.T, file string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
	} else if !bytes.Equal(got, want) {
		t.Errorf("%s is not what it would be now: go test ./specs -run %s -update, and look at it", file, t.Name())
	}
}

// made holds a part of a page, between comments that name it, to what was made
// by the test.
func made(t *testing.T, file, part, text string) {
	t.Helper()
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	between := regexp.MustCompile(`(?s)(<!-- ` + part + `, made by ` + t.Name() + ` -->\n\n)(.*?)(\n<!-- end -->)`)
	m := between.FindSubmatchIndex(page)
	if m == nil {
		t.Fatalf("%s has no place for the %s", file, part)
	}
	if *update {
		page = append(append(append([]byte(nil), page[:m[4]]...), text...), page[m[5]:]...)
		if err := os.WriteFile(file, page, 0o644); err != nil {
			t.Fatal(err)
		}
	} else if diff := cmp.Diff(string(page[m[4]:m[5]]), text); diff != "" {
		t.Errorf("%s: the %s is not what was found (go test ./specs -run %s -update): -page +found\n%s", file, part, t.Name(), diff)
	}
}
