/*
 * Reads a layer through a vmcompute library, and deals with each failing call in another wrong way, for sweeps to find:
 * a failing ExportLayerBegin is tried again, a failing ExportLayerNext leaks the context and a file, a failing ExportLayerRead
 * crashes, a failing ExportLayerEnd hangs.
 * Usage: faulty_client LIBRARY LAYER PARENT... FOLDER
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef uint16_t wch;
typedef struct { int32_t flavour; const wch *home; } driver_info;
typedef struct { uint8_t id[16]; uint32_t flags; const wch *path; } descriptor;
typedef struct { int64_t times[4]; uint32_t attributes; } basic_info;

#define NO_MORE_FILES ((int32_t)0x80070012)

static wch *wide(const char *text)
{
    size_t length = strlen(text);
    wch *result = calloc(length + 1, sizeof(wch));
    for (size_t i = 0; i < length; i++) {
        result[i] = (wch)(unsigned char)text[i];
    }
    return result;
}

static void load(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
}

int main(int argc, char **argv)
{
    int32_t (*guid_of)(const wch *, void *);
    int32_t (*begin)(const driver_info *, const wch *, const descriptor *, uint32_t, void **);
    int32_t (*next)(void *, wch **, basic_info *, int64_t *, uint32_t *);
    int32_t (*read_bytes)(void *, void *, uint32_t, uint32_t *);
    int32_t (*end)(void *);
    void *library = argc > 3 ? dlopen(argv[1], RTLD_NOW) : NULL;
    if (!library) {
        return 2;
    }
    load(library, "NameToGuid", &guid_of);
    load(library, "ExportLayerBegin", &begin);
    load(library, "ExportLayerNext", &next);
    load(library, "ExportLayerRead", &read_bytes);
    load(library, "ExportLayerEnd", &end);

    driver_info info = {1, wide("")};
    uint32_t count = (uint32_t)(argc - 4);
    descriptor *parents = calloc(count + 1, sizeof *parents);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = strrchr(argv[3 + i], '\\');
        if (guid_of(wide(name ? name + 1 : argv[3 + i]), parents[i].id) < 0) {
            fprintf(stderr, "no id\n");
            return 1;
        }
        parents[i].path = wide(argv[3 + i]);
    }

    void *context = NULL;
    while (begin(&info, wide(argv[2]), parents, count, &context) < 0) {
        fprintf(stderr, "once more\n");
    }

    wch *name = NULL;
    basic_info basic;
    int64_t size;
    uint32_t deleted, got;
    int32_t result;
    static char buffer[65536];
    while ((result = next(context, &name, &basic, &size, &deleted)) >= 0) {
        free(name);
        do {
            result = deleted ? 0 : read_bytes(context, buffer, sizeof buffer, &got);
            if (result < 0) {
                abort();
            }
        } while (!deleted && got > 0);
    }

    if (result != NO_MORE_FILES) {
        char path[4096];
        snprintf(path, sizeof path, "%s/forgotten", argv[argc - 1]);
        FILE *file = fopen(path, "w");
        fclose(file);
        fprintf(stderr, "next failed\n");
        return 1;
    }

    if (end(context) < 0) {
        for (;;) {
            pause();
        }
    }
    return 0;
}
