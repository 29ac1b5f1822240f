/*
 * Preloaded before a program, changes what it asks SQLite: PLICO_MUTATE holds pairs FROM US TO, with RS between (U+001F, U+001E).
 * Every FROM in a statement is replaced. The number of each pair that was found goes to the file PLICO_MUTATED.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
note(int number)
{
	const char *path = getenv("PLICO_MUTATED");
	FILE *file = path != NULL ? fopen(path, "a") : NULL;

	if (file == NULL)
		return;
	fprintf(file, "%d\n", number);
	fclose(file);
}

/* @text with each @from as @to; frees @text. */
static char *
replace(char *text, const char *from, const char *to, int number)
{
	char *at = strstr(text, from);
	char *out;

	if (at == NULL)
		return text;
	note(number);
	out = malloc(strlen(text) + strlen(to) + 1);
	sprintf(out, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
	free(text);
	return out;
}

static char *
mutate(const char *sql)
{
	const char *all = getenv("PLICO_MUTATE");
	char *pairs = strdup(all != NULL ? all : "");
	char *text = strdup(sql);
	char *rest = NULL;
	int number = 0;

	for (char *pair = strtok_r(pairs, "\x1e", &rest); pair != NULL;
	     pair = strtok_r(NULL, "\x1e", &rest)) {
		char *to = strchr(pair, '\x1f');

		*to = '\0';
		text = replace(text, pair, to + 1, number++);
	}
	free(pairs);
	return text;
}

int
sqlite3_prepare_v3(
    sqlite3 *db, const char *sql, int size, unsigned flags, sqlite3_stmt **out, const char **tail)
{
	int (*real)(sqlite3 *, const char *, int, unsigned, sqlite3_stmt **, const char **) =
	    dlsym(RTLD_NEXT, "sqlite3_prepare_v3");
	char *text = mutate(sql);
	int code = real(db, text, size < 0 ? size : -1, flags, out, NULL);

	if (tail != NULL)
		*tail = "";
	free(text);
	return code;
}

int
sqlite3_exec(
    sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *data, char **why)
{
	int (*real)(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *,
	    char **) = dlsym(RTLD_NEXT, "sqlite3_exec");
	char *text = mutate(sql);
	int code = real(db, text, row, data, why);

	free(text);
	return code;
}
