/*
 * What a page looks like: text is measured, laid out in strips, cut into pages and drawn. What is drawn leaves a record of the
 * fields on it and of the order of reading (drawing.h), from which pdf/ makes the form.
 */
#ifndef PLICO_LAYOUT_LAYOUT_H
#define PLICO_LAYOUT_LAYOUT_H

#include "layout/canvas.h"     /* draws: libhpdf */
#include "layout/drawing.h"    /* the record of fields and order */
#include "layout/galley.h"     /* strips, cut into pages */
#include "layout/look.h"       /* margins, inks, styles */
#include "layout/measure.h"    /* widths of text */
#include "layout/page_marks.h" /* what readers of scans look for */
#include "layout/pattern.h"    /* text with gaps, filled in again and again */
#include "layout/qr.h"
#include "layout/syntax.h" /* numbers and texts as PDF writes them */

#endif
