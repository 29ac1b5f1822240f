/* What the benches of sheets and letters share: a workspace that is opened once, and the processor's clock. */
#ifndef PLICO_TESTS_BENCH_DESK_H
#define PLICO_TESTS_BENCH_DESK_H

#include "registry/registry.h"
#include "render/render.h"

#include <sys/resource.h>
#include <time.h>

typedef struct {
	Config *config;
	Store *store;
	Keyring *keyring;
	Form *form;
	Renderer *renderer;
	GPtrArray *units;
	GByteArray *out; /* where a sheet or letter is put together */
} Desk;

/* A bench has no use for half a result. */
static inline void
check(gboolean good, const GError *error, const char *what)
{
	if (!good)
		g_error("%s: %s", what, error != NULL ? error->message : "no");
}

static inline void
desk_open(Desk *desk, const char *workspace)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *database = g_build_filename(workspace, "plico.db", NULL);
	g_autofree char *keys = g_build_filename(workspace, "keys", NULL);
	g_autofree char *form = NULL;

	desk->config = config_open(workspace, &error);
	desk->store = desk->config != NULL ? store_open(database, &error) : NULL;
	desk->keyring = desk->store != NULL ? keyring_open(keys, &error) : NULL;
	check(desk->keyring != NULL, error, workspace);
	form = g_build_filename(
	    workspace, "forms", config_text(desk->config, CONFIG_survey_edition), NULL);
	desk->form = form_open_strict(form, &error);
	check(desk->form != NULL, error, form);
	desk->renderer = renderer_new(desk->config, desk->keyring, desk->form, &error);
	check(desk->renderer != NULL, error, "renderer");
	desk->units = registry_list(desk->store, NULL, &error);
	check(desk->units != NULL && desk->units->len > 0, error, "units");
	desk->out = g_byte_array_new();
}

static inline void
desk_close(Desk *desk)
{
	g_byte_array_unref(desk->out);
	g_ptr_array_unref(desk->units);
	renderer_free(desk->renderer);
	form_free(desk->form);
	keyring_free(desk->keyring);
	store_free(desk->store);
	config_free(desk->config);
}

static inline double
cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline double
peak_mib(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss / 1024.0;
}

/* Puts a file together in desk->out: as it is, or the lines of its base64. */
static inline void
desk_join(Desk *desk, Stem *stem, GBytes *update, gboolean mail)
{
	g_byte_array_set_size(desk->out, 0);
	if (mail) {
		stem_encode(stem, update, desk->out);
		return;
	}
	g_byte_array_append(
	    desk->out, g_bytes_get_data(stem->bytes, NULL), (guint)g_bytes_get_size(stem->bytes));
	g_byte_array_append(
	    desk->out, g_bytes_get_data(update, NULL), (guint)g_bytes_get_size(update));
}

/* What making them would cost if they were there already. */
static inline double
desk_copy(const Desk *desk, guint64 count)
{
	g_autoptr(GByteArray) copy = g_byte_array_new();
	double start = cpu_seconds();

	for (guint64 i = 0; i < count; i++) {
		g_byte_array_set_size(copy, 0);
		g_byte_array_append(copy, desk->out->data, desk->out->len);
		__asm__ volatile("" : : "r"(copy->data) : "memory"); /* someone reads it */
	}
	return cpu_seconds() - start;
}

#endif
