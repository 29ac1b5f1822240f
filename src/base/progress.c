#include "base/progress.h"

#include "base/error.h"

#include <stdio.h>
#include <unistd.h>

#define REDRAW_US 100000
#define BAR_WIDTH 30

struct Progress {
	char *what;
	guint64 total;
	gint64 started;
	gint64 drawn;
	gint64 expected; /* monotonic: not done before */
	gboolean terminal;
};

Progress *
progress_new(const char *what, guint64 total)
{
	Progress *progress = g_new0(Progress, 1);

	progress->what = g_strdup(what);
	progress->total = total;
	progress->started = g_get_monotonic_time();
	progress->terminal = isatty(STDERR_FILENO) == 1;
	return progress;
}

static void
draw(const Progress *progress, guint64 done)
{
	gint64 spent = (progress->drawn - progress->started) / G_USEC_PER_SEC;
	guint64 filled =
	    progress->total > 0 ? MIN(done, progress->total) * BAR_WIDTH / progress->total : 0;
	gint64 left = done > 0 && progress->total > done
			  ? spent * (gint64)(progress->total - done) / (gint64)done
			  : 0;

	left = MAX(left, (progress->expected - progress->drawn) / G_USEC_PER_SEC);
	if (progress->total == 0) {
		fprintf(stderr, "\r%s  %" PRIu64 " ", progress->what, done);
		return;
	}
	fprintf(stderr, "\r%s  [", progress->what);
	for (guint64 i = 0; i < BAR_WIDTH; i++)
		fputs(i < filled ? "#" : "-", stderr);
	fprintf(stderr, "] %" PRIu64 "/%" PRIu64 "  ", done, progress->total);
	fprintf(stderr, _("%" PRId64 ":%02" PRId64 " left "), left / 60, left % 60);
}

void
progress_step(Progress *progress, guint64 done)
{
	gint64 now = g_get_monotonic_time();

	if (!progress->terminal || (now - progress->drawn < REDRAW_US && done < progress->total))
		return;
	progress->drawn = now;
	draw(progress, done);
}

void
progress_expect(Progress *progress, gint64 seconds)
{
	progress->expected = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
}

void
progress_note(Progress *progress, const char *sentence)
{
	fprintf(stderr, "%s%s\n", progress->terminal && progress->drawn > 0 ? "\n" : "", sentence);
}

void
progress_free(Progress *progress)
{
	if (progress == NULL)
		return;
	if (progress->terminal && progress->drawn > 0)
		fputc('\n', stderr);
	g_free(progress->what);
	g_free(progress);
}
