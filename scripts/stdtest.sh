#!/bin/bash
# stdtest.sh TOOLCHAIN [PACKAGE...]
#
# Runs the standard library's tests of a release of Go, such as go1.26.11, or of
# the Go in use (TOOLCHAIN is "local"), on the bare machine: all packages, or some.
# make sets KTAGS and LDFLAGS. The results go to build/std/RELEASE/results.json.
set -eu
cd "$(dirname "$0")/.."
toolchain=$1
shift

if [ "$toolchain" = local ]; then
	stock=$(go env GOROOT)
else
	stock=$(cd / && GOTOOLCHAIN=$toolchain go env GOROOT | tail -n 1) # it says what it downloads
fi
work=$PWD/build/std/$(head -n 1 "$stock/VERSION")
mkdir -p "$work"
build/tamago -goroot "$stock" -link "$work/goroot" >/dev/null

export GOOS=tamago GOARCH=amd64 GOOSPKG=$PWD/boot GOFLAGS= GOWORK=off CGO_ENABLED=0
exec build/stdtest -derived "$work/goroot" -stock "$stock" -vit "$PWD/build/vit" -work "$work" -packages "$*" -- \
	"$work/goroot/bin/go" test -json -p "${JOBS:-2}" -count=1 -vet=off -short -timeout 10m -tags "$KTAGS" -ldflags "-w $LDFLAGS"
