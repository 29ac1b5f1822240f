/* plico.conf: nothing mistyped is a silent default. */
#include "base/config.h"
#include "base/error.h"
#include "unit/base/workshop.h"

static void
test_defaults(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = NULL;
	g_autofree char *maildir = workshop_path(&shop, "Maildir");

	workshop_write(&shop, "plico.conf", "", 0600);
	config = config_open(shop.directory, &error);
	g_assert_no_error(error);
	g_assert_cmpstr(config_text(config, CONFIG_survey_edition), ==, "mappa-2024");
	g_assert_cmpint(config_int(config, CONFIG_smtp_port), ==, 587);
	g_assert_cmpstr(config_text(config, CONFIG_mail_channel), ==, "smtp");
	g_assert_cmpstr(config_text(config, CONFIG_inbox_maildir), ==, maildir);
	g_assert_cmpstr(config_text(config, CONFIG_smtp_ca_file), ==, "");
	g_assert_true(config_is_default(config, CONFIG_smtp_port));
	g_assert_cmpstr(config_name(CONFIG_smtp_port), ==, "smtp.port");
}

static void
test_values(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = NULL;
	g_autofree char *inside = workshop_path(&shop, "posta/in");

	workshop_write(&shop, "plico.conf",
	    "# a comment\n[smtp]\nport=2525\n[survey]\ntitle = Città e paesi\n"
	    "[inbox]\nmaildir=posta/in\n[mail]\nchannel=dir\ndir=/var/spool/x/../plico\n",
	    0600);
	config = config_open(shop.directory, &error);
	g_assert_no_error(error);
	g_assert_cmpint(config_int(config, CONFIG_smtp_port), ==, 2525);
	g_assert_false(config_is_default(config, CONFIG_smtp_port));
	g_assert_cmpstr(config_text(config, CONFIG_survey_title), ==, "Città e paesi");
	g_assert_cmpstr(config_text(config, CONFIG_inbox_maildir), ==, inside);
	g_assert_cmpstr(config_text(config, CONFIG_mail_dir), ==, "/var/spool/plico");
	g_assert_cmpstr(config_text(config, CONFIG_mail_channel), ==, "dir");
}

static void
test_words(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = NULL;

	workshop_write(&shop, "plico.conf",
	    "[survey]\nsignatory = Il Presidente\noffice[de] = Amt\ntitle[sl] = Zemljevid\n", 0600);
	config = config_open(shop.directory, &error);
	g_assert_no_error(error);
	/* what is shipped for a language goes with the shipped Italian only */
	g_assert_cmpstr(config_text_in(config, CONFIG_survey_place, "it"), ==, "Roma");
	g_assert_cmpstr(config_text_in(config, CONFIG_survey_place, "de+it"), ==, "Rom");
	g_assert_cmpstr(config_text_in(config, CONFIG_survey_signatory, "fr"), ==, "Il Presidente");
	g_assert_cmpstr(config_text_in(config, CONFIG_survey_office, "de"), ==, "Amt");
	g_assert_cmpstr(config_text_in(config, CONFIG_survey_title, "sl"), ==, "Zemljevid");
	g_assert_cmpstr(
	    config_text_in(config, CONFIG_survey_title, "fr"), ==, "Mappa dei Comuni Digitali");
	g_assert_cmpstr(config_text(config, CONFIG_survey_title), ==, "Mappa dei Comuni Digitali");
}

static void
test_refused(void)
{
	static const struct {
		const char *text;
		const char *says;
	} table[] = {
		{ "[smtp]\nprot=25\n", "[smtp] prot: unknown key" },
		{ "[stmp]\nport=25\n", "[stmp] port: unknown key" },
		{ "[survey]\nplace[en]=Rome\n", "[survey] place[en]: unknown key" },
		{ "[survey]\nplace[it]=Roma\n", "[survey] place[it]: unknown key" },
		{ "[survey]\nedition[de]=x\n", "[survey] edition[de]: unknown key" },
		{ "[survey]\nplac[de]=x\n", "[survey] plac[de]: unknown key" },
		{ "[survey]\nlanguages=BZ=xx\n", "survey.languages: “xx”" },
		{ "[smtp]\nport=many\n", "smtp.port = many" },
		{ "[smtp]\nport=25 # here\n", "smtp.port = 25 # here" },
		{ "[smtp]\nport=-1\n", "smtp.port = -1" },
		{ "[smtp]\nport=\n", "smtp.port = :" },
		{ "[smtp]\nport=99999999999999\n", "smtp.port = 99999999999999" },
		{ "[mail]\nchannel=pigeon\n", "smtp|dir|null" },
		{ "[mail]\nchannel=\n", "smtp|dir|null" },
		{ "[survey]\ntitle=a\\qb\n", "[survey] title" },
		{ "port=25\n", "plico.conf" },
		{ "[smtp\n", "plico.conf" },
		{ "[survey]\ntitle=\xff\n", "plico.conf" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autoptr(GError) error = NULL;
		g_autoptr(Config) config = NULL;

		workshop_write(&shop, "plico.conf", table[i].text, 0600);
		config = config_open(shop.directory, &error);
		g_assert_null(config);
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
		g_assert_nonnull(strstr(error->message, table[i].says));
		g_assert_nonnull(strstr(error->message, "plico.conf: "));
	}
}

static void
test_no_workspace(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = config_open(shop.directory, &error);

	g_assert_null(config);
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, "plico init"));
}

/* The template is all comments; without them it sets every key to its default. */
static void
test_template(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autofree char *template = config_template();
	g_autoptr(GRegex) comment = g_regex_new("^#([a-z_]+=)", G_REGEX_MULTILINE, 0, NULL);
	g_autofree char *bare = g_regex_replace(comment, template, -1, 0, "\\1", 0, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) untouched = NULL;
	g_autoptr(Config) config = NULL;

	workshop_write(&shop, "plico.conf", template, 0600);
	untouched = config_open(shop.directory, &error);
	g_assert_no_error(error);
	workshop_write(&shop, "plico.conf", bare, 0600);
	config = config_open(shop.directory, &error);
	g_assert_no_error(error);
	for (gsize i = 0; i < CONFIG_KEYS; i++) {
		ConfigKey key = (ConfigKey)i;

		g_assert_true(config_is_default(untouched, key));
		g_assert_false(config_is_default(config, key));
		g_assert_cmpstr(config_text(config, key), ==, config_text(untouched, key));
		g_assert_cmpuint(strlen(config_help(key)), >, 0);
	}
}

static void
test_set(void)
{
	g_auto(Workshop) shop = workshop_new();
	g_autoptr(GError) error = NULL;
	g_autoptr(Config) config = NULL;

	workshop_write(&shop, "plico.conf", "", 0600);
	config = config_open(shop.directory, &error);
	g_assert_true(config_set(config, CONFIG_smtp_port, "25", &error));
	g_assert_cmpint(config_int(config, CONFIG_smtp_port), ==, 25);
	g_assert_false(config_set(config, CONFIG_smtp_port, "x", &error));
	g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
	g_assert_cmpint(config_int(config, CONFIG_smtp_port), ==, 25);
}

static void
test_secret(void)
{
	static const struct {
		const char *text;
		mode_t mode;
		const char *secret;
		const char *says;
	} table[] = {
		{ "s3cret\n", 0400, "s3cret", NULL },
		{ "s3cret\r\nsecond line", 0600, "s3cret", NULL },
		{ "with blank ", 0400, "with blank ", NULL },
		{ "s3cret\n", 0640, NULL, "chmod 400" },
		{ "s3cret\n", 0404, NULL, "chmod 400" },
		{ "", 0400, NULL, "empty" },
		{ "\nsecond", 0400, NULL, "empty" },
	};
	g_autoptr(GError) none = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
		g_auto(Workshop) shop = workshop_new();
		g_autofree char *path = workshop_path(&shop, "password");
		g_autoptr(GError) error = NULL;
		g_autofree char *secret = NULL;

		workshop_write(&shop, "password", table[i].text, table[i].mode);
		secret = config_read_secret(path, &error);
		g_assert_cmpstr(secret, ==, table[i].secret);
		if (table[i].says == NULL)
			continue;
		g_assert_error(error, PLICO_ERROR, PLICO_ERROR_CONFIG);
		g_assert_nonnull(strstr(error->message, table[i].says));
		g_assert_null(strstr(error->message, "s3cret"));
	}
	g_assert_null(config_read_secret("/nowhere/password", &none));
	g_assert_error(none, PLICO_ERROR, PLICO_ERROR_CONFIG);
}

int
main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/config/an-empty-file-is-all-defaults", test_defaults);
	g_test_add_func("/config/values-and-paths", test_values);
	g_test_add_func("/config/texts in other languages", test_words);
	g_test_add_func("/config/what-is-mistyped-is-refused-with-its-place", test_refused);
	g_test_add_func("/config/no-workspace-is-told-what-to-do", test_no_workspace);
	g_test_add_func("/config/the-template-holds-every-key", test_template);
	g_test_add_func("/config/a-process-may-set-what-a-file-may", test_set);
	g_test_add_func("/config/a-password-that-others-read-is-none", test_secret);
	return g_test_run();
}
