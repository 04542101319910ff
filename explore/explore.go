// Package explore visits the reachable states of a transition system.
//
// A System says where to start and what can happen next. Run visits each
// state once, breadth first, and tells a visitor: the first state that a
// visitor stops at is a nearest one, and Path gives a shortest way there.
// A search that is cut short returns a *Limit that says why, with what was
// seen until then; it never passes for a finished one.
//
// The store is exact. A state costs 8 bytes for each of its words, 4 for its
// parent, and 5 to 8 in a large table, or 7 to 16 if it has at most 58 bits: then
// the table is exact by itself, and a look into it reads one place in memory.
// There are no pointers, and no allocation for each state.
//
// Machine and Network make Systems of what package model describes.
//
// Counterexample is what the questions (package deadlock) and the pictures
// (package render) share; Explain makes its story from a path.
//
// To read the code, start at Run in run.go.
package explore
