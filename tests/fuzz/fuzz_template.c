/*
 * Texts of mails and letters (render/markdown.h). The first byte chooses: a mail or a letter, in one language or two. What is
 * in order is made, and names leave no braces behind.
 */
#include "fuzz/fuzz.h"
#include "fuzz/survey.h"
#include "render/mail.h"

#include <string.h>

static FuzzSurvey survey;

static void
prepare(void)
{
	fuzz_survey_open(&survey);
}

static void
check_mail(const FilledText *text)
{
	g_autoptr(MailText) mail = mail_make(text);

	g_assert_true(g_utf8_validate(mail->subject, -1, NULL));
	g_assert_cmpint(g_utf8_strlen(mail->subject, -1), <=, 64);
	g_assert_null(strpbrk(mail->subject, "\r\n"));
	g_assert_true(g_utf8_validate(mail->text, -1, NULL));
	g_assert_null(strchr(mail->text, '\r'));
	g_assert_true(g_utf8_validate(mail->html, -1, NULL));
	/* nothing in a text becomes active in its reader's program */
	g_assert_null(strstr(mail->html, "<script"));
	g_assert_null(strstr(mail->html, "<img"));
}

/* What one reader's names have put into a text, the next one's do not find. */
static void
check_again(MarkdownText *text, const NameScope *scope)
{
	g_autofree char *first =
	    cmark_render_html(markdown_fill(text, "", scope, NULL), CMARK_OPT_DEFAULT);
	g_autofree char *second =
	    cmark_render_html(markdown_fill(text, "", scope, NULL), CMARK_OPT_DEFAULT);

	g_assert_cmpstr(first, ==, second);
}

static void
run(const guint8 *data, gsize size)
{
	gboolean letter = size > 0 && (data[0] & 1) != 0;
	gboolean two = size > 0 && (data[0] & 2) != 0;
	g_autofree char *source = fuzz_text(data + 1, size > 0 ? size - 1 : 0);
	const LetterContext context = {
		.unit = &survey.units[two ? 1 : 0],
		.kid = "k1",
		.serial = 1,
		.date = 1720688400,
		.sections = survey.form->sections,
	};
	g_autoptr(MarkdownText) main_text = NULL;
	g_autoptr(MarkdownText) other_text = NULL;
	MarkdownText **const read[] = { &main_text, &other_text };
	g_auto(FilledText) text = { .count = two ? 2 : 1 };
	g_autoptr(GError) error = NULL;

	if (!g_utf8_validate(source, -1, NULL)) /* refused where the file is read */
		return;
	for (guint i = 0; i < text.count; i++) {
		text.in[i].scope = (NameScope){
			.config = survey.config,
			.keyring = survey.keyring,
			.form = survey.form,
			.lang = i == 0 ? "it" : "sl",
			.beside = two,
			.deadline = "18 ottobre 2024",
			.letter = &context,
		};
		*read[i] = markdown_read(source, "trial.md", letter, &error);
		if (*read[i] == NULL) {
			g_assert_nonnull(error);
			return;
		}
		check_again(*read[i], &text.in[i].scope);
		text.in[i].document = markdown_fill(*read[i], "", &text.in[i].scope, NULL);
	}
	if (!letter)
		check_mail(&text);
}

const FuzzTarget fuzz_template = { prepare, run };
