#include "cmd/cmd.h"

#include "base/error.h"
#include "base/finding.h"

extern const Command command_answers_history;
extern const Command command_answers_print;
extern const Command command_answers_reopen;
extern const Command command_answers_show;
extern const Command command_collect;
extern const Command command_config_check;
extern const Command command_config_show;
extern const Command command_delegate_list;
extern const Command command_delegate_remove;
extern const Command command_delegate_set;
extern const Command command_delegate_sheet;
extern const Command command_export_csv;
extern const Command command_export_log;
extern const Command command_forms_check;
extern const Command command_forms_diff;
extern const Command command_forms_export;
extern const Command command_forms_import;
extern const Command command_forms_render;
extern const Command command_forms_show;
extern const Command command_help;
extern const Command command_init;
extern const Command command_memory_check;
extern const Command command_memory_import;
extern const Command command_memory_show;
extern const Command command_memory_take;
extern const Command command_messages_list;
extern const Command command_messages_show;
extern const Command command_quarantine_accept;
extern const Command command_quarantine_enter;
extern const Command command_quarantine_list;
extern const Command command_quarantine_reject;
extern const Command command_quarantine_retry;
extern const Command command_quarantine_show;
extern const Command command_rebuild;
extern const Command command_receive;
extern const Command command_rehearse;
extern const Command command_remind;
extern const Command command_run;
extern const Command command_serve;
extern const Command command_status;
extern const Command command_units_decline;
extern const Command command_units_diff;
extern const Command command_units_exclude;
extern const Command command_units_former;
extern const Command command_units_import;
extern const Command command_units_list;
extern const Command command_units_reissue;
extern const Command command_units_reopen;
extern const Command command_units_show;
extern const Command command_verify;
extern const Command command_wave_approve;
extern const Command command_wave_cancel;
extern const Command command_wave_list;
extern const Command command_wave_pause;
extern const Command command_wave_plan;
extern const Command command_wave_preview;
extern const Command command_wave_resume;
extern const Command command_wave_send;
extern const Command command_wave_settle;
extern const Command command_wave_show;

const Command *const commands[] = {
	&command_answers_history,
	&command_answers_print,
	&command_answers_reopen,
	&command_answers_show,
	&command_collect,
	&command_config_check,
	&command_config_show,
	&command_delegate_list,
	&command_delegate_remove,
	&command_delegate_set,
	&command_delegate_sheet,
	&command_export_csv,
	&command_export_log,
	&command_forms_check,
	&command_forms_diff,
	&command_forms_export,
	&command_forms_import,
	&command_forms_render,
	&command_forms_show,
	&command_help,
	&command_init,
	&command_memory_check,
	&command_memory_import,
	&command_memory_show,
	&command_memory_take,
	&command_messages_list,
	&command_messages_show,
	&command_quarantine_accept,
	&command_quarantine_enter,
	&command_quarantine_list,
	&command_quarantine_reject,
	&command_quarantine_retry,
	&command_quarantine_show,
	&command_rebuild,
	&command_receive,
	&command_rehearse,
	&command_remind,
	&command_run,
	&command_serve,
	&command_status,
	&command_units_decline,
	&command_units_diff,
	&command_units_exclude,
	&command_units_former,
	&command_units_import,
	&command_units_list,
	&command_units_reissue,
	&command_units_reopen,
	&command_units_show,
	&command_verify,
	&command_wave_approve,
	&command_wave_cancel,
	&command_wave_list,
	&command_wave_pause,
	&command_wave_plan,
	&command_wave_preview,
	&command_wave_resume,
	&command_wave_send,
	&command_wave_settle,
	&command_wave_show,
	NULL,
};

void
cmd_print_json(JsonNode *root)
{
	g_autoptr(JsonGenerator) generator = json_generator_new();
	g_autofree char *text = NULL;

	json_generator_set_root(generator, root);
	text = json_generator_to_data(generator, NULL);
	g_print("%s\n", text);
}

const char *
cmd_operator(void)
{
	return g_get_user_name();
}

void
cmd_print_findings(const GPtrArray *findings)
{
	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		g_print("%s: %s: %s\n", _(severity_name(finding->severity)), finding->place,
		    finding->text);
	}
}

char *
cmd_path(const App *app, const char *name)
{
	return g_build_filename(config_workspace(app->config), name, NULL);
}
