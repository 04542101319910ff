/* P producers, C consumers, shared B-place FIFO, as prodcons.csp.
 * The FIFO process is a buffered channel. */
#ifndef P
#define P 2
#endif
#ifndef C
#define C 2
#endif
#ifndef B
#define B 4
#endif
#define EV e = 0
chan buf = [B] of { byte };

active [P] proctype PROD()
{	bit e;
	do
	:: EV; buf!(_pid+1)	/* produce.i, put.i */
	od
}
active [C] proctype CONS()
{	byte x;
	do
	:: buf?x; d_step { x > 0 -> x = 0 }	/* get.j.i, consume.j.i */
	od
}
