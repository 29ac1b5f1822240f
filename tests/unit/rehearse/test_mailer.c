/* What the municipalities write in each shape, read again. */
#include "collect/collect.h"
#include "rehearse/mailer.h"

#include <glib/gstdio.h>
#include <string.h>

static Letter *
the_letter(void)
{
	Letter *letter = g_new0(Letter, 1);

	letter->subject = g_strdup("Mappa: credenziali");
	letter->message_id = g_strdup("invitation@survey.example");
	letter->papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);
	letter->from = g_strdup("");
	letter->text = g_strdup("");
	return letter;
}

static Reply
the_reply(const Letter *letter, const GPtrArray *papers, Shape shape)
{
	return (Reply){ .from = "town@a.example",
		.from_name = "Comune di Forlì",
		.to = "survey@survey.example",
		.message_id = "1@a.example",
		.date = 1720684800,
		.answers = letter,
		.text = "È tutto qui.\n",
		.papers = papers,
		.shape = shape };
}

static void
test_shapes(void)
{
	static const Shape shapes[] = { SHAPE_ONE_MAIL, SHAPE_NAMELESS, SHAPE_FORWARDED,
		SHAPE_PEC };
	g_autoptr(Letter) letter = the_letter();
	g_autoptr(GPtrArray) papers = g_ptr_array_new_with_free_func((GDestroyNotify)paper_free);
	g_autoptr(GBytes) pdf = g_bytes_new_static("%PDF-1.7\n\0\xff\r\n.\nx", 16);

	g_ptr_array_add(papers, paper_new("sezione_2.pdf", pdf));
	g_ptr_array_add(papers, paper_new("sezione_3.pdf", pdf));
	for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
		g_autoptr(Provider) provider = provider_new(1720684800);
		Reply reply = the_reply(letter, papers, shapes[i]);
		g_autoptr(GBytes) raw = (reply.provider = provider, mailer_reply(&reply));
		g_autoptr(GError) error = NULL;
		g_autoptr(Letter) read = mailer_read(raw, &error);
		gboolean envelope = shapes[i] == SHAPE_PEC;

		g_assert_no_error(error);
		g_assert_cmpuint(read->papers->len, ==, 2);
		for (guint k = 0; k < 2; k++) {
			const Paper *paper = g_ptr_array_index(read->papers, k);

			g_assert_true(g_bytes_equal(paper->bytes, pdf));
			if (shapes[i] == SHAPE_NAMELESS)
				g_assert_cmpstr(paper->name, ==, "");
		}
		g_assert_nonnull(strstr(read->text, "È tutto qui."));
		g_assert_cmpstr(read->from, ==,
		    envelope ? "posta-certificata@gestore.example" : "town@a.example");
	}
}

static gboolean
says(GBytes *raw, const char *words)
{
	gsize size;
	const char *data = g_bytes_get_data(raw, &size);

	return g_strstr_len(data, (gssize)size, words) != NULL;
}

static void
test_machines(void)
{
	g_autoptr(Letter) letter = the_letter();
	Reply reply = the_reply(letter, NULL, SHAPE_ONE_MAIL);
	g_autoptr(GBytes) away = mailer_auto_reply(&reply);
	g_autoptr(GBytes) bounce = mailer_bounce(&reply);

	g_assert_true(says(away, "Auto-Submitted: auto-replied\r\n"));
	g_assert_true(says(away, "In-Reply-To: <invitation@survey.example>\r\n"));
	g_assert_true(says(bounce, "report-type=delivery-status"));
	g_assert_true(says(bounce, "Final-Recipient: rfc822; town@a.example\r\n"));
	g_assert_true(says(bounce, "Action: failed\r\n"));
	g_assert_true(says(bounce, "Message-ID: <invitation@survey.example>\r\n"));
}

/* plico's own reader believes the envelope of the simulated provider, and of no other. */
static void
test_envelope(void)
{
	g_autofree char *folder = g_dir_make_tmp("plico-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "list.pem", NULL);
	g_autoptr(Letter) letter = the_letter();
	g_autoptr(Provider) provider = provider_new(1720684800);
	g_autoptr(Provider) other = provider_new(1720684800);
	Reply reply = the_reply(letter, NULL, SHAPE_PEC);
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) ours = NULL;
	g_autoptr(GBytes) foreign = NULL;
	g_autoptr(PecTrust) trust = NULL;
	g_autoptr(Collected) believed = NULL;
	g_autoptr(Collected) doubted = NULL;

	reply.provider = provider;
	ours = mailer_reply(&reply);
	reply.provider = other;
	foreign = mailer_reply(&reply);
	g_assert_true(provider_publish(provider, path, &error));
	trust = pec_trust_open(path, reply.to, &error);
	g_assert_no_error(error);
	collect_prepare();
	believed = collect_message(ours, trust, &error);
	g_assert_no_error(error);
	doubted = collect_message(foreign, trust, &error);
	g_assert_no_error(error);
	g_assert_true(pec_verified(&believed->pec));
	g_assert_cmpstr(believed->pec.sender, ==, reply.from);
	g_assert_cmpint(doubted->pec.doubt, ==, PEC_UNKNOWN_PROVIDER);
	(void)g_remove(path);
	(void)g_rmdir(folder);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/mailer/papers survive every shape", test_shapes);
	g_test_add_func("/mailer/automatic replies and bounces say what they are", test_machines);
	g_test_add_func(
	    "/mailer/its envelope is believed, another provider's is not", test_envelope);
	return g_test_run();
}
