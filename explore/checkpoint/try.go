package checkpoint

import "os"

// Try reports whether a file could be written there, and leaves what is there.
func Try(file string) error {
	_, err := os.Stat(file + beside)
	f, failed := os.OpenFile(file+beside, os.O_WRONLY|os.O_CREATE, 0o666)
	if failed != nil {
		return failed
	}
	f.Close()
	if err != nil { // it was not there before
		return os.Remove(file + beside)
	}
	return nil
}
