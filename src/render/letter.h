/* A letter from a filled-in document. Private to the room. */
#ifndef PLICO_RENDER_LETTER_H
#define PLICO_RENDER_LETTER_H

#include "layout/layout.h"
#include "render/markdown.h"

/* A letter that is laid out: in each of its languages a whole one, one behind the other, with letterhead, addressee, subject
 * (the document's first heading) and body. Pages are counted through. */
typedef struct LetterDraft LetterDraft;

/* @text must outlive the draft. @qr names the letter. Returns: (transfer full) */
LetterDraft *letter_lay_out(const FilledText *text, const QrCode *qr);
void letter_draft_free(LetterDraft *draft);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LetterDraft, letter_draft_free)

/* All that letter_paint() depends on beside the configuration, apart from the process that runs: letters with the same key
 * share what it draws. To be asked first. Returns: (transfer full) */
GBytes *letter_sign(LetterDraft *draft);

/* Draws what is not personal, with holes where it is. Returns: (transfer full) the file */
GBytes *letter_paint(const LetterDraft *draft, Canvas *canvas, GError **error);

/* What is in the holes, of GString. Returns: (transfer full) */
GPtrArray *letter_fill(const LetterDraft *draft);

/* Of the document. @personal: (out): whether letter_paint() leaves it out. Returns: (transfer none) */
const char *letter_title(const LetterDraft *draft, gboolean *personal);

#endif
