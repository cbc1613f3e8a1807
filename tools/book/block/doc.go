// Package block cuts a chapter of the book into what people write and what is
// generated.
//
// What is generated stands between two comments, so that the page reads well
// wherever Markdown is shown:
//
//	<!-- code interrupts/idt.go#Gate nodoc -->     opening: kind, words, options
//	...                                            the body, which the tool writes
//	<!-- end -->
//
// Parse never loses a byte: Page.String gives back what it was given, but for
// the bodies that somebody has replaced.
package block
