/*
 * plico-reader: the program that reads what strangers have sent. plico starts it, by nothing but a socket; it shuts itself in and
 * forks a child for each message and each file (base/cage.h). It is linked with the libraries that readers need: no database, no
 * network, no keys.
 */
#include "base/cage_keeper.h"
#include "collect/tasks.h"

#include <stdio.h>

int
main(void)
{
	static const CageTask tasks[TASKS] = {
#define TASK(name, function) [TASK_##name] = function,
#include "collect/tasks.def"
#undef TASK
	};
	int status = cage_keep(tasks, TASKS, tasks_prepare);

	fputs("plico-reader: started by plico, to read mail in a sandbox\n", stderr);
	return status;
}
