package explore

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
)

// What parts of a question came to is known when it is resumed, with and without
// a search behind them.
func TestOutcomesAreKnown(t *testing.T) {
	type came struct {
		To    string
		Times int
	}
	file := filepath.Join(t.TempDir(), "search")
	write := func(search func(*checkpoint.Writer)) error { return checkpoint.Write(file, search) }
	resumed := func() *Checkpoint {
		t.Helper()
		r, err := checkpoint.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		return &Checkpoint{Write: write, Resume: r}
	}
	knows := func(c *Checkpoint, name string, want came) {
		t.Helper()
		var got came
		if known, err := c.Known(name, &got); err != nil || known != (want != came{}) || got != want {
			t.Errorf("%s came to %+v, %v, %v, not %+v", name, got, known, err, want)
		}
	}
	note := func(c *Checkpoint, name string, what came) {
		t.Helper()
		if err := c.Note(name, what); err != nil {
			t.Fatal(err)
		}
	}
	first := &Checkpoint{Write: write}
	knows(first, "one", came{})
	note(first, "one", came{"an end", 1})

	second := resumed()
	knows(second, "one", came{"an end", 1})
	knows(second, "two", came{})
	note(second, "two", came{"nothing", 2})
	sys := narrowCube{hypercube{8, 2, 1 << 60}}
	if _, err := RunKept(t.Context(), sys, Limits{States: 100, Checkpoint: second}, (&listener{}).visitor()); err == nil || !second.Left {
		t.Fatalf("%v; it is in the file: %v", err, second.Left)
	}

	third := resumed()
	knows(third, "two", came{"nothing", 2})
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	note(third, "three", came{"more", 3})
	if after, _ := os.ReadFile(file); string(after) != string(before) {
		t.Error("the search that is to go on is no longer in the file")
	}
	v, visits := (&listener{}).visitor(), 0
	visit := v.Visit
	v.Visit = func(x *Visit) bool { visits++; return visit(x) }
	s, err := RunKept(t.Context(), sys, Limits{Checkpoint: third}, v)
	if err != nil || s.States != 256 || visits == 0 || visits == 256 {
		t.Errorf("%d states, %d of them told of now, %v", s.States, visits, err)
	}
	var none *Checkpoint
	knows(none, "one", came{})
	note(none, "one", came{"nothing", 1})
}

// What cannot be read is refused.
func TestOutcomesThatAreNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "search")
	c := &Checkpoint{Write: func(search func(*checkpoint.Writer)) error { return checkpoint.Write(file, search) }}
	if err := c.Note("one", "text"); err != nil {
		t.Fatal(err)
	}
	r, err := checkpoint.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	if known, err := (&Checkpoint{Resume: r}).Known("one", &number); known || err == nil {
		t.Errorf("a text is known as the number %d, %v", number, err)
	}
}
