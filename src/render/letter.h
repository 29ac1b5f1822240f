/* A letter on canvas from a filled-in document. Private to the room. */
#ifndef PLICO_RENDER_LETTER_H
#define PLICO_RENDER_LETTER_H

#include "render/markdown.h"
#include "render/canvas.h"

/* Draws @document on @canvas: letterhead, addressee, subject (its first heading), body. @qr: modules of the code that
 * names the letter, @qr_side times @qr_side. Returns: (transfer full) the file */
GBytes *letter_draw(Canvas *canvas, MarkdownNode *document, const NameScope *scope, GBytes *qr,
    guint qr_side, GError **error);

#endif
