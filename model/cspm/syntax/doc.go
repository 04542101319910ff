// Package syntax reads CSPM scripts: text comes in, a tree goes out, and the
// tree can be printed as text again.
//
// Parse reads a script with all that it includes; ParseExpr and ParseAt read
// one expression. The tree (tree.go) has a node for each construct of the
// language, each with its exact Span. Names are not resolved and nothing is
// checked but the grammar and the few rules that need no names: what is a
// pattern, which declaration may stand where, which annotation belongs to
// which definition, which expectation to which assertion.
//
// What is promised:
//
//   - Parse never panics and never hangs. It reports several mistakes in one
//     run and none that merely follows from another: after a mistake it goes
//     on at the next line that can begin a declaration. The File holds every
//     declaration that could be read.
//   - Format writes legal CSPM. Where the tree is one that Parse without
//     errors gave, reading it again gives a tree that is Equal: the same but
//     for spans and parentheses. (Brackets that printing adds count for nesting,
//     and could in an extreme script be too many to read.) Comments are not
//     printed, other than the expectations of assertions.
//   - No tree is higher than maxHeight (100 000) and no brackets, bodies and
//     operands nest deeper than maxNesting (20 000), so code that recurses
//     over a tree is safe on Go's stack. A chain such as a -> b -> ... -> P
//     or P [] Q [] ... [] R counts for height, not for nesting.
//   - All files of a script together are at most 32 MiB.
//
// Reading takes time linear in the text, except that the fate of a newline
// depends on the tokens beside it alone. The language is the one FDR4 accepts
// (Gibson-Robinson, Armstrong, Boulgakov, Roscoe, "FDR3: a modern refinement
// checker for CSP", TACAS 2014, and the FDR4 manual), and the precedences are
// those of its parser.
//
// To read the code, start at Parse in parse.go, then binary in parse_expr.go,
// the heart of the parser, and next in scan.go, which decides what a newline
// means.
package syntax
