package lts_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/explore/lts"
	"github.com/cspcheck/cspcheck/model"
	"github.com/cspcheck/cspcheck/model/modeltest"
)

// machine reads "s a t, t b s": the transitions s -a-> t and t -b-> s. The
// first state is the initial one; a state alone has no transitions.
func machine(t *testing.T, text string) *model.Machine {
	t.Helper()
	b := model.NewMachine("M", model.NewEvents())
	for i, edge := range strings.Split(text, ", ") {
		f := strings.Fields(edge)
		if i == 0 {
			b.Initial(f[0])
		}
		b.State(f[0])
		if len(f) == 3 {
			b.On(f[0], f[1], f[2])
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func always(*lts.Normal) error { return nil }

// normal makes the normal form of m and writes down all of its nodes, each as
// {members} [acceptance|acceptance]: event>node. A member is a state's name.
func normal(t *testing.T, m *model.Machine, keep lts.Keep) string {
	t.Helper()
	n, err := lts.NewNormal(explore.Machine(m), keep, always)
	if err != nil {
		return err.Error()
	}
	names := func(es []model.Event) string {
		var out []string
		for _, e := range es {
			out = append(out, m.Events().Name(e))
		}
		return strings.Join(out, " ")
	}
	var lines []string
	for x := lts.Node(0); int(x) < n.Len(); x++ {
		var states, acceptances, steps []string
		for _, s := range n.Members(x) {
			states = append(states, m.StateName(model.State(n.Words(s)[0])))
		}
		for _, a := range n.Acceptances(x) {
			acceptances = append(acceptances, names(a))
		}
		initials, err := n.Initials(x, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range initials {
			y, err := n.After(x, e)
			if err != nil {
				return err.Error()
			}
			if again, err := n.After(x, e); again != y || err != nil {
				t.Errorf("event %d leads to %d, and then to %d, %v", e, y, again, err)
			}
			steps = append(steps, fmt.Sprintf("%s>%d", names([]model.Event{e}), y))
		}
		slices.Sort(states)
		line := "{" + strings.Join(states, " ") + "}"
		if n.Diverges(x) {
			line = "diverges"
		} else if keep != lts.Traces {
			line += " [" + strings.Join(acceptances, "|") + "]"
		}
		if len(steps) > 0 {
			line += " " + strings.Join(steps, " ")
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, ", ")
}

func TestNormal(t *testing.T) {
	for _, tt := range []struct {
		name, machine, want string
		keep                lts.Keep
	}{
		{"a state by itself", "s", "{s}", lts.Traces},
		{"a cycle", "s a t, t b s", "{s} a>1, {t} b>0", lts.Traces},
		{"two ways by one event", "s a t, s a u, t b s, u c s", "{s} a>1, {t u} b>0 c>0", lts.Traces},
		{"τ belongs to the node", "s τ t, t τ u, t a s, u b t", "{s t u} a>0 b>1, {t u} a>0 b>1", lts.Traces},
		{"✓ is an event", "s ✓ e, s a s", "{s} ✓>1 a>0, {e}", lts.Traces},

		{"what a stable state offers", "s a t, s ✓ e, t", "{s} [✓ a] ✓>1 a>2, {e} [], {t} []", lts.Failures},
		{"minimal acceptances", "s τ t, s τ u, s τ v, t a x, u a x, u b x, v c x", "{s t u v} [a|c] a>1 b>1 c>1, {x} []", lts.Failures},
		{"a smaller one that comes later", "s τ t, s τ u, t a x, t b x, u b x", "{s t u} [b] a>1 b>1, {x} []", lts.Failures},
		{"the same twice", "s τ t, s τ u, t a x, u a x", "{s t u} [a] a>1, {x} []", lts.Failures},
		{"no stable state accepts nothing", "s τ s, s a t, t", "{s} [] a>1, {t} []", lts.Failures},

		{"a divergence has nothing after it", "s a t, t τ t, t b s", "{s} [a] a>1, diverges", lts.Divergences},
		{"all divergences are one", "s a t, s b u, t τ t, u τ v, v τ u, u a s", "{s} [a b] a>1 b>1, diverges", lts.Divergences},
		{"what leads there by τ diverges", "s a t, t τ u, u τ v, v τ v, t a s", "{s} [a] a>1, diverges", lts.Divergences},
		{"one state of several is enough", "s a t, s a u, t τ t, u a s", "{s} [a] a>1, diverges", lts.Divergences},
		{"two ways by τ don't", "s τ t, s τ u, t τ v, u τ v, v a s", "{s t u v} [a] a>0", lts.Divergences},
		{"at once", "s τ s, s a t", "diverges", lts.Divergences},
		{"settled before", "s a t, t τ u, u a s, s b v, v τ u, v τ t", "{s} [a b] a>1 b>2, {t u} [a] a>0, {t u v} [a] a>0", lts.Divergences},
	} {
		if got := normal(t, machine(t, tt.machine), tt.keep); got != tt.want {
			t.Errorf("%s: %s\n%s, want\n%s", tt.name, tt.machine, got, tt.want)
		}
	}
}

// After every trace of a random machine, up to the first divergence where it
// counts, the node stands for the very states that the definition has, and
// says of what may follow what the definition says.
func TestNormalMeansAllStatesAfterATrace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := modeltest.Pairs(8, 3).Draw(t, "pair").Impl
		p := modeltest.NewProcess(m)
		keep := rapid.SampledFrom([]lts.Keep{lts.Traces, lts.Failures, lts.Divergences}).Draw(t, "keep")
		n, err := lts.NewNormal(explore.Machine(m), keep, always)
		if err != nil {
			t.Fatal(err)
		}
		x, trace := lts.Node(0), ""
		for {
			if keep == lts.Divergences && p.HasDivergence(trace) != n.Diverges(x) {
				t.Fatalf("after <%s> diverges: %v", trace, n.Diverges(x))
			}
			if n.Diverges(x) {
				if !n.Accepts(x, nil) {
					t.Errorf("after the divergence <%s> not everything is accepted", trace)
				}
				return
			}
			var at modeltest.States
			for _, s := range n.Members(x) {
				at |= 1 << n.Words(s)[0]
			}
			if want := p.After(trace); at != want {
				t.Fatalf("after <%s> states %b, want %b", trace, at, want)
			}
			offered := rapid.SliceOfDistinct(rapid.SampledFrom(slices.Collect(modeltest.Visible(m.Events()))), rapid.ID).Draw(t, "offered")
			var offers modeltest.Set
			for _, e := range offered {
				offers |= 1 << e
			}
			if want := p.HasFailure(trace, offers.Refusal(m.Events())); keep != lts.Traces && n.Accepts(x, offered) != want {
				t.Errorf("after <%s> it accepts %b: %v", trace, offers, !want)
			}
			e := rapid.SampledFrom(slices.Collect(modeltest.Visible(m.Events()))).Draw(t, "event")
			trace += modeltest.Trace(m.Events().Name(e))
			if x, err = n.After(x, e); err != nil {
				t.Fatal(err)
			}
			if (x == lts.Broken) == p.HasTrace(trace) {
				t.Fatalf("<%s> leads to node %d", trace, x)
			}
			if x == lts.Broken {
				return
			}
		}
	})
}

// More nodes, events and acceptances than fit in any table at first.
func TestNormalOfALargeMachine(t *testing.T) {
	const states, events = 150, 90
	table := model.NewEvents()
	b := model.NewMachine("M", table)
	b.States(states)
	b.Start(0)
	for i := range events {
		table.Event(fmt.Sprint("e", i))
	}
	for s := range model.State(states) {
		for i := range model.Event(events) {
			b.Add(s, 2+i, (s*7+model.State(i)+1)%states)
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	n, err := lts.NewNormal(explore.Machine(m), lts.Failures, always)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from the table
		for x := lts.Node(0); int(x) < n.Len(); x++ {
			s := n.Words(n.Members(x)[0])[0]
			for i := range model.Event(events) {
				y, err := n.After(x, 2+i)
				if err != nil {
					t.Fatal(err)
				}
				if got, want := n.Words(n.Members(y)[0])[0], (s*7+uint64(i)+1)%states; got != want {
					t.Fatalf("state %d leads to %d by event %d, want %d", s, got, i, want)
				}
			}
		}
	}
	if got, want := n.String(), "150 nodes of 150 states"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	all := slices.Collect(modeltest.Visible(table))[1:] // but ✓
	if a := n.Acceptances(0); len(a) != 1 || !slices.Equal(a[0], all) {
		t.Errorf("acceptances %v", a)
	}
	if !n.Accepts(0, all) || n.Accepts(0, all[1:]) || n.Accepts(0, all[:events-1]) || n.Accepts(0, nil) {
		t.Error("not just all events are accepted")
	}
	unknown := table.Event("unknown")
	if !n.Accepts(0, append(all, unknown)) {
		t.Error("one event more is not accepted")
	}
	if y, err := n.After(0, unknown); y != lts.Broken || err != nil {
		t.Errorf("an unknown event leads to %d, %v", y, err)
	}
}

// A chain has states 0 to end, each with a τ to the next, and then a to
// itself. In state fails there is an error.
type chain struct {
	events     *model.Events
	end, fails uint64
}

var errChain = errors.New("head of <>")

func (x chain) Events() *model.Events { return x.events }
func (x chain) Width() int            { return 1 }
func (x chain) Initial([]uint64) error {
	if x.fails == 0 {
		return errChain
	}
	return nil
}
func (x chain) Successors(s []uint64, out *explore.Steps) error {
	switch s[0] {
	case x.fails:
		return errChain
	case x.end:
		out.Add(2, s[0])
		out.Add(3, s[0]+1)
	default:
		out.Add(model.Tau, s[0]+1)
	}
	return nil
}

func TestErrorsOfTheSystem(t *testing.T) {
	events := model.NewEvents()
	events.Event("a")
	events.Event("b")
	for _, keep := range []lts.Keep{lts.Traces, lts.Failures, lts.Divergences} {
		for _, fails := range []uint64{0, 1, 5} {
			if _, err := lts.NewNormal(chain{events, 5, fails}, keep, always); err != errChain {
				t.Errorf("keeping %d, state %d fails: %v", keep, fails, err)
			}
		}
		n, err := lts.NewNormal(chain{events, 5, 6}, keep, always)
		if err != nil {
			t.Fatal(err)
		}
		if x, err := n.After(0, 2); err != nil || x == lts.Broken {
			t.Errorf("keeping %d: a leads to %d, %v", keep, x, err)
		}
		if x, err := n.After(0, 3); err != errChain {
			t.Errorf("keeping %d: b leads to %d, %v", keep, x, err)
		}
	}
}

// Check is asked for every node, and in between where a node is large.
func TestNormalAsksWhetherToGoOn(t *testing.T) {
	events := model.NewEvents()
	events.Event("a")
	stop := errors.New("no more")
	for _, tt := range []struct {
		keep  lts.Keep
		end   uint64
		allow int // so many checks
		want  error
	}{
		{lts.Traces, 5, 0, stop},
		{lts.Traces, 5, 1, nil},
		{lts.Traces, 3000, 2, stop},
		{lts.Traces, 3000, 3, nil},
	} {
		asked := 0
		_, err := lts.NewNormal(chain{events, tt.end, 1 << 40}, tt.keep, func(*lts.Normal) error {
			if asked++; asked > tt.allow {
				return stop
			}
			return nil
		})
		if err != tt.want {
			t.Errorf("keeping %d of %d states: %v after %d checks, want %v", tt.keep, tt.end, err, asked, tt.want)
		}
	}
}

// Long chains of τ are looked through without recursion.
func TestDivergenceOfALongChain(t *testing.T) {
	events := model.NewEvents()
	events.Event("a")
	n, err := lts.NewNormal(chain{events, 200_000, 1 << 40}, lts.Divergences, always)
	if err != nil || n.Diverges(0) || n.States() < 200_000 {
		t.Errorf("diverges %v of %d states, %v", n.Diverges(0), n.States(), err)
	}
}
