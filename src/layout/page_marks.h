/*
 * What stands on every page of a sheet for whoever reads a scan of it: four corner marks and a page mark. Both are part
 * of the template, the same for all units; which unit it is says the QR at the top (sheet_id_qr()).
 *
 * Points from the page's top left corner, downwards, on A4 (595.28 x 841.89). A scan is squared by the centres of the
 * corner marks; all places on the page, those of the fields too, then follow by interpolation.
 *
 * The page mark is a row of upright bars, all with their feet on one line: 4 bars that begin it (tall, short, tall,
 * short), 6 bits of the section, 6 of the page, 4 of check. The highest bit comes first; a tall bar is 1. To read a bar look at
 * its upper half: dark is 1. The section is its place in the form, from 1, the page counts from 1; what is beyond 63 is 0,
 * not known. The check is the exclusive or of the four-bit pieces of section << 6 | page, and of 0xA: an empty row is
 * no mark.
 */
#ifndef PLICO_LAYOUT_PAGE_MARKS_H
#define PLICO_LAYOUT_PAGE_MARKS_H

#include <glib.h>

#define CORNER_SIDE   7.0  /* of the filled squares */
#define CORNER_LEFT   28.0 /* their centres */
#define CORNER_RIGHT  567.28
#define CORNER_TOP    28.0
#define CORNER_BOTTOM 813.89

#define PAGE_MARK_BARS	20
#define PAGE_MARK_LEFT	470.0 /* left edge of the first bar */
#define PAGE_MARK_PITCH 3.9
#define PAGE_MARK_WIDTH 1.5 /* of a bar */
#define PAGE_MARK_FOOT	819.0
#define PAGE_MARK_TALL	7.0
#define PAGE_MARK_SHORT 2.6

#define PAGE_MARK_MOST 63 /* sections and pages that it can tell */

/* The bars from left to right, the first in the highest of PAGE_MARK_BARS bits. */
guint32 page_mark_encode(guint section, guint page);
/* FALSE where @bars begin otherwise, or the check is wrong. */
gboolean page_mark_decode(guint32 bars, guint *section, guint *page);

#endif
