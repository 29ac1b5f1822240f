/* Messages made ahead of the lanes: claimed, made, kept, and then taken, or given back. */
#include "send/stock.h"

#include "base/archive_packet.h"
#include "base/error.h"
#include "render/render.h"
#include "unit/outbox/workshop.h"

#include <string.h>

typedef struct {
	Workshop shop;
	GAsyncQueue *calls;
	Keeper *keeper;
	SendReport report;
	Clerk *clerk;
	Pace *pace;
	PaceLog *left;
	Stock *stock;
} Storeroom;

static void
open_room(Storeroom *room, guint limit)
{
	g_autoptr(GError) error = NULL;

	room->keeper = keeper_new(room->shop.config, room->calls, &error);
	g_assert_no_error(error);
	room->stock = stock_new(
	    &room->shop.tools, 0, limit, 1, room->pace, room->left, room->keeper, room->clerk);
}

static void
set_up(Storeroom *room, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *archive = NULL;

	workshop_open(&room->shop);
	workshop_sql(&room->shop, "INSERT INTO contact (unit_id, role, channel, address, rank)"
				  " VALUES (3, 'protocol', 'mail', 'terzo@comuni.example', 1)");
	workshop_credentials(&room->shop);
	workshop_texts(&room->shop);
	room->shop.tools.renderer =
	    renderer_new(room->shop.config, room->shop.keyring, room->shop.form, &error);
	g_assert_no_error(error);
	workshop_plan(&room->shop, GPOINTER_TO_UINT(data));
	archive = g_build_filename(room->shop.folder, "archive", NULL);
	g_assert_cmpint(g_mkdir_with_parents(archive, 0700), ==, 0);
	room->calls = g_async_queue_new_full((GDestroyNotify)call_free);
	room->clerk = clerk_new(room->shop.store, &room->report);
	room->pace = pace_new(room->shop.config, &error);
	g_assert_no_error(error);
	room->left = pace_log_new();
	open_room(room, 0);
}

static void
tear_down(Storeroom *room, gconstpointer data)
{
	(void)data;
	stock_free(room->stock);
	keeper_free(room->keeper);
	pace_log_free(room->left);
	pace_free(room->pace);
	clerk_free(room->clerk);
	g_async_queue_unref(room->calls);
	renderer_free(room->shop.tools.renderer);
	workshop_close(&room->shop);
}

/* Makes @count messages, and has them kept. */
static void
fill(Storeroom *room, guint count)
{
	while (count > 0) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Call) call = NULL;
		gboolean more = TRUE;

		while (more) {
			g_assert_true(stock_make(room->stock, WORKSHOP_NOW, &more, &error));
			g_assert_no_error(error);
		}
		call = g_async_queue_pop(room->calls);
		g_assert_cmpint(call->kind, ==, CALL_KEPT);
		count -= call->tasks->len;
		stock_take_back(room->stock, call);
	}
}

static const char *
state_of(Storeroom *room, guint i)
{
	g_autoptr(GPtrArray) list = outbox_list(room->shop.store, 1, NULL, 0, 0, NULL);
	const Dispatch *dispatch = g_ptr_array_index(list, i);

	return g_intern_string(dispatch->state);
}

static Task *
take(Storeroom *room)
{
	g_autoptr(GError) error = NULL;
	Task *task = NULL;

	g_assert_nonnull(stock_first(room->stock));
	g_assert_true(stock_take(room->stock, &task, &error));
	g_assert_no_error(error);
	return task;
}

static void
write_down(Storeroom *room)
{
	g_autoptr(GError) error = NULL;

	g_assert_true(clerk_write(room->clerk, &error));
	g_assert_no_error(error);
}

/* The bytes that leave are those that the archive gives back. */
static void
test_kept(Storeroom *room, gconstpointer data)
{
	g_autofree char *archive = g_build_filename(room->shop.folder, "archive", NULL);

	(void)data;
	fill(room, 2);
	for (guint i = 0; i < 2; i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(Task) task = take(room);
		g_autoptr(GBytes) kept = archive_open_sent(
		    archive, room->shop.keyring, task->dispatch->sha256, NULL, &error);

		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(task->message, kept));
		g_assert_cmpuint(task->size, ==, g_bytes_get_size(kept));
	}
	g_assert_true(stock_is_spent(room->stock));
}

static void
test_limit(Storeroom *room, gconstpointer data)
{
	(void)data;
	stock_free(room->stock);
	keeper_free(room->keeper);
	open_room(room, 1);
	fill(room, 1);
	task_free(take(room));
	g_assert_null(stock_first(room->stock));
	g_assert_true(stock_is_spent(room->stock));
	g_assert_cmpstr(state_of(room, 1), ==, "queued");
}

/* An earlier attempt at the last had other words: those before it leave all the same, the one that is kept together with it too. */
static void
test_other_words(Storeroom *room, gconstpointer data)
{
	g_autoptr(GError) error = NULL;

	(void)data;
	workshop_sql(&room->shop, "UPDATE dispatch SET sha256 = 'ab' WHERE id = 3");
	fill(room, 1);
	fill(room, 2);
	task_free(take(room));
	g_assert_null(stock_trouble(room->stock)); /* not before all of them are taken */
	task_free(take(room));
	g_assert_null(stock_first(room->stock));
	error = stock_trouble(room->stock);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	write_down(room);
	g_assert_cmpstr(state_of(room, 2), ==, "queued");
}

/* A file stands where the archive's folder should: nothing leaves that is not kept. */
static void
test_no_archive(Storeroom *room, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *archive = g_build_filename(room->shop.folder, "archive", NULL);

	(void)data;
	workshop_remove(archive);
	g_assert_true(g_file_set_contents(archive, "", 0, NULL));
	fill(room, 2);
	g_assert_null(stock_first(room->stock));
	error = stock_trouble(room->stock);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	write_down(room);
	g_assert_cmpstr(state_of(room, 0), ==, "queued");
	g_assert_cmpstr(state_of(room, 1), ==, "queued");
}

/* The place of the first in the archive is taken by a folder: only the last step of keeping it fails. */
static void
test_no_place(Storeroom *room, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *sha256 = NULL;
	g_autofree char *shelf = NULL;
	g_autofree char *name = NULL;
	g_autofree char *place = NULL;

	(void)data;
	fill(room, 2);
	sha256 = g_strdup(stock_first(room->stock)->dispatch->sha256);
	stock_give_back(room->stock);
	write_down(room);
	shelf = g_strndup(sha256, 2);
	name = g_strconcat(sha256 + 2, ".sent", NULL);
	place = g_build_filename(room->shop.folder, "archive", shelf, name, NULL);
	g_assert_cmpint(g_unlink(place), ==, 0);
	g_assert_cmpint(g_mkdir(place, 0700), ==, 0);
	fill(room, 2);
	g_assert_cmpint(stock_first(room->stock)->dispatch->id, ==, 2);
	task_free(take(room));
	error = stock_trouble(room->stock);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_IO);
	write_down(room);
	g_assert_cmpstr(state_of(room, 0), ==, "queued");
}

/* A person stops the wave while messages lie ready. */
static void
test_stopped(Storeroom *room, gconstpointer data)
{
	Task *task;

	(void)data;
	fill(room, 2);
	workshop_sql(&room->shop, "UPDATE wave SET state = 'paused'");
	task = take(room);
	g_assert_null(task);
	write_down(room);
	g_assert_cmpstr(state_of(room, 0), ==, "queued");
	stock_give_back(room->stock);
	write_down(room);
	g_assert_cmpstr(state_of(room, 1), ==, "queued");
	g_assert_true(stock_is_empty(room->stock));
}

/* The unit declines between the making and the leaving. */
static void
test_closed(Storeroom *room, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	const Event event = { .edition = room->shop.form->id,
		.unit_id = 1,
		.subject = "unit",
		.subject_id = 1,
		.what = "unit.declined" };

	(void)data;
	fill(room, 2);
	g_assert_true(store_event(room->shop.store, &event, &error));
	g_assert_null(take(room));
	write_down(room);
	g_assert_cmpstr(state_of(room, 0), ==, "cancelled");
	task_free(take(room));
}

/* It is still claimed in the store when the next ones are looked for. */
static void
test_comes_back(Storeroom *room, gconstpointer data)
{
	g_autoptr(GError) error = NULL;
	gboolean more;
	Task *task;

	(void)data;
	stock_free(room->stock);
	keeper_free(room->keeper);
	open_room(room, 2); /* which it is none of any more */
	fill(room, 2);
	task_free(take(room));
	task = take(room);
	task->job.outcome = OUTCOME_UNSENT;
	clerk_add_end(room->clerk, task);
	stock_came_back(room->stock);
	g_assert_true(stock_make(room->stock, WORKSHOP_NOW, &more, &error));
	g_assert_no_error(error);
	write_down(room);
	g_assert_false(stock_is_spent(room->stock));
	fill(room, 1);
	task_free(take(room));
	g_assert_true(stock_is_spent(room->stock));
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
#define ADD_OF(count, path, function)                                                              \
	g_test_add(                                                                                \
	    "/send/stock/" path, Storeroom, GUINT_TO_POINTER(count), set_up, function, tear_down)
#define ADD(path, function) ADD_OF(2, path, function)
	ADD("what-may-leave-is-in-the-archive", test_kept);
	ADD("no-more-than-the-limit-is-made", test_limit);
	ADD_OF(3, "other-words-than-before-hold-up-what-is-behind-them-only", test_other_words);
	ADD("what-cannot-be-kept-does-not-leave", test_no_archive);
	ADD("nor-does-what-did-not-come-to-its-place", test_no_place);
	ADD("what-a-person-stops-goes-back", test_stopped);
	ADD("who-declines-gets-no-letter-that-is-ready", test_closed);
	ADD("what-did-not-leave-is-found-again", test_comes_back);
	return g_test_run();
}
