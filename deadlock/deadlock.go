// Package deadlock asks the questions: can a process deadlock, can it
// diverge, and their relatives. One question a file.
//
// A question takes an explore.System, and searches its states breadth first.
// The answer is a Verdict: Holds is a proof over all reachable states, Fails
// comes with a counterexample, and a search that was cut short is Unknown
// with the limit that it hit. An error means that there is no answer because
// of a mistake in what the System was made from.
//
// The same system gets the same counterexample every time, the earliest in
// breadth-first order; each question says what that means for it.
//
// To read the code, start at Free in free.go.
package deadlock
