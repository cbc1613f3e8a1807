package framebuffer

import "vitrine/drivers/screen"

// Lines meet in a square of three by three pixels. Outside of it each arm is
// simple: a light line is one pixel wide, a heavy one three, and a double one
// is three with the middle left out.
//
//	       left  right
//	          v  v
//	top ->    abc
//	          def      each of a to i is a pixel
//	bottom -> ghi
const (
	left, right = 3, 6 // the square, right and bottom not included
	top, bottom = 7, 10
)

// drawBox makes g the picture of r if it is a box-drawing character with arms.
func drawBox(g *glyph, r rune) bool {
	a, ok := screen.Box(r)
	if !ok {
		return false
	}
	for i := range 3 { // the three pixels across an arm
		if drawn(a.Up, i) {
			g.fill(left+i, 0, left+i+1, top, 0xff)
		}
		if drawn(a.Down, i) {
			g.fill(left+i, bottom, left+i+1, cellHeight, 0xff)
		}
		if drawn(a.Left, i) {
			g.fill(0, top+i, left, top+i+1, 0xff)
		}
		if drawn(a.Right, i) {
			g.fill(right, top+i, cellWidth, top+i+1, 0xff)
		}
	}
	drawSquare(g, a)
	return true
}

// drawn tells whether pixel i across an arm belongs to the line.
func drawn(a screen.Arm, i int) bool {
	switch a {
	case screen.Light:
		return i == 1
	case screen.Heavy:
		return true
	case screen.Double:
		return i != 1
	}
	return false
}

// drawSquare joins the arms. The square is drawn once for each of its four
// sides, always as if that side were up.
func drawSquare(g *glyph, a screen.Arms) {
	sides := [4]screen.Arms{
		{Up: a.Up, Right: a.Right, Down: a.Down, Left: a.Left},
		{Up: a.Right, Right: a.Down, Down: a.Left, Left: a.Up},
		{Up: a.Down, Right: a.Left, Down: a.Up, Left: a.Right},
		{Up: a.Left, Right: a.Up, Down: a.Right, Left: a.Down},
	}
	// Going clockwise around the middle: the corner to the left of each side,
	// and the side itself.
	corners := [4][2]int{{0, 0}, {2, 0}, {2, 2}, {0, 2}}
	edges := [4][2]int{{1, 0}, {2, 1}, {1, 2}, {0, 1}}
	for i, s := range sides {
		if corner(s) {
			g.point(corners[i])
		}
		if edge(s) {
			g.point(edges[i])
		}
		if middle(s) {
			g.point([2]int{1, 1})
		}
	}
}

func (g *glyph) point(p [2]int) { g[(top+p[1])&15][(left+p[0])&7] = 0xff }

// corner tells whether pixel a is set: a wide arm passes it, or wide arms go
// the other two ways and turn around it.
func corner(s screen.Arms) bool {
	return wide(s.Up) || wide(s.Left) || wide(s.Down) && wide(s.Right)
}

// edge tells whether pixel b is set: a line comes in there, or a double line
// goes past it.
func edge(s screen.Arms) bool {
	switch s.Up {
	case screen.Double:
		return false
	case screen.Light, screen.Heavy:
		return true
	}
	return wide(s.Left) || wide(s.Right)
}

// middle tells whether the arm that comes from above reaches the middle: it
// goes on to the other side, or turns, but does not end at a double line.
func middle(s screen.Arms) bool {
	if s.Up == screen.NoArm || s.Up == screen.Double {
		return false
	}
	through := s.Down != screen.NoArm && s.Down != screen.Double
	return through || s.Left != screen.Double || s.Right != screen.Double
}

func wide(a screen.Arm) bool { return a == screen.Heavy || a == screen.Double }
