package render

import (
	"bytes"
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io"

	"github.com/cspcheck/cspcheck/explore"
)

// HTMLOptions say what is on the page.
type HTMLOptions struct {
	Notation   Notation
	RevealTaus bool     // to begin with; the reader can change it
	Layouter   Layouter // of the wait-for graph; nil: it is told in words only
}

//go:embed page/page.html
var pageHTML string

//go:embed page/page.css
var pageCSS string

//go:embed page/page.js
var pageJS string

var pageTemplate = template.Must(template.New("page").Parse(pageHTML))

// HTML writes ce as a page in one file that needs nothing else, opened from
// disk: the trace as lanes and as a list, the state of each component step by
// step, what else was possible, the sequence diagram, and who waits for whom.
// Without scripts, it shows what Text writes.
//
// The page's policy forbids it to load anything, and to run any script but the
// one in page/page.js. Data is embedded as JSON, and that script only ever sets
// it as text.
//
// Long stories are shortened in what few look at, see pageData; every step and
// component is there.
func HTML(ctx context.Context, w io.Writer, ce *explore.Counterexample, o HTMLOptions) error {
	x, err := Explain(ce)
	if err != nil {
		return err
	}
	p := page{
		Headline: x.Headline, Words: x.Paragraph(),
		CSS: template.CSS(pageCSS), JS: template.JS(pageJS), JSHash: scriptHash(),
	}
	data, err := newPageData(ce, o)
	if err != nil {
		return err
	}
	p.Data, p.Sides = template.JS(data.json), data.Sides
	var svg, words, mermaid, plantUML bytes.Buffer
	if err := SequenceSVG(&svg, ce); err != nil {
		return err
	}
	if err := Text(&words, ce, TextOptions{Width: 100, RevealTaus: o.RevealTaus, Notation: o.Notation}); err != nil {
		return err
	}
	if err := Mermaid(&mermaid, ce); err != nil {
		return err
	}
	if err := PlantUML(&plantUML, ce); err != nil {
		return err
	}
	p.Sequence, p.Text = template.HTML(svg.String()), words.String()
	p.Mermaid, p.PlantUML = mermaid.String(), plantUML.String()
	if HasWaits(ce) {
		p.Waits = (&text{}).waitWords(&ce.Impl)
		if p.WaitsPicture, err = waitsPicture(ctx, ce, o.Layouter); err != nil {
			return err
		}
	}
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// page is what the template is given.
type page struct {
	Headline, Words   string
	Sides             []pageSide
	Data              template.JS
	Sequence          template.HTML
	Text              string
	Mermaid, PlantUML string
	Waits             []string
	WaitsPicture      template.URL
	CSS               template.CSS
	JS                template.JS
	JSHash            string
}

// scriptHash is by what the page's policy knows its script.
func scriptHash() string {
	sum := sha256.Sum256([]byte(pageJS))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// waitsPicture is the wait-for graph as a data URL: within an image nothing
// runs, whatever the layouter made of the names.
func waitsPicture(ctx context.Context, ce *explore.Counterexample, l Layouter) (template.URL, error) {
	if l == nil {
		return "", nil
	}
	var dot, svg bytes.Buffer
	if err := WaitsDOT(&dot, ce); err != nil {
		return "", err
	}
	if err := SVG(ctx, &svg, dot.Bytes(), l); err != nil {
		return "", err
	}
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(svg.Bytes())), nil
}

// waitWords tells each wait, however they are explained.
func (t *text) waitWords(b *explore.Behaviour) []string {
	t.explained = &explainer{}
	return t.waits(b, componentNames(b.Components, maxName))
}
