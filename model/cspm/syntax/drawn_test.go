package syntax_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
	"github.com/cspcheck/cspcheck/model/cspm/syntax/syntaxtest"
)

// What is printed is read as the same tree.
func TestPrintThenParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := syntaxtest.Script(t, 4)
		var b strings.Builder
		f.Format(&b)
		again, errs := syntax.Parse("printed", []byte(b.String()), nil)
		if len(errs) > 0 {
			t.Fatalf("%s\n%v", b.String(), errs)
		}
		if !syntax.EqualFiles(f, again) {
			var b2 strings.Builder
			again.Format(&b2)
			t.Fatalf("printed:\n%s\nread as:\n%s", b.String(), b2.String())
		}
		syntax.CheckSpans(t, again)
	})
}
