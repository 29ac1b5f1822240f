#include "base/config.h"

#include "base/durable.h"
#include "base/error.h"
#include "base/lang.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

typedef enum { KIND_TEXT, KIND_INT, KIND_PATH, KIND_CHOICE, KIND_LANGS, KIND_WORDS } Kind;

static const struct {
	const char *group;
	const char *key;
	const char *name;
	Kind kind;
	const char *value;
	const char *help;
} table[CONFIG_KEYS] = {
#define X(group, key, kind, value, help)                                                           \
	[CONFIG_##group##_##key] = { #group, #key, #group "." #key, KIND_##kind, value, help },
#include "base/config.def"
#undef X
};

static const struct {
	ConfigKey key;
	const char *lang;
	const char *text;
} shipped_words[] = {
#define X(group, key, lang, text) { CONFIG_##group##_##key, #lang, text },
#include "base/config_words.def"
#undef X
};

struct Config {
	char *workspace;
	char *values[CONFIG_KEYS];
	char *words[CONFIG_KEYS][LANGS]; /* NULL: not set */
	gboolean set[CONFIG_KEYS];
	GPtrArray *mailbox_names; /* of char *, and NULL */
	GPtrArray *mailboxes;	  /* of Config, in the same order */
};

#define MAILBOX_PREFIX "inbox."

static char *
default_value(ConfigKey key)
{
	const char *bar = strchr(table[key].value, '|');

	return bar != NULL ? g_strndup(table[key].value, (gsize)(bar - table[key].value))
			   : g_strdup(table[key].value);
}

gboolean
config_set(Config *config, ConfigKey key, const char *value, GError **error)
{
	if (table[key].kind == KIND_INT &&
	    !g_ascii_string_to_signed(value, 10, 0, G_MAXINT32, NULL, NULL))
		return fail(error, PLICO_ERROR_CONFIG,
		    _("%s = %s: a whole number from 0 is expected"), table[key].name, value);
	if (table[key].kind == KIND_CHOICE) {
		g_auto(GStrv) choices = g_strsplit(table[key].value, "|", 0);

		if (!g_strv_contains((const char *const *)choices, value))
			return fail(error, PLICO_ERROR_CONFIG, _("%s = %s: one of %s is expected"),
			    table[key].name, value, table[key].value);
	}
	if (table[key].kind == KIND_LANGS && !lang_rules_check(value, error)) {
		g_prefix_error(error, "%s: ", table[key].name);
		return FALSE;
	}
	g_free(config->values[key]);
	if (table[key].kind == KIND_PATH && *value != '\0')
		config->values[key] = g_canonicalize_filename(value, config->workspace);
	else
		config->values[key] = g_strdup(value);
	return TRUE;
}

/* The key that the file calls @name; CONFIG_KEYS where there is none. @lang: (out) of "place[de]"; 0 without. */
static ConfigKey
find_key(const char *group, const char *name, guint *lang)
{
	gsize length = strcspn(name, "[");

	*lang = 0;
	for (gsize key = 0; key < CONFIG_KEYS; key++) {
		if (strcmp(table[key].group, group) != 0 || strlen(table[key].key) != length ||
		    strncmp(table[key].key, name, length) != 0)
			continue;
		if (name[length] == '\0')
			return (ConfigKey)key;
		for (*lang = 1; table[key].kind == KIND_WORDS && *lang < LANGS; ++*lang) {
			g_autofree char *ending = g_strdup_printf("[%s]", lang_all[*lang]);

			if (strcmp(name + length, ending) == 0)
				return (ConfigKey)key;
		}
		break;
	}
	return CONFIG_KEYS;
}

static gboolean
take_value(Config *config, ConfigKey key, guint lang, const char *value, GError **error)
{
	if (lang > 0) {
		g_free(config->words[key][lang]);
		config->words[key][lang] = g_strdup(value);
		return TRUE;
	}
	config->set[key] = TRUE;
	return config_set(config, key, value, error);
}

/* The keys of [@group], which are those of @as. */
static gboolean
take_group(Config *config, GKeyFile *file, const char *path, const char *group, const char *as,
    GError **error)
{
	g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);

	for (gsize i = 0; keys[i] != NULL; i++) {
		g_autoptr(GError) why = NULL;
		g_autofree char *value = g_key_file_get_string(file, group, keys[i], &why);
		guint lang;
		ConfigKey key = find_key(as, keys[i], &lang);

		if (key == CONFIG_KEYS)
			return fail(error, PLICO_ERROR_CONFIG,
			    _("%s: [%s] %s: unknown key; `plico config show` lists those there are"),
			    path, group, keys[i]);
		if (why != NULL) /* with a value or without: GLib may give both */
			return fail(error, PLICO_ERROR_CONFIG, "%s: [%s] %s: %s", path, group,
			    keys[i], why->message);
		if (!take_value(config, key, lang, value, error)) {
			g_prefix_error(error, "%s: ", path);
			return FALSE;
		}
	}
	return TRUE;
}

/* Without mailboxes. Returns: (transfer full) */
static Config *
copy(const Config *config)
{
	Config *other = g_new0(Config, 1);

	other->workspace = g_strdup(config->workspace);
	for (gsize key = 0; key < CONFIG_KEYS; key++) {
		other->values[key] = g_strdup(config->values[key]);
		for (gsize lang = 0; lang < LANGS; lang++)
			other->words[key][lang] = g_strdup(config->words[key][lang]);
	}
	return other;
}

static gboolean
take_mailbox(Config *config, GKeyFile *file, const char *path, const char *group, GError **error)
{
	const char *name = group + strlen(MAILBOX_PREFIX);
	Config *mailbox = copy(config);

	g_ptr_array_add(config->mailboxes, mailbox);
	g_ptr_array_add(config->mailbox_names, g_strdup(name));
	for (const char *at = name; *at != '\0'; at++)
		if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
			return fail(error, PLICO_ERROR_CONFIG,
			    _("%s: [%s]: the name of a mailbox has letters, digits, - and _ only"),
			    path, group);
	return take_group(mailbox, file, path, group, "inbox", error);
}

/* Mailboxes last: what they do not say is as the other groups do. */
static gboolean
take_groups(Config *config, GKeyFile *file, const char *path, GError **error)
{
	g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);

	for (gsize i = 0; groups[i] != NULL; i++)
		if (!g_str_has_prefix(groups[i], MAILBOX_PREFIX) &&
		    !take_group(config, file, path, groups[i], groups[i], error))
			return FALSE;
	for (gsize i = 0; groups[i] != NULL; i++)
		if (g_str_has_prefix(groups[i], MAILBOX_PREFIX) &&
		    !take_mailbox(config, file, path, groups[i], error))
			return FALSE;
	g_ptr_array_add(config->mailbox_names, NULL);
	return TRUE;
}

static void
free_config(gpointer config)
{
	config_free(config);
}

Config *
config_open(const char *workspace, GError **error)
{
	g_autoptr(Config) config = g_new0(Config, 1);
	g_autoptr(GKeyFile) file = g_key_file_new();
	g_autoptr(GError) why = NULL;
	g_autofree char *path = g_build_filename(workspace, "plico.conf", NULL);

	config->mailbox_names = g_ptr_array_new_with_free_func(g_free);
	config->mailboxes = g_ptr_array_new_with_free_func(free_config);
	config->workspace = g_canonicalize_filename(workspace, NULL);
	for (gsize key = 0; key < CONFIG_KEYS; key++) {
		g_autofree char *value = default_value((ConfigKey)key);

		if (!config_set(config, (ConfigKey)key, value, error))
			return NULL;
	}
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_KEEP_TRANSLATIONS, &why)) {
		if (g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT))
			fail(error, PLICO_ERROR_CONFIG,
			    _("%s: no workspace here; `plico init DIR` makes one"), workspace);
		else
			fail(error, PLICO_ERROR_CONFIG, "%s: %s", path, why->message);
		return NULL;
	}
	return take_groups(config, file, path, error) ? g_steal_pointer(&config) : NULL;
}

void
config_free(Config *config)
{
	if (config == NULL)
		return;
	for (gsize key = 0; key < CONFIG_KEYS; key++) {
		g_free(config->values[key]);
		for (gsize lang = 0; lang < LANGS; lang++)
			g_free(config->words[key][lang]);
	}
	g_clear_pointer(&config->mailbox_names, g_ptr_array_unref);
	g_clear_pointer(&config->mailboxes, g_ptr_array_unref);
	g_free(config->workspace);
	g_free(config);
}

const char *const *
config_mailboxes(const Config *config)
{
	return (const char *const *)config->mailbox_names->pdata;
}

const Config *
config_of_mailbox(const Config *config, const char *name)
{
	for (guint i = 0; i < config->mailboxes->len; i++)
		if (strcmp(g_ptr_array_index(config->mailbox_names, i), name) == 0)
			return g_ptr_array_index(config->mailboxes, i);
	return NULL;
}

const char *
config_workspace(const Config *config)
{
	return config->workspace;
}

const char *
config_text(const Config *config, ConfigKey key)
{
	return config->values[key];
}

const char *
config_text_in(const Config *config, ConfigKey key, const char *lang)
{
	guint position = lang_position(lang);
	g_autofree char *shipped = default_value(key);

	if (config->words[key][position] != NULL)
		return config->words[key][position];
	for (gsize i = 0; i < G_N_ELEMENTS(shipped_words); i++)
		if (shipped_words[i].key == key &&
		    strcmp(shipped_words[i].lang, lang_all[position]) == 0 &&
		    strcmp(config->values[key], shipped) == 0)
			return shipped_words[i].text;
	return config->values[key];
}

gint64
config_int(const Config *config, ConfigKey key)
{
	return g_ascii_strtoll(config->values[key], NULL, 10);
}

const char *
config_name(ConfigKey key)
{
	return table[key].name;
}

const char *
config_help(ConfigKey key)
{
	return table[key].help;
}

gboolean
config_is_default(const Config *config, ConfigKey key)
{
	return !config->set[key];
}

char *
config_template(void)
{
	g_autoptr(GString) text =
	    g_string_new("# plico.conf: togliere il # davanti alle righe da cambiare\n");
	const char *group = "";

	for (gsize key = 0; key < CONFIG_KEYS; key++) {
		g_autofree char *value = default_value((ConfigKey)key);

		if (strcmp(group, table[key].group) != 0)
			g_string_append_printf(text, "\n[%s]\n", table[key].group);
		group = table[key].group;
		g_string_append_printf(text, "# %s", table[key].help);
		if (table[key].kind == KIND_CHOICE)
			g_string_append_printf(text, " (%s)", table[key].value);
		g_string_append_printf(text, "\n#%s=%s\n", table[key].key, value);
		for (gsize i = 0; i < G_N_ELEMENTS(shipped_words); i++)
			if (shipped_words[i].key == (ConfigKey)key)
				g_string_append_printf(text, "#%s[%s]=%s\n", table[key].key,
				    shipped_words[i].lang, shipped_words[i].text);
	}
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *
config_read_secret(const char *path, GError **error)
{
	g_autoptr(GBytes) bytes = NULL;
	g_autofree char *secret = NULL;
	struct stat about;
	const char *data;
	gsize size;

	if (g_stat(path, &about) < 0) {
		fail(error, PLICO_ERROR_CONFIG,
		    _("%s: no such file; write the password there and run chmod 400 on it"), path);
		return NULL;
	}
	if ((about.st_mode & 077) != 0) {
		fail(error, PLICO_ERROR_CONFIG, _("%s: others may read it; run chmod 400 on it"),
		    path);
		return NULL;
	}
	bytes = durable_read(path, 4096, error);
	if (bytes == NULL)
		return NULL;
	data = g_bytes_get_data(bytes, &size);
	secret = g_strndup(data != NULL ? data : "", size);
	secret[strcspn(secret, "\r\n")] = '\0';
	if (*secret == '\0') {
		fail(error, PLICO_ERROR_CONFIG,
		    _("%s: its first line is empty; write the password there"), path);
		return NULL;
	}
	return g_steal_pointer(&secret);
}
