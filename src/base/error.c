#include "base/error.h"

#include <errno.h>
#include <sysexits.h>

G_DEFINE_QUARK(plico - error, plico_error)

gboolean
fail(GError **error, PlicoError code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (error != NULL && *error == NULL)
		*error = g_error_new_valist(PLICO_ERROR, (int)code, format, args);
	va_end(args);
	return FALSE;
}

gboolean
fail_errno(GError **error, const char *format, ...)
{
	const char *why = g_strerror(errno);
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	return fail(error, PLICO_ERROR_IO, "%s: %s", what, why);
}

int
error_exit_status(const GError *error)
{
	static const int status[] = {
		[PLICO_ERROR_USAGE] = EX_USAGE,
		[PLICO_ERROR_INPUT] = EX_DATAERR,
		[PLICO_ERROR_NOT_FOUND] = EX_DATAERR,
		[PLICO_ERROR_UNAVAILABLE] = EX_UNAVAILABLE,
		[PLICO_ERROR_IO] = EX_IOERR,
		[PLICO_ERROR_TRY_AGAIN] = EX_TEMPFAIL,
		[PLICO_ERROR_CONFIG] = EX_CONFIG,
	};

	if (error->domain == G_OPTION_ERROR)
		return EX_USAGE;
	if (error->domain != PLICO_ERROR || error->code < 0 ||
	    (gsize)error->code >= G_N_ELEMENTS(status))
		return EX_IOERR;
	return status[error->code];
}
