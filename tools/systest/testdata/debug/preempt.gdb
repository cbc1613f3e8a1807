# A goroutine that the timer interrupt has made give way, and one that has not
# run yet.

tbreak runtime.asyncPreempt2
continue
echo == preempted\n
bt
echo == goroutines\n
info goroutines
goroutine all bt
