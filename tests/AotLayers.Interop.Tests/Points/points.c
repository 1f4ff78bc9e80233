// Shapes of C functions that were once recorded wrongly; made up, one for each.
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int open_files[8];

int file_open(const char *name)
{
    if (strcmp(name, "missing") == 0)
    {
        errno = ENOENT;
        return -1;
    }

    for (int i = 0; i < 8; i++)
    {
        if (!open_files[i])
        {
            open_files[i] = 1;
            return i;
        }
    }

    errno = EMFILE;
    return -1;
}

int file_same(int a, int b) { return a == b; }

int file_close(int fd, int busy)
{
    if (busy)
    {
        return 16;
    }

    open_files[fd] = 0;
    return 0;
}

int pair(int ends[2])
{
    ends[0] = file_open("a");
    ends[1] = file_open("b");
    return 0;
}

struct watch { int fd; short wanted; short seen; };

int watch(struct watch *list, int count)
{
    for (int i = 0; i < count; i++)
    {
        list[i].seen = list[i].wanted;
    }

    return count;
}

int value_get(uint16_t *text, uint32_t *bytes)
{
    static const uint16_t value[] = { 'v', 'a', 'l' };
    uint32_t room = *bytes;
    *bytes = sizeof value;
    if (room < sizeof value)
    {
        return 234;
    }

    memcpy(text, value, sizeof value);
    return 0;
}

int format(char *buffer, size_t size, int number) { return snprintf(buffer, size, "number %d", number); }

int link_text(char *buffer, size_t size)
{
    size_t length = size < 4 ? size : 4;
    memcpy(buffer, "link", length);
    return (int)length;
}

int twice(int *value) { *value *= 2; return 0; }

int set_flag(int flag) { errno = flag ? EEXIST : 0; return 1; }

union number { double real; uint64_t bits; };

int number(union number *value) { value->bits = 0x7ff8dead00000001ull; return 0; }

struct padded { uint8_t small; uint32_t big; };

int padded(struct padded *value)
{
    memset(value, 0xAB, sizeof *value);
    value->small = 1;
    value->big = 2;
    return 0;
}

struct names { uint16_t list[8]; };

int names(struct names *value)
{
    static const uint16_t list[8] = { 'a', 0, 'b', 'c', 0, 0, 0, 0 };
    memcpy(value->list, list, sizeof list);
    return 0;
}

int Info(int items) { return items + 1; }
int Probe(int _inner) { return _inner + 2; }
int GetX(int _plan, int _recorder) { return _plan + _recorder; }
int getX(void) { return 7; }

struct keys { int handle; int bytes; int room; int data; int sha256; int pointer; int length; };

void keys(struct keys *k) { *k = (struct keys){ 1, 2, 3, 4, 5, 6, 7 }; }

struct tailed { int32_t first; unsigned char tail[8]; };

void tailed(struct tailed *t)
{
    t->first = 1;
    memset(t->tail, 0xcd, sizeof t->tail);
}

// Like sqlite3_open: an error comes with a handle that wants to be closed.
int store_open(const char *name, void **store)
{
    static int made;
    *store = &made;
    return strcmp(name, "bad") == 0 ? 14 : 0;
}

int store_close(void *store) { return store == 0; }

// Like archive_read_next_header: a warning comes with an item.
int item_next(int *item)
{
    *item = 7;
    return -20;
}

// Lends the same thing to everybody.
void *lend(void)
{
    static int lent;
    return &lent;
}

int is_lent(const void *thing) { return thing == lend(); }
