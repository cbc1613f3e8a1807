// Package figure draws the book's figures: of the constants and types of the
// kernel's packages, of the built image, and of what a running kernel says of
// itself. Nothing that a figure shows is typed off.
//
// A figure is SVG that follows the reader's setting for light and dark, with a
// title and a description for those who cannot see it. All lists them; a new one
// is a function that draws (see stacks.go for a short one) and a line there.
//
// Reading order: figure.go, canvas.go, constants.go, then any figure.
package figure
