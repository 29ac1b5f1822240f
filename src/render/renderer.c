#include "base/clock.h"
#include "base/durable.h"
#include "base/error.h"
#include "base/lang.h"
#include "render/mail.h"
#include "render/renderer.h"
#include "render/summary.h"

#include <string.h>

/* survey.deadline, at noon so that no time zone makes it the day before. */
static gboolean
read_deadline(Renderer *renderer, GError **error)
{
	const char *text = config_text(renderer->config, CONFIG_survey_deadline);
	g_autofree char *iso = g_strdup_printf("%sT12:00:00Z", text);
	g_autoptr(GDateTime) day = NULL;

	renderer->deadline = -1;
	if (*text == '\0')
		return TRUE;
	day = strlen(text) == strlen("2025-10-18") ? g_date_time_new_from_iso8601(iso, NULL) : NULL;
	if (day == NULL)
		return fail(error, PLICO_ERROR_CONFIG,
		    _("survey.deadline = %s: a day as 2025-10-18 is expected"), text);
	renderer->deadline = g_date_time_to_unix(day);
	return TRUE;
}

Renderer *
renderer_new(const Config *config, const Keyring *keyring, const Form *form, GError **error)
{
	g_autoptr(Renderer) renderer = g_new0(Renderer, 1);

	renderer->config = config;
	renderer->keyring = keyring;
	renderer->form = form;
	renderer->sheets = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)sheet_mould_free);
	renderer->corrections = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)sheet_mould_free);
	renderer->moulds = g_hash_table_new_full(g_bytes_hash, g_bytes_equal,
	    (GDestroyNotify)g_bytes_unref, (GDestroyNotify)letter_mould_free);
	renderer->texts = g_hash_table_new_full(
	    g_str_hash, g_str_equal, g_free, (GDestroyNotify)markdown_text_free);
	renderer->qr = qr_maker_new();
	renderer->text = g_string_new(NULL);
	renderer->maker = pdf_maker_new(error);
	if (renderer->maker == NULL || !read_deadline(renderer, error))
		return NULL;
	return g_steal_pointer(&renderer);
}

void
renderer_free(Renderer *renderer)
{
	if (renderer == NULL)
		return;
	g_hash_table_unref(renderer->sheets);
	g_hash_table_unref(renderer->corrections);
	g_hash_table_unref(renderer->moulds);
	qr_maker_free(renderer->qr);
	g_string_free(renderer->text, TRUE);
	g_hash_table_unref(renderer->texts);
	pdf_maker_free(renderer->maker);
	g_free(renderer);
}

char *
renderer_deadline(const Renderer *renderer, const char *lang)
{
	return renderer->deadline >= 0 ? clock_until(renderer->deadline, lang) : g_strdup("");
}

/* --- mails -------------------------------------------------------------------------------- */

/* A @file with an '@' before it is one that was kept when a wave was planned. */
static char *
text_path(const Renderer *renderer, const char *lang, const char *file)
{
	const char *workspace = config_workspace(renderer->config);

	return *file == '@' ? g_build_filename(workspace, "archive", "texts", lang, file + 1, NULL)
			    : g_build_filename(workspace, "mailtemplates", lang, file, NULL);
}

static gboolean
has_text(const Renderer *renderer, const char *lang, const char *file)
{
	g_autofree char *path = text_path(renderer, lang, file);

	return g_hash_table_contains(renderer->texts, path) ||
	       g_file_test(path, G_FILE_TEST_EXISTS);
}

/* The language that a text goes out in: @lang, one of lang.h, where the text is there in it. Returns: (transfer none) */
static const char *
text_lang(const Renderer *renderer, const char *lang, const char *file)
{
	return has_text(renderer, lang, file) ? lang : "it";
}

/* Returns: (transfer none) */
static MarkdownText *
find_text(Renderer *renderer, const char *lang, const char *file, gboolean letter, GError **error)
{
	g_autofree char *path = text_path(renderer, lang, file);
	MarkdownText *text = g_hash_table_lookup(renderer->texts, path);
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *source = NULL;
	const char *data;
	gsize size;

	if (text != NULL)
		return text;
	bytes = durable_read(path, MARKDOWN_LIMIT, error);
	if (bytes == NULL)
		return NULL;
	data = g_bytes_get_data(bytes, &size);
	source = g_strndup(data != NULL ? data : "", size);
	text = markdown_read(source, path, letter, error);
	if (text != NULL)
		g_hash_table_insert(renderer->texts, g_steal_pointer(&path), text);
	return text;
}

/* What a text of one language is beside those of the others: "2 de+it", "1 it+". */
static char *
make_role(const char *const *langs, guint i)
{
	return g_strdup_printf("%u %s+%s", i + 1, langs[0], langs[1] != NULL ? langs[1] : "");
}

/* Fills @file in, in each of @langs, into @text. */
static gboolean
fill_in(Renderer *renderer, const char *file, gboolean letter, const char *const *langs,
    const LetterContext *context, FilledText *text, GError **error)
{
	for (guint i = 0; i < TEXT_LANGS && langs[i] != NULL; i++) {
		MarkdownText *found = find_text(renderer, langs[i], file, letter, error);
		g_autofree char *role = make_role(langs, i);

		text->count = i + 1;
		text->in[i].deadline = renderer_deadline(renderer, langs[i]);
		text->in[i].scope = (NameScope){ .config = renderer->config,
			.keyring = renderer->keyring,
			.form = renderer->form,
			.lang = langs[i],
			.beside = langs[1] != NULL,
			.deadline = text->in[i].deadline,
			.letter = context };
		text->in[i].document =
		    found != NULL ? markdown_fill(found, role, &text->in[i].scope, error) : NULL;
		if (text->in[i].document == NULL)
			return FALSE;
	}
	return TRUE;
}

gboolean
renderer_open_text(Renderer *renderer, const char *file, gboolean letter, const char *lang,
    const LetterContext *context, FilledText *text, GError **error)
{
	const char *second = lang_second(lang);
	const char *langs[TEXT_LANGS] = { text_lang(renderer, lang_first(lang), file),
		second != NULL ? text_lang(renderer, second, file) : NULL };

	if (g_strcmp0(langs[0], langs[1]) == 0)
		langs[1] = NULL;
	return fill_in(renderer, file, letter, langs, context, text, error);
}

/* Whether something of what the unit was asked has come back. */
static gboolean
is_in_progress(const Renderer *renderer, const LetterContext *context)
{
	g_autoptr(FormView) view = NULL;
	g_autoptr(GPtrArray) sections = NULL;

	if (context->missing == NULL)
		return FALSE;
	view = form_view_new(renderer->form, context->unit);
	sections = form_view_sections(view);
	return context->missing->len < sections->len;
}

/* A text for towns that have sent something is used where the main language has it. */
static gboolean
has_progress(const Renderer *renderer, const char *file, const char *lang)
{
	return has_text(renderer, text_lang(renderer, lang_first(lang), file), file);
}

static char *
mail_file(
    const Renderer *renderer, const char *kind, const char *lang, const LetterContext *context)
{
	g_autofree char *progress = g_strdup_printf("%s_in_progress.md", kind);

	if (is_in_progress(renderer, context) && has_progress(renderer, progress, lang))
		return g_steal_pointer(&progress);
	return g_strdup_printf("%s.md", kind);
}

static MailText *
make_mail(Renderer *renderer, const char *file, const char *lang, const LetterContext *context,
    GError **error)
{
	g_auto(FilledText) text = { 0 };

	return renderer_open_text(renderer, file, FALSE, lang, context, &text, error)
		   ? mail_make(&text)
		   : NULL;
}

MailText *
renderer_mail(Renderer *renderer, const char *kind, const char *lang, const LetterContext *context,
    GError **error)
{
	g_autofree char *file = mail_file(renderer, kind, lang, context);

	return make_mail(renderer, file, lang, context, error);
}

MailText *
renderer_kept_mail(Renderer *renderer, const char *id, const char *lang,
    const LetterContext *context, GError **error)
{
	g_autofree char *file = g_strdup_printf("@%s.md", id);

	return make_mail(renderer, file, lang, context, error);
}

gboolean
renderer_check_source(Renderer *renderer, const MailSource *source, GError **error)
{
	char empty[] = "";
	Unit unit = { .code = empty,
		.name = empty,
		.name_other = empty,
		.province_code = empty,
		.mayor = empty };
	const LetterContext context = { .unit = &unit,
		.kid = keyring_current(renderer->keyring),
		.sections = renderer->form->sections };
	g_autofree char *deadline = renderer_deadline(renderer, source->lang);
	const NameScope scope = { .config = renderer->config,
		.keyring = renderer->keyring,
		.form = renderer->form,
		.lang = source->lang,
		.deadline = deadline,
		.letter = &context };
	gsize size;
	const char *data = g_bytes_get_data(source->bytes, &size);
	g_autofree char *words = g_strndup(data != NULL ? data : "", size);
	g_autoptr(MarkdownText) text = markdown_read(words, source->path, FALSE, error);

	return text != NULL && markdown_fill(text, "", &scope, error) != NULL;
}

gboolean
renderer_check_texts(
    Renderer *renderer, const char *kind, const char *lang, gboolean letter, GError **error)
{
	g_autofree char *file = g_strdup_printf("%s.md", kind);
	g_autofree char *progress = g_strdup_printf("%s_in_progress.md", kind);
	char empty[] = "";
	Unit unit = { .code = empty,
		.name = empty,
		.name_other = empty,
		.province_code = empty,
		.mayor = empty };
	LetterContext context = { .unit = &unit,
		.kid = keyring_current(renderer->keyring),
		.serial = 1,
		.sections = renderer->form->sections,
		.missing = renderer->form->sections };
	g_autoptr(MailText) mail = make_mail(renderer, file, lang, &context, error);
	g_autoptr(MailText) other = NULL;
	g_autoptr(GBytes) pdf = NULL;

	if (mail == NULL)
		return FALSE;
	if (has_progress(renderer, progress, lang)) {
		other = make_mail(renderer, progress, lang, &context, error);
		if (other == NULL)
			return FALSE;
	}
	if (letter)
		pdf = renderer_letter(renderer, kind, lang, &context, error);
	return !letter || pdf != NULL;
}

/* A text that plico has in Italian, and not in @lang. */
static void
find_missing_text(const Renderer *renderer, const char *lang, const char *file, GPtrArray *findings)
{
	g_autofree char *place = g_build_filename("mailtemplates", lang, file, NULL);

	if (!has_text(renderer, lang, file) && has_text(renderer, "it", file))
		findings_add(findings, SEVERITY_WARNING, "text-missing", place,
		    _("%s is not there: whoever is written to in this language gets the Italian text"),
		    place);
}

void
renderer_find_missing(
    Renderer *renderer, const char *kind, const char *lang, const char *letter, GPtrArray *findings)
{
	const Form *form = renderer->form;
	g_autofree char *mail = g_strconcat(kind, ".md", NULL);
	g_autofree char *progress = g_strconcat(kind, "_in_progress.md", NULL);
	g_autofree char *enclosed = g_strconcat(letter != NULL ? letter : "", ".letter.md", NULL);
	gboolean spoken = FALSE;

	if (letter != NULL)
		find_missing_text(renderer, lang, enclosed, findings);
	find_missing_text(renderer, lang, mail, findings);
	find_missing_text(renderer, lang, progress, findings);
	for (guint i = 0; i < form->langs->len; i++)
		spoken = spoken || strcmp(g_ptr_array_index(form->langs, i), lang) == 0;
	if (!spoken)
		findings_add(findings, SEVERITY_WARNING, "language-missing", form->id,
		    _("the questionnaire %s is not there in %s: sheets ask in %s"), form->id, lang,
		    form->default_lang);
}

/* --- summaries ---------------------------------------------------------------------------------------- */

GBytes *
renderer_summary(Renderer *renderer, const Summary *summary, const char *wanted, GError **error)
{
	const char *lang = lang_first(wanted);
	g_autoptr(Canvas) canvas = canvas_new(FACE_BOLD, error);
	g_autofree char *title = NULL;
	g_autoptr(GBytes) pages = NULL;

	if (canvas == NULL)
		return NULL;
	pages = summary_draw(canvas, renderer->config, summary, lang, error);
	if (pages == NULL)
		return NULL;
	title = summary_title(summary, lang);
	return pdf_finish(renderer->maker, pages, canvas_drawing(canvas),
	    &(PdfAbout){ .title = title,
		.author = config_text(renderer->config, CONFIG_survey_sender),
		.lang = lang },
	    error);
}

GBytes *
render_fill(GBytes *pdf, const FieldSet *values, GError **error)
{
	g_autoptr(PdfMaker) maker = pdf_maker_new(error);

	return maker != NULL ? pdf_fill(maker, pdf, values, error) : NULL;
}
