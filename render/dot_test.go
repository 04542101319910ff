package render

import (
	"bytes"
	"testing"
)

func TestDOT(t *testing.T) {
	for _, s := range stories() {
		var path, waits bytes.Buffer
		if err := PathDOT(&path, s.ce); err != nil {
			t.Fatal(err)
		}
		if err := WaitsDOT(&waits, s.ce); err != nil {
			t.Fatal(err)
		}
		golden(t, s.name+".path.dot", path.Bytes())
		golden(t, s.name+".waits.dot", waits.Bytes())
		if s.ce.Spec == nil {
			continue
		}
		var spec bytes.Buffer
		if err := SpecDOT(&spec, s.ce); err != nil {
			t.Fatal(err)
		}
		golden(t, s.name+".spec.dot", spec.Bytes())
	}
}
