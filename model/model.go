// Package model describes what is explored: events, state machines over
// them, and networks of machines. It is plain data and does no search.
//
// Events numbers the events by their names; after that there are only small
// integers. A Machine is an explicit labelled transition system in flat
// arrays. NewMachine makes one by hand, state by state, and Build says all
// that is wrong with it at once. An Alphabet is a set of visible events.
//
// A Network is machines that move together by rules. NewNetwork makes one of
// a Process: a term of CSP over machines, written with Par, Hide, ExtChoice
// and so on, one function for each operator.
//
// What is built is read-only from then on, and may be shared by goroutines.
//
// To read the code, start at Machine in machine.go, and for
// networks at Network in network.go and NewNetwork in build_network.go.
package model
