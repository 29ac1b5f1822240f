/* What the texts of letters and mails may name: the closed list of {names}. */
#ifndef PLICO_RENDER_NAMES_H
#define PLICO_RENDER_NAMES_H

#include "render/render.h"
#include "render/words.h"

/* What a name's value may draw on; all borrowed. */
typedef struct {
	const Config *config;
	const Keyring *keyring;
	const Form *form;
	const char *lang; /* of this text: one */
	gboolean
	    beside; /* the same in another language stands beside it: each names the town in its own */
	const char *deadline; /* as sheet.h says */
	const LetterContext *letter;
} NameScope;

typedef enum {
	NAME_INLINE,   /* a text within a line */
	NAME_LIST,     /* alone in a paragraph: becomes a list, one item a line of the value */
	NAME_CODE_BOX, /* alone in a paragraph of a letter: the framed access code */
	NAME_SIGNATURE /* alone in a paragraph of a letter */
} NameKind;

typedef struct {
	const char *name;
	NameKind kind;
	gboolean letter_only;
	gboolean personal; /* nearly every unit has its own value */
	const char *help;  /* marked by N_() */
	/* The value, UTF-8, "" where there is none. Returns: (transfer full) */
	char *(*value)(const NameScope *scope);
} Name;

/* NULL where there is no such name. */
const Name *name_find(const char *name);
/* "{assistenza}, {comune} ..." for messages. Returns: (transfer full) */
char *name_list(void);

/* "Comune di Bolzano/Bozen", "Gemeinde Bozen/Bolzano"; in "de+it" both, "Gemeinde Bozen / Comune di Bolzano".
 * Returns: (transfer full) */
char *name_town(const Unit *unit, const char *lang);
/* The town as one of two languages says it: "Gemeinde Bozen". Returns: (transfer full) */
char *name_town_alone(const Unit *unit, const char *lang);

/* The parts of the list that letters draw by themselves. Returns: (transfer full) */
char *name_of_place(const NameScope *scope);   /* "Bolzano/Bozen" */
char *name_whole_town(const NameScope *scope); /* "Comune di Bolzano/Bozen" */
char *name_contacts(const Config *config, const char *lang);
char *name_access_code(const NameScope *scope);

#endif
