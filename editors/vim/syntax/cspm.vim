" CSPM, the language of FDR and cspcheck
"
" Where several of these match at one place, the last one wins: longer symbols
" stand below shorter ones, keywords below names. A name is taken
" whole, so words are never looked for inside it.
if exists('b:current_syntax')
  finish
endif

syn case match
syn sync fromstart

" Symbols of one character, of two, of three.
syn match cspmOperator        "[-+*/%#^.=:|<>]"
syn match cspmProcessOperator "[;&\\@?!$]"
syn match cspmBracket         "[][(){}]"
syn match cspmDelimiter       ","
syn match cspmWildcard        "_"
syn match cspmOperator        "==\|!=\|<=\|>=\|=>\|\.\.\|::"
syn match cspmProcessOperator "->\|<-\|||\|\[\]\|\[\[\|\]\]\|\[|\||\]\||>\|\[+\|+\]\|/+\|+\\\|\[>\|/\\\||\\\|@@"
syn match cspmBracket         "{|\||}\|(|\_s\@=\||)"
syn match cspmOperator        "=>\*"
syn match cspmProcessOperator "|||\||\~|\|<->"

syn match cspmNumber "\d\+"
syn match cspmName   "\a[a-zA-Z0-9_]*'*\%(::\a[a-zA-Z0-9_]*'*\)*"

" What a line defines.
syn match cspmDefinition "^\s*\zs\a[a-zA-Z0-9_]*'*\ze\s*\%(([^=]*)\s*\)*=[^=]"
syn match cspmDefinition "^\s*\zs\a[a-zA-Z0-9_]*'*\ze\s*\%(([^=]*)\s*\)*=$"

" Built-in names, and types. As keywords they are found fast; a prime is a
" letter of theirs.
syn iskeyword @,48-57,_,39
syn keyword cspmProcess  STOP SKIP DIV CHAOS RUN BUFFER WEAK_BUFFER SIGNAL_BUFFER WAIT
syn keyword cspmConstant True False Events emptyMap
syn keyword cspmType     Bool Int Char Proc Event
syn keyword cspmFunction union inter diff Union Inter member card empty set seq Set Seq
syn keyword cspmFunction length null head tail concat elem extensions productions show error
syn keyword cspmFunction mapFromList mapToList mapLookup mapMember mapUpdate mapUpdateMultiple mapDelete Map
syn keyword cspmFunction sbisim wbisim dbisim diamond normal lazynorm explicate lazyenumerate
syn keyword cspmFunction tau_loop_factor model_compress chase chase_nocache deter loop
syn keyword cspmFunction prioritise prioritise_nocache prioritisepo timed_priority
syn keyword cspmFunction trace_watchdog failure_watchdog
syn keyword cspmFunction transpose relational_image relational_inverse_image mtransclose

" Keywords, and words that are commands where a line begins with them.
syn match cspmKeyword     "\%(if\|then\|else\|let\|within\)[a-zA-Z0-9_']\@!"
syn match cspmWordOp      "\%(and\|or\|not\)[a-zA-Z0-9_']\@!"
syn match cspmBoolean     "\%(true\|false\)[a-zA-Z0-9_']\@!"
syn match cspmDeclaration "\%(channel\|datatype\|subtype\|nametype\|transparent\|external\)[a-zA-Z0-9_']\@!"
syn match cspmDeclaration "\%(assert\|module\|exports\|endmodule\|instance\|Timed\)[a-zA-Z0-9_']\@!"
syn match cspmCommand     "^\s*\zsinclude\ze\s\+\""
syn match cspmCommand     "^\s*\zsprint\ze\s\+\%(--\|=[^=]\|=$\|::\|,\|@@\|\.\|\^\)\@!\S"

" Assertions: [T= and :[deadlock free [F]].
syn match  cspmRefinement "\[\%(T\|F\|FD\|V\|VD\|R\|RD\)="
syn region cspmProperty   matchgroup=cspmProperty start=":\[" end="\]\%(\s*:\[\@!\)\=" contains=cspmModel,cspmLineComment,cspmBlockComment
syn region cspmModel      start="\[" end="\]" contained

syn match  cspmEscape     "\\." contained
syn region cspmString     start=+"+ end=+"+ oneline contains=cspmEscape
syn match  cspmCharacter  "'\%(\\.\|[^\\']\)'" contains=cspmEscape

syn match  cspmLineComment  "--.*$" contains=cspmTodo,@Spell
syn region cspmBlockComment start="{-" end="-}" contains=cspmBlockComment,cspmTodo,@Spell
syn match  cspmExpectation  "--!.*$" contains=cspmExpected
syn match  cspmExpected     "\%(--!\s*\)\@<=\%(holds\|fails\%(\s\+after\)\=\|assert\>\)" contained
syn keyword cspmTodo TODO FIXME XXX contained

hi def link cspmOperator        Operator
hi def link cspmProcessOperator Statement
hi def link cspmBracket         Delimiter
hi def link cspmDelimiter       Delimiter
hi def link cspmWildcard        Special
hi def link cspmNumber          Number
hi def link cspmDefinition      Function
hi def link cspmProcess         Constant
hi def link cspmConstant        Constant
hi def link cspmType            Type
hi def link cspmFunction        Identifier
hi def link cspmKeyword         Conditional
hi def link cspmWordOp          Operator
hi def link cspmBoolean         Boolean
hi def link cspmDeclaration     Keyword
hi def link cspmCommand         PreProc
hi def link cspmRefinement      Statement
hi def link cspmProperty        Statement
hi def link cspmModel           Special
hi def link cspmString          String
hi def link cspmCharacter       Character
hi def link cspmEscape          SpecialChar
hi def link cspmLineComment     Comment
hi def link cspmBlockComment    Comment
hi def link cspmExpectation     SpecialComment
hi def link cspmExpected        Keyword
hi def link cspmTodo            Todo

let b:current_syntax = 'cspm'
