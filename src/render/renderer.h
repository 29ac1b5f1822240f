/* The renderer among the files of this room: renderer_sheet.c makes sheets, renderer_letter.c letters,
 * renderer.c mails. */
#ifndef PLICO_RENDER_RENDERER_H
#define PLICO_RENDER_RENDERER_H

#include "render/markdown.h"
#include "pdf/pdf.h"
#include "render/render.h"

struct Renderer {
	const Config *config;
	const Keyring *keyring;
	const Form *form;
	PdfMaker *maker;
	QrMaker *qr;
	gint64 deadline;	 /* Unix time; -1: none */
	GHashTable *sheets;	 /* "section/shape/lang/memory" -> SheetMould, lang as in "de+it" */
	GHashTable *corrections; /* the same of sheets of corrections */
	GHashTable *moulds;	 /* key of letter_sign() -> LetterMould */
	GHashTable *texts; /* path -> MarkdownText: a wave does not change its words half way */
	GString *text;	   /* of a sheet being made */
};

/* A template of sheets and what is said of each unit in them. */
typedef struct SheetMould SheetMould;
void sheet_mould_free(SheetMould *mould);

/* What letters share that differ in what is personal only: what they begin with. */
typedef struct LetterMould LetterMould;
void letter_mould_free(LetterMould *mould);

/* Fills @file in, in the languages of @lang, into @text, which is empty, until the next call with that file: in Italian where there
 * is no text in one of them, and in that only once. @letter: names for letters only are allowed. */
gboolean renderer_open_text(Renderer *renderer, const char *file, gboolean letter, const char *lang,
    const LetterContext *context, FilledText *text, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "18 ottobre 2025"; "" where there is none. Returns: (transfer full) */
char *renderer_deadline(const Renderer *renderer, const char *lang);

#endif
