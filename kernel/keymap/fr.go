package keymap

// fr is AZERTY. The accents ^ and ¨ right of P are dead; ~ ` ^ on the digits are
// not, as shells need them more than letters do.
var fr = table{
	name: "fr", title: "French", decimal: '.',
	plain: rows{
		`² & é " ' ( - è _ ç à ) =`,
		`   a z e r t y u i o p ^* $`,
		`    q s d f g h j k l m ù *`,
		`  < w x c v b n , ; : !`,
	},
	shift: rows{
		`-- 1 2 3 4 5 6 7 8 9 0 ° +`,
		`   A Z E R T Y U I O P ¨* £`,
		`    Q S D F G H J K L M % µ`,
		`  > W X C V B N ? . / §`,
	},
	altGr: rows{
		"-- -- ~ # { [ | ` \\ ^ @ ] }",
		`   -- -- € -- -- -- -- -- -- -- -- ¤`,
	},
}
