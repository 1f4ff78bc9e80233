// Handles of every sort: pointers behind a SafeHandle, numbers of two kinds that one function closes, a value that is always there.
#include <errno.h>
#include <stdlib.h>

typedef struct thing { int value; int open; } thing;

static int open_things;

thing *thing_open(int value)
{
    if (value < 0)
        return NULL;
    thing *made = malloc(sizeof *made);
    made->value = value;
    made->open = 1;
    open_things++;
    return made;
}

int thing_make(int value, thing **made)
{
    *made = thing_open(value);
    return *made ? 0 : 22;
}

int thing_add(const thing *a, const thing *b) { return a->value + b->value; }

int thing_close(thing *closed)
{
    open_things--;
    free(closed);
    return 0;
}

int things_open(void) { return open_things; }

int things_sum(thing *const *list, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += list[i]->value;
    return sum;
}

int file_open(void) { static int next = 100; return next++; }
int token_open(void) { static int next = 500; return next++; }

int any_close(int handle)
{
    if (handle >= 100)
        return 0;
    errno = EBADF;
    return -1;
}

// -100 is the place that is always open.
int file_at(int place, int step) { return place == -100 ? step : place * 2 + step; }
