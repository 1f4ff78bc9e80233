/*
 * A stand-in for vmcompute.dll, written from the documented ABI alone (docs/windows/vmcompute.md#functions, docs/windows/structs.md):
 * NameToGuid and the four calls of a streaming export, on one small fixed layer. It knows nothing of the code that calls it, so that both
 * sides of the ABI cannot share a mistake.
 *
 *   Linux:   gcc -shared -fPIC -O1 -o libvmcompute.so vmcompute_standin.c
 *   Windows: x86_64-w64-mingw32-gcc -shared -O1 -o vmcompute.dll vmcompute_standin.c -lole32 -luuid
 *
 * Arguments that break the ABI are counted as violations. When the environment names a file in STANDIN_COUNTERS, the counters are
 * written there as JSON after every ExportLayerEnd and when the process ends.
 * STANDIN_FAULT changes the behaviour: "begin", "next", "read" or "end" makes that call fail with ERROR_ACCESS_DENIED (read: in the
 * middle of the large file).
 */
#ifndef _WIN32
#define _GNU_SOURCE 1 /* RTLD_NEXT */
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _WIN32
#include <windows.h>
#include <objbase.h>
#define EXPORT __declspec(dllexport)
#define ABI __stdcall
#else
#include <dlfcn.h>
#define EXPORT __attribute__((visibility("default")))
#define ABI
#endif

typedef int32_t hresult;
typedef uint16_t wchar16;

#define HR(code) ((hresult)(0x80070000u | (uint32_t)(code)))
#define OK ((hresult)0)
#define POINTER_ERROR ((hresult)0x80004003)
#define ACCESS_DENIED HR(5)
#define PATH_NOT_FOUND HR(3)
#define INVALID_HANDLE HR(6)
#define NO_MORE_FILES HR(18)
#define INVALID_PARAMETER HR(87)
#define OPERATION_ABORTED HR(995)

/* ---- layouts of section 2 ---- */

typedef struct { uint32_t data1; uint16_t data2, data3; uint8_t data4[8]; } guid_t;
typedef struct { int32_t flavour; const wchar16 *home_dir; } driver_info;
typedef struct { guid_t id; uint32_t flags; const wchar16 *path; } layer_descriptor;
typedef struct { int64_t creation, access, write, change; uint32_t attributes; } file_basic_info;

_Static_assert(sizeof(guid_t) == 16, "GUID");
_Static_assert(sizeof(driver_info) == 16, "DRIVER_INFO");
_Static_assert(sizeof(layer_descriptor) == 32, "WC_LAYER_DESCRIPTOR");
_Static_assert(sizeof(file_basic_info) == 40, "FILE_BASIC_INFO");

/* ---- counters ---- */

static long g_contexts_made, g_contexts_live, g_strings_made, g_strings_live, g_violations, g_reads, g_bytes;
static char g_first_violation[160];

static void write_counters(void)
{
    const char *path = getenv("STANDIN_COUNTERS");
    FILE *file = path != NULL && *path != 0 ? fopen(path, "wb") : NULL;
    if (file == NULL)
        return;
    fprintf(file,
        "{\"contextsMade\":%ld,\"contextsLive\":%ld,\"stringsMade\":%ld,\"stringsLive\":%ld,\"violations\":%ld,\"firstViolation\":\"%s\",\"reads\":%ld,\"bytes\":%ld}\n",
        g_contexts_made, g_contexts_live, g_strings_made, g_strings_live, g_violations, g_first_violation, g_reads, g_bytes);
    fclose(file);
}

static void violation(const char *what)
{
    if (g_violations++ == 0)
        snprintf(g_first_violation, sizeof g_first_violation, "%s", what);
    write_counters();
}

/* ---- strings that the caller frees ----
 * Every live one is remembered by address. On Windows COM tells this library about each block that is freed. Elsewhere CoTaskMemFree is
 * free(), which it sees only when it is preloaded (LD_PRELOAD): without that, all strings count as live. */

#define MAX_STRINGS 4096
static void *g_strings[MAX_STRINGS];

static void forget(void *address)
{
    for (int i = 0; i < MAX_STRINGS; i++)
        if (g_strings[i] == address && address != NULL) {
            g_strings[i] = NULL;
            g_strings_live--;
            return;
        }
}

#ifdef _WIN32
static HRESULT STDMETHODCALLTYPE spy_query(IMallocSpy *self, REFIID iid, void **out)
{
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IMallocSpy)) { *out = self; return S_OK; }
    *out = NULL;
    return E_NOINTERFACE;
}
static ULONG STDMETHODCALLTYPE spy_ref(IMallocSpy *self) { (void)self; return 1; }
static SIZE_T STDMETHODCALLTYPE spy_pre_alloc(IMallocSpy *self, SIZE_T size) { (void)self; return size; }
static void *STDMETHODCALLTYPE spy_post_alloc(IMallocSpy *self, void *p) { (void)self; return p; }
static void *STDMETHODCALLTYPE spy_pre_free(IMallocSpy *self, void *p, BOOL spied) { (void)self; (void)spied; forget(p); return p; }
static void STDMETHODCALLTYPE spy_post_free(IMallocSpy *self, BOOL spied) { (void)self; (void)spied; }
static SIZE_T STDMETHODCALLTYPE spy_pre_realloc(IMallocSpy *self, void *p, SIZE_T size, void **out, BOOL spied)
{
    (void)self;
    (void)spied;
    forget(p);
    *out = p;
    return size;
}
static void *STDMETHODCALLTYPE spy_post_realloc(IMallocSpy *self, void *p, BOOL spied) { (void)self; (void)spied; return p; }
static void *STDMETHODCALLTYPE spy_pre_size(IMallocSpy *self, void *p, BOOL spied) { (void)self; (void)spied; return p; }
static SIZE_T STDMETHODCALLTYPE spy_post_size(IMallocSpy *self, SIZE_T size, BOOL spied) { (void)self; (void)spied; return size; }
static void *STDMETHODCALLTYPE spy_pre_did(IMallocSpy *self, void *p, BOOL spied) { (void)self; (void)spied; return p; }
static int STDMETHODCALLTYPE spy_post_did(IMallocSpy *self, void *p, BOOL spied, int actual)
{
    (void)self;
    (void)p;
    (void)spied;
    return actual;
}
static void STDMETHODCALLTYPE spy_nothing(IMallocSpy *self) { (void)self; }

static IMallocSpyVtbl g_spy_table = {
    spy_query, spy_ref, spy_ref, spy_pre_alloc, spy_post_alloc, spy_pre_free, spy_post_free, spy_pre_realloc, spy_post_realloc,
    spy_pre_size, spy_post_size, spy_pre_did, spy_post_did, spy_nothing, spy_nothing,
};
static IMallocSpy g_spy = { &g_spy_table };

static void *allocate(size_t size)
{
    static int watching;
    if (!watching) {
        watching = 1;
        CoRegisterMallocSpy(&g_spy);
    }
    return CoTaskMemAlloc(size);
}
#else
/* Seen only when this library is preloaded (LD_PRELOAD): then every free() of the process comes here first. */
EXPORT void free(void *address)
{
    static void (*real)(void *);
    if (real == NULL)
        *(void **)&real = dlsym(RTLD_NEXT, "free");
    if (address != NULL && g_strings_live > 0)
        forget(address);
    real(address);
}

static void *allocate(size_t size) { return malloc(size); }
#endif

static wchar16 *make_string(const wchar16 *text)
{
    size_t length = 0;
    while (text[length] != 0)
        length++;
    wchar16 *copy = allocate((length + 1) * sizeof *copy);
    if (copy == NULL)
        return NULL;
    memcpy(copy, text, (length + 1) * sizeof *copy);
    for (int i = 0; i < MAX_STRINGS; i++)
        if (g_strings[i] == NULL) {
            g_strings[i] = copy;
            break;
        }
    g_strings_made++;
    g_strings_live++;
    return copy;
}

/* ---- the layer ---- */

typedef struct { const wchar16 *name; uint32_t attributes; int64_t size; int deleted; int kind; } entry;

enum { KIND_DIRECTORY, KIND_HELLO, KIND_STREAMS, KIND_LARGE };

#define LARGE_SIZE (1 << 20)
#define TIME INT64_C(131000000012345678)

static const entry g_entries[] = {
    { u"\\Files", 0x10, 0, 0, KIND_DIRECTORY },
    { u"\\Files\\gone.txt", 0, 0, 1, KIND_DIRECTORY },
    { u"\\Files\\dir", 0x10, 0, 0, KIND_DIRECTORY },
    { u"\\Files\\dir\\h\u00e9llo-\u4e16\u754c.txt", 0x20, 5, 0, KIND_HELLO },
    { u"\\Files\\hello.txt", 0x20, 5, 0, KIND_HELLO },
    { u"\\Files\\large.bin", 0x21, LARGE_SIZE, 0, KIND_LARGE },
    { u"\\Files\\streams.txt", 0x20, 5, 0, KIND_STREAMS },
    { u"\\Hives", 0x10, 0, 0, KIND_DIRECTORY },
};

#define ENTRY_COUNT ((int)(sizeof g_entries / sizeof g_entries[0]))

/* Revision 1, self-relative with a null DACL: the shortest descriptor that is one
 * (docs/formats/security-descriptors.md#the-null-descriptor). */
static const uint8_t g_security[20] = { 1, 0, 4, 0x80 };

static size_t put(uint8_t *out, size_t at, uint32_t id, int64_t size, const char *name)
{
    uint32_t name_bytes = (uint32_t)(2 * strlen(name));
    memset(out + at, 0, 20);
    memcpy(out + at, &id, 4);
    memcpy(out + at + 8, &size, 8);
    memcpy(out + at + 16, &name_bytes, 4);
    at += 20;
    for (; *name != 0; name++) {
        out[at++] = (uint8_t)*name;
        out[at++] = 0;
    }
    return at;
}

/* Everything of a backup stream except the payload of the large file, which ends it. */
static size_t head_of(const entry *e, uint8_t *out)
{
    size_t at = put(out, 0, 3, sizeof g_security, "");
    memcpy(out + at, g_security, sizeof g_security);
    at += sizeof g_security;
    if (e->kind == KIND_DIRECTORY)
        return at;
    at = put(out, at, 1, e->size, "");
    if (e->kind == KIND_LARGE)
        return at;
    memcpy(out + at, "hello", 5);
    at += 5;
    if (e->kind == KIND_STREAMS) {
        at = put(out, at, 4, 3, ":ads.txt:$DATA");
        memcpy(out + at, "ads", 3);
        at += 3;
    }
    return at;
}

static uint8_t large_byte(int64_t i) { return (uint8_t)(i * 7 + (i >> 10)); }

/* ---- exports ---- */

#define MAGIC UINT64_C(0x4558504f52540001)
#define DEAD UINT64_C(0x4445414444454144)

typedef struct { uint64_t magic; int next; int ended; int failed; int64_t at; size_t head_length; uint8_t head[256]; } context;

static int fault(const char *name)
{
    const char *wanted = getenv("STANDIN_FAULT");
    return wanted != NULL && strcmp(wanted, name) == 0;
}

static context *live(void *handle, const char *call)
{
    context *c = handle;
    if (c == NULL || c->magic != MAGIC) {
        violation(call);
        return NULL;
    }
    return c;
}

EXPORT hresult ABI NameToGuid(const wchar16 *name, guid_t *id)
{
    if (name == NULL || id == NULL) {
        violation("NameToGuid: null");
        return POINTER_ERROR;
    }
    /* FNV-1a: any value will do as long as it is the same for the same name. */
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *name != 0; name++)
        hash = (hash ^ *name) * UINT64_C(1099511628211);
    memset(id, 0, sizeof *id);
    memcpy(id, &hash, 8);
    memcpy((uint8_t *)id + 8, &hash, 8);
    id->data3 = (uint16_t)((id->data3 & 0x0fff) | 0x5000);
    id->data4[0] = (uint8_t)((id->data4[0] & 0x3f) | 0x80);
    return OK;
}

static const wchar16 *base_name(const wchar16 *path)
{
    const wchar16 *base = path;
    for (; *path != 0; path++)
        if ((*path == '\\' || *path == '/') && path[1] != 0)
            base = path + 1;
    return base;
}

EXPORT hresult ABI ExportLayerBegin(const driver_info *info, const wchar16 *layer, const layer_descriptor *parents, uint32_t count,
    void **handle)
{
    if (info == NULL || layer == NULL || handle == NULL) {
        violation("ExportLayerBegin: null");
        return POINTER_ERROR;
    }
    *handle = NULL;
    if (info->flavour != 0 && info->flavour != 1) {
        violation("DRIVER_INFO.Flavour");
        return INVALID_PARAMETER;
    }
    if (info->home_dir == NULL) {
        violation("DRIVER_INFO.HomeDir is null");
        return POINTER_ERROR;
    }
    if (*layer == 0)
        return PATH_NOT_FOUND;
    if ((parents == NULL) != (count == 0)) {
        violation("parents and count disagree");
        return INVALID_PARAMETER;
    }
    for (uint32_t i = 0; i < count; i++) {
        guid_t expected;
        if (parents[i].path == NULL || *parents[i].path == 0 || (parents[i].flags & 0x7fffffffu) != 0) {
            violation("WC_LAYER_DESCRIPTOR");
            return INVALID_PARAMETER;
        }
        NameToGuid(base_name(parents[i].path), &expected);
        if (memcmp(&expected, &parents[i].id, sizeof expected) != 0) {
            violation("WC_LAYER_DESCRIPTOR.LayerId is not that of the path");
            return INVALID_PARAMETER;
        }
    }
    static const wchar16 missing[] = u"missing";
    if (memcmp(base_name(layer), missing, sizeof missing) == 0)
        return PATH_NOT_FOUND;
    if (fault("begin"))
        return ACCESS_DENIED;
    context *c = calloc(1, sizeof *c);
    if (c == NULL)
        return HR(14);
    c->magic = MAGIC;
    g_contexts_made++;
    g_contexts_live++;
    *handle = c;
    return OK;
}

EXPORT hresult ABI ExportLayerNext(void *handle, wchar16 **name, file_basic_info *info, int64_t *size, uint32_t *deleted)
{
    context *c = live(handle, "ExportLayerNext: not a live context");
    if (c == NULL)
        return INVALID_HANDLE;
    if (name == NULL || info == NULL || size == NULL || deleted == NULL) {
        violation("ExportLayerNext: null");
        return POINTER_ERROR;
    }
    if (((uintptr_t)info & 7) != 0 || ((uintptr_t)size & 7) != 0) {
        violation("ExportLayerNext: alignment");
        return INVALID_PARAMETER;
    }
    c->head_length = 0;
    c->at = 0;
    if (c->next == 5 && fault("next")) {
        c->failed = 1;
        return ACCESS_DENIED;
    }
    if (c->next == ENTRY_COUNT) {
        c->ended = 1;
        return NO_MORE_FILES;
    }
    const entry *e = &g_entries[c->next++];
    *name = make_string(e->name);
    *deleted = (uint32_t)e->deleted;
    *size = e->size;
    if (e->deleted)
        return OK; /* the info of a deleted entry means nothing, and stays as the caller made it */
    memset(info, 0, sizeof *info);
    info->creation = TIME;
    info->access = TIME + 1;
    info->write = TIME + 2;
    info->change = TIME + 3;
    info->attributes = e->attributes;
    c->head_length = head_of(e, c->head);
    return OK;
}

EXPORT hresult ABI ExportLayerRead(void *handle, uint8_t *buffer, uint32_t length, uint32_t *read)
{
    context *c = live(handle, "ExportLayerRead: not a live context");
    if (c == NULL)
        return INVALID_HANDLE;
    if (read == NULL || (buffer == NULL && length != 0)) {
        violation("ExportLayerRead: null");
        return POINTER_ERROR;
    }
    *read = 0;
    g_reads++;
    if (c->next == 0) {
        violation("ExportLayerRead before ExportLayerNext");
        return INVALID_PARAMETER;
    }
    if (length == 0)
        violation("ExportLayerRead with an empty buffer looks like the end of the file");
    const entry *e = &g_entries[c->next - 1];
    int64_t head = (int64_t)c->head_length;
    int64_t total = head + (c->head_length != 0 && e->kind == KIND_LARGE ? e->size : 0);
    if (e->kind == KIND_LARGE && c->at > LARGE_SIZE / 2 && fault("read")) {
        c->failed = 1;
        return ACCESS_DENIED;
    }
    /* Never more than 60000 bytes at once: callers have to cope with short reads. */
    int64_t count = total - c->at;
    if (count > length)
        count = length;
    if (count > 60000)
        count = 60000;
    for (int64_t i = 0; i < count; i++, c->at++)
        buffer[i] = c->at < head ? c->head[c->at] : large_byte(c->at - head);
    *read = (uint32_t)count;
    g_bytes += (long)count;
    return OK;
}

EXPORT hresult ABI ExportLayerEnd(void *handle)
{
    context *c = live(handle, "ExportLayerEnd: not a live context");
    if (c == NULL)
        return INVALID_HANDLE;
    hresult result = c->failed ? ACCESS_DENIED : !c->ended ? OPERATION_ABORTED : fault("end") ? ACCESS_DENIED : OK;
    c->magic = DEAD;
    /* The block is kept, so that a use after the end is seen and not a crash. */
    g_contexts_live--;
    write_counters();
    return result;
}

#ifdef _WIN32
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module;
    (void)reserved;
    if (reason == DLL_PROCESS_DETACH)
        write_counters();
    return TRUE;
}
#else
__attribute__((destructor)) static void at_exit(void) { write_counters(); }
#endif
