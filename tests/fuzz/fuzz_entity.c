/*
 * The own reading of certified mail (collect/entity.h): parts lie inside the body, one behind the other, and what a provider
 * signed is found in the same bytes each time.
 */
#include "collect/collect.h"
#include "collect/entity.h"
#include "collect/pec.h"
#include "fuzz/fuzz.h"

#define PARTS_MOST 20
#define DEPTH_MOST 4

static void
check_inside(Slice inner, Slice outer)
{
	g_assert_true(inner.size == 0 ||
		      (inner.at >= outer.at && inner.at + inner.size <= outer.at + outer.size));
}

static void
check_entity(Slice whole, guint depth)
{
	const Entity entity = entity_of(whole);
	g_autoptr(GBytes) content = entity_content(&entity);
	Slice type = { NULL, 0 };
	Slice boundary = { NULL, 0 };
	Slice parts[PARTS_MOST];
	guint count = 0;

	check_inside(entity.header, whole);
	check_inside(entity.body, whole);
	if (content != NULL)
		g_assert_cmpuint(g_bytes_get_size(content), <=, entity.body.size);
	if (depth == DEPTH_MOST || entity_field(&entity, "Content-Type", &type) != 1 ||
	    !slice_boundary(type, &boundary) || boundary.size == 0 ||
	    !entity_parts(entity.body, boundary, parts, PARTS_MOST, &count))
		return;
	g_assert_cmpuint(count, <=, PARTS_MOST);
	for (guint i = 0; i < count; i++) {
		check_inside(parts[i], entity.body);
		g_assert_true(i == 0 || parts[i].at >= parts[i - 1].at + parts[i - 1].size);
		check_entity(parts[i], depth + 1);
	}
}

static void
run(const guint8 *data, gsize size)
{
	g_autoptr(GBytes) raw = g_bytes_new_static(data, size);
	gboolean marked = pec_is_marked(raw);

	g_assert_cmpint(pec_is_marked(raw), ==, marked);
	check_entity((Slice){ (const char *)data, size }, 0);
}

const FuzzTarget fuzz_entity = { NULL, run };
