package editortest_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const vimFile = "vim/syntax/cspm.vim"

// vim is Vim with the plugin in a directory.
type vim struct{ plugin string }

// groups are the groups that a token of a class may be in.
var groups = map[class][]string{
	comment:     {"cspmLineComment", "cspmBlockComment"},
	expectation: {"cspmExpectation"},
	keyword:     {"cspmKeyword"},
	declaration: {"cspmDeclaration"},
	command:     {"cspmCommand"},
	wordOp:      {"cspmWordOp"},
	boolean:     {"cspmBoolean"},
	name:        {"cspmName", "cspmDefinition"},
	builtin:     {"cspmProcess", "cspmConstant", "cspmType", "cspmFunction"},
	wildcard:    {"cspmWildcard"},
	number:      {"cspmNumber"},
	character:   {"cspmCharacter"},
	str:         {"cspmString"},
	operator:    {"cspmOperator"},
	processOp:   {"cspmProcessOperator"},
	bracket:     {"cspmBracket"},
	delimiter:   {"cspmDelimiter"},
	refinement:  {"cspmRefinement"},
	property:    {"cspmProperty"},
}

func (vim) accepts(c class, seen string) bool { return slices.Contains(groups[c], seen) }

// A vimView is what Vim says of a file.
type vimView struct {
	Filetype, Commentstring string
	Lines                   [][][2]any
}

// run has Vim look at files.
func (v vim) run(t *testing.T, files []string) []vimView {
	program, err := exec.LookPath("vim")
	if err != nil {
		skip(t, "vim")
	}
	dir := t.TempDir()
	list, out := filepath.Join(dir, "files"), filepath.Join(dir, "out.json")
	if err := os.WriteFile(list, []byte(strings.Join(files, "\n")+"\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-es", "-u", "NONE", "-i", "NONE", "-N", "-n", "--cmd", "set runtimepath^="+v.plugin,
		"--cmd", "set encoding=utf-8 nomodeline", "-c", "filetype plugin on", "-c", "syntax on", "-S", "vim/test/groups.vim")
	cmd.Env = append(os.Environ(), "CSPM_FILES="+list, "CSPM_OUT="+out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var views []vimView
	load(t, out, &views)
	return views
}

// see returns the outermost groups.
func (v vim) see(t *testing.T, files []string) [][]string {
	var seen [][]string
	for i, view := range v.run(t, files) {
		text, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		var lines [][]run
		for _, line := range view.Lines {
			var runs []run
			for _, r := range line {
				runs = append(runs, run{int(r[0].(float64)), r[1].(string)})
			}
			lines = append(lines, runs)
		}
		seen = append(seen, spread(string(text), lines, utf8.RuneLen))
	}
	return seen
}

func TestVimSeesEveryToken(t *testing.T) { check(t, vim{"vim"}) }

func TestBreakingTheSyntaxFileIsNoticed(t *testing.T) {
	breaks(t, vimFile, []breakage{
		{"comments do not nest", "contains=cspmBlockComment,cspmTodo", "contains=cspmTodo"},
		{"a prime ends a keyword", `within\)[a-zA-Z0-9_']\@!`, `within\)[a-zA-Z0-9_]\@!`},
		{"no interleaving", `"|||\||\~|\|<->"`, `"|\~|\|<->"`},
		{"no escapes in strings", `oneline contains=cspmEscape`, `oneline`},
		{"models end properties", `contains=cspmModel,`, `contains=`},
		{"no timed_priority", ` timed_priority`, ``},
	}, func(t *testing.T, rules string) editor {
		plugin := t.TempDir()
		if err := os.CopyFS(plugin, os.DirFS("vim")); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(plugin, "syntax", "cspm.vim"), []byte(rules), 0o666); err != nil {
			t.Fatal(err)
		}
		return vim{plugin}
	})
}

// Vim knows scripts by their names, and how comments are written in them.
func TestVimKnowsScripts(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for _, name := range []string{"a.csp", "b.cspm", "c.txt"} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte("A = 1\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	views := vim{"vim"}.run(t, files)
	var got [][2]string
	for _, v := range views {
		got = append(got, [2]string{v.Filetype, v.Commentstring})
	}
	if want := [2]string{"cspm", "-- %s"}; len(got) != 3 || got[0] != want || got[1] != want || got[2][0] == "cspm" {
		text, _ := json.Marshal(got)
		t.Errorf("Vim takes the files for %s", text)
	}
}
