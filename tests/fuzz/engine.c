/* One target for libFuzzer: FUZZ names it. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

/* What a library is asked against its rules is a mistake of ours. By abort(): of GLib's trap the engine knows nothing, and would
 * keep no input. */
static void
take_log(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
	(void)data;
	if ((level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)) == 0)
		return;
	fprintf(stderr, "%s: %s\n", domain != NULL ? domain : "", message);
	abort();
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	(void)g_log_set_default_handler(take_log, NULL);
	if (FUZZ.prepare != NULL)
		FUZZ.prepare();
	return 0;
}

int
LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
	FUZZ.run(data, size);
	return 0;
}
