package explore

import (
	"crypto/rand"
	"os"
	"path/filepath"
)

// deleteOnClose is FILE_FLAG_DELETE_ON_CLOSE of CreateFile.
const deleteOnClose = 0x04000000

// makeScratch makes a file in a directory, which goes with its handle.
func makeScratch(dir string) (scratch, error) {
	name := filepath.Join(dir, scratchName+rand.Text())
	return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL|deleteOnClose, 0o600)
}
