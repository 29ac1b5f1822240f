/* plico receive: takes one message from standard input, for a mail server that delivers into a pipe. */
#include "base/durable.h"
#include "base/error.h"
#include "cmd/cmd.h"
#include "inbox/inbox.h"

#include <unistd.h>

static gboolean
run(App *app, char **words, GError **error)
{
	g_autoptr(GBytes) raw =
	    durable_read_open(STDIN_FILENO, _("standard input"), INBOX_MESSAGE_LIMIT, error);
	InboxReport report = { 0 };

	(void)words;
	if (raw == NULL)
		return FALSE;
	if (g_bytes_get_size(raw) == 0)
		return fail(error, PLICO_ERROR_INPUT, _("standard input: no message"));
	return inbox_receive(app->config, app->store, raw, "stdin", &report, error);
}

const Command command_receive = {
	.name = "receive",
	.summary = N_("take one message from standard input, for a mail server"),
	.help = N_(
	    "Ends with 0 when the message is in the archive and in the database, for good; in any other case with 75, by "
	    "which a mail server keeps it and tries again. It is read by the next plico collect, or the one that is running. "
	    "For Postfix, in master.cf: plico unix - n n - 4 pipe user=plico argv=/usr/local/bin/plico receive -w /var/lib/plico"),
	.needs = NEEDS_CONFIG | NEEDS_STORE | SAYS_TRY_AGAIN,
	.run = run,
};
