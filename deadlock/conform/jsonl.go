package conform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Mistake is something wrong with the text of a log.
type Mistake struct {
	At   int // byte of the text
	Line int // from 1
	Col  int // in characters, from 1
	Msg  string
}

func (m *Mistake) Error() string { return fmt.Sprintf("%d:%d: %s", m.Line, m.Col, m.Msg) }

// Mistakes is what is wrong with the text of a log, in its order.
type Mistakes []*Mistake

func (ms Mistakes) Error() string {
	var lines []string
	for _, m := range ms {
		lines = append(lines, m.Error())
	}
	return strings.Join(lines, "\n")
}

const (
	longestLine  = 1 << 20 // bytes
	mostMistakes = 1000    // the rest of the text is not read
)

// Parse reads a log in JSON Lines: an object a line, blank lines aside.
//
//	{"process": "worker 1", "event": "jobs.1", "begin": 3, "end": 7}
//	{"process": "worker 2", "may": ["jobs"], "begin": 4}
//
// Without an end the entry is pending, and may has the channels or events
// that it can be; an event instead says that it can be only that. If no line
// has begin and end, the events happened in the order of the lines.
//
// The error is Mistakes.
func Parse(text []byte) (*Log, error) {
	p := &parser{text: text}
	for p.next < len(text) && len(p.mistakes) < mostMistakes {
		p.line++
		p.start = p.next
		line := text[p.start:]
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line = line[:n]
		}
		p.next = p.start + len(line) + 1
		if p.line == 1 {
			trimmed := bytes.TrimPrefix(line, []byte("\uFEFF")) // a byte order mark
			p.start += len(line) - len(trimmed)
			line = trimmed
		}
		if line = bytes.TrimRight(line, " \t\r"); len(bytes.TrimLeft(line, " \t")) > 0 {
			p.entry(line)
		}
	}
	p.timed()
	if len(p.mistakes) > 0 {
		slices.SortStableFunc(p.mistakes, func(a, b *Mistake) int { return a.At - b.At })
		return nil, p.mistakes
	}
	return &p.log, nil
}

// parser reads the lines of a log.
type parser struct {
	text        []byte
	start, next int // of this line, and of the one after
	line        int
	log         Log
	untimed     []int // places in the log of entries without begin and end
	mistakes    Mistakes
}

func (p *parser) wrong(offset int, format string, args ...any) {
	at := p.start + offset
	p.mistakes = append(p.mistakes, &Mistake{at, p.line, 1 + utf8.RuneCount(p.text[p.start:at]), fmt.Sprintf(format, args...)})
}

// The fields of a line.
var fieldNames = []string{"process", "event", "begin", "end", "may"}

// entry reads a line.
func (p *parser) entry(line []byte) {
	if len(line) > longestLine {
		p.wrong(0, "the line has %d bytes: at most %d are read", len(line), longestLine)
		return
	}
	if !utf8.Valid(line) {
		p.wrong(invalid(line), "this is no UTF-8: a log is text, an object of JSON a line")
		return
	}
	fields, ok := p.fields(line)
	if !ok {
		return
	}
	e := Entry{Line: p.line}
	has := func(name string) bool { _, ok := fields[name]; return ok }
	for _, name := range fieldNames {
		f, ok := fields[name]
		if !ok {
			continue
		}
		into, kind := any(nil), ""
		switch name {
		case "process":
			into, kind = &e.Process, "a string"
		case "event":
			into, kind = &e.Event, "a string, as \"c.1\""
			e.At = p.start + f.at
		case "begin":
			into, kind = &e.Begin, "a whole number"
		case "end":
			into, kind = &e.End, "a whole number"
		case "may":
			into, kind = &e.May, "a list of strings"
			e.At = p.start + f.at
		}
		if string(f.value) == "null" || json.Unmarshal(f.value, into) != nil {
			p.wrong(f.at, "%s is %s", name, kind)
			return
		}
	}
	if at := fields["event"].at; has("event") && (e.Event == "" || e.Event == "τ") {
		p.wrong(at, "that is no event that can be seen")
		return
	}
	switch {
	case has("end") && !has("begin"):
		p.wrong(fields["end"].at, "there is an end without a begin")
		return
	case has("may") && (has("event") || has("end") || !has("begin")):
		p.wrong(fields["may"].at, "may says what is pending: it stands with begin, without end and event")
		return
	case !has("event") && !has("may"):
		p.wrong(0, "an event is missing: {\"process\": \"worker 1\", \"event\": \"c.1\"}")
		return
	case has("end") && e.End < e.Begin:
		p.wrong(fields["end"].at, "it ends (%d) before it begins (%d)", e.End, e.Begin)
		return
	case has("end") && e.End == Pending:
		p.wrong(fields["end"].at, "the number is too large")
		return
	}
	if has("begin") && !has("end") {
		e.End = Pending
		if has("event") {
			e.Event, e.May = "", []string{e.Event}
		}
	}
	if !has("begin") {
		e.Begin, e.End = int64(p.line), int64(p.line)
		p.untimed = append(p.untimed, len(p.log.Entries))
	}
	p.log.Entries = append(p.log.Entries, e)
}

// timed makes sure that all entries have times, or none.
func (p *parser) timed() {
	if n := len(p.untimed); n == 0 || n == len(p.log.Entries) {
		return
	}
	for _, i := range p.untimed {
		e := &p.log.Entries[i]
		p.mistakes = append(p.mistakes, &Mistake{At: e.At, Line: e.Line, Col: p.col(e.At), Msg: "begin and end are missing, which other lines have"})
		if len(p.mistakes) >= mostMistakes {
			return
		}
	}
}

// col returns the column of a byte.
func (p *parser) col(at int) int {
	start := bytes.LastIndexByte(p.text[:at], '\n') + 1
	return 1 + utf8.RuneCount(bytes.TrimPrefix(p.text[start:at], []byte("\uFEFF")))
}

func invalid(line []byte) int {
	for i := 0; i < len(line); {
		r, n := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return 0
}

// A field is the value of one, and where it stands in its line.
type field struct {
	value json.RawMessage
	at    int
}

// fields reads an object.
func (p *parser) fields(line []byte) (map[string]field, bool) {
	d := json.NewDecoder(bytes.NewReader(line))
	broken := func(err error) (map[string]field, bool) {
		at, why := int(d.InputOffset()), "it is not complete"
		var s *json.SyntaxError
		if errors.As(err, &s) {
			at, why = max(0, int(s.Offset)-1), s.Error()
		} else if err != io.EOF && err != io.ErrUnexpectedEOF {
			why = err.Error()
		}
		p.wrong(boundary(line, min(at, len(line))), "this is no object of JSON: %s", strings.TrimPrefix(why, "json: "))
		return nil, false
	}
	t, err := d.Token()
	if err != nil {
		return broken(err)
	}
	if t != json.Delim('{') {
		p.wrong(0, "a line is an object of JSON: {\"process\": \"worker 1\", \"event\": \"c.1\"}")
		return nil, false
	}
	fields := map[string]field{}
	for d.More() {
		at := skip(line, int(d.InputOffset()))
		t, err := d.Token()
		if err != nil {
			return broken(err)
		}
		name, _ := t.(string)
		if !slices.Contains(fieldNames, name) {
			p.wrong(at, "%q is none of the fields, which are %s", short(name), strings.Join(fieldNames, ", "))
			return nil, false
		}
		if _, ok := fields[name]; ok {
			p.wrong(at, "%s is there twice", name)
			return nil, false
		}
		at = skip(line, int(d.InputOffset()))
		var f field
		if err := d.Decode(&f.value); err != nil {
			return broken(err)
		}
		f.at = at
		fields[name] = f
	}
	if _, err := d.Token(); err != nil {
		return broken(err)
	}
	if at := skip(line, int(d.InputOffset())); at < len(line) {
		p.wrong(at, "there is more behind the object: each has a line of its own")
		return nil, false
	}
	return fields, true
}

// skip returns where the next token begins.
func skip(line []byte, at int) int {
	for at < len(line) && strings.IndexByte(" \t\r,:", line[at]) >= 0 {
		at++
	}
	return at
}

// boundary returns where the character begins that a byte is in.
func boundary(line []byte, at int) int {
	for at > 0 && at < len(line) && !utf8.RuneStart(line[at]) {
		at--
	}
	return at
}

func short(name string) string {
	if r := []rune(name); len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return name
}

// Write writes a log as Parse reads it.
func (l *Log) Write(w io.Writer) error {
	type line struct {
		Process string    `json:"process,omitempty"`
		Event   string    `json:"event,omitempty"`
		May     *[]string `json:"may,omitempty"`
		Begin   int64     `json:"begin"`
		End     *int64    `json:"end,omitempty"`
	}
	d := json.NewEncoder(w)
	d.SetEscapeHTML(false)
	for i := range l.Entries {
		e := &l.Entries[i]
		x := line{Process: e.Process, Event: e.Event, Begin: e.Begin}
		if e.pending() {
			may := append([]string{}, e.May...)
			x.May = &may
		} else {
			x.End = &e.End
		}
		if err := d.Encode(x); err != nil {
			return err
		}
	}
	return nil
}
