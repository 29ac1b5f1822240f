/*
 * What a simulated municipality has to say: answers drawn from distributions that follow the published ones where
 * there are any (leaning.c). They are a function of the seed, the unit and the arguments, and of nothing else.
 */
#ifndef PLICO_REHEARSE_ANSWERS_H
#define PLICO_REHEARSE_ANSWERS_H

#include "form/form.h"
#include "rehearse/behaviour.h"

/* All answers of one unit, question name -> canonical text, only those that hold something. They keep to conditions,
 * constraints and exclusive choices unless @fault says otherwise. @edit: 0 the first answers, 1 those of its correction.
 * Returns: (transfer full) */
GHashTable *answers_draw(
    guint64 seed, const char *unit, const FormView *view, Fault fault, guint edit);

/* The fields of one section that say @answers, typed as clerks type: "0,5", "1.234", "15/07/2024". @typist: one of several
 * habits. Returns: (transfer full) */
FieldSet *answers_fields(
    const FormView *view, const Section *section, GHashTable *answers, guint typist);

/* The questions of a section that carry an answer, groups left out. Returns: (transfer container): of const Item * */
GPtrArray *answers_questions(const FormView *view, const Section *section);

/* How often of 100 @choice is taken in @question beside the others: a weight for one of several, a chance for a box, the
 * pull to the front for a ranking. */
guint leaning(const Item *question, const Choice *choice);

#endif
