#include "base/finding.h"

#include "base/error.h"

static Finding *
finding_new_valist(
    Severity severity, const char *code, const char *place, const char *format, va_list args)
{
	Finding *finding = g_new0(Finding, 1);

	finding->severity = severity;
	finding->code = g_strdup(code);
	finding->place = g_strdup(place);
	finding->text = g_strdup_vprintf(format, args);
	return finding;
}

Finding *
finding_new(Severity severity, const char *code, const char *place, const char *format, ...)
{
	Finding *finding;
	va_list args;

	va_start(args, format);
	finding = finding_new_valist(severity, code, place, format, args);
	va_end(args);
	return finding;
}

void
finding_free(Finding *finding)
{
	if (finding == NULL)
		return;
	g_free(finding->code);
	g_free(finding->place);
	g_free(finding->text);
	g_free(finding);
}

GPtrArray *
findings_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
}

void
findings_add(GPtrArray *findings, Severity severity, const char *code, const char *place,
    const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_ptr_array_add(findings, finding_new_valist(severity, code, place, format, args));
	va_end(args);
}

guint
findings_count(const GPtrArray *findings, Severity severity)
{
	guint n = 0;

	for (guint i = 0; i < findings->len; i++) {
		const Finding *finding = g_ptr_array_index(findings, i);

		n += finding->severity >= severity;
	}
	return n;
}

const char *
severity_name(Severity severity)
{
	static const char *const names[] = { N_("note"), N_("warning"), N_("error") };

	return names[severity];
}
