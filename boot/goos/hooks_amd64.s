#include "textflag.h"

// CPUInit is entered from boot.S by a jump, so it is not a call either.
TEXT ·CPUInit(SB),NOSPLIT|NOFRAME,$0
	JMP	vitrine∕kernel∕start·entry(SB)
