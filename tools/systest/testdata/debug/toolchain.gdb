# What depends on the layouts of a Go release's runtime.

tbreak shell.(*Session).Run
continue
echo == goroutines\n
vit goroutines
goroutine all bt
echo == who\n
vit who $sp
vit who $go("kernel.theMachine").controller
echo == values\n
p $go("kernel.theMachine").session.Shell.byName
p $go("interrupts.lines")[4]
p 'io.EOF'
p $len($go("kernel.stages"))
echo == commands\n
vit audit
vit kbd
vit cpus
