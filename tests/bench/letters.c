/*
 * letters towns OUT N              a list of N towns
 * letters html WORKSPACE OUT       a mail of the same length, for programs that print HTML
 * letters MODE WORKSPACE N [LANG]  N letters, one to each town in turn: "memory" as files, "mail" as base64 lines; "copy-mail":
 *                                  the bytes of one, N times, only copied
 *
 * All but the first two print: letters, CPU seconds, peak memory in MiB, bytes of the last letter, how many stems were used.
 */
#include "bench/desk.h"

#include "rehearse/towns.h"

#include <string.h>

typedef struct {
	Desk desk;
	GHashTable *hashes; /* set of those of the stems */
	const char *lang;
} Bench;

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
tell(const Bench *bench, guint64 letters, double seconds)
{
	g_print("%" G_GUINT64_FORMAT " %.4f %.1f %u %u\n", letters, seconds, peak_mib(),
	    bench->desk.out->len, g_hash_table_size(bench->hashes));
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

static void
make_letter(Bench *bench, guint64 i, gboolean mail)
{
	LetterContext context = context_of(&bench->desk, i);
	g_autoptr(GError) error = NULL;
	g_autoptr(Stem) stem = NULL;
	g_autoptr(GBytes) update = renderer_letter_update(
	    bench->desk.renderer, "invitation", bench->lang, &context, &stem, &error);

	check(update != NULL, error, context.unit->code);
	g_hash_table_add(bench->hashes, g_strdup(stem->sha256));
	desk_join(&bench->desk, stem, update, mail);
}

/* With all the templates that are needed. */
static void
run_letters(Bench *bench, guint64 count, gboolean mail)
{
	double start = cpu_seconds();

	for (guint64 i = 0; i < count; i++)
		make_letter(bench, i, mail);
	tell(bench, count, cpu_seconds() - start);
}

static void
run_copy(Bench *bench, guint64 count)
{
	make_letter(bench, 0, TRUE);
	tell(bench, count, desk_copy(&bench->desk, count));
}

static void
write_html(const Bench *bench, const char *path)
{
	LetterContext context = context_of(&bench->desk, 0);
	g_autoptr(GError) error = NULL;
	g_autoptr(MailText) text =
	    renderer_mail(bench->desk.renderer, "invitation", bench->lang, &context, &error);

	check(text != NULL, error, path);
	check(g_file_set_contents(path, text->html, -1, &error), error, path);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	Bench bench = { .lang = argc == 5 ? argv[4] : "it" };
	guint64 count;

	if (argc != 4 && argc != 5)
		g_error("usage: letters MODE WORKSPACE N [LANG]");
	count = g_ascii_strtoull(argv[3], NULL, 10);
	if (strcmp(argv[1], "towns") == 0) {
		check(towns_write((guint)count, 1, argv[2], &error), error, argv[2]);
		return 0;
	}
	desk_open(&bench.desk, argv[2]);
	name_mayors(&bench.desk);
	bench.hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (strcmp(argv[1], "html") == 0)
		write_html(&bench, argv[3]);
	else if (strcmp(argv[1], "copy-mail") == 0)
		run_copy(&bench, count);
	else
		run_letters(&bench, count, strcmp(argv[1], "mail") == 0);
	g_hash_table_unref(bench.hashes);
	desk_close(&bench.desk);
	return 0;
}
