/* plico answers print: what a unit has answered, as a PDF that its office can file. */
#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "registry/registry.h"
#include "render/render.h"
#include "validate/validate.h"

#include <string.h>

static char *receipt;
static char *out;

static const GOptionEntry options[] = {
	{ "receipt", 0, 0, G_OPTION_ARG_STRING, &receipt, N_("the receipt of this section alone"),
	    "s5" },
	{ "out", 'o', 0, G_OPTION_ARG_FILENAME, &out, N_("the file to write"), "FILE" },
	G_OPTION_ENTRY_NULL,
};

typedef struct {
	Form *form;
	FormShelf *shelf;
	Unit *unit;
	char *lang;	    /* of the unit */
	GPtrArray *returns; /* of StoredAnswers */
	GPtrArray *views;   /* of FormView: those that the sections borrow */
	Summary summary;
} Print;

static void
print_clear(Print *print)
{
	g_clear_pointer(&print->summary.sections, g_ptr_array_unref);
	g_clear_pointer(&print->views, g_ptr_array_unref);
	g_clear_pointer(&print->returns, g_ptr_array_unref);
	g_clear_pointer(&print->unit, unit_free);
	g_clear_pointer(&print->lang, g_free);
	g_clear_pointer(&print->shelf, form_shelf_free);
	g_clear_pointer(&print->form, form_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Print, print_clear)

static void
section_free(gpointer section)
{
	summary_section_free(section);
}

static gboolean
load(const App *app, const char *words, Print *print, GError **error)
{
	g_autofree char *kept = cmd_path(app, "archive/forms");

	print->form = cmd_form(app, error);
	if (print->form == NULL)
		return FALSE;
	print->shelf = form_shelf_new(print->form, kept);
	print->views = g_ptr_array_new_with_free_func((GDestroyNotify)form_view_free);
	print->unit = registry_find(app->store, words, error);
	if (print->unit == NULL)
		return FALSE;
	print->lang = unit_lang(print->unit, app->config);
	print->returns = stored_answers_of_unit(app->store, print->form, print->unit->id, error);
	return print->returns != NULL;
}

/* The return that counts for a section. Returns: (transfer none) (nullable) */
static StoredAnswers *
current_of(const Print *print, const char *section)
{
	for (guint i = 0; i < print->returns->len; i++) {
		StoredAnswers *stored = g_ptr_array_index(print->returns, i);

		if (strcmp(stored->state, "applied") == 0 && strcmp(stored->section, section) == 0)
			return stored;
	}
	return NULL;
}

/* The form as it was answered. Returns: (transfer none) */
static const FormView *
view_of(Print *print, const StoredAnswers *stored, GError **error)
{
	const Form *form = print->form;
	FormView *view;

	if (stored != NULL && !form_shelf_find(print->shelf, stored->form_version, &form, error))
		return NULL;
	view = form_view_new(form != NULL ? form : print->form, print->unit);
	g_ptr_array_add(print->views, view);
	return view;
}

static gboolean
add_section(Print *print, const char *name, GError **error)
{
	StoredAnswers *stored = current_of(print, name);
	const FormView *view = view_of(print, stored, error);
	SummarySection *section;

	if (view == NULL)
		return FALSE;
	section = summary_section_new(view, form_section(form_view_form(view), name),
	    stored != NULL ? stored->values : NULL, stored != NULL ? stored->findings : NULL,
	    print->lang);
	if (stored != NULL) {
		section->received_at = stored->received_at;
		section->sender = stored->sender;
		section->file_name = stored->file_name;
		section->file_sha256 = stored->file_sha256;
	}
	g_ptr_array_add(print->summary.sections, section);
	return TRUE;
}

static gboolean
add_receipt(Print *print, GError **error)
{
	if (form_section(print->form, receipt) == NULL)
		return fail(error, PLICO_ERROR_USAGE,
		    _("--receipt %s: the form has no such section"), receipt);
	if (current_of(print, receipt) == NULL)
		return fail(error, PLICO_ERROR_NOT_FOUND,
		    _("%s: section %s has not come yet, or does not count: plico answers history tells"),
		    print->unit->name, receipt);
	return add_section(print, receipt, error);
}

static gboolean
add_sections(Print *print, GError **error)
{
	g_autoptr(FormView) view = form_view_new(print->form, print->unit);
	g_autoptr(GPtrArray) sections = form_view_sections(view);

	print->summary.unit = print->unit;
	print->summary.date = clock_now();
	print->summary.receipt = receipt != NULL;
	print->summary.sections = g_ptr_array_new_with_free_func(section_free);
	if (receipt != NULL)
		return add_receipt(print, error);
	for (guint i = 0; i < sections->len; i++) {
		const Section *section = g_ptr_array_index(sections, i);

		if (!add_section(print, section->name, error))
			return FALSE;
	}
	return TRUE;
}

/* "mappa-2024_D708_risposte.pdf", "mappa-2024_D708_ricevuta_s5.pdf" */
static char *
file_name(const Print *print)
{
	if (out != NULL)
		return g_strdup(out);
	if (receipt != NULL)
		return g_strdup_printf(
		    "%s_%s_ricevuta_%s.pdf", print->form->id, print->unit->code, receipt);
	return g_strdup_printf("%s_%s_risposte.pdf", print->form->id, print->unit->code);
}

static gboolean
run(App *app, char **words, GError **error)
{
	g_auto(Print) print = { 0 };
	g_autoptr(Renderer) renderer = NULL;
	g_autoptr(GBytes) pdf = NULL;
	g_autofree char *path = NULL;

	if (!load(app, words[0], &print, error) || !add_sections(&print, error))
		return FALSE;
	renderer = renderer_new(app->config, app->keyring, print.form, error);
	if (renderer == NULL)
		return FALSE;
	pdf = renderer_summary(renderer, &print.summary, print.lang, error);
	path = file_name(&print);
	if (pdf == NULL || !durable_replace(path, pdf, 0600, error))
		return FALSE;
	g_print("%s\n", path);
	return TRUE;
}

const Command command_answers_print = {
	.name = "answers print",
	.words = "WORDS",
	.summary = N_("write the answers of a unit so far as a PDF, or the receipt of a section"),
	.help = N_(
	    "WORDS: code, address or name of the unit. The PDF tells when and from which file each section came, every answer in words, and what is to be corrected, in the language of the unit: an office can file it."),
	.needs = NEEDS_STORE | NEEDS_KEYS,
	.least = 1,
	.most = 1,
	.options = options,
	.run = run,
};
