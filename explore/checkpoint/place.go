package checkpoint

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// place returns where a file is, to be replaced as a whole: a symbolic link stays
// one, and the file that it leads to is replaced. It is an *fs.PathError if there
// is something else there than a file, such as a device, a directory or a pipe,
// or a link that leads nowhere.
func place(file string) (string, error) {
	at := file
	if info, err := os.Lstat(file); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		if at, err = filepath.EvalSymlinks(file); err != nil {
			return "", &fs.PathError{Op: "write", Path: file, Err: errors.New("the symbolic link leads to no file")}
		}
	}
	for _, name := range []string{at, at + beside} {
		info, err := os.Lstat(name)
		if err != nil || info.Mode().IsRegular() {
			continue // there is none yet, or writing it fails and says why
		}
		if name == at {
			name = file
		}
		return "", &fs.PathError{Op: "write", Path: name, Err: errors.New(kind(info.Mode()) + " is there, not a file")}
	}
	return at, nil
}

// kind says what is no regular file.
func kind(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "a directory"
	case m&fs.ModeDevice != 0:
		return "a device"
	case m&fs.ModeNamedPipe != 0:
		return "a pipe"
	case m&fs.ModeSocket != 0:
		return "a socket"
	case m&fs.ModeSymlink != 0:
		return "a symbolic link"
	}
	return "something else"
}
