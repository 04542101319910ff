package editortest_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/cspcheck/cspcheck/model/cspm/resolve"
)

const grammarFile = "vscode/syntaxes/cspm.tmLanguage.json"

// vscode is VS Code's own tokenizer with a grammar.
type vscode struct{ grammar string }

// scopes are the scopes that a token of a class may be in, besides the script's.
var scopes = map[class][]string{
	comment:     {"comment.line.double-dash.cspm", "comment.block.cspm"},
	expectation: {"comment.line.expectation.cspm"},
	keyword:     {"keyword.control.cspm"},
	declaration: {"keyword.other.declaration.cspm"},
	command:     {"keyword.other.directive.cspm"},
	wordOp:      {"keyword.operator.logical.cspm"},
	boolean:     {"constant.language.boolean.cspm"},
	name: {"variable.other.cspm", "variable.other.qualified.cspm", "entity.name.function.cspm", "entity.name.type.cspm",
		"entity.name.namespace.cspm"},
	builtin: {"support.class.process.cspm", "support.constant.cspm", "support.type.cspm", "support.function.cspm",
		"entity.name.function.cspm", "entity.name.type.cspm"},
	wildcard:   {"variable.language.wildcard.cspm"},
	number:     {"constant.numeric.integer.cspm"},
	character:  {"string.quoted.single.cspm"},
	str:        {"string.quoted.double.cspm"},
	operator:   {"keyword.operator.cspm"},
	processOp:  {"keyword.operator.process.cspm"},
	bracket:    {"punctuation.section.brackets.cspm"},
	delimiter:  {"punctuation.separator.cspm"},
	refinement: {"keyword.operator.refinement.cspm"},
	property:   {"keyword.other.property.cspm"},
}

func (vscode) accepts(c class, seen string) bool { return slices.Contains(scopes[c], seen) }

// see returns the outermost scopes.
func (v vscode) see(t *testing.T, files []string) [][]string {
	node, err := exec.LookPath("node")
	if err != nil {
		skip(t, "node")
	}
	if _, err := os.Stat("vscode/node_modules/vscode-textmate"); errors.Is(err, fs.ErrNotExist) {
		skip(t, "the tokenizer (npm ci --prefix editors/vscode)")
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(node, append([]string{"vscode/test/scopes.js", v.grammar}, files...)...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	var out [][][][2]any
	if err := json.Unmarshal(stdout.Bytes(), &out); err != nil {
		t.Fatal(err)
	}
	var seen [][]string
	for i, file := range out {
		text, err := os.ReadFile(files[i])
		if err != nil {
			t.Fatal(err)
		}
		var lines [][]run
		for _, line := range file {
			var runs []run
			for _, token := range line {
				what := ""
				if list := token[1].([]any); len(list) > 1 {
					what = list[1].(string)
				}
				runs = append(runs, run{int(token[0].(float64)), what})
			}
			lines = append(lines, runs)
		}
		seen = append(seen, spread(string(text), lines, utf16.RuneLen))
	}
	return seen
}

func TestVSCodeSeesEveryToken(t *testing.T) { check(t, vscode{grammarFile}) }

func TestBreakingTheGrammarIsNoticed(t *testing.T) {
	breaks(t, grammarFile, []breakage{
		{"comments do not nest", `"patterns": [
        {
          "include": "#block"
        }
      ]`, `"patterns": []`},
		{"a prime ends a keyword", `within)(?![A-Za-z0-9_'])`, `within)(?![A-Za-z0-9_])`},
		{"no interleaving", `\\|\\|\\||\\|~\\|`, `\\|~\\|`},
		{"no escapes in strings", `"match": "\\\\."`, `"match": "\\\\n"`},
		{"models end properties", `\\](?:[ \\t]*:(?!\\[))?`, `\\](?!\\])(?:[ \\t]*:(?!\\[))?|(?<=free)`},
		{"no mtransclose or timed_priority", `error|timed_priority`, `error`},
	}, func(t *testing.T, rules string) editor {
		file := filepath.Join(t.TempDir(), "broken.json")
		if err := os.WriteFile(file, []byte(rules), 0o666); err != nil {
			t.Fatal(err)
		}
		return vscode{file}
	})
}

// What the extension promises is there: this needs Go alone.
func TestExtension(t *testing.T) {
	var extension struct {
		Contributes struct {
			Languages []struct {
				ID            string
				Extensions    []string
				Configuration string
			}
			Grammars []struct{ Language, ScopeName, Path string }
		}
	}
	load(t, "vscode/package.json", &extension)
	if len(extension.Contributes.Languages) != 1 || len(extension.Contributes.Grammars) != 1 {
		t.Fatalf("%+v", extension)
	}
	language, grammar := extension.Contributes.Languages[0], extension.Contributes.Grammars[0]
	if !slices.Equal(language.Extensions, []string{".csp", ".cspm"}) || language.ID != grammar.Language {
		t.Errorf("%+v", extension)
	}
	if filepath.Join("vscode", grammar.Path) != filepath.FromSlash(grammarFile) {
		t.Errorf("the grammar is %s", grammar.Path)
	}
	var configuration struct {
		Comments                            struct{ LineComment string }
		WordPattern                         string
		IndentationRules, Folding, Brackets any
	}
	load(t, filepath.Join("vscode", language.Configuration), &configuration)
	if configuration.Comments.LineComment != "--" {
		t.Errorf("a line comment is %q", configuration.Comments.LineComment)
	}
	if _, err := regexp.Compile(configuration.WordPattern); err != nil {
		t.Error(err)
	}
	var rules struct{ ScopeName string }
	load(t, grammarFile, &rules)
	if rules.ScopeName != grammar.ScopeName {
		t.Errorf("the grammar is for %s, the extension for %s", rules.ScopeName, grammar.ScopeName)
	}
}

func load(t *testing.T, file string, to any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// Both editors know every built-in name, and every class of symbols has its
// scope and its group: this needs Go alone.
func TestEveryNameIsThere(t *testing.T) {
	for _, file := range []string{grammarFile, vimFile} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		known := regexp.MustCompile(`[A-Za-z_]+`).FindAllString(string(text), -1)
		for _, n := range append(resolve.Builtins(), "Event") {
			if !slices.Contains(known, n) {
				t.Errorf("%s does not know %s", file, n)
			}
		}
		for _, lists := range []map[class]string{symbols, words} {
			for c := range lists {
				if len(scopes[c]) == 0 || len(groups[c]) == 0 {
					t.Errorf("%s has no scope or no group", c)
				}
			}
		}
		for c := range scopes {
			for _, list := range [][]string{scopes[c], groups[c]} {
				for _, what := range list {
					if (file == vimFile) == strings.HasPrefix(what, "cspm") && !strings.Contains(string(text), what) {
						t.Errorf("%s has no %s", file, what)
					}
				}
			}
		}
	}
}
