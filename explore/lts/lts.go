// Package lts holds operations on labelled transition systems as such: what
// makes of one system another that is equal to it in some sense.
//
// Normal makes a specification deterministic, as far as it is asked for.
//
// The others are CSPM's compressions. Each makes of a machine one that has
// the same traces, stable failures, and failures and divergences:
//
//	Explicate  what can be reached of it
//	Bisim      one state for those that are strongly bisimilar
//	TauLoops   one state for those on a loop of τ
//	DBisim     one state for those that are delay bisimilar
//	WBisim     one state for those that are weakly bisimilar
//	Diamond    τ only where it makes a choice
//	Normalise  deterministic, but for such τ; may become exponentially larger
//
// The machine comes out of the same bytes for the same machine put in: its
// states are those that can be reached, numbered breadth first from the
// initial one, 0, and have no names. What takes long asks check now and then
// whether to go on, and gives up with its error; that is the only one.
//
// To read the code, start at Normal in normal.go, or at TauLoops in
// tauloops.go; bisim.go stands by itself.
package lts
