/*
 * The part of the shim that Linux loads before everything else of a program (LD_PRELOAD): dlopen and dlsym that hand out the shim's entry
 * points in place of a library's own functions. It is C because the loader may be asked before, and from within, the start of the .NET
 * runtime; and because a call that is none of ours has to look to the loader as if we were not there: it decides by its caller's address.
 *
 * Active only when AOTLAYERS_RECORD or AOTLAYERS_REPLAY is set and this copy of the shim is the one that was preloaded. Then
 *   dlsym of a function that the shim exports is answered by aotlayers_redirect (managed), which says what to hand out;
 *   dlopen of a library that the shim stands for gives the shim itself, in a replay only.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef void *(*dlsym_function)(void *, const char *);
typedef void *(*dlopen_function)(const char *, int);

/* Managed exports of the same library. */
extern void *aotlayers_redirect(const char *library, const char *name, void *function, void *handle);
extern int aotlayers_serves(const char *library);

enum mode { UNKNOWN, NONE, RECORD, REPLAY };

static _Atomic(dlsym_function) next_dlsym;
static _Atomic(dlopen_function) next_dlopen;
static atomic_int current_mode;
static atomic_uintptr_t own_base;
static atomic_int forked;

/* The real ones have had these versions: before and after libdl became a part of libc, on x64 and arm64. */
static void *find_next(const char *name)
{
    static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17" };
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        void *found = dlvsym(RTLD_NEXT, name, versions[i]);
        if (found) {
            return found;
        }
    }
    /* dlsym of the C library must be there: nothing works without it. */
    abort();
}

static dlsym_function real_dlsym(void)
{
    dlsym_function real = atomic_load(&next_dlsym);
    if (!real) {
        real = (dlsym_function)find_next("dlsym");
        atomic_store(&next_dlsym, real);
    }
    return real;
}

static dlopen_function real_dlopen(void)
{
    dlopen_function real = atomic_load(&next_dlopen);
    if (!real) {
        real = (dlopen_function)find_next("dlopen");
        atomic_store(&next_dlopen, real);
    }
    return real;
}

/* A process that was forked has neither the shared memory nor the other threads of the runtime: its calls are passed on. */
static void note_fork(void)
{
    atomic_store(&forked, 1);
    atomic_store(&current_mode, NONE);
}

static enum mode mode(void)
{
    int known = atomic_load(&current_mode);
    if (known == UNKNOWN) {
        const char *record = getenv("AOTLAYERS_RECORD");
        const char *replay = getenv("AOTLAYERS_REPLAY");
        Dl_info self;
        known = NONE;
        if (((record && *record) || (replay && *replay)) && dladdr((void *)&dlsym, &self)
            && real_dlsym()(RTLD_DEFAULT, "dlsym") == (void *)&dlsym) {
            atomic_store(&own_base, (uintptr_t)self.dli_fbase);
            known = record && *record ? RECORD : REPLAY;
            pthread_atfork(NULL, NULL, note_fork);
        }
        atomic_store(&current_mode, known);
    }
    return (enum mode)known;
}

static int is_own(void *function)
{
    Dl_info info;
    return function && dladdr(function, &info) && (uintptr_t)info.dli_fbase == atomic_load(&own_base);
}

static void *open_self(void)
{
    Dl_info self;
    return dladdr((void *)&dlsym, &self) ? real_dlopen()(self.dli_fname, RTLD_LAZY | RTLD_NOLOAD) : NULL;
}

/* A function that this library exports for others: what it exports for itself begins with its own name. */
static int is_served(const char *name)
{
    if (!name || strncmp(name, "aotlayers_", 10) == 0 || strcmp(name, "dlsym") == 0 || strcmp(name, "dlopen") == 0) {
        return 0;
    }

    void *self = open_self();
    if (!self) {
        return 0;
    }
    int served = is_own(real_dlsym()(self, name));
    dlclose(self);
    return served;
}

static void *redirect(void *handle, const char *name)
{
    void *function = real_dlsym()(handle, name);
    Dl_info info = { 0 };
    int replay = mode() == REPLAY;
    if (is_own(function)) {
        /* In a replay it came from what our dlopen gave. Otherwise the program searches everywhere, and we come first. */
        function = replay ? function : real_dlsym()(RTLD_NEXT, name);
    }
    if (function && dladdr(function, &info) == 0) {
        info.dli_fname = NULL;
    }

    /* In a replay there is no library, only its functions. */
    const char *path = replay ? NULL : info.dli_fname;
    void *library = path ? real_dlopen()(path, RTLD_LAZY | RTLD_NOLOAD) : NULL;
    void *handed = aotlayers_redirect(path, name, function, library ? library : handle);
    if (library) {
        dlclose(library);
    }
    return handed;
}

EXPORT void *dlsym(void *handle, const char *name)
{
    if (mode() != NONE && is_served(name)) {
        void *handed = redirect(handle, name);
        if (handed) {
            return handed;
        }
        if (mode() == REPLAY) {
            /* The C library lacks it as well: dlerror names the function. */
            void *lacking = real_dlopen()("libc.so.6", RTLD_LAZY | RTLD_NOLOAD);
            if (lacking) {
                return real_dlsym()(lacking, name);
            }
        }
    }
    return real_dlsym()(handle, name);
}

EXPORT void *dlopen(const char *file, int flags)
{
    if (file && mode() == REPLAY && aotlayers_serves(file)) {
        return open_self();
    }
    return real_dlopen()(file, flags);
}

/* For the managed part: the loader itself, without the redirection. */
void *aotlayers_lookup(void *handle, const char *name)
{
    return real_dlsym()(handle, name);
}

/* A linked program is bound to the shim's exports by the loader: the function that it means is the next one of that name. */
void *aotlayers_next(const char *name)
{
    return mode() == RECORD ? real_dlsym()(RTLD_NEXT, name) : NULL;
}

int aotlayers_is_recorder(void)
{
    return mode() == RECORD;
}

int aotlayers_is_forked(void)
{
    return atomic_load_explicit(&forked, memory_order_relaxed);
}
