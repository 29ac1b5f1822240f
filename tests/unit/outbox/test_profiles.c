/* The two profiles, on the bytes that leave: certified mail and ordinary mail. */
#include "workshop.h"

#include "base/error.h"

#include <string.h>

static OutboxMail *
mail_with(gsize attached)
{
	OutboxMail *mail = g_new0(OutboxMail, 1);
	g_autofree char *data = g_malloc0(attached);
	g_autoptr(GBytes) bytes = g_bytes_new(data, attached);

	mail->to_name = g_strdup("Comune di Bologna");
	mail->text = g_new0(MailText, 1);
	mail->text->subject = g_strdup("Mappa dei Comuni Digitali: moduli per Bologna");
	mail->text->text = g_strdup("Gentile Sindaco,\n");
	mail->text->html = g_strdup("<p>Gentile Sindaco,</p>\n");
	mail->attachments = g_ptr_array_new_with_free_func((GDestroyNotify)attachment_free);
	g_ptr_array_add(mail->attachments, attachment_new("lettera.pdf", bytes));
	return mail;
}

static GBytes *
compose(const Workshop *shop, const char *channel, gsize attached, GError **error)
{
	g_autoptr(OutboxMail) mail = mail_with(attached);
	const Dispatch dispatch = {
		.id = 7,
		.address = (char *)(guintptr) "protocollo@comuni.example",
		.channel = (char *)(guintptr)channel,
		.message_id = (char *)(guintptr) "mappa-2024.A944.invitation.1.7Q4K@mappa.example",
		.date = WORKSHOP_NOW,
		.in_reply_to = (char *)(guintptr) "",
	};

	return outbox_compose_mail(&shop->tools, &dispatch, mail, error);
}

/* The header block, lower case, unfolded, each field behind a LF. Returns: (transfer full) */
static char *
headers_of(GBytes *message)
{
	gsize size;
	const char *data = g_bytes_get_data(message, &size);
	const char *end = g_strstr_len(data, (gssize)size, "\r\n\r\n");
	g_autofree char *block = g_strndup(data, (gsize)(end - data));
	g_auto(GStrv) folds = g_regex_split_simple("\r\n[ \t]+", block, 0, 0);
	g_autofree char *whole = g_strjoinv(" ", folds);
	g_auto(GStrv) lines = g_strsplit(whole, "\r\n", 0);
	g_autofree char *joined = g_strjoinv("\n", lines);
	g_autofree char *lower = g_ascii_strdown(joined, -1);

	return g_strconcat("\n", lower, "\n", NULL);
}

static guint
count_of(const char *headers, const char *what)
{
	g_auto(GStrv) pieces = g_strsplit(headers, what, 0);

	return g_strv_length(pieces) - 1;
}

static void
test_headers(void)
{
	static const char *const channels[] = { "pec", "mail" };
	Workshop shop = { 0 };

	workshop_open(&shop);
	for (gsize i = 0; i < G_N_ELEMENTS(channels); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) message = compose(&shop, channels[i], 100, &error);
		g_autofree char *headers = NULL;

		g_assert_no_error(error);
		headers = headers_of(message);
		g_assert_cmpuint(count_of(headers, "\nx-tiporicevuta: breve\n"), ==, i == 0);
		g_assert_cmpuint(count_of(headers, "\nx-tiporicevuta:"), ==, i == 0);
		g_assert_cmpuint(count_of(headers, "\nfrom: "), ==, 1);
		g_assert_cmpuint(
		    count_of(headers, "<mappa@mappa.example>\n"), ==, 2); /* From, Reply-To */
		g_assert_cmpuint(count_of(headers, "\nto: "), ==, 1);
		g_assert_cmpuint(count_of(headers, "<protocollo@comuni.example>"), ==, 1);
		g_assert_cmpuint(count_of(headers, "\ncc:"), ==, 0);
		g_assert_cmpuint(count_of(headers, "\nbcc:"), ==, 0);
		g_assert_cmpuint(count_of(headers, "\nauto-submitted: auto-generated\n"), ==, 1);
		g_assert_cmpuint(count_of(headers, "\ndisposition-notification-to:"), ==, 0);
	}
	workshop_close(&shop);
}

static void
test_size(void)
{
	/* of the attachment: in base64 it grows by 78/57 */
	static const struct {
		const char *channel;
		gsize attached;
		gboolean good;
	} cases[] = {
		{ "pec", 21900000, TRUE },
		{ "pec", 21950000, FALSE },
		{ "mail", 21950000, TRUE },
	};
	Workshop shop = { 0 };

	workshop_open(&shop);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) message =
		    compose(&shop, cases[i].channel, cases[i].attached, &error);

		g_assert_cmpint(message != NULL, ==, cases[i].good);
		if (cases[i].good) {
			g_assert_no_error(error);
			continue;
		}
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
		g_assert_nonnull(strstr(error->message, "30.0 MB"));
	}
	workshop_close(&shop);
}

static void
test_weight(void)
{
	g_autoptr(WavePlan) light = wave_plan_new();
	g_autoptr(WavePlan) heavy = wave_plan_new();
	const Finding *finding;

	wave_plan_weigh(light, 5000000);
	g_assert_cmpuint(light->findings->len, ==, 0);
	wave_plan_weigh(heavy, 5100000);
	g_assert_cmpuint(heavy->findings->len, ==, 1);
	finding = g_ptr_array_index(heavy->findings, 0);
	g_assert_cmpint(finding->severity, ==, SEVERITY_WARNING);
	g_assert_nonnull(strstr(finding->text, "5.1 MB"));
}

static void
configure(Workshop *shop, const char *lines)
{
	g_autofree char *conf = g_build_filename(shop->folder, "plico.conf", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_true(g_file_set_contents(conf, lines, -1, NULL));
	config_free(shop->config);
	shop->config = config_open(shop->folder, &error);
	g_assert_no_error(error);
}

static void
test_envelope(void)
{
	static const struct {
		const char *bounces;
		const char *channel;
		const char *message_id;
		const char *expected;
	} cases[] = {
		{ "b@mappa.example", "mail", "mappa-2024.A944.invitation.1.7Q4K9M2XABCD@m.example",
		    "b+7q4k9m2xabcd@mappa.example" },
		{ "b@mappa.example", "pec", "mappa-2024.A944.invitation.1.7Q4K9M2XABCD@m.example",
		    "mappa@mappa.example" },
		{ "", "mail", "mappa-2024.A944.invitation.1.7Q4K9M2XABCD@m.example",
		    "mappa@mappa.example" },
		{ "b@mappa.example", "mail", "1.7Q4K@m.example", "mappa@mappa.example" },
		{ "b@mappa.example", "mail", "", "mappa@mappa.example" },
	};
	Workshop shop = { 0 };

	workshop_open(&shop);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *lines =
		    g_strdup_printf("[mail]\nbounces = %s\n", cases[i].bounces);
		const Dispatch dispatch = { .channel = (char *)(guintptr)cases[i].channel,
			.message_id = (char *)(guintptr)cases[i].message_id };
		g_autofree char *from = NULL;
		g_autofree char *tag = NULL;

		configure(&shop, lines);
		from = outbox_envelope_from(shop.config, &dispatch);
		g_assert_cmpstr(from, ==, cases[i].expected);
		tag = outbox_bounce_tag(from);
		g_assert_cmpstr(tag, ==, i == 0 ? "7Q4K9M2XABCD" : NULL);
	}
	workshop_close(&shop);
}

static void
test_bounce_mailbox(void)
{
	static const struct {
		const char *bounces;
		gboolean good;
	} cases[] = {
		{ "", TRUE },
		{ "rimbalzi@mappa.example", TRUE },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@mappa.example", TRUE },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@mappa.example", FALSE },
		{ "rimbalzi", FALSE },
		{ "a@b.example>", FALSE },
	};
	Workshop shop = { 0 };

	workshop_open(&shop);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *lines =
		    g_strdup_printf("[mail]\nbounces = %s\n", cases[i].bounces);
		g_autoptr(GError) error = NULL;

		configure(&shop, lines);
		g_assert_cmpint(outbox_check_bounces(shop.config, &error), ==, cases[i].good);
		if (!cases[i].good)
			g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	}
	workshop_close(&shop);
}

static void
test_tags(void)
{
	static const char *const none[] = { "", "@", "b@mappa.example", "+@", "b+short@m.example",
		"b+7q4k9m2xab%d@m.example", "b+7q4k9m2xabcde@m.example", "7q4k9m2xabcd@m.example",
		"b.7q4k9m2xabcd@m.example" };
	g_autofree char *tag = outbox_bounce_tag("b+x+7q4K9m2xabcd@m.example");

	g_assert_cmpstr(tag, ==, "7Q4K9M2XABCD");
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++)
		g_assert_null(outbox_bounce_tag(none[i]));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/outbox/profiles/pec-asks-for-short-receipts-and-both-have-one-recipient",
	    test_headers);
	g_test_add_func("/outbox/profiles/pec-takes-no-message-over-30-megabytes", test_size);
	g_test_add_func("/outbox/profiles/the-plan-warns-of-heavy-messages", test_weight);
	g_test_add_func(
	    "/outbox/profiles/ordinary-mail-leaves-under-an-address-of-its-own", test_envelope);
	g_test_add_func("/outbox/profiles/the-mailbox-for-bounces-leaves-room-for-the-tag",
	    test_bounce_mailbox);
	g_test_add_func("/outbox/profiles/only-a-whole-tag-is-one", test_tags);
	return g_test_run();
}
