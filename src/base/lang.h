/*
 * The languages that sheets, letters and mails speak: it, de, fr, sl (ISO 639-1). Two may be joined, "de+it": the first
 * is the main one, the second stands beside it.
 */
#ifndef PLICO_BASE_LANG_H
#define PLICO_BASE_LANG_H

#include <glib.h>

#define LANGS 4

/* All of them, Italian first; NULL-terminated. */
extern const char *const lang_all[LANGS + 1];

/* Whether @text is one of them, or two different ones joined by "+". */
gboolean lang_check(const char *text);

/* "de" of "de+it" and of "de"; "it" of what lang_check() refuses. Returns: (transfer none), static */
const char *lang_first(const char *lang);
/* The place of lang_first() in lang_all: for tables of texts. */
guint lang_position(const char *lang);
/* "it" of "de+it"; NULL of a single one. Returns: (transfer none) (nullable), static */
const char *lang_second(const char *lang);
/* @lang, or "it" where lang_check() refuses it: fit for a key and for the path of a file. Returns: (transfer none) */
const char *lang_or_italian(const char *lang);

/*
 * Rules that say which town is written to in which language: "H330=it; BZ=de+it; AO=it+fr; slovena=it+sl". Before each
 * "=" stand provinces (two capitals), cadastral codes, or "slovena" for the 32 towns of law 38/2001 (slovene.def), any
 * number of them; the first rule that names a town counts. No rule: Italian.
 */
gboolean lang_rules_check(const char *rules, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The language of the town with the cadastral code @code. @rules: as lang_rules_check() takes them.
 * Returns: (transfer full) */
char *lang_by_rules(const char *rules, const char *province_code, const char *code);

#endif
