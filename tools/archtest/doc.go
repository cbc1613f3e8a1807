// Package archtest holds the documentation to its word.
//
// docs/ARCHITECTURE.md says which package stands on which floor, which files
// are assembly, which reach into the runtime. Its tables are not a picture of
// the code but a rule for it: the tests of this package read them and read the
// sources, and fail where the two differ. Each table stands under a line
//
//	<!-- archtest: floors -->
//
// that names it and that no reader of the page sees.
//
// The sources are read with go/parser, whatever their build constraints, so
// that neither a toolchain for the bare machine nor a build is needed.
//
// Reading order: floors_test.go, then rules_test.go, references_test.go and
// docs_test.go; tree_test.go and table_test.go are what they stand on.
package archtest
