/* A letter on canvas from a filled-in document. Private to the room. */
#ifndef PLICO_RENDER_LETTER_H
#define PLICO_RENDER_LETTER_H

#include "render/markdown.h"
#include "render/canvas.h"

/* Draws @text on @canvas, in each of its languages a whole letter, one behind the other: letterhead, addressee, subject
 * (the document's first heading), body; pages are counted through. @qr: modules of the code that names the letter,
 * @qr_side times @qr_side. Returns: (transfer full) the file */
GBytes *letter_draw(
    Canvas *canvas, const FilledText *text, GBytes *qr, guint qr_side, GError **error);

#endif
