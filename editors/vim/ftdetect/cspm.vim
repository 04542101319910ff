" Vim's own rules take *.csp for an older dialect: this one overrules them.
autocmd BufRead,BufNewFile *.csp,*.cspm set filetype=cspm
