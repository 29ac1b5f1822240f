/* The table of channels. */
#include "send/send.h"

#include <string.h>

extern const Channel channel_dir;
extern const Channel channel_null;
extern const Channel channel_smtp;

const Channel *const channels[] = {
	&channel_dir,
	&channel_null,
	&channel_smtp,
	NULL,
};

const Channel *
channel_find(const char *name)
{
	for (gsize i = 0; channels[i] != NULL; i++)
		if (strcmp(channels[i]->name, name) == 0)
			return channels[i];
	return NULL;
}
