# dlc: make all | demo | check | check-all | golden | documents | bench | format | install
CC      ?= cc
# -O2 takes half as long again to build and dlc is no faster for it.
CFLAGS  ?= -O1
PREFIX  ?= /usr/local
FLEX    ?= flex
BISON   ?= bison
WARN    := -Wall -Wextra -Wshadow -Wvla -Wconversion -pedantic
STD     := -std=c11 -D_POSIX_C_SOURCE=200809L
B       := build
LLVM    := /usr/lib/llvm-14
PYTHON  := /usr/bin/python3
LIT     := $(PYTHON) $(LLVM)/build/utils/lit/lit.py

BUILD_PACKAGES := gcc make libc6-dev flex bison zlib1g-dev
DEMO_PACKAGES  := $(BUILD_PACKAGES) dataset-fashion-mnist
CHECK_PACKAGES := $(DEMO_PACKAGES) clang g++ llvm-14-tools libopenblas-dev \
                  libclang-rt-14-dev python3 python3-numpy python3-torch tcc

SOURCES := $(wildcard compiler/*.c)
SOURCES := $(filter-out compiler/embed_gen.c,$(SOURCES))
OPS     := $(sort $(wildcard compiler/ops/*.c))
IMPLS   := $(sort $(wildcard compiler/impls/*.c))
PASSES  := $(sort $(wildcard compiler/passes/*.c))
TEXTS   := $(sort $(wildcard runtime/*.[ch] runtime/kernels/*.c runtime/tune/*.[ch]))
OBJECTS := $(patsubst %.c,$(B)/%.o,$(SOURCES) $(OPS) $(IMPLS) $(PASSES)) \
           $(B)/parser.tab.o $(B)/lex.yy.o $(B)/embed.o $(B)/op_table.o
LIBRARY := $(filter-out $(B)/compiler/main.o,$(OBJECTS))
INCLUDE := -Icompiler -I$(B)

.PHONY: all demo check check-all check-lit check-optimised check-avx2 golden documents replay bench format install \
        clean setup-build setup-demo setup-check
.DELETE_ON_ERROR:

all: $(B)/dlc

$(B)/dlc: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) $^ -lm -o $@

$(B)/compiler/%.o: compiler/%.c | $(B)/op_list.h $(B)/impl_list.h $(B)/parser.tab.h
	@mkdir -p $(@D)
	$(CC) $(STD) $(CFLAGS) $(WARN) $(INCLUDE) -MMD -MP -c $< -o $@

# Generated code: the warnings flex and bison provoke are theirs.
$(B)/parser.tab.o: $(B)/parser.tab.c $(B)/parser.tab.h
	$(CC) $(STD) $(CFLAGS) $(INCLUDE) -c $< -o $@
$(B)/lex.yy.o: $(B)/lex.yy.c $(B)/parser.tab.h
	$(CC) $(STD) $(CFLAGS) $(INCLUDE) -c $< -o $@
$(B)/parser.tab.c $(B)/parser.tab.h &: grammar/parser.y
	@mkdir -p $(B)
	$(BISON) -Werror --defines=$(B)/parser.tab.h -o $(B)/parser.tab.c $<
$(B)/lex.yy.c: grammar/lexer.l
	@mkdir -p $(B)
	$(FLEX) -o $@ $<

# Registration comes from the file names.
$(B)/op_list.h: $(OPS) Makefile
	@mkdir -p $(B)
	@for f in $(basename $(notdir $(OPS))); do \
	    echo "extern const OpDef op_$$f;"; done > $@
$(B)/impl_list.h: $(IMPLS) Makefile
	@mkdir -p $(B)
	@for f in $(basename $(notdir $(IMPLS))); do \
	    echo "extern const Impl impl_$$f;"; done > $@
$(B)/op_table.c: $(B)/op_list.h
	@{ echo '#include "op.h"'; echo '#include "op_list.h"'; \
	   echo 'const OpDef *const op_table[] = {'; \
	   for f in $(basename $(notdir $(OPS))); do echo "    &op_$$f,"; done; \
	   echo '};'; \
	   echo 'const int op_count = (int)(sizeof op_table / sizeof *op_table);'; \
	 } > $@
$(B)/op_table.o: $(B)/op_table.c
	$(CC) $(STD) $(CFLAGS) $(WARN) $(INCLUDE) -c $< -o $@

# The runtime and the library travel inside the compiler.
$(B)/embed_gen: compiler/embed_gen.c
	@mkdir -p $(B)
	$(CC) $(STD) $(CFLAGS) $(WARN) $< -o $@
$(B)/embed.c: $(B)/embed_gen $(TEXTS) compiler/std.dl
	$(B)/embed_gen $(foreach t,$(TEXTS),$(t:runtime/%=%)=$(t)) \
	    std.dl=compiler/std.dl > $@
$(B)/embed.o: $(B)/embed.c
	$(CC) $(STD) $(CFLAGS) -Icompiler -c $< -o $@

$(B)/libdlc.a: $(LIBRARY)
	@rm -f $@
	ar rcs $@ $^

# The runtime of drivers, compiled: `dlc run` and `dlc fit` link it when
# DLC_RUNTIME names it, as in most tests, and else compile it with the model.
RUNTIME := $(patsubst runtime/%.c,$(B)/runtime/%.o,$(wildcard runtime/*.c))
$(B)/runtime/%.o: runtime/%.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(CFLAGS) $(WARN) -MMD -MP -c $< -o $@
$(B)/libruntime.a: $(RUNTIME)
	@rm -f $@
	ar rcs $@ $^

-include $(wildcard $(B)/runtime/*.d $(B)/compiler/*.d $(B)/compiler/*/*.d)

# ---- set-up: install what is missing, or say the one command that does ----
define install_packages
@missing=""; for p in $(1); do \
    dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' \
        || missing="$$missing $$p"; done; \
if [ -n "$$missing" ]; then \
    if [ "$$(id -u)" != 0 ]; then \
        echo "Missing packages. Run: sudo apt-get install -y$$missing"; exit 1; fi; \
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $$missing >/dev/null \
        || { echo "could not install:$$missing"; exit 1; }; fi
endef
setup-build:
	$(call install_packages,$(BUILD_PACKAGES))
setup-demo:
	$(call install_packages,$(DEMO_PACKAGES))
setup-check:
	$(call install_packages,$(CHECK_PACKAGES))

# ---- what users run ----
demo: setup-demo
	@$(MAKE) --no-print-directory -j2 $(B)/dlc
	$(B)/dlc examples/lenet5/model.dl -o $(B)/lenet5.c
	$(B)/dlc fit examples/lenet5/model.dl --save=$(B)/lenet5.safetensors --show=4

# What the tests run.
TESTED := $(B)/dlc $(B)/libdlc.a $(B)/libruntime.a

check: setup-check
	@$(MAKE) --no-print-directory -j2 $(TESTED)
	@$(MAKE) --no-print-directory check-lit

check-lit:
	DLC_BUILD=$(abspath $(B)) $(LIT) -j2 -sv $(LITFLAGS) tests

# The tests of emitted C again, compiled as users do.
check-optimised: $(TESTED)
	DLC_BUILD=$(abspath $(B)) DLC_TEST_LEVEL=-O2 $(LIT) -j2 -sv $(LITFLAGS) \
	    tests/kernels tests/oracle tests/contract tests/operators tests/unit \
	    tests/options tests/readme

# And those of numbers for the vectors of x86-64-v3, where this machine has them.
check-avx2: $(TESTED)
	@if grep -q ' avx2 ' /proc/cpuinfo; then \
	    DLC_BUILD=$(abspath $(B)) DLC_TEST_LEVEL=-O2 \
	    DLC_TEST_TARGET=x86-64-v3 $(LIT) -j2 -sv $(LITFLAGS) \
	    tests/kernels tests/oracle/operators tests/oracle/models; \
	else echo "no AVX2 here"; fi

check-all: check check-optimised check-avx2
	DLC_BUILD=$(abspath $(B)) $(PYTHON) tests/slow/run.py

golden: $(B)/dlc
	$(PYTHON) tests/golden.py --dlc=$(B)/dlc --write

# What the documents show, as it is now; the README trains a network.
DOCUMENTS = README.md docs/contract.md docs/internals.md docs/language.md \
    $(wildcard examples/*/README.md)
documents: $(B)/dlc
	for f in $(DOCUMENTS); do \
	    $(PYTHON) tests/lib/document.py $$f --write || exit 1; done

# All C this compiler and the one of git revision BASE generate, compared.
replay: $(B)/dlc
	$(PYTHON) tests/replay.py --dlc=$(B)/dlc --base=$(BASE)

bench: $(B)/dlc
	$(PYTHON) bench/run.py $(ONLY)

# The lines that differ from revision BASE; tables set by hand stay.
format:
	git clang-format --force $(or $(BASE),HEAD) -- compiler runtime tests

install: $(B)/dlc
	install -d $(DESTDIR)$(PREFIX)/bin
	install $(B)/dlc $(DESTDIR)$(PREFIX)/bin/dlc

clean:
	rm -rf $(B)
