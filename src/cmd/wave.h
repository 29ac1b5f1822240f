/* What the verbs about waves share. */
#ifndef PLICO_CMD_WAVE_H
#define PLICO_CMD_WAVE_H

#include "cmd/cmd.h"
#include "outbox/outbox.h"

/* A wave's number as typed. */
gboolean wave_number(const char *word, gint64 *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Asks for a number of messages on the terminal; PLICO_ERROR_USAGE where there is none, or what is typed is no number. */
gboolean wave_ask_count(const char *question, gint64 *out, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* All that making messages takes. */
typedef struct {
	Form *form;
	Renderer *renderer;
	OutboxTools tools;
} WaveKit;

void wave_kit_free(WaveKit *kit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(WaveKit, wave_kit_free)

/* Returns: (transfer full) */
WaveKit *wave_kit_new(const App *app, GError **error);

/* "A944 Bologna". Returns: (transfer full), NULL on error */
char *wave_unit_name(const App *app, gint64 unit_id, GError **error);

/* The unit that @dispatch is about, and how many others. Returns: (transfer full), NULL on error */
char *wave_dispatch_name(const App *app, const Dispatch *dispatch, GError **error);

/* When a wave leaves at the pace of the configuration, as Unix time. @out_begin: its first message; @out_end: its last, 0
 * where messages are not counted. @out_words: (out) (transfer full): a sentence with both, "" where there is no pace. */
gboolean wave_forecast(const App *app, gint64 wave_id, gint64 *out_begin, gint64 *out_end,
    char **out_words, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
