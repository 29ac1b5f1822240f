#include "send/keeper.h"

#include "base/archive_packet.h"

struct Keeper {
	Keyring *keyring; /* its own: a keyring is for one thread */
	ArchiveBatch *archive;
	GAsyncQueue *work; /* of GPtrArray, of Task; an empty one is the end */
	GAsyncQueue *calls;
	GThread *thread;
};

static gboolean
put_together(Keeper *keeper, Task *task, GError **error)
{
	g_autoptr(GBytes) message = packet_join(task->packet);

	if (!outbox_check_bytes(task->dispatch, message, error) ||
	    !archive_batch_add(keeper->archive, task->packet, task->dispatch->sha256, error))
		return FALSE;
	task->message = g_steal_pointer(&message);
	return TRUE;
}

static gboolean
keep(Keeper *keeper, const GPtrArray *tasks, GError **error)
{
	guint good = 0;

	while (good < tasks->len && put_together(keeper, g_ptr_array_index(tasks, good), error))
		good++;
	if (archive_batch_commit(keeper->archive, good == tasks->len ? error : NULL))
		return good == tasks->len;
	for (guint i = 0; i < good; i++) {
		Task *task = g_ptr_array_index(tasks, i);

		g_clear_pointer(&task->message, g_bytes_unref);
	}
	return FALSE;
}

static gpointer
work(gpointer self)
{
	Keeper *keeper = self;

	for (;;) {
		GPtrArray *tasks = g_async_queue_pop(keeper->work);
		Call *call;

		if (tasks->len == 0) {
			g_ptr_array_unref(tasks);
			return NULL;
		}
		call = g_new0(Call, 1);
		call->kind = CALL_KEPT;
		call->tasks = tasks;
		(void)keep(keeper, tasks, &call->error);
		g_async_queue_push(keeper->calls, call);
	}
}

Keeper *
keeper_new(const Config *config, GAsyncQueue *calls, GError **error)
{
	g_autoptr(Keeper) keeper = g_new0(Keeper, 1);
	g_autofree char *keys = g_build_filename(config_workspace(config), "keys", NULL);
	g_autofree char *archive = g_build_filename(config_workspace(config), "archive", NULL);

	keeper->keyring = keyring_open(keys, error);
	if (keeper->keyring == NULL)
		return NULL;
	keeper->archive = archive_batch_new(archive, keeper->keyring);
	keeper->work = g_async_queue_new();
	keeper->calls = g_async_queue_ref(calls);
	keeper->thread = g_thread_new("keeper", work, keeper);
	return g_steal_pointer(&keeper);
}

void
keeper_free(Keeper *keeper)
{
	if (keeper == NULL)
		return;
	if (keeper->thread != NULL) {
		g_async_queue_push(keeper->work, g_ptr_array_new());
		(void)g_thread_join(keeper->thread);
		g_async_queue_unref(keeper->work);
		g_async_queue_unref(keeper->calls);
	}
	archive_batch_free(keeper->archive);
	keyring_free(keeper->keyring);
	g_free(keeper);
}

void
keeper_keep(Keeper *keeper, GPtrArray *tasks)
{
	g_async_queue_push(keeper->work, tasks);
}
