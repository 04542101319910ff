package specs_test

import (
	"fmt"
	"testing"
)

// The systems of four scripts once more, written down in Go without any of
// ours: who is where, and what can happen. The counts must be the same.

// count explores the states that next leads to. Events are told apart by
// name, so that equal transitions count once.
func count[S comparable](start S, next func(S, func(event string, to S))) size {
	type edge struct {
		event string
		to    S
	}
	var n size
	seen, todo := map[S]bool{start: true}, []S{start}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		edges := map[edge]bool{}
		next(s, func(event string, to S) {
			edges[edge{event, to}] = true
			if !seen[to] {
				seen[to] = true
				todo = append(todo, to)
			}
		})
		n.transitions += len(edges)
		if len(edges) == 0 {
			n.deadlocks++
		}
	}
	n.states = len(seen)
	return n
}

// A table: how far each philosopher is with his meal, and who has each fork,
// by number from 1, or 0.
type table struct{ at, fork [8]int }

// A bite is what a philosopher does next: he picks or puts a fork, 0 being
// the one on his right, or he sits or rises.
type bite struct {
	name string
	fork int
}

var (
	righty = []bite{{"picks", 0}, {"picks", 1}, {"puts", 1}, {"puts", 0}}
	lefty  = []bite{{"picks", 1}, {"picks", 0}, {"puts", 0}, {"puts", 1}}
	guest  = []bite{{"sits", 0}, {"picks", 0}, {"picks", 1}, {"puts", 1}, {"puts", 0}, {"rises", 0}}
)

// dine returns what can happen at a table of n, whose philosopher i eats as
// meal(i) says.
func dine(n int, meal func(i int) []bite) func(table, func(string, table)) {
	return func(s table, do func(string, table)) {
		seated := 0
		for i := range n {
			if s.at[i] > 0 {
				seated++
			}
		}
		for i := range n {
			b := meal(i)[s.at[i]]
			to, f := s, (i+b.fork)%n
			to.at[i] = (s.at[i] + 1) % len(meal(i))
			switch b.name {
			case "picks":
				if s.fork[f] != 0 {
					continue
				}
				to.fork[f] = i + 1
			case "puts":
				to.fork[f] = 0
			case "sits":
				if seated == n-1 {
					continue
				}
			}
			do(fmt.Sprint(b.name, i, f), to)
		}
	}
}

func TestPhilosophersByHand(t *testing.T) {
	for n := 2; n <= 6; n++ {
		for _, tt := range []struct {
			process string
			meal    func(i int) []bite
		}{
			{"TABLE", func(int) []bite { return righty }},
			{"ONE_LEFT", func(i int) []bite {
				if i == 0 {
					return lefty
				}
				return righty
			}},
			{"SERVED", func(int) []bite { return guest }},
		} {
			if tt.process == "SERVED" && n > 5 {
				continue // 21 194 states, which take their time
			}
			got := measure(t, "philosophers.csp", fmt.Sprint("N=", n), tt.process)
			if want := count(table{}, dine(n, tt.meal)); got != want {
				t.Errorf("%s of %d: %v, want %v", tt.process, n, got, want)
			}
		}
	}
}

// The scheduler: what each cell waits for.
type ring [12]byte

const (
	turn      = iota // its turn
	start            // to start its task
	tell             // to tell the next
	end              // the end of its task
	endToTurn        // the end of its task, when it is its turn already
)

func TestMilnerByHand(t *testing.T) {
	for n := 2; n <= 8; n++ {
		var first ring
		first[0] = start
		want := count(first, func(s ring, do func(string, ring)) {
			for i := range n {
				to, next := s, (i+1)%n
				switch s[i] {
				case start:
					to[i] = tell
					do(fmt.Sprint("start", i), to)
				case tell:
					to[i] = end
					switch s[next] {
					case turn:
						to[next] = start
					case end:
						to[next] = endToTurn
					default:
						continue
					}
					do(fmt.Sprint("turn", next), to)
				case end:
					to[i] = turn
					do(fmt.Sprint("end", i), to)
				case endToTurn:
					to[i] = start
					do(fmt.Sprint("end", i), to)
				}
			}
		})
		if got := measure(t, "milner.csp", fmt.Sprint("N=", n), "SCHEDULER"); got != want {
			t.Errorf("%d cells: %v, want %v", n, got, want)
		}
	}
}

// The alternating bit protocol. A message is its kind and its bit; the line
// is empty or has one, the line back is empty or has a bit.
type message struct{ bit, kind int }

type abp struct {
	sender   string // "input", "send", "ack"
	sending  message
	receiver string // "deliver", "output", "reply"
	received message
	bit      int // the receiver's
	lineFull bool
	line     message
	backFull bool
	back     int
	kinds    int
}

func (s abp) next(do func(string, abp)) {
	switch s.sender {
	case "input":
		for x := range s.kinds {
			to := s
			to.sender, to.sending.kind = "send", x
			do(fmt.Sprint("input", x), to)
		}
	case "send":
		if !s.lineFull {
			to := s
			to.sender, to.lineFull, to.line = "ack", true, s.sending
			do(fmt.Sprint("send", s.sending), to)
		}
	case "ack":
		to := s
		to.sender = "send"
		do("timeout", to)
		if s.backFull {
			to := s
			to.backFull, to.back = false, 0
			if s.back == s.sending.bit {
				to.sender, to.sending = "input", message{1 - s.sending.bit, 0}
			}
			do(fmt.Sprint("ack", s.back), to)
		}
	}
	switch s.receiver {
	case "deliver":
		if s.lineFull {
			to := s
			to.lineFull, to.line = false, message{}
			if s.line.bit == s.bit {
				to.receiver, to.received.kind = "output", s.line.kind
			} else {
				// He will answer with the bit that he has answered with before:
				// from here on it is as if he had just put the message out.
				to.receiver, to.bit = "reply", 1-s.bit
			}
			do(fmt.Sprint("deliver", s.line), to)
		}
	case "output":
		to := s
		to.receiver, to.received.kind = "reply", 0
		do(fmt.Sprint("output", s.received.kind), to)
	case "reply":
		if !s.backFull {
			to := s
			to.receiver, to.backFull, to.back, to.bit = "deliver", true, s.bit, 1-s.bit
			do(fmt.Sprint("reply", s.bit), to)
		}
	}
	if s.lineFull {
		to := s
		to.lineFull, to.line = false, message{}
		do("lose", to)
	}
	if s.backFull {
		to := s
		to.backFull, to.back = false, 0
		do("lose", to)
	}
}

func TestABPByHand(t *testing.T) {
	for d := 1; d <= 5; d++ {
		got := measure(t, "abp.csp", fmt.Sprint("D=", d), "PROTOCOL")
		if want := count(abp{sender: "input", receiver: "deliver", kinds: d}, abp.next); got != want {
			t.Errorf("%d kinds of message: %v, want %v", d, got, want)
		}
	}
}

// Peterson's processes: the level that each is on its way to, n being the
// critical section, and what it does next there; and the variables.
type climbers struct {
	to, step    [4]int
	level, last [4]int
}

// next is what they do. Unseen, all of it but enter and leave.
func (s climbers) next(n int, turn bool, do func(string, climbers)) {
	for i := range n {
		to, l := s, s.to[i]
		to.step[i]++
		switch {
		case l == n && s.step[i] == 0:
			do(fmt.Sprint("enter", i), to)
		case l == n && s.step[i] == 1:
			do(fmt.Sprint("leave", i), to)
		case l == n:
			to.level[i], to.to[i], to.step[i] = 0, 1, 0
			do("", to)
		case s.step[i] == 0:
			to.level[i] = l
			do("", to)
		case s.step[i] == 1:
			to.last[l] = i
			do("", to)
		default: // looks at the others in turn, after step 1
			up := to
			up.to[i], up.step[i] = l+1, 0
			other := s.step[i] - 2
			if other >= i {
				other++
			}
			if s.level[other] < l {
				if s.step[i] == n {
					to = up
				}
				do("", to)
			}
			if turn && s.last[l] != i {
				do("", up)
			}
		}
	}
}

func TestPetersonByHand(t *testing.T) {
	for n := 2; n <= 3; n++ {
		for process, turn := range map[string]bool{"PETERSON(Right)": true, "PETERSON(NoTurn)": false} {
			start := climbers{to: [4]int{1, 1, 1, 1}}
			want := count(start, func(s climbers, do func(string, climbers)) { s.next(n, turn, do) })
			if got := measure(t, "peterson.csp", fmt.Sprint("N=", n), process); got != want {
				t.Errorf("%s of %d: %v, want %v", process, n, got, want)
			}
		}
	}
}
