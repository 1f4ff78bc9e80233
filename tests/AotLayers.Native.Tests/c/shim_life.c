/*
 * A program of somebody else's that knows vmcompute and computestorage only: does one thing with a layer, on whatever machine the
 * library is.
 * Usage: shim_life LIBRARY VERB LAYER [PARENT...], nearest parent first. Prints the HRESULT, and what came out.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#define ABI __stdcall
static void *open_library(const char *path) { return (void *)LoadLibraryA(path); }
static void *find(void *library, const char *name)
{
    FARPROC function = GetProcAddress((HMODULE)library, name);
    void *address;
    memcpy(&address, &function, sizeof address);
    return address;
}
#else
#include <dlfcn.h>
#define ABI
static void *open_library(const char *path) { return dlopen(path, RTLD_NOW); }
static void *find(void *library, const char *name) { return dlsym(library, name); }
#endif

#define MOST_PARENTS 8

typedef uint16_t wch;
typedef struct { int32_t flavour; const wch *home; } driver_info;
typedef struct { uint8_t id[16]; uint32_t flags; const wch *path; } descriptor;

typedef int32_t(ABI *on_layer)(const driver_info *, const wch *);
typedef int32_t(ABI *on_layer_with_parents)(const driver_info *, const wch *, const descriptor *, uint32_t);
typedef int32_t(ABI *create)(const driver_info *, const wch *, const wch *, const descriptor *, uint32_t);
typedef int32_t(ABI *mount_path)(const driver_info *, const wch *, size_t *, wch *);
typedef int32_t(ABI *exists)(const driver_info *, const wch *, uint32_t *);
typedef int32_t(ABI *by_path)(const wch *);
typedef int32_t(ABI *name_to_guid)(const wch *, void *);

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
static void load(void *library, const char *name, void *function)
{
    void *address = find(library, name);
    if (address == NULL) {
        printf("%s is not exported\n", name);
        exit(2);
    }
    memcpy(function, &address, sizeof address);
}

static const char *name_of(const char *path)
{
    const char *separator = strrchr(path, '\\');
    return separator ? separator + 1 : path;
}

int main(int argc, char **argv)
{
    void *library = argc > 3 ? open_library(argv[1]) : NULL;
    descriptor parents[MOST_PARENTS];
    uint32_t count = 0;
    driver_info info = { 1, wide("") };
    int32_t result;
    if (!library) {
        printf("the library does not load\n");
        return 2;
    }
    const char *verb = argv[2];
    wch *layer = wide(argv[3]);
    name_to_guid guid_of;
    load(library, "NameToGuid", &guid_of);
    for (int i = 4; i < argc && count < MOST_PARENTS; i++, count++) {
        memset(&parents[count], 0, sizeof parents[count]);
        parents[count].path = wide(argv[i]);
        guid_of(wide(name_of(argv[i])), parents[count].id);
    }
    if (strcmp(verb, "CreateSandboxLayer") == 0) {
        create function;
        load(library, verb, &function);
        result = function(&info, layer, NULL, parents, count);
    } else if (strcmp(verb, "PrepareLayer") == 0) {
        on_layer_with_parents function;
        load(library, verb, &function);
        result = function(&info, layer, parents, count);
    } else if (strcmp(verb, "GetLayerMountPath") == 0) {
        mount_path function;
        size_t length = 0;
        wch path[300];
        load(library, verb, &function);
        result = function(&info, layer, &length, NULL);
        if (result >= 0 && length > 0 && length < 300) {
            result = function(&info, layer, &length, path);
            for (size_t i = 0; result >= 0 && i < length && path[i]; i++) {
                putchar((char)path[i]);
            }
            putchar('\n');
        }
    } else if (strcmp(verb, "LayerExists") == 0) {
        exists function;
        uint32_t there = 0;
        load(library, verb, &function);
        result = function(&info, layer, &there);
        printf("%s\n", there ? "yes" : "no");
    } else if (strncmp(verb, "Hcs", 3) == 0) {
        by_path function;
        load(library, verb, &function);
        result = function(layer);
    } else {
        on_layer function;
        load(library, verb, &function);
        result = function(&info, layer);
    }
    printf("0x%08x\n", (unsigned)result);
    return result < 0;
}
