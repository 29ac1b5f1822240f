/* A mail from a filled-in document. Private to the room. */
#ifndef PLICO_RENDER_MAIL_H
#define PLICO_RENDER_MAIL_H

#include "render/markdown.h"

/* Takes the first heading out of @document: it is the subject. Returns: (transfer full) */
MailText *mail_make(MarkdownNode *document, const char *lang);

#endif
