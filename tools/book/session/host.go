package session

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// hostLimit bounds a command on the host.
const hostLimit = 2 * time.Minute

// Host runs a command with sh in the top folder, and returns what it prints.
// That a command fails is no error: the page shows it.
func Host(ctx context.Context, root, command string, places ...string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, hostLimit)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", "-c", command)
	c.Dir, c.WaitDelay = root, time.Second
	var out strings.Builder
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if _, failed := err.(*exec.ExitError); err != nil && !failed {
		return nil, err
	}
	return Clean(out.String(), append(places, root)...), nil
}
