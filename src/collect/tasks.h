/* The readers that run in the cage, all that hostile bytes ever meet. Private to collect/ and to the program plico-reader. */
#ifndef PLICO_COLLECT_TASKS_H
#define PLICO_COLLECT_TASKS_H

#include <glib.h>

typedef enum {
#define TASK(name, function) TASK_##name,
#include "collect/tasks.def"
#undef TASK
	TASKS
} Task;

/* Each is a CageTask: reads @input, returns a floating GVariant of its record's type. */
#define TASK(name, function) GVariant *function(GBytes *input, gconstpointer data);
#include "collect/tasks.def"
#undef TASK

/* In the keeper, once: opens what they may not open any more. @trust (nullable): a PecTrust, packed. */
void tasks_prepare(GBytes *trust);

#endif
