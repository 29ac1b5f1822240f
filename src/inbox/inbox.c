/*
 * The loop: archive, commit, acknowledge, in this order and in batches, so that one flush serves several messages; one mailbox
 * after the other. A thread of its own writes a batch into the archive, while the caller does something with the one before.
 */
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
#define FIRST_BATCH                                                                                \
	16 /* who reads them has nothing to do until they are there; the next has twice as many */

extern const Source source_imap;
extern const Source source_maildir;

const Source *const sources[] = { &source_imap, &source_maildir, NULL };

/* Messages of one transaction: place i is where message i came from, sum i its name in the archive. */
typedef struct {
	GPtrArray *messages; /* of GBytes */
	GPtrArray *places;   /* of char * */
	GPtrArray *sums;     /* of char *, when they are written */
	gsize size;
	const char *archive;
	gboolean written;
	GError *failure;  /* (nullable): why they are not */
	gboolean is_last; /* of its mailbox */
	GError *why;	  /* (nullable): what the mailbox has to say behind them */
} Batch;

struct Inbox {
	const Config *config;
	Store *store;
	char *archive;
	guint mailbox;	  /* number of the present one */
	const char *name; /* "" where there is only one */
	const Source *source;
	gpointer session; /* NULL: the present one is not open yet */
	guint most;	  /* messages of the next batch */
	Batch *batch;	  /* (nullable): of the present one, on its way into the archive */
	GThread *writer;  /* (nullable): who brings it there */
	InboxTaken taken; /* (nullable) */
	gpointer data;	  /* for it */
};

static Batch *
batch_new(const char *archive)
{
	Batch *batch = g_new0(Batch, 1);

	batch->messages = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	batch->places = g_ptr_array_new_with_free_func(g_free);
	batch->sums = g_ptr_array_new_with_free_func(g_free);
	batch->archive = archive;
	return batch;
}

static void
batch_free(Batch *batch)
{
	if (batch == NULL)
		return;
	g_ptr_array_unref(batch->messages);
	g_ptr_array_unref(batch->places);
	g_ptr_array_unref(batch->sums);
	g_clear_error(&batch->failure);
	g_clear_error(&batch->why);
	g_free(batch);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batch, batch_free)

static void
item_clear(InboxItem *item)
{
	g_clear_pointer(&item->raw, g_bytes_unref);
	g_clear_pointer(&item->place, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(InboxItem, item_clear)

/* --- keeping -------------------------------------------------------------------------------------------------- */

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

/* @is_new: FALSE where the same bytes had been taken before. */
static gboolean
record(const Inbox *inbox, const char *sha256, gsize size, const char *place, gboolean *is_new,
    GError **error)
{
	g_autofree char *named =
	    g_strconcat(inbox->name, *inbox->name != '\0' ? "/" : "", place, NULL);
	g_autofree char *shown = text_printable(named, -1, PLACE_LIMIT);
	Event event = {
		.edition = config_text(inbox->config, CONFIG_survey_edition),
		.subject = "message",
		.what = "message.received",
		.to_state = "new",
		.evidence = sha256,
		.note = shown,
	};

	if (!store_run(inbox->store, error, SQL_inbox_insert_message, "titi", sha256, (gint64)size,
		shown, clock_now()))
		return FALSE;
	*is_new = store_changes(inbox->store) > 0;
	event.subject_id = store_last_id(inbox->store);
	return !*is_new || store_event(inbox->store, &event, error);
}

/* @is_new: one for each. */
static gboolean
record_all(const Inbox *inbox, const Batch *batch, gboolean *is_new, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(inbox->store, error);

	if (transaction == NULL)
		return FALSE;
	for (guint i = 0; i < batch->sums->len; i++)
		if (!record(inbox, g_ptr_array_index(batch->sums, i),
			g_bytes_get_size(g_ptr_array_index(batch->messages, i)),
			g_ptr_array_index(batch->places, i), &is_new[i], error))
			return FALSE;
	return transaction_commit(transaction, error);
}

/* Archive, then keep(). */
static gpointer
write_batch(gpointer data)
{
	Batch *batch = data;

	batch->written =
	    archive_put_all(batch->archive, batch->messages, batch->sums, &batch->failure);
	return NULL;
}

/* What is written: after the commit the messages are ours. */
static gboolean
keep(const Inbox *inbox, Batch *batch, InboxReport *report, GError **error)
{
	g_autofree gboolean *is_new = g_new0(gboolean, batch->messages->len);

	if (batch->messages->len == 0)
		return TRUE;
	if (!batch->written) {
		g_propagate_error(error, g_steal_pointer(&batch->failure));
		return FALSE;
	}
	if (!record_all(inbox, batch, is_new, error))
		return FALSE;
	for (guint i = 0; i < batch->messages->len; i++) {
		report->taken += is_new[i] ? 1 : 0;
		report->again += is_new[i] ? 0 : 1;
		if (is_new[i] && inbox->taken != NULL)
			inbox->taken(g_ptr_array_index(batch->sums, i),
			    g_ptr_array_index(batch->messages, i), inbox->data);
	}
	return TRUE;
}

/* --- one mailbox ---------------------------------------------------------------------------------------------- */

static const Source *
find_source(const char *name)
{
	for (gsize i = 0; sources[i] != NULL; i++)
		if (strcmp(sources[i]->name, name) == 0)
			return sources[i];
	g_error("inbox.source = %s: no such source", name);
}

static void
close_mailbox(Inbox *inbox)
{
	if (inbox->session != NULL)
		inbox->source->close(inbox->session);
	inbox->session = NULL;
	inbox->mailbox++;
}

/* @more: FALSE where all have been looked at. */
static gboolean
open_mailbox(Inbox *inbox, gboolean *more, GError **error)
{
	const char *const *names = config_mailboxes(inbox->config);
	const Config *config = inbox->config;
	guint count = 0;

	while (names[count] != NULL)
		count++;
	*more = inbox->mailbox < MAX(count, 1);
	if (!*more || inbox->session != NULL)
		return TRUE;
	inbox->name = count > 0 ? names[inbox->mailbox] : "";
	if (count > 0)
		config = config_of_mailbox(inbox->config, inbox->name);
	inbox->source = find_source(config_text(config, CONFIG_inbox_source));
	inbox->session = inbox->source->open(config, error);
	return inbox->session != NULL;
}

/* Until the batch is full. FALSE: the source has no more, or failed. */
static gboolean
fill_batch(const Inbox *inbox, Batch *batch, InboxReport *report, GError **error)
{
	while (batch->messages->len < inbox->most && batch->size < INBOX_BATCH_BYTES) {
		g_auto(InboxItem) item = { 0 };

		if (!inbox->source->next(inbox->session, &item, error))
			return FALSE;
		if (item.raw == NULL) {
			report->too_large++;
			continue;
		}
		batch->size += g_bytes_get_size(item.raw);
		g_ptr_array_add(batch->messages, g_steal_pointer(&item.raw));
		g_ptr_array_add(batch->places, g_steal_pointer(&item.place));
	}
	return TRUE;
}

/* What failed, and where there are several mailboxes, at which. */
static gboolean
tell(const char *name, GError *why, GError **error)
{
	g_propagate_error(error, why);
	if (*name != '\0')
		g_prefix_error(error, "inbox.%s: ", name);
	return FALSE;
}

/* Fills the next batch, and has it written. @more: FALSE where there is none, or no room for it. */
static gboolean
start_batch(Inbox *inbox, InboxReport *report, gboolean *more, GError **error)
{
	g_autoptr(Batch) batch = batch_new(inbox->archive);
	gboolean is_open = open_mailbox(inbox, more, &batch->why);

	if (!*more)
		return TRUE;
	*more = check_room(inbox->archive, error);
	if (!*more)
		return FALSE;
	/* a failure of the source does not undo what had come before it */
	batch->is_last = !is_open || !fill_batch(inbox, batch, report, &batch->why);
	inbox->most = MIN(2 * inbox->most, INBOX_BATCH);
	if (batch->messages->len > 0)
		inbox->writer = g_thread_new("archive", write_batch, batch);
	inbox->batch = g_steal_pointer(&batch);
	return TRUE;
}

static void
await_writer(Inbox *inbox)
{
	if (inbox->writer != NULL)
		(void)g_thread_join(g_steal_pointer(&inbox->writer));
}

/* Keeps the batch that was started, and acknowledges it. @more: FALSE where it could not be kept. */
static gboolean
finish_batch(Inbox *inbox, InboxReport *report, gboolean *more, GError **error)
{
	g_autoptr(Batch) batch = g_steal_pointer(&inbox->batch);
	const char *name = inbox->name;

	await_writer(inbox);
	*more = keep(inbox, batch, report, error);
	if (!*more)
		return FALSE;
	if (batch->messages->len > 0)
		(void)inbox->source->commit(
		    inbox->session, batch->places, batch->why == NULL ? &batch->why : NULL);
	if (batch->is_last || batch->why != NULL)
		close_mailbox(inbox);
	return batch->why == NULL || tell(name, g_steal_pointer(&batch->why), error);
}

gboolean
inbox_take_some(Inbox *inbox, InboxReport *report, gboolean *more, GError **error)
{
	return (inbox->batch == NULL || finish_batch(inbox, report, more, error)) &&
	       start_batch(inbox, report, more, error);
}

Inbox *
inbox_open(const Config *config, Store *store)
{
	Inbox *inbox = g_new0(Inbox, 1);

	inbox->config = config;
	inbox->store = store;
	inbox->archive = g_build_filename(config_workspace(config), "archive", NULL);
	inbox->name = "";
	inbox->most = FIRST_BATCH;
	return inbox;
}

void
inbox_tell(Inbox *inbox, InboxTaken taken, gpointer data)
{
	inbox->taken = taken;
	inbox->data = data;
}

void
inbox_close(Inbox *inbox)
{
	if (inbox == NULL)
		return;
	await_writer(inbox); /* of what is not committed: it comes again */
	g_clear_pointer(&inbox->batch, batch_free);
	if (inbox->session != NULL)
		inbox->source->close(inbox->session);
	g_free(inbox->archive);
	g_free(inbox);
}

gboolean
inbox_take(const Config *config, Store *store, InboxReport *report, GError **error)
{
	g_autoptr(Inbox) inbox = inbox_open(config, store);
	gboolean more = TRUE;
	gboolean done = TRUE;

	while (more)
		done = inbox_take_some(inbox, report, &more, done ? error : NULL) && done;
	return done;
}

gboolean
inbox_receive(const Config *config, Store *store, GBytes *raw, const char *place,
    InboxReport *report, GError **error)
{
	g_autoptr(Inbox) inbox = inbox_open(config, store);
	g_autoptr(Batch) batch = batch_new(inbox->archive);

	g_ptr_array_add(batch->messages, g_bytes_ref(raw));
	g_ptr_array_add(batch->places, g_strdup(place));
	if (!check_room(inbox->archive, error))
		return FALSE;
	(void)write_batch(batch);
	return keep(inbox, batch, report, error);
}
