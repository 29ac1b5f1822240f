#include "send/stock.h"

#include "base/error.h"

#define CLAIM	   50 /* in one transaction */
#define GROUP	   20 /* messages that the archive makes last together, where there are as many */
#define AHEAD_SIZE (16u << 20) /* bytes of messages that are made and not taken */

struct Stock {
	const OutboxTools *tools;
	gint64 wave_id;
	guint limit;
	guint most; /* messages that are made and not taken */
	guint low;  /* of those that are ready */
	const Pace *pace;
	const PaceLog *left;
	Keeper *keeper;
	Clerk *clerk;
	GQueue claimed;	 /* of Task */
	GPtrArray *made; /* of Task, for the keeper */
	GPtrArray
	    *keeping; /* (nullable) those that it has: its own, but for the marks of withdrawal */
	GQueue ready; /* of Task */
	gsize size;   /* bytes of those that are made */
	guint out;    /* claimed so far and not come back */
	GHashTable *domains; /* interned -> how many of those in stock go there */
	gboolean spent;	     /* the last claim found nothing more */
	gint64 again_at;     /* before then no domain has room for what is left */
	gint64 now;
	GError *trouble;
};

Stock *
stock_new(const OutboxTools *tools, gint64 wave_id, guint limit, guint lanes, const Pace *pace,
    const PaceLog *left, Keeper *keeper, Clerk *clerk)
{
	Stock *stock = g_new0(Stock, 1);

	stock->tools = tools;
	stock->wave_id = wave_id;
	stock->limit = limit;
	stock->most = 2 * lanes + 2 * GROUP;
	stock->low = lanes / 2;
	stock->pace = pace;
	stock->left = left;
	stock->keeper = keeper;
	stock->clerk = clerk;
	g_queue_init(&stock->claimed);
	g_queue_init(&stock->ready);
	stock->made = g_ptr_array_new();
	stock->domains = g_hash_table_new(g_direct_hash, g_direct_equal);
	return stock;
}

void
stock_free(Stock *stock)
{
	if (stock == NULL)
		return;
	g_queue_clear_full(&stock->claimed, (GDestroyNotify)task_free);
	g_queue_clear_full(&stock->ready, (GDestroyNotify)task_free);
	g_ptr_array_set_free_func(stock->made, (GDestroyNotify)task_free);
	g_ptr_array_unref(stock->made);
	g_hash_table_unref(stock->domains);
	g_clear_error(&stock->trouble);
	g_free(stock);
}

/* --- claiming -------------------------------------------------------------------------------------------------------- */

static guint
bound_for(const Stock *stock, const char *domain)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(stock->domains, domain));
}

static void
count_domain(Stock *stock, const Task *task, int change)
{
	const char *domain = pace_domain(task->dispatch->address);
	int count = (int)bound_for(stock, domain) + change;

	g_hash_table_insert(stock->domains, (gpointer)(guintptr)domain, GINT_TO_POINTER(count));
}

/* OutboxWants, for one claim. */
typedef struct {
	Stock *stock;
	GHashTable *asked; /* domain -> how many of this claim go there */
	gboolean skipped;
	gint64 room_at; /* when the first of those that were skipped may leave */
} Selection;

static gboolean
has_room(const char *address, gpointer self)
{
	Selection *choice = self;
	Stock *stock = choice->stock;
	guint room = pace_room(stock->pace, stock->left, address, stock->now);
	const char *domain = NULL;
	guint here;

	if (room == G_MAXUINT)
		return TRUE;
	domain = pace_domain(address);
	here = GPOINTER_TO_UINT(g_hash_table_lookup(choice->asked, domain));
	if (room > bound_for(stock, domain) + here) {
		g_hash_table_insert(
		    choice->asked, (gpointer)(guintptr)domain, GUINT_TO_POINTER(here + 1));
		return TRUE;
	}
	choice->skipped = TRUE;
	choice->room_at =
	    MIN(choice->room_at, pace_next(stock->pace, stock->left, address, stock->now));
	return FALSE;
}

static gboolean
claim(Stock *stock, GError **error)
{
	guint most = stock->limit > 0 ? MIN(CLAIM, stock->limit - stock->out) : CLAIM;
	g_autoptr(GHashTable) asked = g_hash_table_new(g_direct_hash, g_direct_equal);
	Selection choice = { stock, asked, FALSE, G_MAXINT64 };
	g_autoptr(GPtrArray) due =
	    outbox_claim_wanted(stock->tools, stock->wave_id, most, has_room, &choice, error);

	if (due == NULL)
		return FALSE;
	stock->spent = due->len < most && !choice.skipped;
	if (due->len < most && choice.skipped)
		stock->again_at = MAX(choice.room_at, stock->now + 1);
	stock->out += due->len;
	while (due->len > 0) {
		Task *task = task_new(stock->tools->config, g_ptr_array_steal_index(due, 0));

		count_domain(stock, task, 1);
		g_queue_push_tail(&stock->claimed, task);
	}
	return TRUE;
}

static gboolean
may_claim(const Stock *stock)
{
	return !stock->spent && stock->now >= stock->again_at &&
	       (stock->limit == 0 || stock->out < stock->limit);
}

static void
give_back(Stock *stock, Task *task)
{
	stock->size -= task->size;
	count_domain(stock, task, -1);
	stock_came_back(stock);
	clerk_add_end(stock->clerk, task);
}

/* Gives @task back where it may not leave any more: a person stopped its wave, or its cause is gone. */
static gboolean
check_leave(Stock *stock, Task *task, gboolean *out_leaves, GError **error)
{
	char *why = NULL;

	if (!outbox_may_leave(stock->tools, task->dispatch, out_leaves, &why, error)) {
		give_back(stock, task);
		return FALSE;
	}
	if (*out_leaves)
		return TRUE;
	if (why != NULL) {
		task->job.outcome = OUTCOME_CANCELLED;
		task->job.reply = why;
	}
	give_back(stock, task);
	return TRUE;
}

/* --- making ---------------------------------------------------------------------------------------------------------- */

/* Whole groups; smaller ones where lanes may soon wait for them. */
static void
hand_to_keeper(Stock *stock)
{
	gboolean last = stock->claimed.length == 0 && !may_claim(stock);

	if (stock->keeping != NULL || stock->made->len == 0 ||
	    (stock->made->len < GROUP && stock->ready.length > stock->low && !last))
		return;
	stock->keeping = stock->made;
	stock->made = g_ptr_array_new();
	keeper_keep(stock->keeper, stock->keeping);
}

static guint
count_made(const Stock *stock)
{
	return stock->made->len + stock->ready.length +
	       (stock->keeping != NULL ? stock->keeping->len : 0);
}

static gboolean
make_next(Stock *stock, GError **error)
{
	Task *task = g_queue_pop_head(&stock->claimed);
	gboolean leaves;

	if (!check_leave(stock, task, &leaves, error))
		return FALSE;
	if (!leaves)
		return TRUE;
	task->packet = outbox_pack(stock->tools, task->dispatch, &stock->trouble);
	if (task->packet == NULL) {
		g_queue_push_head(&stock->claimed, task);
		return TRUE;
	}
	task->size = packet_size(task->packet);
	stock->size += task->size;
	g_ptr_array_add(stock->made, task);
	return TRUE;
}

gboolean
stock_make(Stock *stock, gint64 now, gboolean *out_more, GError **error)
{
	gboolean room =
	    stock->trouble == NULL && count_made(stock) < stock->most && stock->size < AHEAD_SIZE;

	stock->now = now;
	/* what came back is found only when the clerk has written so */
	if (room && stock->claimed.length == 0 && clerk_is_empty(stock->clerk) &&
	    may_claim(stock) && !claim(stock, error))
		return FALSE;
	*out_more = room && stock->claimed.length > 0;
	if (*out_more && !make_next(stock, error))
		return FALSE;
	hand_to_keeper(stock);
	return TRUE;
}

/* --- what has been made ---------------------------------------------------------------------------------------------- */

void
stock_take_back(Stock *stock, Call *call)
{
	stock->keeping = NULL;
	for (guint i = 0; i < call->tasks->len; i++) {
		Task *task = g_ptr_array_index(call->tasks, i);

		g_clear_pointer(&task->packet, g_ptr_array_unref);
		if (task->message != NULL && g_atomic_int_get(&task->withdrawn) == 0)
			g_queue_push_tail(&stock->ready, task);
		else
			give_back(stock, task);
	}
	if (stock->trouble == NULL)
		stock->trouble = g_steal_pointer(&call->error);
}

const Task *
stock_first(const Stock *stock)
{
	return stock->ready.head != NULL ? stock->ready.head->data : NULL;
}

gboolean
stock_take(Stock *stock, Task **out, GError **error)
{
	Task *task = g_queue_pop_head(&stock->ready);
	gboolean leaves;

	*out = NULL;
	if (!check_leave(stock, task, &leaves, error))
		return FALSE;
	if (!leaves)
		return TRUE;
	stock->size -= task->size;
	count_domain(stock, task, -1);
	*out = task;
	return TRUE;
}

void
stock_came_back(Stock *stock)
{
	stock->out--;
	stock->spent = FALSE;
}

/* @stopped: (nullable): the waves whose messages go back; NULL: all. */
static gboolean
goes_back(const Task *task, GHashTable *stopped)
{
	return stopped == NULL || g_hash_table_contains(stopped, &task->dispatch->wave_id);
}

static void
give_queue_back(Stock *stock, GQueue *queue, GHashTable *stopped)
{
	for (guint n = queue->length; n > 0; n--) {
		Task *task = g_queue_pop_head(queue);

		if (goes_back(task, stopped))
			give_back(stock, task);
		else
			g_queue_push_tail(queue, task);
	}
}

static void
give_waves_back(Stock *stock, GHashTable *stopped)
{
	g_autoptr(GPtrArray) made = g_steal_pointer(&stock->made);

	give_queue_back(stock, &stock->claimed, stopped);
	give_queue_back(stock, &stock->ready, stopped);
	stock->made = g_ptr_array_new();
	for (guint i = 0; i < made->len; i++) {
		Task *task = g_ptr_array_index(made, i);

		if (goes_back(task, stopped))
			give_back(stock, task);
		else
			g_ptr_array_add(stock->made, task);
	}
	for (guint i = 0; stock->keeping != NULL && i < stock->keeping->len; i++) {
		Task *task = g_ptr_array_index(stock->keeping, i);

		if (goes_back(task, stopped))
			g_atomic_int_set(&task->withdrawn, 1);
	}
}

void
stock_give_back(Stock *stock)
{
	give_waves_back(stock, NULL);
}

static void
add_wave(gpointer data, gpointer waves)
{
	Task *task = data;

	g_hash_table_add(waves, &task->dispatch->wave_id);
}

gboolean
stock_give_stopped_back(Stock *stock, GError **error)
{
	g_autoptr(GHashTable) waves = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autoptr(GHashTable) stopped =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	GHashTableIter each;
	gpointer wave;

	g_queue_foreach(&stock->claimed, add_wave, waves);
	g_queue_foreach(&stock->ready, add_wave, waves);
	g_ptr_array_foreach(stock->made, add_wave, waves);
	if (stock->keeping != NULL)
		g_ptr_array_foreach(stock->keeping, add_wave, waves);
	g_hash_table_iter_init(&each, waves);
	while (g_hash_table_iter_next(&each, &wave, NULL)) {
		const gint64 id = *(const gint64 *)wave;
		gboolean leaves;

		if (!outbox_wave_leaves(stock->tools->store, id, &leaves, error))
			return FALSE;
		if (!leaves)
			g_hash_table_add(stopped, g_memdup2(&id, sizeof id));
	}
	give_waves_back(stock, stopped);
	return TRUE;
}

gboolean
stock_is_empty(const Stock *stock)
{
	return stock->claimed.length == 0 && count_made(stock) == 0;
}

gboolean
stock_is_spent(const Stock *stock)
{
	return stock_is_empty(stock) &&
	       (stock->spent || (stock->limit > 0 && stock->out >= stock->limit));
}

GError *
stock_trouble(Stock *stock)
{
	return count_made(stock) == 0 ? g_steal_pointer(&stock->trouble) : NULL;
}
