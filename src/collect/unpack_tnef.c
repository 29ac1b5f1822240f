/*
 * winmail.dat, in which Outlook packs attachments (MS-OXTNEF), by libytnef. It has had its faults: it runs in the cage, prints
 * nothing there, and what it says of lengths is checked against what was read.
 */
#include "collect/unpack.h"

/* which its header needs and does not include */
#include <stdio.h>
/**/
#include <ytnef.h>

typedef struct {
	const void *data;
	gsize size;
} Found;

static Found
property_of(Attachment *attachment, DWORD type, DWORD id)
{
	const variableLength *value = MAPIFindProperty(&attachment->MAPI, PROP_TAG(type, id));

	if (value == MAPI_UNDEFINED || value->data == NULL || value->size <= 0)
		return (Found){ NULL, 0 };
	return (Found){ value->data, (gsize)value->size };
}

/* The long name where it has one. Returns: (transfer full) */
static char *
name_of(Attachment *attachment)
{
	Found name = property_of(attachment, PT_UNICODE, PR_ATTACH_LONG_FILENAME);

	if (name.data == NULL)
		name = property_of(attachment, PT_STRING8, PR_ATTACH_LONG_FILENAME);
	if (name.data == NULL && attachment->Title.data != NULL && attachment->Title.size > 0)
		name = (Found){ attachment->Title.data, (gsize)attachment->Title.size };
	return g_strndup(name.data != NULL ? name.data : "", name.size);
}

static Found
content_of(Attachment *attachment)
{
	Found found;

	if (attachment->FileData.data != NULL && attachment->FileData.size > 0)
		return (Found){ attachment->FileData.data, (gsize)attachment->FileData.size };
	found = property_of(attachment, PT_BINARY, PR_ATTACH_DATA_OBJ);
	if (found.data != NULL)
		return found;
	/* a mail inside: TNEF again, behind the 16 bytes of its class */
	found = property_of(attachment, PT_OBJECT, PR_ATTACH_DATA_OBJ);
	return found.size > 16 ? (Found){ (const char *)found.data + 16, found.size - 16 }
			       : (Found){ NULL, 0 };
}

static gboolean
take_attachments(TNEFStruct *tnef, GPtrArray *pieces, GPtrArray *names)
{
	gsize left = UNPACK_SIZE_LIMIT;
	guint count = 0;

	for (Attachment *at = tnef->starting_attach.next; at != NULL; at = at->next) {
		Found content = content_of(at);
		g_autofree char *name = name_of(at);
		g_autoptr(GBytes) bytes = NULL;

		if (content.data == NULL)
			continue;
		if (content.size > left || ++count > UNPACK_ENTRIES_LIMIT)
			return FALSE;
		left -= content.size;
		bytes = g_bytes_new(content.data, content.size);
		if (!unpack_keep(name, bytes, pieces, names))
			return FALSE;
	}
	return TRUE;
}

gboolean
unpack_tnef(GBytes *bytes, GPtrArray *pieces, GPtrArray *names)
{
	gsize size;
	const void *data = g_bytes_get_data(bytes, &size);
	g_autofree BYTE *copy = g_memdup2(data, size);
	TNEFStruct tnef;
	gboolean good;

	TNEFInitialize(&tnef);
	tnef.Debug = -1;
	good =
	    TNEFParseMemory(copy, (long)size, &tnef) == 0 && take_attachments(&tnef, pieces, names);
	TNEFFree(&tnef);
	return good;
}
