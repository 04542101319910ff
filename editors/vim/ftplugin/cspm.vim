" CSPM, the language of FDR and cspcheck
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=--\ %s
setlocal comments=s1:{-,mb:-,ex:-},:--
setlocal formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal iskeyword=@,48-57,_,39
let b:undo_ftplugin = 'setlocal commentstring< comments< formatoptions< expandtab< shiftwidth< softtabstop< iskeyword<'

if executable('cspcheck')
  " gq on a whole file, as in gggqG; :make lists the mistakes.
  setlocal formatprg=cspcheck\ fmt\ -
  setlocal makeprg=cspcheck\ vet\ %:S
  setlocal errorformat=%f:%l:%c:\ %m,%-G\ \ %.%#
  let b:undo_ftplugin .= ' formatprg< makeprg< errorformat<'
endif
