#!/bin/bash
# stress.sh BOOTS SMP BINARY
#
# Boots BINARY, a test binary for the bare machine, BOOTS times with SMP
# processors, and counts what fails. Nothing is tried again. The log of each
# boot that fails stays in build/stress; if the machine hung, it ends with the
# registers of all processors and where in the code these were.
#
# RUN='Stress|NoWork' in the environment chooses tests.
set -u
cd "$(dirname "$0")/.."
boots=$1 smp=$2 binary=$3
out=build/stress
limit=120 # seconds, by the machine's clock; then the binary itself says what hangs
grace=10  # and if it cannot, this much later it is examined

# examine asks the hanging machine at socket $1 what its processors do.
examine() {
	echo "--- no end after $((limit + grace)) s; the processors:"
	timeout 10 build/vit qmp -socket "$1" monitor info registers -a | tee "$1.registers"
	grep -o 'RIP=[0-9a-f]*' "$1.registers" | cut -d= -f2 | build/vit addr2line -elf "$binary"
	rm -f "$1.registers"
}

failed=0
for ((n = 1; n <= boots; n++)); do
	log=$out/smp$smp-boot$n.log socket=$out/smp$smp.sock
	build/vit exec --smp "$smp" --icount off --timeout $((limit + 3 * grace))s \
		--qemu-args "-qmp unix:$socket,server=on,wait=off" "$binary" -test.v -test.timeout ${limit}s \
		${RUN:+-test.run "$RUN"} >"$log" 2>&1 &
	machine=$! start=$SECONDS
	while kill -0 $machine 2>/dev/null; do
		if ((SECONDS - start == limit + grace)); then
			examine "$socket" >>"$log" 2>&1
			sleep 1
		fi
		sleep 0.1
	done
	wait $machine
	code=$?
	rm -f "$socket"
	if [ $code = 0 ] && grep -q '^PASS' "$log"; then
		rm "$log"
		continue
	fi
	((failed++))
	kept=${log%.log}-failed-$(date +%H%M%S).log
	mv "$log" "$kept"
	echo "boot $n of $boots, with $smp processors, failed (exit code $code): $kept"
done
echo "$boots boots with $smp processors: $((boots - failed)) passed, $failed failed"
((failed == 0))
