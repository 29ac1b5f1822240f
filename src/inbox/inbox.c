/* The loop: archive, commit, acknowledge, in this order and in batches, so that one fsync serves several messages. */
#include "inbox/inbox.h"

#include "base/archive.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

#include <string.h>
#include <sys/statvfs.h>

/* No more is taken where less than a tenth of the disk and less than this is free: mail waits better on the server. */
#define ROOM_LIMIT  ((guint64)1 << 30)
#define PLACE_LIMIT 255

extern const Source source_imap;
extern const Source source_maildir;

const Source *const sources[] = { &source_imap, &source_maildir, NULL };

typedef struct {
	const Source *source;
	gpointer session;
	const char *edition;
	char *archive;
	Store *store;
	InboxReport *report;
} Inbox;

/* A message whose bytes are in the archive. */
typedef struct {
	char *sha256;
	gsize size;
} Archived;

/* Messages of one transaction: place i is where message i came from. */
typedef struct {
	GArray *messages;  /* of Archived */
	GPtrArray *places; /* of char * */
} Batch;

static void
archived_clear(gpointer data)
{
	g_free(((Archived *)data)->sha256);
}

static void
item_clear(InboxItem *item)
{
	g_clear_pointer(&item->raw, g_bytes_unref);
	g_clear_pointer(&item->place, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InboxItem, item_clear)

static gboolean
check_room(const char *directory, GError **error)
{
	struct statvfs about;

	if (statvfs(directory, &about) < 0)
		return fail_errno(error, "%s", directory);
	if (about.f_bavail * 10 < about.f_blocks && about.f_bavail * about.f_frsize < ROOM_LIMIT)
		return fail(error, PLICO_ERROR_TRY_AGAIN,
		    _("%s: the disk is nearly full; messages stay where they are until there is room"),
		    directory);
	return TRUE;
}

static gboolean
archive_item(const Inbox *inbox, const InboxItem *item, Batch *batch, GError **error)
{
	Archived archived = { .size = g_bytes_get_size(item->raw) };

	if (!archive_put(inbox->archive, item->raw, &archived.sha256, error))
		return FALSE;
	g_array_append_val(batch->messages, archived);
	g_ptr_array_add(batch->places, g_strdup(item->place));
	return TRUE;
}

/* Archives what waits until the batch is full. @end: the source has no more, or fails: then @why is set too. */
static gboolean
fill_batch(const Inbox *inbox, Batch *batch, gboolean *end, GError **why, GError **error)
{
	while (batch->messages->len < INBOX_BATCH) {
		g_auto(InboxItem) item = { 0 };

		if (!inbox->source->next(inbox->session, &item, why)) {
			*end = TRUE;
			return TRUE;
		}
		if (item.raw == NULL)
			inbox->report->too_large++;
		else if (!archive_item(inbox, &item, batch, error))
			return FALSE;
	}
	return TRUE;
}

/* @is_new: FALSE where the same bytes had been taken before. */
static gboolean
record(const Inbox *inbox, const Archived *message, const char *place, gboolean *is_new,
    GError **error)
{
	g_autofree char *shown = text_printable(place, -1, PLACE_LIMIT);
	Event event = {
		.edition = inbox->edition,
		.subject = "message",
		.what = "message.received",
		.to_state = "new",
		.evidence = message->sha256,
		.note = shown,
	};

	if (!store_run(inbox->store, error, SQL_inbox_insert_message, "titi", message->sha256,
		(gint64)message->size, shown, clock_now()))
		return FALSE;
	*is_new = store_changes(inbox->store) > 0;
	event.subject_id = store_last_id(inbox->store);
	return !*is_new || store_event(inbox->store, &event, error);
}

static gboolean
commit_batch(const Inbox *inbox, const Batch *batch, GError **error)
{
	g_autoptr(Transaction) transaction = NULL;
	guint taken = 0;

	if (batch->messages->len == 0)
		return TRUE;
	transaction = transaction_begin(inbox->store, error);
	if (transaction == NULL)
		return FALSE;
	for (guint i = 0; i < batch->messages->len; i++) {
		gboolean is_new;

		if (!record(inbox, &g_array_index(batch->messages, Archived, i),
			g_ptr_array_index(batch->places, i), &is_new, error))
			return FALSE;
		taken += is_new ? 1 : 0;
	}
	if (!transaction_commit(transaction, error))
		return FALSE;
	inbox->report->taken += taken;
	inbox->report->again += batch->messages->len - taken;
	return inbox->source->commit(inbox->session, batch->places, error);
}

/* One batch. An error of the source does not undo what had come before it. */
static gboolean
take_batch(const Inbox *inbox, gboolean *end, GError **error)
{
	g_autoptr(GArray) messages = g_array_new(FALSE, FALSE, sizeof(Archived));
	g_autoptr(GPtrArray) places = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GError) why = NULL;
	Batch batch = { messages, places };

	g_array_set_clear_func(messages, archived_clear);
	if (!check_room(inbox->archive, error) || !fill_batch(inbox, &batch, end, &why, error) ||
	    !commit_batch(inbox, &batch, error))
		return FALSE;
	if (why == NULL)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static const Source *
find_source(const char *name)
{
	for (gsize i = 0; sources[i] != NULL; i++)
		if (strcmp(sources[i]->name, name) == 0)
			return sources[i];
	g_error("inbox.source = %s: no such source", name);
}

gboolean
inbox_take(const Config *config, Store *store, InboxReport *report, GError **error)
{
	g_autofree char *archive = g_build_filename(config_workspace(config), "archive", NULL);
	Inbox inbox = {
		.source = find_source(config_text(config, CONFIG_inbox_source)),
		.edition = config_text(config, CONFIG_survey_edition),
		.archive = archive,
		.store = store,
		.report = report,
	};
	gboolean end = FALSE;
	gboolean done = TRUE;

	inbox.session = inbox.source->open(config, error);
	if (inbox.session == NULL)
		return FALSE;
	while (done && !end)
		done = take_batch(&inbox, &end, error);
	inbox.source->close(inbox.session);
	return done;
}
