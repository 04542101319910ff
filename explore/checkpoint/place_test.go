package checkpoint

import (
	"os"
	"path/filepath"
	"testing"
)

// A file is replaced as a whole, and nothing else ever is.
func TestOnlyFilesAreReplaced(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	if err := os.Mkdir(at("folder"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(at("beside"+beside), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at("file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for link, to := range map[string]string{"link": "file", "further": "link", "astray": "none", "out": "folder", "round": "round"} {
		if err := os.Symlink(to, at(link)); err != nil {
			t.Skip("there are no symbolic links here: ", err)
		}
	}
	for _, tt := range []struct{ name, want string }{
		{"file", ""},
		{"new", ""},
		{"link", ""},
		{"further", ""},
		{"astray", "write " + at("astray") + ": the symbolic link leads to no file"},
		{"round", "write " + at("round") + ": the symbolic link leads to no file"},
		{"folder", "write " + at("folder") + ": a directory is there, not a file"},
		{"out", "write " + at("out") + ": a directory is there, not a file"},
		{"beside", "write " + at("beside"+beside) + ": a directory is there, not a file"},
	} {
		before, _ := os.Lstat(at(tt.name))
		for what, do := range map[string]func(string) error{"try": Try, "write": func(file string) error { return Write(file, func(*Writer) {}) }} {
			got := ""
			if err := do(at(tt.name)); err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("%s %s: %q, want %q", what, tt.name, got, tt.want)
			}
		}
		if after, _ := os.Lstat(at(tt.name)); before != nil && after.Mode() != before.Mode() {
			t.Errorf("%s was %v, and is %v", tt.name, before.Mode(), after.Mode())
		}
	}
}
