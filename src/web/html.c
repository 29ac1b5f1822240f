/* Writing HTML, and the public words of states. */
#include "web/page.h"

#include "base/error.h"
#include "status/status.h"

#include <string.h>

void
html_add(GString *html, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_markup_vprintf_escaped(format, args);
	va_end(args);
	g_string_append(html, text);
}

typedef struct {
	const char *state;
	const char *word;
} Word;

static const char *
find_word(const Word *words, gsize count, const char *state)
{
	for (gsize i = 0; i < count; i++)
		if (strcmp(words[i].state, state) == 0)
			return _(words[i].word);
	return state;
}

const char *
state_word(const char *state)
{
	return status_words(state);
}

const char *
section_state_word(const char *state)
{
	static const Word words[] = {
		{ "not_sent", N_("not sent") },
		{ "sent", N_("sent") },
		{ "delegated", N_("delegated") },
		{ "received_with_findings", N_("received, with errors") },
		{ "received", N_("received") },
		{ "confirmed", N_("confirmed") },
	};

	return find_word(words, G_N_ELEMENTS(words), state);
}

const char *
delivery_word(const char *delivery)
{
	static const Word words[] = {
		{ "not_sent", N_("not sent") },
		{ "queued", N_("waiting to be sent") },
		{ "sent", N_("sent") },
		{ "accepted", N_("accepted") },
		{ "delivered", N_("delivered") },
		{ "undelivered", N_("not delivered") },
		{ "unknown", N_("not known") },
	};

	return find_word(words, G_N_ELEMENTS(words), delivery);
}
