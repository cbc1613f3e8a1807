#!/bin/bash
# test.sh STAGE...
#
# Runs make test-STAGE for each, tells how long each took, in seconds by the
# clock and by processors, and fails if any failed.
set -u
cd "$(dirname "$0")/.."
mkdir -p build

# count sets used to the processor time of all that has run so far, in seconds.
# (In a subshell, times would count that one's.)
count() {
	local part minutes seconds
	times >build/.times
	used=0
	for part in $(tail -n 1 build/.times); do # user and system, as 1m2.345s
		minutes=${part%m*} seconds=${part#*m}
		used=$((used + 60 * minutes + ${seconds%%[.,]*}))
	done
}

failed=0
summary=''
count
for stage in "$@"; do
	printf '\n== %s\n' "$stage"
	start=$SECONDS before=$used result=ok
	make --no-print-directory "test-$stage" || result=FAILED failed=1
	count
	line=$(printf '%-12s %-7s %4d s %5d s' "$stage" $result $((SECONDS - start)) $((used - before)))
	printf '== %s\n' "$line"
	summary+="  $line"$'\n'
done
printf '\n  %-20s %6s %7s\n%s' stage clock CPUs "$summary"
printf '  %-12s %-7s %4d s %5d s\n' all "$([ $failed = 0 ] && echo ok || echo FAILED)" "$SECONDS" "$used"
exit $failed
