/* Who is at the head of a town, out of the registry's one text of title and name. Private to the room. */
#ifndef PLICO_RENDER_MAYOR_H
#define PLICO_RENDER_MAYOR_H

#include <glib.h>

typedef enum {
	HEAD_MAYOR,    /* "Sindaco": of either sex */
	HEAD_MAYORESS, /* "Sindaca" */
	HEAD_OTHER     /* a commissioner or deputy */
} Head;

/* "Sindaco Livio Quercini", "Commissario prefettizio Ugo De Cortefinta", as IPA has it; without a title it is the
 * mayor's name. @name: (out) (transfer none), inside @text: the name, of HEAD_OTHER with its title; "" where it is not
 * known. */
Head mayor_read(const char *text, const char **name);

#endif
