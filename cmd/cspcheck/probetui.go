package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	tea "charm.land/bubbletea/v2"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/render"
)

// probeTerminal is probe on a terminal.
func (a *app) probeTerminal(p *prober, process string) error {
	m := &probeModel{prober: p, title: shortName(process), colour: os.Getenv("NO_COLOR") == "", width: 80, height: 24}
	if err := m.look(); err != nil {
		return a.probeError("", err)
	}
	_, err := tea.NewProgram(m, tea.WithContext(a.ctx), tea.WithInput(a.stdin), tea.WithOutput(a.stdout)).Run()
	if m.broken != nil {
		return a.probeError("", m.broken)
	}
	if errors.Is(err, tea.ErrProgramKilled) && a.ctx.Err() != nil {
		return nil // by Ctrl-C
	}
	return err
}

// probeModel is the screen: where the prober stands, a chosen line, and a
// prompt for commands while one is written.
type probeModel struct {
	*prober
	title         string
	colour        bool
	width, height int

	seen   *probeView
	cursor int
	said   string // about the last command
	bad    bool   // it was a mistake
	prompt *string
	broken error // what ends the program

	cancel context.CancelFunc // of a command that is at work; nil: there is none
	typed  []tea.KeyPressMsg  // meanwhile
}

// A doneMsg says what came of a command.
type doneMsg struct {
	said string
	more bool
	err  error
}

func (m *probeModel) Init() tea.Cmd { return nil }

// look looks at where the prober stands now.
func (m *probeModel) look() error {
	v, err := m.view()
	if err != nil {
		return err
	}
	m.seen, m.cursor = v, 0
	for i, c := range v.Choices {
		if c.Ahead {
			m.cursor = i
		}
	}
	return nil
}

func (m *probeModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.width, m.height = msg.Width, msg.Height
	case doneMsg:
		return m.done(msg)
	case tea.PasteMsg:
		if m.prompt != nil {
			*m.prompt += strings.Join(strings.Fields(msg.Content), " ")
		}
	case tea.KeyPressMsg:
		return m.key(msg)
	}
	return m, nil
}

// key does what a key says or, while a command is at work, keeps it for later.
func (m *probeModel) key(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch key := msg.String(); {
	case m.cancel == nil && m.prompt != nil:
		return m.write(msg)
	case m.cancel == nil:
		return m.press(key)
	case key == "esc", key == "ctrl+c":
		m.cancel()
		m.typed = nil
	default:
		m.typed = append(m.typed, msg)
	}
	return m, nil
}

// typedAhead does what was typed while a command was at work.
func (m *probeModel) typedAhead() (tea.Model, tea.Cmd) {
	for len(m.typed) > 0 && m.cancel == nil {
		msg := m.typed[0]
		m.typed = m.typed[1:]
		if _, cmd := m.key(msg); cmd != nil {
			return m, cmd
		}
	}
	return m, nil
}

// press does what a key says.
func (m *probeModel) press(key string) (tea.Model, tea.Cmd) {
	last := len(m.seen.Choices) - 1
	switch key {
	case "q", "ctrl+c", "esc":
		return m, tea.Quit
	case "up", "k":
		m.cursor = max(m.cursor-1, 0)
	case "down", "j":
		m.cursor = max(min(m.cursor+1, last), 0)
	case "pgup":
		m.cursor = max(m.cursor-10, 0)
	case "pgdown":
		m.cursor = max(min(m.cursor+10, last), 0)
	case "enter", "space":
		return m.start(fmt.Sprint(m.cursor + 1))
	case "left", "b":
		return m.start("back")
	case "right", "f":
		return m.start("forward")
	case "home":
		return m.start("start")
	case "end":
		return m.start("end")
	case "r":
		return m.start("random")
	case "?", "h":
		m.said, m.bad = probeHelp, false
	case "u":
		return m.ask("until ")
	case "l":
		return m.ask("load ")
	case "s":
		return m.ask("save ")
	case ":":
		return m.ask("")
	case "1", "2", "3", "4", "5", "6", "7", "8", "9":
		if last >= 9 {
			return m.ask(key) // it may be the first digit of more
		}
		return m.start(key)
	}
	return m, nil
}

func (m *probeModel) ask(text string) (tea.Model, tea.Cmd) {
	m.prompt, m.said = &text, ""
	return m, nil
}

// write writes at the prompt.
func (m *probeModel) write(msg tea.KeyPressMsg) (tea.Model, tea.Cmd) {
	switch msg.String() {
	case "enter":
		line := *m.prompt
		m.prompt = nil
		if strings.TrimSpace(line) == "" {
			return m, nil
		}
		return m.start(line)
	case "esc", "ctrl+c":
		m.prompt = nil
	case "backspace":
		if r := []rune(*m.prompt); len(r) > 0 {
			*m.prompt = string(r[:len(r)-1])
		}
	default:
		*m.prompt += msg.Text
	}
	return m, nil
}

// start carries out a command aside: it may take its time, and meanwhile the
// screen goes on. Nothing else asks the System until it is done.
func (m *probeModel) start(line string) (tea.Model, tea.Cmd) {
	ctx, cancel := context.WithCancel(m.ctx)
	m.cancel, m.said = cancel, ""
	before := m.ctx
	return m, func() tea.Msg {
		defer cancel()
		m.prober.ctx = ctx
		said, more, err := m.do(ctx, line)
		m.prober.ctx = before
		return doneMsg{said, more, err}
	}
}

func (m *probeModel) done(msg doneMsg) (tea.Model, tea.Cmd) {
	m.cancel = nil
	if !msg.more {
		return m, tea.Quit
	}
	m.said, m.bad = msg.said, msg.err != nil
	if msg.err != nil {
		m.said = msg.err.Error()
		var l *explore.Limit
		if errors.As(msg.err, &l) {
			m.said = strings.Replace(": "+m.said, ": cancelled", ": stopped", 1)[2:] // it may say what was seen until then
		}
	}
	if err := m.look(); err != nil {
		m.broken = err
		return m, tea.Quit
	}
	return m.typedAhead()
}

func (m *probeModel) View() tea.View {
	v := tea.NewView(m.page())
	v.AltScreen = true
	return v
}

// page is the screen: title, components, choices, and at the bottom what was
// said, the prompt, or the keys. What has no room is counted.
func (m *probeModel) page() string {
	top := []string{m.in("1", m.title), m.seen.Head, ""}
	bottom := m.bottom()
	room := max(m.height-len(top)-len(bottom)-1, 2)
	components := m.components(room / 2)
	choices := m.choices(room - len(components))
	lines := append(append(append(top, components...), ""), choices...)
	for len(lines) < m.height-len(bottom) {
		lines = append(lines, "")
	}
	return strings.Join(append(lines, bottom...), "\n")
}

// in is text in a style, an ANSI escape's argument.
func (m *probeModel) in(style, text string) string {
	text = render.Short(text, max(m.width, 10))
	if !m.colour || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

func (m *probeModel) components(room int) []string {
	var out []string
	name := 0
	for _, c := range m.seen.Components {
		name = max(name, len([]rune(c.Name)))
	}
	for _, moved := range []bool{true, false} { // those that moved come first if there is no room for all
		for _, c := range m.seen.Components {
			if len(m.seen.Components) <= room && moved {
				continue
			}
			if c.State == "" || len(m.seen.Components) > room && c.Moved != moved {
				continue
			}
			style, mark := "2", " "
			if c.Moved {
				style, mark = "1", "*"
			}
			out = append(out, m.in(style, fmt.Sprintf("%s %-*s  %s", mark, name, c.Name, c.State)))
		}
	}
	if n := len(out) - room; n > 0 {
		out = append(out[:max(room-1, 0)], m.in("2", fmt.Sprintf("  … %d more components", n+1)))
	}
	return out
}

func (m *probeModel) choices(room int) []string {
	if len(m.seen.Choices) == 0 {
		out := []string{}
		for i, line := range m.seen.End {
			style := "0"
			if i == 0 {
				style = "1;31"
			}
			for _, part := range wrap(line, max(m.width, 10)) {
				out = append(out, m.in(style, part))
			}
		}
		return out[:min(len(out), room)]
	}
	event := 0
	for _, c := range m.seen.Choices {
		event = max(event, len([]rune(c.Event)))
	}
	from, to := 0, len(m.seen.Choices)
	if to > room {
		from = max(min(m.cursor-room/2, to-room), 0)
		to = from + room
	}
	var out []string
	for i := from; i < to; i++ {
		c := m.seen.Choices[i]
		mark, style := "  ", "0"
		if i == m.cursor {
			mark, style = "> ", "7"
		}
		line := fmt.Sprintf("%s%4d  %-*s  %s", mark, i+1, event, c.Event, c.Who)
		if c.Ahead {
			line += "  (ahead)"
		}
		out = append(out, m.in(style, strings.TrimRight(line, " ")))
	}
	return out
}

// wrap breaks a line at blanks.
func wrap(line string, width int) []string {
	var out []string
	for _, word := range strings.Fields(line) {
		if n := len(out) - 1; n >= 0 && len([]rune(out[n]))+1+len([]rune(word)) <= width {
			out[n] += " " + word
		} else {
			out = append(out, word)
		}
	}
	return out
}

func (m *probeModel) bottom() []string {
	switch {
	case m.cancel != nil:
		return []string{"", "working … esc stops"}
	case m.prompt != nil:
		return []string{"", ": " + render.Short(*m.prompt, max(m.width-4, 10)) + "▏"}
	}
	keys := "enter choose · ←/b back · →/f forward · r random · u until · l load · s save · : command · ? help · q quit"
	if m.width < 110 {
		keys = "enter choose  b back  f forward  r random  u until  l load  s save  ? help  q quit"
	}
	var out []string
	if m.said != "" {
		style := "32"
		if m.bad {
			style = "31"
		}
		for _, line := range strings.Split(m.said, "\n") {
			out = append(out, m.in(style, line))
		}
	}
	return append(append([]string{""}, out...), m.in("2", keys))
}
