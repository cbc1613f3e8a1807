#!/bin/bash
# test.sh STAGE...
#
# Runs make test-STAGE for each, tells how long each took, and fails if any
# failed.
set -u
cd "$(dirname "$0")/.."

failed=0
summary=''
begin=$SECONDS
for stage in "$@"; do
	printf '\n== %s\n' "$stage"
	start=$SECONDS
	result=ok
	make --no-print-directory "test-$stage" || result=FAILED
	[ $result = ok ] || failed=1
	line=$(printf '%-12s %-7s %4d s' "$stage" $result $((SECONDS - start)))
	printf '== %s\n' "$line"
	summary+="  $line"$'\n'
done
printf '\n%s  %-12s %-7s %4d s\n' "$summary" all "$([ $failed = 0 ] && echo ok || echo FAILED)" $((SECONDS - begin))
exit $failed
