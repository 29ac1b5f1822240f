/*
 * letters towns OUT N              a list of N towns
 * letters html WORKSPACE OUT       a mail of the same length, for programs that print HTML
 * letters MODE WORKSPACE N [LANG]  N letters, one to each town in turn: "memory" as files, "mail" as base64 lines; "copy-mail":
 *                                  the bytes of one, N times, only copied
 *
 * All but the first two print: letters, CPU seconds, peak memory in MiB, bytes of the last letter, how many stems were used.
 */
#include "base/durable.h"
#include "registry/registry.h"
#include "rehearse/towns.h"
#include "render/render.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

typedef struct {
	Config *config;
	Store *store;
	Keyring *keyring;
	Form *form;
	Renderer *renderer;
	GPtrArray *units;
	GByteArray *out;    /* where a letter is put together */
	GHashTable *hashes; /* set of those of the stems */
	const char *lang;
} Desk;

static void
check(gboolean good, const GError *error, const char *what)
{
	if (!good)
		g_error("%s: %s", what, error != NULL ? error->message : "no");
}

/* The list of towns has no names; in the country, nearly every town has a mayor, and each has another name. */
static void
name_mayors(const Desk *desk)
{
	static const char *const first[] = { "Ada", "Bruno", "Carla Maria", "Dario", "Niccolò",
		"Elena", "Gian Piero" };
	static const char *const last[] = { "Esempio", "Finta", "Della Prova", "Modello",
		"Dalla Città" };

	for (guint i = 0; i < desk->units->len; i++) {
		Unit *unit = g_ptr_array_index(desk->units, i);

		if (i % 20 == 0)
			continue;
		g_free(unit->mayor);
		unit->mayor = g_strdup_printf("%s %s %s", i % 3 == 0 ? "Sindaca" : "Sindaco",
		    first[i % G_N_ELEMENTS(first)], last[i % G_N_ELEMENTS(last)]);
	}
}

static void
open_desk(Desk *desk, const char *workspace)
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
	desk->hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	name_mayors(desk);
}

static void
close_desk(Desk *desk)
{
	g_hash_table_unref(desk->hashes);
	g_byte_array_unref(desk->out);
	g_ptr_array_unref(desk->units);
	renderer_free(desk->renderer);
	form_free(desk->form);
	keyring_free(desk->keyring);
	store_free(desk->store);
	config_free(desk->config);
}

static double
cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void
tell(const Desk *desk, guint64 letters, double seconds)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	g_print("%" G_GUINT64_FORMAT " %.4f %.1f %u %u\n", letters, seconds,
	    (double)usage.ru_maxrss / 1024.0, desk->out->len, g_hash_table_size(desk->hashes));
}

static LetterContext
context_of(const Desk *desk, guint64 i)
{
	return (LetterContext){ .unit = g_ptr_array_index(desk->units, i % desk->units->len),
		.kid = keyring_current(desk->keyring),
		.serial = 1,
		.date = 1720688400,
		.sections = desk->form->sections };
}

/* Puts a letter together in desk->out: its file, or the lines of its base64. */
static void
make_letter(Desk *desk, guint64 i, gboolean mail)
{
	LetterContext context = context_of(desk, i);
	g_autoptr(GError) error = NULL;
	g_autoptr(Stem) stem = NULL;
	g_autoptr(GBytes) update = renderer_letter_update(
	    desk->renderer, "invitation", desk->lang, &context, &stem, &error);

	check(update != NULL, error, context.unit->code);
	g_hash_table_add(desk->hashes, g_strdup(stem->sha256));
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

/* With all the templates that are needed. */
static void
run_letters(Desk *desk, guint64 count, gboolean mail)
{
	double start = cpu_seconds();

	for (guint64 i = 0; i < count; i++)
		make_letter(desk, i, mail);
	tell(desk, count, cpu_seconds() - start);
}

static void
run_copy(Desk *desk, guint64 count)
{
	g_autoptr(GByteArray) copy = g_byte_array_new();
	double start;

	make_letter(desk, 0, TRUE);
	start = cpu_seconds();
	for (guint64 i = 0; i < count; i++) {
		g_byte_array_set_size(copy, 0);
		g_byte_array_append(copy, desk->out->data, desk->out->len);
		__asm__ volatile("" : : "r"(copy->data) : "memory"); /* someone reads it */
	}
	tell(desk, count, cpu_seconds() - start);
}

static void
write_html(const Desk *desk, const char *path)
{
	LetterContext context = context_of(desk, 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(MailText) text =
	    renderer_mail(desk->renderer, "invitation", desk->lang, &context, &error);

	check(text != NULL, error, path);
	check(g_file_set_contents(path, text->html, -1, &error), error, path);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Desk desk = { .lang = argc == 5 ? argv[4] : "it" };
	guint64 count;

	if (argc != 4 && argc != 5)
		g_error("usage: letters MODE WORKSPACE N [LANG]");
	count = g_ascii_strtoull(argv[3], NULL, 10);
	if (strcmp(argv[1], "towns") == 0) {
		check(towns_write((guint)count, 1, argv[2], &error), error, argv[2]);
		return 0;
	}
	open_desk(&desk, argv[2]);
	if (strcmp(argv[1], "html") == 0)
		write_html(&desk, argv[3]);
	else if (strcmp(argv[1], "copy-mail") == 0)
		run_copy(&desk, count);
	else
		run_letters(&desk, count, strcmp(argv[1], "mail") == 0);
	close_desk(&desk);
	return 0;
}
