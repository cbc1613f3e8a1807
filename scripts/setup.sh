#!/bin/sh
# setup.sh PURPOSE [vit]
#
# Installs what this host lacks for PURPOSE: build, run, debug, iso, book or test.
# Silent and instant when it lacks nothing: a stamp in build/ lists the files
# that were found, and all of them are still there.
#
# VITRINE_INSTALL=no: only say what is missing.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:?setup.sh: for what? build, run, debug, iso, book or test}
vit=${2:-build/vit}
stamp=build/.host-$purpose

if [ -r "$stamp" ]; then
	complete=yes
	while read -r file; do
		[ -e "$file" ] || complete=no
	done <"$stamp"
	[ $complete = no ] || exit 0
fi

# Anything from Go 1.21 on fetches the Go that go.mod names.
case $(cd / && GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) in
'' | go1.? | go1.?.* | go1.1? | go1.1?.* | go1.20 | go1.20.*)
	echo "setup: Go 1.21 or newer is missing: install it from https://go.dev/dl/" >&2
	exit 1
	;;
esac
mkdir -p build
[ -x "$vit" ] || CGO_ENABLED=0 go build -o "$vit" ./tools/vit
install=--install
[ "${VITRINE_INSTALL:-yes}" = yes ] || install=
exec "$vit" doctor $install --quiet --for "$purpose" --stamp "$stamp"
