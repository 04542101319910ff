package process

import "github.com/cspcheck/cspcheck/model"

// Termination is an event, in the reading of Hoare (1985) and of FDR: ✓ is
// done by a process and its environment together like any other event, can
// be refused, and comes last. Parallel operands do it together. After it
// there is Ω. The other reading, of later textbooks, would change this file
// and no other.

// skip: SKIP -✓-> Ω
func (x *stepper) skip() { x.add(model.Tick, endsAll) }

// tick adds what follows when operand i has a ✓, its k-th transition:
//
//	P ; Q                          -τ-> Q
//	any parallel of operands       -✓-> Ω  if all of them have a ✓
//	every other operator           -✓-> Ω
func (x *stepper) tick(i, k int) {
	switch {
	case x.t.Op == Seq:
		x.add(model.Tau, 1, move{0, int32(k)})
	case x.t.Op.parallel():
		if i == 0 {
			x.joint(model.Tick, k, x.everyone())
		}
	default:
		x.add(model.Tick, endsAll, move{int32(i), int32(k)})
	}
}
