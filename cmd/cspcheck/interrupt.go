package main

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// heeding returns what f returns, unless ctx is done first: then it does not
// wait for f to notice, and done is false. That is for work that changes
// nothing, and when the program is about to end. A panic of f is one of its
// caller's.
func heeding[T any](ctx context.Context, f func() T) (out T, done bool) {
	if ctx.Err() != nil {
		return out, false
	}
	type outcome struct {
		out   T
		fault any
	}
	ended := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if p := recover(); p != nil {
				o.fault = fmt.Sprintf("%v\n%s", p, debug.Stack())
			}
			ended <- o
		}()
		o.out = f()
	}()
	select {
	case <-ctx.Done():
		return out, false
	case o := <-ended:
		if o.fault != nil {
			panic(o.fault)
		}
		return o.out, true
	}
}

// cancelled says that Ctrl-C came while something was done to a script, or that
// this took too much memory.
func (a *app) cancelled(name, doing string) cspm.Errors {
	return cspm.Errors{{Class: syntax.Limit, Msg: fmt.Sprintf("%s: %s while it was %s", name, explore.Cancelled(a.ctx).Reason, doing)}}
}
