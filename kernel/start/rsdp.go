//go:build tamago

package start

import "vitrine/drivers/acpi"

// RSDP returns the root of the ACPI tables: the boot loader's copy or, where it
// gave none, what the BIOS left in memory.
//
// Errors: those of package acpi.
func RSDP() (acpi.RSDP, error) {
	if b := Info.RSDP(); len(b) > 0 {
		if root, err := acpi.ParseRSDP(b); err == nil {
			return root, nil
		}
	}
	return acpi.FindRSDP(Physical)
}
