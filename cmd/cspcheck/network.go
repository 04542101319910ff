package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/spf13/cobra"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// networking is the flags of network.
type networking struct {
	settings
	out    string
	format string
	group  string
	only   string
}

// How components are put together to groups.
const (
	groupAuto = "auto" // if there are more than mostComponents
	groupYes  = "yes"
	groupNo   = "no"
)

const (
	mostComponents = 40  // drawn each by itself, unless --group no
	mostDrawn      = 250 // boxes and links; above, a picture is neither quick nor readable
)

func (a *app) networkCmd() *cobra.Command {
	n := &networking{}
	cmd := &cobra.Command{
		Use:   "network FILE PROCESS",
		Short: "Write the network graph of a process: its components and the channels they share",
		Long: `Write who communicates with whom in a process: its components, the channels
that they share, and what each does by itself; hidden channels dashed. As DOT
(.dot), as a picture (.svg, or .png if Graphviz is installed) or as JSON
(.json). Without -o it goes to standard output, as DOT unless --format says
otherwise.

Nothing is searched: a channel is shared if both sides know of it, whether
they ever use it or not. Of more than 40 components, those of one family, such
as PHIL(0) and PHIL(1), are drawn as one; --group no draws each by itself, and
JSON has each by itself unless --group yes says otherwise.`,
		Example: "  cspcheck network -o table.svg specs/philosophers.csp SERVED",
		Args:    needs(2, 2, "FILE PROCESS"),
		RunE: func(_ *cobra.Command, args []string) error {
			format, err := formatOf(n.format, n.out, networkFormats)
			if err != nil {
				return err
			}
			if !slices.Contains([]string{groupAuto, groupYes, groupNo}, n.group) {
				return fmt.Errorf("--group %s: it is auto, yes or no", n.group)
			}
			n.format = format
			return a.network(n, args[0], args[1])
		},
	}
	f := cmd.Flags()
	f.StringVarP(&n.out, "output", "o", "", "the `FILE` to write; its ending is the format")
	f.StringVar(&n.format, "format", "", "dot, svg, png or json")
	f.StringVar(&n.group, "group", groupAuto, "draw components of one family as one: auto, yes or no")
	f.StringVar(&n.only, "only", "", "only the components whose names match `REGEXP`, and those that share a channel with them")
	n.addSet(f)
	n.addStats(f)
	f.StringVar(&n.maxMemory, "max-memory", "80%", "stop when the program holds this much memory; 0: no limit")
	f.DurationVar(&n.timeout, "timeout", 0, "stop after this time, such as 90s; 0: no limit")
	return cmd
}

func (a *app) network(n *networking, path, process string) error {
	var only *regexp.Regexp
	if n.only != "" {
		var err error
		if only, err = regexp.Compile(n.only); err != nil {
			return fmt.Errorf("--only: %v", err)
		}
	}
	net, err := a.components(&n.settings, path, process)
	if net == nil {
		return err
	}
	a.watch.begin(explore.Telling)
	defer func() { a.tellStats(&n.settings, process, explore.Stats{}) }()
	all := len(net.Components)
	if only != nil {
		if net = net.Near(only.MatchString); len(net.Components) == 0 {
			return fmt.Errorf("--only %s: none of the %d components matches", n.only, all)
		}
	}
	if n.group == groupYes || n.group == groupAuto && n.format != "json" && len(net.Components) > mostComponents {
		net = net.Grouped()
	}
	if size := len(net.Components) + len(net.Links); isPicture(n.format) && size > mostDrawn {
		a.complain(&explore.Limit{Reason: fmt.Sprintf("%s and %s are too many for a picture: draw those of one family as one with --group yes, some of them with --only, or write .dot or .json",
			plural(int64(len(net.Components)), "component"), plural(int64(len(net.Links)), "link"))})
		return nil
	}
	b, err := await(a, func() (*bytes.Buffer, error) {
		var b bytes.Buffer
		if n.format == "json" {
			return &b, render.NetworkJSON(&b, net)
		}
		return &b, a.draw(&b, n.format, n.out, func(w io.Writer) error { return render.NetworkDOT(w, net) })
	})
	switch {
	case err == nil:
		return a.writeFile(b, n.out)
	case a.ctx.Err() != nil:
		return explore.Cancelled(a.ctx)
	}
	return err
}

// components returns the network of a process; errors have been reported if it
// is nil.
func (a *app) components(s *settings, path, process string) (*render.Network, error) {
	limits, options, err := a.limitsAndOptions(s)
	if err != nil {
		return nil, err
	}
	script, errs := a.load(path, options)
	if errs != nil {
		a.complain(errs)
		return nil, nil
	}
	a.watch.task()
	net, err := await(a, func() (*render.Network, error) {
		sys, err := script.Parts(a.ctx, limits, process)
		if err != nil {
			return nil, err
		}
		shares, err := sys.Shares()
		if err != nil {
			return nil, err
		}
		var leaves []int
		var names []string
		for i, p := range sys.Places() {
			if p.Leaf {
				leaves = append(leaves, i)
				names = append(names, p.Name)
			}
		}
		return render.NewNetwork(process, leaves, names, shares), nil
	})
	if err != nil {
		a.complain(err)
	}
	return net, nil
}
