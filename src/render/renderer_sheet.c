/* Sheets: one template for all units of a shape, an update of it for each. */
#include "base/lang.h"
#include "render/names.h"
#include "layout/layout.h"
#include "render/renderer.h"
#include "render/sheet.h"

#include <string.h>

struct SheetMould {
	PdfTemplate *template;
	Stem *stem;
	Pattern *title; /* hole 0: the town */
	Pattern *foot;	/* holes: FootHole */
};

#define CORRECTIONS_KEPT 64 /* templates of sheets of corrections: some 40 kB each */

enum { FOOT_UNIT, FOOT_NAME, FOOT_CODE, FOOT_HOLES };

void
sheet_mould_free(SheetMould *mould)
{
	if (mould == NULL)
		return;
	pdf_template_free(mould->template);
	stem_unref(mould->stem);
	pattern_free(mould->title);
	pattern_free(mould->foot);
	g_free(mould);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SheetMould, sheet_mould_free)

/* What answers that are there already make of a sheet: last year's, or those that are to be put right. */
typedef struct {
	const char *edition; /* (nullable): of which there are some */
	gboolean prefilled;  /* in its fields too */
	const GPtrArray
	    *remarks; /* (nullable) of Finding: what is wrong, on a sheet of corrections */
} Past;

/* --- templates ------------------------------------------------------------------------------------------ */

static PdfTemplate *
make_template(Renderer *renderer, const FormView *view, const Section *section, const char *lang,
    Past past, GError **error)
{
	g_autoptr(Canvas) canvas = canvas_new(FACE_BOLD, error);
	const char *other = lang_second(lang);
	g_autofree char *deadline = renderer_deadline(renderer, lang_first(lang));
	g_autofree char *other_deadline = other != NULL ? renderer_deadline(renderer, other) : NULL;
	g_autofree char *title = NULL;
	g_autoptr(GBytes) pages = NULL;
	Sheet sheet = { .config = renderer->config,
		.form = form_view_form(view),
		.view = view,
		.section = section,
		.lang = lang_first(lang),
		.other = other,
		.deadline = deadline,
		.other_deadline = other_deadline,
		.memory = past.edition,
		.prefilled = past.prefilled,
		.remarks = past.remarks,
		.canvas = canvas };
	PdfAbout about = { .author = config_text(renderer->config, CONFIG_survey_sender),
		.lang = lang_first(lang),
		.places = { [PLACE_OF_NAME] = { PLACE_NAME, NAME_WIDTH, NAME_HEIGHT },
		    [PLACE_OF_FOOT] = { PLACE_FOOT, FOOT_WIDTH, FOOT_HEIGHT },
		    [PLACE_OF_QR] = { PLACE_QR, QR_SIDE, QR_SIDE } } };

	if (canvas == NULL)
		return NULL;
	title = sheet_title(&sheet);
	about.title = title;
	pages = sheet_draw(&sheet, error);
	return pages != NULL
		   ? pdf_template_new(renderer->maker, pages, canvas_drawing(canvas), &about, error)
		   : NULL;
}

static Pattern *
make_title(const Form *form, const Section *section, gboolean corrects, const char *lang)
{
	g_autofree char *title = sheet_title_of(form, section, corrects, lang_first(lang));
	g_autofree char *own = g_strdup_printf("%s – %s", title, pattern_hole(0));

	return pattern_new(own);
}

static Pattern *
make_foot(const Form *form, const Section *section, const char *lang)
{
	g_autofree char *foot = words_fill(word(lang, WORD_IDENTITY), "edition", form->id, "unit",
	    pattern_hole(FOOT_UNIT), "name", pattern_hole(FOOT_NAME), "section", section->number,
	    "form", form->version, "code", pattern_hole(FOOT_CODE), NULL);

	return pattern_new(foot);
}

static SheetMould *
make_mould(Renderer *renderer, const FormView *view, const Section *section, const char *lang,
    Past past, GError **error)
{
	g_autoptr(SheetMould) mould = g_new0(SheetMould, 1);

	mould->template = make_template(renderer, view, section, lang, past, error);
	if (mould->template == NULL)
		return NULL;
	mould->stem = stem_new(pdf_template_bytes(mould->template));
	mould->title = make_title(form_view_form(view), section, past.remarks != NULL, lang);
	mould->foot = make_foot(form_view_form(view), section, lang);
	return g_steal_pointer(&mould);
}

/* Those of corrections are nearly all different: few are kept. Returns: (transfer none) */
static GHashTable *
moulds_for(Renderer *renderer, Past past)
{
	if (past.remarks == NULL)
		return renderer->sheets;
	if (g_hash_table_size(renderer->corrections) >= CORRECTIONS_KEPT)
		g_hash_table_remove_all(renderer->corrections);
	return renderer->corrections;
}

/* Returns: (transfer none) */
static const SheetMould *
find_mould(Renderer *renderer, const FormView *view, const Section *section, const char *lang,
    Past past, GError **error)
{
	GHashTable *moulds = moulds_for(renderer, past);
	GString *key = renderer->text;
	SheetMould *mould;

	g_string_assign(key, section->name);
	g_string_append_c(key, '/');
	g_string_append(key, form_view_shape(view));
	g_string_append_c(key, '/');
	g_string_append(key, lang);
	g_string_append_c(key, '/');
	g_string_append(key, past.edition != NULL ? past.edition : "");
	g_string_append(key, past.prefilled ? "/fields" : "");
	for (guint i = 0; past.remarks != NULL && i < past.remarks->len; i++) {
		const Finding *remark = g_ptr_array_index(past.remarks, i);

		g_string_append_printf(key, "/%s:%s", remark->place, remark->code);
	}
	mould = g_hash_table_lookup(moulds, key->str);
	if (mould == NULL) {
		g_autofree char *own = g_strdup(key->str);

		mould = make_mould(renderer, view, section, lang, past, error);
		if (mould != NULL)
			g_hash_table_insert(moulds, g_steal_pointer(&own), mould);
	}
	return mould;
}

/* --- sheets ------------------------------------------------------------------------------------------------ */

/* One unit's part of the sheet @id. */
static GBytes *
make_update(Renderer *renderer, const Unit *unit, const FormView *view, const Section *section,
    const SheetId *id, const char *wanted, Past past, const FieldSet *values, Stem **stem,
    GError **error)
{
	const char *lang = lang_or_italian(wanted);
	const SheetMould *mould = find_mould(renderer, view, section, lang, past, error);
	g_autofree char *text = sheet_id_qr(id, renderer->keyring);
	g_autofree char *full = unit_names(unit, lang);
	g_autofree char *name = name_town(unit, lang);
	const char *const title[] = { name };
	const char *const foot[] = {
		[FOOT_UNIT] = unit->code, [FOOT_NAME] = full, [FOOT_CODE] = sheet_code_short(text)
	};
	GString *both = renderer->text; /* title and foot */
	gsize middle;
	QrCode qr;

	if (mould == NULL || !qr_make(renderer->qr, text, &qr, error))
		return NULL;
	g_string_truncate(both, 0);
	pattern_fill(mould->title, both, title, pattern_put_plain);
	g_string_append_c(both, '\0');
	middle = both->len;
	pattern_fill(mould->foot, both, foot, pattern_put_plain);
	*stem = mould->stem;
	return pdf_template_personalise(renderer->maker, mould->template,
	    &(PdfUnit){
		.id = id, .title = both->str, .name = name, .foot = both->str + middle, .qr = &qr },
	    values, error);
}

GBytes *
renderer_sheet_update(Renderer *renderer, const Unit *unit, const FormView *view,
    const Section *section, guint serial, const char *lang, const FieldSet *values, Stem **stem,
    GError **error)
{
	const Form *form = form_view_form(view);
	g_autoptr(SheetId) id = sheet_id_new(
	    renderer->keyring, form->id, unit->code, section->name, form->version, serial);

	return make_update(renderer, unit, view, section, id, lang, (Past){ NULL, FALSE, NULL },
	    values, stem, error);
}

static void
put_over(FieldSet *fields, const FieldSet *values)
{
	GHashTableIter iter;
	gpointer name, value;

	if (values == NULL)
		return;
	g_hash_table_iter_init(&iter, (FieldSet *)(gsize)values);
	while (g_hash_table_iter_next(&iter, &name, &value))
		field_set_put(fields, name, value);
}

GBytes *
renderer_sheet_remembering(Renderer *renderer, const Unit *unit, const FormView *view,
    const Section *section, guint serial, const char *lang, const Memory *memory,
    const FieldSet *values, Stem **stem, GError **error)
{
	const Form *form = form_view_form(view);
	g_autoptr(GHashTable) printed = memory_of_section(memory, view, section);
	g_autoptr(GHashTable) beside = memory_beside_section(memory, view, section);
	const Past past = { memory->origin, g_hash_table_size(printed) > 0, NULL };
	g_autoptr(FieldSet) fields = NULL;
	g_autoptr(SheetId) id = NULL;

	if (!past.prefilled && g_hash_table_size(beside) == 0)
		return renderer_sheet_update(
		    renderer, unit, view, section, serial, lang, values, stem, error);
	fields = memory_fields(form, printed);
	put_over(fields, values);
	memory_put_beside(memory, form, beside, lang_or_italian(lang), fields);
	id = sheet_id_new_with_memory(renderer->keyring, form->id, unit->code, section->name,
	    form->version, serial, memory->number);
	return make_update(renderer, unit, view, section, id, lang, past, fields, stem, error);
}

GBytes *
renderer_correction(Renderer *renderer, const Unit *unit, const SheetCorrection *asks, guint serial,
    const char *lang, Stem **stem, GError **error)
{
	const Form *form = form_view_form(asks->view);
	const Past past = { NULL, FALSE, asks->remarks };
	g_autoptr(SheetId) id = sheet_id_new_of_correction(renderer->keyring, form->id, unit->code,
	    asks->section->name, form->version, serial, asks->number);

	return make_update(
	    renderer, unit, asks->view, asks->section, id, lang, past, asks->values, stem, error);
}

GBytes *
renderer_sheet(Renderer *renderer, const Unit *unit, const FormView *view, const Section *section,
    guint serial, const char *lang, const FieldSet *values, GError **error)
{
	Stem *stem = NULL;
	g_autoptr(GBytes) update = renderer_sheet_update(
	    renderer, unit, view, section, serial, lang, values, &stem, error);

	return update != NULL ? stem_join(stem, update) : NULL;
}

static gboolean
is_delegation(const Section *section)
{
	return strcmp(section->name, FORM_DELEGATION) == 0;
}

static char *
ascii_name(const char *name)
{
	g_autofree char *ascii = g_str_to_ascii(name, "C");

	return g_strcanon(g_steal_pointer(&ascii),
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-", '_');
}

char *
renderer_correction_name(Renderer *renderer, const Unit *unit, const Section *section)
{
	g_autofree char *name = g_strdup_printf(
	    "%s_%s_correzioni_%s.pdf", renderer->form->id, unit->code, section->number);

	return ascii_name(name);
}

char *
renderer_sheet_name(Renderer *renderer, const Unit *unit, const Section *section)
{
	g_autofree char *name =
	    is_delegation(section)
		? g_strdup_printf("%s_%s_delega.pdf", renderer->form->id, unit->code)
		: g_strdup_printf(
		      "%s_%s_sezione_%s.pdf", renderer->form->id, unit->code, section->number);

	return ascii_name(name);
}
