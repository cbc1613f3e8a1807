package keymap

// de is DIN 2137, T1. The accents ^ ´ ` are dead.
var de = table{
	name: "de", title: "German", decimal: ',',
	plain: rows{
		`^* 1 2 3 4 5 6 7 8 9 0 ß ´*`,
		`    q w e r t z u i o p ü +`,
		`     a s d f g h j k l ö ä #`,
		`   < y x c v b n m , . -`,
	},
	shift: rows{
		"°  ! \" § $ % & / ( ) = ? `*",
		`    Q W E R T Z U I O P Ü *`,
		`     A S D F G H J K L Ö Ä '`,
		`   > Y X C V B N M ; : _`,
	},
	altGr: rows{
		`-- -- ² ³ -- -- -- { [ ] } \ --`,
		`    @ -- € -- -- -- -- -- -- -- -- ~`,
		``,
		`   | -- -- -- -- -- -- µ -- -- --`,
	},
	shiftAltGr: rows{
		`-- -- -- -- -- -- -- -- -- -- -- ẞ --`,
	},
}
