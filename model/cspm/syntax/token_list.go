package syntax

// A Token is a token of a script as the parser read it: which ">" closes a
// sequence, what is the question of an assertion, where the text of a print
// ends.
type Token struct {
	Span
	Kind TokenKind
	kind kind
}

// A TokenKind is a sort of tokens.
type TokenKind byte

const (
	NameToken     TokenKind = iota // x, M::x
	WordToken                      // a keyword: the ones that are reserved, include and print
	IntToken                       // 12
	CharToken                      // 'c'
	StringToken                    // "text"
	SymbolToken                    // an operator, a bracket, another mark, [T= and its like
	PropertyToken                  // :[deadlock free], :[tau priority]: and their like, whole
	TextToken                      // what stands after print, which is not read yet
)

// JoinsAfter tells whether a newline after t never ends a declaration.
func (t Token) JoinsAfter() bool { return kinds[t.kind].after }

// JoinsBefore tells whether a newline before t never ends a declaration.
func (t Token) JoinsBefore() bool { return t.Kind == PropertyToken || kinds[t.kind].before }

// ParseAlone reads one file as Parse does, but none of those that it includes:
// the Decls of an Include are nil, and annotations may belong to what an
// included file defines. It returns the tokens of the file as well, in the
// order of the text, and all of them if there are no errors.
func ParseAlone(name string, src []byte) (*File, []Token, Errors) {
	return parse(&script{files: &Files{}, root: name, names: map[string]string{}, alone: true}, src)
}

// keep notes that t was read.
func (p *parser) keep(t token) {
	if t.end > t.start {
		p.tokens = append(p.tokens, Token{p.spanOf(t), t.kind.sort(), t.kind})
	}
}

// keepWord notes that the name t was read as a keyword.
func (p *parser) keepWord(t token) {
	for i := len(p.tokens) - 1; i >= 0; i-- {
		if p.tokens[i].Start == p.spanOf(t).Start {
			p.tokens[i].Kind = WordToken
			return
		}
	}
}

// keepText notes that the command t and its text were read, whatever tokens
// the text was skipped as.
func (p *parser) keepText(t token, text Span) {
	if !p.script.alone {
		return
	}
	n := len(p.tokens)
	for n > 0 && p.tokens[n-1].Start > p.spanOf(t).Start {
		n--
	}
	p.tokens = append(p.tokens[:n], Token{text, TextToken, tBad})
	p.keepWord(t)
}

// sort returns the sort of a kind.
func (k kind) sort() TokenKind {
	switch {
	case k == tIdent || k == tQual:
		return NameToken
	case k == tInt:
		return IntToken
	case k == tChar:
		return CharToken
	case k == tString:
		return StringToken
	case k == tProperty:
		return PropertyToken
	case kwIf <= k && k <= kwTimed:
		return WordToken
	}
	return SymbolToken
}
