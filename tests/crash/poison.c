/*
 * Preloaded before a program, kills it where it stores a text that begins with PLICO_POISON: a message that plico cannot survive.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

int
sqlite3_bind_text(
    sqlite3_stmt *stmt, int number, const char *text, int size, void (*destructor)(void *))
{
	int (*real)(sqlite3_stmt *, int, const char *, int, void (*)(void *)) =
	    dlsym(RTLD_NEXT, "sqlite3_bind_text");
	const char *poison = getenv("PLICO_POISON");

	if (poison != NULL && text != NULL && strncmp(text, poison, strlen(poison)) == 0)
		raise(SIGKILL);
	return real(stmt, number, text, size, destructor);
}
