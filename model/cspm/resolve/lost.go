package resolve

import (
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// lostNames returns the names that may be defined in the text that could not
// be read; all names there are, if a file is missing.
func lostNames(f *syntax.File) map[string]bool {
	names := map[string]bool{}
	add := func(some []string) {
		for _, n := range some {
			names[n] = true
		}
	}
	if f.LostFile {
		add(namesIn(f.Files.All()))
		return names
	}
	for _, s := range f.Lost {
		text := f.Files.Text(s)
		for line := range strings.Lines(text) {
			found := namesIn(line)
			if len(found) == 0 {
				continue
			}
			if declaring[found[0]] {
				add(namesIn(text)) // constructors may stand on lines of their own
				break
			}
			if strings.Contains(line, " | ") {
				add(found) // perhaps a datatype without the word
				continue
			}
			// f(x) = ..., (a, b) = ..., a, b : ... without its channel, or without
			// its "=".
			head, _, _ := strings.Cut(line, "=")
			head, _, _ = strings.Cut(head, ":")
			add(namesIn(head))
		}
	}
	return names
}

// declaring begin declarations of names that stand behind them.
var declaring = map[string]bool{
	"channel": true, "datatype": true, "subtype": true, "nametype": true, "module": true, "instance": true,
	"transparent": true, "external": true, "include": true,
}

// namesIn returns the names in a text, keywords included.
func namesIn(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool {
		return r != '_' && r != '\'' && !('0' <= r && r <= '9') && !('A' <= r && r <= 'Z') && !('a' <= r && r <= 'z')
	})
}
