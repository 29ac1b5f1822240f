#include "layout/drawing.h"

Widget *
widget_new(FieldKind kind, const char *name, const char *on, const char *tip)
{
	Widget *widget = g_new0(Widget, 1);

	widget->kind = kind;
	widget->name = g_strdup(name);
	widget->on = g_strdup(on);
	widget->tip = g_strdup(tip);
	widget->group_tip = g_strdup("");
	return widget;
}

Widget *
widget_copy(const Widget *widget)
{
	Widget *copy = g_memdup2(widget, sizeof *widget);

	copy->name = g_strdup(widget->name);
	copy->on = g_strdup(widget->on);
	copy->tip = g_strdup(widget->tip);
	copy->group_tip = g_strdup(widget->group_tip);
	return copy;
}

void
widget_free(Widget *widget)
{
	if (widget == NULL)
		return;
	g_free(widget->name);
	g_free(widget->on);
	g_free(widget->tip);
	g_free(widget->group_tip);
	g_free(widget);
}
