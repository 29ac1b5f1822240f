/*
 * 7 READ: what is this message, and what do its PDFs hold? Everything hostile is read in the cage, one child for each
 * message (MIME) and one for each PDF; a mail and the sound sheet that is all it carries are one document. Nothing here touches
 * the database.
 */
#ifndef PLICO_COLLECT_COLLECT_H
#define PLICO_COLLECT_COLLECT_H

#include "form/form.h"

/* Counted before a library sees the bytes (facts of reliability, section 4). */
#define COLLECT_HEADER_LIMIT   ((gsize)256 << 10) /* the header block */
#define COLLECT_FIELD_LIMIT    ((gsize)16 << 10)  /* one header field */
#define COLLECT_FIELDS_LIMIT   1000
#define COLLECT_DEPTH_LIMIT    20
#define COLLECT_PARTS_LIMIT    200
#define COLLECT_PDFS_LIMIT     20
#define COLLECT_PICTURES_LIMIT 20 /* looked at in one message */
#define COLLECT_CPU_LIMIT                                                                          \
	750 /* ms for one message; PDFs and packages not yet read then never are */
#define PIECE_CPU_LIMIT	      1 /* s for one of them; a sheet takes a thousandth of it */
#define WHOLE_SIZE_LIMIT      ((gsize)1 << 20) /* a mail that is read with its only sheet by one child */
#define WHOLE_WALL_LIMIT      500 /* ms, or it is read piece by piece; it takes a hundredth of it */
#define PDF_SIZE_LIMIT	      ((gsize)10 << 20)
#define PDF_HEAP_LIMIT	      ((gsize)48 << 20)
#define PDF_OBJECTS_LIMIT     200000
#define PDF_FORM_FIELDS_LIMIT 5000
#define PDF_DEPTH_LIMIT	      32
#define PDF_VALUE_LIMIT	      ((gsize)64 << 10)
#define PDF_VERSIONS_LIMIT    5
#define PDF_TAIL_LIMIT	      1024	       /* bytes behind the last %%EOF */
#define PDF_TEXT_LIMIT	      ((gsize)4 << 20) /* names and values of one PDF together */
#define UNPACK_PACKAGES_LIMIT                                                                      \
	30		       /* zip, winmail.dat, signed files, mails as files: in one message */
#define UNPACK_DEPTH_LIMIT   4 /* one in another */
#define UNPACK_PACKAGE_LIMIT ((gsize)26 << 20) /* one of them, packed */
#define UNPACK_SIZE_LIMIT    ((gsize)20 << 20) /* all that comes out of one */
#define UNPACK_TOTAL_LIMIT   ((gsize)40 << 20) /* all that comes out of the packages of one message */
#define UNPACK_ENTRIES_LIMIT 50		       /* files in one */
#define PAPER_PAGES_LIMIT    60		       /* looked at in one message */
#define PAPER_LOOK_LIMIT     950  /* ms for one message, until no further page is looked at */
#define PAPER_CPU_LIMIT	     1000 /* ms for reading all pages of one message beside their sheets */
#define PEC_SIGNATURE_LIMIT  ((gsize)256 << 10) /* a provider's signature with its certificates */
#define PEC_DATICERT_LIMIT   ((gsize)256 << 10)
#define PEC_ADDRESSEES_LIMIT 1000	      /* named in one daticert.xml */
#define PEC_LIST_LIMIT	     ((gsize)4 << 20) /* one file of the list of certificates */

typedef enum {
	MESSAGE_RETURN,	      /* carries at least one PDF */
	MESSAGE_RECEIPT,      /* PEC receipt, by its outer header; believed only when verified */
	MESSAGE_BOUNCE,	      /* delivery status notification, RFC 3464 */
	MESSAGE_READ_RECEIPT, /* disposition notification, RFC 8098 */
	MESSAGE_COMPLAINT,    /* abuse report, RFC 5965: its reader pressed "junk" */
	MESSAGE_AUTO_REPLY,   /* RFC 3834 */
	MESSAGE_OTHER	      /* a person's text */
} MessageClass;

/* "return", "receipt", "bounce", "read_receipt", "complaint", "auto_reply", "other": as stored and in JSON. */
const char *message_class_name(MessageClass message_class);

/* --- certified mail (PEC, RFC 6109) ----------------------------------------------------------------------------- */

/* What the outer header says that a message is. */
typedef enum {
	PEC_NONE,      /* no certified mail */
	PEC_TRANSPORT, /* posta-certificata: a message from another certified mailbox */
	PEC_ANOMALY, /* errore: ordinary mail that the provider wrapped; nobody vouches for its sender */
	PEC_ACCEPTANCE,	    /* accettazione: our provider took our message on */
	PEC_NON_ACCEPTANCE, /* non-accettazione: it did not; the message has gone nowhere */
	PEC_TAKEN_ON,	    /* presa-in-carico: between providers, of no matter to us */
	PEC_DELIVERY,	    /* avvenuta-consegna: it is in the addressee's mailbox */
	PEC_NON_DELIVERY,   /* errore-consegna: it never will be */
	PEC_WARNING, /* preavviso-errore-consegna: not within 12 hours; the last word comes after 24 */
	PEC_VIRUS, /* rilevazione-virus: between providers */
	PEC_KINDS
} PecKind;

/* What keeps certified mail from being believed. */
typedef enum {
	PEC_VERIFIED,	  /* nothing: signed by a provider of the list, for us */
	PEC_UNCONFIGURED, /* there is no list of providers */
	PEC_UNSIGNED,	  /* no S/MIME signature that could be checked, or more than it covers */
	PEC_ALTERED,	  /* the signature is of another text */
	PEC_UNKNOWN_PROVIDER, /* signed by nobody of the list */
	PEC_EXPIRED,	      /* by a certificate that was not valid when it signed */
	PEC_OTHER_SIGNER,     /* by another address than the sender's */
	PEC_CONTRADICTORY, /* daticert.xml is missing, is there twice, or says something else than the header */
	PEC_NOT_OURS, /* it answers for a message of another sender, or went to another addressee */
	PEC_DOUBTS
} PecDoubt;

typedef struct {
	PecKind kind;
	PecDoubt doubt;
	char *provider; /* address of the signer, as claimed where not verified */
	/* All that follows is "" (0, FALSE) unless verified: there is no other way to read it. It is what daticert.xml says; an
	 * anomaly has none. */
	char *sender; /* of a transport envelope: the certified mailbox that it comes from */
	char *
	    reference; /* Message-ID of the message inside or, of a receipt, of ours, without brackets */
	char *recipient; /* whom a receipt is about; "" where it is about all of them, or several */
	gboolean
	    ordinary; /* that one is no certified mailbox: no receipt of delivery will ever come */
	char *error;  /* nessuno, no-dest, no-dominio, virus, altro */
	char *error_detail; /* the provider's words: "5.1.1 - ... - indirizzo non valido" */
	gint64 at;	    /* Unix time of the event; 0: not said */
} Pec;

static inline gboolean
pec_verified(const Pec *pec)
{
	return pec->kind != PEC_NONE && pec->doubt == PEC_VERIFIED;
}

/* "transport", "anomaly", "acceptance" ...; "unsigned", "altered" ...: stable words. */
const char *pec_kind_name(PecKind kind);
const char *pec_doubt_name(PecDoubt doubt);
/* One sentence for the operator. Returns: (transfer none) */
const char *pec_doubt_words(PecDoubt doubt);

/* The providers whose signatures count, and our own certified address. */
typedef struct PecTrust PecTrust;

/* @path: a PEM file, or a folder whose .pem, .crt and .cer files hold certificates of providers, or of authorities that issue
 * to providers only, PEM or DER; "": no list. @address: ours. Returns: (transfer full), NULL with PLICO_ERROR_CONFIG where the
 * list cannot be read or is empty. */
PecTrust *pec_trust_open(const char *path, const char *address, GError **error);
void pec_trust_free(PecTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PecTrust, pec_trust_free)

/* How many certificates the list has (0: there is none), and how many of them are not valid at @now. */
guint pec_trust_count(const PecTrust *trust, gint64 now, guint *out_invalid);

/* --- what keeps a message from its reader ------------------------------------------------------------------------ */

/* Why a message was not delivered and what to do about it: one table for certified and ordinary mail. */
typedef struct {
	const char *code; /* stable word: mailbox_full, no_mailbox ... */
	gboolean
	    address; /* the address is to blame: another one is needed, or somebody who puts it in order */
	const char *words;
	const char *action; /* both for _() */
} Trouble;

/* By the enhanced status (RFC 3463, "5.2.2"; may be ""), and where that says little by the server's own @words. Never NULL:
 * what nobody knows is "other". Returns: (transfer none) */
const Trouble *trouble_of_status(const char *status, const char *words);
/* By a receipt: the provider's enhanced code comes first, since some say "altro" for everything. NULL: it tells of none. */
const Trouble *trouble_of_pec(const Pec *pec);
/* The trouble of a @note that trouble_note() has written. Returns: (transfer none) (nullable) */
const Trouble *trouble_of_note(const char *note);
/* "mailbox_full: 5.2.2 the server's words": what the log keeps. Returns: (transfer full) */
char *trouble_note(const Trouble *trouble, const char *status, const char *words);
/* The same for the reader: the reason in a few words, and behind them the server's. Returns: (transfer full) */
char *trouble_shown(const char *note);

/* --- what is in a message ------------------------------------------------------------------------------------------ */

/* What may become of a PDF. */
typedef enum {
	PDF_GOOD,   /* sound: a candidate for answers */
	PDF_REVIEW, /* readable, but only a person may accept it */
	PDF_REFUSED /* never an answer; its fields, if any, only show whose it may be */
} PdfVerdict;

/* One page of a file without a form. */
typedef struct {
	GBytes *bytes; /* the file that it is in: a PDF or a picture */
	guint number;  /* its place in there, from 0 */
	char *
	    code; /* what our QR on it says, or else what stands at its foot (sheet_code_short()); "" where there is
		   * neither, or where there are different ones */
	gboolean several; /* there are different ones */
	gboolean marked;  /* there is none, but the marks of a sheet of ours */
	gboolean drawn; /* it has text that is no picture: printed to a file rather than scanned */
	double corners
	    [8]; /* of the QR: x and y from the upper left one clockwise, in dots of the drawn page; all 0: none was read */
} PaperPage;

PaperPage *paper_page_copy(const PaperPage *page);
void paper_page_free(PaperPage *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperPage, paper_page_free)

/* One PDF of a message, or all its pictures that are pages of sheets. */
typedef struct {
	/* shown only; UTF-8, printable, one line of at most 255 characters; "" where it has none */
	char *file_name;
	char *sha256; /* of the PDF's bytes */
	gsize size;
	PdfVerdict verdict;
	/* "" when good; otherwise a stable word. Review: repaired, warning, prefix, tail, versions, doubled_fields,
	 * button_mismatch, signature. Refused: unreadable, encrypted, no_form, tail, two_files, doubled_fields, xfa, too_large,
	 * too_many, not_read, died. */
	const char *reason;
	char *detail; /* one sentence for the operator; "" when good */
	/* who signed the file around it (.p7m), by the certificate's own words, which nobody has checked; "" where nobody did */
	char *signer;
	/* (nullable) all fields by full name, where they could be read. Values are UTF-8 without control characters
	 * but \n and \t; signatures and push buttons are left out. */
	FieldSet *fields;
	gboolean
	    formless; /* it can be shown, and has no fields; another fact may make it suspect */
	/* (nullable) of PaperPage: of a file without a form, all of them */
	GPtrArray *pages;
	/* (nullable) set of char *: of @fields read from @pages, those that only a person can tell */
	GHashTable *uncertain;
	GBytes *sheet; /* (nullable) beside which they were read */
} CollectedPdf;

void collected_pdf_free(CollectedPdf *pdf);
/* Whether there is a page of a sheet of ours in @pages (nullable; of PaperPage). */
gboolean paper_is_ours(const GPtrArray *pages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CollectedPdf, collected_pdf_free)

typedef struct {
	MessageClass message_class;
	/* marked as automatic: a return whose sheets are all blank is an automatic reply that quotes ours */
	gboolean automatic;
	/* asks that no machine answer it (RFC 3834, 2): automatic, a list's, a bulk mailing, on its way for too long */
	gboolean silent;
	char *
	    message_id; /* without brackets; "" where there is none that can be repeated. Of certified mail its sender's */
	char *sender; /* From as written: UTF-8, printable; never evidence */
	char *subject;
	char *text;	 /* the beginning of what a person wrote */
	char *transport; /* X-Trasporto of a PEC envelope: posta-certificata, errore; or "" */
	char *receipt;	 /* X-Ricevuta of a PEC receipt: accettazione and the like; or "" */
	Pec pec;
	/* of char *: Message-IDs it answers or reports on, without brackets */
	GPtrArray *references;
	char *bounce_action; /* failed, delayed, delivered, relayed, expanded; "" where not said */
	char *bounce_status; /* 5.1.1 and the like; "" where not said */
	char *bounce_detail; /* diagnostic text */
	/* of a read receipt: a person has seen the message, and chose to say so */
	gboolean seen;
	/* of char *: names (or types) of parts that were not read: .p7m, .zip, pictures. A person must see them. */
	GPtrArray *attachments;
	/* of CollectedPdf, in order. Receipts and bounces return what we sent: theirs are not read. */
	GPtrArray *pdfs;
} Collected;

void collected_free(Collected *collected);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Collected, collected_free)

/* Once, before the first collect_message(): opens what the caged children need. */
void collect_prepare(void);

/* Reads one raw message. @trust (nullable): whose certified mail is believed; of a verified envelope nothing is read but what
 * was signed. Returns: (transfer full); NULL with PLICO_ERROR_INPUT where the message itself cannot be read (over a limit, the
 * child died): quarantine it; other codes are ours: stop. */
Collected *collect_message(GBytes *raw, const PecTrust *trust, GError **error);
/* The same as it was read at the time @at, when other certificates were good. */
Collected *collect_message_at(GBytes *raw, const PecTrust *trust, gint64 at, GError **error);

/* Page @number (from 0) of the message's PDF with this SHA-256, as a person sees it: drawn in the cage, with what is in its fields.
 * Returns: (transfer full): PNG; NULL with PLICO_ERROR_INPUT where it cannot be drawn */
GBytes *collect_page(
    GBytes *raw, const PecTrust *trust, const char *sha256, guint number, GError **error);

/* A page of paper, or as good as, drawn in the cage. Returns: (transfer full): PNG */
GBytes *collect_paper_page(const PaperPage *page, GError **error);

/* The sheet for @unit, @section and @serial (its text, "3-2") in @raw, a message of our own: its bytes, and its fields as they left.
 * Returns: (transfer full) (nullable): NULL where it carries none, or on @error */
GBytes *collect_sheet(GBytes *raw, const char *unit, const char *section, const char *serial,
    FieldSet **out_fields, GError **error);

/* Where a field of the sheet is, in points from the page's upper left corner. */
typedef struct {
	char *name;
	double left, top, right, bottom;
} PaperPlace;

/* A page as if it had lain straight. */
typedef struct {
	guint
	    page; /* which of the sheet's it is, from 1; 0: that cannot be told, then the rest is empty */
	GBytes *png;	   /* A4 */
	double scale;	   /* dots of a point in it */
	GPtrArray *places; /* of PaperPlace */
} PaperSquare;

void paper_square_free(PaperSquare *square);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperSquare, paper_square_free)

/* @page of @sheet, for a person to read. Returns: (transfer full), NULL only where the cage fails */
PaperSquare *collect_paper_square(GBytes *sheet, const PaperPage *page, GError **error);

/* What was read of a sheet from its pages. */
typedef struct {
	FieldSet *values; /* those that are certain; of an empty field "" */
	GHashTable
	    *uncertain; /* set of char *: the other fields that lie on the pages that were read */
	GHashTable *pages; /* set of guint: which of the sheet's were read, from 1 */
	guint count;	   /* pages of the sheet; 0: none was read */
	gboolean drawn;	   /* all from text, none from a picture */
	guint
	    strange; /* pages that are not this sheet's, are there twice, or cannot be told which they are */
	gboolean beside; /* there is more on the pages than the sheet, and text in its fields */
} PaperSheet;

void paper_sheet_free(PaperSheet *sheet);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PaperSheet, paper_sheet_free)

/* Reads @pages (of PaperPage, all with one code) beside @sheet, the file that was sent, each in a cage of its own.
 * Returns: (transfer full), NULL only where the cage fails */
PaperSheet *collect_paper(GBytes *sheet, const GPtrArray *pages, GError **error);

/* The fields of one PDF, read in the cage: collect_message() uses it. Returns: (transfer full) */
CollectedPdf *collect_pdf(GBytes *pdf, const char *file_name, GError **error);

#endif
