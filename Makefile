# plico: make help
# Everything is built under build/. `make deps` installs what deps.txt lists; `make demo` and
# `make check` call it first, so that on a fresh Debian 12 machine each is one command.

B        := build
Q        := $(if $(V),,@)# make V=1 shows the commands
PREFIX   ?= /usr/local
BINDIR   ?= $(PREFIX)/bin
LIBEXECDIR ?= $(PREFIX)/libexec
MANDIR   ?= $(PREFIX)/share/man
LOCALEDIR ?= $(PREFIX)/share/locale
UNITDIR  ?= $(PREFIX)/lib/systemd/system
VERSION  := 0.1.0
JOBS     ?= $(shell nproc)# compilers and unit tests at once
SCRIPTS  ?= $(shell expr $(JOBS) + 1)# other tests: those of slow servers mostly wait
STAGES   := base store registry form memory layout pdf render outbox send inbox collect validate status remind report web rehearse cmd

PKGS     := glib-2.0 gio-2.0 gmime-3.0 sqlite3 json-glib-1.0 libcurl libcmark libseccomp libqrencode libcrypto libssl libesmtp-1.0 libmicrohttpd libxml-2.0 libzip libytnef libzstd xlsxwriter
# Debian's mupdf is static and its .pc file omits what it needs; libhpdf and libcsv have no .pc file.
# libzbar as an archive: the shared one brings cameras and windows along (collect/paper_code.c: and a desktop).
ZBAR     := -l:libzbar.a
MUPDF    := -lmupdf -lmupdf-third -lfreetype -lharfbuzz -lmujs -lgumbo -lopenjp2 -ljbig2dec -ljpeg -lpng -lz -lm
LDLIBS    = $(shell pkg-config --libs $(PKGS)) -lhpdf -lcsv $(ZBAR) $(MUPDF) -lpthread -ldl
# plico-reader, which hostile bytes meet, has what readers need and no more. It forks for each input, and the kernel makes every
# mapping of a program anew for a child, five of them a shared library: so what there is as an archive stands in the program.
archive   = $(or $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a)),-l$(1))
READER_INSIDE := $(foreach l,gmime-3.0 gio-2.0 gmodule-2.0 gobject-2.0 glib-2.0 ffi pcre2-8 gpgme assuan gpg-error idn2 unistring ytnef \
            seccomp zbar mupdf mupdf-third freetype png16 brotlidec brotlicommon mujs gumbo openjp2 jbig2dec jpeg,$(call archive,$(l)))
READER_LIBS := -Wl,--exclude-libs,ALL -Wl,--start-group $(READER_INSIDE) -Wl,--end-group \
            -lharfbuzz -lmount -lselinux -lxml2 -lzip -lcrypto -lz -lm
READER_NAMES := -Wl,--wrap=pdf_new_name# collect/pdf_names.c
# Where it is installed, as seen from the folder of plico.
READER_FOLDER := $(shell realpath -m --relative-to=$(BINDIR) $(LIBEXECDIR)/plico)

WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wmissing-declarations \
            -Wold-style-definition -Wredundant-decls -Wnested-externs -Wpointer-arith -Wwrite-strings -Wcast-qual \
            -Wcast-align=strict -Wbad-function-cast -Wvla -Wundef -Wformat=2 -Wformat-signedness -Wimplicit-fallthrough=5 \
            -Wnull-dereference -Wconversion -Wsign-conversion -Wdouble-promotion -Wfloat-equal \
            -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wjump-misses-init -Wdate-time -Winit-self -Wunused-macros \
            -Wunused-const-variable=2 -Walloca -Wtrampolines -Wrestrict -Wno-overlength-strings -Werror
HARDEN   := -fno-common -fstack-protector-strong -fstack-clash-protection -fcf-protection -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
OPT      ?= -O2 -g
CFLAGS    = -std=gnu11 $(OPT) $(WARN) $(if $(SANITIZE),,$(HARDEN)) -fPIE $(SANITIZE) -D_GNU_SOURCE -DG_LOG_DOMAIN='"plico"' \
            -DPLICO_VERSION='"$(VERSION)"' -DPLICO_LOCALEDIR='"$(LOCALEDIR)"' -DPLICO_READER_FOLDER='"$(READER_FOLDER)"' -Isrc -I$(B)/gen \
            $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS)))
LDFLAGS   = -pie $(SANITIZE) -Wl,-z,relro,-z,now,-z,noexecstack,--as-needed

SRC      := $(sort $(wildcard src/*/*.c))
OBJ      := $(SRC:src/%.c=$(B)/o/%.o) $(B)/o/gen/resources.o
UNIT     := $(sort $(wildcard tests/unit/*/test_*.c))
UNITBIN  := $(UNIT:tests/unit/%.c=$(B)/t/%)
KEEPER_OBJ := $(patsubst %,$(B)/o/base/%.o,cage_keeper cage_lock durable error)
READER_OBJ := $(B)/o/reader.o $(patsubst src/%.c,$(B)/o/%.o,$(wildcard src/collect/*.c)) $(B)/o/form/field_set.o $(B)/o/layout/page_marks.o \
            $(KEEPER_OBJ) $(patsubst %,$(B)/o/base/%.o,cage cage_start clock lang sum text)
HELPERS  := $(patsubst tests/%.c,$(B)/t/%,$(sort $(wildcard tests/tool/*.c)))
SQL      := $(sort $(wildcard src/store/sql/queries/*.sql))
MIGRATE  := $(sort $(wildcard src/store/sql/migrations/*.sql))
FONTS    := Sans-Regular Sans-Bold Mono-Regular Mono-Bold
FONTFILE := $(FONTS:%=$(B)/gen/fonts/Liberation%.ttf)
SHIPPED  := $(sort $(wildcard forms/*/*.csv mailtemplates/*/*.md samples/comuni.csv src/web/assets/* src/form/*.csv)) $(MIGRATE)
PO       := $(sort $(wildcard po/*.po))
LANGS    := $(PO:po/%.po=%)

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all deps demo check check-fast check-headers lint format asan bench crash contact clean install uninstall help pot

all: $(B)/plico $(B)/plico-reader $(B)/plico.1 $(LANGS:%=$(B)/locale/%/LC_MESSAGES/plico.mo) $(LANGS:%=$(B)/%/plico.1)

help:
	@echo 'make            build build/plico'
	@echo 'make deps       install the Debian packages of deps.txt that are missing (as root)'
	@echo 'make demo       a whole campaign with the sample towns, on this machine, under build/demo'
	@echo 'make check      lint, unit, command-line and end-to-end tests (under 10 minutes)'
	@echo 'make check-fast the same without the end-to-end tests'
	@echo 'make asan       unit and command-line tests under AddressSanitizer and UBSan'
	@echo 'make crash      kill -9 at random moments; minutes'
	@echo 'make fuzz       libFuzzer, FUZZ_SECONDS=60 for each reader of foreign bytes (fuzz-NAME: one of them)'
	@echo 'make bench      what each part costs (bench-NAME: one of them)'
	@echo 'make contact    contact sheets of all pages in all languages, to look at, under build/contact'
	@echo 'make format     clang-format in place'
	@echo 'make install    PREFIX=$(PREFIX), DESTDIR honoured; make uninstall'

deps:
	@sh tests/tool/deps.sh deps.txt

# --- generated sources -------------------------------------------------------------------------

$(B)/gen/sql.def: src/store/sql/embed.awk $(SQL)
	@mkdir -p $(@D)
	$(Q)awk -f src/store/sql/embed.awk $(SQL) > $@

# What both sides of the cage are made of: plico trusts no plico-reader of another build.
READER_SRC := $(sort $(wildcard src/base/cage* src/collect/*)) src/reader.c

$(B)/gen/reader_id.h: $(READER_SRC)
	@mkdir -p $(@D)
	$(Q){ printf '#define PLICO_READER_ID "'; { echo $(VERSION); cat $(READER_SRC); } | sha256sum | cut -c1-64 | tr -d '\n'; echo '"'; } > $@

# Only the glyphs a letter or sheet can need: Latin with all its accents, punctuation, a few marks.
$(B)/gen/fonts/%.ttf: /usr/share/fonts/truetype/liberation/%.ttf Makefile
	@mkdir -p $(@D)
	@echo '  FONT    $@'
	$(Q)pyftsubset $< --output-file=$@ --layout-features= --no-hinting --name-IDs='*' --glyph-names --notdef-outline \
	    --unicodes=U+0020-007E,U+00A0-017F,U+0192,U+0218-021B,U+02C6,U+02DC,U+2010-2026,U+2030,U+2039-203A,U+20AC,U+2122,U+2190-2193,U+2212,U+25A0,U+25CB,U+25CF

# The faces of src/layout/measure.h, in its order.
$(B)/gen/widths.def: src/layout/widths.py $(B)/gen/fonts/LiberationSans-Regular.ttf $(B)/gen/fonts/LiberationSans-Bold.ttf \
    $(B)/gen/fonts/LiberationMono-Bold.ttf
	$(Q)/usr/bin/python3 $^ > $@

$(B)/gen/plico.gresource.xml: $(SHIPPED) $(FONTFILE) Makefile
	@mkdir -p $(@D)
	@{ echo '<gresources><gresource prefix="/plico">'; \
	   for f in $(SHIPPED) $(FONTFILE:$(B)/gen/%=%); do echo "<file>$$f</file>"; done; \
	   echo '</gresource></gresources>'; } > $@

$(B)/gen/resources.c: $(B)/gen/plico.gresource.xml
	$(Q)glib-compile-resources --sourcedir=. --sourcedir=$(B)/gen --generate-source --c-name=plico --target=$@ $<

# --- the program -------------------------------------------------------------------------------

$(B)/o/gen/resources.o: $(B)/gen/resources.c
	@mkdir -p $(@D)
	@echo '  CC      $<'
	$(Q)$(CC) $(filter-out -W%,$(CFLAGS)) -c $< -o $@

$(B)/o/%.o: src/%.c $(B)/gen/sql.def $(B)/gen/widths.def | $(B)/gen/reader_id.h
	@mkdir -p $(@D)
	@echo '  CC      $<'
	$(Q)$(CC) $(CFLAGS) -MMD -MP -c $< -o $@

$(B)/libplico.a: $(OBJ)
	@rm -f $@
	@echo '  AR      $@'
	$(Q)ar rcs $@ $(OBJ)

# gen/resources.o registers itself by a constructor: name it, or the linker leaves it in the archive
$(B)/plico: $(B)/o/main.o $(B)/libplico.a
	@echo '  LINK    $@'
	$(Q)$(CC) $(LDFLAGS) $< $(B)/o/gen/resources.o $(B)/libplico.a $(LDLIBS) -o $@

$(B)/plico-reader: $(READER_OBJ) $(filter /%,$(READER_INSIDE))
	@echo '  LINK    $@'
	$(Q)$(CC) $(LDFLAGS) $(READER_OBJ) $(READER_NAMES) $(READER_LIBS) -o $@

$(B)/plico.1: $(B)/plico
	$(Q)LC_ALL=C.UTF-8 LANGUAGE=en $< help --roff > $@

$(B)/%/plico.1: $(B)/plico $(B)/locale/%/LC_MESSAGES/plico.mo
	@mkdir -p $(@D)
	$(Q)LC_ALL=C.UTF-8 LANGUAGE=$* $< help --roff > $@

$(B)/locale/%/LC_MESSAGES/plico.mo: po/%.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check -o $@ $<

# What is marked in the source. "fail" must not be a keyword: it would take sentences that nobody translates at run time.
POTFILES := $(sort $(wildcard src/*.c src/*/*.c src/*/*.h src/*/*.def))

$(B)/plico.pot: $(POTFILES)
	@mkdir -p $(@D)
	$(Q)xgettext --language=C --from-code=UTF-8 -k -k_ -kN_ -kngettext:1,2 --add-comments=Translators: --add-location=file \
	    --package-name=plico --copyright-holder= -o $@ $^

pot: $(B)/plico.pot
	for f in $(PO); do msgmerge -q --no-fuzzy-matching --no-wrap --update --backup=none $$f $<; done

# --- tests -------------------------------------------------------------------------------------

# Beside each program stands the one that reads mail for it in the cage. The cage's own test has another.
$(B)/t/%/plico-reader: $(B)/plico-reader
	@mkdir -p $(@D)
	$(Q)ln -sf ../../plico-reader $@

$(B)/t/base/plico-reader: tests/unit/base/cage_reader.c $(KEEPER_OBJ)
	@mkdir -p $(@D)
	@echo '  TEST    $<'
	$(Q)$(CC) $(CFLAGS) -Itests -MMD -MP $(LDFLAGS) $< $(KEEPER_OBJ) $(READER_LIBS) -o $@

.SECONDEXPANSION:
$(B)/t/%: tests/unit/%.c $(B)/libplico.a | $$(@D)/plico-reader
	@mkdir -p $(@D)
	@echo '  TEST    $<'
	$(Q)$(CC) $(CFLAGS) -Itests -MMD -MP $(LDFLAGS) $< $(B)/o/gen/resources.o $(B)/libplico.a $(LDLIBS) -o $@

$(B)/t/tool/%: tests/tool/%.c $(B)/libplico.a | $$(@D)/plico-reader
	@mkdir -p $(@D)
	@echo '  TEST    $<'
	$(Q)$(CC) $(CFLAGS) -Itests -MMD -MP $(LDFLAGS) $< $(B)/o/gen/resources.o $(B)/libplico.a $(LDLIBS) -o $@

# The targets of tests/fuzz by a plain program, with all inputs that are kept.
FUZZ     := $(sort $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c)))
FUZZTOOL := tests/fuzz/fuzz.c tests/fuzz/package.c tests/fuzz/survey.c
FUZZSRC  := $(FUZZTOOL) $(FUZZ:%=tests/fuzz/fuzz_%.c)
FUZZOBJ  := $(FUZZSRC:tests/fuzz/%.c=$(B)/t/fuzz/%.o)

$(B)/t/fuzz/%.o: tests/fuzz/%.c $(B)/gen/sql.def
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Itests -MMD -MP -c $< -o $@

$(B)/t/fuzz/test_seeds: tests/fuzz/test_seeds.c $(FUZZOBJ) $(B)/libplico.a
	@echo '  TEST    $<'
	$(Q)$(CC) $(CFLAGS) -Itests -MMD -MP $(LDFLAGS) $< $(FUZZOBJ) $(B)/o/gen/resources.o $(B)/libplico.a $(LDLIBS) -o $@

$(B)/t/fuzz/seeds.stamp: $(wildcard tests/fuzz/seeds.py tests/fuzz/*.txt tests/tool/hostile/*.py)
	@mkdir -p $(@D)
	$(Q)rm -rf $(@D)/seeds && /usr/bin/python3 tests/fuzz/seeds.py $(@D)/seeds && touch $@

.PHONY: check-seeds
check-seeds: $(B)/t/fuzz/test_seeds $(B)/t/fuzz/seeds.stamp
	prove --timer -e '' $(B)/t/fuzz/test_seeds :: $(B)/t/fuzz/seeds tests/fuzz/seeds tests/data/fuzz

OWN := sqlite3.h=store/ zstd.h=base/archive_packet.c hpdf.h=layout/canvas.c mupdf/fitz.h=pdf/ mupdf/pdf.h=pdf/ \
       mupdf/fitz.h=collect/extract_pdf.c mupdf/pdf.h=collect/extract_pdf.c mupdf/pdf.h=collect/pdf_names. mupdf/fitz.h=collect/picture_pdf.c mupdf/pdf.h=collect/picture_pdf.c mupdf/fitz.h=collect/paper_file.c mupdf/pdf.h=collect/paper_file.c zbar.h=collect/paper_code.c gmime/gmime.h=outbox/message.c \
       gmime/gmime.h=collect/mime.c gmime/gmime.h=rehearse/mailer.c libesmtp.h=send/send_smtp.c curl/curl.h=inbox/inbox_imap.c \
       seccomp.h=base/cage_lock.c qrencode.h=layout/ cmark.h=render/ microhttpd.h=web/ csv.h=base/table.c csv.h=report/csv.c \
       libxml/parser.h=form/xlsx_package.c libxml/parser.h=collect/daticert.c openssl/cms.h=collect/ openssl/cms.h=rehearse/provider.c zip.h=form/xlsx_package.c zip.h=collect/unpack_zip.c ytnef.h=collect/unpack_tnef.c xlsxwriter.h=form/xlsx_write.c

lint:
	$(Q)awk -v ORDER="$(STAGES)" -v OWN="$(OWN)" -f tests/lint/includes.awk $$(find src -name '*.[ch]' | sort)
	$(Q)awk -v MAX=80 -v STATS=1 -f tests/lint/funlen.awk $$(find src -name '*.c' | sort)
	$(Q)awk -f tests/lint/fztry.awk $$(find src -name '*.c' | sort)
	$(Q)clang-format --dry-run --Werror $$(find src tests -name '*.[ch]')

check-headers: $(B)/gen/sql.def
	@find src -name '*.h' | xargs -P $(JOBS) -I{} $(CC) $(CFLAGS) -fsyntax-only -include {} -x c /dev/null
	@echo 'check-headers: each header compiles alone'

PROVE := LC_ALL=C.UTF-8 LANGUAGE=en PLICO=$(CURDIR)/$(B)/plico SRCDIR=$(CURDIR) prove --timer

# Those that take longest begin first, so that no processor is idle at the end.
LONGEST  := $(patsubst %,tests/%.t,e2e/4000-clients cli/6550-pec cli/6570-containers cli/3000-smtp-faults cli/6510-hostile-mailbox \
            cli/3001-smtp-faults-sessions cli/9510-rebuild cli/7100-scans e2e/2500-accessible e2e/3000-smtp cli/7010-people e2e/9000-rehearsal e2e/3010-smtp-sessions)
longest_first = $(filter $(1),$(LONGEST)) $(filter-out $(LONGEST),$(1))

.PHONY: check-programs check-units
check-programs: all $(UNITBIN) $(HELPERS) $(B)/t/fuzz/test_seeds $(B)/t/fuzz/seeds.stamp

check-units: lint check-headers check-seeds
	$(PROVE) -j$(JOBS) -e '' $(UNITBIN)

check-fast:
	@$(MAKE) --no-print-directory -j$(JOBS) check-programs
	@$(MAKE) --no-print-directory check-units
	$(PROVE) -j$(SCRIPTS) $(call longest_first,$(sort $(wildcard tests/cli/*.t)))

check: deps
	@$(MAKE) --no-print-directory -j$(JOBS) check-programs
	@$(MAKE) --no-print-directory check-units
	$(PROVE) -j$(SCRIPTS) $(call longest_first,$(sort $(wildcard tests/cli/*.t tests/e2e/*.t)))

asan:
	@$(MAKE) --no-print-directory B=build/asan OPT='-O1 -g' SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer' asan-run

.PHONY: asan-run
asan-run: all $(UNITBIN) $(HELPERS) check-seeds
	$(PROVE) -j$(JOBS) -e '' $(UNITBIN)
	$(PROVE) -j$(JOBS) tests/cli/*.t

demo: deps
	@$(MAKE) --no-print-directory all
	@sh tests/e2e/demo.sh $(B)/plico $(B)/demo

crash: all $(HELPERS)
	$(PROVE) tests/crash/*.t

# libFuzzer comes with clang; its build has a folder of its own. What is found: $(FUZZDIR)/found/NAME-*.
FUZZ_SECONDS ?= 60
FUZZDIR      := build/fuzz
FUZZMAKE      = $(MAKE) --no-print-directory B=$(FUZZDIR) CC='$(FUZZCC)' WARN=-w OPT='-O1 -g' \
                SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer'
FUZZCC       ?= clang
.PHONY: fuzz $(FUZZ:%=fuzz-%)

fuzz: deps
	+@failed=0; for target in $(FUZZ); do $(MAKE) --no-print-directory fuzz-$$target || failed=1; done; exit $$failed

$(FUZZ:%=fuzz-%): fuzz-%:
	+@$(FUZZMAKE) $(FUZZDIR)/t/fuzz/fuzz_$* $(FUZZDIR)/t/fuzz/seeds.stamp
	@sh tests/fuzz/run.sh $(FUZZDIR) $* $(FUZZ_SECONDS)

$(FUZZ:%=$(B)/t/fuzz/fuzz_%): $(B)/t/fuzz/fuzz_%: tests/fuzz/engine.c $(FUZZTOOL:tests/%.c=$(B)/t/%.o) $(B)/t/fuzz/fuzz_%.o $(B)/libplico.a
	@echo '  FUZZ    $*'
	$(Q)$(CC) $(CFLAGS) -Itests -DFUZZ=fuzz_$* $(LDFLAGS) -fsanitize=fuzzer $< $(FUZZTOOL:tests/%.c=$(B)/t/%.o) $(B)/t/fuzz/fuzz_$*.o \
	    $(B)/o/gen/resources.o $(B)/libplico.a $(LDLIBS) -o $@

# Each bench ends with one JSON line; `make bench-campaign` runs one of them.
BENCHES := $(patsubst tests/bench/%.sh,bench-%,$(sort $(wildcard tests/bench/*.sh)))
.PHONY: $(BENCHES)
# All that is printed, to look at before a release. LANGS_SHOWN="it de+it" shows some.
contact: all
	@sh tests/tool/contact.sh $(B)/plico $(B)/contact $(LANGS_SHOWN)

bench: $(BENCHES)

$(B)/t/bench/%: tests/bench/%.c $(B)/libplico.a | $$(@D)/plico-reader
	@mkdir -p $(@D)
	@echo '  BENCH   $<'
	$(Q)$(CC) $(CFLAGS) -Itests -MMD -MP $(LDFLAGS) $< $(B)/o/gen/resources.o $(B)/libplico.a $(LDLIBS) -o $@

BENCHBIN := $(patsubst tests/%.c,$(B)/t/%,$(sort $(wildcard tests/bench/*.c)))

$(BENCHES): bench-%: all $(BENCHBIN)
	@PLICO=$(CURDIR)/$(B)/plico SRCDIR=$(CURDIR) sh tests/bench/$*.sh

format:
	clang-format -i $$(find src tests -name '*.[ch]')

# --- install -----------------------------------------------------------------------------------

install: all
	install -D -m 755 $(B)/plico $(DESTDIR)$(BINDIR)/plico
	install -D -m 755 $(B)/plico-reader $(DESTDIR)$(LIBEXECDIR)/plico/plico-reader
	install -D -m 644 $(B)/plico.1 $(DESTDIR)$(MANDIR)/man1/plico.1
	install -d $(DESTDIR)$(UNITDIR)
	sed 's,@BINDIR@,$(BINDIR),' data/plico.service > $(DESTDIR)$(UNITDIR)/plico.service
	for l in $(LANGS); do \
	    install -D -m 644 $(B)/locale/$$l/LC_MESSAGES/plico.mo $(DESTDIR)$(LOCALEDIR)/$$l/LC_MESSAGES/plico.mo && \
	    install -D -m 644 $(B)/$$l/plico.1 $(DESTDIR)$(MANDIR)/$$l/man1/plico.1 || exit 1; done

uninstall:
	rm -rf $(DESTDIR)$(LIBEXECDIR)/plico
	rm -f $(DESTDIR)$(BINDIR)/plico $(DESTDIR)$(MANDIR)/man1/plico.1 $(DESTDIR)$(UNITDIR)/plico.service
	for l in $(LANGS); do rm -f $(DESTDIR)$(LOCALEDIR)/$$l/LC_MESSAGES/plico.mo $(DESTDIR)$(MANDIR)/$$l/man1/plico.1; done

clean:
	rm -rf $(B)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
