/* The channel dir: a message is a file, whole or not at all, and never twice. */
#include "send/send.h"

#include "base/error.h"
#include "unit/outbox/workshop.h"

#include <string.h>

typedef struct {
	SendJob job;
	Dispatch dispatch;
	GBytes *bytes;
	guint done;
} Parcel;

static GBytes *
message(SendJob *job, GError **error)
{
	Parcel *parcel = job->self;

	if (parcel->bytes == NULL)
		(void)fail(error, PLICO_ERROR_INPUT, "no message");
	return parcel->bytes;
}

static gboolean
before_dot(SendJob *job, GError **error)
{
	(void)job;
	(void)error;
	g_assert_not_reached();
}

static void
done(SendJob *job)
{
	Parcel *parcel = job->self;

	parcel->done++;
}

static SendJob *
next(gpointer self)
{
	GPtrArray *jobs = self;

	return jobs->len > 0 ? g_ptr_array_steal_index(jobs, 0) : NULL;
}

static void
parcel_init(Parcel *parcel, const char *message_id, const char *words)
{
	*parcel = (Parcel){ .dispatch.message_id = (char *)(guintptr)message_id,
		.bytes = words != NULL ? g_bytes_new_static(words, strlen(words)) : NULL };
	parcel->job = (SendJob){ .dispatch = &parcel->dispatch,
		.message = message,
		.before_dot = before_dot,
		.self = parcel,
		.outcome = OUTCOME_UNSENT };
}

static void
parcel_clear(Parcel *parcel)
{
	g_clear_pointer(&parcel->bytes, g_bytes_unref);
	g_free(parcel->job.reply);
}

static gboolean
deliver(Workshop *shop, Parcel *parcels, guint n, GError **error)
{
	g_autoptr(GPtrArray) jobs = g_ptr_array_new();
	const SendFeed feed = { next, done, jobs };

	for (guint i = 0; i < n; i++)
		g_ptr_array_add(jobs, &parcels[i].job);
	return channel_find("dir")->deliver(shop->config, &feed, error);
}

static char *
contents(Workshop *shop, const char *message_id)
{
	g_autofree char *path = g_strdup_printf("%s/outbox/%s.eml", shop->folder, message_id);
	char *text = NULL;

	(void)g_file_get_contents(path, &text, NULL, NULL);
	return text;
}

static void
set_up(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_open(shop);
}

static void
tear_down(Workshop *shop, gconstpointer data)
{
	(void)data;
	workshop_close(shop);
}

static void
test_writes(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	Parcel parcels[2];

	(void)data;
	parcel_init(&parcels[0], "a@mappa.example", "one\r\n");
	parcel_init(&parcels[1], "b@mappa.example", "two\r\n");
	g_assert_true(deliver(shop, parcels, 2, &error));
	g_assert_no_error(error);
	for (gsize i = 0; i < 2; i++) {
		g_autofree char *text = contents(shop, parcels[i].dispatch.message_id);

		g_assert_cmpstr(text, ==, i == 0 ? "one\r\n" : "two\r\n");
		g_assert_cmpint(parcels[i].job.outcome, ==, OUTCOME_SENT);
		g_assert_cmpuint(parcels[i].done, ==, 1);
		parcel_clear(&parcels[i]);
	}
}

static void
test_not_twice(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	Parcel first;
	Parcel again;

	(void)data;
	parcel_init(&first, "a@mappa.example", "one\r\n");
	parcel_init(&again, "a@mappa.example", "other\r\n");
	g_assert_true(deliver(shop, &first, 1, &error));
	g_assert_true(deliver(shop, &again, 1, &error));
	g_assert_cmpint(again.job.outcome, ==, OUTCOME_SENT);
	text = contents(shop, "a@mappa.example");
	g_assert_cmpstr(text, ==, "one\r\n");
	parcel_clear(&first);
	parcel_clear(&again);
}

static void
test_no_message(Workshop *shop, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = NULL;
	Parcel parcel;

	(void)data;
	parcel_init(&parcel, "a@mappa.example", NULL);
	g_assert_false(deliver(shop, &parcel, 1, &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_INPUT);
	g_assert_cmpint(parcel.job.outcome, ==, OUTCOME_UNSENT);
	g_assert_cmpuint(parcel.done, ==, 1);
	text = contents(shop, "a@mappa.example");
	g_assert_null(text);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
	g_test_add("/send/dir/" path, Workshop, NULL, set_up, function, tear_down)
	ADD("each-message-is-a-file", test_writes);
	ADD("a-file-that-is-there-is-not-written-again", test_not_twice);
	ADD("what-cannot-be-made-is-not-sent", test_no_message);
	return g_test_run();
}
