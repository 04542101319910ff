package model

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteAut writes m in the Aldebaran format of the CADP tools, one line for
// each transition. τ is written i, ✓ is written exit, and other events are
// quoted, so that ReadAut can tell an event called "i" from τ.
//
//	des (0, 2, 2)
//	(0, "coin", 1)
//	(1, i, 0)
func (m *Machine) WriteAut(w io.Writer) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "des (%d, %d, %d)\n", m.initial, m.NumTransitions(), m.Len())
	for s := range State(m.Len()) {
		events, targets := m.Transitions(s)
		for i, e := range events {
			label := strconv.Quote(m.events.Name(e))
			switch e {
			case Tau:
				label = "i"
			case Tick:
				label = "exit"
			}
			fmt.Fprintf(out, "(%d, %s, %d)\n", s, label, targets[i])
		}
	}
	return out.Flush()
}

// An autHeader is what the first line of a file says.
type autHeader struct {
	initial             State
	transitions, states int
}

// The most states that ReadAut believes a header about beyond those that
// transitions mention, since they cost memory and a header costs nothing.
const autSpare = 1 << 20

// ReadAut reads a machine in the Aldebaran format. Labels are quoted or not;
// without quotes, i and tau are τ, and exit is ✓. Event names go into events.
// An error names the line.
func ReadAut(name string, r io.Reader, events *Events) (*Machine, error) {
	b := NewMachine(name, events)
	in := bufio.NewScanner(r)
	in.Buffer(nil, 1<<20)
	var head *autHeader
	var highest State
	line := 0
	for in.Scan() {
		line++
		text := strings.TrimSpace(in.Text())
		if text == "" {
			continue
		}
		if head == nil {
			h, err := parseAutHeader(text)
			if err != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, line, err)
			}
			head = h
			continue
		}
		t, err := parseAutEdge(text, head.states, events)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, line, err)
		}
		highest = max(highest, t.from, t.to)
		b.Add(t.from, t.event, t.to)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s:%d: %w", name, line+1, err)
	}
	if head == nil {
		return nil, fmt.Errorf("%s:1: no first line like des (0, 3, 2)", name)
	}
	if b.edges.n != head.transitions {
		return nil, fmt.Errorf("%s:1: %d transitions are announced, and %d follow", name, head.transitions, b.edges.n)
	}
	if head.states > 2*int(highest)+autSpare {
		return nil, fmt.Errorf("%s:1: %d states are announced, and no transition comes near the last", name, head.states)
	}
	b.States(head.states)
	b.Start(head.initial)
	return b.Build()
}

// parseAutHeader reads "des (initial, transitions, states)".
func parseAutHeader(text string) (*autHeader, error) {
	rest, ok := strings.CutPrefix(text, "des")
	fields := strings.Split(strings.TrimSpace(rest), ",")
	var numbers []int
	if ok && len(fields) == 3 && strings.HasPrefix(fields[0], "(") && strings.HasSuffix(fields[2], ")") {
		fields[0], fields[2] = fields[0][1:], strings.TrimSuffix(fields[2], ")")
		for _, f := range fields {
			n, err := strconv.ParseInt(strings.TrimSpace(f), 10, 32)
			if err != nil || n < 0 {
				return nil, fmt.Errorf("%s is not a number from 0 to 2147483647", strings.TrimSpace(f))
			}
			numbers = append(numbers, int(n))
		}
	}
	if numbers == nil {
		return nil, fmt.Errorf("%q is not like des (0, 3, 2)", text)
	}
	return &autHeader{State(numbers[0]), numbers[1], numbers[2]}, nil
}

// parseAutEdge reads "(from, label, to)".
func parseAutEdge(text string, states int, events *Events) (edge, error) {
	from, rest, ok := strings.Cut(text, ",")
	last := strings.LastIndexByte(rest, ',')
	if !ok || last < 0 || !strings.HasPrefix(from, "(") || !strings.HasSuffix(rest, ")") {
		return edge{}, fmt.Errorf("%q is not like (0, coin, 1)", text)
	}
	var t edge
	for _, end := range []struct {
		text string
		to   *State
	}{{from[1:], &t.from}, {rest[last+1 : len(rest)-1], &t.to}} {
		n, err := strconv.ParseInt(strings.TrimSpace(end.text), 10, 32)
		if err != nil || n < 0 || int(n) >= states {
			return edge{}, fmt.Errorf("%s is not one of the %d states", strings.TrimSpace(end.text), states)
		}
		*end.to = State(n)
	}
	label := strings.TrimSpace(rest[:last])
	switch {
	case label == "i", label == "tau":
		t.event = Tau
	case label == "exit":
		t.event = Tick
	case label == "":
		return edge{}, fmt.Errorf("%q has no label", text)
	case label[0] == '"':
		s, err := strconv.Unquote(label)
		if err != nil || s == "" {
			return edge{}, fmt.Errorf("%s is not a label in quotes", label)
		}
		t.event = events.Event(s)
	default:
		t.event = events.Event(label)
	}
	return t, nil
}
