package figure

import (
	"fmt"
	"html"
	"strings"
)

// width is every figure's width; its height is the figure's own.
const width = 760

// canvas is a drawing in the making. Lengths are pixels; y grows downwards.
type canvas struct {
	b strings.Builder
}

// style has the colours, for light and dark. A figure has a ground of its own,
// so that it is readable on any page.
const style = `
.ground { fill: #ffffff; }
.box { fill: #f2f2ee; stroke: #6b6b64; }
.hot { fill: #fbe3d2; stroke: #9c3f0c; }
.cool { fill: #dcebfa; stroke: #0b57a4; }
.calm { fill: #dff0e0; stroke: #1a6b2f; }
.gap { fill: none; stroke: #6b6b64; stroke-dasharray: 4 4; }
.cell { fill: none; stroke: #8a8a82; stroke-width: 0.7; }
.line { fill: none; stroke: #4a4a45; stroke-width: 1.5; }
.head { fill: #4a4a45; }
text { fill: #1c1c1a; font: 14px system-ui, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif; }
.mono { font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 13px; }
.small { font-size: 12px; }
.soft { fill: #5a5a54; }
.bold { font-weight: 600; }
@media (prefers-color-scheme: dark) {
.ground { fill: #16181b; }
.box { fill: #24282d; stroke: #8d938f; }
.hot { fill: #4a2a16; stroke: #f0a070; }
.cool { fill: #16324e; stroke: #7db8f0; }
.calm { fill: #17371f; stroke: #8fd19a; }
.gap { stroke: #8d938f; }
.line { stroke: #b9bdb6; }
.head { fill: #b9bdb6; }
text { fill: #e4e4df; }
.soft { fill: #a6a9a4; }
}
`

// box draws a rectangle.
func (c *canvas) box(class string, x, y, w, h int) {
	fmt.Fprintf(&c.b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>\n", class, x, y, w, h)
}

// text writes a line that begins at x; with the class middle its middle is
// there, with end its end.
func (c *canvas) text(class string, x, y int, format string, args ...any) {
	anchor := ""
	for _, word := range strings.Fields(class) {
		if word == "middle" || word == "end" {
			anchor = fmt.Sprintf(" text-anchor=\"%s\"", word)
		}
	}
	fmt.Fprintf(&c.b, "<text class=\"%s\" x=\"%d\" y=\"%d\"%s xml:space=\"preserve\">%s</text>\n", class, x, y, anchor, html.EscapeString(fmt.Sprintf(format, args...)))
}

// label draws a rectangle with a line of text in its middle.
func (c *canvas) label(class, font string, x, y, w, h int, format string, args ...any) {
	c.box(class, x, y, w, h)
	c.text(font+" middle", x+w/2, y+h/2+5, format, args...)
}

// path draws a line through points.
func (c *canvas) path(points ...int) {
	var b strings.Builder
	for i := 0; i+1 < len(points); i += 2 {
		fmt.Fprintf(&b, "%s%d %d", map[bool]string{true: "M", false: " L"}[i == 0], points[i], points[i+1])
	}
	fmt.Fprintf(&c.b, "<path class=\"line\" d=\"%s\"/>\n", b.String())
}

// arrow draws a line through points, with a head at the last.
func (c *canvas) arrow(points ...int) {
	c.path(points...)
	n := len(points)
	x, y := points[n-2], points[n-1]
	dx, dy := sign(x-points[n-4]), sign(y-points[n-3])
	if dx != 0 && dy != 0 { // a slanted line: the head points along its longer side
		if abs(x-points[n-4]) > abs(y-points[n-3]) {
			dy = 0
		} else {
			dx = 0
		}
	}
	fmt.Fprintf(&c.b, "<path class=\"head\" d=\"M%d %d L%d %d L%d %d Z\"/>\n", x, y, x-9*dx-5*dy, y-9*dy-5*dx, x-9*dx+5*dy, y-9*dy+5*dx)
}

func sign(n int) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

func abs(n int) int { return n * max(sign(n), -1) }

// svg returns the drawing.
func (c *canvas) svg(title, description string, height int) string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" aria-labelledby="title desc">
<title id="title">%s</title>
<desc id="desc">%s</desc>
<style>%s</style>
<rect class="ground" width="%d" height="%d" rx="6"/>
%s</svg>
`, width, height, width, height, html.EscapeString(title), html.EscapeString(description), style, width, height, c.b.String())
}
