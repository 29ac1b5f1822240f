/*
 * The mail program of the simulated municipalities: reads what arrived, writes what goes back. It shares no code with
 * plico's own composer and collector, which it puts to the test.
 */
#ifndef PLICO_REHEARSE_MAILER_H
#define PLICO_REHEARSE_MAILER_H

#include "rehearse/behaviour.h"
#include "rehearse/provider.h"

/* A PDF in a message. */
typedef struct {
	char *name; /* "" where it has none */
	GBytes *bytes;
} Paper;

Paper *paper_new(const char *name, GBytes *bytes);
void paper_free(Paper *paper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Paper, paper_free)

/* A message as its reader sees it. */
typedef struct {
	char *from; /* address */
	char *subject;
	char *message_id;  /* without angle brackets */
	char *text;	   /* all text/plain parts */
	GPtrArray *papers; /* of Paper: whatever begins with %PDF- */
} Letter;

void letter_free(Letter *letter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letter, letter_free)

/* Returns: (transfer full), NULL with PLICO_ERROR_INPUT where it is no message */
Letter *mailer_read(GBytes *raw, GError **error);

/* What a town wants to say; all borrowed. */
typedef struct {
	const char *from;
	const char *from_name;
	const char *to;
	const char *message_id; /* without angle brackets */
	gint64 date;		/* Unix time */
	const Letter *answers;	/* the letter it replies to */
	const char *text;
	const GPtrArray *papers; /* (nullable) of Paper */
	Shape shape;
	const Provider *provider; /* of certified mail; needed for SHAPE_PEC */
} Reply;

/* A reply in the given shape, CRLF lines. Returns: (transfer full) */
GBytes *mailer_reply(const Reply *reply);
/* "I am away": Auto-Submitted (RFC 3834). Returns: (transfer full) */
GBytes *mailer_auto_reply(const Reply *reply);
/* The notification that the letter could not be delivered to @reply->from (RFC 3464). Returns: (transfer full) */
GBytes *mailer_bounce(const Reply *reply);

#endif
