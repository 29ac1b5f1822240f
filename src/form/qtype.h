/* Inside form/: what the question types share. */
#ifndef PLICO_FORM_QTYPE_H
#define PLICO_FORM_QTYPE_H

#include "form/form.h"

#define ENTRY_TEXT_MAX	 250 /* characters of a line of text */
#define ENTRY_NUMBER_MAX 20  /* of a number or date as typed */

extern const QuestionType qtype_acknowledge;
extern const QuestionType qtype_calculate;
extern const QuestionType qtype_date;
extern const QuestionType qtype_decimal;
extern const QuestionType qtype_hidden;
extern const QuestionType qtype_integer;
extern const QuestionType qtype_note;
extern const QuestionType qtype_rank;
extern const QuestionType qtype_select_multiple;
extern const QuestionType qtype_select_one;
extern const QuestionType qtype_text;

/* Adds the one field of an item, named after it. */
FieldSpec *field_add(GPtrArray *specs, const Item *item, FieldKind kind, guint max_length);
/* Adds the field of one choice of an item: ITEM__CHOICE. */
FieldSpec *field_add_choice(
    GPtrArray *specs, const Item *item, FieldKind kind, const Choice *choice);
/* Returns: (transfer full) */
char *field_name_of_choice(const Item *item, const Choice *choice);

/* What a person typed into the item's field, in NFC, without blanks at its ends. Returns: (transfer full) */
char *field_typed(const Item *item, const FieldSet *fields);
/* Notes that the item's answer is wrong. */
void field_wrong(GPtrArray *findings, const Item *item, const char *code);

#endif
