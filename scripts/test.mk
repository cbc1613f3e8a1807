# Tests. Included by the Makefile.
#
#	make test                        all stages, one after the other
#	make test STAGES="lint unit"     some of them
#	make test-unit                   one
#
# ARGS are arguments for go test: make test-system ARGS='-run Fault -v'.
# PKGS are the packages of test-unit, test-machine and test-std: PKGS=./mm/...

STAGES := lint unit race machine plain system book witness toolchains
ARGS   ?=

# The packages that run on the bare machine as well, by their tests.
KERNEL := ./boot/... ./drivers/... ./interrupts/... ./kernel/... ./mm/...
# Packages whose tests start goroutines.
RACY   := ./drivers/uart ./drivers/ps2 ./interrupts ./kernel/... ./mm/frame ./tools/qemu/...

.PHONY: test check test-std $(STAGES:%=test-%)
test: need-test
	scripts/test.sh $(STAGES)
check: test

.PHONY: lint fmt
lint test-lint: need-build $(BUILD)/goroot
	scripts/lint.sh
fmt:
	scripts/lint.sh --fix

# The documentation of the hooks, with which ours are compared.
.PHONY: contract
contract:
	$(GO) mod download github.com/usbarmory/tamago

# On the host. VITRINE_IMAGE lets another boot loader's code look at the image.
# (The stage race has the tests of tools/qemu, which mostly wait.)
test-unit: PKGS ?= $(filter-out vitrine/tools/qemu,$(shell $(GO) list ./...))
test-unit: build contract
	VITRINE_IMAGE=$(ROOT)/$(BUILD)/vitrine.elf $(GO) test -timeout 5m $(ARGS) $(PKGS)

test-race: build
	CGO_ENABLED=1 $(GO) test -race -short -timeout 5m $(ARGS) $(RACY)

# The same tests on the bare machine: each package's test binary is a kernel.
ONMACHINE = $(KENV) $(KGO) test -ldflags "$(LDFLAGS)" -exec "$(ROOT)/$(BUILD)/vit exec" -timeout 2m

test-machine: PKGS ?= $(shell $(KENV) $(KGO) list -tags "$(KTAGS)" \
	-f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' $(KERNEL))
test-machine: build
	$(ONMACHINE) -tags "$(KTAGS)" $(ARGS) $(PKGS)
	for n in 2 4 8; do \
		$(KENV) $(KGO) test -count=1 -ldflags "$(LDFLAGS)" -timeout 2m -tags "$(KTAGS)" \
			-exec "$(ROOT)/$(BUILD)/vit exec --icount off --smp $$n $$([ $$n = 2 ] && echo --cpu max)" $(ARGS) ./kernel || exit; \
	done

# With the contract alone, without what the derived Go adds to it. No files
# there, so no fuzz seeds; no exception becomes a panic; and a goroutine that
# spins is not preempted.
PLAIN       := $(BUILD)/plain
PLAINTESTS  := ./boot/multiboot ./drivers/uart ./drivers/ps2 ./kernel/log ./kernel/tty ./mm ./mm/paging ./mm/region
PLAINSYSTEM := TestBootsOnEveryMachine/pc/max/(64|512|4096|8192)|TestTypedKeysAppear|TestPowerOff|TestEscapeSequences|TestAPaste|TestNoPage

$(PLAIN)/vitrine.debug.elf: $(GOFILES) $(KSETUP) go.mod go.sum Makefile
	mkdir -p $(PLAIN)
	$(KENV) $(KGO) build -ldflags "$(LDFLAGS)" -o $@ ./boot
$(PLAIN)/vitrine.elf: $(BUILD)/boot.elf $(PLAIN)/vitrine.debug.elf $(BUILD)/vit
	$(BUILD)/vit image -o $@ $(BUILD)/boot.elf $(PLAIN)/vitrine.debug.elf
test-plain: build $(PLAIN)/vitrine.elf
	$(ONMACHINE) -run '^Test' $(PLAINTESTS)
	VITRINE_TEST_SYSTEM=1 VITRINE_IMAGE=$(ROOT)/$(PLAIN)/vitrine.elf \
		$(GO) test -count=1 -parallel 2 -timeout 5m -run '$(PLAINSYSTEM)' $(ARGS) ./tools/systest

# The whole machine, from outside.
test-system: build $(BUILD)/dlv
	VITRINE_TEST_SYSTEM=1 VITRINE_IMAGE=$(ROOT)/$(BUILD)/vitrine.elf \
		$(GO) test -count=1 -parallel 2 -timeout 9m $(ARGS) ./tools/systest

# The book: what it says and shows, its exercises, and its site in a browser.
# A conversation that is not as on its page is had once more: what differs twice
# is wrong on the page; what differs once varies, and 'vit book steady' marks it.
test-book: build
	$(BUILD)/vit book check --run || $(BUILD)/vit book check --run
	$(BUILD)/vit book exercises
	$(BUILD)/vit book site
	VITRINE_TEST_BROWSER=1 VITRINE_BOOK=$(ROOT)/$(BUILD)/book \
		$(GO) test -count=1 -timeout 5m -run 'Browser|Search|Book|Site|Copies' $(ARGS) ./tools/book/site

# With the oldest and the newest Go. (The unit stage has run the other tests.)
TOOLCHAINTESTS := TestEveryPromisedGo|TestTheGoThatGoModAsksFor|TestTheWholeLibrary
test-toolchains: build contract
	VITRINE_TEST_TOOLCHAINS=1 $(GO) test -timeout 9m -run '$(TOOLCHAINTESTS)' $(ARGS) ./tools/tamago
	VITRINE_TEST_TOOLCHAINS=1 VITRINE_TEST_SYSTEM=1 VITRINE_LDFLAGS="$(LDFLAGS)" \
		$(GO) test -timeout 9m -run TestKernelsOfEveryGo $(ARGS) ./tools/systest

# Boots with everything at once on many processors, again and again: what
# happens once in a hundred times. Not part of make test: 200 boots take a
# quarter of an hour.
BOOTS ?= 20
.PHONY: stress
stress: SMP := 4
stress: build
	mkdir -p $(BUILD)/stress
	$(KENV) $(KGO) test -c -ldflags "$(LDFLAGS)" -tags "$(KTAGS)" -o $(BUILD)/stress/kernel.test ./kernel
	scripts/stress.sh $(BOOTS) $(SMP) $(BUILD)/stress/kernel.test

# Go's own tests of the standard library, on the bare machine: a few packages
# that lean on the runtime, with the Go in use; and all of them, with the Go in
# use and the newest, for the page in docs.
WITNESSES := container/heap context encoding/json errors fmt maps math reflect slices sort strings sync sync/atomic \
	text/template unicode/utf8 unique
STDGO     := local go1.27.4
STDTEST    = KTAGS="$(KTAGS)" LDFLAGS="$(LDFLAGS)" scripts/stdtest.sh
RESULTS    = $(patsubst local,$(shell $(GO) env GOVERSION),$(STDGO))

$(BUILD)/stdtest: $(shell find tools/stdtest -type f -not -name '*_test.go') go.mod
	mkdir -p $(BUILD)
	$(GO) build -o $@ ./tools/stdtest

test-witness: build $(BUILD)/stdtest
	$(STDTEST) local $(WITNESSES)

test-std: build $(BUILD)/stdtest
	failed=0; for go in $(STDGO); do $(STDTEST) $$go $(PKGS) || failed=1; done; \
	$(if $(PKGS),,$(BUILD)/stdtest table -o docs/standard-library.md $(RESULTS:%=$(BUILD)/std/%/results.json) &&) exit $$failed
