/* The shipped questionnaire with its texts, and two towns that are asked it. */
#ifndef TESTS_FUZZ_SURVEY_H
#define TESTS_FUZZ_SURVEY_H

#include "render/render.h"

typedef struct {
	Config *config;
	Keyring *keyring;
	Form *form;
	Unit units[2];	    /* a small town and a large one with two names */
	FormView *views[2]; /* as each of @units is asked */
	const char *langs[4];
} FuzzSurvey;

/* Stays until the program ends. */
void fuzz_survey_open(FuzzSurvey *survey);

#endif
