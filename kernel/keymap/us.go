package keymap

// us is the layout after which keys are named. It has no AltGr, so the right
// Alt key is a second Alt. American keyboards lack the key "<".
var us = table{
	name: "us", title: "American", decimal: '.',
	plain: rows{
		"` 1 2 3 4 5 6 7 8 9 0 - =",
		`   q w e r t y u i o p [ ]`,
		`    a s d f g h j k l ; ' \`,
		`  < z x c v b n m , . /`,
	},
	shift: rows{
		`~ ! @ # $ % ^ & * ( ) _ +`,
		`   Q W E R T Y U I O P { }`,
		`    A S D F G H J K L : " |`,
		`  > Z X C V B N M < > ?`,
	},
}
