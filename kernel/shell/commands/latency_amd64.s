//go:build tamago

#include "textflag.h"

// func enterLine11()
// The lines' vectors begin behind the 32 exceptions.
TEXT ·enterLine11(SB),NOSPLIT,$0-0
	INT	$43
	RET
