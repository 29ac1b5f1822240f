#include "cmd/cmd.h"

#include "base/error.h"

static gboolean
show(App *app, char **words, GError **error)
{
	g_autoptr(JsonBuilder) builder = json_builder_new();

	(void)words;
	(void)error;
	json_builder_begin_object(builder);
	for (gsize i = 0; i < CONFIG_KEYS; i++) {
		ConfigKey key = (ConfigKey)i;

		json_builder_set_member_name(builder, config_name(key));
		json_builder_add_string_value(builder, config_text(app->config, key));
		if (!app->json)
			g_print("%s = %s%s\n    %s\n", config_name(key),
			    config_text(app->config, key),
			    config_is_default(app->config, key) ? _("    (default)") : "",
			    config_help(key));
	}
	json_builder_end_object(builder);
	if (app->json) {
		g_autoptr(JsonNode) root = json_builder_get_root(builder);

		cmd_print_json(root);
	}
	return TRUE;
}

static gboolean
check(App *app, char **words, GError **error)
{
	(void)words;
	(void)error;
	g_print(_("%s/plico.conf: in order\n"), config_workspace(app->config));
	return TRUE;
}

const Command command_config_show = {
	.name = "config show",
	.summary = N_("print every key with its value and meaning"),
	.needs = NEEDS_CONFIG | OFFERS_JSON,
	.run = show,
};

const Command command_config_check = {
	.name = "config check",
	.summary = N_("check plico.conf, the keys and the database"),
	.needs = NEEDS_CONFIG | NEEDS_STORE | NEEDS_KEYS,
	.run = check,
};
