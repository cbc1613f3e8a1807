package term

import "vitrine/drivers/screen"

// pen is how new characters look.
type pen struct {
	foreground, background screen.Color
	bold, reverse, hide    bool
}

func (p *pen) reset() { *p = pen{foreground: screen.White, background: screen.Black} }

// attr returns the two colours that the pen comes down to. Bold is shown as
// bright.
func (p *pen) attr() screen.Attr {
	front, back := p.foreground, p.background
	if p.bold {
		front |= screen.Bright
	}
	if p.reverse {
		front, back = back, front
	}
	if p.hide {
		front = back
	}
	return screen.Colors(front, back)
}

// apply obeys ESC [ ... m (ECMA-48, "SGR - Select Graphic Rendition").
func (p *pen) apply(s *parser) {
	if s.count == 0 {
		p.reset()
	}
	for i := 0; i < s.count; {
		n := s.params[i]
		end := i + 1
		for end < s.count && s.joined&(1<<end) != 0 {
			end++
		}
		switch {
		case n == 38 || n == 48:
			color, ok := screen.Color(0), false
			color, ok, end = extended(s, i+1, end)
			if ok && n == 38 {
				p.foreground = color
			} else if ok {
				p.background = color
			}
		default:
			p.set(n)
		}
		i = end
	}
}

// set obeys one number that stands for itself.
func (p *pen) set(n int) {
	switch {
	case n == 0:
		p.reset()
	case n == 1:
		p.bold = true
	case n == 7:
		p.reverse = true
	case n == 8:
		p.hide = true
	case n == 22:
		p.bold = false
	case n == 27:
		p.reverse = false
	case n == 28:
		p.hide = false
	case n >= 30 && n <= 37:
		p.foreground = screen.Color(n - 30)
	case n == 39:
		p.foreground = screen.White
	case n >= 40 && n <= 47:
		p.background = screen.Color(n - 40)
	case n == 49:
		p.background = screen.Black
	case n >= 90 && n <= 97:
		p.foreground = screen.Color(n-90) | screen.Bright
	case n >= 100 && n <= 107:
		p.background = screen.Color(n-100) | screen.Bright
	}
}

// extended reads the colour after 38 or 48, whose numbers start at i, and
// returns where the next one starts. There are two spellings, the standard's
// with colons, in which the numbers end at end and a number for the colour
// space may come first, and the common one with semicolons:
//
//	38:5:N  38:2:S:R:G:B  38:2:R:G:B
//	38;5;N  38;2;R;G;B
func extended(s *parser, i, end int) (c screen.Color, ok bool, next int) {
	colons := end > i
	next = end
	if !colons {
		next = min(i+1, s.count)
		switch s.param(i, 0) {
		case 5:
			next = min(i+2, s.count)
		case 2:
			next = min(i+4, s.count)
		}
		end = next
	}
	switch kind := s.param(i, 0); {
	case kind == 5 && end-i >= 2:
		return indexed(s.params[i+1]), true, next
	case kind == 2 && end-i >= 5:
		return screen.Nearest(level(s.params[i+2]), level(s.params[i+3]), level(s.params[i+4])), true, next
	case kind == 2 && end-i == 4:
		return screen.Nearest(level(s.params[i+1]), level(s.params[i+2]), level(s.params[i+3])), true, next
	}
	return 0, false, next
}

func level(n int) uint8 { return uint8(min(n, 255)) }

// indexed returns the colour nearest to number n of xterm's 256: first the
// sixteen, then a cube of 6 x 6 x 6, then 24 greys.
func indexed(n int) screen.Color {
	switch {
	case n < 16:
		return screen.Color(n)
	case n < 232:
		n -= 16
		return screen.Nearest(cube(n/36), cube(n/6%6), cube(n%6))
	}
	grey := level(8 + 10*(n-232))
	return screen.Nearest(grey, grey, grey)
}

// cube returns the intensity of step n, 0 to 5.
func cube(n int) uint8 {
	if n == 0 {
		return 0
	}
	return uint8(55 + 40*n)
}
