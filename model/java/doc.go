// Package java has the machines of what Java threads share, by the rules of
// the Java Language Specification (chapter 17) and the documentation of
// java.util.concurrent: monitors, ReentrantLock with its conditions, thread
// pools, queues and futures.
//
// Each function whose name ends in Machine makes a machine over events that
// begin with its name and a dot, for networks that are put together by the
// operators of package model. The script specs/lib/java.csp has the same
// things as modules; a test holds either against the other.
//
// A thread is known by its name, in which the events that it does end: a
// monitor has an owner. An exception is an event that begins with "throws",
// or says what is refused, of which nothing is said but that it happens.
//
// # What is exact, and what is not
//
// What the documents leave open is left open: which thread of a wait set a
// notify picks, who gets a lock that is not fair. Where the documentation of
// a class fixes an order, so does its machine. Spurious wake-ups are an
// option, as with them nobody waits for ever; a wait with a timeout is one
// that may wake up spuriously.
//
// Left out are interrupts, and with them shutdownNow and cancel(true); time;
// and the number of holds is bounded, where Java's bound is 2³¹-1.
//
// To read the code, start at MonitorMachine in monitor.go.
package java
