package specs_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock"
)

// A law is an entry of laws.txt.
type law struct {
	name, source string
	equation     string                      // as written
	left, right  string                      // its terms
	refines      bool                        // [=, not =: the right refines the left
	holds        []deadlock.Model            // in these, and in no other
	refuted      map[deadlock.Model]instance // one for which it fails
	where        []string                    // conditions in CSPM
	traits       map[string]trait            // of the processes P, Q, R that it is a law of only
}

// An instance gives a closed term for every variable: P, A, x, P(u), ...
type instance map[string]string

var models = []deadlock.Model{deadlock.T, deadlock.F, deadlock.FD}

func (l *law) holdsIn(m deadlock.Model) bool { return slices.Contains(l.holds, m) }

// laws reads laws.txt.
func laws(t *testing.T) []*law {
	t.Helper()
	text, err := os.ReadFile("laws.txt")
	if err != nil {
		t.Fatal(err)
	}
	all, err := parseLaws(string(text))
	if err != nil {
		t.Fatalf("laws.txt: %v", err)
	}
	for _, l := range all {
		if len(l.holds)+len(l.refuted) != len(models) {
			t.Fatalf("laws.txt: %s: holds in %v, fails in %v", l.name, l.holds, l.refuted)
		}
	}
	return all
}

func parseLaws(text string) ([]*law, error) {
	var all []*law
	names := map[string]bool{}
	text = strings.ReplaceAll(text, "\n        ", " ") // a line that goes on
	for _, line := range strings.Split(text, "\n") {
		body := strings.TrimSpace(line)
		switch {
		case body == "" || strings.HasPrefix(body, "--"):
		case body == line:
			name, source, _ := strings.Cut(line, "  ")
			if source == "" || names[name] {
				return nil, fmt.Errorf("%s has no source, or is not the first", name)
			}
			names[name] = true
			all = append(all, &law{name: name, source: strings.TrimSpace(source),
				refuted: map[deadlock.Model]instance{}, traits: map[string]trait{}})
		case len(all) == 0:
			return nil, fmt.Errorf("%s is said of no law", body)
		default:
			l := all[len(all)-1]
			if err := l.add(body); err != nil {
				return nil, fmt.Errorf("%s: %w", l.name, err)
			}
		}
	}
	return all, nil
}

var (
	relation = regexp.MustCompile(` (≠|=[TFD,]*|\[[TFD,]*=) `)
	binding  = regexp.MustCompile(`(?:^|, )(\w(?:\(u\))?) = `)
	told     = regexp.MustCompile(`^([PQR]) (is deterministic|does not diverge|does not end)$`)
)

// add adds a line from below the law's name.
func (l *law) add(line string) error {
	if text, ok := strings.CutPrefix(line, "where "); ok {
		if m := told.FindStringSubmatch(text); m != nil {
			l.traits[m[1]] = l.traits[m[1]] | traits[m[2]]
		} else {
			l.where = append(l.where, text)
		}
		return nil
	}
	if text, ok := strings.CutPrefix(line, "not "); ok {
		in, text, _ := strings.Cut(text, ": ")
		ms, err := parseModels(in)
		for _, m := range ms {
			l.refuted[m] = parseInstance(text)
		}
		return err
	}
	at := relation.FindStringIndex(line)
	if at == nil || l.equation != "" {
		return fmt.Errorf("%s is not the equation, nor where, nor not", line)
	}
	l.equation, l.left, l.right = line, line[:at[0]], line[at[1]:]
	sign := line[at[0]+1 : at[1]-1]
	l.refines = sign[0] == '['
	var err error
	switch in := strings.Trim(sign, "[="); in {
	case "≠":
	case "":
		l.holds = models
	default:
		l.holds, err = parseModels(in)
	}
	return err
}

// parseModels reads "T, FD".
func parseModels(text string) ([]deadlock.Model, error) {
	var out []deadlock.Model
	for _, s := range strings.Split(text, ",") {
		m := deadlock.Model(strings.TrimSpace(s))
		if !slices.Contains(models, m) {
			return nil, fmt.Errorf("%s is no model", m)
		}
		out = append(out, m)
	}
	return out, nil
}

// parseInstance reads "P = a -> STOP, A = {a, b}".
func parseInstance(text string) instance {
	i := instance{}
	at := binding.FindAllStringSubmatchIndex(text, -1)
	for k, b := range at {
		end := len(text)
		if k+1 < len(at) {
			end = at[k+1][0]
		}
		i[text[b[2]:b[3]]] = text[b[1]:end]
	}
	return i
}
