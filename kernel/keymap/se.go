package keymap

// se is the layout of Sweden and Finland. The accents ´ ` ¨ ^ ~ are dead.
var se = table{
	name: "se", title: "Swedish, Finnish", decimal: ',',
	plain: rows{
		`§ 1 2 3 4 5 6 7 8 9 0 + ´*`,
		`   q w e r t y u i o p å ¨*`,
		`    a s d f g h j k l ö ä '`,
		`  < z x c v b n m , . -`,
	},
	shift: rows{
		"½ ! \" # ¤ % & / ( ) = ? `*",
		`   Q W E R T Y U I O P Å ^*`,
		`    A S D F G H J K L Ö Ä *`,
		`  > Z X C V B N M ; : _`,
	},
	altGr: rows{
		`-- -- @ £ $ -- -- { [ ] } \ --`,
		`   -- -- € -- -- -- -- -- -- -- -- ~*`,
		``,
		`  | -- -- -- -- -- -- µ -- -- --`,
	},
}
