package render

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render/graphviz"
)

// inProcess lays out DOT; in a test it may as well not be a child.
type inProcess struct{}

func (inProcess) Layout(_ context.Context, dot []byte, format string, w io.Writer) error {
	return graphviz.InProcess(dot, format, w)
}

// A browser that has a page open, and what it complained of.
type browser struct {
	t   *testing.T
	ctx context.Context
	url string

	mu   sync.Mutex
	woes []string // errors, dialogs and requests to anywhere
}

// newBrowser starts headless Chromium.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	var exe string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			exe = path
			break
		}
	}
	switch {
	case exe == "" && os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "":
		t.Fatal("no chromium: install it")
	case exe == "":
		t.Skip("no chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(exe), chromedp.NoSandbox,
		chromedp.WindowSize(1300, 900), chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	b := &browser{t: t}
	b.ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	chromedp.ListenTarget(b.ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			b.woe("exception: " + e.ExceptionDetails.Error())
		case *runtime.EventConsoleAPICalled:
			b.woe("console: " + string(e.Type))
		case *cdppage.EventJavascriptDialogOpening:
			b.woe("dialog: " + e.Message)
			go func() { _ = chromedp.Run(b.ctx, cdppage.HandleJavaScriptDialog(true)) }()
		case *network.EventRequestWillBeSent:
			if u := e.Request.URL; !strings.HasPrefix(u, b.url) && !strings.HasPrefix(u, "data:") {
				b.woe("request: " + u)
			}
		}
	})
	b.run(network.Enable(), runtime.Enable())
	return b
}

func (b *browser) woe(s string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.woes = append(b.woes, s)
}

// quiet fails if the browser complained.
func (b *browser) quiet() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.woes) > 0 {
		b.t.Errorf("%q", b.woes)
	}
}

func (b *browser) run(actions ...chromedp.Action) {
	b.t.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// open opens the page of ce at a fragment.
func (b *browser) open(ce *explore.Counterexample, o HTMLOptions, fragment string) {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "page.html")
	var out bytes.Buffer
	if err := HTML(context.Background(), &out, ce, o); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		b.t.Fatal(err)
	}
	b.url = "file://" + file
	b.run(chromedp.Navigate(b.url+fragment), chromedp.WaitReady("body"))
}

// is evaluates an expression to a string, which is to be want.
func (b *browser) is(js, want string) {
	b.t.Helper()
	var got string
	b.run(chromedp.Evaluate("String("+js+")", &got))
	if got != want {
		b.t.Errorf("%s is\n%s\nwant\n%s", js, got, want)
	}
}

func (b *browser) click(selector string) {
	b.t.Helper()
	b.run(chromedp.Click(selector, chromedp.ByQuery))
}

const (
	now    = `document.getElementById("now").textContent`
	states = `[...document.querySelectorAll("#states tbody tr")].map(r => r.innerText.replace(/\s+/g, " ")).join("\n")`
	roads  = `[...document.querySelectorAll("#roads li")].map(r => r.textContent.trim()).join("\n")`
	here   = `document.querySelector("#lanes tr.here").innerText.replace(/\s+/g, " ")`
	heads  = `[...document.querySelectorAll("#lanes th")].map(h => h.textContent).join(" ")`
)

// stateful is the philosophers with what each of them is at.
func stateful() *explore.Counterexample {
	ce := philosophers()
	b := &ce.Impl
	for c := range b.Components {
		b.Components[c].Start = b.Components[c].Name
	}
	for i := range b.Steps {
		for j := range b.Steps[i].Parts {
			p := &b.Steps[i].Parts[j]
			p.After = fmt.Sprintf("after %s -> %s", p.Event, b.Components[p.Component].Name)
		}
	}
	return ce
}

// Buttons and keys step, and everything follows: the words, the row, the
// states and what changed, the roads not taken, the fragment.
func TestPageSteps(t *testing.T) {
	b := newBrowser(t)
	b.open(stateful(), HTMLOptions{Layouter: inProcess{}}, "")
	b.is(`document.title`, "TABLE deadlocks after 2 events: <picks.0.0, picks.1.1>")
	b.is(`document.getElementById("words").textContent.slice(0, 14)`, "Circular wait:")
	b.is(now, "Start, before step 1 of 2")
	b.is(`document.getElementById("back").disabled`, "true")
	b.is(states, "PHIL(0) PHIL(0) table.csp:3:1\nPHIL(1) PHIL(1) table.csp:3:1\nFORK(0) FORK(0) table.csp:3:1\nFORK(1) FORK(1) table.csp:3:1")
	b.is(roads, "picks.0.0 (taken next)\npicks.1.1")

	b.click("#next")
	b.is(now, "Step 1 of 2: picks.0.0 — PHIL(0): picks!0!0, FORK(0): picks?0!0")
	b.is(here, "1 picks.0.0 picks!0!0 · picks?0!0 ·")
	b.is(`location.hash`, "#step=1")
	b.is(roads, "picks.1.1 (taken next)\npicks.0.1")
	b.is(`[...document.querySelectorAll("#states tr.changed th")].map(h => h.textContent).join()`, "PHIL(0) moved,FORK(0) moved")
	b.is(`document.querySelector("#states tr.changed del").textContent`, "was: PHIL(0)")
	b.is(`document.querySelector("#states tr.changed ins").textContent`, "after picks.0.0 -> PHIL(0)")
	b.is(`document.querySelectorAll(".sequence .step.here").length`, "1")

	b.run(chromedp.KeyEvent(kb.ArrowRight))
	b.is(now, "Step 2 of 2: picks.1.1 — PHIL(1): picks!1!1, FORK(1): picks?1!1")
	b.is(roads, "nothing")
	b.is(`document.getElementById("next").disabled`, "true")
	b.run(chromedp.KeyEvent(kb.ArrowRight)) // there is nothing more
	b.is(`location.hash`, "#step=2")
	b.run(chromedp.KeyEvent(kb.ArrowLeft))
	b.is(`location.hash`, "#step=1")
	b.run(chromedp.KeyEvent(kb.Home))
	b.is(now, "Start, before step 1 of 2")
	b.run(chromedp.KeyEvent(kb.End))
	b.is(`location.hash`, "#step=2")
	b.click("#first")
	b.click("#last")
	b.click("#back")
	b.is(`location.hash`, "#step=1")
	b.click(`#lanes tr[data-k="2"]`)
	b.is(`location.hash`, "#step=2")
	b.run(chromedp.Focus("#lanes"), chromedp.KeyEvent(kb.ArrowUp))
	b.is(`location.hash`, "#step=1")

	// The fragment holds the step, also of a page that is open, and whatever it says.
	for fragment, want := range map[string]string{"#step=2": "2", "#step=99": "2", "#step=-1": "0", "#step=x&side=7": "0"} {
		b.open(stateful(), HTMLOptions{}, fragment)
		b.is(now+`.match(/^Step (\d)/)?.[1] ?? 0`, want)
	}
	b.run(chromedp.Evaluate(`location.hash = "#step=1"`, nil), chromedp.Poll(now+`.startsWith("Step 1 of 2")`, nil))
	b.quiet()
}

// Each view is there: what is chosen is shown and the rest is not.
func TestPageViews(t *testing.T) {
	b := newBrowser(t)
	b.open(stateful(), HTMLOptions{Layouter: inProcess{}, Notation: GoNotation}, "#step=1")
	shown := `[...document.querySelectorAll("main > section")].filter(s => s.offsetHeight > 0).map(s => s.id).join()`
	b.is(shown, "view-lanes")
	b.is(here, "1 picks.0.0 picks <- 0, 0 · picks <- 0 → 0 ·")
	b.click(`[data-view="list"]`)
	b.is(shown, "view-list")
	b.is(`document.querySelector("#list tr.here").innerText.replace(/\s+/g, " ")`, "1 picks.0.0 PHIL(0): picks <- 0, 0, FORK(0): picks <- 0 → 0")
	b.click(`[data-view="sequence"]`)
	b.is(shown, "view-sequence")
	b.is(`document.querySelector(".sequence .step.here text.message").textContent`, "picks.0.0")
	b.is(`[...document.querySelectorAll("#view-sequence pre")].map(p => p.textContent.includes("picks.0.0")).join()`, "true,true")
	b.click(`[data-view="waits"]`)
	b.is(shown, "view-waits")
	b.run(chromedp.Poll(`document.querySelector("#view-waits img").naturalWidth > 100`, nil))
	b.is(`document.querySelector("#view-waits li").textContent`, "PHIL(0) waits for picks.0.1; FORK(1) offers only putsdown.1.1")

	// Components are hidden and change places.
	b.click(`[data-view="lanes"]`)
	b.is(heads, "step event PHIL(0) PHIL(1) FORK(0) FORK(1)")
	b.click("#components summary")
	b.click(`#components li:nth-child(2) input`)
	b.is(heads, "step event PHIL(0) FORK(0) FORK(1)")
	b.is(`document.getElementById("away").textContent`, "1 component is hidden; 0 never move.")
	b.click(`[aria-label="Move FORK(0) to the left"]`)
	b.click(`[aria-label="Move FORK(0) to the left"]`)
	b.is(heads, "step event FORK(0) PHIL(0) FORK(1)")
	b.is(`document.activeElement.getAttribute("aria-label")`, "Move FORK(0) to the left")
	b.click("#show-all")
	b.is(heads, "step event FORK(0) PHIL(0) PHIL(1) FORK(1)")

	// Light and dark: as the system has it, or as chosen.
	paper := `getComputedStyle(document.body).backgroundColor`
	scheme := func(is string) chromedp.Action {
		return emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: is}})
	}
	b.run(scheme("dark"))
	b.is(paper, "rgb(17, 24, 39)")
	b.run(chromedp.SetValue("#theme", "light"), chromedp.Evaluate(`document.getElementById("theme").dispatchEvent(new Event("change"))`, nil))
	b.is(paper, "rgb(255, 255, 255)")
	b.is(`getComputedStyle(document.querySelector(".sequence .page")).fill`, "rgb(255, 255, 255)")
	b.run(scheme("light"))
	b.run(chromedp.SetValue("#theme", "dark"), chromedp.Evaluate(`document.getElementById("theme").dispatchEvent(new Event("change"))`, nil))
	b.is(paper, "rgb(17, 24, 39)")
	b.quiet()
}

// Steps by τ alone are hidden until asked for, and stepping passes them by; a
// loop is marked and goes on.
func TestPageTaus(t *testing.T) {
	b := newBrowser(t)
	b.open(divergence(), HTMLOptions{}, "#step=1")
	b.click("#next")
	b.is(`location.hash`, "#step=3")
	b.is(now, "Step 3 of 4: τ (ball.1) — PING: ball!1, PONG: ball?1")
	b.is(`document.getElementById("away").textContent`, "1 component is hidden; 1 never moves. 1 step by τ alone, hidden. ↻: steps 3 to 4 repeat for ever.")
	b.click("#taus")
	b.click("#back")
	b.is(now, "Step 2 of 4: τ — PONG: τ")
	b.run(chromedp.KeyEvent(kb.End))
	b.is(roads, "it goes on with step 3 go to step 2\nτ (ball.1) go to step 3\nwhistle")
	b.click("#roads button")
	b.is(`location.hash`, "#step=2")

	b.open(divergence(), HTMLOptions{RevealTaus: true}, "#step=1")
	b.click("#next")
	b.is(`location.hash`, "#step=2")
	b.quiet()
}

// What stands beside a behaviour is another one to step through.
func TestPageSides(t *testing.T) {
	b := newBrowser(t)
	b.open(refinement(), HTMLOptions{}, "")
	b.is(`[...document.querySelectorAll("#side option")].map(o => o.textContent).join("; ")`, "The implementation, VENDOR; The specification, TEA")
	b.is(now, "Start, before step 1 of 3")
	b.run(chromedp.SetValue("#side", "1"), chromedp.Evaluate(`document.getElementById("side").dispatchEvent(new Event("change"))`, nil))
	b.is(now, "Start, before step 1 of 1")
	b.click("#next")
	b.is(`location.hash`, "#step=1&side=1")
	b.is(roads, "tea go to step 0")
	b.quiet()
}

// Without a mouse, and by a screen reader: everything has a name, focus moves
// through all there is to do, and what a step did is announced.
func TestPageIsAccessible(t *testing.T) {
	b := newBrowser(t)
	b.open(stateful(), HTMLOptions{Layouter: inProcess{}}, "#step=1")
	b.is(`[...document.querySelectorAll("button, input, select, img, [role=region], section, aside, table, svg")].filter(e =>
		!(e.getAttribute("aria-label") || e.textContent.trim() || e.alt || e.closest("label"))).map(e => e.outerHTML.slice(0, 80)).join()`, "")
	b.is(`document.getElementById("now").getAttribute("aria-live") + document.getElementById("now").getAttribute("role")`, "politestatus")
	b.is(`document.querySelector("#lanes tr.here").getAttribute("aria-current")`, "step")
	b.is(`document.querySelector("#lanes table").getAttribute("aria-rowcount")`, "4") // with the head and the start
	b.is(`document.documentElement.lang`, "en")
	b.is(`document.querySelectorAll("h1").length`, "1")
	b.is(`document.querySelector(".sequence").getAttribute("role") + document.querySelector(".sequence desc").textContent.slice(0, 13)`, "imgCircular wait")
	reached := map[string]bool{}
	b.run(chromedp.Evaluate(`document.activeElement.blur()`, nil))
	for range 24 {
		b.run(chromedp.KeyEvent(kb.Tab))
		var id string
		b.run(chromedp.Evaluate(`document.activeElement.id || document.activeElement.dataset.view || document.activeElement.tagName`, &id))
		reached[id] = true
	}
	for _, id := range []string{"first", "back", "next", "last", "taus", "theme", "lanes", "list", "sequence", "waits", "SUMMARY"} {
		if !reached[id] {
			t.Errorf("Tab never comes to %s", id)
		}
	}
	b.run(chromedp.Focus("#next"), chromedp.KeyEvent(kb.Enter))
	b.is(`location.hash`, "#step=2")
	b.run(chromedp.Focus("#theme"), chromedp.KeyEvent(kb.ArrowDown)) // chooses, and does not step
	b.is(`location.hash`, "#step=2")

	// Without scripts there is the text.
	b.run(emulation.SetScriptExecutionDisabled(true), chromedp.Reload())
	b.run(chromedp.WaitVisible("noscript pre", chromedp.ByQuery))
	var pre string
	b.run(chromedp.Text("noscript pre", &pre, chromedp.ByQuery))
	if !strings.Contains(pre, "FORK(1) waits for putsdown.1.1; PHIL(1) offers only picks.1.0") {
		t.Errorf("without scripts it shows\n%s", pre)
	}
	b.quiet()
}

// Names do nothing but stand there, whatever they are.
func TestPageOfHostileNames(t *testing.T) {
	ce := hostile()
	evil := []string{
		`</script><script>window.hacked=1</script>`, `</noscript><img src=x onerror="window.hacked=1">`, `"><svg onload=window.hacked=1>`,
		`javascript:window.hacked=1`, "{{.}}", "`${window.hacked=1}`", `'-(window.hacked=1)-'`, `\u003cscript>`, "\u2028\u2029\x00\x1b]8;;", `</title></pre></textarea></style><b>`,
	}
	for i, name := range evil {
		c := &ce.Impl.Components[i]
		c.Name, c.At, c.Start = name, name, name
		s := &ce.Impl.Steps[i]
		s.Event, s.Others = name, []explore.Branch{{Event: name, To: -1}}
		for j := range s.Parts {
			s.Parts[j].Event, s.Parts[j].Label, s.Parts[j].At, s.Parts[j].After = name, name, name, name
		}
		w := &ce.Impl.Waits[i]
		w.Event, w.Label, w.For[0].Reason = name, name, name
	}
	ce.Impl.Process = evil[0]
	ce.Kind = explore.Deadlock
	b := newBrowser(t)
	b.open(ce, HTMLOptions{Layouter: inProcess{}}, "")
	for range ce.Impl.Steps {
		b.run(chromedp.KeyEvent(kb.ArrowRight))
	}
	b.is(`location.hash`, fmt.Sprintf("#step=%d", len(ce.Impl.Steps)))
	for _, view := range []string{"list", "sequence", "waits", "lanes"} {
		b.click(`[data-view="` + view + `"]`)
	}
	b.is(`window.hacked`, "undefined")
	b.is(`document.scripts.length`, "2")
	b.is(`[...document.querySelectorAll("img")].length`, "1")
	b.is(`[...document.querySelectorAll("*")].filter(e => [...e.attributes].some(a => /^on/i.test(a.name))).length`, "0")
	b.is(`[...document.querySelectorAll("#states th")].some(h => h.title.includes("window.hacked=1"))`, "true") // it is there, as text
	b.quiet()
}

// crowd is a long story of a large network, in which everybody moves and every
// state differs.
func crowd(steps, components int) *explore.Counterexample {
	b := explore.Behaviour{Process: "CROWD", Loop: -1}
	for c := range components {
		b.Components = append(b.Components, explore.Component{Name: fmt.Sprintf("NODE(%d)", c), At: fmt.Sprintf("crowd.csp:%d:1", c), Start: "NODE"})
		b.Ends = append(b.Ends, explore.End{Status: explore.Running})
	}
	for i := range steps {
		from, to := i%components, (i*7+1)%components
		if from == to {
			to = (to + 1) % components
		}
		s := explore.Step{Event: fmt.Sprintf("pass.%d.%d.%d", from, to, i)}
		for _, c := range []int{min(from, to), max(from, to)} {
			s.Parts = append(s.Parts, explore.Part{Component: c, Event: s.Event, Label: fmt.Sprintf("pass!%d!%d!%d", from, to, i), At: fmt.Sprintf("crowd.csp:%d:9", c),
				After: fmt.Sprintf("if n == %d then pass!%d!%d!%d -> NODE(%d) else (left?x -> SKIP [] right?y -> NODE(%d))", i, from, to, i, c, i)})
		}
		for c := range components {
			s.Others = append(s.Others, explore.Branch{Event: fmt.Sprintf("lose.%d", (c+i)%components), To: -1})
		}
		b.Steps = append(b.Steps, s)
	}
	return &explore.Counterexample{Kind: explore.Deadlock, Impl: b}
}

// A page of 10 000 steps by 200 components is no more than 5 MB, and the
// document holds only the rows that are to be seen.
func TestPageOfACrowd(t *testing.T) {
	ce := crowd(10000, 200)
	var page bytes.Buffer
	if err := HTML(context.Background(), &page, ce, HTMLOptions{}); err != nil {
		t.Fatal(err)
	}
	if page.Len() > 5<<20 {
		t.Errorf("%d bytes", page.Len())
	}
	b := newBrowser(t)
	b.open(ce, HTMLOptions{}, "#step=5000")
	rows := `document.querySelectorAll("#lanes tbody tr").length < 80`
	b.is(now+`.slice(0, 17)`, "Step 5000 of 1000")
	b.is(rows, "true")
	seen := `(r => r.top > 0 && r.bottom < innerHeight)(document.querySelector("#lanes tr.here").getBoundingClientRect())`
	b.is(seen, "true")
	b.run(chromedp.KeyEvent(kb.End))
	b.is(now+`.slice(0, 19)`, "Step 10000 of 10000")
	b.is(seen, "true")
	b.is(rows, "true")
	b.run(chromedp.Evaluate(`document.getElementById("lanes").scrollTop = 0`, nil), chromedp.Poll(`document.querySelector("#lanes tr[data-k='0']")`, nil))
	b.is(rows, "true")
	b.is(`document.querySelector("#lanes table").getAttribute("aria-rowcount")`, "10002")
	b.run(chromedp.KeyEvent(kb.Home))
	b.is(`document.querySelector("#roads li:last-child").textContent.trim()`, "and 196 more, not listed here")
	b.quiet()
}

// The same counterexample makes the same page, and nothing on it is to be
// fetched.
func TestPageIsReproducible(t *testing.T) {
	for _, s := range stories() {
		var first, second bytes.Buffer
		for _, out := range []*bytes.Buffer{&first, &second} {
			if err := HTML(context.Background(), out, s.ce, HTMLOptions{Layouter: inProcess{}}); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
		}
		if !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Errorf("%s: two pages", s.name)
		}
		if kind := http.DetectContentType(first.Bytes()); kind != "text/html; charset=utf-8" {
			t.Errorf("%s: %s", s.name, kind)
		}
	}
	if err := HTML(context.Background(), io.Discard, nil, HTMLOptions{}); err == nil {
		t.Error("a page of nothing")
	}
}

// axe, which reads a page as screen readers do and knows what people cannot use,
// finds nothing: in no view, light or dark.
func TestPageByAxe(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe/node_modules/axe-core/axe.min.js")
	switch {
	case err != nil && os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "":
		t.Fatal(err)
	case err != nil:
		t.Skip("axe (npm ci --prefix render/testdata/axe) is not there")
	}
	b := newBrowser(t)
	b.run(cdppage.SetBypassCSP(true)) // for axe; the page itself is as always
	for i, ce := range []*explore.Counterexample{stateful(), refinement(), divergence(), crowd(300, 60)} {
		scheme := []string{"light", "dark"}[i%2]
		b.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}))
		b.open(ce, HTMLOptions{Layouter: inProcess{}}, "#step=1")
		b.run(chromedp.Evaluate(string(axe), nil), chromedp.Evaluate(`document.querySelector("#components").open = true`, nil))
		var views []string
		b.run(chromedp.Evaluate(`[...document.querySelectorAll("#views button")].map(b => b.dataset.view)`, &views))
		for _, view := range views {
			b.click(`[data-view="` + view + `"]`)
			var found []string
			b.run(chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes[0].html))`,
				&found, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
			if len(found) > 0 {
				t.Errorf("%s, %s, %s: %q", ce.Impl.Process, scheme, view, found)
			}
		}
	}
	b.quiet()
}
