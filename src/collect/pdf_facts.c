#include "collect/pdf_facts.h"

#include "base/error.h"

#include <string.h>

/* The first line whose facts are all there decides: refusals first, the gravest and clearest words first. */
static const struct {
	guint facts;
	PdfVerdict verdict;
	const char *reason;
	const char *text;
} rules[] = {
	{ PDF_FACT_PASSWORD, PDF_REFUSED, "encrypted",
	    N_("the file cannot be opened without a password") },
	{ PDF_FACT_HEAP, PDF_REFUSED, "too_large",
	    N_("the file needs more memory than one may have") },
	{ PDF_FACT_LONG, PDF_REFUSED, "too_large",
	    N_("a value, or all of them together, are too long") },
	{ PDF_FACT_OBJECTS, PDF_REFUSED, "too_many", N_("the file has too many objects") },
	{ PDF_FACT_FIELDS, PDF_REFUSED, "too_many", N_("the file has too many fields") },
	{ PDF_FACT_LOOP, PDF_REFUSED, "unreadable",
	    N_("its fields contain themselves or are nested too deep") },
	{ PDF_FACT_BROKEN, PDF_REFUSED, "unreadable", N_("the file is damaged") },
	{ PDF_FACT_TWO_FILES, PDF_REFUSED, "two_files",
	    N_("two files in one: programs differ in which they show") },
	{ PDF_FACT_XFA, PDF_REFUSED, "xfa",
	    N_("an XFA form: its fields do not hold what the sender saw") },
	{ PDF_FACT_LONG_TAIL, PDF_REFUSED, "tail",
	    N_("more than 1 KB of something else stands behind the end of the file") },
	{ PDF_FACT_DIFFERENT, PDF_REFUSED, "doubled_fields",
	    N_("a field is there twice with different values") },
	{ PDF_FACT_ODD_VALUE, PDF_REFUSED, "unreadable", N_("the value of a field is no text") },
	{ PDF_FACT_NO_FIELDS | PDF_FACT_WARNED, PDF_REFUSED, "unreadable",
	    N_("the file is damaged: no field could be read") },
	{ PDF_FACT_NO_FIELDS, PDF_REFUSED, "no_form",
	    N_("the file has no fields: printed to PDF, flattened, or another file") },
	{ PDF_FACT_REPAIRED, PDF_REVIEW, "repaired",
	    N_("the file is damaged and was repaired: values may be missing") },
	{ PDF_FACT_NO_END, PDF_REVIEW, "tail", N_("the end of the file is missing") },
	{ PDF_FACT_TAIL, PDF_REVIEW, "tail",
	    N_("something stands behind the end of the file: it may be cut") },
	{ PDF_FACT_PREFIX, PDF_REVIEW, "prefix",
	    N_("something stands before the beginning of the file") },
	{ PDF_FACT_DOUBLED, PDF_REVIEW, "doubled_fields",
	    N_("a field is there twice, with equal values") },
	{ PDF_FACT_BUTTON, PDF_REVIEW, "button_mismatch",
	    N_("a button shows something else than its value") },
	{ PDF_FACT_VERSIONS, PDF_REVIEW, "versions", N_("the file was saved unusually often") },
	{ PDF_FACT_WARNED, PDF_REVIEW, "warning", N_("the file is not quite in order") },
};

PdfRead *
pdf_read_new(void)
{
	PdfRead *read = g_new0(PdfRead, 1);

	read->fields = field_set_new();
	return read;
}

void
pdf_read_free(PdfRead *read)
{
	if (read == NULL)
		return;
	g_free(read->note);
	g_clear_pointer(&read->fields, g_hash_table_unref);
	g_free(read);
}

void
pdf_read_add(PdfRead *read, PdfFact fact, const char *note)
{
	read->facts |= fact;
	if (read->note == NULL)
		read->note = g_strdup(note);
}

void
pdf_judge(guint facts, const char *note, CollectedPdf *pdf)
{
	pdf->verdict = PDF_GOOD;
	pdf->reason = "";
	for (gsize i = 0; i < G_N_ELEMENTS(rules) && pdf->verdict == PDF_GOOD; i++) {
		if ((facts & rules[i].facts) != rules[i].facts)
			continue;
		pdf->verdict = rules[i].verdict;
		pdf->reason = rules[i].reason;
		g_free(pdf->detail);
		pdf->detail = note != NULL && *note != '\0'
				  ? g_strdup_printf("%s (%s)", _(rules[i].text), note)
				  : g_strdup(_(rules[i].text));
	}
	if (pdf->verdict == PDF_GOOD)
		pdf->detail = g_strdup("");
}

gboolean
pdf_is_formless(guint facts)
{
	static const guint blemishes = PDF_FACT_NO_FIELDS | PDF_FACT_REPAIRED | PDF_FACT_TAIL |
				       PDF_FACT_LONG_TAIL | PDF_FACT_NO_END | PDF_FACT_PREFIX |
				       PDF_FACT_VERSIONS | PDF_FACT_WARNED;

	return (facts & PDF_FACT_NO_FIELDS) != 0 && (facts & ~blemishes) == 0;
}

/* --- the bytes alone -------------------------------------------------------------------------------------- */

/* @word begins with %, which is rare: looking for that alone is much faster than memmem() is. */
static const char *
find(const char *at, const char *end, const char *word)
{
	gsize size = strlen(word);

	while (at < end && (at = memchr(at, *word, (gsize)(end - at))) != NULL &&
	       ((gsize)(end - at) < size || memcmp(at, word, size) != 0))
		at++;
	return at != NULL && at < end ? at : NULL;
}

/* White space of ISO 32000-1, 7.2.2 */
static gboolean
is_white(char c)
{
	return c == '\0' || c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}

static const char *
skip_white(const char *at, const char *end)
{
	while (at < end && is_white(*at))
		at++;
	return at;
}

/* Whether the header at @at begins an attached file: the data of a stream. */
static gboolean
is_stream_data(const char *begin, const char *at)
{
	while (at > begin && (at[-1] == '\n' || at[-1] == '\r'))
		at--;
	return at - begin >= 6 && memcmp(at - 6, "stream", 6) == 0;
}

static void
look_behind_the_end(const char *header, const char *end, PdfRead *read)
{
	const char *last = NULL;
	const char *rest;

	for (const char *mark = find(header, end, "%%EOF"); mark != NULL;
	     mark = find(mark + 5, end, "%%EOF"))
		last = mark;
	if (last == NULL) {
		pdf_read_add(read, PDF_FACT_NO_END, NULL);
		return;
	}
	rest = skip_white(last + 5, end);
	if (rest < end)
		pdf_read_add(
		    read, end - rest > PDF_TAIL_LIMIT ? PDF_FACT_LONG_TAIL : PDF_FACT_TAIL, NULL);
}

void
pdf_outline(GBytes *pdf, PdfRead *read)
{
	gsize size;
	const char *begin = g_bytes_get_data(pdf, &size);
	const char *end = begin + size;
	const char *header = find(begin, end, "%PDF-");

	if (header == NULL) {
		pdf_read_add(read, PDF_FACT_BROKEN, NULL);
		return;
	}
	if (skip_white(begin, header) != header)
		pdf_read_add(read, PDF_FACT_PREFIX, NULL);
	for (const char *next = find(header + 5, end, "%PDF-"); next != NULL;
	     next = find(next + 5, end, "%PDF-"))
		if (!is_stream_data(header, next))
			pdf_read_add(read, PDF_FACT_TWO_FILES, NULL);
	look_behind_the_end(header, end, read);
}
