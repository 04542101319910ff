package main

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/cspcheck/cspcheck/explore"
	"github.com/cspcheck/cspcheck/model/cspm"
	"github.com/cspcheck/cspcheck/model/cspm/syntax"
)

// Ctrl-C cancels the context of the run, which ends whatever asks for that. What
// has not ended after so long is left: who waits for an answer waits no longer,
// and prints what is known. What is not over then, either, ends the program.
// All together that is less than a second.
const (
	leavesAfter = 400 * time.Millisecond
	endsAfter   = 250 * time.Millisecond // after that
)

// hasten has the run end, as its context, the first one, is done: a ceiling has
// others, and may put the next one in its place just now.
func (a *app) hasten(ctx context.Context) {
	why := explore.Cancelled(ctx)
	if a.endsWithin(leavesAfter) {
		return
	}
	a.leave()
	if !a.endsWithin(endsAfter) {
		a.quit(why)
	}
}

func (a *app) endsWithin(d time.Duration) bool {
	select {
	case <-a.ended:
		return true
	case <-time.After(d):
		return false
	}
}

// quit ends the program, if that is ours to end, and says why, if anybody
// reads that.
func (a *app) quit(why *explore.Limit) {
	if a.exit == nil {
		return
	}
	said := make(chan struct{})
	go func() {
		fmt.Fprintf(a.stderr, "cspcheck: %s\n", why.Reason)
		close(said)
	}()
	select {
	case <-said:
	case <-time.After(100 * time.Millisecond):
	}
	a.exit(a.status().worse(unknown))
}

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

// await returns what f returns, unless nobody waits for an answer any more: then
// it is a *Limit.
func await[T any](a *app, f func() (T, error)) (T, error) { return until(a, a.left, f) }

// awaitBriefly is await where nothing would be known: Ctrl-C ends it at once.
func awaitBriefly[T any](a *app, f func() (T, error)) (T, error) { return until(a, a.ctx, f) }

// until returns what f returns, unless ctx is done first.
func until[T any](a *app, ctx context.Context, f func() (T, error)) (T, error) {
	var err error
	out, done := heeding(ctx, func() (out T) {
		out, err = f()
		return out
	})
	if !done {
		return out, explore.Cancelled(a.ctx)
	}
	return out, err
}

// cutShort says what came of a search, ctx being done, and what it had seen.
func cutShort(ctx context.Context, what string, st explore.Stats) error {
	return &explore.Limit{Reason: fmt.Sprintf("%s: %s; %s and %s had been found",
		what, explore.Cancelled(ctx).Reason, plural(st.States, "state"), plural(st.Transitions, "transition"))}
}

// cancelled says that Ctrl-C came while something was done to a script, or that
// this took too much memory.
func (a *app) cancelled(name, doing string) cspm.Errors {
	return cspm.Errors{{Class: syntax.Limit, Msg: fmt.Sprintf("%s: %s while it was %s", name, explore.Cancelled(a.ctx).Reason, doing)}}
}
