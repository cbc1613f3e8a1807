package keymap

// es is the layout of Spain. The accents right of P and Ñ are dead.
var es = table{
	name: "es", title: "Spanish", decimal: '.',
	plain: rows{
		`º 1 2 3 4 5 6 7 8 9 0 ' ¡`,
		"   q w e r t y u i o p `* +",
		`    a s d f g h j k l ñ ´* ç`,
		`  < z x c v b n m , . -`,
	},
	shift: rows{
		`ª ! " · $ % & / ( ) = ? ¿`,
		`   Q W E R T Y U I O P ^* *`,
		`    A S D F G H J K L Ñ ¨* Ç`,
		`  > Z X C V B N M ; : _`,
	},
	altGr: rows{
		`\ | @ # ~ -- ¬ -- -- -- -- -- --`,
		`   -- -- € -- -- -- -- -- -- -- [ ]`,
		`    -- -- -- -- -- -- -- -- -- -- { }`,
	},
}
