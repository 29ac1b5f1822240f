/* Of which units a verb is: the options that `wave plan` and `remind` share. */
#ifndef PLICO_CMD_SEGMENT_H
#define PLICO_CMD_SEGMENT_H

#include "cmd/cmd.h"

/* What was typed; the options write here. */
typedef struct {
	char *region;
	char *province;
	char *list;
	char *status;
	char *lang;
	gint64 above;
	gint64 up_to;
} SegmentWords;
extern SegmentWords segment_words;

#define SEGMENT_OPTIONS                                                                                             \
	{ "region", 0, 0, G_OPTION_ARG_STRING, &segment_words.region,                                               \
		N_("only to units of this region"), "NAME" },                                                       \
	    { "province", 0, 0, G_OPTION_ARG_STRING, &segment_words.province,                                       \
		    N_("only to units of this province, by name or code"), "NAME" },                                \
	    { "above", 0, 0, G_OPTION_ARG_INT64, &segment_words.above,                                              \
		    N_("only to units with more inhabitants"), "N" },                                               \
	    { "up-to", 0, 0, G_OPTION_ARG_INT64, &segment_words.up_to,                                              \
		    N_("only to units with no more inhabitants"), "N" },                                            \
	    { "list", 0, 0, G_OPTION_ARG_FILENAME, &segment_words.list,                                             \
		    N_("only to the units of this file: a cadastral or ISTAT code on each line"),                   \
		    "FILE" },                                                                                       \
	    { "status", 0, 0, G_OPTION_ARG_STRING, &segment_words.status,                                           \
		    N_("only to units in one of these states, with commas between: never_opened, undelivered ..."), \
		    "STATES" },                                                                                     \
	{                                                                                                           \
		"lang", 0, 0, G_OPTION_ARG_STRING, &segment_words.lang,                                             \
		    N_("only to units that are written to in this language, alone or beside another"),              \
		    "LANG"                                                                                          \
	}

/* The same as a filter. */
typedef struct {
	UnitFilter filter;
	char *words; /* as typed, for the history: "--region Lazio --status never_opened" */
	char **codes;
	GHashTable *ids; /* (nullable): of the units in the states and the language */
} Segment;

void segment_free(Segment *segment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Segment, segment_free)

/* @status (nullable): whatever was typed, only units in this state. The states in the tables are brought up to date where they
 * are asked for. Returns: (transfer full), NULL with what is
 * wrong in an option */
Segment *segment_new(const App *app, const Form *form, const char *status, GError **error);

#endif
