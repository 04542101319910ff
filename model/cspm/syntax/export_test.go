package syntax

var CheckSpans = checkSpans
