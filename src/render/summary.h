/* Drawing a summary of answers: a document without fields, to be filed. Private to the room. */
#ifndef PLICO_RENDER_SUMMARY_H
#define PLICO_RENDER_SUMMARY_H

#include "layout/layout.h"
#include "render/render.h"

/* Title of the document: "Risposte registrate – Comune di Gaeta". Returns: (transfer full) */
char *summary_title(const Summary *summary, const char *lang);

/* Returns: (transfer full): the file, before structure and metadata */
GBytes *summary_draw(
    Canvas *canvas, const Config *config, const Summary *summary, const char *lang, GError **error);

#endif
