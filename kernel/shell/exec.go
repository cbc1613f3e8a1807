package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Run runs the commands of a line, one pipeline after the other, and prints
// what goes wrong. A command that fails does not keep the next from running;
// Ctrl-C, that is the end of ctx, does.
//
// Errors: that of the last pipeline, already printed. Context: a goroutine.
func (s *Shell) Run(ctx context.Context, sh *Env, line string) error {
	pipelines, err := parse(line)
	if err != nil {
		s.report(sh, err)
		return err
	}
	for _, p := range pipelines {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err = s.pipeline(ctx, sh, p)
		s.report(sh, err)
	}
	return err
}

// pipeline runs calls side by side, connected by pipes. A call that ends stops
// those that print to it.
func (s *Shell) pipeline(ctx context.Context, sh *Env, p pipeline) error {
	commands := make([]*Command, len(p))
	for i, c := range p {
		command, err := s.Find(c.args[0])
		if err != nil {
			return err
		}
		if i > 0 && !command.Filter {
			return fmt.Errorf("%s: does not read from a pipe", command.Name)
		}
		commands[i] = command
	}

	errs := make([]error, len(p))
	var wg sync.WaitGroup
	var in *io.PipeReader
	stop := func() {}
	for i, c := range p {
		env := *sh
		ctx, cancel := context.WithCancel(ctx)
		var out *io.PipeWriter
		var next *io.PipeReader
		if in != nil {
			env.In = in
		}
		if i < len(p)-1 {
			next, out = io.Pipe()
			env.Out, env.Colour = out, false
		}
		before, from := stop, in
		wg.Go(func() {
			defer cancel()
			errs[i] = s.call(ctx, &env, commands[i], c.args[1:])
			if out != nil {
				out.Close()
			}
			if from != nil {
				before()
				from.Close()
			}
		})
		in, stop = next, func() { before(); cancel() }
	}
	wg.Wait()

	// An upstream command that was cut short did nothing wrong.
	err := errs[len(errs)-1]
	for _, e := range errs[:len(errs)-1] {
		if err == nil && ctx.Err() == nil && !errors.Is(e, context.Canceled) && !errors.Is(e, io.ErrClosedPipe) {
			err = e
		}
	}
	return err
}

// call runs one command and turns a panic of it into an error.
func (s *Shell) call(ctx context.Context, sh *Env, c *Command, args []string) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		if value := recover(); value != nil {
			err = &PanicError{Command: c.Name, Value: value, Stack: stackOf(callName)}
		} else { // runtime.Goexit
			err = fmt.Errorf("%s: ended its goroutine", c.Name)
		}
	}()
	err = c.Run(ctx, sh, args)
	returned = true
	if usage := (*UsageError)(nil); errors.As(err, &usage) && usage.Command == nil {
		usage.Command = c
	} else if err != nil && !errors.As(err, &usage) && !errors.As(err, new(*PanicError)) && !errors.As(err, new(*commandError)) {
		err = &commandError{c.Name, err}
	}
	return err
}

// Call runs a command that another one was given as arguments: time, watch.
//
// Errors: those of the command.
func (s *Shell) Call(ctx context.Context, sh *Env, args []string) error {
	if len(args) == 0 {
		return Usagef("no command to run")
	}
	c, err := s.Find(args[0])
	if err != nil {
		return err
	}
	return s.call(ctx, sh, c, args[1:])
}

// callName is the name of Shell.call in a stack trace: what is above it belongs
// to the shell, not to the command.
const callName = "vitrine/kernel/shell.(*Shell).call"
