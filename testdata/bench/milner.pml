/* Milner's cyclic scheduler, as milner.csp.  spin -o3 -DN=14 -a milner.pml */
#ifndef N
#define N 7
#endif
#define EV e = 0
chan c[N] = [0] of { bit };

active proctype FIRST()
{	bit e;
start:	EV;			/* a.0 */
	c[1]!0;
	if
	:: EV; c[0]?0		/* b.0 then c.0 */
	:: c[0]?0; EV
	fi;
	goto start
}
active [N-1] proctype CELL()
{	bit e;
idle:	c[_pid]?0;
start:	EV;			/* a.i */
	c[(_pid+1)%N]!0;
	if
	:: EV; goto idle	/* b.i */
	:: c[_pid]?0; EV; goto start
	fi
}
