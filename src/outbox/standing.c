/* How the sections of a unit stood when a message was planned, and the answers that counted then: what a receipt says. A message that
 * is tried again says the same, whatever has come since. */
#include "outbox/standing.h"

#include "base/lang.h"

#include <string.h>

/* What counted for one section. */
typedef struct {
	char *section;
	gint64 return_id;
	gint64 received_at;
	char *form_version;
	char *sender; /* an address, or "" */
	char *file_name;
	char *file_sha256;
	gboolean wrong;
	GHashTable *values;
	GPtrArray *findings;
	FormView *view;
} Came;

struct Standing {
	FormShelf *shelf;
	FormView *view;	     /* of the present form */
	GPtrArray *came;     /* of Came */
	GPtrArray *sections; /* of const Section *: those that are told of */
	GPtrArray *lines;    /* of LetterStanding */
	GPtrArray *missing;  /* of const Section * */
};

static void
came_free(gpointer data)
{
	Came *came = data;

	g_free(came->section);
	g_free(came->form_version);
	g_free(came->sender);
	g_free(came->file_name);
	g_free(came->file_sha256);
	g_clear_pointer(&came->values, g_hash_table_unref);
	g_clear_pointer(&came->findings, g_ptr_array_unref);
	g_clear_pointer(&came->view, form_view_free);
	g_free(came);
}

void
standing_free(Standing *standing)
{
	if (standing == NULL)
		return;
	g_clear_pointer(&standing->lines, g_ptr_array_unref);
	g_clear_pointer(&standing->missing, g_ptr_array_unref);
	g_clear_pointer(&standing->sections, g_ptr_array_unref);
	g_clear_pointer(&standing->came, g_ptr_array_unref);
	g_clear_pointer(&standing->view, form_view_free);
	g_clear_pointer(&standing->shelf, form_shelf_free);
	g_free(standing);
}

/* "" where there is none that could be written to. Returns: (transfer full) */
static char *
checked_address(const char *sender)
{
	g_autofree char *written = address_of_sender(sender);
	char *address = NULL;
	const char *why;

	return address_check(written, &address, &why) ? address : g_strdup("");
}

/* What the sender wrote goes out again only where it is believed, and of its own address only that. */
static Came *
came_from(Rows *rows)
{
	Came *came = g_new0(Came, 1);
	gboolean believed = strcmp(rows_text(rows, 7), "none") != 0;

	came->section = g_strdup(rows_text(rows, 0));
	came->return_id = rows_int(rows, 1);
	came->received_at = rows_int(rows, 2);
	came->form_version = g_strdup(rows_text(rows, 3));
	came->sender = believed ? checked_address(rows_text(rows, 4)) : g_strdup("");
	came->file_name = g_strdup(believed ? rows_text(rows, 5) : "");
	came->file_sha256 = g_strdup(rows_text(rows, 6));
	came->wrong = rows_int(rows, 8) != 0;
	return came;
}

static gboolean
load_came(Standing *standing, const OutboxTools *tools, const Dispatch *dispatch, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;
	gint64 planned;

	if (!store_int(tools->store, &planned, 0, error, SQL_outbox_dispatch_planned_at, "ii",
		dispatch->id, dispatch->unit_id))
		return FALSE;
	rows = store_query(tools->store, error, SQL_outbox_standing, "iti", dispatch->unit_id,
	    dispatch->edition, planned);
	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why))
		g_ptr_array_add(standing->came, came_from(rows));
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static Came *
find_came(const Standing *standing, const char *section)
{
	for (guint i = 0; i < standing->came->len; i++) {
		Came *came = g_ptr_array_index(standing->came, i);

		if (strcmp(came->section, section) == 0)
			return came;
	}
	return NULL;
}

/* The town is told of all its sections, a delegate of his or hers. */
static void
choose_sections(Standing *standing, const Dispatch *dispatch)
{
	gboolean holder = strcmp(dispatch->raised, OUTBOX_TO_HOLDER) == 0;
	g_auto(GStrv) names = g_strsplit(dispatch->sections, " ", 0);

	standing->sections = form_view_sections(standing->view);
	for (guint i = standing->sections->len; holder && i > 0; i--) {
		const Section *section = g_ptr_array_index(standing->sections, i - 1);

		if (!g_strv_contains((const char *const *)names, section->name))
			g_ptr_array_remove_index(standing->sections, i - 1);
	}
}

static void
add_lines(Standing *standing)
{
	standing->lines = g_ptr_array_new_with_free_func(g_free);
	standing->missing = g_ptr_array_new();
	for (guint i = 0; i < standing->sections->len; i++) {
		const Section *section = g_ptr_array_index(standing->sections, i);
		const Came *came = find_came(standing, section->name);
		LetterStanding *line = g_new0(LetterStanding, 1);

		line->section = section;
		if (came != NULL) {
			line->received_at = came->received_at;
			line->wrong = came->wrong;
		} else {
			g_ptr_array_add(standing->missing, (gpointer)(gsize)section);
		}
		g_ptr_array_add(standing->lines, line);
	}
}

Standing *
standing_load(const OutboxTools *tools, const Dispatch *dispatch, const Unit *unit, GError **error)
{
	g_autoptr(Standing) standing = g_new0(Standing, 1);
	g_autofree char *kept =
	    g_build_filename(config_workspace(tools->config), "archive", "forms", NULL);

	standing->shelf = form_shelf_new(tools->form, kept);
	standing->view = form_view_new_as_of(tools->form, unit, dispatch->facts);
	standing->came = g_ptr_array_new_with_free_func(came_free);
	if (!load_came(standing, tools, dispatch, error))
		return NULL;
	choose_sections(standing, dispatch);
	add_lines(standing);
	return g_steal_pointer(&standing);
}

const GPtrArray *
standing_lines(const Standing *standing)
{
	return standing->lines;
}

GPtrArray *
standing_missing(const Standing *standing)
{
	return standing->missing;
}

/* --- the answers so far ------------------------------------------------------------------------------------ */

static gboolean
load_values(Came *came, Store *store, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_outbox_correction_answers, "i", came->return_id);

	if (rows == NULL)
		return FALSE;
	came->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	while (rows_next(rows, &why))
		g_hash_table_insert(
		    came->values, g_strdup(rows_text(rows, 0)), g_strdup(rows_text(rows, 1)));
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
load_findings(Came *came, Store *store, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows =
	    store_query(store, error, SQL_outbox_standing_findings, "i", came->return_id);

	if (rows == NULL)
		return FALSE;
	came->findings = findings_new();
	while (rows_next(rows, &why))
		findings_add(came->findings,
		    strcmp(rows_text(rows, 0), "note") == 0 ? SEVERITY_NOTE : SEVERITY_ERROR,
		    rows_text(rows, 1), rows_text(rows, 2), "%s", "");
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

/* The section as it was answered: by that version of the form. NULL: nothing has come, or that version was not kept. */
static SummarySection *
answered_section(const Standing *standing, const OutboxTools *tools, const Dispatch *dispatch,
    const Unit *unit, Came *came, GError **error)
{
	const Form *form = NULL;
	const Section *section;
	SummarySection *made;

	if (!load_values(came, tools->store, error) || !load_findings(came, tools->store, error) ||
	    !form_shelf_find(standing->shelf, came->form_version, &form, error))
		return NULL;
	if (form == NULL)
		form = tools->form;
	section = form_section(form, came->section);
	if (section == NULL) {
		form = tools->form;
		section = form_section(form, came->section);
	}
	came->view = form_view_new_as_of(form, unit, dispatch->facts);
	made = summary_section_new(
	    came->view, section, came->values, came->findings, lang_first(dispatch->lang));
	made->received_at = came->received_at;
	made->sender = came->sender;
	made->file_name = came->file_name;
	made->file_sha256 = came->file_sha256;
	return made;
}

static void
free_section(gpointer section)
{
	summary_section_free(section);
}

static GPtrArray *
answered_sections(const Standing *standing, const OutboxTools *tools, const Dispatch *dispatch,
    const Unit *unit, GError **error)
{
	g_autoptr(GPtrArray) sections = g_ptr_array_new_with_free_func(free_section);

	for (guint i = 0; i < standing->sections->len; i++) {
		const Section *section = g_ptr_array_index(standing->sections, i);
		Came *came = find_came(standing, section->name);
		SummarySection *made =
		    came != NULL ? answered_section(standing, tools, dispatch, unit, came, error)
				 : summary_section_new(standing->view, section, NULL, NULL,
				       lang_first(dispatch->lang));

		if (made == NULL)
			return NULL;
		g_ptr_array_add(sections, made);
	}
	return g_steal_pointer(&sections);
}

Attachment *
standing_answers(const Standing *standing, const OutboxTools *tools, const Dispatch *dispatch,
    const Unit *unit, GError **error)
{
	g_autofree char *name =
	    g_strdup_printf("%s_%s_risposte.pdf", dispatch->edition, unit->code);
	Summary summary = { .unit = unit, .date = dispatch->date };
	g_autoptr(GPtrArray) sections = answered_sections(standing, tools, dispatch, unit, error);
	g_autoptr(GBytes) pdf = NULL;

	if (sections == NULL)
		return NULL;
	summary.sections = sections;
	pdf = renderer_summary(tools->renderer, &summary, dispatch->lang, error);
	return pdf != NULL ? attachment_new(name, pdf) : NULL;
}
