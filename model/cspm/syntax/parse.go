package syntax

import (
	"fmt"
	"path/filepath"
	"sort"
)

// Bounds. They keep every stage after this one off the end of Go's stack.
const (
	maxSource   = 32 << 20 // bytes, all files of a script together
	maxNesting  = 20_000   // brackets, bodies and operands inside each other
	maxHeight   = 100_000  // of the tree of a declaration; chains count here
	maxIncludes = 1_000    // in a script
	maxErrors   = 50       // reported in a file
	maxCounted  = 10_000   // errors in a file, of which the rest is not read
)

// Parse reads a script. open reads the files it includes: a path is made
// relative to the directory of the root file, name, and handed over joined
// with it, so os.ReadFile will do where name is a path; with open nil an
// include is an error.
//
// The File is never nil; it holds every declaration that could be read.
// The errors come in the order of the text.
func Parse(name string, src []byte, open func(path string) ([]byte, error)) (*File, Errors) {
	f, _, errs := parse(&script{files: &Files{}, root: name, open: open, names: map[string]string{}}, src)
	return f, errs
}

// parse reads a script and returns its tokens as well if it is read alone.
func parse(s *script, src []byte) (*File, []Token, Errors) {
	f := &File{Files: s.files}
	if len(src) > maxSource {
		s.tooLarge(s.files.Add(s.root, nil), len(src))
		return f, nil, s.errs
	}
	s.size = len(src)
	s.including = []string{filepath.Clean(s.root)}
	p := s.parser(s.files.Add(s.root, src), scope{}, 0, len(src))
	f.Decls = p.file()
	p.checkAnnotations(f.Decls)
	p.finish()
	sort.SliceStable(s.comments, func(i, j int) bool { return s.comments[i].Start < s.comments[j].Start })
	f.Comments = s.comments
	f.Lost, f.LostFile = s.lost, s.lostFile
	return f, p.tokens, s.errs.Sort()
}

// ParseExpr reads one expression, which is added to fs under the given name.
func ParseExpr(fs *Files, name, text string) (Expr, Errors) {
	if len(text) > maxSource {
		s := &script{files: fs}
		s.tooLarge(fs.Add(name, nil), len(text))
		return nil, s.errs
	}
	f := fs.Add(name, []byte(text))
	return ParseAt(fs, Span{f.Base, f.Base + Pos(len(f.Text))})
}

// ParseAt reads one expression from a piece of a file, such as the text of a
// Print or, with its brackets, the trace of an Expectation.
func ParseAt(fs *Files, span Span) (Expr, Errors) {
	s := &script{files: fs, names: map[string]string{}}
	f := fs.File(span.Start)
	if f == nil || span.End < span.Start || int(span.End-f.Base) > len(f.Text) {
		return nil, Errors{{Class: ParseClass, Span: span, Msg: "there is no text here", Files: fs}}
	}
	p := s.parser(f, scope{}, int(span.Start-f.Base), int(span.End-f.Base))
	var e Expr
	p.try(func() {
		p.next()
		e = p.whole()
		if p.tok.kind != tEOF {
			p.unexpected("an operator is missing before")
		}
		p.noPatterns(0)
	})
	if len(p.errs) > 0 {
		e = nil
	}
	p.finish()
	return e, s.errs.Sort()
}

// A script is the state that the files of one script share.
type script struct {
	files     *Files
	root      string
	open      func(path string) ([]byte, error)
	names     map[string]string
	comments  []Comment
	errs      Errors
	size      int      // bytes read so far
	included  int      // files included so far
	including []string // files being read, outermost first
	lost      []Span   // text that was given up, of files that have been read
	lostFile  bool     // a file, or its end, could not be read
	alone     bool     // included files are not read, and tokens are kept
}

func (s *script) tooLarge(f *SourceFile, size int) {
	s.errs = append(s.errs, &Error{
		Class: Limit, Span: Span{f.Base, f.Base}, Files: s.files,
		Msg: fmt.Sprintf("this script has more than %d MiB (%d bytes so far)", maxSource>>20, size),
	})
}

// A scope says which declarations may stand somewhere.
type scope struct{ module, timed, let bool }

// A parser reads one file.
type parser struct {
	scanner
	script *script
	errs   Errors // of this file, in the order they were found
	scope  scope

	prev, tok token
	line      token // the last token that stands first on its line
	lineAfter token // the token before line

	seqs    int       // sequences open since the last other bracket was opened
	open    []token   // the brackets that are open, outermost first
	depth   int       // of the recursion
	height  int       // of the highest tree read since it was last reset
	patOnly []token   // "_" and "@@" that must turn out to be in a pattern
	seqEnd  token     // the last ">" that closed a sequence
	skipped []Span    // text that was given up
	asserts []*Assert // of this file, in the order of the text
	lost    bool      // a declaration of this file, or of one it includes, could not be read
	lets    int       // enclosing lets whose "within" is still to come
	first   token     // of the declaration being read
	pragma  bool      // this is an assertion in a comment
	repEnd  Pos       // the end of the last replicated || read
	tokens  []Token   // what was read, if the script is read alone
}

func (s *script) parser(f *SourceFile, in scope, from, to int) *parser {
	p := &parser{script: s, scope: in}
	p.scanner = scanner{src: f.Text[:to], off: from, lineStart: from, base: f.Base, names: s.names}
	if from > 0 {
		for p.lineStart = from; p.lineStart > 0 && p.src[p.lineStart-1] != '\n'; p.lineStart-- {
		}
	}
	p.lexError = p.report
	return p
}

// file reads all declarations of a file.
func (p *parser) file() []Decl {
	p.next()
	decls := p.declList(func(kind) bool { return false })
	return p.expectations(decls)
}

// finish hands over what the parser found, but for errors beyond the limit.
func (p *parser) finish() {
	errs := p.errs.Sort()
	if p.noText {
		errs = p.errs[len(p.errs)-1:]
	}
	if extra := len(errs) - maxErrors; extra > 0 {
		at := errs[maxErrors]
		count := fmt.Sprint(extra)
		if len(p.errs) >= maxCounted {
			count = "at least " + count
		}
		errs = append(errs[:maxErrors:maxErrors], &Error{Class: at.Class, Span: at.Span, Files: at.Files,
			Msg: fmt.Sprintf("and %s more errors from here on", count)})
	}
	p.script.errs = append(p.script.errs, errs...)
	p.script.comments = append(p.script.comments, p.comments...)
	p.script.lost = append(p.script.lost, p.skipped...)
	p.script.lostFile = p.script.lostFile || p.stopped
}

func (p *parser) report(e *Error) {
	e.Files = p.script.files
	if len(p.errs) < maxCounted {
		p.errs = append(p.errs, e)
	}
	if len(p.errs) == maxCounted {
		p.stop()
	}
}

// errorf reports a mistake that does not stop the parser.
func (p *parser) errorf(span Span, fix, format string, args ...any) *Error {
	e := &Error{Class: ParseClass, Span: span, Msg: fmt.Sprintf(format, args...), Fix: fix}
	p.report(e)
	return e
}

// A bailout unwinds to the nearest list of declarations that can go on.
type bailout struct{}

// fail reports a mistake and gives up on the declaration.
func (p *parser) fail(span Span, fix, format string, args ...any) {
	p.failNote(span, Note{}, fix, format, args...)
}

func (p *parser) failNote(span Span, note Note, fix, format string, args ...any) {
	if p.tok.kind != tBad && !p.stopped && !p.misread(span.Start) {
		e := p.errorf(span, fix, format, args...)
		if note.Msg != "" {
			e.Notes = append(e.Notes, note)
		}
	}
	panic(bailout{})
}

// misread tells whether the last mistake was that of the scanner at a place.
func (p *parser) misread(at Pos) bool {
	n := len(p.errs)
	return n > 0 && p.errs[n-1].Class == Lex && p.errs[n-1].Span.Start == at
}

// try runs f and tells whether it came to its end.
func (p *parser) try(f func()) (ok bool) {
	saved := *p
	defer func() {
		if ok {
			return
		}
		if r := recover(); r != nil {
			if _, mine := r.(bailout); !mine {
				panic(r)
			}
		}
		p.scope, p.first, p.lets = saved.scope, saved.first, saved.lets
		p.seqs, p.depth, p.height = saved.seqs, saved.depth, saved.height
		p.open = p.open[:len(saved.open)]
		p.patOnly = p.patOnly[:len(saved.patOnly)]
	}()
	f()
	return true
}

// next moves on to the next token.
func (p *parser) next() {
	if p.script.alone {
		p.keep(p.tok)
	}
	p.prev = p.tok
	p.tok = p.scan()
	if p.tok.raw {
		p.tok.nl = !kinds[p.prev.kind].after && !kinds[p.tok.kind].before
		p.line, p.lineAfter = p.tok, p.prev
	}
}

// peek returns the token after tok.
func (p *parser) peek() token {
	off, line := p.off, p.lineStart
	stopped := p.stopped
	t := p.scan()
	if !p.stopped || stopped {
		p.off, p.lineStart = off, line
	}
	return t
}

// is tells whether the next token is of kind k and goes on on this line.
func (p *parser) is(k kind) bool { return p.tok.kind == k && !p.tok.nl }

// got skips a token of kind k, if one is next.
func (p *parser) got(k kind) bool {
	if !p.is(k) {
		return false
	}
	p.next()
	return true
}

// expect skips a token of kind k and complains if another one is next.
func (p *parser) expect(k kind, where string) {
	if !p.got(k) {
		p.unexpected("%s needs `%s` before", where, kinds[k].text)
	}
}

func (p *parser) spanOf(t token) Span { return p.span(int(t.start), int(t.end)) }
func (p *parser) textOf(t token) []byte {
	return p.src[t.start:t.end]
}

// from returns the span from t up to the last token read.
func (p *parser) from(t token) Span { return p.span(int(t.start), int(p.prev.end)) }

// since returns the span from the start of s up to the last token read.
func (p *parser) since(s Span) Span { return Span{s.Start, p.base + Pos(p.prev.end)} }

// An around is a construct that holds others and is being read.
type around struct {
	first  token
	height int // of what was read before it
}

// enter notes that a construct begins that holds others; leave ends it.
// Between them p.height is the height of the highest part read.
func (p *parser) enter() around {
	if p.depth++; p.depth > maxNesting {
		p.fail(p.spanOf(p.tok), "", "this is nested more than %d deep", maxNesting)
	}
	outer := around{p.tok, p.height}
	p.height = 0
	return outer
}

func (p *parser) leave(outer around) {
	p.depth--
	p.grow(1, p.spanOf(outer.first))
	p.height = max(p.height, outer.height)
}

// grow notes that n more nodes stand above what was read; the whole begins
// at first.
func (p *parser) grow(n int, first Span) {
	if p.height += n; p.height > maxHeight {
		p.fail(Span{first.Start, first.Start}, "give a part of it a name", "this expression is more than %d operators high", maxHeight)
	}
}

// push opens a bracket: the next token.
func (p *parser) push() (t token, seqs int) {
	t, seqs = p.tok, p.seqs
	p.open = append(p.open, t)
	p.seqs = 0
	p.next()
	return t, seqs
}

// pop closes the innermost bracket with a token of kind k.
func (p *parser) pop(k kind, seqs int) {
	if !p.is(k) {
		p.unclosed(k)
	}
	p.seqs = seqs
	p.open = p.open[:len(p.open)-1]
	p.next()
}
