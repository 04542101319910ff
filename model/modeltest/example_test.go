package modeltest_test

import (
	"fmt"

	"github.com/cspcheck/cspcheck/model/modeltest"
)

// A drawn term, what it can do by the firing rules, and the network that
// package model makes of it. In a property test, Draw stands for Example.
func ExampleTerms() {
	t := modeltest.Terms(1).Example(6)
	fmt.Println(t)
	fmt.Println(t.Graph(100))
	n, err := t.Network()
	fmt.Println(n, err)
	// Output:
	// /\{
	// > 0: a -> 0, a -> 1, b -> 0;  1: ✓ -> 3, b -> 2;  2: a -> 1;  3:;  4:;,
	// > 0: b -> 1;  1:;  2:;  3:;  4:;}
	// [[{2 0} {2 1} {3 0} {3 2}] [{1 3} {3 4} {3 2}] [] [] [{2 1} {3 2}]] true
	// 0 /\ (3)
	// 1 M (5)
	// 2 M (5)
	// ✓: /\.✓ of P M.✓ reset M M
	// a: /\.in P M.a
	// b: /\.in P M.b
	// b: /\.to Q M.b reset M
	//  <nil>
}

// A program, as reports show it.
func ExamplePrograms() {
	fmt.Println(modeltest.Programs(2, 2).Example(61))
	// Output:
	// program drawn
	// var a = make(chan 0..2, 1)
	// func f1() {
	// }
	// func main() {
	// 	go f1()
	// 	a <- 2
	// 	step main.1
	// }
}
