#include "layout/page_marks.h"

#define BEGIN 0xAU /* tall, short, tall, short */

static guint32
check_of(guint32 payload)
{
	return (payload ^ payload >> 4 ^ payload >> 8 ^ 0xA) & 0xF;
}

guint32
page_mark_encode(guint section, guint page)
{
	guint32 payload =
	    (section > PAGE_MARK_MOST ? 0 : section) << 6 | (page > PAGE_MARK_MOST ? 0 : page);

	return BEGIN << 16 | payload << 4 | check_of(payload);
}

gboolean
page_mark_decode(guint32 bars, guint *section, guint *page)
{
	guint32 payload = bars >> 4 & 0xFFF;

	if (bars >> 16 != BEGIN || (bars & 0xF) != check_of(payload))
		return FALSE;
	*section = payload >> 6;
	*page = payload & PAGE_MARK_MOST;
	return TRUE;
}
