package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What files may be like: other encodings, line ends, and what they include.
func TestFiles(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files map[string]string // the first argument is root.csp
		want  string            // of stdout and stderr, in this order
		st    status
	}{
		{"Windows-1252 in comments and strings", map[string]string{
			"root.csp": "-- caf\xe9 \x96 na\xefve\n{- \xff\xfe -} s = \"\xe9t\xe9\"\nprint s\nprint (\"\xe9\" == \"\xe8\", '\xe9', #s)\n",
		}, `root.csp:3: print s: "été"
root.csp:4: print ("é" == "è", 'é', #s): (false, 'é', 3)
warning: root.csp: there are no assertions
`, holds},
		{"columns after Windows-1252 and UTF-8", map[string]string{
			"root.csp": "s = \"\xe9\xe9\" ^ nowhere\nu = \"éé𝄞\" ^ nowhere\n{- \xe9 -} v = \xe9\n",
		}, `root.csp:1:12: scope: nowhere is not defined
  1 | s = "éé" ^ nowhere
    |            ^
root.csp:2:13: scope: nowhere is not defined
  2 | u = "éé𝄞" ^ nowhere
    |             ^
root.csp:3:13: lex: byte 0xe9 is not UTF-8 ('é' in Windows-1252), and can stand only in comments and strings
  3 | {- é -} v = é
    |             ^
`, bad},
		{"CRLF", map[string]string{
			"root.csp": "channel c : {0..1}\r\nP = c.0\r\n  -> STOP -- \xe9\r\nassert P :[has trace]: <c.0>  --! holds\r\nprint 1 + 1\r\nprint \"\\r\"\r\n",
		}, `root.csp:4: assert P :[has trace]: <c.0>: holds
  2 states, 1 transition, depth 1
root.csp:5: print 1 + 1: 2
root.csp:6: print "\r": "\r"
1 assertion: 1 hold
`, holds},
		{"mistakes in CRLF", map[string]string{
			"root.csp": "s = \"open\r\nP = nowhere\r\nQ = (\r\nR = STOP\r\n",
		}, `root.csp:1:5: lex: this string is not closed; close it with " before the line ends; a newline inside is written \n
  1 | s = "open
    |     ^
root.csp:2:5: scope: nowhere is not defined
  2 | P = nowhere
    |     ^
root.csp:3:5: parse: nothing follows ` + "`(`" + `: the next line begins another declaration; finish it here, or take the operator away
  3 | Q = (
    |     ^
`, bad},
		{"a byte order mark", map[string]string{
			"root.csp": "\ufeffP = nowhere\n", // in the first line, and no column
		}, `root.csp:1:5: scope: nowhere is not defined
  1 | P = nowhere
    |     ^
`, bad},
		{"a byte order mark in an included file", map[string]string{
			"root.csp": "include \"part.csp\"\r\nassert P :[divergence free]\r\n",
			"part.csp": "\ufeffP = STOP\r\n",
		}, `root.csp:2: assert P :[divergence free]: holds
  1 state, 0 transitions, depth 0
1 assertion: 1 hold
`, holds},
		{"UTF-16", map[string]string{"root.csp": "\xff\xfeP\x00 \x00=\x00 \x00S\x00"}, `root.csp:1:1: lex: this file is in UTF-16; save it as UTF-8
  1 | ÿþP� �=� �S�
    | ^
`, bad},
		{"lines that end with CR alone", map[string]string{"root.csp": "P = STOP\rQ = STOP\r"}, `root.csp:1:10: parse: an operator or a new line is missing before ` + "`Q`" + `; a carriage return alone ends no line: save the file with line ends of LF, or of CRLF
  1 | P = STOP�Q = STOP
    |          ^
`, bad},
		{"a mistake two files down", map[string]string{
			"root.csp":      "include \"a/one.csp\"\nchannel c : {0..1}\n",
			"a/one.csp":     "-- paths begin at the root file\ninclude \"a/two.csp\"\n",
			"a/two.csp":     "P =\n  c -> STOP\n",
			"two.csp":       "Q = no\n",
			"a/a/two.csp":   "Q = no\n",
			"a/a/a/one.csp": "Q = no\n",
		}, `a/two.csp:2:3: type: c is Int=>Event, not Event; it waits for Int
  2 |   c -> STOP
    |   ^
a/one.csp:2:9: a/two.csp is included here
root.csp:1:9: a/one.csp is included here
`, bad},
		{"an evaluation that fails in an included file", map[string]string{
			"root.csp": "include \"f.csp\"\nchannel c : {0..1}\nassert c!f(0) -> STOP :[deadlock free]\nassert STOP :[divergence free]\n",
			"f.csp":    "f(x) = 1 / x\n",
		}, `root.csp:3: assert c!f(0) -> STOP :[deadlock free]: unknown (there was an error at f.csp:1:8)
root.csp:4: assert STOP :[divergence free]: holds
  1 state, 0 transitions, depth 0
2 assertions: 1 hold, 1 unknown
f.csp:1:8: eval: division by zero: 1 / 0
  1 | f(x) = 1 / x
    |        ^
root.csp:3:10: in f(0)
root.csp:3:1: asked by assert c!f(0) -> STOP :[deadlock free]
root.csp:1:9: f.csp is included here
`, bad},
		{"missing files, directories and no path", map[string]string{
			"root.csp":  "include \"none.csp\"\ninclude \"dir\"\ninclude \"\"\ninclude none.csp\ninclude \"c.csp\"\nP = nowhere\n",
			"dir/x.csp": "",
			"c.csp":     "include \"none2.csp\"\n",
		}, "root.csp:1:9: parse: cannot include \"none.csp\": none.csp: no such file or directory\n  1 | include \"none.csp\"\n    |         ^\n" +
			"root.csp:2:9: parse: cannot include \"dir\": dir is a directory\n  2 | include \"dir\"\n    |         ^\n" +
			"root.csp:3:9: parse: the path is empty; write include \"file.csp\"\n  3 | include \"\"\n    |         ^\n" +
			"root.csp:4:9: parse: `include` needs a path in quotes, not `none`; write include \"file.csp\"\n  4 | include none.csp\n    |         ^\n" +
			"c.csp:1:9: parse: cannot include \"none2.csp\": none2.csp: no such file or directory\n  1 | include \"none2.csp\"\n    |         ^\n" +
			"root.csp:5:9: c.csp is included here\n", bad},
		{"cycles", map[string]string{
			"root.csp": "include \"a.csp\"\ninclude \"./root.csp\"\n",
			"a.csp":    "include \"b.csp\"\n",
			"b.csp":    "include \"a.csp\"\n",
		}, `root.csp:2:9: parse: "./root.csp" includes itself
  2 | include "./root.csp"
    |         ^
b.csp:1:9: parse: "a.csp" includes itself, by way of b.csp
  1 | include "a.csp"
    |         ^
a.csp:1:9: b.csp is included here
root.csp:1:9: a.csp is included here
`, bad},
		{"the same file twice", map[string]string{
			"root.csp": "include \"a.csp\"\ninclude \"a.csp\"\n",
			"a.csp":    "P = STOP\n",
		}, `root.csp:2:9: scope: a.csp is included twice; include it once
  2 | include "a.csp"
    |         ^
root.csp:1:9: it is included here, too
`, bad},
		{"in a module", map[string]string{
			"root.csp": "module M\n  include \"a.csp\"\nexports\n  include \"b.csp\"\nendmodule\nassert M::P :[deadlock free] --! fails\nassert M::Q :[deadlock free]\n",
			"a.csp":    "Q = STOP\n",
			"b.csp":    "P = Q\n",
		}, `root.csp:7:11: scope: Q is private to its module; declare it after exports
  7 | assert M::Q :[deadlock free]
    |           ^
a.csp:1:1: Q is declared here
`, bad},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			for name, text := range tt.files {
				if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var stdout, stderr bytes.Buffer
			st := run(context.Background(), []string{"check", "root.csp"}, strings.NewReader(""), &stdout, &stderr)
			if got := stdout.String() + stderr.String(); st != tt.st || got != tt.want {
				t.Errorf("exit status %d, want %d\n%s\nwant\n%s", st, tt.st, got, tt.want)
			}
		})
	}
}
