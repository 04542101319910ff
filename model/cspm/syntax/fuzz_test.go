package syntax

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// No input makes Parse panic; what it reads without errors is printed as
// legal CSPM, and that is the same script.
func FuzzParse(f *testing.F) {
	for _, tt := range grouping {
		f.Add("V = " + tt.text)
	}
	for _, pattern := range []string{"testdata/errors/*.csp", "testdata/good/*.csp"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds in %s: %v", pattern, err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	f.Fuzz(func(t *testing.T, src string) {
		file, errs := Parse("fuzz", []byte(src), nil)
		if file == nil || len(errs) > maxErrors+1 {
			t.Fatalf("%d errors", len(errs))
		}
		for i, e := range errs {
			if p := e.Position(); p.Line == 0 {
				t.Errorf("no position: %v", e)
			}
			if i > 0 && e.Span.Start < errs[i-1].Span.Start {
				t.Errorf("out of order: %v", errs)
			}
			e.Detail()
		}
		var b strings.Builder
		file.Format(&b)
		if len(errs) > 0 {
			return
		}
		again, errs := Parse("printed", []byte(b.String()), nil)
		if len(errs) > 0 {
			t.Fatalf("printed as\n%s\n%v", b.String(), errs)
		}
		if !EqualFiles(file, again) {
			t.Fatalf("printed as\n%s\nwhich is another script", b.String())
		}
		if len(src) < 1000 {
			checkSpans(t, file)
		}
	})
}

func FuzzParseExpr(f *testing.F) {
	for _, tt := range grouping {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, errs := ParseExpr(new(Files), "fuzz", text)
		if (e == nil) != (len(errs) > 0) {
			t.Fatalf("%v and %v", e, errs)
		}
		if e == nil {
			return
		}
		if again, errs := ParseExpr(new(Files), "printed", String(e)); len(errs) > 0 || !Equal(e, again) {
			t.Fatalf("printed as %s: %v", String(e), errs)
		}
		ExprString(e)
	})
}
