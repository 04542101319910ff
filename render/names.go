package render

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"github.com/cspcheck/cspcheck/explore"
)

// Names reach us from users' scripts and from files. Every one passes
// through short before it is shown.

const (
	maxName   = 28  // of a component, in columns of a terminal
	maxEvent  = 40  // of an event
	maxReason = 120 // of a reason for waiting
)

// width is how many columns of a terminal s takes.
func width(s string) int { return displaywidth.String(s) }

// Width returns how many columns of a terminal s takes.
func Width(s string) int { return width(s) }

// short returns s on one line, harmless to a terminal, at most max columns
// wide. What is left out is taken from the middle: the last index of a name
// tells as much as its beginning.
func short(s string, max int) string {
	// No kept part needs more than 4 bytes a column but for combining marks,
	// which end at the cut: a huge name costs no more than a long one.
	if cut := 32 * max; len(s) > 2*cut {
		s = strings.ToValidUTF8(s[:cut], "") + "…" + strings.ToValidUTF8(s[len(s)-cut:], "")
	}
	s = plain(s)
	if width(s) <= max {
		return s
	}
	var parts []string // grapheme clusters
	g := displaywidth.StringGraphemes(s)
	for g.Next() {
		v := g.Value()
		if utf8.RuneCountInString(v) > 8 { // a pile of combining marks
			v = string([]rune(v)[:8])
		}
		parts = append(parts, v)
	}
	front, back := 0, len(parts)
	left := max - 1 // columns to fill, besides the ellipsis
	for room := left * 2 / 3; front < back; front++ {
		w := width(parts[front])
		if w > room {
			break
		}
		room, left = room-w, left-w
	}
	for ; back > front; back-- {
		w := width(parts[back-1])
		if w > left {
			break
		}
		left -= w
	}
	return strings.Join(parts[:front], "") + "…" + strings.Join(parts[back:], "")
}

// Plain returns s harmless to a terminal and to XML: what they would act on is
// shown as Go does in a string literal.
func Plain(s string) string { return plain(s) }

// Short is Plain, on at most max columns: what is left out is taken from the
// middle.
func Short(s string, max int) string { return short(s, max) }

// plain shows what a terminal would act on, or not show at all, as Go does
// in a string literal: "\n", "\x1b", "\u202e".
func plain(s string) string {
	clean := true
	for _, r := range s {
		if r == utf8.RuneError || !printable(r) {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case printable(r):
			b.WriteRune(r)
		default:
			q := strconv.QuoteRuneToASCII(r)
			b.WriteString(q[1 : len(q)-1])
		}
	}
	return b.String()
}

// printable says whether r may be shown as it is. The zero width joiner is
// not a sign of its own, but it holds others together.
func printable(r rune) bool { return strconv.IsPrint(r) || r == '\u200d' }

// componentNames returns what to call each component: different names for
// different components, whatever their owner called them, and about max
// columns wide.
func componentNames(cs []explore.Component, max int) []string {
	names := make([]string, len(cs))
	count := make(map[string]int)
	for i, c := range cs {
		names[i] = short(c.Name, max)
		if names[i] == "" {
			names[i] = "component"
		}
		count[names[i]]++
	}
	next := make(map[string]int)
	for i, n := range names {
		if count[n] == 1 {
			continue
		}
		for {
			next[n]++
			names[i] = n + "#" + strconv.Itoa(next[n])
			if count[names[i]] == 0 {
				break
			}
		}
	}
	return names
}

func processName(name string) string {
	if name == "" {
		return "the process"
	}
	return short(name, 2*maxName)
}

// eventName is a step's event, and of a τ what it was before it was hidden.
func eventName(s *explore.Step, max int) string {
	return seenAs(s.Event, s.Hidden, max)
}

// branchName is the same of a road not taken.
func branchName(b *explore.Branch) string { return seenAs(b.Event, b.Hidden, maxEvent) }

func seenAs(event, hidden string, max int) string {
	if hidden != "" {
		return short(event, max) + " (" + short(hidden, max-4) + ")"
	}
	return label(event, "", max)
}

// label is an event as its component's text writes it.
func label(event, label string, max int) string {
	if label == "" {
		label = event
	}
	if label == "" {
		return `""`
	}
	return short(label, max)
}

// list joins words as a sentence does, at most max of them; max 0 means all.
func list(words []string, max int) string {
	if max > 0 && len(words) > max+1 {
		return fmt.Sprintf("%s and %s more", strings.Join(words[:max], ", "), number(len(words)-max))
	}
	return strings.Join(words, ", ")
}

// count is n things: "1 event", "2 events".
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return number(n) + " " + thing + "s"
}

// number writes n with a narrow gap between thousands from 10 000 on.
func number(n int) string {
	s := strconv.Itoa(n)
	if len(s) < 5 {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
