// Package lts holds operations on labelled transition systems as such: what
// makes of one system another that is equal to it in some sense.
//
// Normal makes a specification deterministic, as far as it is asked for.
// Minimise merges the states of a machine that are strongly bisimilar.
//
// To read the code, start at Normal in normal.go; bisim.go stands by itself.
package lts
