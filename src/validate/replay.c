#include "validate/replay.h"

#include "base/clock.h"

#include <string.h>

Logged *
logged_from(Rows *rows)
{
	Logged *logged = g_new0(Logged, 1);

	logged->at = rows_int(rows, 0);
	logged->actor = g_strdup(rows_text(rows, 1));
	logged->edition = g_strdup(rows_text(rows, 2));
	logged->unit_id = rows_int(rows, 3);
	logged->section = g_strdup(rows_text(rows, 4));
	logged->subject = g_strdup(rows_text(rows, 5));
	logged->subject_id = rows_int(rows, 6);
	logged->what = g_strdup(rows_text(rows, 7));
	logged->from_state = g_strdup(rows_text(rows, 8));
	logged->to_state = g_strdup(rows_text(rows, 9));
	logged->evidence = g_strdup(rows_text(rows, 10));
	logged->note = g_strdup(rows_text(rows, 11));
	return logged;
}

void
logged_free(Logged *logged)
{
	if (logged == NULL)
		return;
	g_free(logged->actor);
	g_free(logged->edition);
	g_free(logged->section);
	g_free(logged->subject);
	g_free(logged->what);
	g_free(logged->from_state);
	g_free(logged->to_state);
	g_free(logged->evidence);
	g_free(logged->note);
	g_free(logged);
}

gboolean
logged_copy(Store *store, const Logged *logged, GError **error)
{
	const Event event = {
		.actor = logged->actor,
		.edition = logged->edition,
		.unit_id = logged->unit_id,
		.section = logged->section,
		.subject = logged->subject,
		.subject_id = logged->subject_id,
		.what = logged->what,
		.from_state = logged->from_state,
		.to_state = logged->to_state,
		.evidence = logged->evidence,
		.note = logged->note,
	};

	clock_set(logged->at);
	return store_event(store, &event, error);
}

/* Whether intake makes such an event anew. */
static gboolean
is_made_anew(const Logged *logged)
{
	return strcmp(logged->subject, "return") == 0 || strcmp(logged->subject, "message") == 0;
}

static gboolean
is_same(const Logged *logged, const Event *event)
{
	return strcmp(logged->subject, event->subject) == 0 &&
	       logged->subject_id == event->subject_id && strcmp(logged->what, event->what) == 0;
}

/* Writes what is kept of the block, up to before @end. */
static gboolean
write_kept(Replay *replay, guint end, GError **error)
{
	for (; replay->next < end; replay->next++) {
		const Logged *logged = g_ptr_array_index(replay->block, replay->next);

		if (!is_made_anew(logged) && !logged_copy(replay->store, logged, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
replay_event(Replay *replay, const Event *event, GError **error)
{
	const Logged *last = g_ptr_array_index(replay->block, replay->block->len - 1);
	gint64 at = last->at;

	for (guint i = replay->next; i < replay->block->len; i++) {
		const Logged *logged = g_ptr_array_index(replay->block, i);

		if (!is_same(logged, event))
			continue;
		at = logged->at;
		if (!write_kept(replay, i, error))
			return FALSE;
		replay->next = i + 1;
		break;
	}
	clock_set(at);
	return store_event(replay->store, event, error);
}

gboolean
replay_rest(Replay *replay, GError **error)
{
	return write_kept(replay, replay->block->len, error);
}

gint64
replay_return_id(Replay *replay, guint part)
{
	guint seen = 0;

	for (guint i = 0; i < replay->block->len; i++) {
		const Logged *logged = g_ptr_array_index(replay->block, i);

		/* the first event of each return, in the order of the parts */
		if (strcmp(logged->subject, "return") == 0 &&
		    strcmp(logged->from_state, "new") == 0 && seen++ == part)
			return logged->subject_id;
	}
	return (*replay->spare_id)++;
}
