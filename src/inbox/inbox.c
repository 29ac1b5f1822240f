/*
 * The loop: archive, commit, acknowledge, in this order and in batches, so that one flush serves several messages; one mailbox
 * after the other.
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

extern const Source source_imap;
extern const Source source_maildir;

const Source *const sources[] = { &source_imap, &source_maildir, NULL };

struct Inbox {
	const Config *config;
	Store *store;
	char *archive;
	guint mailbox;	  /* number of the present one */
	const char *name; /* "" where there is only one */
	const Source *source;
	gpointer session; /* NULL: the present one is not open yet */
	InboxTaken taken; /* (nullable) */
	gpointer data;	  /* for it */
};

/* Messages of one transaction: place i is where message i came from. */
typedef struct {
	GPtrArray *messages; /* of GBytes */
	GPtrArray *places;   /* of char * */
	gsize size;
} Batch;

static Batch
batch_new(void)
{
	return (Batch){ g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref),
		g_ptr_array_new_with_free_func(g_free), 0 };
}

static void
batch_clear(Batch *batch)
{
	g_ptr_array_unref(batch->messages);
	g_ptr_array_unref(batch->places);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Batch, batch_clear)

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
record_all(
    const Inbox *inbox, const Batch *batch, const GPtrArray *sums, gboolean *is_new, GError **error)
{
	g_autoptr(Transaction) transaction = transaction_begin(inbox->store, error);

	if (transaction == NULL)
		return FALSE;
	for (guint i = 0; i < sums->len; i++)
		if (!record(inbox, g_ptr_array_index(sums, i),
			g_bytes_get_size(g_ptr_array_index(batch->messages, i)),
			g_ptr_array_index(batch->places, i), &is_new[i], error))
			return FALSE;
	return transaction_commit(transaction, error);
}

/* Archive, then commit: after it the messages are ours. */
static gboolean
keep(const Inbox *inbox, const Batch *batch, InboxReport *report, GError **error)
{
	g_autoptr(GPtrArray) sums = g_ptr_array_new_with_free_func(g_free);
	g_autofree gboolean *is_new = g_new0(gboolean, batch->messages->len);

	if (batch->messages->len == 0)
		return TRUE;
	if (!archive_put_all(inbox->archive, batch->messages, sums, error) ||
	    !record_all(inbox, batch, sums, is_new, error))
		return FALSE;
	for (guint i = 0; i < sums->len; i++) {
		report->taken += is_new[i] ? 1 : 0;
		report->again += is_new[i] ? 0 : 1;
		if (is_new[i] && inbox->taken != NULL)
			inbox->taken(g_ptr_array_index(sums, i),
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
	while (batch->messages->len < INBOX_BATCH && batch->size < INBOX_BATCH_BYTES) {
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
tell(const Inbox *inbox, GError *why, GError **error)
{
	g_propagate_error(error, why);
	if (*inbox->name != '\0')
		g_prefix_error(error, "inbox.%s: ", inbox->name);
	return FALSE;
}

gboolean
inbox_take_some(Inbox *inbox, InboxReport *report, gboolean *more, GError **error)
{
	g_auto(Batch) batch = batch_new();
	g_autoptr(GError) why = NULL;
	gboolean goes_on = open_mailbox(inbox, more, &why);

	if (!*more)
		return TRUE;
	*more = check_room(inbox->archive, error);
	if (!*more)
		return FALSE;
	goes_on = goes_on && fill_batch(inbox, &batch, report, &why);
	/* a failure of the source does not undo what had come before it */
	*more = keep(inbox, &batch, report, error);
	if (!*more)
		return FALSE;
	if (batch.messages->len > 0)
		(void)inbox->source->commit(
		    inbox->session, batch.places, why == NULL ? &why : NULL);
	if (!goes_on || why != NULL)
		close_mailbox(inbox);
	return why == NULL || tell(inbox, g_steal_pointer(&why), error);
}

Inbox *
inbox_open(const Config *config, Store *store)
{
	Inbox *inbox = g_new0(Inbox, 1);

	inbox->config = config;
	inbox->store = store;
	inbox->archive = g_build_filename(config_workspace(config), "archive", NULL);
	inbox->name = "";
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
	g_auto(Batch) batch = batch_new();

	g_ptr_array_add(batch.messages, g_bytes_ref(raw));
	g_ptr_array_add(batch.places, g_strdup(place));
	return check_room(inbox->archive, error) && keep(inbox, &batch, report, error);
}
