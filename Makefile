# Vitrine: build, boot, debug, test.
#
#	make            this help
#	make run        set up what is missing, build, boot to the prompt
#	make test       everything that CI checks
#
# Variables:
#	TOOLCHAIN=derived|upstream      which Go without an operating system
#	DISPLAY_MODE=none|curses|gtk    none: the serial line, on this terminal
#	MEMORY=128 SMP=1 CPU= MACHINE=  of the machine to boot
#	APPEND="layout=de"              the kernel's command line
#	AT=kernel.Main                  where make debug stops first; AT=chapter:paging,
#	                                interrupt:33, fault, ...: a wrong one lists all
#	CORE=build/vitrine.core         what make autopsy writes
#	DEBUGGER=gdb|dlv|none           what opens it; default: gdb, on a terminal
#	V=1                             show commands

SHELL := /bin/bash
ifndef V
.SILENT:
endif

# Our tools are plain Go: a C compiler, if there is one, may lack its headers.
export CGO_ENABLED := 0

ROOT      := $(CURDIR)
BUILD     := build
GO        ?= go
TOOLCHAIN ?= derived

DISPLAY_MODE ?= none
MEMORY       ?= 128
SMP          ?= 1
CPU          ?=
MACHINE      ?=
APPEND       ?=
# quoted is a word of the shell's, whatever is in it.
quoted        = '$(subst ','\'',$1)'
RUNFLAGS     := --display $(DISPLAY_MODE) --memory $(MEMORY) --smp $(SMP) \
	$(if $(CPU),--cpu $(CPU)) $(if $(MACHINE),--machine $(MACHINE)) $(if $(APPEND),--append $(call quoted,$(APPEND)))

# The image is linked at 0xffffffff80201000 and loaded at 0x201000; the 4 KiB
# before that hold its ELF headers. (-T takes no number above 1<<63.)
LDFLAGS := -T -0x7fdff000 -R 0x1000

ifeq ($(TOOLCHAIN),derived)
KGO    := $(BUILD)/goroot/bin/go
KTAGS  := derived
KSETUP := $(BUILD)/goroot
HOOKS  := $(ROOT)/boot
else ifeq ($(TOOLCHAIN),upstream)
# TamaGo's own distribution, which its command fetches and builds once. It wants
# GOOSPKG to be a module's path: $(BUILD)/upstream is that module.
KGO    := $(BUILD)/upstream/tamago
KTAGS  :=
KSETUP := $(BUILD)/upstream/tamago $(BUILD)/upstream.mod
HOOKS  := vitrine.hooks
KMOD   := -modfile=$(BUILD)/upstream.mod
LDFLAGS += -checklinkname=0
else
$(error TOOLCHAIN is "$(TOOLCHAIN)"; there are derived and upstream)
endif

KENV   := GOOS=tamago GOARCH=amd64 GOOSPKG=$(HOOKS) GOFLAGS= GOWORK=off
KBUILD := $(KENV) $(KGO) build $(KMOD) -tags "$(KTAGS)" -ldflags "$(LDFLAGS)"

GOFILES := $(shell find boot kernel drivers mm interrupts -name '*.go' -o -name '*.s')

.PHONY: help
help:
	sed -n '/^##/s/^## \?//p' $(firstword $(MAKEFILE_LIST))

##
## make TARGET
##
##   run          set up what is missing, build, boot to the prompt (serial)
##   run-curses   the same on the VGA text screen, in this terminal
##   debug        boot under GDB, stopped at the first instruction, or at AT=kernel.Main
##   debug-server boot, wait for a GDB: debug-attach in another terminal, or yours
##   autopsy      boot; when the kernel dies, open what is left of it in GDB, or DEBUGGER=dlv
##   build        build/vitrine.elf, and build/vitrine.debug.elf for GDB
##   iso          build/vitrine.iso: GRUB, for BIOS and UEFI
##   test         everything that CI checks
##   test-std     Go's own tests of the standard library, on the bare machine
##   bench        measure; a table and build/bench.json (BASE=file: compared with that)
##   lint fmt     check, or mend, the form of the sources
##   check        what CI runs: lint and test
##   book         build/book/index.html: the book as a web site, to read offline
##   book-pdf     build/vitrine-book.pdf: the book on paper
##   exercise     is N=7.2 solved? An exercise of the book (docs/book)
##   doctor       what this computer lacks, with the command that installs it
##   clean        remove build/
##

# --- tools of ours ---

$(BUILD)/vit: $(shell find tools \( -name '*.go' -o -path '*/assets/*' \) -type f -not -path 'tools/tamago/*' -not -name '*_test.go') go.mod go.sum
	mkdir -p $(BUILD)
	$(GO) build -o $@ ./tools/vit

$(BUILD)/tamago: $(shell find tools/tamago -type f -not -name '*_test.go') go.mod
	mkdir -p $(BUILD)
	$(GO) build -o $@ ./tools/tamago

# Looked at each time, which takes 10 ms: the Go that it comes from may have been
# updated. The link's time changes only if it leads elsewhere.
$(BUILD)/goroot: $(BUILD)/tamago FORCE
	$(BUILD)/tamago -link $@ >/dev/null
.PHONY: FORCE
FORCE:

# Changes when the toolchain does, so that the kernel is built anew.
$(BUILD)/.toolchain: FORCE
	mkdir -p $(BUILD)
	echo $(TOOLCHAIN) | cmp -s - $@ || echo $(TOOLCHAIN) > $@

$(BUILD)/upstream/tamago: go.mod
	mkdir -p $(BUILD)/upstream
	ln -sfn ../../boot/goos $(BUILD)/upstream/goos
	printf 'module vitrine.hooks\n\ngo 1.26\n' > $(BUILD)/upstream/go.mod
	$(GO) build -o $@ github.com/usbarmory/tamago/cmd/tamago

$(BUILD)/upstream.mod: go.mod go.sum
	mkdir -p $(BUILD)
	cp go.mod $@
	cp go.sum $(BUILD)/upstream.sum
	$(GO) mod edit -require=vitrine.hooks@v0.0.0 -replace=vitrine.hooks=./$(BUILD)/upstream $@

# --- the kernel ---

$(BUILD)/%.o: boot/%.S
	mkdir -p $(BUILD)
	as --32 -g -o $@ $<

$(BUILD)/boot.elf: $(BUILD)/boot.o $(BUILD)/trampoline.o boot/boot.ld
	ld -m elf_i386 -T boot/boot.ld -z noexecstack -o $@ $(BUILD)/boot.o $(BUILD)/trampoline.o

# For GDB alone: the trampoline runs in a page of its own.
$(BUILD)/trampoline.elf: $(BUILD)/trampoline.o
	ld -m elf_i386 -Ttext=0 -e trampoline -z noexecstack -o $@ $<

$(BUILD)/vitrine.debug.elf: $(GOFILES) $(KSETUP) $(BUILD)/.toolchain go.mod go.sum Makefile
	mkdir -p $(BUILD)
	$(KBUILD) -o $@ ./boot

$(BUILD)/vitrine.elf: $(BUILD)/boot.elf $(BUILD)/vitrine.debug.elf $(BUILD)/vit
	$(BUILD)/vit image -o $@ $(BUILD)/boot.elf $(BUILD)/vitrine.debug.elf

.PHONY: build
build: need-build $(BUILD)/vitrine.elf $(BUILD)/trampoline.elf

.PHONY: run run-curses
run: need-run build
	$(BUILD)/vit run $(RUNFLAGS)
run-curses:
	$(MAKE) run DISPLAY_MODE=curses

.PHONY: debug debug-server debug-attach
debug: need-debug build
	$(BUILD)/vit debug $(RUNFLAGS) $(if $(AT),--at $(call quoted,$(AT)))
debug-server: need-debug build
	$(BUILD)/vit debug --server $(RUNFLAGS)
debug-attach: need-debug
	$(BUILD)/vit debug --attach $(if $(AT),--at $(call quoted,$(AT)))

CORE     ?= $(BUILD)/vitrine.core
DEBUGGER ?=
.PHONY: autopsy
autopsy: need-debug build $(if $(filter dlv,$(DEBUGGER)),$(BUILD)/dlv)
	$(BUILD)/vit autopsy $(RUNFLAGS) --core $(call quoted,$(CORE)) $(if $(DEBUGGER),--debugger $(DEBUGGER))

# The directory would count for the module of its own: hence -C.
$(BUILD)/dlv: tools/delve/go.mod tools/delve/go.sum
	mkdir -p $(BUILD)
	$(GO) build -C tools/delve -o $(ROOT)/$@ github.com/go-delve/delve/cmd/dlv

.PHONY: iso
iso: need-iso build $(BUILD)/vitrine.iso
$(BUILD)/vitrine.iso: $(BUILD)/vitrine.elf
	$(BUILD)/vit iso -o $@ $<

# BASE is another image, or an earlier bench.json, to compare with. DOC=1 puts the
# table into docs/benchmarks.md. Arguments: make bench BENCH="--check kernel".
.PHONY: bench doctor
bench: need-run need-iso build
	$(BUILD)/vit iso --default 0 --timeout 0 -o $(BUILD)/bench.iso
	$(BUILD)/vit bench -o $(BUILD)/bench.json $(if $(BASE),--base '$(BASE)') $(if $(DOC),--doc docs/benchmarks.md) $(BENCH)
doctor: $(BUILD)/vit
	$(BUILD)/vit doctor

# The book. An exercise's check runs on the sources as they are; book-picture
# is the picture of the book in README.
.PHONY: book book-pdf book-picture exercise
book: $(BUILD)/vit
	$(BUILD)/vit book site
book-pdf: need-book book
	$(BUILD)/vit book pdf
book-picture: need-book book
	$(BUILD)/vit book picture
exercise: need-build build
	$(BUILD)/vit book exercise $(N)

.PHONY: clean
clean:
	rm -rf $(BUILD)

# need-X makes sure that the computer has what X takes.
need-%: $(BUILD)/vit
	scripts/setup.sh $*

# --- tests ---

include scripts/test.mk
