package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"strconv"
	"strings"

	"vitrine/tools/qemu/symbol"
)

// addr2lineCommand is 'vit addr2line'.
func addr2lineCommand() command {
	return command{
		name:    "addr2line",
		args:    "[address ...]",
		summary: "say which function, file and line code addresses belong to",
		help: `
Addresses are hexadecimal, with or without 0x. Without any, they are read from
the standard input, one or more a line. A return address points behind the
call: give it less 1.

Exit codes: 0 all are known; 1 one is not, or is no address; 2 wrong command
line.`,
		setup: func(f *flag.FlagSet) func(streams, []string) int {
			elf := f.String("elf", defaultDebug, "the ELF `file` that the addresses are of")
			asJSON := f.Bool("json", false, "print JSON, one object a line")
			return func(s streams, args []string) int {
				table, err := symbol.Open(*elf)
				if err != nil {
					return fail(s, "addr2line", exitFailed, err)
				}
				if len(args) == 0 {
					words := bufio.NewScanner(s.in)
					words.Split(bufio.ScanWords)
					for words.Scan() {
						args = append(args, words.Text())
					}
				}
				code := exitOK
				for _, a := range args {
					if err := explain(s, table, a, *asJSON); err != nil {
						code = fail(s, "addr2line", exitFailed, err)
					}
				}
				return code
			}
		},
	}
}

// explain prints what one address stands for.
func explain(s streams, table *symbol.Table, address string, asJSON bool) error {
	digits := strings.TrimPrefix(strings.ToLower(address), "0x")
	pc, err := strconv.ParseUint(strings.ReplaceAll(digits, "_", ""), 16, 64)
	if err != nil {
		return fmt.Errorf("%q is not a hexadecimal address", address)
	}
	place, ok := table.Lookup(pc)
	if !ok {
		return fmt.Errorf("%#x is not in the code", pc)
	}
	if asJSON {
		return json.NewEncoder(s.out).Encode(struct {
			Address string `json:"address"`
			symbol.Place
		}{fmt.Sprintf("%#x", pc), place})
	}
	fmt.Fprintf(s.out, "%#x  %s\n", pc, place)
	return nil
}
