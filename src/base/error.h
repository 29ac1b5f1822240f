/*
 * The one error domain. A failure (file, network, database, configuration) is a GError whose sentence
 * is written by whoever saw it: where, what, what to do. Codes say what the caller can do about it.
 * What a respondent or a registry row got wrong is no error but a finding: base/finding.h.
 */
#ifndef PLICO_BASE_ERROR_H
#define PLICO_BASE_ERROR_H

#include <glib.h>
#include <glib/gi18n.h>
#include <inttypes.h>

typedef enum {
	PLICO_ERROR_USAGE,	 /* wrong words on the command line: exit 64 */
	PLICO_ERROR_INPUT,	 /* a file that cannot be understood: 65 */
	PLICO_ERROR_NOT_FOUND,	 /* the thing asked for is not there: 65 */
	PLICO_ERROR_UNAVAILABLE, /* a server refuses or is down: 69 */
	PLICO_ERROR_IO,	       /* file system or database: 74; never retried in the same process */
	PLICO_ERROR_TRY_AGAIN, /* busy, locked, temporary: 75 */
	PLICO_ERROR_CONFIG     /* configuration or keys: 78 */
} PlicoError;

#define PLICO_ERROR plico_error_quark()
GQuark plico_error_quark(void);

/* Sets @error to the sentence and returns FALSE. */
gboolean fail(GError **error, PlicoError code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The same with ": " and the text of errno behind the sentence; code PLICO_ERROR_IO. */
gboolean fail_errno(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The process exit status for @error, after sysexits.h; errors of foreign domains count as I/O. */
int error_exit_status(const GError *error);

#endif
