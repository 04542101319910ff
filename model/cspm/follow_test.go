package cspm_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// lexeme matches a token, near enough.
var lexeme = regexp.MustCompile(`--.*|"[^"\n]*"|[A-Za-z][A-Za-z0-9_]*'*|\d+|->|<-|\[\]|[^\s]`)

// named matches a name, and keyword what looks like one.
var (
	named   = regexp.MustCompile(`^[A-Za-z]`)
	keyword = regexp.MustCompile(`^(channel|datatype|subtype|nametype|module|exports|endmodule|instance|transparent|external|assert|if|then|else|let|within|not|and|or|true|false)$`)
)

// In a script without mistakes one token is taken away or misspelt: what is
// reported for it does not follow to where only the types would tell. A name
// that nothing defines, or text that does not parse, makes no type wrong.
func TestMistakesHaveNoFollowers(t *testing.T) {
	files, err := filepath.Glob("../../specs/*.csp")
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts: ", err)
	}
	tried := 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range lexeme.FindAllIndex(text, -1) {
			token := string(text[at[0]:at[1]])
			if token == "Seq" {
				continue // without its definition, the built-in of that name is meant
			}
			for _, instead := range []string{" ", " undefinedName "} {
				src := string(text[:at[0]]) + instead + string(text[at[1]:])
				errs := cspm.Vet(name, []byte(src), cspm.Options{}, false)
				if len(errs) == 0 {
					continue
				}
				tried++
				found := map[syntax.Class]bool{}
				for _, e := range errs {
					found[e.Class] = true
				}
				isName := named.MatchString(token) && !keyword.MatchString(token) // without it, what it names is undefined
				unread := found[syntax.Lex] || found[syntax.ParseClass]
				// "f(x) = e" without its f is another declaration, of another type.
				unknown := found[syntax.Scope] && instead != " "
				if unread && found[syntax.Scope] && !isName || (unread || unknown) && found[syntax.Type] {
					t.Errorf("%s with %q for %q at %d:\n%v", name, instead, token, at[0], errs)
				}
			}
		}
	}
	if tried < 1000 {
		t.Errorf("only %d mistakes were made", tried)
	}
}

// Names that are perhaps meant are looked for only so often: with thousands
// of undefined names among thousands of others it would take minutes.
func TestSuggestionsAreBounded(t *testing.T) {
	var b strings.Builder
	const n = 2000
	for i := range n {
		fmt.Fprintf(&b, "Process%d = Procces%d -> STOP\n", i, i)
	}
	errs := cspm.Vet("t.csp", []byte(b.String()), cspm.Options{}, false)
	if len(errs) != n {
		t.Fatalf("%d mistakes, want %d", len(errs), n)
	}
	if first, last := errs[0], errs[n-1]; first.Fix != "did you mean Process0?" || last.Fix != "" {
		t.Errorf("%v\n%v", first, last)
	}
}
