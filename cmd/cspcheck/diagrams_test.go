package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// consumer is a program that reads what we write. Where it cannot be had the
// test is skipped, but fails on a build server that has not said so.
func consumer(t *testing.T, name string) string {
	t.Helper()
	exe, err := exec.LookPath(name)
	switch {
	case err == nil:
	case os.Getenv("CI") != "" && os.Getenv("CSPCHECK_WITHOUT") == "":
		t.Fatalf("%s is not there", name)
	default:
		t.Skipf("%s is not there", name)
	}
	return exe
}

// drawn are the sequence diagrams of package render's stories, hostile names
// among them, by file.
func drawn(t *testing.T, suffix string) (files, texts []string) {
	t.Helper()
	files, err := filepath.Glob("../../render/testdata/*" + suffix)
	if err != nil || len(files) < 10 {
		t.Fatalf("%d diagrams, %v", len(files), err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return files, texts
}

// Mermaid takes every diagram for one of sequences.
func TestMermaidReadsEveryDiagram(t *testing.T) {
	files, texts := drawn(t, ".mermaid")
	for i, kind := range parseMermaid(t, texts) {
		if kind != "sequence" {
			t.Errorf("%s is %s", files[i], kind)
		}
	}
}

// PlantUML draws every diagram, and shows every name and event as it is,
// whatever it might read into it, with the number of its step.
func TestPlantUMLDrawsEveryDiagram(t *testing.T) {
	exe := consumer(t, "plantuml")
	files, texts := drawn(t, ".plantuml")
	broken := "@startuml\ntitle nothing\nautonumber\n@enduml\n" // a diagram of nothing
	pictures := plantUML(t, exe, append(slices.Clone(texts), broken))
	for i, p := range pictures {
		failed := slices.Contains(p, "Syntax Error?")
		if i == len(texts) {
			if !failed {
				t.Errorf("PlantUML draws nothing, and does not complain: %q", p)
			}
			continue
		}
		if failed {
			t.Errorf("PlantUML does not read %s: %q", files[i], p)
			continue
		}
		for _, want := range shownBy(texts[i]) {
			k := slices.Index(p, want)
			if k < 0 {
				t.Errorf("%s: %q is not in its picture: %q", files[i], want, p)
				continue
			}
			p = slices.Delete(p, k, k+1)
		}
	}
}

// plantUML returns the texts of each picture.
func plantUML(t *testing.T, exe string, diagrams []string) [][]string {
	t.Helper()
	const between = "\n--next--\n"
	cmd := exec.Command(exe, "-charset", "UTF-8", "-tsvg", "-pipe", "-pipedelimitor", strings.TrimSpace(between))
	cmd.Stdin = strings.NewReader(strings.Join(diagrams, ""))
	cmd.Env = append(os.Environ(), "JAVA_TOOL_OPTIONS=-Djava.awt.headless=true -Duser.home="+t.TempDir())
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run() // with a status, as one of them is wrong
	parts := strings.Split(strings.TrimSpace(out.String()), strings.TrimSpace(between))
	parts = parts[:len(parts)-1]
	if len(parts) != len(diagrams) {
		t.Fatalf("%d pictures of %d diagrams: %v\n%s", len(parts), len(diagrams), err, &complaint)
	}
	var all [][]string
	for _, svg := range parts {
		var texts []string
		in := false
		for d := xml.NewDecoder(strings.NewReader(svg)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			switch x := token.(type) {
			case xml.StartElement:
				in = x.Name.Local == "text"
			case xml.EndElement:
				in = false
			case xml.CharData:
				if in {
					texts = append(texts, strings.ReplaceAll(string(x), "\u00a0", " "))
				}
			}
		}
		all = append(all, texts)
	}
	return all
}

var (
	escape   = regexp.MustCompile(`<U\+([0-9A-F]{4,6})>`)
	lifeline = regexp.MustCompile(`^participant "(.*)" as c\d+$`)
	number   = regexp.MustCompile(`^autonumber (\d+|stop)$`)
	arrow    = regexp.MustCompile(`^c\d+ <?--?> c\d+ : (.*)$`)
)

// shownBy is what a reader of a diagram is to see: names, and the numbers and
// the texts of arrows.
func shownBy(diagram string) []string {
	plain := func(s string) string {
		return escape.ReplaceAllStringFunc(s, func(e string) string {
			r, err := strconv.ParseInt(e[3:len(e)-1], 16, 32)
			if err != nil {
				panic(err)
			}
			return string(rune(r))
		})
	}
	var out []string
	next := 0
	for _, line := range strings.Split(diagram, "\n") {
		if m := lifeline.FindStringSubmatch(line); m != nil {
			out = append(out, plain(m[1]))
		} else if m := number.FindStringSubmatch(line); m != nil {
			next, _ = strconv.Atoi(m[1])
		} else if m := arrow.FindStringSubmatch(line); m != nil {
			out = append(out, plain(m[1]))
			if next > 0 {
				out = append(out, strconv.Itoa(next))
				next++
			}
		}
	}
	return out
}
