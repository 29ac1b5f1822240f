#include "validate/read_ahead.h"

#include "base/archive.h"
#include "base/cage.h"

#define THREADS_MOST 16
#define ROOM	     96
#define LARGE                                                                                      \
	((gsize)4 << 20) /* of these one at a time, or memory would be what hostile mail makes it */
#define AT_HAND ((gsize)16 << 20) /* bytes that are kept for being read */

typedef struct {
	char *sha256;
	gint64 at;
	GBytes *raw; /* (nullable): what the archive has under this name */
	Collected *collected;
	GError *error;
	gboolean done;
} Job;

struct ReadAhead {
	char *archive;
	const PecTrust *trust;
	GPtrArray *threads;  /* of GThread */
	GHashTable *at_hand; /* SHA-256 -> GBytes: of the thread that adds */
	GMutex large;
	GMutex lock; /* of all that follows */
	GCond changed;
	GQueue waiting; /* of Job; borrowed */
	GQueue jobs;	/* of Job: all that were not taken */
	gsize held;	/* bytes at hand and in jobs that are not done */
	gboolean ending;
};

static void
job_free(Job *job)
{
	g_free(job->sha256);
	g_clear_pointer(&job->raw, g_bytes_unref);
	collected_free(job->collected);
	g_clear_error(&job->error);
	g_free(job);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Job, job_free)

static void
read_message(ReadAhead *ahead, Job *job)
{
	g_autoptr(GBytes) raw = job->raw != NULL ? g_bytes_ref(job->raw) : NULL;
	gsize size =
	    raw != NULL ? g_bytes_get_size(raw) : archive_size(ahead->archive, job->sha256);
	gboolean is_large = size > LARGE;

	if (is_large)
		g_mutex_lock(&ahead->large);
	if (raw == NULL)
		raw = archive_open(ahead->archive, job->sha256, &job->error);
	if (raw != NULL)
		job->collected = collect_message_at(raw, ahead->trust, job->at, &job->error);
	g_clear_pointer(&raw, g_bytes_unref);
	if (is_large)
		g_mutex_unlock(&ahead->large);
}

/* Under the lock. @raw: (nullable) */
static void
release(ReadAhead *ahead, GBytes *raw)
{
	ahead->held -= raw != NULL ? g_bytes_get_size(raw) : 0;
}

static gpointer
work(gpointer data)
{
	ReadAhead *ahead = data;

	g_mutex_lock(&ahead->lock);
	for (;;) {
		Job *job;

		while (!ahead->ending && g_queue_is_empty(&ahead->waiting))
			g_cond_wait(&ahead->changed, &ahead->lock);
		if (ahead->ending)
			break;
		job = g_queue_pop_head(&ahead->waiting);
		g_mutex_unlock(&ahead->lock);
		read_message(ahead, job);
		g_mutex_lock(&ahead->lock);
		release(ahead, job->raw);
		g_clear_pointer(&job->raw, g_bytes_unref);
		job->done = TRUE;
		g_cond_broadcast(&ahead->changed);
	}
	g_mutex_unlock(&ahead->lock);
	return NULL;
}

ReadAhead *
read_ahead_new(const char *archive, const PecTrust *trust)
{
	ReadAhead *ahead = g_new0(ReadAhead, 1);
	guint threads = MIN(g_get_num_processors(), THREADS_MOST);

	ahead->archive = g_strdup(archive);
	ahead->trust = trust;
	ahead->threads = g_ptr_array_new();
	ahead->at_hand =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
	g_mutex_init(&ahead->large);
	g_mutex_init(&ahead->lock);
	g_cond_init(&ahead->changed);
	for (guint i = 0; i < threads; i++)
		g_ptr_array_add(ahead->threads, g_thread_new("reader", work, ahead));
	return ahead;
}

void
read_ahead_free(ReadAhead *ahead)
{
	if (ahead == NULL)
		return;
	g_mutex_lock(&ahead->lock);
	ahead->ending = TRUE;
	g_cond_broadcast(&ahead->changed);
	g_mutex_unlock(&ahead->lock);
	for (guint i = 0; i < ahead->threads->len; i++)
		(void)g_thread_join(g_ptr_array_index(ahead->threads, i));
	g_ptr_array_unref(ahead->threads);
	g_hash_table_unref(ahead->at_hand);
	cage_dismiss();
	g_queue_clear(&ahead->waiting);
	g_queue_clear_full(&ahead->jobs, (GDestroyNotify)job_free);
	g_cond_clear(&ahead->changed);
	g_mutex_clear(&ahead->lock);
	g_mutex_clear(&ahead->large);
	g_free(ahead->archive);
	g_free(ahead);
}

void
read_ahead_hand_over(ReadAhead *ahead, const char *sha256, GBytes *raw)
{
	gsize size = g_bytes_get_size(raw);
	gboolean kept;

	g_mutex_lock(&ahead->lock);
	kept = ahead->held + size <= AT_HAND && !g_hash_table_contains(ahead->at_hand, sha256);
	ahead->held += kept ? size : 0;
	g_mutex_unlock(&ahead->lock);
	if (kept)
		g_hash_table_insert(ahead->at_hand, g_strdup(sha256), g_bytes_ref(raw));
}

void
read_ahead_forget(ReadAhead *ahead)
{
	GHashTableIter iter;
	gpointer raw;

	g_mutex_lock(&ahead->lock);
	g_hash_table_iter_init(&iter, ahead->at_hand);
	while (g_hash_table_iter_next(&iter, NULL, &raw))
		release(ahead, raw);
	g_mutex_unlock(&ahead->lock);
	g_hash_table_remove_all(ahead->at_hand);
}

void
read_ahead_add(ReadAhead *ahead, const char *sha256, gint64 at)
{
	Job *job = g_new0(Job, 1);
	gpointer name = NULL;
	gpointer raw = NULL;

	job->sha256 = g_strdup(sha256);
	job->at = at;
	if (g_hash_table_steal_extended(ahead->at_hand, sha256, &name, &raw))
		job->raw = raw;
	g_free(name);
	g_mutex_lock(&ahead->lock);
	g_queue_push_tail(&ahead->jobs, job);
	g_queue_push_tail(&ahead->waiting, job);
	g_cond_broadcast(&ahead->changed);
	g_mutex_unlock(&ahead->lock);
}

guint
read_ahead_room(ReadAhead *ahead)
{
	guint added;

	g_mutex_lock(&ahead->lock);
	added = g_queue_get_length(&ahead->jobs);
	g_mutex_unlock(&ahead->lock);
	return added < ROOM ? ROOM - added : 0;
}

Collected *
read_ahead_take(ReadAhead *ahead, GError **error)
{
	g_autoptr(Job) job = NULL;

	g_mutex_lock(&ahead->lock);
	job = g_queue_pop_head(&ahead->jobs);
	g_assert(job != NULL);
	while (!job->done)
		g_cond_wait(&ahead->changed, &ahead->lock);
	g_mutex_unlock(&ahead->lock);
	if (job->error != NULL)
		g_propagate_error(error, g_steal_pointer(&job->error));
	return g_steal_pointer(&job->collected);
}
