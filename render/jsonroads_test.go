package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// doubling is a counterexample whose steps have twice as many others each as the
// one before.
func doubling(steps int) string {
	var b strings.Builder
	b.WriteString(`{"version": 2, "implementation_behaviour": {"steps": [{"others": [{"event": "a", "to": -1}]}`)
	for i := range steps {
		fmt.Fprintf(&b, `, {"others": [{"from": 0, "count": %d}, {"from": 0, "count": %d}]}`, 1<<i, 1<<i)
	}
	b.WriteString(`]}}`)
	return b.String()
}

// Whatever the roads are, what refers to the step before is read back.
func TestShortenedRoads(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		branch := rapid.Custom(func(t *rapid.T) Branch {
			return Branch{Event: rapid.SampledFrom([]string{"", "a", "τ"}).Draw(t, "event"), Hidden: rapid.SampledFrom([]string{"", "a"}).Draw(t, "hidden"), To: rapid.IntRange(-1, 1).Draw(t, "to")}
		})
		want := rapid.SliceOfN(rapid.SliceOfN(branch, 0, 12), 0, 6).Draw(t, "others")
		var b Behaviour
		for _, others := range want {
			b.Steps = append(b.Steps, Step{Others: slices.Clone(others)})
		}
		b.shorten()
		text, err := json.Marshal(b)
		if err != nil {
			t.Fatal(err)
		}
		var read Behaviour
		if err := json.Unmarshal(text, &read); err != nil {
			t.Fatal(err)
		}
		got, err := read.lengthened()
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
			t.Errorf("%s\n-want +got\n%s", text, d)
		}
	})
}

// 10 000 steps of 200 components with 200 roads not taken each, which took
// 160 MB, are read back from a file that can be kept.
func TestJSONOfACrowd(t *testing.T) {
	ce := crowd(10000, 200)
	var b bytes.Buffer
	if err := JSON(&b, ce); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes", b.Len())
	if b.Len() > 10<<20 {
		t.Errorf("%d bytes", b.Len())
	}
	got, err := ReadJSON(&b)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(ce, got) {
		t.Error("it is another one")
	}
}

// Laid out, it is the same JSON.
func TestWriteJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var value func(depth int) any
		value = func(depth int) any {
			switch rapid.IntRange(0, 8-2*min(depth, 2)).Draw(t, "kind") {
			case 0:
				return rapid.String().Draw(t, "string")
			case 1:
				return rapid.Float64Range(-1e9, 1e9).Draw(t, "number")
			case 2:
				return rapid.SampledFrom([]any{nil, true, false, `"\`, "a: [b, {c}]", strings.Repeat("long ", 40)}).Draw(t, "other")
			case 3, 4, 5:
				list := []any{}
				for range rapid.IntRange(0, 4).Draw(t, "length") {
					list = append(list, value(depth+1))
				}
				return list
			}
			m := map[string]any{}
			for range rapid.IntRange(0, 4).Draw(t, "members") {
				m[rapid.String().Draw(t, "key")] = value(depth + 1)
			}
			return m
		}
		v := value(0)
		var laidOut, compact bytes.Buffer
		if err := WriteJSON(&laidOut, v, false); err != nil {
			t.Fatal(err)
		}
		if err := json.Compact(&compact, laidOut.Bytes()); err != nil {
			t.Fatalf("%v\n%s", err, &laidOut)
		}
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(compact.String()) != strings.TrimSpace(want.String()) {
			t.Errorf("%s\nis not\n%s", &compact, &want)
		}
	})
	var b bytes.Buffer
	v := map[string]any{"one": map[string]int{"a": 1}, "steps": []any{map[string]any{"event": "a", "parts": []int{1, 2}}, []int{}, strings.Repeat("x", 130)}}
	if err := WriteJSON(&b, v, false); err != nil {
		t.Fatal(err)
	}
	want := `{
  "one": {
    "a": 1
  },
  "steps": [
    {"event": "a", "parts": [1, 2]},
    [],
    "` + strings.Repeat("x", 130) + `"
  ]
}
`
	if b.String() != want {
		t.Errorf("%s", &b)
	}
}
