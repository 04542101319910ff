//go:build race

package main

// raced says that races are looked for, which takes several times the memory.
const raced = true
