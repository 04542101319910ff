package process

import (
	"slices"

	"github.com/cspcheck/cspcheck/model"
)

// The rules are those of FDR's operational semantics (Roscoe, "Understanding
// Concurrent Systems", 2010, chapter 9), with the event reading of ✓
// (tick.go). α stands for any event, a for a visible one that is not ✓.

func (x *stepper) step() {
	t := x.t
	switch t.Op {
	case Stop, Omega:
		// no transitions
	case Skip:
		x.skip()
	case Div:
		// DIV -τ-> DIV
		x.add(model.Tau, staysOn)
	case Prefix:
		// e -> P -e-> P, for each event of the prefix
		branches := t.leaf.(Offer).Branches()
		x.space.Spend(8 * len(branches))
		x.trans = slices.Grow(x.trans, len(branches))
		for _, b := range branches {
			x.trans = append(x.trans, Trans{Event: b.Event, To: b.To, becomes: follows})
		}
	case Explicit:
		x.explicit()
	case ExtChoice:
		x.extChoice()
	case IntChoice:
		// P1 |~| ... |~| Pn -τ-> Pi
		for i := range t.Kids {
			x.add(model.Tau, int32(i))
		}
	case Slide, Slides:
		x.slide()
	case Seq:
		x.seq()
	case Interrupt:
		x.interrupt()
	case Throw:
		x.throw()
	case Throws:
		x.throws()
	case Hide:
		x.hide()
	case Rename:
		x.rename()
	case Par:
		x.par()
	case AlphaPar:
		x.alphaPar()
	case Link:
		x.link()
	case SyncChoice:
		x.syncChoice()
	case SyncInterrupt:
		x.syncInterrupt()
	case Prioritise:
		x.prioritise()
	case Chase:
		x.chase()
	default:
		panic("process: no rule for " + t.Op.String())
	}
}

// extChoice:
//
//	P -τ-> P'           ⟹  P [] Q -τ-> P' [] Q
//	P -α-> P', α ≠ τ    ⟹  P [] Q -α-> P'            and likewise for Q
func (x *stepper) extChoice() {
	if x.t.nests() && x.nested() {
		return
	}
	for i := range x.t.Kids {
		for k, tr := range x.kid(i) {
			switch tr.Event {
			case model.Tau:
				x.stays(model.Tau, i, k)
			case model.Tick:
				x.tick(i, k)
			default:
				x.resolves(i, k)
			}
		}
	}
}

// slide:
//
//	P -τ-> P'           ⟹  P [> Q -τ-> P' [> Q
//	P -α-> P', α ≠ τ    ⟹  P [> Q -α-> P'
//	                        P [> Q -τ-> Q
func (x *stepper) slide() {
	for k, tr := range x.kid(0) {
		switch tr.Event {
		case model.Tau:
			x.stays(model.Tau, 0, k)
		case model.Tick:
			x.tick(0, k)
		default:
			x.resolves(0, k)
		}
	}
	if x.t.Op == Slides {
		x.chain(x.t.Kids[1])
		return
	}
	x.add(model.Tau, 1)
}

// seq:
//
//	P -α-> P', α ≠ ✓    ⟹  P ; Q -α-> P' ; Q
//	P -✓->              ⟹  P ; Q -τ-> Q
func (x *stepper) seq() {
	for k, tr := range x.kid(0) {
		if tr.Event == model.Tick {
			x.tick(0, k)
		} else {
			x.stays(tr.Event, 0, k)
		}
	}
}

// interrupt:
//
//	P -α-> P', α ≠ ✓    ⟹  P /\ Q -α-> P' /\ Q
//	P -✓->              ⟹  P /\ Q -✓-> Ω
//	Q -τ-> Q'           ⟹  P /\ Q -τ-> P /\ Q'
//	Q -α-> Q', α ≠ τ    ⟹  P /\ Q -α-> Q'
func (x *stepper) interrupt() {
	for k, tr := range x.kid(0) {
		if tr.Event == model.Tick {
			x.tick(0, k)
		} else {
			x.stays(tr.Event, 0, k)
		}
	}
	for k, tr := range x.kid(1) {
		switch tr.Event {
		case model.Tau:
			x.stays(model.Tau, 1, k)
		case model.Tick:
			x.tick(1, k)
		default:
			x.resolves(1, k)
		}
	}
}

// throw:
//
//	P -a-> P', a ∈ A    ⟹  P [|A|> Q -a-> Q
//	P -α-> P', α ∉ A    ⟹  P [|A|> Q -α-> P' [|A|> Q      (α ≠ ✓)
//	P -✓->              ⟹  P [|A|> Q -✓-> Ω
func (x *stepper) throw() {
	for k, tr := range x.kid(0) {
		switch {
		case tr.Event == model.Tick:
			x.tick(0, k)
		case tr.Event != model.Tau && x.t.args.set.Contains(tr.Event):
			x.add(tr.Event, 1, move{0, int32(k)})
		default:
			x.stays(tr.Event, 0, k)
		}
	}
}

// throws, the [|A|> being numbered from inside:
//
//	P -a-> P', a ∈ Ai and no Aj with j > i    ⟹  P [|A1|> Q1 ... [|An|> Qn -a-> Qi [|Ai+1|> ... [|An|> Qn
//	P -α-> P', α in none of them              ⟹  P [|A1|> Q1 ... -α-> P' [|A1|> Q1 ...      (α ≠ ✓)
//	P -✓->                                    ⟹  P [|A1|> Q1 ... -✓-> Ω
func (x *stepper) throws() {
	for k, tr := range x.kid(0) {
		var by *layer
		if tr.Event > model.Tick {
			by = x.t.args.layers.last(tr.Event)
		}
		switch {
		case tr.Event == model.Tick:
			x.tick(0, k)
		case by != nil:
			x.add(tr.Event, follows, move{0, int32(k)})
			x.trans[len(x.trans)-1].To = by.after()
		default:
			x.stays(tr.Event, 0, k)
		}
	}
}

// hide:
//
//	P -a-> P', a ∈ A    ⟹  P \ A -τ-> P' \ A
//	P -α-> P', α ∉ A    ⟹  P \ A -α-> P' \ A              (α ≠ ✓)
//	P -✓->              ⟹  P \ A -✓-> Ω
func (x *stepper) hide() {
	for k, tr := range x.kid(0) {
		switch {
		case tr.Event == model.Tick:
			x.tick(0, k)
		case tr.Event != model.Tau && x.t.args.set.Contains(tr.Event):
			x.stays(model.Tau, 0, k)
		default:
			x.stays(tr.Event, 0, k)
		}
	}
}

// rename, an event on no left side being tied to itself:
//
//	P -τ-> P'           ⟹  P[[R]] -τ-> P'[[R]]
//	P -a-> P', a R b    ⟹  P[[R]] -b-> P'[[R]]            for every such b
//	P -✓->              ⟹  P[[R]] -✓-> Ω
func (x *stepper) rename() {
	for k, tr := range x.kid(0) {
		switch tr.Event {
		case model.Tau:
			x.stays(model.Tau, 0, k)
		case model.Tick:
			x.tick(0, k)
		default:
			images := x.t.args.rel.Images(tr.Event)
			for _, b := range images {
				x.stays(b, 0, k)
			}
			if len(images) == 0 {
				x.stays(tr.Event, 0, k)
			}
		}
	}
}

// par:
//
//	Pi -α-> Pi', α ∉ A             ⟹  [|A|] P -α-> that one moved     (α ≠ ✓)
//	Pi -a-> Pi' for all i, a ∈ A   ⟹  [|A|] P -a-> all moved
//	Pi -✓-> for all i              ⟹  [|A|] P -✓-> Ω
func (x *stepper) par() {
	for i := range x.t.Kids {
		for k, tr := range x.kid(i) {
			switch {
			case tr.Event == model.Tick:
				x.tick(i, k)
			case tr.Event != model.Tau && x.t.args.set.Contains(tr.Event):
				if i == 0 {
					x.joint(tr.Event, k, x.everyone())
				}
			default:
				x.stays(tr.Event, i, k)
			}
		}
	}
}

// alphaPar:
//
//	Pi -τ-> Pi'                              ⟹  || P -τ-> that one moved
//	Pi -a-> Pi' for all i such that a ∈ Ai,
//	and there is one                         ⟹  || P -a-> those moved
//	Pi -✓-> for all i                        ⟹  || P -✓-> Ω
func (x *stepper) alphaPar() {
	for i := range x.t.Kids {
		for k, tr := range x.kid(i) {
			switch tr.Event {
			case model.Tau:
				x.stays(model.Tau, i, k)
			case model.Tick:
				x.tick(i, k)
			default:
				// It stands with its first participant.
				if who := x.space.who(x.t.args, tr.Event); len(who) > 0 && int(who[0]) == i {
					x.joint(tr.Event, k, who)
				}
			}
		}
	}
}

// link, R pairing the events ai of P with bi of Q:
//
//	P -ai-> P' and Q -bi-> Q'                ⟹  P [R] Q -τ-> P' [R] Q'
//	P -α-> P', α no ai                       ⟹  P [R] Q -α-> P' [R] Q     (α ≠ ✓)
//	Q -α-> Q', α no bi                       ⟹  P [R] Q -α-> P [R] Q'     (α ≠ ✓)
//	P -✓-> and Q -✓->                        ⟹  P [R] Q -✓-> Ω
func (x *stepper) link() {
	for k, tr := range x.kid(0) {
		switch tr.Event {
		case model.Tau:
			x.stays(model.Tau, 0, k)
		case model.Tick:
			x.tick(0, k)
		default:
			partners := x.t.args.rel.Images(tr.Event)
			if len(partners) == 0 {
				x.stays(tr.Event, 0, k)
			}
			for _, b := range partners {
				for _, j := range x.space.having(x.t.Kids[1], b, nil) {
					x.add(model.Tau, staysOn, move{0, int32(k)}, move{1, j})
				}
			}
		}
	}
	inverse := x.t.args.rel.Inverse()
	for k, tr := range x.kid(1) {
		switch {
		case tr.Event == model.Tick:
			x.tick(1, k)
		case tr.Event == model.Tau || len(inverse.Images(tr.Event)) == 0:
			x.stays(tr.Event, 1, k)
		}
	}
}

// syncChoice:
//
//	P -τ-> P'                      ⟹  P [+A+] Q -τ-> P' [+A+] Q     and likewise for Q
//	P -a-> P', Q -a-> Q', a ∈ A    ⟹  P [+A+] Q -a-> P' [+A+] Q'
//	P -α-> P', α ∉ A ∪ {τ}         ⟹  P [+A+] Q -α-> P'             and likewise for Q
func (x *stepper) syncChoice() {
	if x.t.nests() && x.nested() {
		return
	}
	for i := range x.t.Kids {
		for k, tr := range x.kid(i) {
			switch {
			case tr.Event == model.Tau:
				x.stays(model.Tau, i, k)
			case tr.Event == model.Tick:
				x.tick(i, k)
			case x.t.args.set.Contains(tr.Event):
				if i == 0 {
					x.joint(tr.Event, k, x.everyone())
				}
			default:
				x.resolves(i, k)
			}
		}
	}
}

// syncInterrupt:
//
//	P -a-> P', Q -a-> Q', a ∈ A    ⟹  P /+A+\ Q -a-> P' /+A+\ Q'
//	P -α-> P', α ∉ A ∪ {✓}         ⟹  P /+A+\ Q -α-> P' /+A+\ Q
//	P -✓->                         ⟹  P /+A+\ Q -✓-> Ω
//	Q -τ-> Q'                      ⟹  P /+A+\ Q -τ-> P /+A+\ Q'
//	Q -α-> Q', α ∉ A ∪ {τ}         ⟹  P /+A+\ Q -α-> Q'
func (x *stepper) syncInterrupt() {
	for k, tr := range x.kid(0) {
		switch {
		case tr.Event == model.Tick:
			x.tick(0, k)
		case tr.Event != model.Tau && x.t.args.set.Contains(tr.Event):
			x.joint(tr.Event, k, x.everyone())
		default:
			x.stays(tr.Event, 0, k)
		}
	}
	for k, tr := range x.kid(1) {
		switch {
		case tr.Event == model.Tau:
			x.stays(model.Tau, 1, k)
		case tr.Event == model.Tick:
			x.tick(1, k)
		case !x.t.args.set.Contains(tr.Event):
			x.resolves(1, k)
		}
	}
}

// prioritise:
//
//	P -α-> P', no P -β-> with β above α    ⟹  prioritise(P) -α-> prioritise(P')    (α ≠ ✓)
//	P -✓->, no P -β-> with β above ✓       ⟹  prioritise(P) -✓-> Ω
func (x *stepper) prioritise() {
	x.space.onlySound(x.t.Kids[0], "prioritise")
	enabled := x.kid(0)
	givesWay := givesWay(x.t.priority(), enabled)
	for k, tr := range enabled {
		switch {
		case givesWay(tr.Event):
		case tr.Event == model.Tick:
			x.tick(0, k)
		default:
			x.stays(tr.Event, 0, k)
		}
	}
}

// chase, the operand being stable: see Space.State.
//
//	P -α-> P', P' -τ-> ... -τ-> P'' -τ/->    ⟹  chase(P) -α-> chase(P'')           (α ≠ ✓)
//	P -✓->                                   ⟹  chase(P) -✓-> Ω
func (x *stepper) chase() {
	x.space.onlySound(x.t.Kids[0], "chase")
	for k, tr := range x.kid(0) {
		if tr.Event == model.Tick {
			x.tick(0, k)
		} else {
			x.stays(tr.Event, 0, k)
		}
	}
}
