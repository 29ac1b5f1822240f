/* The archive, file by file, beside what the database refers to: two lists in the same order, so that nothing grows. */
#include "base/archive.h"
#include "base/archive_packet.h"
#include "base/error.h"
#include "base/progress.h"
#include "cmd/verify.h"

#include <glib/gstdio.h>
#include <string.h>

#define SHELVES	    256
#define NAME_DIGITS 62	/* of the 64, two name the shelf */
#define MARGIN	    120 /* seconds from a message's bytes to its row in the database */

typedef struct {
	Verify *verify;
	const Keyring *keyring;
	char *directory;
	gint64 since;
	Rows *wanted;	    /* (nullable): what must be there */
	gboolean has;	    /* a row of @wanted stands there */
	GHashTable *stems;  /* those that sent messages are made of */
	GPtrArray *orphans; /* of char *: received or template, and in no row of @wanted */
	Progress *progress;
	guint64 done;
} Walk;

static void
walk_clear(Walk *walk)
{
	g_clear_pointer(&walk->directory, g_free);
	g_clear_pointer(&walk->wanted, rows_free);
	g_clear_pointer(&walk->stems, g_hash_table_unref);
	g_clear_pointer(&walk->orphans, g_ptr_array_unref);
	g_clear_pointer(&walk->progress, progress_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

/* A file of a shelf. */
typedef struct {
	char *sha256;
	gboolean sent;
} Kept;

static char *
path_of(const Walk *walk, const char *sha256, gboolean sent)
{
	return g_strdup_printf(
	    "%s/%.2s/%s%s", walk->directory, sha256, sha256 + 2, sent ? ".sent" : "");
}

/* --- what the database wants ------------------------------------------------------------------------------------- */

static gboolean
want_next(Walk *walk, GError **error)
{
	g_autoptr(GError) why = NULL;

	walk->has = rows_next(walk->wanted, &why);
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static void
say_missing(const Walk *walk)
{
	gint64 kind = rows_int(walk->wanted, 1);
	g_autofree char *path = path_of(walk, rows_text(walk->wanted, 0), kind > 0);

	if (kind == 0)
		verify_say(walk->verify, SEVERITY_ERROR, "missing", path,
		    _("a received message is not there; restore it from a backup"));
	else if (kind == 2)
		verify_say(walk->verify, SEVERITY_ERROR, "missing", path,
		    _("a sent message is not there; restore it from a backup"));
	else
		verify_say(walk->verify, SEVERITY_WARNING, "missing", path,
		    _("a message that was made but has not left is not there"));
}

/* Whether the database wants @kept; what it wants before that is missing. @kept NULL: behind the last. */
static gboolean
is_wanted(Walk *walk, const Kept *kept, gboolean *out, GError **error)
{
	*out = FALSE;
	while (walk->has) {
		int order = kept != NULL ? strcmp(rows_text(walk->wanted, 0), kept->sha256) : -1;

		if (order == 0)
			order = (rows_int(walk->wanted, 1) > 0) - kept->sent;
		if (order > 0)
			return TRUE;
		*out = order == 0;
		if (order < 0)
			say_missing(walk);
		if (!want_next(walk, error))
			return FALSE;
		if (*out)
			return TRUE;
	}
	return TRUE;
}

/* --- what is there ------------------------------------------------------------------------------------------------ */

static gboolean
is_hex(const char *text, gsize length)
{
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isdigit(text[i]) && (text[i] < 'a' || text[i] > 'f'))
			return FALSE;
	return TRUE;
}

static void
say_stranger(const Walk *walk, const char *path, const char *name)
{
	if (g_str_has_suffix(name, ".tmp"))
		verify_say(walk->verify, SEVERITY_NOTE, "leftover", path,
		    _("left by a write that was cut off; may be deleted"));
	else
		verify_say(walk->verify, SEVERITY_WARNING, "stranger", path,
		    _("does not belong in the archive"));
}

/* The sent messages' and other files of one shelf, by name. */
static GArray *
list_shelf(const Walk *walk, const char *shelf)
{
	g_autofree char *path = g_build_filename(walk->directory, shelf, NULL);
	GArray *list = g_array_new(FALSE, FALSE, sizeof(Kept));
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *name;

	while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		Kept kept = { NULL,
			strlen(name) > NAME_DIGITS && strcmp(name + NAME_DIGITS, ".sent") == 0 };

		if (strlen(name) != NAME_DIGITS + (kept.sent ? strlen(".sent") : 0) ||
		    !is_hex(name, NAME_DIGITS)) {
			say_stranger(walk, file, name);
			continue;
		}
		kept.sha256 = g_strdup_printf("%s%.*s", shelf, NAME_DIGITS, name);
		g_array_append_val(list, kept);
	}
	return list;
}

static void
kept_clear(gpointer data)
{
	g_free(((Kept *)data)->sha256);
}

static int
compare_kept(gconstpointer a, gconstpointer b)
{
	const Kept *first = a;
	const Kept *second = b;
	int order = strcmp(first->sha256, second->sha256);

	return order != 0 ? order : first->sent - second->sent;
}

/* The sentence names the file, and of a sent message perhaps its template's: so one damage is told once. */
static void
say_altered(const Walk *walk, const char *path, const char *sentence)
{
	gsize length = strlen(walk->directory);
	const char *end =
	    g_str_has_prefix(sentence, walk->directory) ? strstr(sentence + length, ": ") : NULL;
	g_autofree char *place =
	    end != NULL ? g_strndup(sentence, (gsize)(end - sentence)) : g_strdup(path);

	verify_say(walk->verify, SEVERITY_ERROR, "altered", place, "%s",
	    end != NULL ? end + strlen(": ") : sentence);
}

/* Reads the file and compares its bytes with its name. A sent message is put together from its templates. */
static void
check_bytes(Walk *walk, const Kept *kept, const char *path)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) bytes = kept->sent ? archive_open_sent(walk->directory, walk->keyring,
						   kept->sha256, walk->stems, &why)
					     : archive_open(walk->directory, kept->sha256, &why);
	GStatBuf about;

	if (g_stat(path, &about) == 0)
		walk->verify->bytes += (guint64)about.st_size;
	if (bytes == NULL)
		say_altered(walk, path, why->message);
}

static gboolean
is_new(const Walk *walk, const char *path)
{
	GStatBuf about;

	return g_stat(path, &about) < 0 || about.st_ctime >= walk->since - MARGIN;
}

static gboolean
check_file(Walk *walk, const Kept *kept, GError **error)
{
	g_autofree char *path = path_of(walk, kept->sha256, kept->sent);
	gboolean wanted;

	check_bytes(walk, kept, path);
	progress_step(walk->progress, ++walk->done);
	if (!is_wanted(walk, kept, &wanted, error))
		return FALSE;
	if (kept->sent)
		walk->verify->sent++;
	else if (wanted)
		walk->verify->received++;
	if (wanted || walk->wanted == NULL || (kept->sent && is_new(walk, path)))
		return TRUE;
	if (kept->sent)
		verify_say(walk->verify, SEVERITY_NOTE, "unreferred", path,
		    _("a message that no dispatch refers to: made, and never handed over"));
	else
		g_ptr_array_add(walk->orphans, g_strdup(kept->sha256));
	return TRUE;
}

static gboolean
walk_shelves(Walk *walk, GError **error)
{
	gboolean wanted;

	for (guint i = 0; i < SHELVES; i++) {
		g_autofree char *shelf = g_strdup_printf("%02x", i);
		g_autoptr(GArray) list = list_shelf(walk, shelf);

		g_array_set_clear_func(list, kept_clear);
		g_array_sort(list, compare_kept);
		for (guint j = 0; j < list->len; j++)
			if (!check_file(walk, &g_array_index(list, Kept, j), error))
				return FALSE;
	}
	return is_wanted(walk, NULL, &wanted, error);
}

/* Which of them are templates is known when all sent messages have been read. */
static void
check_orphans(const Walk *walk)
{
	for (guint i = 0; i < walk->orphans->len; i++) {
		const char *sha256 = g_ptr_array_index(walk->orphans, i);
		g_autofree char *path = path_of(walk, sha256, FALSE);

		if (g_hash_table_contains(walk->stems, sha256))
			walk->verify->templates++;
		else if (!is_new(walk, path))
			verify_say(walk->verify, SEVERITY_NOTE, "unreferred", path,
			    _("neither a message of the database nor a template: taken, and then plico was cut off; if it is a message, it is taken again from the mailbox"));
	}
}

/* --- kept forms ---------------------------------------------------------------------------------------------------- */

static gboolean
check_forms(Walk *walk, Store *snapshot, GError **error)
{
	g_autofree char *kept = g_build_filename(walk->directory, "forms", NULL);
	g_autoptr(GPtrArray) findings = findings_new();
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = store_query(snapshot, error, SQL_verify_forms, "");

	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		form_keep_check(kept, rows_text(rows, 0), rows_text(rows, 1), findings);
		walk->verify->forms++;
	}
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		verify_say(walk->verify, finding->severity, finding->code, finding->place, "%s",
		    finding->text);
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* How many files are to come, nearly: templates are few. */
static gboolean
count_wanted(Store *snapshot, guint64 *out, GError **error)
{
	g_autoptr(Rows) rows = store_query(snapshot, error, SQL_verify_count, "");

	if (rows == NULL || !rows_next(rows, error))
		return FALSE;
	*out = (guint64)(rows_int(rows, 0) + rows_int(rows, 1));
	return TRUE;
}

gboolean
verify_archive(Verify *verify, const App *app, Store *snapshot, gint64 since, GError **error)
{
	g_auto(Walk) walk = { .verify = verify, .keyring = app->keyring, .since = since };
	guint64 total = 0;

	walk.directory = cmd_path(app, "archive");
	walk.stems = archive_stems_new();
	walk.orphans = g_ptr_array_new_with_free_func(g_free);
	if (snapshot != NULL) {
		walk.wanted = store_query(snapshot, error, SQL_verify_in_archive, "");
		if (walk.wanted == NULL || !want_next(&walk, error) ||
		    !count_wanted(snapshot, &total, error) || !check_forms(&walk, snapshot, error))
			return FALSE;
	}
	walk.progress = progress_new(_("Archive"), total);
	if (!walk_shelves(&walk, error))
		return FALSE;
	check_orphans(&walk);
	return TRUE;
}
