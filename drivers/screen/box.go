package screen

// Arm is one of the four lines that meet in the middle of a box-drawing
// character.
type Arm uint8

// The kinds of arm.
const (
	NoArm Arm = iota
	Light
	Heavy
	Double
)

// Arms are the lines of a box-drawing character: "├" is {Light, Light, Light,
// NoArm}.
type Arms struct{ Up, Right, Down, Left Arm }

// arms has, for each rune from U+2500 to U+257F, its four arms in the order
// up, right, down, left (The Unicode Standard, "Box Drawing"). Dashed lines
// count as solid ones, round corners as square ones. Diagonals have none.
const arms = "" +
	"0101 0202 1010 2020 0101 0202 1010 2020 " + // ─━│┃┄┅┆┇
	"0101 0202 1010 2020 0110 0210 0120 0220 " + // ┈┉┊┋┌┍┎┏
	"0011 0012 0021 0022 1100 1200 2100 2200 " + // ┐┑┒┓└┕┖┗
	"1001 1002 2001 2002 1110 1210 2110 1120 " + // ┘┙┚┛├┝┞┟
	"2120 2210 1220 2220 1011 1012 2011 1021 " + // ┠┡┢┣┤┥┦┧
	"2021 2012 1022 2022 0111 0112 0211 0212 " + // ┨┩┪┫┬┭┮┯
	"0121 0122 0221 0222 1101 1102 1201 1202 " + // ┰┱┲┳┴┵┶┷
	"2101 2102 2201 2202 1111 1112 1211 1212 " + // ┸┹┺┻┼┽┾┿
	"2111 1121 2121 2112 2211 1122 1221 2212 " + // ╀╁╂╃╄╅╆╇
	"1222 2122 2221 2222 0101 0202 1010 2020 " + // ╈╉╊╋╌╍╎╏
	"0303 3030 0310 0130 0330 0013 0031 0033 " + // ═║╒╓╔╕╖╗
	"1300 3100 3300 1003 3001 3003 1310 3130 " + // ╘╙╚╛╜╝╞╟
	"3330 1013 3031 3033 0313 0131 0333 1303 " + // ╠╡╢╣╤╥╦╧
	"3101 3303 1313 3131 3333 0110 0011 1001 " + // ╨╩╪╫╬╭╮╯
	"1100 0000 0000 0000 0001 1000 0100 0010 " + // ╰╱╲╳╴╵╶╷
	"0002 2000 0200 0020 0201 1020 0102 2010 " // ╸╹╺╻╼╽╾╿

const (
	firstBox = 0x2500
	lastBox  = 0x257f
)

// Box returns the arms of r, or false if r is not a box-drawing character with
// arms.
func Box(r rune) (Arms, bool) {
	if r < firstBox || r > lastBox {
		return Arms{}, false
	}
	s := arms[(r-firstBox)*5:]
	a := Arms{Arm(s[0] - '0'), Arm(s[1] - '0'), Arm(s[2] - '0'), Arm(s[3] - '0')}
	return a, a != Arms{}
}

// simplerBox returns the character with light lines where r has heavy ones,
// and whole lines where r has half ones.
func simplerBox(r rune) (rune, bool) {
	want, ok := Box(r)
	if !ok {
		return 0, false
	}
	want = Arms{want.Up.light(), want.Right.light(), want.Down.light(), want.Left.light()}
	switch {
	case want.Up|want.Down == NoArm:
		want.Left |= want.Right
		want.Right = want.Left
	case want.Left|want.Right == NoArm:
		want.Up |= want.Down
		want.Down = want.Up
	}
	for c := rune(firstBox); c <= lastBox; c++ {
		if got, _ := Box(c); got == want {
			return c, c != r
		}
	}
	return 0, false
}

func (a Arm) light() Arm {
	if a == Heavy {
		return Light
	}
	return a
}
