package checkpoint

import "os"

// Try reports whether a file could be written there, and leaves what is there.
// What is no regular file is not written over.
func Try(file string) error {
	file, err := place(file)
	if err != nil {
		return err
	}
	_, err = os.Stat(file + beside)
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
