/*
 * A program that knows nothing of recorders: finds vmcompute by name, as tools do, and reads a layer to its end. It says what it read, so
 * that two runs can be compared.
 * Usage: export_client LIBRARY LAYER PARENT [WHAT [COUNT]], WHAT being one of
 *   export    one export, the default
 *   threads   COUNT exports at once, each on a thread of its own
 *   crash     a null pointer, after COUNT calls of ExportLayerNext
 *   abort     ends by a signal in the same place
 *   hang      stays there, with a line on standard output, until it is killed
 *   reload    exports, unloads the library, loads it, exports
 *   absent    looks for an export that no library has
 *   child     runs itself once more, and exports afterwards
 *   status    exports and ends with status COUNT
 *   fork      exports in a forked child and in the parent afterwards
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#include <objbase.h>
#define ABI __stdcall
typedef HMODULE library_t;
static library_t open_library(const char *path) { return LoadLibraryA(path); }
static void close_library(library_t library) { FreeLibrary(library); }
static void *find(library_t library, const char *name)
{
    FARPROC function = GetProcAddress(library, name);
    void *address;
    memcpy(&address, &function, sizeof address);
    return address;
}
static void release(void *text) { CoTaskMemFree(text); }
#define THREAD_RESULT DWORD WINAPI
#else
#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>
#define ABI
typedef void *library_t;
static library_t open_library(const char *path) { return dlopen(path, RTLD_NOW); }
static void close_library(library_t library) { dlclose(library); }
static void *find(library_t library, const char *name) { return dlsym(library, name); }
static void release(void *text) { free(text); }
#define THREAD_RESULT void *
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

static name_to_guid guid_of;
static begin export_begin;
static next export_next;
static read_bytes export_read;
static end export_end;
static wch *layer, *parent, *parent_name, *home;
static int stop_after = -1;
static const char *stop_how = "";

static wch *wide(const char *text)
{
    size_t length = strlen(text);
    wch *result = calloc(length + 1, sizeof(wch));
    for (size_t i = 0; i < length; i++) {
        result[i] = (wch)(unsigned char)text[i];
    }
    return result;
}

static void stop(void)
{
    if (strcmp(stop_how, "crash") == 0) {
        volatile int *nothing = NULL;
        *nothing = 1;
    }
    if (strcmp(stop_how, "abort") == 0) {
        abort();
    }
    printf("waiting\n");
    fflush(stdout);
    for (;;) {
#ifdef _WIN32
        Sleep(1000);
#else
        sleep(1);
#endif
    }
}

/* ISO C has no cast from an object pointer to a function pointer. */
static int load(library_t library, const char *name, void *function)
{
    void *address = find(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

static int bind_functions(library_t library)
{
    return load(library, "NameToGuid", &guid_of) && load(library, "ExportLayerBegin", &export_begin)
        && load(library, "ExportLayerNext", &export_next) && load(library, "ExportLayerRead", &export_read)
        && load(library, "ExportLayerEnd", &export_end);
}

/* Returns a checksum of everything that was read. */
static uint64_t export_all(int *entries)
{
    driver_info info = { 1, home };
    descriptor parents[1] = { { { 0 }, 0, parent } };
    void *context = NULL;
    uint64_t sum = 14695981039346656037u;
    char buffer[4096];
    *entries = 0;
    if (guid_of(parent_name, parents[0].id) < 0) {
        return 0;
    }
    int32_t result = export_begin(&info, layer, parents, 1, &context);
    if (result < 0) {
        return (uint32_t)result;
    }
    for (;;) {
        wch *name = NULL;
        basic_info basic;
        int64_t size;
        uint32_t deleted, got;
        if (*entries == stop_after) {
            stop();
        }
        result = export_next(context, &name, &basic, &size, &deleted);
        if (result < 0) {
            break;
        }
        for (const wch *c = name; *c; c++) {
            sum = (sum ^ *c) * 1099511628211u;
        }
        release(name);
        ++*entries;
        while (!deleted && export_read(context, buffer, sizeof buffer, &got) >= 0 && got > 0) {
            for (uint32_t i = 0; i < got; i++) {
                sum = (sum ^ (unsigned char)buffer[i]) * 1099511628211u;
            }
        }
    }
    return export_end(context) < 0 ? 0 : sum ^ (uint32_t)result;
}

static void tell(const char *what)
{
    int entries;
    uint64_t sum = export_all(&entries);
    printf("%s: %d entries, %016llx\n", what, entries, (unsigned long long)sum);
    fflush(stdout);
}

static THREAD_RESULT run_thread(void *argument)
{
    int entries;
    *(uint64_t *)argument = export_all(&entries);
    return 0;
}

static void run_threads(int count)
{
    uint64_t sums[64] = { 0 };
#ifdef _WIN32
    HANDLE threads[64] = { 0 };
    for (int i = 0; i < count; i++) {
        threads[i] = CreateThread(NULL, 0, run_thread, &sums[i], 0, NULL);
    }
    WaitForMultipleObjects((DWORD)count, threads, TRUE, INFINITE);
#else
    pthread_t threads[64] = { 0 };
    for (int i = 0; i < count; i++) {
        pthread_create(&threads[i], NULL, run_thread, &sums[i]);
    }
    for (int i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
#endif
    for (int i = 0; i < count; i++) {
        printf("thread: %016llx\n", (unsigned long long)sums[i]);
    }
}

static int run_child(char **argv)
{
    char command[4096];
    snprintf(command, sizeof command, "\"%s\" \"%s\" \"%s\" \"%s\"", argv[0], argv[1], argv[2], argv[3]);
#ifdef _WIN32
    STARTUPINFOA startup = { 0 };
    PROCESS_INFORMATION process;
    startup.cb = sizeof startup;
    if (!CreateProcessA(NULL, command, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &process)) {
        return 1;
    }
    WaitForSingleObject(process.hProcess, INFINITE);
    return 0;
#else
    return system(command);
#endif
}

int main(int argc, char **argv)
{
    const char *what = argc > 4 ? argv[4] : "export";
    int count = argc > 5 ? atoi(argv[5]) : 0;
    library_t library = argc > 3 ? open_library(argv[1]) : NULL;
    if (!library || !bind_functions(library)) {
        printf("the library does not load, or lacks an export\n");
        return 1;
    }

    home = wide("");
    layer = wide(argv[2]);
    parent = wide(argv[3]);
    const char *slash = strrchr(argv[3], '\\');
    parent_name = wide(slash ? slash + 1 : argv[3]);

    if (strcmp(what, "crash") == 0 || strcmp(what, "abort") == 0 || strcmp(what, "hang") == 0) {
        stop_how = what;
        stop_after = count;
    }
    if (strcmp(what, "threads") == 0) {
        run_threads(count > 64 ? 64 : count);
        return 0;
    }
    if (strcmp(what, "absent") == 0) {
        printf("absent: %s\n", find(library, "ExportLayerSideways") ? "there" : "not there");
    }
    if (strcmp(what, "child") == 0 && run_child(argv) != 0) {
        return 1;
    }
#ifndef _WIN32
    if (strcmp(what, "fork") == 0) {
        pid_t child = fork();
        if (child == 0) {
            tell("forked");
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
#endif
    tell("export");
    if (strcmp(what, "reload") == 0) {
        close_library(library);
        library = open_library(argv[1]);
        if (!library || !bind_functions(library)) {
            printf("the library does not load again\n");
            return 1;
        }
        tell("again");
    }
    return strcmp(what, "status") == 0 ? count : 0;
}
