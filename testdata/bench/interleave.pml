/* N independent cyclers of length K, as interleave.csp. */
#ifndef N
#define N 4
#endif
#ifndef K
#define K 10
#endif
active [N] proctype C()
{
	byte j;
	do
	:: j = (j+1)%K
	od
}
