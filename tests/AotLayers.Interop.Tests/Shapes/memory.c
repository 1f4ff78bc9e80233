#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

struct stat_info
{
    int32_t kind;
    int64_t size;
};

struct store
{
    char text[64];
    char16_t wide[64];
    unsigned char block[256];
    const char *names[4];
    struct stat_info info;
    int reads;
};

struct store *memory_open(const char *text)
{
    struct store *store = calloc(1, sizeof(struct store));
    snprintf(store->text, sizeof(store->text), "%s", text);
    for (size_t i = 0; i < strlen(store->text); i++)
    {
        store->wide[i] = (char16_t)(unsigned char)store->text[i];
    }

    for (int i = 0; i < 256; i++)
    {
        store->block[i] = (unsigned char)(255 - i);
    }

    store->names[0] = "one";
    store->names[2] = store->text;
    store->info.kind = 5;
    store->info.size = INT64_MAX;
    return store;
}

void memory_close(struct store *store)
{
    memset(store, 0xEE, sizeof(*store));
    free(store);
}

const char *memory_text(struct store *store, int which)
{
    return which == 0 ? store->text : which == 1 ? "bad \xff\xfe utf" : NULL;
}

const char16_t *memory_wide(struct store *store)
{
    return store->wide;
}

const char *const *memory_names(struct store *store, int *count)
{
    *count = 3;
    return store->names;
}

int memory_block(struct store *store, const void **block, size_t *size, int64_t *offset)
{
    if (store->reads++ == 2)
    {
        *block = NULL;
        *size = 0;
        *offset = 300;
        return 1;
    }

    *block = store->block + 16 * store->reads;
    *size = 16;
    *offset = 100 * store->reads;
    return 0;
}

const unsigned char *memory_column(struct store *store, int index)
{
    return index < 0 ? NULL : store->block + index;
}

int memory_column_bytes(struct store *store, int index)
{
    (void)store;
    return index < 0 ? 0 : 3;
}

const struct stat_info *memory_info(struct store *store)
{
    return &store->info;
}

int64_t memory_view(struct store *store, const unsigned char **view)
{
    *view = store->block;
    return store->reads > 0 ? 4 : -30;
}

int memory_explain(struct store *store, char **message)
{
    *message = NULL;
    if (store->reads == 0)
    {
        return 0;
    }

    *message = malloc(32);
    snprintf(*message, 32, "%d reads", store->reads);
    return 7;
}

void memory_free(char *message)
{
    memset(message, 'x', strlen(message));
    free(message);
}

intptr_t memory_read(struct store *store, void *buffer, size_t size)
{
    if (store->reads >= 3)
    {
        return -30;
    }

    size_t count = size < 5 ? size : 5;
    memcpy(buffer, store->block, count);
    store->reads++;
    return (intptr_t)count;
}
