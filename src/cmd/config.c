#include "cmd/cmd.h"

#include "base/clock.h"
#include "base/error.h"
#include "collect/collect.h"

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

/* Whose certified mail is believed. */
static gboolean
check_providers(const Config *config, GError **error)
{
	g_autoptr(PecTrust) trust = pec_trust_open(config_text(config, CONFIG_pec_certificates),
	    config_text(config, CONFIG_mail_from), error);
	guint count, invalid;

	if (trust == NULL)
		return FALSE;
	count = pec_trust_count(trust, clock_now(), &invalid);
	if (count == 0)
		g_print("%s\n",
		    _("pec.certificates: not set. No certified mail is believed: receipts tell nothing, and a sheet "
		      "without its access code waits for a person wherever it comes from."));
	else
		g_print(
		    _("pec.certificates: %u certificates of providers, %u of them not valid today\n"),
		    count, invalid);
	return TRUE;
}

static gboolean
check(App *app, char **words, GError **error)
{
	(void)words;
	if (!check_providers(app->config, error))
		return FALSE;
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
