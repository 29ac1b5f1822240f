/* Every shipped questionnaire speaks all four languages, wholly: a row without its translation, or two options that read the
 * same, would make a wrong answer of a right one. */
#include "form/form.h"

#include <string.h>

static const struct {
	const char *lang;
	const char *opening; /* quotation marks, as the language sets them */
	const char *closing;
} languages[] = {
	{ "it", "«", "»" },
	{ "de", "„", "“" },
	{ "fr", "«\302\240", "\302\240»" },
	{ "sl", "»", "«" },
};

static char *
quote(const char *text, guint lang)
{
	return g_strconcat(languages[lang].opening, text, languages[lang].closing, NULL);
}

/* Says what is wrong and goes on, so that one run names all rows. */
static void G_GNUC_PRINTF(1, 2) complain(const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_test_message("%s", text);
	g_test_fail();
}

static Form *
open_edition(const char *directory)
{
	g_autoptr(GError) error = NULL;
	Form *form = form_open_strict(directory, &error);

	g_assert_no_error(error);
	return form;
}

/* Calls @visit for all items, groups before what is in them. */
static void
visit_items(
    const Form *form, const GPtrArray *items, void (*visit)(const Form *form, const Item *item))
{
	for (guint i = 0; i < items->len; i++) {
		const Item *item = g_ptr_array_index(items, i);

		visit(form, item);
		visit_items(form, item->items, visit);
	}
}

static void
check_texts(const Form *form, const GPtrArray *texts, const char *column, const char *where)
{
	const char *own = g_ptr_array_index(texts, 0);

	for (guint i = 1; i < form->langs->len; i++) {
		const char *lang = g_ptr_array_index(form->langs, i);
		const char *text = g_ptr_array_index(texts, i);

		if (own != NULL && text == NULL)
			complain("%s: no %s in %s for \"%s\"", where, column, lang, own);
		if (own == NULL && text != NULL)
			complain("%s: a %s in %s alone: \"%s\"", where, column, lang, text);
	}
}

static void
check_item(const Form *form, const Item *item)
{
	g_autofree char *where = g_strdup_printf("survey.csv, row %u (%s)", item->row, item->name);

	check_texts(form, item->labels, "label", where);
	check_texts(form, item->hints, "hint", where);
	check_texts(form, item->guidance, "guidance_hint", where);
	check_texts(form, item->required_messages, "required_message", where);
	check_texts(form, item->constraint_messages, "constraint_message", where);
}

static void
test_complete(gconstpointer directory)
{
	g_autoptr(Form) form = open_edition(directory);
	GHashTableIter iter;
	gpointer value;

	for (gsize i = 0; i < G_N_ELEMENTS(languages); i++)
		if (i >= form->langs->len ||
		    strcmp(g_ptr_array_index(form->langs, i), languages[i].lang) != 0)
			complain("%s: language %zu is not %s", form->id, i + 1, languages[i].lang);
	visit_items(form, form->items, check_item);
	g_hash_table_iter_init(&iter, form->lists);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const ChoiceList *list = value;

		for (guint i = 0; i < list->choices->len; i++) {
			const Choice *choice = g_ptr_array_index(list->choices, i);
			g_autofree char *where =
			    g_strdup_printf("choices.csv, %s of %s", choice->name, list->name);

			check_texts(form, choice->labels, "label", where);
		}
	}
}

/* All texts of @texts in the language, folded: two that differ by capitals alone cannot be told apart either. */
static void
check_different(GHashTable *seen, const char *text, const char *lang, const char *where)
{
	g_autofree char *folded = text != NULL ? g_utf8_casefold(text, -1) : NULL;

	if (folded != NULL && !g_hash_table_add(seen, g_steal_pointer(&folded)))
		complain("%s: \"%s\" stands twice in %s", where, text, lang);
}

/* The rows of a grid and the lines of a list: what stands below one another under one question. */
static void
check_rows(const Form *form, const Item *item)
{
	if (item->layout != LAYOUT_GRID && item->layout != LAYOUT_LIST)
		return;
	for (guint lang = 0; lang < form->langs->len; lang++) {
		g_autoptr(GHashTable) seen =
		    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

		for (guint i = 0; i < item->items->len; i++) {
			const Item *row = g_ptr_array_index(item->items, i);

			check_different(seen, g_ptr_array_index(row->labels, lang),
			    g_ptr_array_index(form->langs, lang), item->name);
		}
	}
}

static void
test_different(gconstpointer directory)
{
	g_autoptr(Form) form = open_edition(directory);
	GHashTableIter iter;
	gpointer value;

	visit_items(form, form->items, check_rows);
	g_hash_table_iter_init(&iter, form->lists);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const ChoiceList *list = value;

		for (guint lang = 0; lang < form->langs->len; lang++) {
			g_autoptr(GHashTable) seen =
			    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

			for (guint i = 0; i < list->choices->len; i++) {
				const Choice *choice = g_ptr_array_index(list->choices, i);

				check_different(seen, g_ptr_array_index(choice->labels, lang),
				    g_ptr_array_index(form->langs, lang), list->name);
			}
		}
	}
}

static guint
count(const char *text, const char *part)
{
	guint n = 0;

	for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
		n++;
	return n;
}

/* "«Nessuno» non si combina ...": the option is quoted as often in every language. */
static void
check_quoted(const Item *item, const GPtrArray *messages)
{
	const char *own = g_ptr_array_index(messages, 0);

	for (guint i = 0; own != NULL && item->list != NULL && i < item->list->choices->len; i++) {
		const Choice *choice = g_ptr_array_index(item->list->choices, i);
		g_autofree char *italian = quote(g_ptr_array_index(choice->labels, 0), 0);

		for (guint lang = 1; lang < G_N_ELEMENTS(languages); lang++) {
			const char *message = g_ptr_array_index(messages, lang);
			g_autofree char *label =
			    quote(g_ptr_array_index(choice->labels, lang), lang);

			if (message != NULL && count(message, label) != count(own, italian))
				complain(
				    "survey.csv, row %u (%s): names %s elsewhere or not at all: %s",
				    item->row, item->name, label, message);
		}
	}
}

static void
check_messages(const Form *form G_GNUC_UNUSED, const Item *item)
{
	check_quoted(item, item->required_messages);
	check_quoted(item, item->constraint_messages);
}

static void
test_messages(gconstpointer directory)
{
	g_autoptr(Form) form = open_edition(directory);

	g_assert_cmpuint(form->langs->len, ==, G_N_ELEMENTS(languages));
	visit_items(form, form->items, check_messages);
}

static void
add(const char *directory, const char *edition, const char *what, GTestDataFunc test)
{
	g_autofree char *path = g_strdup_printf("/form/translations/%s/%s", edition, what);

	g_test_add_data_func_full(path, g_build_filename(directory, edition, NULL), test, g_free);
}

int
main(int argc, char **argv)
{
	const char *source = g_getenv("SRCDIR");
	g_autofree char *forms = g_build_filename(source != NULL ? source : ".", "forms", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(GDir) dir = NULL;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_open(forms, 0, &error);
	g_assert_no_error(error);
	for (const char *edition; (edition = g_dir_read_name(dir)) != NULL;) {
		g_autofree char *path = g_build_filename(forms, edition, NULL);

		if (!g_file_test(path, G_FILE_TEST_IS_DIR))
			continue;
		add(forms, edition, "nothing lacks in any of the four languages", test_complete);
		add(forms, edition, "no two options or rows read the same", test_different);
		add(forms, edition, "messages call options by their names", test_messages);
	}
	return g_test_run();
}
