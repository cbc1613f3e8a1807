package paging_test

import (
	"testing"

	"vitrine/mm/paging"
)

func BenchmarkMapUnmap4K(b *testing.B) {
	_, s := space(b, 10)
	_ = s.Map(low, 0, 4*kib, rw, paging.Pages4K) // so that the tables stay
	for b.Loop() {
		_ = s.Map(low+4*kib, 0, 4*kib, rw, paging.Pages4K)
		_ = s.Unmap(low+4*kib, 4*kib)
	}
}

func BenchmarkMapUnmap4KWithTables(b *testing.B) {
	_, s := space(b, 10)
	for b.Loop() {
		_ = s.Map(low, 0, 4*kib, rw, paging.Pages4K)
		_ = s.Unmap(low, 4*kib)
	}
}

func BenchmarkMapUnmap2M(b *testing.B) {
	_, s := space(b, 10)
	for b.Loop() {
		_ = s.Map(low, 0, 2*mib, rw, paging.Pages2M)
		_ = s.Unmap(low, 2*mib)
	}
}

func BenchmarkMapUnmap64MIn4K(b *testing.B) {
	_, s := space(b, 40)
	for b.Loop() {
		_ = s.Map(low, 0, 64*mib, rw, paging.Pages4K)
		_ = s.Unmap(low, 64*mib)
	}
}

func BenchmarkTranslate(b *testing.B) {
	_, s := space(b, 10)
	_ = s.Map(low, 0, 4*kib, rw, paging.Pages4K)
	for b.Loop() {
		_, _ = s.Translate(low)
	}
}
