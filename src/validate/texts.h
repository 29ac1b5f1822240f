/* The words for what can be wrong with an answer: one table. Private to validate/. */
#ifndef PLICO_VALIDATE_TEXTS_H
#define PLICO_VALIDATE_TEXTS_H

#include "form/form.h"

/* Adds the finding @code about @item. @said (nullable): what stands in the sheet, as it was written. */
void texts_add(GPtrArray *findings, const char *code, const Item *item, const char *said);

#endif
