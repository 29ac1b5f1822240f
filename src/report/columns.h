/* The columns that a form's questions make. Private to report/. */
#ifndef PLICO_REPORT_COLUMNS_H
#define PLICO_REPORT_COLUMNS_H

#include "form/form.h"

typedef enum {
	COLUMN_VALUE,	/* the canonical answer */
	COLUMN_CHOSEN,	/* 1 or 0: the choice is among the answer's names */
	COLUMN_POSITION /* of the choice in the answer's ranking */
} ColumnKind;

typedef struct {
	char *name;
	ColumnKind kind;
	const Section *section;
	const Item *item;
	const Choice *choice; /* (nullable) */
} Column;

void column_free(Column *column);

/* All columns in the form's order. @with_reserved: those of reserved questions too; @out_reserved: (nullable): how
 * many questions were left out. Returns: (transfer full): of Column */
GPtrArray *columns_of_form(const Form *form, gboolean with_reserved, guint *out_reserved);

/* What stands in the column where the question's answer is @value ("": no answer). Returns: (transfer full) */
char *column_cell(const Column *column, const char *value);

#endif
