#include "validate/identify.h"

#include "base/error.h"
#include "base/text.h"

#include <string.h>

#define NAMES_SHOWN 3
#define CLAIM_MAX   40 /* characters of an identity that is not verified */

void
sheet_free(Sheet *sheet)
{
	if (sheet == NULL)
		return;
	g_clear_pointer(&sheet->id, sheet_id_free);
	g_clear_pointer(&sheet->unit, unit_free);
	g_clear_pointer(&sheet->view, form_view_free);
	g_clear_pointer(&sheet->forms, g_ptr_array_unref);
	g_clear_pointer(&sheet->printed, g_hash_table_unref);
	g_clear_pointer(&sheet->memory, memory_free);
	g_clear_pointer(&sheet->amendment, amendment_free);
	g_free(sheet->detail);
	g_free(sheet);
}

/* What keeps a file from being answers. The first reason counts. */
typedef struct {
	const char *reason; /* NULL: nothing so far */
	char *detail;
} Fault;

static void
fault_clear(Fault *fault)
{
	g_clear_pointer(&fault->detail, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fault, fault_clear)

static void G_GNUC_PRINTF(3, 4) say(Fault *fault, const char *reason, const char *format, ...)
{
	va_list args;

	if (fault->reason != NULL)
		return;
	fault->reason = reason;
	va_start(args, format);
	fault->detail = g_strdup_vprintf(format, args);
	va_end(args);
}

/* The form of the version that the sheet says; the present one where no such version was kept. */
static gboolean
find_form(const IntakeTools *tools, const SheetId *id, const Form **out, GError **error)
{
	*out = tools->form;
	if (tools->shelf != NULL && !form_shelf_find(tools->shelf, id->form, out, error))
		return FALSE;
	if (*out == NULL)
		*out = tools->form;
	return TRUE;
}

/* Only a section that asks this unit something: the sheet of another size class is not its own. */
static const Section *
section_in(const FormView *view, const char *name)
{
	const Section *section = form_section(form_view_form(view), name);

	return section != NULL && form_view_asked(view, section->group) != ASKED_NO ? section
										    : NULL;
}

/* What a sheet has beside the fields of its questions, whose names none of these can have. @memory (nullable): what was printed on the
 * sheet; @printed (nullable): those of its answers that stand in fields. Returns: (transfer full): a set of char * */
static GHashTable *
other_fields(
    const Memory *memory, GHashTable *printed, const FormView *view, const Section *section)
{
	static const char *const identity[] = { FIELD_VERSION, FIELD_KID, FIELD_EDITION, FIELD_UNIT,
		FIELD_SECTION, FIELD_FORM, FIELD_SERIAL, FIELD_TAG, FIELD_CODE };
	GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) beside = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(identity); i++)
		g_hash_table_add(names, g_strdup(identity[i]));
	if (memory == NULL)
		return names;
	if (printed != NULL)
		g_hash_table_add(names, g_strdup(FIELD_CONFIRM));
	beside = memory_beside_fields(view, section, memory->origin);
	for (guint i = 0; i < beside->len; i++)
		g_hash_table_add(names, g_strdup(g_ptr_array_index(beside, i)));
	return names;
}

GHashTable *
identify_fields(const Sheet *sheet)
{
	GHashTable *names =
	    other_fields(sheet->memory, sheet->printed, sheet->view, sheet->section);
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, form_view_field_names(sheet->view, sheet->section));
	while (g_hash_table_iter_next(&iter, &name, NULL))
		g_hash_table_add(names, g_strdup(name));
	return names;
}

static gboolean
has_all(FieldSet *fields, GHashTable *names)
{
	GHashTableIter iter;
	gpointer name;

	g_hash_table_iter_init(&iter, names);
	while (g_hash_table_iter_next(&iter, &name, NULL))
		if (!g_hash_table_contains(fields, name))
			return FALSE;
	return TRUE;
}

/* Nearly every sheet has: that is found out without a list of all its names. */
static gboolean
has_just(FieldSet *fields, const Memory *memory, GHashTable *printed, const FormView *view,
    const Section *section)
{
	g_autoptr(GHashTable) others = other_fields(memory, printed, view, section);
	GHashTable *names = form_view_field_names(view, section);

	return g_hash_table_size(fields) == g_hash_table_size(names) + g_hash_table_size(others) &&
	       has_all(fields, names) && has_all(fields, others);
}

/* The form as the unit was asked it when @facts were noted; of a delegation sheet its own form. Returns: (transfer full) */
static FormView *
view_as_of(Sheet *sheet, const Form *form, const char *facts)
{
	FormView *view = form_view_new_as_of(form, sheet->unit, facts);
	Form *delegation;

	if (strcmp(sheet->id->section, FORM_DELEGATION) != 0)
		return view;
	delegation = form_delegation(view);
	g_ptr_array_add(sheet->forms, delegation);
	form_view_free(view);
	return form_view_new(delegation, sheet->unit);
}

/* Of last year's answers those that stood in the fields of the sheet, if it is one of @section. Returns: (transfer full) (nullable) */
static GHashTable *
printed_in(const Sheet *sheet, const FormView *view, const Section *section)
{
	g_autoptr(GHashTable) printed = NULL;

	if (sheet->memory == NULL || section == NULL)
		return NULL;
	printed = memory_of_section(sheet->memory, view, section);
	return g_hash_table_size(printed) > 0 ? g_steal_pointer(&printed) : NULL;
}

/* @printed: (transfer full) (nullable): printed_in() */
static void
set_view(Sheet *sheet, FormView *view, const Section *section, GHashTable *printed)
{
	g_clear_pointer(&sheet->view, form_view_free);
	g_clear_pointer(&sheet->printed, g_hash_table_unref);
	sheet->view = view;
	sheet->section = section;
	sheet->printed = printed;
}

/* Whether any of last year's answers stood on it, in its fields or beside them. */
static gboolean
remembers(const Sheet *sheet)
{
	g_autoptr(GHashTable) beside = NULL;

	if (sheet->memory == NULL || sheet->section == NULL || sheet->printed != NULL)
		return sheet->printed != NULL;
	beside = memory_beside_section(sheet->memory, sheet->view, sheet->section);
	return g_hash_table_size(beside) > 0;
}

/* The form as this unit is asked it now. Where that has other fields than the sheet, as it was when messages to the unit
 * were planned: a town grows over the threshold while its sheets lie on a desk. */
static gboolean
find_view(const IntakeTools *tools, Sheet *sheet, FieldSet *fields, GError **error)
{
	const Form *form;
	FormView *part, *now;
	const Section *section;
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	if (!find_form(tools, sheet->id, &form, error) ||
	    !amendment_find(tools, sheet->id, sheet->unit, form, &sheet->amendment, &part, error))
		return FALSE;
	now = part != NULL ? part : view_as_of(sheet, form, "");
	section = section_in(now, sheet->id->section);
	set_view(sheet, now, section, printed_in(sheet, now, section));
	sheet->fits =
	    section != NULL && has_just(fields, sheet->memory, sheet->printed, now, section);
	if (sheet->fits || part != NULL)
		return TRUE;
	rows = store_query(
	    tools->store, error, SQL_validate_facts, "ti", tools->form->id, sheet->unit->id);
	if (rows == NULL)
		return FALSE;
	while (rows_next(rows, &why)) {
		g_autoptr(FormView) view = view_as_of(sheet, form, rows_text(rows, 0));
		g_autoptr(GHashTable) printed = NULL;

		section = section_in(view, sheet->id->section);
		printed = printed_in(sheet, view, section);
		if (section != NULL && has_just(fields, sheet->memory, printed, view, section)) {
			set_view(sheet, g_steal_pointer(&view), section, g_steal_pointer(&printed));
			sheet->fits = TRUE;
			return TRUE;
		}
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean
find_unit(const IntakeTools *tools, Sheet *sheet, GError **error)
{
	gint64 id;

	if (!store_int(
		tools->store, &id, 0, error, SQL_validate_unit_by_code, "t", sheet->id->unit))
		return FALSE;
	if (id != 0)
		sheet->unit = registry_unit(tools->store, id, error);
	return id == 0 || sheet->unit != NULL;
}

/* What of last year's answers was printed when the sheet was made. */
static gboolean
find_memory(const IntakeTools *tools, Sheet *sheet, GError **error)
{
	gint64 number = sheet_id_memory(sheet->id);

	if (number == 0)
		return TRUE;
	sheet->memory = memory_printed(tools->store, tools->form, sheet->unit->id, number, error);
	return sheet->memory != NULL;
}

/* The names that are in @all and not in @known: how many, and the first of them. Returns: (transfer full) */
static char *
names_beyond(GHashTable *all, GHashTable *known, guint *out_count)
{
	g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(all), (GCompareFunc)strcmp);
	g_autoptr(GString) text = g_string_new(NULL);

	*out_count = 0;
	for (const GList *link = names; link != NULL; link = link->next) {
		if (g_hash_table_contains(known, link->data))
			continue;
		if (++*out_count <= NAMES_SHOWN)
			g_string_append_printf(
			    text, "%s%s", *out_count > 1 ? ", " : "", (const char *)link->data);
	}
	if (*out_count > NAMES_SHOWN)
		g_string_append(text, " …");
	return g_string_free(g_steal_pointer(&text), FALSE);
}

/* A field that was taken away or added means another content than the one that was sent out. */
static void
check_fields(const Sheet *sheet, FieldSet *fields, Fault *fault)
{
	g_autoptr(GHashTable) expected = NULL;
	g_autofree char *gone_names = NULL;
	g_autofree char *extra_names = NULL;
	guint gone, extra;

	if (sheet->fits)
		return;
	expected = identify_fields(sheet);
	gone_names = names_beyond(expected, fields, &gone);
	extra_names = names_beyond(fields, expected, &extra);
	if (gone > 0)
		say(fault, "fields", _("%u fields of the sheet are missing: %s"), gone, gone_names);
	if (extra > 0)
		say(fault, "fields", _("%u fields do not belong to the sheet: %s"), extra,
		    extra_names);
}

static void
check_identity(const IntakeTools *tools, const Sheet *sheet, FieldSet *fields, Fault *fault)
{
	const SheetId *id = sheet->id;
	g_autofree char *unit = text_printable(id->unit, -1, CLAIM_MAX);
	g_autofree char *section = text_printable(id->section, -1, CLAIM_MAX);

	if (*id->tag == '\0' && *id->unit == '\0' && *id->section == '\0')
		say(fault, "foreign", _("a form, but none of ours"));
	else if (!sheet_id_verify(id, tools->keyring))
		say(fault, "tag",
		    _("its identity is not ours or was altered: it says unit %s, section %s"), unit,
		    section);
	else if (strcmp(id->edition, tools->form->id) != 0)
		say(fault, "edition", _("a sheet of another edition: %s"), id->edition);
	else if (sheet->unit == NULL)
		say(fault, "unit", _("no unit has the code %s"), unit);
	else if (sheet->unit->closed)
		say(fault, "unit_closed", _("%s is closed in the registry"), sheet->unit->name);
	else if (strcmp(id->form, form_view_form(sheet->view)->version) != 0)
		say(fault, "form_version",
		    _("a sheet of version %s of the form, which is now %s; the other was not kept"),
		    id->form, tools->form->version);
	else if (sheet->section == NULL)
		say(fault, "section", _("section %s is not asked of this unit"), section);
	else if (sheet_id_memory(id) > 0 && !sheet->remembers)
		say(fault, "memory",
		    _("it says that it carries last year's answers (no. %s), of which nothing is known"),
		    id->serial);
	else if (sheet_id_correction(id) > 0 && sheet->amendment == NULL)
		say(fault, "correction",
		    _("it says that it corrects some answers (no. %s), of which nothing is known"),
		    id->serial);
	else
		check_fields(sheet, fields, fault);
}

Sheet *
identify_sheet(const IntakeTools *tools, const CollectedPdf *pdf, GError **error)
{
	g_autoptr(Sheet) sheet = g_new0(Sheet, 1);
	g_auto(Fault) fault = { NULL, NULL };

	sheet->forms = g_ptr_array_new_with_free_func((GDestroyNotify)form_free);
	sheet->reason = pdf->reason;
	sheet->detail = g_strdup(pdf->detail);
	if (pdf->fields == NULL) {
		if (*sheet->reason == '\0') {
			g_free(sheet->detail);
			sheet->reason = "no_form";
			sheet->detail = g_strdup(_("a PDF without fields"));
		}
		return g_steal_pointer(&sheet);
	}
	sheet->id = sheet_id_read(pdf->fields);
	if (!find_unit(tools, sheet, error) ||
	    (sheet->unit != NULL && (!find_memory(tools, sheet, error) ||
					!find_view(tools, sheet, pdf->fields, error))))
		return NULL;
	sheet->remembers = remembers(sheet);
	check_identity(tools, sheet, pdf->fields, &fault);
	sheet->genuine = fault.reason == NULL;
	/* what is wrong with the file comes before what is wrong with its claims */
	if (*sheet->reason == '\0' && fault.reason != NULL) {
		g_free(sheet->detail);
		sheet->reason = fault.reason;
		sheet->detail = g_steal_pointer(&fault.detail);
	}
	return g_steal_pointer(&sheet);
}

/* One credential of the unit against the code. */
static CodeVerdict
compare_code(const IntakeTools *tools, Rows *rows, const char *code)
{
	g_autoptr(GBytes) verifier = rows_bytes(rows, 1);

	if (!keyring_recognise(tools->keyring, rows_text(rows, 0), code, verifier))
		return CODE_WRONG;
	return rows_is_null(rows, 2) ? CODE_RIGHT : CODE_REVOKED;
}

gboolean
identify_code(const IntakeTools *tools, gint64 unit_id, const FieldSet *fields, CodeVerdict *out,
    GError **error)
{
	g_autofree char *typed = g_strstrip(g_strdup(field_set_value(fields, FIELD_CODE)));
	g_autofree char *code = access_code_normalise(typed);
	g_autoptr(GError) why = NULL;
	g_autoptr(Rows) rows = NULL;

	*out = *typed == '\0' ? CODE_MISSING : CODE_WRONG;
	if (code == NULL)
		return TRUE;
	rows = store_query(
	    tools->store, error, SQL_validate_credentials, "ti", tools->form->id, unit_id);
	if (rows == NULL)
		return FALSE;
	while (*out != CODE_RIGHT && rows_next(rows, &why)) {
		CodeVerdict verdict = compare_code(tools, rows, code);

		if (verdict != CODE_WRONG)
			*out = verdict;
	}
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}
