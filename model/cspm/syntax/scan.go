package syntax

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// A scanner turns the text of one file into tokens, on demand: whether a "<"
// opens a sequence is for the parser to say.
type scanner struct {
	src       []byte
	off       int // of what comes next
	lineStart int // of the line of off
	base      Pos // of src[0]
	comments  []Comment
	names     map[string]string // one copy of every name
	stopped   bool              // the rest of the file is not worth reading
	bad       int               // runs of bad bytes so far
	lexed     int               // an error before this offset was reported already
	controls  int               // those of them that begin with a control character
	noText    bool              // it is no text: that is all there is to say
	quiet     bool              // only mistakes that stop the scanner are reported

	// lexError reports a mistake.
	lexError func(e *Error)
}

// More runs of bytes that are no CSPM than this: it is no script.
const maxBadRuns = 10

// So many of them that begin with a control character: it is no text.
const maxControls = 3

func (s *scanner) span(start, end int) Span {
	return Span{s.base + Pos(start), s.base + Pos(end)}
}

// errorf reports a lexical mistake, once, however often its text is scanned.
func (s *scanner) errorf(start, end int, fix, format string, args ...any) {
	if start < s.lexed || s.stopped || s.quiet {
		return
	}
	s.lexed = start + 1
	s.lexError(&Error{Class: Lex, Span: s.span(start, end), Msg: fmt.Sprintf(format, args...), Fix: fix})
}

// fatal reports a mistake and gives up on the rest of the file.
func (s *scanner) fatal(start, end int, fix, format string, args ...any) {
	s.quiet = false
	s.errorf(start, end, fix, format, args...)
	s.stop()
}

// stop gives up on the rest of the file.
func (s *scanner) stop() {
	s.stopped = true
	s.off = len(s.src)
}

// blanks skips white space and comments and tells whether a newline, or a
// comment over several lines, was among them.
func (s *scanner) blanks() (newline bool) {
	for s.off < len(s.src) {
		switch c := s.src[s.off]; c {
		case '\n':
			newline = true
			s.off++
			s.lineStart = s.off
		case ' ', '\t', '\r', '\f', '\v':
			s.off++
		case '-':
			if !s.at("--") {
				return newline
			}
			s.lineComment()
		case '{':
			if !s.at("{-") {
				return newline
			}
			if s.blockComment() {
				newline = true
			}
		case 0xEF:
			if s.off != 0 || !s.at("\uFEFF") { // a byte order mark
				return newline
			}
			s.off += 3
			s.lineStart = s.off
		default:
			return newline
		}
	}
	return newline
}

func (s *scanner) at(text string) bool {
	return len(s.src)-s.off >= len(text) && string(s.src[s.off:s.off+len(text)]) == text
}

func (s *scanner) lineComment() {
	start := s.off
	end := len(s.src)
	if i := bytes.IndexByte(s.src[start:], '\n'); i >= 0 {
		end = start + i
	}
	s.off = end
	if end > start && s.src[end-1] == '\r' {
		end--
	}
	s.comment(start, end)
}

// blockComment skips a comment, which may hold others, and tells whether it
// goes over several lines.
func (s *scanner) blockComment() (newline bool) {
	start := s.off
	s.off += 2
	for depth := 1; depth > 0; {
		i := bytes.IndexAny(s.src[s.off:], "-{\n")
		if i < 0 {
			s.off = len(s.src)
			s.fatal(start, start+2, `close it with "-}"; a set that begins with a minus is written "{ -1}"`,
				"this comment is never closed")
			return newline
		}
		s.off += i
		switch {
		case s.src[s.off] == '\n':
			newline = true
			s.off++
			s.lineStart = s.off
		case s.at("{-"):
			depth++
			s.off += 2
		case s.at("-}"):
			depth--
			s.off += 2
		default:
			s.off++
		}
	}
	s.comment(start, s.off)
	return newline
}

func (s *scanner) comment(start, end int) {
	// A place can be scanned twice: the parser looks ahead, and goes back.
	if n := len(s.comments); n > 0 && s.comments[n-1].Start >= s.base+Pos(start) {
		return
	}
	s.comments = append(s.comments, Comment{s.span(start, end), string(s.src[start:end])})
}

// scan reads a token. Its nl is left to the parser.
func (s *scanner) scan() token {
	first := s.off == 0
	raw := s.blanks() || first
	start := s.off
	t := token{raw: raw, start: int32(start), col: int32(start - s.lineStart + 1)}
	if s.off >= len(s.src) {
		t.kind, t.raw = tEOF, true
	} else {
		t.kind = s.token()
	}
	t.end = int32(s.off)
	return t
}

func letter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }
func inName(c byte) bool { return letter(c) || digit(c) || c == '_' }
func blank(c byte) bool  { return c == ' ' || '\t' <= c && c <= '\r' }

// peekByte returns the byte n places on, or 0.
func (s *scanner) peekByte(n int) byte {
	if s.off+n < len(s.src) {
		return s.src[s.off+n]
	}
	return 0
}

// token reads a token that begins at off.
func (s *scanner) token() kind {
	switch c := s.src[s.off]; {
	case letter(c):
		return s.name()
	case digit(c):
		start := s.off
		var v uint64
		big := false
		for s.off < len(s.src) && digit(s.src[s.off]) {
			d := uint64(s.src[s.off] - '0')
			big = big || v > (1<<63-1-d)/10
			v = v*10 + d
			s.off++
		}
		if big {
			s.errorf(start, s.off, "the largest is 9223372036854775807", "this integer needs more than 64 bits")
		}
		return tInt
	case c == '\'':
		return s.char()
	case c == '"':
		return s.str()
	}
	if k, n := s.symbol(); n > 0 {
		s.off += n
		return k
	}
	return s.badBytes()
}

// word skips a name: letters, digits and underscores, then primes.
func (s *scanner) word() []byte {
	start := s.off
	for s.off < len(s.src) && inName(s.src[s.off]) {
		s.off++
	}
	for s.off < len(s.src) && s.src[s.off] == '\'' {
		s.off++
	}
	return s.src[start:s.off]
}

func (s *scanner) name() kind {
	if k := keyword(s.word()); k != tIdent {
		return k
	}
	k := tIdent
	for s.at("::") && letter(s.peekByte(2)) {
		back := s.off
		s.off += 2
		if keyword(s.word()) != tIdent {
			s.off = back
			break
		}
		k = tQual
	}
	return k
}

// intern returns the text as a string, the same one every time.
func (s *scanner) intern(text []byte) string {
	if name, ok := s.names[string(text)]; ok {
		return name
	}
	name := string(text)
	s.names[name] = name
	return name
}

// char reads 'c'. What is wrong with it is reported, and it is a character
// all the same.
func (s *scanner) char() kind {
	start := s.off
	end := bytes.IndexByte(s.src[start:], '\n')
	if end < 0 {
		end = len(s.src)
	} else {
		end += start
	}
	i := start + 1
	if i < end && s.src[i] == '\\' {
		i++
	}
	if i < end && (s.src[i] != '\'' || i == start+2) {
		_, n := utf8.DecodeRune(s.src[i:end])
		i += n
		if i < end && s.src[i] == '\'' {
			s.off = i + 1
			return tChar
		}
	}
	s.off = start + 1
	if close := bytes.IndexByte(s.src[start+1:end], '\''); close >= 0 && close < 40 {
		s.off += close + 1
		if close == 0 {
			s.errorf(start, s.off, `a quote itself is '\''`, "there is no character between these quotes")
		} else {
			s.errorf(start, s.off, `a string is written "..."`, "there is more than one character between these quotes")
		}
		return tChar
	}
	s.errorf(start, start+1, "a character is written 'c'; primes can only end a name", "a lone quote")
	return tBad
}

// charValue returns the character of a token.
func charValue(text []byte) rune {
	if len(text) < 3 {
		return utf8.RuneError
	}
	body := text[1 : len(text)-1]
	r, _ := decodeChar(body)
	if r != '\\' || len(body) == 1 {
		return r
	}
	switch r, _ = decodeChar(body[1:]); r {
	case 'n':
		return '\n'
	case 't':
		return '\t'
	case 'r':
		return '\r'
	}
	return r
}

// str reads "...". One that is not closed ends with its line.
func (s *scanner) str() kind {
	start := s.off
	for s.off++; s.off < len(s.src) && s.src[s.off] != '\n'; s.off++ {
		switch s.src[s.off] {
		case '"':
			s.off++
			return tString
		case '\\':
			if s.peekByte(1) != '\n' && s.off+1 < len(s.src) {
				s.off++
			}
		}
	}
	s.errorf(start, start+1, `close it with " before the line ends; a newline inside is written \n`,
		"this string is not closed")
	return tString
}

// stringValue returns what a string token stands for. As in FDR, an escaped
// character that has no meaning stands for a quote; a backslash has one here.
func stringValue(text []byte) string {
	text = text[1:]
	if n := len(text); n > 0 && text[n-1] == '"' {
		text = text[:n-1]
	}
	if bytes.IndexByte(text, '\\') < 0 {
		return validUTF8(text)
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			b.WriteByte(text[i])
			continue
		}
		i++
		switch text[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		case '\\':
			b.WriteByte('\\')
		default:
			// The whole character, not its first byte.
			_, n := decodeChar(text[i:])
			i += n - 1
			b.WriteByte('"')
		}
	}
	return validUTF8([]byte(b.String()))
}

// symbol returns the longest symbol at off and its length, or 0.
func (s *scanner) symbol() (kind, int) {
	b1, b2 := s.peekByte(1), s.peekByte(2)
	// two is k if the next byte is b, otherwise one.
	two := func(b byte, k, one kind) (kind, int) {
		if b1 == b {
			return k, 2
		}
		return one, 1
	}
	switch s.src[s.off] {
	case '(':
		// "(|" is the opener of a map only before a blank.
		if b1 == '|' && blank(b2) {
			return tLMap, 2
		}
		return tLParen, 1
	case ')':
		return tRParen, 1
	case '{':
		return two('|', tLEnum, tLBrace)
	case '}':
		return tRBrace, 1
	case '<':
		switch {
		case b1 == '-' && b2 == '>':
			return tLink, 3
		case b1 == '-':
			return tGets, 2
		}
		return two('=', tLe, tLt)
	case '>':
		return two('=', tGe, tGt)
	case '[':
		switch b1 {
		case '[':
			return tLRename, 2
		case ']':
			return tExtChoice, 2
		case '|':
			return tLPar, 2
		case '+':
			return tLSync, 2
		case '>':
			return tSlide, 2
		}
		if m := s.model(1); m > 0 && s.peekByte(1+m) == '=' {
			return tRefines, m + 2
		}
		return tLBracket, 1
	case ']':
		return two(']', tRRename, tRBracket)
	case '|':
		switch {
		case b1 == '|' && b2 == '|':
			return tInterleave, 3
		case b1 == '|':
			return tParallel, 2
		case b1 == '~' && b2 == '|':
			return tIntChoice, 3
		case b1 == '\\':
			return tProject, 2
		case b1 == '}':
			return tREnum, 2
		case b1 == ')':
			return tRMap, 2
		case b1 == ']':
			return tRPar, 2
		case b1 == '>':
			return tThrow, 2
		}
		return tBar, 1
	case '/':
		if b1 == '\\' {
			return tInterrupt, 2
		}
		return two('+', tLSyncInt, tDiv)
	case '+':
		if b1 == ']' {
			return tRSync, 2
		}
		return two('\\', tRSyncInt, tPlus)
	case '\\':
		return tHide, 1
	case ';':
		return tSemi, 1
	case '&':
		return tAmp, 1
	case '-':
		return two('>', tArrow, tMinus)
	case '=':
		switch {
		case b1 == '>' && b2 == '*':
			return tExtendable, 3
		case b1 == '>':
			return tDotable, 2
		}
		return two('=', tEq, tAssign)
	case '!':
		return two('=', tNe, tBang)
	case '*':
		return tTimes, 1
	case '%':
		return tMod, 1
	case '#':
		return tLength, 1
	case '^':
		return tConcat, 1
	case '.':
		return two('.', tDotDot, tDot)
	case ',':
		return tComma, 1
	case ':':
		if b1 == '[' {
			return tColonBracket, 2
		}
		return two(':', tColons, tColon)
	case '?':
		return tQuery, 1
	case '$':
		return tDollar, 1
	case '@':
		return two('@', tAtAt, tAt)
	case '_':
		return tWild, 1
	}
	return tBad, 0
}

// model returns the length of the name of a model n places on, or 0.
func (s *scanner) model(n int) int {
	m := 0
	for letter(s.peekByte(n + m)) {
		m++
	}
	if s.off+n+m > len(s.src) || !validModel(string(s.src[s.off+n:s.off+n+m])) {
		return 0
	}
	return m
}

func validModel(name string) bool {
	switch name {
	case "T", "F", "FD", "V", "VD", "R", "RD":
		return true
	}
	return false
}

// What people paste into scripts, and what they meant.
var lookalikes = map[rune]string{
	'→': "->", '←': "<-", '↔': "<->", '≠': "!=", '≤': "<=", '≥': ">=", '□': "[]", '⊓': "|~|",
	'⫴': "|||", '∥': "||", '¬': "not", '∧': "and", '∨': "or", '⟨': "<", '⟩': ">", '–': "-", '—': "--",
	'“': `"`, '”': `"`, '‘': "'", '’': "'", '⊑': "[T=", '•': "@", '\u00a0': "an ordinary blank",
}

// badBytes skips a run of bytes that can stand nowhere outside comments,
// strings and characters.
func (s *scanner) badBytes() kind {
	start := s.off
	r, n := decodeChar(s.src[start:])
	for s.off < len(s.src) {
		c := s.src[s.off]
		if letter(c) || digit(c) || blank(c) || c == '"' || c == '\'' {
			break
		}
		if _, n := s.symbol(); n > 0 {
			break
		}
		s.off++
	}
	switch {
	case r == 0:
		s.noText = true
		s.fatal(start, start+1, "a script is text", "byte 0x00 here: this looks like a binary file")
		return tBad
	case start == 0 && (bytes.HasPrefix(s.src, []byte("\xff\xfe")) || bytes.HasPrefix(s.src, []byte("\xfe\xff"))):
		s.noText = true
		s.fatal(start, start+2, "save it as UTF-8", "this file is in UTF-16")
		return tBad
	case r >= 0x80 && n == 1:
		fix := ""
		if meant, ok := lookalikes[r]; ok {
			fix = "write " + meant
		}
		s.errorf(start, start+1, fix, "byte 0x%02x is not UTF-8 (%q in Windows-1252), and can stand only in comments and strings", s.src[start], r)
	case r < ' ' || r == 0x7f:
		if s.controls++; s.controls == maxControls {
			s.noText = true
			s.fatal(start, start+1, "a script is text", "byte 0x%02x here, and others that are no text: this looks like a binary file", r)
			return tBad
		}
		s.errorf(start, start+1, "", "control character 0x%02x can stand only in comments and strings", r)
	default:
		fix := ""
		if meant, ok := lookalikes[r]; ok {
			fix = "write " + meant
		}
		if r < 0x80 {
			s.errorf(start, start+n, fix, "%q is no part of CSPM", r)
		} else {
			s.errorf(start, start+n, fix, "%q can stand only in comments, strings and characters", r)
		}
	}
	if s.bad++; s.bad == maxBadRuns {
		s.fatal(s.off, s.off, "", "too many characters that are no CSPM: the rest of the file is not read")
	}
	return tBad
}
