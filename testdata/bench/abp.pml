/* Alternating bit protocol, data 0..D-1, as abp.csp.
 * The one-place lossy media are buffered channels of capacity 1; LOSE loses
 * messages.  Promela has no one-step choice among D data, so the options of "in"
 * are written out in abp_in.inc by cmd/cspcheck/compare.
 * Locals are cleared when dead, so equal CSP states are equal Promela states.    */
#define EV e = 0
chan med  = [1] of { bit, short };
chan amed = [1] of { bit };

active proctype SND()
{	bit e, b; short d;
snd:	if					/* in?d */
#include "abp_in.inc"
	fi;
tx:	med!b,d;				/* sm.b.d */
aw:	if
	:: EV; goto tx				/* timeout */
	:: d_step { amed?[eval(b)] -> amed?eval(b); b = 1-b; d = 0 }; goto snd
	:: d_step { amed?[eval(1-b)] -> amed?eval(1-b) }; goto aw
	fi
}
active proctype LOSE()
{
	do
	:: d_step { len(med) > 0 -> med?_,_ }		/* lose */
	:: d_step { len(amed) > 0 -> amed?_ }		/* loseack */
	od
}
active proctype RCV()
{	bit b; short d;
rcv:	if
	:: med?eval(b),d;				/* mr.b?d */
	   d_step { d >= 0 -> d = 0; b = 1-b }		/* out.d */
	:: med?eval(1-b),_				/* mr.(1-b)?d */
	fi;
	amed!(1-b);					/* ra */
	goto rcv
}
