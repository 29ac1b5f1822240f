/*
 * What a caged child answers. Both sides agree on a GVariant type; the parent checks every length and character
 * again, as if the child were captured.
 */
#ifndef PLICO_COLLECT_RECORD_H
#define PLICO_COLLECT_RECORD_H

#include "collect/collect.h"
#include "collect/pdf_facts.h"
#include "collect/scan.h"

/* Characters kept of what is shown to a person */
#define SHOWN_LINE_LIMIT 255
#define SHOWN_TEXT_LIMIT 4000
#define REFERENCES_LIMIT 100

/* PDFs and packages of one message */
#define COLLECT_PIECES_LIMIT (COLLECT_PDFS_LIMIT + UNPACK_PACKAGES_LIMIT + COLLECT_PICTURES_LIMIT)

/* verdict of the scan, class, automatic; sender, subject, text, transport, receipt; references; action, status,
 * detail; seen; attachments; of each PDF or package its name, bytes, and whether it is said to be a mail; silent, Message-ID */
#define MESSAGE_WORD   "(yybsssssassssbasa(sayb)bs)"
#define MESSAGE_RECORD G_VARIANT_TYPE(MESSAGE_WORD)

/* facts, note; names of fields, each with its value behind it, each ended by a NUL: one text, since GVariant takes its time for many */
#define PDF_WORD   "(usay)"
#define PDF_RECORD G_VARIANT_TYPE(PDF_WORD)

/* MESSAGE_RECORD; and where all that it carries is a sound sheet, of that its size and SHA-256 instead of its bytes, and what
 * PDF_RECORD says */
#define SHEET_WORD   "(ts" PDF_WORD ")"
#define WHOLE_RECORD G_VARIANT_TYPE("(" MESSAGE_WORD "m" SHEET_WORD ")")

/* The bytes of a PDF, or of what may hold some, on their way to the next cage. */
typedef struct {
	char *file_name;
	GBytes *bytes;
	char *signer;	     /* of the signed file around it; "" where there is none */
	gboolean broken;     /* that signature is of other bytes */
	guint depth;	     /* packages around it */
	gboolean is_message; /* said to be a mail */
} PdfPart;

PdfPart *pdf_part_new(const char *file_name, GBytes *bytes);
void pdf_part_free(PdfPart *part);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PdfPart, pdf_part_free)

/* A message with nothing in it. Returns: (transfer full) */
Collected *collected_new(void);

/* Returns: floating */
GVariant *message_record_new(ScanVerdict verdict, const Collected *message, const GPtrArray *parts);

/* @parts: of PdfPart, filled with the PDFs, which share memory with @record. Returns: (transfer full), NULL with
 * PLICO_ERROR_INPUT where the message was refused or the record is not in order. */
Collected *message_record_read(GVariant *record, GPtrArray *parts, GError **error);

/* Returns: floating */
GVariant *pdf_record_new(const PdfRead *read);
/* Returns: (transfer full), NULL with PLICO_ERROR_INPUT where the record is not in order. */
PdfRead *pdf_record_read(GVariant *record, GError **error);

/* @sheet: (nullable): what was read of the only one of @parts. Returns: floating */
GVariant *whole_record_new(
    ScanVerdict verdict, const Collected *message, GPtrArray *parts, const PdfRead *sheet);
/* @sheet: (transfer full), NULL: all of @parts are still to be read. Returns: as message_record_read() */
Collected *whole_record_read(
    GVariant *record, GPtrArray *parts, CollectedPdf **sheet, GError **error);

/* @text in one line: runs of white space become a blank. Returns: (transfer full) */
char *shown_line(const char *text);

/* The beginning of @text, lines ended by LF. Returns: (transfer full) */
char *shown_text(const char *text);

#endif
