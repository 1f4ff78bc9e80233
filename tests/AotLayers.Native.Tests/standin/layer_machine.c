/*
 * A machine of layers for a Windows that has none (Wine): the layer calls of vmcompute.dll on plain folders, and the file calls of
 * kernel32.dll with what a file system off Windows lacks. Wine's BackupRead and BackupWrite only fail. Here a file's backup stream, its
 * times and its attributes are kept in a side store, one file for each file id, so that hard links share them; the data is in the real
 * file besides. Written from the documentation alone (docs/formats, docs/windows); it knows nothing of the code that calls it.
 *
 *   x86_64-w64-mingw32-gcc -shared -O1 -o layer_machine.dll layer_machine.c layer_machine.def
 *
 * LAYERMACHINE_STORE names the folder of the side store and LAYERMACHINE_TEMP that of temporary files; both have to be there. With
 * LAYERMACHINE_KILL=n the process ends at once, as by kill -9, in the n-th step that changes something.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

typedef struct { int32_t flavour; const wchar_t *home_dir; } driver_info;
typedef struct { GUID id; uint32_t flags; const wchar_t *path; } layer_descriptor;

#define HR(code) ((HRESULT)(0x80070000u | (uint32_t)(code)))
#define MAX_NAME 4096
#define OPEN_FLAGS (FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)
#define SETTABLE 0x00023127u /* read-only, hidden, system, archive, temporary, offline, not indexed, no scrub */
#define INHERITED 0x80000000u
#define SUFFIX L".$wcidirs$"

/* ---- the end of the process ---- */

static void step(void)
{
    static long left = -1;
    if (left < 0) {
        const char *text = getenv("LAYERMACHINE_KILL");
        left = text != NULL ? atol(text) : 0;
    }
    if (left > 0 && --left == 0)
        TerminateProcess(GetCurrentProcess(), 137);
}

/* ---- the side store ---- */

typedef struct { FILE_BASIC_INFO info; uint32_t flags, has_stream; uint64_t size; uint8_t *stream; } side_t;

static int id_of(HANDLE h, uint64_t *id, uint32_t *links)
{
    BY_HANDLE_FILE_INFORMATION i;
    if (!GetFileInformationByHandle(h, &i))
        return 0;
    *id = (uint64_t)i.nFileIndexHigh << 32 | i.nFileIndexLow;
    *links = i.nNumberOfLinks;
    return 1;
}

static void side_path(uint64_t id, wchar_t *path)
{
    wchar_t store[1024];
    DWORD n = GetEnvironmentVariableW(L"LAYERMACHINE_STORE", store, 1024);
    if (n == 0 || n >= 1024) {
        fprintf(stderr, "LAYERMACHINE_STORE is not set\n");
        abort();
    }
    swprintf(path, 1200, L"%ls\\%016llx", store, (unsigned long long)id);
}

static void load(HANDLE h, side_t *s)
{
    uint64_t id;
    uint32_t links;
    wchar_t path[1200];
    DWORD n, error = GetLastError();
    memset(s, 0, sizeof *s);
    if (id_of(h, &id, &links)) {
        side_path(id, path);
        HANDLE f = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
        if (f != INVALID_HANDLE_VALUE) {
            ReadFile(f, s, offsetof(side_t, stream), &n, NULL);
            s->stream = malloc(s->size + 1);
            ReadFile(f, s->stream, (DWORD)s->size, &n, NULL);
            CloseHandle(f);
        }
    }
    SetLastError(error);
}

static void save(HANDLE h, side_t *s)
{
    uint64_t id;
    uint32_t links;
    wchar_t path[1200];
    DWORD n;
    if (!id_of(h, &id, &links))
        abort();
    side_path(id, path);
    HANDLE f = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    if (f == INVALID_HANDLE_VALUE)
        abort();
    WriteFile(f, s, offsetof(side_t, stream), &n, NULL);
    WriteFile(f, s->stream, (DWORD)s->size, &n, NULL);
    CloseHandle(f);
}

static void done(side_t *s) { free(s->stream); }

static HANDLE open_any(const wchar_t *path) { return CreateFileW(path, 0, 7, NULL, OPEN_EXISTING, OPEN_FLAGS, NULL); }

static uint32_t merge(uint32_t real, const side_t *s)
{
    uint32_t own = s->info.FileAttributes != 0 ? s->info.FileAttributes : real;
    uint32_t all = (own & SETTABLE) | (real & FILE_ATTRIBUTE_DIRECTORY)
        | (s->flags & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_SPARSE_FILE));
    return all != 0 ? all : FILE_ATTRIBUTE_NORMAL;
}

static uint32_t merge_path(const wchar_t *path, uint32_t real)
{
    side_t s;
    HANDLE h = open_any(path);
    if (h == INVALID_HANDLE_VALUE)
        return real;
    load(h, &s);
    real = merge(real, &s);
    done(&s);
    CloseHandle(h);
    return real;
}

/* ---- backup streams ---- */

typedef struct { uint32_t id, attributes; int64_t size; uint32_t name_size; } record;
#define RECORD 20

/* The next record at *at; its payload begins at *payload. 0 at the end, -1 for a stream that is cut. */
static int next_record(const uint8_t *b, uint64_t n, uint64_t *at, record *r, uint64_t *payload)
{
    if (*at == n)
        return 0;
    if (n - *at < RECORD)
        return -1;
    memcpy(r, b + *at, RECORD);
    if (r->size < 0 || r->name_size > n - *at - RECORD || (uint64_t)r->size > n - *at - RECORD - r->name_size)
        return -1;
    *payload = *at + RECORD + r->name_size;
    *at = *payload + (uint64_t)r->size;
    return 1;
}

static int put_at(HANDLE h, int64_t offset, const uint8_t *bytes, uint64_t count)
{
    LARGE_INTEGER to;
    DWORD n;
    to.QuadPart = offset;
    return SetFilePointerEx(h, to, NULL, FILE_BEGIN) && (count == 0 || WriteFile(h, bytes, (DWORD)count, &n, NULL));
}

/* Gives a file what a stream says. The file is one that was just made. */
static int apply(HANDLE h, const uint8_t *b, uint64_t n, int security)
{
    side_t s;
    record r;
    uint64_t at = 0, payload, start = 0, kept = 0;
    int more, ok = 1;
    load(h, &s);
    free(s.stream);
    s.stream = malloc(n + 1);
    while (ok && (more = next_record(b, n, &at, &r, &payload)) > 0) {
        int64_t offset;
        if (r.id == 1) {
            s.flags |= (r.attributes & 8) != 0 ? FILE_ATTRIBUTE_SPARSE_FILE : 0;
            ok = put_at(h, 0, b + payload, (uint64_t)r.size);
        } else if (r.id == 9 && r.size >= 8) {
            memcpy(&offset, b + payload, 8);
            ok = put_at(h, offset, b + payload + 8, (uint64_t)r.size - 8);
            if (ok && r.size == 8)
                ok = SetEndOfFile(h);
        } else if (r.id == 8)
            s.flags |= FILE_ATTRIBUTE_REPARSE_POINT;
        if (r.id != 3 || security) {
            memcpy(s.stream + kept, b + start, at - start);
            kept += at - start;
        }
        start = at;
    }
    if (ok && more < 0) {
        SetLastError(ERROR_INVALID_DATA);
        ok = 0;
    }
    s.size = kept;
    s.has_stream = 1;
    if (ok)
        save(h, &s);
    done(&s);
    return ok;
}

/* The stream of a file: the one that was written, or one DATA record. */
static uint8_t *stream_of(HANDLE h, int security, uint64_t *size)
{
    side_t s;
    record r;
    uint64_t at = 0, payload, start = 0, kept = 0;
    load(h, &s);
    if (s.has_stream) {
        while (next_record(s.stream, s.size, &at, &r, &payload) > 0) {
            if (r.id != 3 || security) {
                memmove(s.stream + kept, s.stream + start, at - start);
                kept += at - start;
            }
            start = at;
        }
        *size = kept;
        return s.stream;
    }
    done(&s);
    BY_HANDLE_FILE_INFORMATION i;
    LARGE_INTEGER zero = { .QuadPart = 0 };
    DWORD n;
    *size = 0;
    if (!GetFileInformationByHandle(h, &i) || (i.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0)
        return malloc(1);
    uint8_t *b = calloc(1, RECORD + i.nFileSizeLow);
    b[0] = 1;
    memcpy(b + 8, &i.nFileSizeLow, 4);
    SetFilePointerEx(h, zero, NULL, FILE_BEGIN);
    ReadFile(h, b + RECORD, i.nFileSizeLow, &n, NULL);
    *size = RECORD + n;
    return b;
}

typedef struct { int writes; uint64_t size, at; uint8_t *bytes; } backup;

BOOL WINAPI lm_BackupRead(HANDLE h, BYTE *buffer, DWORD length, DWORD *read, BOOL abort_it, BOOL security, void **context)
{
    backup *c = *context;
    *read = 0;
    if (abort_it) {
        if (c != NULL) {
            free(c->bytes);
            free(c);
        }
        *context = NULL;
        return TRUE;
    }
    if (c == NULL) {
        c = calloc(1, sizeof *c);
        c->bytes = stream_of(h, security, &c->size);
        *context = c;
    }
    *read = c->size - c->at < length ? (DWORD)(c->size - c->at) : length;
    memcpy(buffer, c->bytes + c->at, *read);
    c->at += *read;
    return TRUE;
}

BOOL WINAPI lm_BackupWrite(HANDLE h, BYTE *buffer, DWORD length, DWORD *written, BOOL abort_it, BOOL security, void **context)
{
    backup *c = *context;
    step();
    *written = 0;
    if (abort_it) {
        BOOL ok = TRUE;
        if (c != NULL) {
            ok = apply(h, c->bytes, c->size, security);
            free(c->bytes);
            free(c);
        }
        *context = NULL;
        return ok;
    }
    if (c == NULL)
        *context = c = calloc(1, sizeof *c);
    c->bytes = realloc(c->bytes, c->size + length + 1);
    memcpy(c->bytes + c->size, buffer, length);
    c->size += length;
    *written = length;
    return TRUE;
}

/* ---- files ---- */

HANDLE WINAPI lm_CreateFileW(const wchar_t *path, DWORD access, DWORD share, void *sa, DWORD disposition, DWORD flags, HANDLE template)
{
    step();
    return CreateFileW(path, access & ~ACCESS_SYSTEM_SECURITY, share, sa, disposition, flags, template);
}

BOOL WINAPI lm_CloseHandle(HANDLE h)
{
    step();
    return CloseHandle(h);
}

BOOL WINAPI lm_ReadFile(HANDLE h, void *b, DWORD n, DWORD *read, OVERLAPPED *o) { return ReadFile(h, b, n, read, o); }
BOOL WINAPI lm_WriteFile(HANDLE h, const void *b, DWORD n, DWORD *written, OVERLAPPED *o) { return WriteFile(h, b, n, written, o); }
BOOL WINAPI lm_SetFilePointerEx(HANDLE h, LARGE_INTEGER d, LARGE_INTEGER *to, DWORD m) { return SetFilePointerEx(h, d, to, m); }
DWORD WINAPI lm_GetTempPathW(DWORD n, wchar_t *b) { return GetEnvironmentVariableW(L"LAYERMACHINE_TEMP", b, n); }
DWORD WINAPI lm_GetFullPathNameW(const wchar_t *p, DWORD n, wchar_t *b, wchar_t **f) { return GetFullPathNameW(p, n, b, f); }
BOOL WINAPI lm_CreateDirectoryW(const wchar_t *p, SECURITY_ATTRIBUTES *sa) { return CreateDirectoryW(p, sa); }
BOOL WINAPI lm_CreateHardLinkW(const wchar_t *n, const wchar_t *e, SECURITY_ATTRIBUTES *sa) { return CreateHardLinkW(n, e, sa); }
BOOL WINAPI lm_QueryPerformanceCounter(LARGE_INTEGER *c) { return QueryPerformanceCounter(c); }

BOOL WINAPI lm_GetFileInformationByHandleEx(HANDLE h, int class, void *out, DWORD size)
{
    side_t s;
    FILE_BASIC_INFO *info = out;
    if (!GetFileInformationByHandleEx(h, class, out, size))
        return FALSE;
    if (class != FileBasicInfo)
        return TRUE;
    load(h, &s);
    info->FileAttributes = merge(info->FileAttributes, &s);
    if (s.info.CreationTime.QuadPart != 0)
        info->CreationTime = s.info.CreationTime;
    if (s.info.LastAccessTime.QuadPart != 0)
        info->LastAccessTime = s.info.LastAccessTime;
    if (s.info.LastWriteTime.QuadPart != 0)
        info->LastWriteTime = s.info.LastWriteTime;
    if (s.info.ChangeTime.QuadPart != 0)
        info->ChangeTime = s.info.ChangeTime;
    done(&s);
    return TRUE;
}

static void set_info(HANDLE h, const FILE_BASIC_INFO *info)
{
    side_t s;
    load(h, &s);
    if (info->CreationTime.QuadPart != 0)
        s.info.CreationTime = info->CreationTime;
    if (info->LastAccessTime.QuadPart != 0)
        s.info.LastAccessTime = info->LastAccessTime;
    if (info->LastWriteTime.QuadPart != 0)
        s.info.LastWriteTime = info->LastWriteTime;
    if (info->ChangeTime.QuadPart != 0)
        s.info.ChangeTime = info->ChangeTime;
    if (info->FileAttributes != 0)
        s.info.FileAttributes = info->FileAttributes;
    save(h, &s);
    done(&s);
}

BOOL WINAPI lm_SetFileInformationByHandle(HANDLE h, int class, const void *in, DWORD size)
{
    if (class != FileBasicInfo || size < sizeof(FILE_BASIC_INFO)) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return FALSE;
    }
    set_info(h, in);
    return TRUE;
}

DWORD WINAPI lm_GetFileAttributesW(const wchar_t *path)
{
    DWORD real = GetFileAttributesW(path);
    return real == INVALID_FILE_ATTRIBUTES ? real : merge_path(path, real);
}

BOOL WINAPI lm_SetFileAttributesW(const wchar_t *path, DWORD attributes)
{
    FILE_BASIC_INFO info = { .FileAttributes = attributes };
    HANDLE h = open_any(path);
    if (h == INVALID_HANDLE_VALUE)
        return FALSE;
    set_info(h, &info);
    CloseHandle(h);
    return TRUE;
}

static BOOL removed(const wchar_t *path, BOOL directory)
{
    uint64_t id = 0;
    uint32_t links = 0;
    wchar_t side[1200];
    if ((lm_GetFileAttributesW(path) & FILE_ATTRIBUTE_READONLY) != 0 && GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES) {
        SetLastError(ERROR_ACCESS_DENIED);
        return FALSE;
    }
    HANDLE h = open_any(path);
    if (h != INVALID_HANDLE_VALUE) {
        id_of(h, &id, &links);
        CloseHandle(h);
    }
    if (!(directory ? RemoveDirectoryW(path) : DeleteFileW(path)))
        return FALSE;
    if (directory || links <= 1) {
        side_path(id, side);
        DeleteFileW(side);
    }
    return TRUE;
}

BOOL WINAPI lm_RemoveDirectoryW(const wchar_t *path) { return removed(path, TRUE); }
BOOL WINAPI lm_DeleteFileW(const wchar_t *path) { return removed(path, FALSE); }

#define MAX_FINDS 64
static struct { HANDLE find; wchar_t directory[MAX_NAME]; } g_finds[MAX_FINDS];

static void merge_found(const wchar_t *directory, WIN32_FIND_DATAW *data)
{
    wchar_t path[MAX_NAME + 300];
    if (wcscmp(data->cFileName, L".") == 0 || wcscmp(data->cFileName, L"..") == 0)
        return;
    swprintf(path, MAX_NAME + 300, L"%ls\\%ls", directory, data->cFileName);
    data->dwFileAttributes = merge_path(path, data->dwFileAttributes);
}

HANDLE WINAPI lm_FindFirstFileW(const wchar_t *pattern, WIN32_FIND_DATAW *data)
{
    HANDLE find = FindFirstFileW(pattern, data);
    for (int i = 0; find != INVALID_HANDLE_VALUE && i < MAX_FINDS; i++)
        if (g_finds[i].find == NULL) {
            g_finds[i].find = find;
            wcsncpy(g_finds[i].directory, pattern, MAX_NAME - 1);
            *wcsrchr(g_finds[i].directory, L'\\') = 0;
            merge_found(g_finds[i].directory, data);
            break;
        }
    return find;
}

BOOL WINAPI lm_FindNextFileW(HANDLE find, WIN32_FIND_DATAW *data)
{
    if (!FindNextFileW(find, data))
        return FALSE;
    for (int i = 0; i < MAX_FINDS; i++)
        if (g_finds[i].find == find)
            merge_found(g_finds[i].directory, data);
    return TRUE;
}

BOOL WINAPI lm_FindClose(HANDLE find)
{
    for (int i = 0; i < MAX_FINDS; i++)
        if (g_finds[i].find == find)
            g_finds[i].find = NULL;
    return FindClose(find);
}

/* ---- trees ---- */

static int is(const wchar_t *path, uint32_t attribute)
{
    uint32_t a = lm_GetFileAttributesW(path);
    return a != INVALID_FILE_ATTRIBUTES && (a & attribute) != 0;
}

static int there(const wchar_t *path) { return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES; }
static int real_directory(const wchar_t *path)
{
    return is(path, FILE_ATTRIBUTE_DIRECTORY) && !is(path, FILE_ATTRIBUTE_REPARSE_POINT);
}

static int ends(const wchar_t *text, const wchar_t *end)
{
    size_t n = wcslen(text), m = wcslen(end);
    return n >= m && wcscmp(text + n - m, end) == 0;
}

/* Calls a function for each name in a directory; stops at the first code that is not 0. */
static uint32_t each(const wchar_t *directory, uint32_t (*f)(const wchar_t *name, const wchar_t **paths), const wchar_t **paths)
{
    WIN32_FIND_DATAW data;
    wchar_t pattern[MAX_NAME];
    uint32_t error = 0;
    swprintf(pattern, MAX_NAME, L"%ls\\*", directory);
    HANDLE find = FindFirstFileW(pattern, &data);
    if (find == INVALID_HANDLE_VALUE)
        return GetLastError();
    do {
        if (wcscmp(data.cFileName, L".") != 0 && wcscmp(data.cFileName, L"..") != 0)
            error = f(data.cFileName, paths);
    } while (error == 0 && FindNextFileW(find, &data));
    FindClose(find);
    return error;
}

static uint32_t destroy(const wchar_t *path);
static uint32_t destroy_name(const wchar_t *name, const wchar_t **paths)
{
    wchar_t path[MAX_NAME];
    swprintf(path, MAX_NAME, L"%ls\\%ls", paths[0], name);
    return destroy(path);
}

static uint32_t destroy(const wchar_t *path)
{
    const wchar_t *paths[] = { path };
    BOOL directory = (GetFileAttributesW(path) & FILE_ATTRIBUTE_DIRECTORY) != 0;
    uint32_t error = directory ? each(path, destroy_name, paths) : 0;
    lm_SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
    return error != 0 ? error : removed(path, directory) ? 0 : GetLastError();
}

/* A transport file at "from" becomes the file or directory "to": four bytes of attributes, then a stream. Or the other way. */
static uint32_t unwrap(const wchar_t *from, const wchar_t *to)
{
    FILE_BASIC_INFO info;
    LARGE_INTEGER size;
    DWORD n;
    uint32_t error = 0;
    HANDLE f = CreateFileW(from, GENERIC_READ, 7, NULL, OPEN_EXISTING, OPEN_FLAGS, NULL);
    if (f == INVALID_HANDLE_VALUE)
        return GetLastError();
    GetFileSizeEx(f, &size);
    lm_GetFileInformationByHandleEx(f, FileBasicInfo, &info, sizeof info);
    uint8_t *bytes = malloc((size_t)size.QuadPart + 1);
    ReadFile(f, bytes, (DWORD)size.QuadPart, &n, NULL);
    CloseHandle(f);
    if (n < 4) {
        free(bytes);
        return ERROR_INVALID_DATA;
    }
    memcpy(&info.FileAttributes, bytes, 4);
    BOOL directory = (info.FileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (directory)
        CreateDirectoryW(to, NULL);
    HANDLE t = CreateFileW(to, GENERIC_READ | GENERIC_WRITE, 7, NULL, directory ? OPEN_EXISTING : CREATE_NEW, OPEN_FLAGS, NULL);
    if (t == INVALID_HANDLE_VALUE)
        error = GetLastError();
    else {
        if (!apply(t, bytes + 4, n - 4, TRUE))
            error = GetLastError();
        set_info(t, &info);
        CloseHandle(t);
    }
    free(bytes);
    return error;
}

static uint32_t wrap(const wchar_t *from, const wchar_t *to)
{
    FILE_BASIC_INFO info;
    DWORD n;
    uint64_t size;
    HANDLE f = CreateFileW(from, GENERIC_READ, 7, NULL, OPEN_EXISTING, OPEN_FLAGS, NULL);
    if (f == INVALID_HANDLE_VALUE)
        return GetLastError();
    lm_GetFileInformationByHandleEx(f, FileBasicInfo, &info, sizeof info);
    uint8_t *stream = stream_of(f, TRUE, &size);
    CloseHandle(f);
    HANDLE t = CreateFileW(to, GENERIC_WRITE, 7, NULL, CREATE_NEW, OPEN_FLAGS, NULL);
    if (t == INVALID_HANDLE_VALUE)
        return GetLastError();
    WriteFile(t, &info.FileAttributes, 4, &n, NULL);
    WriteFile(t, stream, (DWORD)size, &n, NULL);
    info.FileAttributes = FILE_ATTRIBUTE_ARCHIVE;
    set_info(t, &info);
    CloseHandle(t);
    free(stream);
    return 0;
}

/* An ordinary file or directory, with all that is known of it. */
static uint32_t copy(const wchar_t *from, const wchar_t *to)
{
    side_t s;
    BOOL directory = (GetFileAttributesW(from) & FILE_ATTRIBUTE_DIRECTORY) != 0;
    if (directory ? !CreateDirectoryW(to, NULL) && GetLastError() != ERROR_ALREADY_EXISTS : !CopyFileW(from, to, TRUE))
        return GetLastError();
    HANDLE f = open_any(from), t = open_any(to);
    load(f, &s);
    save(t, &s);
    done(&s);
    CloseHandle(f);
    CloseHandle(t);
    return 0;
}

static uint32_t import_name(const wchar_t *name, const wchar_t **paths)
{
    wchar_t from[MAX_NAME], to[MAX_NAME], metadata[MAX_NAME];
    step();
    if (ends(name, SUFFIX))
        return 0;
    swprintf(from, MAX_NAME, L"%ls\\%ls", paths[0], name);
    swprintf(to, MAX_NAME, L"%ls\\%ls", paths[1], name);
    if ((GetFileAttributesW(from) & FILE_ATTRIBUTE_DIRECTORY) == 0)
        return paths[2] != NULL ? unwrap(from, to) : copy(from, to);
    swprintf(metadata, MAX_NAME, L"%ls%ls", from, SUFFIX);
    uint32_t error = there(metadata) ? unwrap(metadata, to) : copy(from, to);
    const wchar_t *below[] = { from, to, paths[2] };
    return error != 0 ? error : each(from, import_name, below);
}

/* What the parent has beside the layer's own files appears in the layer's directories, until it is removed. */
static uint32_t show_parent(const wchar_t *name, const wchar_t **paths)
{
    wchar_t parent[MAX_NAME], own[MAX_NAME];
    swprintf(parent, MAX_NAME, L"%ls\\%ls", paths[0], name);
    swprintf(own, MAX_NAME, L"%ls\\%ls", paths[1], name);
    if (there(own)) {
        const wchar_t *below[] = { parent, own };
        return real_directory(parent) && real_directory(own) ? each(parent, show_parent, below) : 0;
    }
    side_t s = { .flags = INHERITED };
    BOOL directory = (GetFileAttributesW(parent) & FILE_ATTRIBUTE_DIRECTORY) != 0;
    HANDLE h = directory ? CreateDirectoryW(own, NULL) ? open_any(own) : INVALID_HANDLE_VALUE
        : CreateFileW(own, GENERIC_WRITE, 7, NULL, CREATE_NEW, OPEN_FLAGS, NULL);
    if (h == INVALID_HANDLE_VALUE)
        return GetLastError();
    save(h, &s);
    CloseHandle(h);
    return 0;
}

static int inherited(const wchar_t *path)
{
    side_t s;
    HANDLE h = open_any(path);
    if (h == INVALID_HANDLE_VALUE)
        return 0;
    load(h, &s);
    CloseHandle(h);
    done(&s);
    return (s.flags & INHERITED) != 0;
}

static uint32_t export_name(const wchar_t *name, const wchar_t **paths)
{
    wchar_t from[MAX_NAME], to[MAX_NAME], metadata[MAX_NAME];
    swprintf(from, MAX_NAME, L"%ls\\%ls", paths[0], name);
    swprintf(to, MAX_NAME, L"%ls\\%ls", paths[1], name);
    if (inherited(from))
        return 0;
    if ((GetFileAttributesW(from) & FILE_ATTRIBUTE_DIRECTORY) == 0)
        return paths[2] != NULL ? wrap(from, to) : copy(from, to);
    if (!CreateDirectoryW(to, NULL))
        return GetLastError();
    swprintf(metadata, MAX_NAME, L"%ls%ls", to, SUFFIX);
    uint32_t error = paths[2] != NULL ? wrap(from, metadata) : copy(from, to);
    const wchar_t *below[] = { from, to, paths[2] };
    return error != 0 || is(from, FILE_ATTRIBUTE_REPARSE_POINT) ? error : each(from, export_name, below);
}

static FILE *g_tombstones;
static uint32_t list_gone(const wchar_t *name, const wchar_t **paths)
{
    wchar_t parent[MAX_NAME], own[MAX_NAME];
    swprintf(parent, MAX_NAME, L"%ls\\%ls", paths[0], name);
    swprintf(own, MAX_NAME, L"%ls\\%ls", paths[1], name);
    if (!there(own)) {
        char line[3 * MAX_NAME];
        WideCharToMultiByte(CP_UTF8, 0, own + wcslen(paths[2]), -1, line, sizeof line, NULL, NULL);
        fprintf(g_tombstones, "%s\r\n", line);
        return 0;
    }
    const wchar_t *below[] = { parent, own, paths[2] };
    return real_directory(parent) && real_directory(own) && !inherited(own) ? each(parent, list_gone, below) : 0;
}

/* ---- layers ---- */

static int check(const driver_info *info, const wchar_t *id)
{
    return info != NULL && info->home_dir != NULL && *info->home_dir == 0 && id != NULL && *id != 0;
}

HRESULT WINAPI lm_NameToGuid(const wchar_t *name, GUID *id)
{
    /* FNV-1a: any value will do as long as it is the same for the same name. */
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *name != 0; name++)
        hash = (hash ^ *name) * UINT64_C(1099511628211);
    memcpy(id, &hash, 8);
    memcpy((uint8_t *)id + 8, &hash, 8);
    return S_OK;
}

HRESULT WINAPI lm_LayerExists(const driver_info *info, const wchar_t *id, uint32_t *exists)
{
    if (!check(info, id))
        return HR(ERROR_INVALID_PARAMETER);
    *exists = there(id);
    return S_OK;
}

HRESULT WINAPI lm_DestroyLayer(const driver_info *info, const wchar_t *id)
{
    uint32_t error = !check(info, id) ? ERROR_INVALID_PARAMETER : there(id) ? destroy(id) : ERROR_PATH_NOT_FOUND;
    return error == 0 ? S_OK : HR(error);
}

HRESULT WINAPI lm_ImportLayer(
    const driver_info *info, const wchar_t *id, const wchar_t *folder, const layer_descriptor *parents, uint32_t count)
{
    wchar_t from[MAX_NAME], to[MAX_NAME], parent[MAX_NAME];
    if (!check(info, id) || count == 0 || parents == NULL)
        return HR(ERROR_INVALID_PARAMETER);
    swprintf(from, MAX_NAME, L"%ls\\Files", folder);
    swprintf(to, MAX_NAME, L"%ls\\Files", id);
    swprintf(parent, MAX_NAME, L"%ls\\Files%ls", folder, SUFFIX);
    const wchar_t *files[] = { from, to, L"Files" };
    uint32_t error = there(parent) ? unwrap(parent, to) : copy(from, to);
    if (error == 0)
        error = each(from, import_name, files);
    swprintf(parent, MAX_NAME, L"%ls\\Files", parents[0].path);
    const wchar_t *shown[] = { parent, to };
    if (error == 0)
        error = each(parent, show_parent, shown);
    swprintf(from, MAX_NAME, L"%ls\\Hives", folder);
    swprintf(to, MAX_NAME, L"%ls\\Hives", id);
    const wchar_t *hives[] = { from, to, NULL };
    if (error == 0 && there(from)) {
        swprintf(parent, MAX_NAME, L"%ls\\Hives%ls", folder, SUFFIX);
        error = there(parent) ? unwrap(parent, to) : copy(from, to);
        if (error == 0)
            error = each(from, import_name, hives);
    }
    return error == 0 ? S_OK : HR(error);
}

HRESULT WINAPI lm_ExportLayer(
    const driver_info *info, const wchar_t *id, const wchar_t *folder, const layer_descriptor *parents, uint32_t count)
{
    wchar_t from[MAX_NAME], to[MAX_NAME], parent[MAX_NAME];
    if (!check(info, id) || count == 0 || parents == NULL)
        return HR(ERROR_INVALID_PARAMETER);
    swprintf(to, MAX_NAME, L"%ls\\tombstones.txt", folder);
    g_tombstones = _wfopen(to, L"wb");
    if (g_tombstones == NULL)
        return HR(ERROR_PATH_NOT_FOUND);
    fputs("\xEF\xBB\xBFVersion 1.0\r\n", g_tombstones);
    swprintf(parent, MAX_NAME, L"%ls\\Files", parents[0].path);
    swprintf(from, MAX_NAME, L"%ls\\Files", id);
    const wchar_t *gone[] = { parent, from, from };
    uint32_t error = each(parent, list_gone, gone);
    fclose(g_tombstones);
    const wchar_t *paths[] = { id, folder, NULL };
    swprintf(to, MAX_NAME, L"%ls\\Files", folder);
    const wchar_t *files[] = { from, to, L"Files" };
    if (error == 0)
        error = copy(from, to);
    if (error == 0)
        error = each(from, export_name, files);
    return error == 0 && (error = export_name(L"Hives", paths)) == 0 ? S_OK : HR(error);
}

static HRESULT leave(const wchar_t *folder, const wchar_t *name)
{
    wchar_t path[MAX_NAME];
    swprintf(path, MAX_NAME, L"%ls\\%ls", folder, name);
    HANDLE h = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    if (h == INVALID_HANDLE_VALUE)
        return HR(GetLastError());
    CloseHandle(h);
    return S_OK;
}

HRESULT WINAPI lm_ProcessBaseImage(const wchar_t *layer)
{
    wchar_t files[MAX_NAME];
    swprintf(files, MAX_NAME, L"%ls\\Files", layer);
    return !real_directory(files) ? HR(ERROR_PATH_NOT_FOUND) : leave(layer, L"blank-base.vhdx");
}

HRESULT WINAPI lm_ProcessUtilityImage(const wchar_t *vm) { return leave(vm, L"SystemTemplate.vhdx"); }
