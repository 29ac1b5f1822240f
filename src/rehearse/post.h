/*
 * The way of the municipalities' mail: without servers, the rehearsal's own receiver has put it into folders and what
 * they write goes straight into the survey's Maildir; with real servers, each town reads its mailbox by IMAP and writes
 * by SMTP, under its own address.
 */
#ifndef PLICO_REHEARSE_POST_H
#define PLICO_REHEARSE_POST_H

#include "base/config.h"

typedef struct Post Post;

/* @maildir: the survey's, or NULL for servers. @config: of the workspace, with the servers of smtp.* and inbox.*;
 * borrowed. Returns: (transfer full) */
Post *post_new(const Config *config, const char *maildir);
void post_free(Post *post);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Post, post_free)

/* Hands over one message, CRLF lines, from the town with @address. */
gboolean post_send(Post *post, const char *address, GBytes *message, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
/* How many messages went through it. */
guint post_count(const Post *post);

/* With servers: puts what waits for @address into @folder (1.eml, 2.eml ...); where that is still empty, waits up to a
 * minute for the first. Without, the receiver has done so. */
gboolean post_fetch(Post *post, const char *address, const char *folder, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

#endif
