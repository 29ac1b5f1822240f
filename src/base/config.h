/*
 * plico.conf, a GKeyFile in the workspace. All keys stand in config.def; an unknown group or key is refused
 * with its name, so that a typing error is never a silent default.
 */
#ifndef PLICO_BASE_CONFIG_H
#define PLICO_BASE_CONFIG_H

#include <glib.h>

typedef enum {
#define X(group, key, kind, value, help) CONFIG_##group##_##key,
#include "base/config.def"
#undef X
	CONFIG_KEYS
} ConfigKey;

typedef struct Config Config;

/* Reads @workspace/plico.conf and checks every value. Returns: (transfer full), NULL with
 * PLICO_ERROR_CONFIG and the file, group and key. */
Config *config_open(const char *workspace, GError **error);
void config_free(Config *config);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Config, config_free)

/* The directory of the workspace. Returns: (transfer none) */
const char *config_workspace(const Config *config);

/* A value as text; PATH values are absolute, or "" where the key is empty. Returns: (transfer none) */
const char *config_text(const Config *config, ConfigKey key);
/* A text of kind WORDS in @lang (of "de+it" in the first): what the file says for it, "place[de]"; where the file sets
 * nothing, what is shipped; otherwise as config_text(). Returns: (transfer none) */
const char *config_text_in(const Config *config, ConfigKey key, const char *lang);
gint64 config_int(const Config *config, ConfigKey key);

/* The groups [inbox.NAME], one a mailbox: the names in the order of the file, NULL-terminated; none: [inbox] alone is one.
 * Returns: (transfer none) */
const char *const *config_mailboxes(const Config *config);
/* The configuration as that mailbox sees it: keys of inbox that its group does not set are as [inbox] says. It lives as long as
 * @config. Returns: (transfer none), NULL where there is none of this name */
const Config *config_of_mailbox(const Config *config, const char *name);

/* Sets a value for this process only (the rehearsal does). @value is checked as in the file. */
gboolean config_set(Config *config, ConfigKey key, const char *value, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;

/* "group.key", its help, and whether the file sets it. Returns: (transfer none) */
const char *config_name(ConfigKey key);
const char *config_help(ConfigKey key);
gboolean config_is_default(const Config *config, ConfigKey key);

/* A plico.conf in which every key stands as a comment with its help and default, for `plico init`.
 * Returns: (transfer full) */
char *config_template(void);

/* The first line of a password file; files that others may read are refused. Returns: (transfer full) */
char *config_read_secret(const char *path, GError **error);

#endif
