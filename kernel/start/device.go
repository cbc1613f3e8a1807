//go:build tamago

package start

import (
	"vitrine/mm"
	"vitrine/mm/paging"
)

// MapDevice returns the n bytes of device memory at a. What lies below 4 GiB is
// in the direct map already; anything above is mapped there now, not cached.
//
// Errors:  those of paging.
// Context: goroutines.
func MapDevice(a mm.PhysAddr, n uint64) ([]byte, error) {
	end := a + mm.PhysAddr(n)
	if end < a {
		return nil, paging.ErrSize
	}
	if end > 4<<30 {
		const flags = paging.Writable | paging.NoExecute | paging.Global | paging.CacheDisable | paging.WriteThrough
		first := a.AlignDown(mm.PageSize)
		size := uint64(end.AlignUp(mm.PageSize) - first)
		if err := Space.Map(first.Direct(), first, size, flags, paging.Pages2M); err != nil && err != paging.ErrMapped {
			return nil, err
		}
	}
	return a.Direct().Bytes(n), nil
}
