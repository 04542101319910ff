package specs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/explore"
)

// The programs of Hoare's paper of 1978, in the order of its sections.
var programs = []struct{ section, title, file string }{
	{"3.1", "Copy", "copy"},
	{"3.2", "Squash", "squash"},
	{"3.3", "Disassemble", "disassemble"},
	{"3.4", "Assemble", "assemble"},
	{"3.5", "Reformat", "reformat"},
	{"3.6", "Conway's problem", "conway"},
	{"4.1", "Division with remainder", "division"},
	{"4.2", "Factorial", "factorial"},
	{"4.3", "Small set of integers", "smallset"},
	{"4.4", "Scanning a set", "scanning"},
	{"4.5", "Small set of integers, recursively", "recursiveset"},
	{"5.1", "Bounded buffer", "buffer"},
	{"5.2", "Integer semaphore", "semaphore"},
	{"5.3", "Dining philosophers", "philosophers"},
	{"6.1", "Sieve of Eratosthenes", "sieve"},
	{"6.2", "Matrix multiplication", "matrix"},
}

// Each program of the paper is held against a specification, and something is
// shown that is not so. The table of what was asked is in docs/hoare1978.md.
func TestHoare1978(t *testing.T) {
	listed := map[string]bool{}
	var table strings.Builder
	table.WriteString("| section | program | asked | | states |\n| --- | --- | --- | --- | ---: |\n")
	for _, p := range programs {
		file := "hoare1978/" + p.file + ".csp"
		listed[file] = true
		section, title := p.section, fmt.Sprintf("[%s](../specs/%s)", p.title, file)
		script := load(t, file, "")
		against := 0 // specifications that it refines
		for i := range script.Asserts {
			a := &script.Asserts[i]
			_, v, err := asked(a, explore.Limits{})
			if err != nil {
				t.Fatalf("%s: %v", a.At, err)
			}
			if a.Spec != nil && a.Expect.Holds {
				against++
			}
			fmt.Fprintf(&table, "| %s | %s | %s | %s | %d |\n", section, title, code(strings.TrimPrefix(a.Text, "--! ")), v.Answer, v.Stats.States)
			section, title = "", ""
		}
		if against == 0 {
			t.Errorf("%s: it is held against no specification", file)
		}
	}
	for _, file := range files(t) {
		if strings.HasPrefix(file, "hoare1978/") && !listed[file] {
			t.Errorf("%s is not in docs/hoare1978.md", file)
		}
	}
	made(t, "../docs/hoare1978.md", "table", table.String())
}
