package syntax

import (
	"os"
	"strings"
	"testing"
)

func (k TokenKind) String() string {
	return [...]string{"name", "word", "int", "char", "string", "symbol", "property", "text"}[k]
}

func TestParseAlone(t *testing.T) {
	for _, tt := range []struct{ src, want string }{
		{"x = <y>==z and z >= 1", "name x, symbol =, symbol <, name y, symbol >, symbol ==, name z, word and, name z, symbol >=, int 1"},
		{"x = M::y . 'c'", "name x, symbol =, name M::y, symbol ., char 'c'"},
		{`include "nowhere.csp"`, `word include, string "nowhere.csp"`},
		{"f :: Int\ninclude \"here.csp\"", `name f, symbol ::, name Int, word include, string "here.csp"`}, // where f may be defined
		{"include = print", "name include, symbol =, name print"},
		{"print )( {- c -} \"\\\" -- rest\nx = 1", `word print, text )( {- c -} "\" -- rest, name x, symbol =, int 1`},
		{"assert not P :[ deadlock free [F] ] :[tau priority]: A",
			"word assert, word not, name P, property :[ deadlock free [F] ], property :[tau priority]:, name A"},
		{"assert P [T= _", ""},
		{"(a, _) = {-1-} {- -} b", "symbol (, name a, symbol ,, symbol _, symbol ), symbol =, name b"},
	} {
		f, tokens, errs := ParseAlone("script", []byte(tt.src))
		var got []string
		for _, k := range tokens {
			got = append(got, k.Kind.String()+" "+f.Files.Text(k.Span))
		}
		if text := strings.Join(got, ", "); len(errs) == 0 && text != tt.want || len(errs) > 0 && tt.want != "" {
			t.Errorf("%q has %s\nwant %s %v", tt.src, text, tt.want, errs)
		}
	}
}

// Tokens and comments are all there is, but for blanks.
func TestParseAloneKeepsEverything(t *testing.T) {
	src, err := os.ReadFile("testdata/good/whole.csp")
	if err != nil {
		t.Fatal(err)
	}
	f, tokens, errs := ParseAlone("whole.csp", src)
	if errs != nil {
		t.Fatal(errs)
	}
	rest := []byte(f.Files.Text(Span{1, Pos(len(src) + 1)}))
	for _, k := range tokens {
		clear(rest[k.Start-1 : k.End-1])
	}
	for _, c := range f.Comments {
		clear(rest[c.Start-1 : c.End-1])
	}
	for i, c := range rest {
		if c != 0 && !blank(c) {
			t.Fatalf("byte %d, %q, is in no token", i, c)
		}
	}
	for i := 1; i < len(tokens); i++ {
		if tokens[i].Start < tokens[i-1].End {
			t.Fatalf("%q stands before %q", f.Files.Text(tokens[i-1].Span), f.Files.Text(tokens[i].Span))
		}
	}
}
