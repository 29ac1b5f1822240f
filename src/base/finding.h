/*
 * A finding: what a registry row, a form definition or a respondent got wrong. It is data, stored and
 * shown; it never stops a batch.
 */
#ifndef PLICO_BASE_FINDING_H
#define PLICO_BASE_FINDING_H

#include <glib.h>

typedef enum {
	SEVERITY_NOTE,	  /* worth knowing */
	SEVERITY_WARNING, /* probably wrong, taken as it is (a soft edit) */
	SEVERITY_ERROR	  /* wrong, not taken (a hard edit) */
} Severity;

typedef struct {
	Severity severity;
	char *code;  /* stable ASCII word, "address-invalid": what exports and tests rely on */
	char *place; /* file, row and column, or the question's name */
	char *text;  /* one sentence in the reader's language */
} Finding;

Finding *finding_new(Severity severity, const char *code, const char *place, const char *format,
    ...) G_GNUC_PRINTF(4, 5);
void finding_free(Finding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Finding, finding_free)

/* A list that owns its findings. Returns: (transfer full) */
GPtrArray *findings_new(void);

/* Adds one finding to @findings. */
void findings_add(GPtrArray *findings, Severity severity, const char *code, const char *place,
    const char *format, ...) G_GNUC_PRINTF(5, 6);

/* How many of @findings are at least as severe as @severity. */
guint findings_count(const GPtrArray *findings, Severity severity);

/* "note", "warning" or "error". */
const char *severity_name(Severity severity);

#endif
