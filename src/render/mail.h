/* A mail from a filled-in document. Private to the room. */
#ifndef PLICO_RENDER_MAIL_H
#define PLICO_RENDER_MAIL_H

#include "render/markdown.h"

/* Takes the first headings out of @text's documents: that of the main language is the subject, the other's stands above
 * its part. Returns: (transfer full) */
MailText *mail_make(FilledText *text);

#endif
