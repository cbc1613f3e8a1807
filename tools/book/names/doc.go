// Package names tells whether what a page speaks of exists: files, folders,
// names in Go, targets of make, commands of vit, links and their anchors.
//
// Index reads the repository once, and the standard library's packages when
// somebody asks for one. Then Index.Word checks one word in backticks and
// Index.Page a whole page: start reading there.
//
// It reads names, not meanings. Words that are nobody's (RAX, CR3, INT 3) are
// free; so are names of other systems' files, if they do not look like ours.
package names
