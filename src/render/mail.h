/* A mail from a filled-in document. Private to the room. */
#ifndef PLICO_RENDER_MAIL_H
#define PLICO_RENDER_MAIL_H

#include "render/markdown.h"

/* The first heading of the main language's document is the subject, the other's stands above its part.
 * Returns: (transfer full) */
MailText *mail_make(const FilledText *text);

#endif
