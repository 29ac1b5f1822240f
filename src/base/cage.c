/* What the user of cages does: gives a keeper the input, reads and checks the answer. */
#include "base/cage_start.h"
#include "base/error.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define SMALL_ANSWER 1024
#define PATIENCE     20 /* ms */

const CageLimits cage_limits_default = {
	.memory = (gsize)192 << 20,
	.cpu = 5,
	.wall_ms = 8000,
	.answer = (gsize)64 << 20,
};

static struct {
	GMutex lock;
	GQueue idle; /* of CageKeeper */
	GBytes *data;
	guint prepared; /* how often that was set */
	pid_t owner;	/* a fork has them too, but they are not its own */
} pool;

static __thread guint64 time_taken; /* ms, by the children of this thread */

/* --- keepers ------------------------------------------------------------------------------------------------ */

static void
dismiss_locked(void)
{
	CageKeeper *keeper;

	while ((keeper = g_queue_pop_head(&pool.idle)) != NULL)
		cage_keeper_free(keeper);
	pool.owner = getpid();
}

/* One for this thread alone. Returns: (transfer full); @prepared: for give_back() */
static CageKeeper *
take_keeper(guint *prepared, GError **error)
{
	g_autoptr(GBytes) data = NULL;
	CageKeeper *keeper;

	g_mutex_lock(&pool.lock);
	if (pool.owner != getpid())
		dismiss_locked();
	keeper = g_queue_pop_head(&pool.idle);
	data = pool.data != NULL ? g_bytes_ref(pool.data) : NULL;
	*prepared = pool.prepared;
	g_mutex_unlock(&pool.lock);
	return keeper != NULL ? keeper : cage_keeper_start(data, error);
}

static void
give_back(CageKeeper *keeper, guint prepared)
{
	gboolean is_present;

	g_mutex_lock(&pool.lock);
	is_present = prepared == pool.prepared;
	if (is_present)
		g_queue_push_head(&pool.idle, keeper);
	g_mutex_unlock(&pool.lock);
	if (!is_present)
		cage_keeper_free(keeper);
}

void
cage_prepare(GBytes *data)
{
	g_mutex_lock(&pool.lock);
	if (pool.data != data) {
		dismiss_locked();
		g_clear_pointer(&pool.data, g_bytes_unref);
		pool.data = data != NULL ? g_bytes_ref(data) : NULL;
		pool.prepared++;
	}
	g_mutex_unlock(&pool.lock);
}

void
cage_dismiss(void)
{
	g_mutex_lock(&pool.lock);
	dismiss_locked();
	g_mutex_unlock(&pool.lock);
}

/* --- one input ---------------------------------------------------------------------------------------------- */

/* Takes what is there; beyond the @limit only the fact that there was more. FALSE: it was too much. */
static gboolean
read_ready(const CageKeeper *keeper, gsize limit, GByteArray *answer)
{
	guint8 chunk[65536];
	gssize n;

	while ((n = read(keeper->answer, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR)) {
		if (n < 0)
			continue;
		if (answer->len + (gsize)n > limit + CAGE_LOCKED_SIZE)
			return FALSE;
		g_byte_array_append(answer, chunk, (guint)n);
	}
	return TRUE;
}

/* Throws away what is still to come. */
static void
read_rest(const CageKeeper *keeper)
{
	guint8 chunk[65536];
	gssize n;

	do
		n = read(keeper->answer, chunk, sizeof chunk);
	while (n > 0 || (n < 0 && errno == EINTR));
}

/* Reads until the keeper says that the child is gone. What most children say stands in the pipe until then: at first nobody looks,
 * or each of their words would wake us. FALSE: the keeper is gone. */
static gboolean
read_answer(
    const CageKeeper *keeper, gsize limit, GByteArray *answer, gboolean *fits, CageReply *reply)
{
	static const CageRequest stop = { .asks = CAGE_ASKS_STOP };

	*fits = TRUE;
	for (int patience = PATIENCE;; patience = -1) {
		struct pollfd ready[] = { { .fd = keeper->socket, .events = POLLIN },
			{ .fd = keeper->answer, .events = POLLIN } };
		gboolean is_gone;

		if (poll(ready, patience > 0 ? 1 : G_N_ELEMENTS(ready), patience) < 0 &&
		    errno != EINTR)
			return FALSE;
		is_gone = ready[0].revents != 0;
		if (is_gone && !cage_keeper_hear(keeper, reply))
			return FALSE;
		if (!*fits) {
			read_rest(keeper);
		} else if (!read_ready(keeper, limit, answer)) {
			*fits = FALSE;
			read_rest(keeper);
			if (!is_gone && !cage_keeper_ask(keeper, &stop, NULL))
				return FALSE;
		}
		if (is_gone)
			return TRUE;
	}
}

/* Whether @variant is serialised as GLib would. Of bytes any are; g_variant_is_normal_form() would look at each of them, which only
 * where there are few takes less time than to look at each child by itself. */
static gboolean
is_in_order(GVariant *variant)
{
	const char *type = g_variant_get_type_string(variant);

	if (strcmp(type, "ay") == 0)
		return TRUE;
	if (!g_variant_is_container(variant) || strstr(type, "ay") == NULL ||
	    g_variant_get_size(variant) <= SMALL_ANSWER)
		return g_variant_is_normal_form(variant);
	for (gsize i = 0; i < g_variant_n_children(variant); i++) {
		g_autoptr(GVariant) child = g_variant_get_child_value(variant, i);

		if (!is_in_order(child))
			return FALSE;
	}
	return TRUE;
}

GVariant *
cage_read_answer(GBytes *said, const GVariantType *type, GError **error)
{
	g_autoptr(GVariant) variant =
	    g_variant_ref_sink(g_variant_new_from_bytes(type, said, FALSE));

	if (g_bytes_get_size(said) > 0 && is_in_order(variant))
		return g_steal_pointer(&variant);
	fail(error, PLICO_ERROR_INPUT, _("the reader's answer is not in order"));
	return NULL;
}

static GVariant *
check_answer(GBytes *answer, const GVariantType *type, int status, GError **error)
{
	gsize size = g_bytes_get_size(answer);
	g_autoptr(GBytes) said = NULL;

	/* said before it saw any input: no input can make us believe that the cage does not work */
	if (size < CAGE_LOCKED_SIZE ||
	    memcmp(g_bytes_get_data(answer, NULL), CAGE_LOCKED, CAGE_LOCKED_SIZE) != 0) {
		fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("the sandbox cannot be built on this system"));
		return NULL;
	}
	if (WIFSIGNALED(status)) {
		fail(error, PLICO_ERROR_INPUT, _("the reader was stopped by signal %d"),
		    WTERMSIG(status));
		return NULL;
	}
	if (WEXITSTATUS(status) != CAGE_DONE) {
		fail(error, PLICO_ERROR_INPUT, _("the reader gave no answer (exit %d)"),
		    WEXITSTATUS(status));
		return NULL;
	}
	said = g_bytes_new_from_bytes(answer, CAGE_LOCKED_SIZE, size - CAGE_LOCKED_SIZE);
	return cage_read_answer(said, type, error);
}

/* The child's whole answer. Returns: (transfer full); @broken: the keeper is of no use any more */
static GBytes *
run_in(const CageKeeper *keeper, const CageRequest *request, int *status, gboolean *broken,
    GError **error)
{
	g_autoptr(GByteArray) answer = g_byte_array_new();
	CageReply reply = { 0, FALSE, 0 };
	gboolean fits;

	*broken = !cage_keeper_ask(keeper, request, NULL) ||
		  !read_answer(keeper, request->limits.answer, answer, &fits, &reply);
	*status = reply.status;
	time_taken += reply.taken;
	if (*broken)
		fail(error, PLICO_ERROR_UNAVAILABLE,
		    _("the sandbox cannot be built on this system"));
	else if (reply.late || !fits)
		fail(error, PLICO_ERROR_INPUT, _("the reader was stopped: %s"),
		    fits ? _("it took too long") : _("it says too much"));
	else
		return g_byte_array_free_to_bytes(g_steal_pointer(&answer));
	return NULL;
}

guint64
cage_time_taken(void)
{
	return time_taken;
}

GVariant *
cage_run(guint task, GBytes *input, gconstpointer data, gsize size, const GVariantType *type,
    const CageLimits *limits, GError **error)
{
	CageRequest request = {
		.asks = CAGE_ASKS_RUN,
		.task = task,
		.input = g_bytes_get_size(input),
		.size = size,
		.limits = *limits,
	};
	guint prepared;
	CageKeeper *keeper = take_keeper(&prepared, error);
	g_autoptr(GBytes) answer = NULL;
	gboolean broken = TRUE;
	int status;

	g_return_val_if_fail(size <= CAGE_DATA_LIMIT, NULL);
	if (keeper == NULL)
		return NULL;
	if (size > 0)
		memcpy(request.data, data, size);
	if (cage_keeper_put(keeper, input, error))
		answer = run_in(keeper, &request, &status, &broken, error);
	if (broken)
		cage_keeper_free(keeper);
	else
		give_back(keeper, prepared);
	return answer != NULL ? check_answer(answer, type, status, error) : NULL;
}
