package explore

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/cspcheck/cspcheck/explore/checkpoint"
)

// This file keeps what has come of the parts of a question that are over, in
// the files of the search that is going on: they are not done again.

// An outcome is what a part of a question came to, as JSON.
type outcome struct {
	name string
	text []byte
}

// noSearch is the name of the search in a file that has none.
const noSearch = ""

// Known reads what a part of the question came to, if that was over before the
// question was resumed. The error is a *checkpoint.Error. A nil Checkpoint knows
// nothing.
func (c *Checkpoint) Known(name string, result any) (bool, error) {
	if c == nil {
		return false, nil
	}
	if err := c.open(); err != nil {
		return false, err
	}
	i := slices.IndexFunc(c.outcomes, func(o outcome) bool { return o.name == name })
	if i < 0 {
		return false, nil
	}
	if err := json.Unmarshal(c.outcomes[i].text, result); err != nil {
		if c.Resume == nil {
			return false, err
		}
		c.Resume.Fail("what %s came to cannot be read", name)
		return false, c.Resume.Err()
	}
	return true, nil
}

// Note keeps what a part of the question came to, and writes a file, unless
// that would take the place of a search from which another part is to go on.
// Nothing of what comes may depend on what a System has learnt in that part: it
// is not asked again.
func (c *Checkpoint) Note(name string, result any) error {
	if c == nil {
		return nil
	}
	text, err := json.Marshal(result)
	if err != nil {
		return err
	}
	c.outcomes = append(c.outcomes, outcome{name, text})
	if c.Resume != nil {
		return nil
	}
	err = c.Write(func(w *checkpoint.Writer) {
		c.save(w)
		w.Section("search")
		w.Text(noSearch)
	})
	if err != nil && c.Wrote != nil {
		c.Wrote(0, err)
	}
	return nil
}

// save writes the outcomes.
func (c *Checkpoint) save(w *checkpoint.Writer) {
	w.Section("outcomes")
	w.Int(len(c.outcomes))
	for _, o := range c.outcomes {
		w.Text(o.name)
		w.Bytes(o.text)
	}
}

// open reads the outcomes, and of which search the rest of the file is.
func (c *Checkpoint) open() error {
	from := c.Resume
	if from == nil || c.opened {
		return nil
	}
	c.opened = true
	from.Section("outcomes")
	for n := from.Int(); n > 0 && from.Err() == nil; n-- {
		c.outcomes = append(c.outcomes, outcome{from.Text(), from.Bytes()})
	}
	from.Section("search")
	c.at = from.Text()
	if from.Err() == nil && c.at == noSearch {
		c.Resume = nil
		return errors.Join(from.Err(), from.Close())
	}
	return from.Err()
}
