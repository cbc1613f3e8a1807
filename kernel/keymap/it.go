package keymap

// it has no dead keys: the accented letters of Italian have keys of their own.
// On Windows it has neither ~ nor `; they are where X has them.
var it = table{
	name: "it", title: "Italian", decimal: '.',
	plain: rows{
		`\ 1 2 3 4 5 6 7 8 9 0 ' ì`,
		`   q w e r t y u i o p è +`,
		`    a s d f g h j k l ò à ù`,
		`  < z x c v b n m , . -`,
	},
	shift: rows{
		`| ! " £ $ % & / ( ) = ? ^`,
		`   Q W E R T Y U I O P é *`,
		`    A S D F G H J K L ç ° §`,
		`  > Z X C V B N M ; : _`,
	},
	altGr: rows{
		"-- -- -- -- -- -- -- -- -- -- -- ` ~",
		`   -- -- € -- -- -- -- -- -- -- [ ]`,
		`    -- -- -- -- -- -- -- -- -- @ # --`,
	},
	shiftAltGr: rows{
		``,
		`   -- -- -- -- -- -- -- -- -- -- { }`,
	},
}
