" Reads the names of files from $CSPM_FILES, one a line, and writes to $CSPM_OUT
" how the syntax file sees them: for each file what it is taken for, and a list
" of lines, each the outermost groups of its bytes as [end, group].
let s:files = []
for s:name in readfile($CSPM_FILES)
  execute 'edit' fnameescape(s:name)
  let s:lines = []
  for s:l in range(1, line('$'))
    let s:runs = []
    for s:c in range(1, len(getline(s:l)))
      let s:stack = synstack(s:l, s:c)
      let s:group = empty(s:stack) ? '' : synIDattr(s:stack[0], 'name')
      if !empty(s:runs) && s:runs[-1][1] ==# s:group
        let s:runs[-1][0] = s:c
      else
        call add(s:runs, [s:c, s:group])
      endif
    endfor
    call add(s:lines, s:runs)
  endfor
  call add(s:files, {'filetype': &filetype, 'commentstring': &commentstring, 'lines': s:lines})
endfor
call writefile([json_encode(s:files)], $CSPM_OUT)
quitall!
