/* Letters: each is laid out, and where what it shares with others has been drawn before, only an update is written. */
#include "render/letter.h"
#include "render/renderer.h"

#define MOULDS_MOST 64 /* kept; each is some 100 KiB */

/* A template of letters. */
struct LetterMould {
	PdfTemplate *template;
	Stem *stem;
};

void
letter_mould_free(LetterMould *mould)
{
	if (mould == NULL)
		return;
	pdf_template_free(mould->template);
	stem_unref(mould->stem);
	g_free(mould);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterMould, letter_mould_free)

/* What the QR of a letter says: edition, unit and serial, in the form of a sheet's without a section. */
static gboolean
make_qr(Renderer *renderer, const LetterContext *context, QrCode *qr, GError **error)
{
	g_autofree char *text =
	    letter_qr(renderer->keyring, renderer->form->id, context->unit->code, context->serial);

	return qr_make(renderer->qr, text, qr, error);
}

static LetterMould *
make_mould(Renderer *renderer, const LetterDraft *draft, const char *lang, GError **error)
{
	g_autoptr(LetterMould) mould = g_new0(LetterMould, 1);
	g_autoptr(Canvas) canvas = canvas_new(FACE_MONO, error);
	g_autoptr(GBytes) pages = canvas != NULL ? letter_paint(draft, canvas, error) : NULL;
	gboolean personal;
	const char *title = letter_title(draft, &personal);

	if (pages == NULL)
		return NULL;
	mould->template = pdf_template_holed(renderer->maker, pages, canvas_drawing(canvas),
	    &(PdfAbout){ .title = personal ? "" : title,
		.author = config_text(renderer->config, CONFIG_survey_sender),
		.lang = lang },
	    error);
	if (mould->template == NULL)
		return NULL;
	mould->stem = stem_new(pdf_template_bytes(mould->template));
	return g_steal_pointer(&mould);
}

/* Letters of a wave have few shapes, so what was kept is rarely asked for again once there are too many.
 * Returns: (transfer none), until the next call */
static const LetterMould *
find_mould(Renderer *renderer, LetterDraft *draft, const char *lang, GError **error)
{
	g_autoptr(GBytes) key = letter_sign(draft);
	LetterMould *mould = g_hash_table_lookup(renderer->moulds, key);

	if (mould != NULL)
		return mould;
	mould = make_mould(renderer, draft, lang, error);
	if (mould == NULL)
		return NULL;
	if (g_hash_table_size(renderer->moulds) == MOULDS_MOST)
		g_hash_table_remove_all(renderer->moulds);
	g_hash_table_insert(renderer->moulds, g_steal_pointer(&key), mould);
	return mould;
}

GBytes *
renderer_letter_update(Renderer *renderer, const char *kind, const char *lang,
    const LetterContext *context, Stem **stem, GError **error)
{
	g_autofree char *file = g_strdup_printf("%s.letter.md", kind);
	g_auto(FilledText) text = { 0 };
	g_autoptr(LetterDraft) draft = NULL;
	g_autoptr(GPtrArray) contents = NULL;
	const LetterMould *mould;
	const char *title;
	gboolean personal;
	QrCode qr;

	if (!renderer_open_text(renderer, file, TRUE, lang, context, &text, error) ||
	    !make_qr(renderer, context, &qr, error))
		return NULL;
	draft = letter_lay_out(&text, &qr);
	mould = find_mould(renderer, draft, text.in[0].scope.lang, error);
	if (mould == NULL)
		return NULL;
	*stem = stem_ref(mould->stem);
	contents = letter_fill(draft);
	title = letter_title(draft, &personal);
	return pdf_template_fill(
	    renderer->maker, mould->template, personal ? title : NULL, contents);
}

GBytes *
renderer_letter(Renderer *renderer, const char *kind, const char *lang,
    const LetterContext *context, GError **error)
{
	g_autoptr(Stem) stem = NULL;
	g_autoptr(GBytes) update =
	    renderer_letter_update(renderer, kind, lang, context, &stem, error);

	return update != NULL ? stem_join(stem, update) : NULL;
}
