/*
 * What the callers under test need and C does not give: UTF-8 arguments, threads, and a library that is loaded while the program runs.
 * With DYNAMIC defined, a program is not linked with the library: its first argument is the library's path.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(DYNAMIC)
#define AOTL_NO_IMPORT
#endif
#include "aotlayers.h"

#if defined(_WIN32)
#include <windows.h>
#include <fcntl.h>
#include <io.h>
typedef HANDLE thread_id;
#define THREAD_RESULT DWORD WINAPI
#define THREAD_END return 0
#else
#include <dlfcn.h>
#include <pthread.h>
typedef pthread_t thread_id;
#define THREAD_RESULT void *
#define THREAD_END return NULL
#endif

/* Every function of the header, without its prefix: a test compares this list with the exports. */
#define ALL_FUNCTIONS(F) \
    F(abi_version) \
    F(version) \
    F(last_error) \
    F(last_error_json) \
    F(last_error_code) \
    F(last_error_copy) \
    F(last_result_json) \
    F(open) \
    F(next) \
    F(read) \
    F(read_data) \
    F(entry_metadata) \
    F(entry_metadata_json) \
    F(close) \
    F(export) \
    F(import) \
    F(layer_create) \
    F(layer_mount) \
    F(layer_mount_path) \
    F(layer_unmount) \
    F(layer_remove) \
    F(layer_expand) \
    F(layer_exists) \
    F(layer_make_base) \
    F(layer_grant_vm) \
    F(layer_list) \
    F(doctor) \
    F(verify) \
    F(convert)

typedef struct library {
#define FIELD(name) aotl_##name##_fn name;
    ALL_FUNCTIONS(FIELD)
#undef FIELD
} library;

/* ISO C has no cast between pointers to objects and to functions; both systems say that they have the same form. */
static inline void load_library(const char *path, library *functions)
{
#if defined(_WIN32)
    wchar_t wide[1024];
    HMODULE module;
    FARPROC found;
    MultiByteToWideChar(CP_UTF8, 0, path, -1, wide, 1024);
    module = LoadLibraryW(wide);
    if (module == NULL) {
        fprintf(stderr, "LoadLibrary %s: error %lu\n", path, (unsigned long)GetLastError());
        exit(99);
    }
#define LOAD(name) found = GetProcAddress(module, "aotl_" #name);
#else
    void *found;
    void *module = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (module == NULL) {
        fprintf(stderr, "dlopen: %s\n", dlerror());
        exit(99);
    }
#define LOAD(name) found = dlsym(module, "aotl_" #name);
#endif
#define LOAD_ONE(name) \
    LOAD(name) \
    if (found == NULL) { \
        fprintf(stderr, "aotl_%s is not exported\n", #name); \
        exit(99); \
    } \
    memcpy(&functions->name, &found, sizeof found);
    ALL_FUNCTIONS(LOAD_ONE)
#undef LOAD_ONE
#undef LOAD
}

#if defined(DYNAMIC)
static library loaded;
#define aotl_abi_version loaded.abi_version
#define aotl_version loaded.version
#define aotl_last_error loaded.last_error
#define aotl_last_error_json loaded.last_error_json
#define aotl_last_error_code loaded.last_error_code
#define aotl_last_error_copy loaded.last_error_copy
#define aotl_last_result_json loaded.last_result_json
#define aotl_open loaded.open
#define aotl_next loaded.next
#define aotl_read loaded.read
#define aotl_read_data loaded.read_data
#define aotl_close loaded.close
#define aotl_export loaded.export
#define aotl_import loaded.import
#define aotl_layer_create loaded.layer_create
#define aotl_layer_mount loaded.layer_mount
#define aotl_layer_mount_path loaded.layer_mount_path
#define aotl_layer_unmount loaded.layer_unmount
#define aotl_layer_remove loaded.layer_remove
#define aotl_layer_expand loaded.layer_expand
#define aotl_layer_exists loaded.layer_exists
#define aotl_layer_make_base loaded.layer_make_base
#define aotl_layer_grant_vm loaded.layer_grant_vm
#define aotl_layer_list loaded.layer_list
#define aotl_doctor loaded.doctor
#define aotl_verify loaded.verify
#define aotl_convert loaded.convert
#define aotl_entry_metadata loaded.entry_metadata
#define aotl_entry_metadata_json loaded.entry_metadata_json
#endif

static inline thread_id start_thread(THREAD_RESULT (*run)(void *), void *argument)
{
#if defined(_WIN32)
    return CreateThread(NULL, 0, run, argument, 0, NULL);
#else
    pthread_t id;
    if (pthread_create(&id, NULL, run, argument) != 0) {
        abort();
    }
    return id;
#endif
}

static inline void join_thread(thread_id id)
{
#if defined(_WIN32)
    WaitForSingleObject(id, INFINITE);
    CloseHandle(id);
#else
    pthread_join(id, NULL);
#endif
}

/* Each program has this instead of main: arguments in UTF-8, without the program's name and the library's. */
static int run(int argc, char **argv);

#if defined(_WIN32)
int wmain(int argc, wchar_t **wide)
{
    char **argv = (char **)malloc(sizeof(char *) * (size_t)argc);
    int i;
    _setmode(_fileno(stdout), _O_BINARY);
    for (i = 0; i < argc; i++) {
        int size = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
        argv[i] = (char *)malloc((size_t)size);
        WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, argv[i], size, NULL, NULL);
    }
#else
int main(int argc, char **argv)
{
#endif
#if defined(DYNAMIC)
    if (argc < 2) {
        fprintf(stderr, "first argument: the library\n");
        return 99;
    }
    load_library(argv[1], &loaded);
    return run(argc - 2, argv + 2);
#else
    return run(argc - 1, argv + 1);
#endif
}

#endif
