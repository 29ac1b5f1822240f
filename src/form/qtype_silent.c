/* Types that ask nothing: a text on the sheet, and what is known or reckoned. */
#include "form/qtype.h"

const QuestionType qtype_note = {
	.name = "note",
	.layout = LAYOUT_NOTE,
};

const QuestionType qtype_calculate = {
	.name = "calculate",
	.layout = LAYOUT_NONE,
};

const QuestionType qtype_hidden = {
	.name = "hidden",
	.layout = LAYOUT_NONE,
};
