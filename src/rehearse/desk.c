#include "rehearse/desk.h"

#include "base/durable.h"
#include "base/error.h"
#include "rehearse/receiver.h"

#include <glib/gstdio.h>
#include <string.h>

#define MAIL_LIMIT  ((gsize)64 << 20)
#define CODE_LENGTH 21 /* "7Q4K-9M2X-....-....-C" */

void
desk_clear(Desk *desk)
{
	if (desk->letters != NULL)
		g_ptr_array_unref(desk->letters);
	if (desk->sections != NULL)
		g_ptr_array_unref(desk->sections);
	form_view_free(desk->view);
	g_free(desk->code);
}

guint
desk_throw(const Desk *desk, const char *what, guint sides)
{
	return dice(desk->tools->seed, desk->town->unit->code, what, sides);
}

gboolean
desk_read(Desk *desk, GError **error)
{
	g_autofree char *folder = receiver_folder(desk->tools->mailboxes, desk->town->address);

	if (!post_fetch(desk->post, desk->town->address, folder, error))
		return FALSE;
	desk->letters = g_ptr_array_new_with_free_func((GDestroyNotify)letter_free);
	for (guint n = 1;; n++) {
		g_autofree char *path = g_strdup_printf("%s/%u.eml", folder, n);
		g_autoptr(GBytes) raw = NULL;
		Letter *letter;

		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			break;
		raw = durable_read(path, MAIL_LIMIT, error);
		letter = raw != NULL ? mailer_read(raw, error) : NULL;
		if (letter == NULL)
			return FALSE;
		g_ptr_array_add(desk->letters, letter);
	}
	if (desk->letters->len > 0)
		desk->letter = g_ptr_array_index(desk->letters, desk->letters->len - 1);
	return TRUE;
}

char *
desk_find_code(const Desk *desk)
{
	for (guint i = 0; i < desk->letters->len; i++) {
		const Letter *letter = g_ptr_array_index(desk->letters, i);
		gsize length = strlen(letter->text);

		for (gsize at = 0; at + CODE_LENGTH <= length; at++) {
			g_autofree char *word = g_strndup(letter->text + at, CODE_LENGTH);
			char *code = word[4] == '-' ? access_code_normalise(word) : NULL;

			if (code != NULL)
				return code;
		}
	}
	return keyring_access_code(desk->tools->keyring, NULL, desk->tools->edition,
	    desk->town->unit->code, desk->town->serial);
}

static gboolean
is_sheet_of(const Paper *paper, const Section *section)
{
	g_autofree char *ending = g_strdup_printf("sezione_%s.pdf", section->number);

	return g_str_has_suffix(paper->name, ending);
}

const Paper *
desk_find_sheet(const Desk *desk, const Section *section)
{
	for (guint i = desk->letters->len; i-- > 0;) {
		const Letter *letter = g_ptr_array_index(desk->letters, i);

		for (guint k = 0; k < letter->papers->len; k++) {
			const Paper *paper = g_ptr_array_index(letter->papers, k);

			if (is_sheet_of(paper, section))
				return paper;
		}
	}
	return NULL;
}

const Paper *
desk_find_letter(const Desk *desk)
{
	const Letter *first = g_ptr_array_index(desk->letters, 0);

	for (guint k = 0; k < first->papers->len; k++) {
		const Paper *paper = g_ptr_array_index(first->papers, k);
		gboolean sheet = FALSE;

		for (guint i = 0; i < desk->sections->len; i++)
			sheet = sheet || is_sheet_of(paper, g_ptr_array_index(desk->sections, i));
		if (!sheet)
			return paper;
	}
	return NULL;
}

gboolean
desk_throw_away(const Desk *desk, GError **error)
{
	g_autofree char *folder = receiver_folder(desk->tools->mailboxes, desk->town->address);

	for (guint n = 1; n <= desk->letters->len; n++) {
		g_autofree char *path = g_strdup_printf("%s/%u.eml", folder, n);

		if (g_unlink(path) < 0)
			return fail_errno(error, "%s", path);
	}
	return g_rmdir(folder) == 0 || fail_errno(error, "%s", folder);
}
