/* Legibility: the contrast of every ink on every ground it stands on (WCAG 2.1, 1.4.3 and 1.4.11). */
#include "layout/look.h"

#include <math.h>

#define TEXT_LEAST  4.5
#define SHAPE_LEAST 3.0

static double
linear(double channel)
{
	return channel <= 0.03928 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

static double
luminance(Ink ink)
{
	return 0.2126 * linear(ink.red) + 0.7152 * linear(ink.green) + 0.0722 * linear(ink.blue);
}

static double
contrast(Ink one, Ink other)
{
	double a = luminance(one);
	double b = luminance(other);

	return (MAX(a, b) + 0.05) / (MIN(a, b) + 0.05);
}

static void
test_measure(void)
{
	const Ink grey = { 0.4666666, 0.4666666, 0.4666666 }; /* #777777: known to be 4.48 */

	g_assert_cmpfloat_with_epsilon(contrast(ink_black, ink_white), 21, 0.001);
	g_assert_cmpfloat_with_epsilon(contrast(grey, ink_white), 4.478, 0.005);
}

static void
test_texts(void)
{
	const Style *const styles[] = { &style_survey, &style_question, &style_heading,
		&style_option, &style_hint, &style_condition, &style_head, &style_row, &style_panel,
		&style_panel_head, &style_foot, &style_sender, &style_office, &style_letter,
		&style_letter_bold, &style_letter_oblique, &style_letter_mono,
		&style_letter_heading, &style_code, &style_code_label };
	const Ink grounds[] = { ink_white, ink_zebra, ink_panel };

	for (gsize i = 0; i < G_N_ELEMENTS(styles); i++)
		for (gsize k = 0; k < G_N_ELEMENTS(grounds); k++)
			g_assert_cmpfloat(contrast(styles[i]->ink, grounds[k]), >=, TEXT_LEAST);
	g_assert_cmpfloat(contrast(style_band.ink, ink_dark), >=, TEXT_LEAST);
}

static void
test_fields(void)
{
	const Ink grounds[] = { ink_white, ink_zebra, ink_panel };

	for (gsize k = 0; k < G_N_ELEMENTS(grounds); k++)
		g_assert_cmpfloat(contrast(ink_edge, grounds[k]), >=, SHAPE_LEAST);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/contrast/is measured as WCAG defines it", test_measure);
	g_test_add_func("/contrast/texts are legible on every ground", test_texts);
	g_test_add_func("/contrast/what can be marked is seen on every ground", test_fields);
	return g_test_run();
}
