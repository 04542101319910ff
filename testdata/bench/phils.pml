/* Dining philosophers, as phils.csp.  spin -o3 -DN=7 [-DASYM] -a phils.pml
 * -o3 (no statement merging) keeps one Promela step per CSP event; EV is an
 * event of one process alone (plain skip can be optimised away by spin).      */
#ifndef N
#define N 5
#endif
#define R(i) (((i)+1)%N)
#define EV e = 0

chan pick0[N] = [0] of { bit };	/* picks.i.i            */
chan pick1[N] = [0] of { bit };	/* picks.((f-1)%N).f    */
chan put0[N]  = [0] of { bit };
chan put1[N]  = [0] of { bit };

#ifdef ASYM
active proctype LEFTY()		/* philosopher 0 takes the far fork first */
{	bit e;
	do
	:: EV; EV; pick1[1]!0; pick0[0]!0; EV; put1[1]!0; put0[0]!0; EV
	od
}
active [N-1] proctype PHIL()
#else
active [N] proctype PHIL()
#endif
{	bit e;
	do
	:: EV;			/* thinks */
	   EV;			/* sits */
	   pick0[_pid]!0;
	   pick1[R(_pid)]!0;
	   EV;			/* eats */
	   put1[R(_pid)]!0;
	   put0[_pid]!0;
	   EV			/* getsup */
	od
}
active [N] proctype FORK()
{
	do
	:: pick0[_pid-N]?0; put0[_pid-N]?0
	:: pick1[_pid-N]?0; put1[_pid-N]?0
	od
}
