#!/bin/bash
# lint.sh [--fix]
#
# Checks the form of the sources: gofumpt (stricter gofmt), go vet and
# staticcheck, for the host and for both contracts of the bare machine. With
# --fix: only gofumpt, and it mends what it finds.
#
# Needs build/goroot (make build/goroot).
set -euo pipefail
cd "$(dirname "$0")/.."

tools=build/.lint # with a dot, so that ./... leaves it out
mkdir -p $tools
# The directory would count for the module of its own: hence -C.
go build -C tools/lint -o "$PWD/$tools/" honnef.co/go/tools/cmd/staticcheck mvdan.cc/gofumpt

if [ "${1:-}" = --fix ]; then
	$tools/gofumpt -l -w boot drivers interrupts kernel mm tools
	exit
fi
bad=0

unformatted=$($tools/gofumpt -l boot drivers interrupts kernel mm tools)
if [ -n "$unformatted" ]; then
	printf "not formatted ('make fmt' does it):\n%s\n" "$unformatted" >&2
	bad=1
fi

# bare runs a command with the environment that compiles for the bare machine.
# GOROOT is the derived one with our hooks in place of its own: the go command
# puts them there by itself, but only for programs that ask it for the text.
bare() {
	GOOS=tamago GOARCH=amd64 CGO_ENABLED=0 GOFLAGS='' GOWORK=off \
		GOROOT="$PWD/$goroot" PATH="$PWD/$goroot/bin:$PATH" "$@"
}

# link_all FROM TO: an entry in TO for each one in FROM, except the last
# argument.
link_all() {
	mkdir -p "$2"
	for each in "$1"/*; do
		[ "${each##*/}" = "$3" ] || ln -s "$each" "$2/"
	done
}
goroot=$tools/goroot
derived=$(readlink -f build/goroot)
rm -rf $goroot
link_all "$derived" $goroot src
link_all "$derived/src" $goroot/src runtime
link_all "$derived/src/runtime" $goroot/src/runtime goos
mkdir $goroot/src/runtime/goos
cp boot/goos/*.go boot/goos/*.s $goroot/src/runtime/goos/

kernel='./boot/... ./drivers/... ./interrupts/... ./kernel/... ./mm/...'
go vet ./... || bad=1
# shellcheck disable=SC2086 # several words
for tags in derived ''; do
	bare go vet -tags "$tags" $kernel || bad=1
done

# What is unused, only all configurations together can tell.
$tools/staticcheck -f binary ./... >$tools/host.found || [ $? = 1 ]
# shellcheck disable=SC2086
for tags in derived plain; do
	bare "$PWD/$tools/staticcheck" -f binary -tags $tags $kernel >$tools/$tags.found || [ $? = 1 ]
done
$tools/staticcheck -merge $tools/host.found $tools/derived.found $tools/plain.found || bad=1
exit $bad
