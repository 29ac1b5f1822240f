/* The renderer among the files of this room: renderer_sheet.c makes sheets, renderer.c letters and mails. */
#ifndef PLICO_RENDER_RENDERER_H
#define PLICO_RENDER_RENDERER_H

#include "render/pdf.h"
#include "render/render.h"

struct Renderer {
	const Config *config;
	const Keyring *keyring;
	const Form *form;
	PdfMaker *maker;
	QrMaker *qr;
	gint64 deadline;    /* Unix time; -1: none */
	GHashTable *sheets; /* "section/shape/lang/memory" -> SheetMould, lang as in "de+it" */
	GHashTable *texts;  /* path -> source: a wave does not change its words half way */
	GString *text;	    /* of a sheet being made */
};

/* A template of sheets and what is said of each unit in them. */
typedef struct SheetMould SheetMould;
void sheet_mould_free(SheetMould *mould);

/* "18 ottobre 2025"; "" where there is none. Returns: (transfer full) */
char *renderer_deadline(const Renderer *renderer, const char *lang);

#endif
