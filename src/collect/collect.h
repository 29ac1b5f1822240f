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
#define PDF_TAIL_LIMIT	      1024	       /* bytes behind the last %%EOF */
#define PDF_TEXT_LIMIT	      ((gsize)4 << 20) /* names and values of one PDF together */

typedef enum {
	MESSAGE_RETURN,	    /* carries at least one PDF */
	MESSAGE_RECEIPT,    /* PEC receipt, by its outer header; believed only when verified */
	MESSAGE_BOUNCE,	    /* delivery status notification, RFC 3464 */
	MESSAGE_AUTO_REPLY, /* RFC 3834 */
	MESSAGE_OTHER	    /* a person's text */
} MessageClass;

/* "return", "receipt", "bounce", "auto_reply", "other": as stored and in JSON. */
const char *message_class_name(MessageClass message_class);

/* What may become of a PDF. */
typedef enum {
	PDF_GOOD,   /* sound: a candidate for answers */
	PDF_REVIEW, /* readable, but only a person may accept it */
	PDF_REFUSED /* never an answer; its fields, if any, only show whose it may be */
} PdfVerdict;

/* One PDF of a message. */
typedef struct {
	/* shown only; UTF-8, printable, one line of at most 255 characters; "" where it has none */
	char *file_name;
	char *sha256; /* of the PDF's bytes */
	gsize size;
	PdfVerdict verdict;
	/* "" when good; otherwise a stable word. Review: repaired, warning, prefix, tail, versions, doubled_fields,
	 * button_mismatch. Refused: unreadable, encrypted, no_form, tail, two_files, doubled_fields, xfa, too_large,
	 * too_many, died. */
	const char *reason;
	char *detail; /* one sentence for the operator; "" when good */
	/* (nullable) all fields by full name, where they could be read. Values are UTF-8 without control characters
	 * but \n and \t; signatures and push buttons are left out. */
	FieldSet *fields;
} CollectedPdf;

void collected_pdf_free(CollectedPdf *pdf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CollectedPdf, collected_pdf_free)

typedef struct {
	MessageClass message_class;
	/* marked as automatic: a return whose sheets are all blank is an automatic reply that quotes ours */
	gboolean automatic;
	char *sender; /* From as written: UTF-8, printable; never evidence */
	char *subject;
	char *text;	 /* the beginning of what a person wrote */
	char *transport; /* X-Trasporto of a PEC envelope: posta-certificata, errore; or "" */
	char *receipt;	 /* X-Ricevuta of a PEC receipt: accettazione and the like; or "" */
	/* of char *: Message-IDs it answers or reports on, without brackets */
	GPtrArray *references;
	char *bounce_action; /* failed, delayed, delivered, relayed, expanded; "" where not said */
	char *bounce_status; /* 5.1.1 and the like; "" where not said */
	char *bounce_detail; /* diagnostic text */
	/* of char *: names (or types) of parts that were not read: .p7m, .zip, pictures. A person must see them. */
	GPtrArray *attachments;
	/* of CollectedPdf, in order. Receipts and bounces return what we sent: theirs are not read. */
	GPtrArray *pdfs;
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
