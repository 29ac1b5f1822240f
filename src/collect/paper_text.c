/* Text of a page beside that of the sheet as it was sent; pure. */
#include "collect/paper.h"

#include <math.h>
#include <string.h>

#define SAME_PLACE    1.6  /* points that a letter may have moved */
#define MISSING_MOST  0.02 /* of the printed letters: one that a program maps to another character */
#define LETTERS_LEAST 40
#define BLANK	      0.15 /* of a font's size: a gap that is a blank */
#define SAME_LINE     0.35 /* of it: how far apart baselines of one line are */
#define CELLS	      (1 << 20)
#define EDGE	      0.7 /* of it: text that ends nearer to the edge may go on behind it */

static gboolean
is_blank(gunichar c)
{
	return g_unichar_isspace(c) || c == 0xa0 || c == 0x200b;
}

/* Programs that write a page anew take the character from its shape: the hyphen's is the soft hyphen's too. */
static gunichar
as_typed(gunichar c)
{
	return c == 0xad ? '-' : c;
}

/* Letters by where they are, in cells of some points. */
static gint64
cell_of(double x, double y, double size)
{
	double row = CLAMP(floor(y / size), -CELLS, CELLS);
	double column = CLAMP(floor(x / size), -CELLS, CELLS);

	return (gint64)row * (4 * CELLS) + (gint64)column;
}

static GHashTable *
index_letters(const GArray *letters, double size)
{
	GHashTable *cells = g_hash_table_new_full(
	    g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);

	for (guint i = 0; i < letters->len; i++) {
		const Letter *letter = &g_array_index(letters, Letter, i);
		gint64 cell = cell_of(letter->origin.x, letter->origin.y, size);
		GArray *list = g_hash_table_lookup(cells, &cell);

		if (list == NULL) {
			list = g_array_new(FALSE, FALSE, sizeof(guint));
			g_hash_table_insert(cells, g_memdup2(&cell, sizeof cell), list);
		}
		g_array_append_val(list, i);
	}
	return cells;
}

/* The nearest letter @c about @where that is not taken, or -1. */
static int
find_letter(GHashTable *cells, const GArray *letters, gunichar c, Spot where, double reach)
{
	double best = reach;
	int found = -1;

	c = as_typed(c);
	for (int k = 0; k < 9; k++) {
		gint64 cell =
		    cell_of(where.x + (k % 3 - 1) * reach, where.y + (k / 3 - 1) * reach, reach);
		const GArray *list = g_hash_table_lookup(cells, &cell);

		for (guint i = 0; list != NULL && i < list->len; i++) {
			guint at = g_array_index(list, guint, i);
			const Letter *letter = &g_array_index(letters, Letter, at);
			double far = hypot(letter->origin.x - where.x, letter->origin.y - where.y);

			if (as_typed(letter->c) != c || far >= best)
				continue;
			best = far;
			found = (int)at;
		}
	}
	return found;
}

/* A printed character that became others, "<=" of one: what stands in its place is not written by anybody. */
static void
forget_place(const PaperMap *map, const Letter *printed, GArray *letters)
{
	Spot from = paper_map_place(map, printed->box.x0, printed->origin.y);
	Spot to = paper_map_place(map, printed->box.x1, printed->origin.y);
	double reach = SAME_PLACE * map->scale;

	for (guint i = 0; i < letters->len; i++) {
		Letter *letter = &g_array_index(letters, Letter, i);

		if (letter->origin.x >= MIN(from.x, to.x) - reach &&
		    letter->origin.x <= MAX(from.x, to.x) + reach &&
		    fabs(letter->origin.y - (from.y + to.y) / 2) <= reach)
			letter->c = 0;
	}
}

gboolean
paper_match(const PaperMap *map, const GArray *printed, GArray *letters)
{
	double reach = SAME_PLACE * map->scale;
	g_autoptr(GHashTable) cells = index_letters(letters, reach);
	guint known = 0;
	guint missing = 0;

	for (guint i = 0; i < printed->len; i++) {
		const Letter *letter = &g_array_index(printed, Letter, i);
		Spot where = paper_map_place(map, letter->origin.x, letter->origin.y);
		int at =
		    is_blank(letter->c) ? -1 : find_letter(cells, letters, letter->c, where, reach);

		if (is_blank(letter->c))
			continue;
		known++;
		if (at >= 0) {
			g_array_index(letters, Letter, at).c = 0;
			continue;
		}
		missing++;
		forget_place(map, letter, letters);
	}
	for (guint i = letters->len; i > 0; i--) {
		gunichar c = g_array_index(letters, Letter, i - 1).c;

		if (c == 0 || is_blank(c))
			g_array_remove_index(letters, i - 1);
	}
	return known >= LETTERS_LEAST && missing <= MISSING_MOST * known;
}

/* --- the text of a field ------------------------------------------------------------------------------------------------------ */

static int
by_place(gconstpointer a, gconstpointer b)
{
	const Letter *first = a;
	const Letter *second = b;
	double line = SAME_LINE * MAX(first->size, second->size);

	if (fabs(first->origin.y - second->origin.y) > line)
		return first->origin.y < second->origin.y ? -1 : 1;
	return (first->origin.x > second->origin.x) - (first->origin.x < second->origin.x);
}

/* Signs that stand for what could not be told, or was never meant to be read. */
static gboolean
is_doubtful(gunichar c)
{
	return c == 0xfffd || c < 0x20 || (c >= 0xe000 && c < 0xf900) || c >= 0xf0000 ||
	       !g_unichar_isprint(c);
}

static gboolean
lies_in(const Letter *letter, Area area)
{
	double middle = (letter->box.x0 + letter->box.x1) / 2;
	double height = letter->origin.y - 0.3 * letter->size;

	return middle >= area.x0 && middle <= area.x1 && height >= area.y0 && height <= area.y1;
}

static gboolean
lies_whole_in(const Letter *letter, Area area)
{
	return letter->box.x0 >= area.x0 && letter->box.x1 <= area.x1 &&
	       letter->origin.y - 0.75 * letter->size >= area.y0 && letter->origin.y <= area.y1;
}

/* Moves the letters of the field from @letters to @out. FALSE: one of them cannot be read, or lies partly outside. */
static gboolean
take_letters(GArray *letters, Area area, GArray *out)
{
	gboolean sound = TRUE;

	for (guint i = letters->len; i > 0; i--) {
		const Letter *letter = &g_array_index(letters, Letter, i - 1);

		if (!lies_in(letter, area))
			continue;
		sound = sound && lies_whole_in(letter, area) && !is_doubtful(as_typed(letter->c));
		g_array_append_val(out, *letter);
		g_array_remove_index(letters, i - 1);
	}
	return sound;
}

/* How wide the word is that begins at @from. */
static double
word_width(const GArray *letters, guint from)
{
	const Letter *first = &g_array_index(letters, Letter, from);
	const Letter *last = first;

	for (guint i = from + 1; i < letters->len; i++) {
		const Letter *next = &g_array_index(letters, Letter, i);

		if (by_place(first, next) < 0 &&
		    fabs(next->origin.y - first->origin.y) > SAME_LINE * first->size)
			break;
		if (next->box.x0 - last->box.x1 > BLANK * first->size)
			break;
		last = next;
	}
	return last->box.x1 - first->box.x0;
}

/* A line ends where the next word would not have fitted, or because somebody ended it. */
static gboolean
is_ended(const GArray *letters, guint next, Area area)
{
	const Letter *last = &g_array_index(letters, Letter, next - 1);
	double room = area.x1 - last->box.x1 - last->size;

	return word_width(letters, next) < room;
}

char *
paper_text(GArray *letters, Area area, gboolean lines)
{
	g_autoptr(GArray) own = g_array_new(FALSE, FALSE, sizeof(Letter));
	g_autoptr(GString) text = g_string_new(NULL);
	gboolean sound = take_letters(letters, area, own);

	g_array_sort(own, by_place);
	for (guint i = 0; i < own->len && sound; i++) {
		const Letter *letter = &g_array_index(own, Letter, i);
		const Letter *before = i > 0 ? letter - 1 : NULL;
		gboolean new_line = before != NULL && fabs(letter->origin.y - before->origin.y) >
							  SAME_LINE * letter->size;

		sound = lines || !new_line;
		if (new_line)
			g_string_append_c(text, is_ended(own, i, area) ? '\n' : ' ');
		else if (before != NULL && letter->box.x0 - before->box.x1 > BLANK * letter->size)
			g_string_append_c(text, ' ');
		/* two letters in one place are no text */
		else if (before != NULL &&
			 letter->origin.x - before->origin.x < 0.05 * letter->size)
			sound = FALSE;
		g_string_append_unichar(text, as_typed(letter->c));
		/* what goes to the edge may have been cut there */
		sound = sound && (lines || area.x1 - letter->box.x1 >= EDGE * letter->size);
		sound = sound && (!lines || area.y1 - letter->origin.y >= EDGE * letter->size);
	}
	return sound ? g_string_free(g_steal_pointer(&text), FALSE) : NULL;
}

/* --- the code at the foot ----------------------------------------------------------------------------------------------------- */

#define CODE_COLONS 3
#define CODE_CHECK  8 /* letters at its end */
#define CODE_LIMIT  100
#define NEXT_LETTER 1.5 /* of a font's size: how far the next letter of a word begins */

static gboolean
is_code(const char *word)
{
	guint colons = 0;

	for (const char *at = word; *at != '\0'; at++) {
		if (!g_ascii_isupper(*at) && !g_ascii_isdigit(*at) && strchr(":+-", *at) == NULL)
			return FALSE;
		colons += *at == ':' ? 1 : 0;
	}
	return colons == CODE_COLONS && strlen(word) <= CODE_LIMIT &&
	       strlen(strrchr(word, ':') + 1) == CODE_CHECK;
}

static void
end_word(GString *word, GPtrArray *out)
{
	if (is_code(word->str) && out->len < PAPER_CODES_MOST &&
	    !g_ptr_array_find_with_equal_func(out, word->str, g_str_equal, NULL))
		g_ptr_array_add(out, g_strdup(word->str));
	g_string_truncate(word, 0);
}

GPtrArray *
paper_text_codes(const GArray *letters)
{
	GPtrArray *codes = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) word = g_string_new(NULL);

	for (guint i = 0; i < letters->len; i++) {
		const Letter *letter = &g_array_index(letters, Letter, i);
		const Letter *before = i > 0 ? letter - 1 : letter;
		double far =
		    hypot(letter->origin.x - before->origin.x, letter->origin.y - before->origin.y);

		if (is_blank(letter->c) || far > NEXT_LETTER * letter->size)
			end_word(word, codes);
		if (!is_blank(letter->c))
			g_string_append_unichar(word, as_typed(letter->c));
	}
	end_word(word, codes);
	return codes;
}
