package main

import (
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/xeipuuv/gojsonschema"
)

// The schema as the makers of SARIF publish it: of npm's
// @microsoft/jest-sarif 1.0.0-beta.0, under the MIT license.
var sarifSchema = sync.OnceValues(func() (*gojsonschema.Schema, error) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		return nil, err
	}
	return gojsonschema.NewSchema(gojsonschema.NewBytesLoader(text))
})

// schemaFile is absolute, for tests change the directory.
var schemaFile = func() string {
	dir, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	return dir + "/testdata/sarif-2.1.0-rtm.5.json"
}()

// validSARIF reports whether a document is SARIF by the schema.
func validSARIF(t *testing.T, doc string) bool {
	t.Helper()
	schema, err := sarifSchema()
	if err != nil {
		t.Fatal(err)
	}
	result, err := schema.Validate(gojsonschema.NewStringLoader(doc))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range result.Errors() {
		t.Log(e)
	}
	return result.Valid()
}

// What tests look at in a log.
type (
	readRun struct {
		ColumnKind string
		Tool       struct {
			Driver struct{ Rules []struct{ ID string } }
		}
		Results []readResult
	}
	readResult struct {
		RuleID        string
		RuleIndex     int
		Level, Kind   string
		BaselineState string
		Message       struct{ Text string }
		Locations     []readLocation
		Related       []readLocation `json:"relatedLocations"`
	}
	readLocation struct {
		Message  struct{ Text string }
		Physical struct {
			Artifact struct{ URI string } `json:"artifactLocation"`
			Region   struct{ StartLine, StartColumn, EndLine, EndColumn int }
		} `json:"physicalLocation"`
	}
)

// readSARIF returns the one run of a log.
func readSARIF(t *testing.T, doc string) *readRun {
	t.Helper()
	var log struct{ Runs []readRun }
	if err := json.Unmarshal([]byte(doc), &log); err != nil || len(log.Runs) != 1 {
		t.Fatal(err, doc)
	}
	return &log.Runs[0]
}

// lines are the results, each with its places.
func (run *readRun) lines(t *testing.T) []string {
	t.Helper()
	var lines []string
	for _, r := range run.Results {
		if r.Message.Text == "" || run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%+v", r)
		}
		line := r.RuleID
		for _, l := range append(r.Locations, r.Related...) {
			p := l.Physical
			line += fmt.Sprintf(" %s:%d:%d-%d:%d", p.Artifact.URI, p.Region.StartLine, p.Region.StartColumn, p.Region.EndLine, p.Region.EndColumn)
		}
		lines = append(lines, line)
	}
	return lines
}
