package conform_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/cspcheck/cspcheck/deadlock/conform"
)

func text(t *testing.T, l *conform.Log) string {
	t.Helper()
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestLogIsThatOfOneMoment(t *testing.T) {
	var rec conform.Recorder
	p, q := rec.Process("p"), rec.Process("q")
	p.Record("a")          // 1
	b := q.Begin("b", "c") // 2
	never := p.Begin("d")  // 3
	p.Begin().End("e.<1>") // 4, 5
	never.Cancel()         // 6
	if rec.Process("p") != p {
		t.Error("a process of a name is there twice")
	}
	want := `{"process":"p","event":"a","begin":1,"end":1}
{"process":"q","may":["b","c"],"begin":2}
{"process":"p","event":"e.<1>","begin":4,"end":5}
`
	if got := text(t, rec.Log()); got != want { // 7
		t.Errorf("the log is\n%swant\n%s", got, want)
	}
	b.End("b") // 8
	if got := text(t, rec.Log()); !strings.Contains(got, `"event":"b","begin":2,"end":8`) {
		t.Errorf("then the log is\n%s", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a span may end twice")
		}
	}()
	b.End("b")
}

// An effect is never in a log without its cause, whenever the log is taken:
// tokens go round, each goroutine handing one on only after it took one.
func TestLogsOfRunningPrograms(t *testing.T) {
	const goroutines, rounds = 4, 300
	var rec conform.Recorder
	ring := make([]chan int, goroutines)
	for i := range ring {
		ring[i] = make(chan int, 1)
	}
	var all sync.WaitGroup
	for i := range goroutines {
		all.Go(func() {
			p := rec.Process(fmt.Sprint(i))
			for range rounds {
				n := <-ring[i]
				s := p.Begin()
				s.End(fmt.Sprint(n))
				ring[(i+1)%goroutines] <- n + 1
			}
		})
	}
	ring[0] <- 0
	done := make(chan bool)
	go func() { all.Wait(); close(done) }()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		log := rec.Log()
		for i, e := range log.Entries {
			pending := e.End == conform.Pending
			if !pending && e.Event != fmt.Sprint(i) || pending && i != len(log.Entries)-1 {
				t.Fatalf("entry %d of %d is %+v", i, len(log.Entries), e)
			}
		}
		if !running && len(log.Entries) != goroutines*rounds {
			t.Errorf("%d entries at the end, want %d", len(log.Entries), goroutines*rounds)
		}
	}
}

func TestEvent(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{conform.Event("c"), "c"},
		{conform.Event("c", 1, -2, "A"), "c.1.-2.A"},
		{conform.Event("c", uint8(7), true), "c.7.true"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s, want %s", tt.got, tt.want)
		}
	}
}

func TestParseReadsWhatWriteWrites(t *testing.T) {
	var rec conform.Recorder
	p := rec.Process(`a "name" <&> ✓`)
	p.Record("c.1")
	p.Begin("c").End("c.<2>")
	p.Begin("c", "d")
	p.Begin()
	want := rec.Log()
	got, err := conform.Parse([]byte(text(t, want)))
	if err != nil {
		t.Fatal(err)
	}
	for i := range got.Entries {
		if e := &got.Entries[i]; e.Line != i+1 {
			t.Errorf("entry %d is of line %d", i, e.Line)
		}
		got.Entries[i].Line, got.Entries[i].At = 0, 0
		if len(got.Entries[i].May) == 0 {
			got.Entries[i].May = want.Entries[i].May
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestParseErrors(t *testing.T) {
	ok := `{"event":"a"}`
	for _, tt := range []struct{ text, want string }{
		{"", ""},
		{"\n \t\r\n\uFEFF", "3:1: this is no object of JSON: invalid character 'ï' looking for beginning of value"},
		{"\uFEFF" + ok + "\r\n\n", ""},
		{ok + "\n{", "2:2: this is no object of JSON: it is not complete"},
		{"[1]", `1:1: a line is an object of JSON: {"process": "worker 1", "event": "c.1"}`},
		{`{"event":"a"} {"event":"b"}`, "1:15: there is more behind the object: each has a line of its own"},
		{`{"ev":"a"}`, `1:2: "ev" is none of the fields, which are process, event, begin, end, may`},
		{`{"event":"a","event":"b"}`, "1:14: event is there twice"},
		{`{"event":1}`, `1:10: event is a string, as "c.1"`},
		{`{"event":null}`, `1:10: event is a string, as "c.1"`},
		{`{"event":""}`, "1:10: that is no event that can be seen"},
		{`{"event":"τ"}`, "1:10: that is no event that can be seen"},
		{`{"process":"ü","event":7}`, `1:24: event is a string, as "c.1"`},
		{`{"process":"p"}`, `1:1: an event is missing: {"process": "worker 1", "event": "c.1"}`},
		{`{"event":"a","begin":1.5}`, "1:22: begin is a whole number"},
		{`{"event":"a","begin":2,"end":1}`, "1:30: it ends (1) before it begins (2)"},
		{`{"event":"a","end":1}`, "1:20: there is an end without a begin"},
		{`{"event":"a","begin":99999999999999999999}`, "1:22: begin is a whole number"},
		{`{"event":"a","begin":1,"end":9223372036854775807}`, "1:30: the number is too large"},
		{`{"may":["a"],"event":"a","begin":2}`, "1:8: may says what is pending: it stands with begin, without end and event"},
		{`{"may":"a","begin":2}`, "1:8: may is a list of strings"},
		{"{\"event\":\"a\",\"begin\":1,\"end\":1}\n" + ok, "2:10: begin and end are missing, which other lines have"},
		{"\x00\x01\x7fELF\n\xff\xfe\n", "1:1: this is no object of JSON: invalid character '\\x00' looking for beginning of value\n2:1: this is no UTF-8: a log is text, an object of JSON a line"},
		{`{"event":"` + strings.Repeat("a", 10<<20) + "\"}\n{", "1:1: the line has 10485772 bytes: at most 1048576 are read\n2:2: this is no object of JSON: it is not complete"},
		{strings.Repeat("[", 1000), `1:1: a line is an object of JSON: {"process": "worker 1", "event": "c.1"}`},
		{`{"event":` + strings.Repeat("[", 20000), "1:10008: this is no object of JSON: invalid character '[' exceeded max depth"},
	} {
		_, err := conform.Parse([]byte(tt.text))
		got := ""
		if err != nil {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%.40q: %s\nwant %s", tt.text, got, tt.want)
		}
	}
	if _, err := conform.Parse(bytes.Repeat([]byte("x\n"), 1_000_000)); len(err.(conform.Mistakes)) != 1000 {
		t.Errorf("%d mistakes", len(err.(conform.Mistakes)))
	}
}

// No text makes Parse panic, and what it reads is a log that can be checked.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"process":"p","event":"a","begin":1,"end":2}` + "\n" + `{"may":[],"begin":2}`))
	f.Add([]byte("\uFEFF{\"event\":\"a\"}\r\n"))
	f.Add([]byte("{\"event\":\"\xff\"}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		log, err := conform.Parse(in)
		if err != nil {
			for _, m := range err.(conform.Mistakes) {
				if m.At < 0 || m.At > len(in) || m.Line < 1 || m.Col < 1 {
					t.Errorf("a mistake at %+v", m)
				}
			}
			return
		}
		for _, e := range log.Entries {
			if e.Begin > e.End || (e.Event == "") != (e.End == conform.Pending) {
				t.Errorf("the entry %+v", e)
			}
		}
	})
}
