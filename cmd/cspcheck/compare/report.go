package main

import (
	"context"
	"fmt"
	"slices"
	"text/tabwriter"
)

// rows returns those that are asked for.
func (b *bench) rows(all []row, sizes ...string) (rows []*row, err error) {
	for i := range all {
		if r := &all[i]; slices.Contains(sizes, r.size) && b.models.MatchString(r.model) {
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		err = fmt.Errorf("there is no model %q of size %q", b.models, sizes)
	}
	return rows, err
}

// A pair is what came of one run of each.
type pair struct {
	ours, spin cost
	bare       float64 // keys a CPU second
}

// compare prints a line for each row.
func (b *bench) compare(ctx context.Context, all []row) error {
	rows, err := b.rows(all, b.size)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%d runs of each, in turn; transitions per CPU second, in millions; median (least to most)\n", b.runs)
	fmt.Fprintln(b.out, "process: of the whole process, its start included; search: of the search alone; table: the search's, of the keys a CPU second of a bare table")
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "model\tstates\ttransitions\tcspcheck process\tsearch\tSPIN\tcspcheck/SPIN\ttable\tB/state cspcheck\tits store\tSPIN\t")
	for _, r := range rows {
		pairs, err := b.pairs(ctx, r)
		if err != nil {
			return err
		}
		b.line(w, r, pairs)
	}
	return w.Flush()
}

// pairs runs all in turn.
func (b *bench) pairs(ctx context.Context, r *row) ([]pair, error) {
	pan, stack := "", 4*r.states+1000 // more than there is on a path: some steps take several places
	var err error
	if b.spin {
		if pan, err = b.buildPan(ctx, r); err == nil {
			_, stack, err = b.spins(ctx, r, pan, stack) // as deep as it does
		}
		if err != nil {
			return nil, err
		}
	}
	var pairs []pair
	for range b.runs {
		var p pair
		if p.ours, err = b.ours(ctx, r); err != nil {
			return nil, err
		}
		if b.spin {
			if p.spin, _, err = b.spins(ctx, r, pan, stack); err != nil {
				return nil, err
			}
		}
		if p.bare, err = bareRate(ctx, r.states); err != nil {
			return nil, err
		}
		pairs = append(pairs, p)
	}
	return pairs, nil
}

func (b *bench) line(w *tabwriter.Writer, r *row, pairs []pair) {
	const million = 1e6
	t := float64(r.transitions)
	all := func(f func(p pair) float64) []float64 {
		var out []float64
		for _, p := range pairs {
			out = append(out, f(p))
		}
		return out
	}
	rate := func(seconds float64) float64 { return t / max(seconds, 1e-6) }
	mid := func(f func(p pair) float64) string { return fmt.Sprintf("%.2f", median(all(f))) }
	each := func(f func(p pair) int64) string {
		return fmt.Sprintf("%.1f", median(all(func(p pair) float64 { return float64(f(p)) / float64(r.states) })))
	}
	spin, ratio, spinBytes := "", "", ""
	if b.spin {
		spin = mid(func(p pair) float64 { return rate(p.spin.cpu) / million })
		ratio = spread(all(func(p pair) float64 { return p.spin.cpu / p.ours.cpu }), "%.2f")
		spinBytes = each(func(p pair) int64 { return p.spin.resident })
	}
	fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", r.model, r.states, r.transitions,
		mid(func(p pair) float64 { return rate(p.ours.cpu) / million }),
		mid(func(p pair) float64 { return rate(p.ours.explore) / million }),
		spin, ratio,
		spread(all(func(p pair) float64 { return 100 * rate(p.ours.explore) / p.bare }), "%.0f%%"),
		each(func(p pair) int64 { return p.ours.resident }),
		fmt.Sprintf("%.1f", median(all(func(p pair) float64 { return p.ours.store }))), spinBytes)
}

// growth prints, for each model and size, what a transition costs, and how
// that is to what it costs at the size before.
func (b *bench) growth(ctx context.Context, all []row) error {
	rows, err := b.rows(all, "growing", "medium", "large")
	if err != nil {
		return err
	}
	fmt.Fprintf(b.out, "%d runs of each; CPU time of the search; median (least to most); in brackets: by that of the size before\n", b.runs)
	w := tabwriter.NewWriter(b.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "model\tsize\tstates\ttransitions\tns/transition\t\tB/transition of the store\t\tB/transition resident\t\t")
	slices.SortStableFunc(rows, func(x, y *row) int {
		return slices.Index(modelsOf(rows), x.model) - slices.Index(modelsOf(rows), y.model)
	})
	var model string
	var before [3]float64
	for _, r := range rows {
		var times []float64
		var c cost
		for range b.runs {
			if c, err = b.ours(ctx, r); err != nil {
				return err
			}
			times = append(times, c.explore*1e9/float64(r.transitions))
		}
		t := float64(r.transitions)
		now := [3]float64{median(times), c.store * float64(r.states) / t, float64(c.resident) / t}
		var by [3]string
		for i := range by {
			if model == r.model {
				by[i] = fmt.Sprintf("(%.2f)", now[i]/before[i])
			}
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\t%s\t%.2f\t%s\t%.2f\t%s\t\n", r.model, r.size, r.states, r.transitions,
			spread(times, "%.0f"), by[0], now[1], by[1], now[2], by[2])
		model, before = r.model, now
	}
	return w.Flush()
}

// modelsOf returns the models of rows, in the order in which they come first.
func modelsOf(rows []*row) (models []string) {
	for _, r := range rows {
		if !slices.Contains(models, r.model) {
			models = append(models, r.model)
		}
	}
	return models
}

// median returns the middle one, or the mean of the two.
func median(xs []float64) float64 {
	s := slices.Sorted(slices.Values(xs))
	n := len(s)
	return (s[(n-1)/2] + s[n/2]) / 2
}

// spread writes the median, the least and the most.
func spread(xs []float64, format string) string {
	return fmt.Sprintf(format+" ("+format+" to "+format+")", median(xs), slices.Min(xs), slices.Max(xs))
}
