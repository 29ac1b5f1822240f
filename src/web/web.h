/*
 * The read side as pages: where the survey stands, the list behind each number, one page for each unit. It changes
 * nothing; it is meant for this machine or behind a proxy that knows the operators.
 */
#ifndef PLICO_WEB_WEB_H
#define PLICO_WEB_WEB_H

#include "base/config.h"
#include "form/form.h"

typedef struct {
	Store *store;
	const Config *config;
	const Form *form;
} WebTools;

/* Serves pages on web.address and web.port until SIGINT or SIGTERM. @ready (nullable) is called once with the port
 * that is open: web.port = 0 takes a free one. */
gboolean web_serve(const WebTools *tools, void (*ready)(const Config *config, guint port),
    GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
