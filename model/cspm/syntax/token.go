package syntax

// A kind is a kind of token.
type kind uint8

const (
	tEOF kind = iota
	tBad      // bytes that are no token; reported already
	tIdent
	tQual // M::x, M::N::x
	tInt
	tChar
	tString
	tProperty // the closing ] or ]: of an assertion property

	kwIf
	kwThen
	kwElse
	kwLet
	kwWithin
	kwAnd
	kwOr
	kwNot
	kwTrue
	kwFalse
	kwChannel
	kwDatatype
	kwSubtype
	kwNametype
	kwTransparent
	kwExternal
	kwAssert
	kwModule
	kwExports
	kwEndmodule
	kwInstance
	kwTimed
	tWild

	tLParen
	tRParen
	tLBrace
	tRBrace
	tLEnum
	tREnum
	tLMap
	tRMap
	tLt
	tGt
	tLBracket
	tRBracket
	tLRename
	tRRename
	tLPar
	tRPar
	tLSync
	tRSync
	tLSyncInt
	tRSyncInt
	tSlide
	tThrow
	tParallel
	tInterleave
	tExtChoice
	tIntChoice
	tInterrupt
	tHide
	tProject
	tSemi
	tAmp
	tArrow
	tGets
	tLink
	tAssign
	tEq
	tNe
	tLe
	tGe
	tPlus
	tMinus
	tTimes
	tDiv
	tMod
	tLength
	tConcat
	tDot
	tDotDot
	tComma
	tColon
	tColons
	tQuery
	tBang
	tDollar
	tBar
	tAt
	tAtAt
	tDotable
	tExtendable
	tRefines // [T= and its like
	tColonBracket

	numKinds
)

// A kindInfo says how a kind is spelt and which newlines beside it separate
// nothing: there is no indentation rule, a newline ends a declaration unless
// the token before it absorbs following ones or the token after it absorbs
// preceding ones.
type kindInfo struct {
	text          string
	before, after bool
}

var kinds = [numKinds]kindInfo{
	tEOF:      {"", false, true}, // stands before the first token, too
	tBad:      {"", false, false},
	tIdent:    {"", false, false},
	tQual:     {"", false, false},
	tInt:      {"", true, false},
	tChar:     {"", true, false},
	tString:   {"", true, false},
	tProperty: {"]", false, false},

	kwIf:          {"if", true, true},
	kwThen:        {"then", true, true},
	kwElse:        {"else", true, true},
	kwLet:         {"let", true, true},
	kwWithin:      {"within", true, true},
	kwAnd:         {"and", true, true},
	kwOr:          {"or", true, true},
	kwNot:         {"not", true, true},
	kwTrue:        {"true", true, false},
	kwFalse:       {"false", true, false},
	kwChannel:     {"channel", false, true},
	kwDatatype:    {"datatype", false, true},
	kwSubtype:     {"subtype", false, true},
	kwNametype:    {"nametype", false, true},
	kwTransparent: {"transparent", false, true},
	kwExternal:    {"external", false, true},
	kwAssert:      {"assert", false, true},
	kwModule:      {"module", false, true},
	kwExports:     {"exports", false, false},
	kwEndmodule:   {"endmodule", false, false},
	kwInstance:    {"instance", false, true},
	kwTimed:       {"Timed", false, true},
	tWild:         {"_", true, true},

	tLParen:       {"(", false, true},
	tRParen:       {")", true, false},
	tLBrace:       {"{", false, true},
	tRBrace:       {"}", true, false},
	tLEnum:        {"{|", false, true},
	tREnum:        {"|}", true, false},
	tLMap:         {"(|", false, true},
	tRMap:         {"|)", true, false},
	tLt:           {"<", false, true},
	tGt:           {">", true, false},
	tLBracket:     {"[", true, true},
	tRBracket:     {"]", true, true},
	tLRename:      {"[[", true, true},
	tRRename:      {"]]", true, false},
	tLPar:         {"[|", true, true},
	tRPar:         {"|]", true, true},
	tLSync:        {"[+", true, true},
	tRSync:        {"+]", true, true},
	tLSyncInt:     {"/+", true, true},
	tRSyncInt:     {`+\`, true, true},
	tSlide:        {"[>", true, true},
	tThrow:        {"|>", true, true},
	tParallel:     {"||", true, true},
	tInterleave:   {"|||", true, true},
	tExtChoice:    {"[]", true, true},
	tIntChoice:    {"|~|", true, true},
	tInterrupt:    {`/\`, true, true},
	tHide:         {`\`, true, true},
	tProject:      {`|\`, true, true},
	tSemi:         {";", true, true},
	tAmp:          {"&", true, true},
	tArrow:        {"->", true, true},
	tGets:         {"<-", true, true},
	tLink:         {"<->", true, true},
	tAssign:       {"=", true, true},
	tEq:           {"==", true, true},
	tNe:           {"!=", true, true},
	tLe:           {"<=", true, true},
	tGe:           {">=", true, true},
	tPlus:         {"+", true, true},
	tMinus:        {"-", false, true},
	tTimes:        {"*", true, true},
	tDiv:          {"/", true, true},
	tMod:          {"%", true, true},
	tLength:       {"#", false, true},
	tConcat:       {"^", true, true},
	tDot:          {".", true, true},
	tDotDot:       {"..", true, true},
	tComma:        {",", true, true},
	tColon:        {":", true, true},
	tColons:       {"::", true, true},
	tQuery:        {"?", true, true},
	tBang:         {"!", true, true},
	tDollar:       {"$", true, true},
	tBar:          {"|", true, true},
	tAt:           {"@", true, true},
	tAtAt:         {"@@", true, true},
	tDotable:      {"=>", true, true},
	tExtendable:   {"=>*", true, true},
	tRefines:      {"[T=", true, true},
	tColonBracket: {":[", true, true},
}

// keyword returns the kind of a word.
func keyword(word []byte) kind {
	switch string(word) {
	case "if":
		return kwIf
	case "then":
		return kwThen
	case "else":
		return kwElse
	case "let":
		return kwLet
	case "within":
		return kwWithin
	case "and":
		return kwAnd
	case "or":
		return kwOr
	case "not":
		return kwNot
	case "true":
		return kwTrue
	case "false":
		return kwFalse
	case "channel":
		return kwChannel
	case "datatype":
		return kwDatatype
	case "subtype":
		return kwSubtype
	case "nametype":
		return kwNametype
	case "transparent":
		return kwTransparent
	case "external":
		return kwExternal
	case "assert":
		return kwAssert
	case "module":
		return kwModule
	case "exports":
		return kwExports
	case "endmodule":
		return kwEndmodule
	case "instance":
		return kwInstance
	case "Timed":
		return kwTimed
	}
	return tIdent
}

// beginsDecl tells whether k is a keyword that begins a declaration.
func (k kind) beginsDecl() bool {
	switch k {
	case kwChannel, kwDatatype, kwSubtype, kwNametype, kwTransparent, kwExternal,
		kwAssert, kwModule, kwInstance, kwTimed:
		return true
	}
	return false
}

// beginsOperand tells whether k can begin an expression that is no
// replicated operator.
func (k kind) beginsOperand() bool {
	switch k {
	case tIdent, tQual, tInt, tChar, tString, kwIf, kwLet, kwNot, kwTrue, kwFalse, tWild,
		tLParen, tLBrace, tLEnum, tLMap, tLt, tMinus, tLength:
		return true
	}
	return false
}

// A token is a token with its place. Offsets are into the text of its file.
type token struct {
	kind       kind
	raw        bool // a newline stands before it
	nl         bool // that newline separates: no neighbour absorbs it
	col        int32
	start, end int32
}
