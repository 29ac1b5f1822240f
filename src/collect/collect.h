/*
 * 7 READ: what is this message, and what do its PDFs hold? Everything hostile is read in the cage, one child for each
 * message (MIME) and one for each PDF. Nothing here touches the database.
 */
#ifndef PLICO_COLLECT_COLLECT_H
#define PLICO_COLLECT_COLLECT_H

#include "form/form.h"

/* Counted before a library sees the bytes (facts of reliability, section 4). */
#define COLLECT_HEADER_LIMIT  ((gsize)256 << 10) /* the header block */
#define COLLECT_FIELD_LIMIT   ((gsize)16 << 10)	 /* one header field */
#define COLLECT_FIELDS_LIMIT  1000
#define COLLECT_DEPTH_LIMIT   20
#define COLLECT_PARTS_LIMIT   200
#define COLLECT_PDFS_LIMIT    20
#define PDF_SIZE_LIMIT	      ((gsize)10 << 20)
#define PDF_HEAP_LIMIT	      ((gsize)48 << 20)
#define PDF_OBJECTS_LIMIT     200000
#define PDF_FORM_FIELDS_LIMIT 5000
#define PDF_DEPTH_LIMIT	      32
#define PDF_VALUE_LIMIT	      ((gsize)64 << 10)
#define PDF_VERSIONS_LIMIT    5
#define PDF_TAIL_LIMIT	      1024 /* bytes behind the last %%EOF */

typedef enum {
	MESSAGE_RETURN,	    /* carries at least one PDF */
	MESSAGE_RECEIPT,    /* PEC receipt, by its outer header; believed only when verified */
	MESSAGE_BOUNCE,	    /* delivery status notification, RFC 3464 */
	MESSAGE_AUTO_REPLY, /* RFC 3834 */
	MESSAGE_OTHER	    /* a person's text */
} MessageClass;

/* "return", "receipt", "bounce", "auto_reply", "other": as stored and in JSON. */
const char *message_class_name(MessageClass message_class);

/* What a PDF turned out to be. Anything but PDF_GOOD names its reason. */
typedef struct {
	char *file_name; /* shown only; UTF-8, printable, at most 255 bytes; "" where it has none */
	char *sha256;	 /* of the PDF's bytes */
	gsize size;
	char *
	    reason; /* "" when the file is sound; otherwise a stable word: unreadable, encrypted, no_form, repaired,
	                   * tail, two_files, doubled_fields, xfa, too_large, too_many, died */
	char *detail; /* one sentence for the operator; "" when sound */
	FieldSet
	    *fields; /* (nullable) all fields by name, where they could be read, sound or not */
} CollectedPdf;

typedef struct {
	MessageClass message_class;
	char *sender; /* From as written: UTF-8, printable; never evidence */
	char *subject;
	char *text; /* the beginning of what a person wrote */
	GPtrArray
	    *references;     /* of char *: Message-IDs it answers or reports on, without brackets */
	char *bounce_action; /* failed, delayed ... of a bounce; "" otherwise */
	char *bounce_status; /* 5.1.1 and the like */
	char *bounce_detail; /* diagnostic text */
	GPtrArray *pdfs;     /* of CollectedPdf, in order */
} Collected;

void collected_free(Collected *collected);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Collected, collected_free)

/* Once, before the first collect_message(): opens what the caged children need. */
void collect_prepare(void);

/* Reads one raw message. Returns: (transfer full); NULL with PLICO_ERROR_INPUT where the message itself cannot be
 * read (over a limit, the child died): quarantine it; other codes are ours: stop. */
Collected *collect_message(GBytes *raw, GError **error);

/* The fields of one PDF, read in the cage: collect_message() uses it. Returns: (transfer full) */
CollectedPdf *collect_pdf(GBytes *pdf, const char *file_name, GError **error);

#endif
