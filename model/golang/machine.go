package golang

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model"
)

// Most is how many states a machine of this package may have.
const Most = model.Most

// checkTransitions refuses machines that are large although they have few states.
func checkTransitions(kind, name string, n int) error {
	if n > 4*Most {
		return fmt.Errorf("%s %s has %d transitions, more than %d: give it fewer values", kind, name, n, 4*Most)
	}
	return nil
}

// Names of events of the machines, behind the machine's name and a dot, as in
// the script specs/lib/go.csp. Those that stand for a panic begin with
// panicking.
const (
	panicking = "panic."

	sendOnClosed  = panicking + "sendOnClosed"
	closeOfClosed = panicking + "closeOfClosed"
	closeOfNil    = panicking + "closeOfNil"
	notLocked     = panicking + "notLocked"
	notRLocked    = panicking + "notRLocked"
	negative      = panicking + "negative"
	reused        = panicking + "reused"
	notHeld       = panicking + "notHeld"
)
