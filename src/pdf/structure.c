/* The structure tree: what a screen reader reads, in the order in which it was drawn (ISO 32000-1, 14.7). */
#include "pdf/template.h"

#include <string.h>

typedef struct {
	PdfBuild *build;
	int document;	/* the element that holds all */
	int *elements;	/* object numbers, as in drawing->blocks */
	pdf_obj **kids; /* borrowed: their /K arrays, NULL for leaves */
	pdf_obj *nums;	/* borrowed: of the parent tree */
} Tree;

/* A widget is held by reference; the tree tells back which element holds it. */
static void
hold_widget(Tree *tree, pdf_obj *element, const Block *block, int key)
{
	PdfBuild *build = tree->build;
	fz_context *ctx = build->ctx;
	int num = build->widgets[block->widget];
	pdf_obj *reference = pdf_dict_put_dict(ctx, element, PDF_NAME(K), 3);
	pdf_obj *ref = pdf_new_indirect(ctx, build->doc, num, 0);

	pdf_dict_puts_drop(ctx, reference, "Type", pdf_new_name(ctx, "OBJR"));
	pdf_put_ref(ctx, reference, "Obj", num);
	pdf_put_ref(ctx, reference, "Pg", build->pages[block->page]);
	pdf_dict_put_int(ctx, ref, PDF_NAME(StructParent), key);
	pdf_drop_obj(ctx, ref);
}

/* What a table's head or a list must say beside its type (ISO 32000-1, 14.8.5). */
static void
put_attribute(
    fz_context *ctx, pdf_obj *element, const char *owner, const char *key, const char *value)
{
	pdf_obj *attributes = pdf_dict_put_dict(ctx, element, PDF_NAME(A), 2);

	pdf_dict_puts_drop(ctx, attributes, "O", pdf_new_name(ctx, owner));
	pdf_dict_puts_drop(ctx, attributes, key, pdf_new_name(ctx, value));
}

/* The type, and what a block's tag says behind it. */
static void
put_type(fz_context *ctx, pdf_obj *element, const Block *block, gboolean first)
{
	const char *blank = strchr(block->tag, ' ');
	char type[12];

	g_assert(strlen(block->tag) < sizeof type || blank != NULL);
	(void)g_strlcpy(
	    type, block->tag, blank != NULL ? (gsize)(blank - block->tag) + 1 : sizeof type);
	pdf_dict_put_name(ctx, element, PDF_NAME(S), type);
	if (strcmp(type, "TH") == 0)
		put_attribute(ctx, element, "Table", "Scope", first ? "Row" : "Column");
	else if (blank != NULL)
		put_attribute(ctx, element, "List", "ListNumbering", blank + 1);
}

/* A heading comes first in its section: a question's condition is printed above it, and who goes from heading to heading
 * would not hear it there. */
static void
hold_element(Tree *tree, const Block *block, int num)
{
	PdfBuild *build = tree->build;
	const GArray *blocks = build->drawing->blocks;
	pdf_obj *siblings = tree->kids[block->parent + 1];
	const Block *parent =
	    block->parent >= 0 ? &g_array_index(blocks, Block, block->parent) : NULL;

	if (block->tag[0] == 'H' && parent != NULL && strcmp(parent->tag, "Sect") == 0)
		pdf_array_insert_drop(
		    build->ctx, siblings, pdf_new_indirect(build->ctx, build->doc, num, 0), 0);
	else
		pdf_push_ref(build->ctx, siblings, num);
}

static void
add_element(Tree *tree, guint position, int key)
{
	PdfBuild *build = tree->build;
	fz_context *ctx = build->ctx;
	const Block *block = &g_array_index(build->drawing->blocks, Block, position);
	pdf_obj *element = pdf_new_dict_object(ctx, build->doc, &tree->elements[position]);
	int parent = block->parent < 0 ? tree->document : tree->elements[block->parent];
	pdf_obj *siblings = tree->kids[block->parent + 1];

	put_type(ctx, element, block, pdf_array_len(ctx, siblings) == 0);
	pdf_put_ref(ctx, element, "P", parent);
	if (block->lang != NULL)
		pdf_dict_put_text_string(ctx, element, PDF_NAME(Lang), block->lang);
	hold_element(tree, block, tree->elements[position]);
	if (block->widget >= 0) {
		hold_widget(tree, element, block, key);
	} else if (block->mcid >= 0) {
		pdf_put_ref(ctx, element, "Pg", build->pages[block->page]);
		pdf_dict_put_int(ctx, element, PDF_NAME(K), block->mcid);
	} else {
		tree->kids[position + 1] = pdf_dict_put_array(ctx, element, PDF_NAME(K), 4);
	}
}

/* Which element holds each marked content of a page, by number. */
static void
add_page_parents(Tree *tree, guint page)
{
	PdfBuild *build = tree->build;
	fz_context *ctx = build->ctx;
	const GArray *blocks = build->drawing->blocks;
	pdf_obj *ref = pdf_new_indirect(ctx, build->doc, build->pages[page], 0);
	pdf_obj *parents;

	pdf_dict_put_int(ctx, ref, PDF_NAME(StructParents), page);
	pdf_dict_puts_drop(ctx, ref, "Tabs", pdf_new_name(ctx, "S"));
	pdf_drop_obj(ctx, ref);
	pdf_array_push_int(ctx, tree->nums, page);
	parents = pdf_array_push_array(ctx, tree->nums, 50);
	for (guint i = 0; i < blocks->len; i++) {
		const Block *block = &g_array_index(blocks, Block, i);

		if (block->page == page && block->mcid >= 0)
			pdf_push_ref(ctx, parents, tree->elements[i]);
	}
}

static void
fill_tree(Tree *tree, pdf_obj *root)
{
	PdfBuild *build = tree->build;
	fz_context *ctx = build->ctx;
	const GArray *blocks = build->drawing->blocks;
	int next = (int)build->drawing->pages;
	int num;
	pdf_obj *parents = pdf_new_dict_object(ctx, build->doc, &num);
	int key = next;

	pdf_put_ref(ctx, root, "ParentTree", num);
	tree->nums = pdf_dict_put_array(ctx, parents, PDF_NAME(Nums), (int)blocks->len);
	for (guint i = 0; i < blocks->len; i++) {
		add_element(tree, i, key);
		key += g_array_index(blocks, Block, i).widget >= 0;
	}
	for (guint page = 0; page < build->drawing->pages; page++)
		add_page_parents(tree, page);
	for (guint i = 0; i < blocks->len; i++) {
		if (g_array_index(blocks, Block, i).widget < 0)
			continue;
		pdf_array_push_int(ctx, tree->nums, next++);
		pdf_push_ref(ctx, tree->nums, tree->elements[i]);
	}
	pdf_dict_puts_drop(ctx, root, "ParentTreeNextKey", pdf_new_int(ctx, next));
}

static void
add_tree(Tree *tree)
{
	PdfBuild *build = tree->build;
	fz_context *ctx = build->ctx;
	pdf_obj *catalog = pdf_dict_get(ctx, pdf_trailer(ctx, build->doc), PDF_NAME(Root));
	int num;
	pdf_obj *root = pdf_new_dict_object(ctx, build->doc, &num);
	pdf_obj *document = pdf_new_dict_object(ctx, build->doc, &tree->document);

	pdf_put_ref(ctx, catalog, "StructTreeRoot", num);
	pdf_dict_puts_drop(
	    ctx, pdf_dict_puts_dict(ctx, catalog, "MarkInfo", 1), "Marked", PDF_TRUE);
	pdf_dict_puts_drop(ctx, root, "Type", pdf_new_name(ctx, "StructTreeRoot"));
	pdf_put_ref(ctx, root, "K", tree->document);
	pdf_dict_put_name(ctx, document, PDF_NAME(S), "Document");
	pdf_put_ref(ctx, document, "P", num);
	tree->kids[0] = pdf_dict_put_array(ctx, document, PDF_NAME(K), 50);
	fill_tree(tree, root);
}

void
pdf_add_structure(PdfBuild *build)
{
	fz_context *ctx = build->ctx;
	guint count = build->drawing->blocks->len;
	Tree tree = { .build = build };

	tree.elements = g_new0(int, count);
	tree.kids = g_new0(pdf_obj *, count + 1);
	fz_try(ctx)
	{
		add_tree(&tree);
	}
	fz_always(ctx)
	{
		g_free(tree.elements);
		g_free(tree.kids);
	}
	fz_catch(ctx)
	{
		fz_rethrow(ctx);
	}
}
