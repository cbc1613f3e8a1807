# Code on a system stack that wants to be on one: each instruction until its
# function is called. A goroutine that the timer interrupt has made give way, and
# one that has not run yet.

tbreak runtime.newproc
continue
tbreak runtime.systemstack
continue
echo == on a system stack already\n
python
while gdb.newest_frame().name() == "runtime.systemstack":
    print(" < ".join(line.split(" (")[0].split()[-1] for line in gdb.execute("bt", to_string=True).splitlines()))
    gdb.execute("stepi", to_string=True)
end
bt

tbreak runtime.asyncPreempt2
continue
echo == preempted\n
bt
echo == goroutines\n
info goroutines
goroutine all bt
