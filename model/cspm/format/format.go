// Package format lays out CSPM scripts: text comes in, the same script comes
// out with its blanks, indentation and line breaks as they should be.
//
// Source keeps every token and every comment of the text, in their order, so
// brackets, spellings and pragmas stay as they were written. What it decides is
// the white space between them:
//
//   - Where the writer began a new line, a line begins. A line that is wider
//     than maxWidth is broken at the loosest operator or comma in it.
//   - A line that goes on with an expression stands under what it belongs to
//     (see hang).
//   - One blank line at most separates what the writer separated.
//   - What the writer put below each other stays so: the "=" of definitions on
//     adjacent lines, and comments at the ends of lines.
//
// What is promised: the result reads as the same script, with the same comments
// (Source checks that before it returns, and panics otherwise), and formatting
// it again changes nothing. It takes time linear in the text.
//
// To read the code, start at Source; then shape.go, which says where each token
// may stand, and layout.go, which puts it there.
package format

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

const byteOrderMark = "\uFEFF"

// Source returns the script in src, laid out, or what is wrong with its syntax.
// The name is for messages. Files that the script includes are not read. Lines
// end as most of them do in src, and a byte order mark stays.
func Source(name string, src []byte) ([]byte, syntax.Errors) {
	file, tokens, errs := syntax.ParseAlone(name, src)
	if len(errs) > 0 {
		return nil, errs
	}
	text, bom := bytes.CutPrefix(src, []byte(byteOrderMark))
	crlf := bytes.Count(text, []byte("\r\n"))
	if crlf > 0 {
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	if bom || crlf > 0 {
		if file, tokens, errs = syntax.ParseAlone(name, text); len(errs) > 0 {
			panic(fmt.Sprintf("format: %s without its byte order mark and carriage returns does not parse: %v", name, errs))
		}
	}
	out := layOut(file, tokens, text)
	again, tokensAgain, errs := syntax.ParseAlone(name, out)
	if len(errs) == 1 && errs[0].Class == syntax.Limit {
		return nil, errs // with more blanks, it is too large
	}
	if problem := differs(file, tokens, again, tokensAgain, errs); problem != "" {
		panic(fmt.Sprintf("format: formatted, %s is another script: %s", name, problem))
	}
	if 2*crlf > bytes.Count(src, []byte("\n")) {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	if bom {
		out = append([]byte(byteOrderMark), out...)
	}
	return out, nil
}

// layOut returns the text of a script laid out, with "\n" at the ends of lines.
func layOut(file *syntax.File, tokens []syntax.Token, text []byte) []byte {
	toks := gather(file, tokens, text)
	s := &shaper{toks: toks}
	s.file(file)
	l := &layout{toks: toks}
	return l.run()
}

// differs says how a script is another one once it is laid out, or "".
func differs(file *syntax.File, tokens []syntax.Token, again *syntax.File, tokensAgain []syntax.Token, errs syntax.Errors) string {
	switch {
	case len(errs) > 0:
		return errs[0].Error()
	case !syntax.EqualFiles(file, again):
		return "the trees differ"
	case len(tokens) != len(tokensAgain):
		return fmt.Sprintf("%d tokens have become %d", len(tokens), len(tokensAgain))
	}
	for i, t := range tokens {
		if a, b := spelling(file, t), spelling(again, tokensAgain[i]); a != b {
			return fmt.Sprintf("%q has become %q", a, b)
		}
	}
	if a, b := comments(file), comments(again); !slices.Equal(a, b) {
		return fmt.Sprintf("%d comments have become %d, or others", len(a), len(b))
	}
	return ""
}

// spelling returns the text of a token as it is laid out.
func spelling(file *syntax.File, t syntax.Token) string {
	text := file.Files.Text(t.Span)
	if t.Kind == syntax.PropertyToken {
		return property(text)
	}
	return text
}

// property returns the text of :[deadlock free [F]] and its like without
// needless blanks. With a comment in it, it stays as it is.
func property(text string) string {
	if strings.Contains(text, "--") || strings.Contains(text, "{-") {
		return text
	}
	text = strings.Join(strings.Fields(text), " ")
	for _, tight := range []string{":[ ", "[ "} {
		text = strings.ReplaceAll(text, tight, strings.TrimSpace(tight))
	}
	for _, tight := range []string{" ]", " :"} {
		text = strings.ReplaceAll(text, tight, strings.TrimSpace(tight))
	}
	i := strings.LastIndexByte(text, '[')
	if i > 1 { // the one inside
		text = strings.TrimRight(text[:i], " ") + " " + text[i:]
	}
	return text
}

// comments returns the texts of comments as they are laid out.
func comments(file *syntax.File) []string {
	var texts []string
	for _, c := range file.Comments {
		texts = append(texts, comment(c))
	}
	return texts
}

// comment returns the text of a comment without blanks at its end.
func comment(c syntax.Comment) string {
	return strings.TrimRight(c.Text, " \t\r\f\v")
}
