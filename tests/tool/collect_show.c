/*
 * Reads each file given, a message or (--pdf) a PDF, in the cage, and prints what it found: one line a file, the
 * fields by name with --fields, whom certified mail is believed with --certificates. For tests and for looking at a strange mail.
 */
#include "base/cage.h"
#include "base/durable.h"
#include "collect/collect.h"
#include "collect/picture.h"
#include "collect/tasks.h"

#include <inttypes.h>
#include <locale.h>
#include <string.h>

static gboolean as_pdf;
static gboolean as_page;
static gboolean with_fields;
static char *certificates;
static char *address;
static PecTrust *trust;

static int
by_name(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
print_fields(FieldSet *fields)
{
	g_autofree const char **names = NULL;
	guint n;

	if (!with_fields || fields == NULL)
		return;
	names = (const char **)g_hash_table_get_keys_as_array(fields, &n);
	qsort(names, n, sizeof *names, by_name);
	for (guint i = 0; i < n; i++) {
		g_autofree char *value = g_strescape(field_set_value(fields, names[i]), "");

		g_print("  %s=%s\n", names[i], value);
	}
}

static void
print_pdf(const CollectedPdf *pdf)
{
	static const char *const verdicts[] = { "good", "review", "refused" };

	g_print("pdf %s %s fields=%u name=\"%s\" %s\n", verdicts[pdf->verdict],
	    *pdf->reason != '\0' ? pdf->reason : "-",
	    pdf->fields != NULL ? g_hash_table_size(pdf->fields) : 0, pdf->file_name, pdf->detail);
	if (*pdf->signer != '\0')
		g_print("signed by \"%s\"\n", pdf->signer);
	print_fields(pdf->fields);
}

static void
print_pec(const Pec *pec)
{
	g_print("pec %s %s provider=%s", pec_kind_name(pec->kind),
	    pec->doubt == PEC_VERIFIED ? "verified" : pec_doubt_name(pec->doubt), pec->provider);
	if (pec_verified(pec))
		g_print(
		    " sender=%s reference=%s recipient=%s ordinary=%d error=%s \"%s\" at=%" PRId64,
		    pec->sender, pec->reference, pec->recipient, pec->ordinary, pec->error,
		    pec->error_detail, pec->at);
	g_print("\n");
}

static void
print_message(const Collected *message)
{
	g_autofree char *text = g_strescape(message->text, NULL);

	g_print("class=%s automatic=%d sender=\"%s\" subject=\"%s\" transport=%s receipt=%s\n",
	    message_class_name(message->message_class), message->automatic, message->sender,
	    message->subject, message->transport, message->receipt);
	for (guint i = 0; i < message->references->len; i++)
		g_print("reference %s\n", (char *)g_ptr_array_index(message->references, i));
	if (message->message_class == MESSAGE_BOUNCE)
		g_print("bounce %s %s %s\n", message->bounce_action, message->bounce_status,
		    message->bounce_detail);
	for (guint i = 0; i < message->attachments->len; i++)
		g_print("attachment %s\n", (char *)g_ptr_array_index(message->attachments, i));
	g_print("text \"%.300s\"\n", text);
	for (guint i = 0; i < message->pdfs->len; i++)
		print_pdf(g_ptr_array_index(message->pdfs, i));
	if (message->pec.kind != PEC_NONE || message->pec.doubt != PEC_VERIFIED)
		print_pec(&message->pec);
}

/* As `quarantine show --page` has it drawn. */
static gboolean
show_page(GBytes *pdf, GError **error)
{
	g_autoptr(GVariant) record =
	    cage_run(TASK_PICTURE, pdf, NULL, 0, PICTURE_RECORD, &picture_limits, error);
	g_autoptr(GBytes) png = record != NULL ? picture_read(record, error) : NULL;

	if (png != NULL)
		g_print("picture of %zu bytes\n", g_bytes_get_size(png));
	return png != NULL;
}

static gboolean
show(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = durable_read(path, (gsize)64 << 20, error);
	g_autoptr(Collected) message = NULL;
	g_autoptr(CollectedPdf) pdf = NULL;

	if (bytes == NULL)
		return FALSE;
	if (as_page)
		return show_page(bytes, error);
	if (as_pdf) {
		pdf = collect_pdf(bytes, path, error);
		if (pdf != NULL)
			print_pdf(pdf);
		return pdf != NULL;
	}
	message = collect_message(bytes, trust, error);
	if (message != NULL)
		print_message(message);
	return message != NULL;
}

int
main(int argc, char **argv)
{
	const GOptionEntry options[] = {
		{ "pdf", 0, 0, G_OPTION_ARG_NONE, &as_pdf, "the files are PDFs", NULL },
		{ "page", 0, 0, G_OPTION_ARG_NONE, &as_page,
		    "the files are PDFs: draw the first page", NULL },
		{ "fields", 0, 0, G_OPTION_ARG_NONE, &with_fields, "print the fields", NULL },
		{ "certificates", 0, 0, G_OPTION_ARG_FILENAME, &certificates,
		    "providers of certified mail", "PATH" },
		{ "address", 0, 0, G_OPTION_ARG_STRING, &address, "our own certified address",
		    "ADDRESS" },
		G_OPTION_ENTRY_NULL,
	};
	g_autoptr(GOptionContext) context = g_option_context_new("FILE...");
	g_autoptr(GError) why = NULL;
	int status = 0;

	(void)setlocale(LC_ALL, "");
	g_option_context_add_main_entries(context, options, NULL);
	if (!g_option_context_parse(context, &argc, &argv, NULL))
		return 64;
	trust = pec_trust_open(certificates != NULL ? certificates : "",
	    address != NULL ? address : "mappa@mappa.example", &why);
	if (trust == NULL) {
		g_printerr("%s\n", why->message);
		return 78;
	}
	collect_prepare();
	for (int i = 1; i < argc; i++) {
		g_autoptr(GError) error = NULL;

		g_print("%s: ", argv[i]);
		if (!show(argv[i], &error)) {
			g_print("error: %s\n", error->message);
			status = 65;
		}
	}
	pec_trust_free(trust);
	cage_dismiss(); /* what its children took counts as ours for who measures */
	return status;
}
