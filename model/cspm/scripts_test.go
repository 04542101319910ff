package cspm_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/model/cspm"
)

// scripts returns the scripts in testdata/scripts: of the kind that people
// have written for other tools, in all their manners.
func scripts(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/scripts/*.csp")
	if err != nil || len(files) < 14 {
		t.Fatalf("%d scripts, %v", len(files), err)
	}
	all := map[string]string{}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[file] = string(src)
	}
	return all
}

var fromDisk = cspm.Options{Open: os.ReadFile}

// Every assertion comes out as the script says, and every print statement
// prints something.
func TestScripts(t *testing.T) {
	for file, src := range scripts(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			s, err := cspm.Load(file, []byte(src), fromDisk)
			if err != nil {
				t.Fatal(err)
			}
			r := &rule{at: file, script: src}
			r.runPrints(t, s)
			r.runAsserts(t, s)
			if len(s.Asserts) == 0 {
				t.Error("it asserts nothing")
			}
		})
	}
}

var aToken = regexp.MustCompile(`--[^\n]*|[A-Za-z]\w*'*|\d+|\[\||\|\]|\{\||\|\}|->|<-|\|~\||\[\]|\|\|\||==|<=|>=|[^\s\w]`)

// A script with a token left out, misspelt or of another kind is refused, if
// at all, with places and without saying a thing twice; most have one mistake
// then.
func TestScriptsWithAMistake(t *testing.T) {
	step := 8
	if testing.Short() {
		step = 50
	}
	mutants, refused, once := 0, 0, 0
	for file, src := range scripts(t) {
		for i, at := range aToken.FindAllStringIndex(src, -1) {
			token := src[at[0]:at[1]]
			if i%step != 0 || strings.HasPrefix(token, "--") {
				continue
			}
			others := []string{""}
			switch c := token[0] | 0x20; {
			case 'a' <= c && c <= 'z':
				others = append(others, token+"z", "7")
			case '0' <= c && c <= '9':
				others = append(others, "true")
			}
			for _, other := range others {
				mutants++
				errs := cspm.Vet(file, []byte(src[:at[0]]+other+src[at[1]:]), fromDisk, false)
				if len(errs) > 0 {
					refused++
				}
				if len(errs) == 1 {
					once++
				}
				var seen []cspm.Error
				for _, e := range errs {
					if e.Position().Line == 0 || e.Msg == "" {
						t.Errorf("%s: %q for %q at %d: %v has no place", file, other, token, at[0], e)
					}
					if slices.ContainsFunc(seen, func(s cspm.Error) bool { return s.Span == e.Span }) {
						t.Errorf("%s: %q for %q at %d: two mistakes in one place:\n%v", file, other, token, at[0], errs)
					}
					seen = append(seen, *e)
				}
			}
		}
	}
	t.Logf("of %d scripts, %d are refused, %d of them for one mistake", mutants, refused, once)
	if refused*10 < mutants*8 || once*10 < refused*8 {
		t.Errorf("of %d scripts, %d are refused, only %d of them for one mistake", mutants, refused, once)
	}
}
