/* Pages of web/: each turns a request into HTML. Private to web/. */
#ifndef PLICO_WEB_PAGE_H
#define PLICO_WEB_PAGE_H

#include "web/web.h"

/* The words behind "?" that pages know; others are ignored. */
typedef enum { KEY_WORDS, KEY_STATE, KEY_REGION, KEY_DELIVERY, KEY_PAGE, KEYS } PageKey;

typedef struct {
	const char *rest;	/* what stands behind the page's path: a unit's code */
	const char *keys[KEYS]; /* "" where not given; UTF-8, at most 100 bytes */
} Request;

typedef struct {
	const char *path; /* "/comuni" */
	gboolean takes_rest;
	/* The body of the page; NULL with PLICO_ERROR_NOT_FOUND becomes 404, other errors 500. */
	char *(*show)(const WebTools *tools, const Request *request, char **title, GError **error);
} Page;

extern const Page page_status;
extern const Page page_units;
extern const Page page_unit;

/* The name of a key in the address: "q", "stato", "regione", "recapito", "pagina". */
const char *page_key_name(PageKey key);

/* The only way to write: what fills a %s is escaped for text and attribute values. */
void html_add(GString *html, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Public words of states: "mai aperto". Returns: (transfer none) */
const char *state_word(const char *state);
const char *section_state_word(const char *state);
const char *delivery_word(const char *delivery);

#endif
