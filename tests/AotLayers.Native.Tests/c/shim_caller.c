/*
 * Calls a vmcompute library as a careless program would: null pointers, handles that never were, empty buffers; then reads a layer
 * properly.
 * Usage: shim_caller LIBRARY. Prints one line per finding and ends with 1 when there is any; otherwise prints the number of entries.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#include <objbase.h>
#define ABI __stdcall
static void *open_library(const char *path) { return (void *)LoadLibraryA(path); }
static void *find(void *library, const char *name)
{
    FARPROC function = GetProcAddress((HMODULE)library, name);
    void *address;
    memcpy(&address, &function, sizeof address);
    return address;
}
static void release(void *text) { CoTaskMemFree(text); }
#else
#include <dlfcn.h>
#define ABI
static void *open_library(const char *path) { return dlopen(path, RTLD_NOW); }
static void *find(void *library, const char *name) { return dlsym(library, name); }
static void release(void *text) { free(text); }
#endif

typedef uint16_t wch;
typedef struct { int32_t flavour; const wch *home; } driver_info;
typedef struct { uint8_t id[16]; uint32_t flags; const wch *path; } descriptor;
typedef struct { int64_t times[4]; uint32_t attributes; } basic_info;

typedef int32_t(ABI *name_to_guid)(const wch *, void *);
typedef int32_t(ABI *begin)(const driver_info *, const wch *, const descriptor *, uint32_t, void **);
typedef int32_t(ABI *next)(void *, wch **, basic_info *, int64_t *, uint32_t *);
typedef int32_t(ABI *read_bytes)(void *, void *, uint32_t, uint32_t *);
typedef int32_t(ABI *end)(void *);

#define POINTER ((int32_t)0x80004003)
#define NO_MORE_FILES ((int32_t)0x80070012)

static int findings;

static void expect(const char *what, int32_t actual, int32_t expected)
{
    if (actual != expected) {
        printf("%s: 0x%08x instead of 0x%08x\n", what, (unsigned)actual, (unsigned)expected);
        findings++;
    }
}

static void expect_failure(const char *what, int32_t actual)
{
    if (actual >= 0) {
        printf("%s: 0x%08x instead of a failure\n", what, (unsigned)actual);
        findings++;
    }
}

static wch *wide(const char *text)
{
    size_t length = strlen(text);
    wch *result = calloc(length + 1, sizeof(wch));
    for (size_t i = 0; i < length; i++) {
        result[i] = (wch)(unsigned char)text[i];
    }
    return result;
}

/* ISO C has no cast from an object pointer to a function pointer. */
static int load(void *library, const char *name, void *function)
{
    void *address = find(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

int main(int argc, char **argv)
{
    void *library = argc == 2 ? open_library(argv[1]) : NULL;
    if (!library) {
        printf("the library does not load\n");
        return 1;
    }

    name_to_guid guid_of;
    begin export_begin;
    next export_next;
    read_bytes export_read;
    end export_end;
    if (!load(library, "NameToGuid", &guid_of) || !load(library, "ExportLayerBegin", &export_begin)
        || !load(library, "ExportLayerNext", &export_next) || !load(library, "ExportLayerRead", &export_read)
        || !load(library, "ExportLayerEnd", &export_end) || !find(library, "HcsExportLayer")) {
        printf("an export is missing\n");
        return 1;
    }

    wch *home = wide(""), *layer = wide("C:\\layers\\app"), *parent = wide("C:\\layers\\base"), *parent_name = wide("base");
    driver_info info = { 1, home };
    descriptor parents[1] = { { { 0 }, 0, parent } };
    void *context = (void *)1, *stranger = (void *)0x1234;
    wch *name = NULL;
    basic_info basic;
    int64_t size;
    uint32_t deleted, got = 7;
    char buffer[4096];

    expect("NameToGuid(null name)", guid_of(NULL, parents[0].id), POINTER);
    expect("NameToGuid(null guid)", guid_of(parent_name, NULL), POINTER);
    expect("NameToGuid", guid_of(parent_name, parents[0].id), 0);
    expect("Begin(null info)", export_begin(NULL, layer, NULL, 0, &context), POINTER);
    expect("Begin(null id)", export_begin(&info, NULL, NULL, 0, &context), POINTER);
    expect("Begin(null parents, one of them)", export_begin(&info, layer, NULL, 1, &context), POINTER);
    expect("Begin(null context)", export_begin(&info, layer, parents, 1, NULL), POINTER);
    if (context != (void *)1) {
        printf("a failing call wrote its out-parameter\n");
        findings++;
    }
    expect_failure("Next(a handle that never was)", export_next(stranger, &name, &basic, &size, &deleted));
    expect_failure("Next(null handle)", export_next(NULL, &name, &basic, &size, &deleted));
    expect_failure("Read(a handle that never was)", export_read(stranger, buffer, sizeof buffer, &got));
    expect_failure("End(a handle that never was)", export_end(stranger));
    expect_failure("End(null handle)", export_end(NULL));

    expect("Begin", export_begin(&info, layer, parents, 1, &context), 0);
    expect("Next(null name)", export_next(context, NULL, &basic, &size, &deleted), POINTER);
    expect("Read(null buffer)", export_read(context, NULL, 16, &got), POINTER);
    expect("Read(null count)", export_read(context, buffer, sizeof buffer, NULL), POINTER);

    int entries = 0;
    int32_t result;
    while ((result = export_next(context, &name, &basic, &size, &deleted)) >= 0) {
        if (!name || name[0] != '\\') {
            printf("entry %d has no name\n", entries);
            findings++;
        }
        release(name);
        entries++;
        if (deleted) {
            continue;
        }
        do {
            result = export_read(context, buffer, sizeof buffer, &got);
        } while (result >= 0 && got > 0);
        expect("Read", result, 0);
    }
    expect("the last Next", result, NO_MORE_FILES);
    expect("End", export_end(context), 0);
    expect_failure("End once more", export_end(context));
    expect_failure("Next after End", export_next(context, &name, &basic, &size, &deleted));

    free(home);
    free(layer);
    free(parent);
    free(parent_name);
    if (findings == 0) {
        printf("%d entries\n", entries);
    }
    return findings != 0;
}
