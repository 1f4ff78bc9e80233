/*
 * threads SOURCE OPTIONS: eight threads with a reader each, then eight threads on one reader. Exits 0 when all that was allowed worked
 * and all else was refused with AOTL_E_BUSY or AOTL_E_HANDLE.
 */
#include "platform.h"

#define THREADS 8
#define ROUNDS 40

static const char *source;
static const char *options;

typedef struct worker {
    int index;
    int wrong;
    uint64_t entries;
    uint64_t bytes;
    aotl_reader *shared;
} worker;

static THREAD_RESULT own_reader(void *argument)
{
    worker *self = (worker *)argument;
    aotl_entry entry = AOTL_ENTRY_INIT;
    char buffer[64];
    char wrong_option[32];
    size_t read;
    int round;
    if (aotl_last_error()[0] != 0) {
        self->wrong = 1;
    }
    for (round = 0; round < ROUNDS; round++) {
        aotl_reader *reader;
        if (aotl_open(source, options, &reader) != AOTL_OK) {
            self->wrong = 2;
            break;
        }
        while (aotl_next(reader, &entry) == AOTL_OK) {
            self->entries++;
            do {
                if (aotl_read(reader, buffer, sizeof buffer, &read) != AOTL_OK) {
                    self->wrong = 3;
                }
                self->bytes += read;
            } while (read > 0);
        }
        if (aotl_close(reader) != AOTL_OK) {
            self->wrong = 4;
        }
        /* The text of this thread's error is not another thread's. */
        sprintf(wrong_option, "{\"thread%d\":1}", self->index);
        if (aotl_open(source, wrong_option, &reader) != AOTL_E_INVALIDARG) {
            self->wrong = 5;
        }
        sprintf(wrong_option, "'thread%d'", self->index);
        if (strstr(aotl_last_error(), wrong_option) == NULL) {
            self->wrong = 6;
        }
    }
    THREAD_END;
}

static THREAD_RESULT shared_reader(void *argument)
{
    worker *self = (worker *)argument;
    aotl_entry entry = AOTL_ENTRY_INIT;
    char buffer[64];
    size_t read;
    int32_t code;
    do {
        code = aotl_next(self->shared, &entry);
        if (code == AOTL_OK) {
            self->entries++;
            code = aotl_read(self->shared, buffer, sizeof buffer, &read);
            /* Another thread may have reached the end in between. */
            if (code == AOTL_E_STATE) {
                code = AOTL_OK;
            }
        }
    } while (code == AOTL_OK || code == AOTL_E_BUSY);
    if (code != AOTL_END) {
        printf("shared: 0x%08" PRIX32 " %s\n", (uint32_t)code, aotl_last_error());
        self->wrong = 7;
    }
    THREAD_END;
}

static THREAD_RESULT closer(void *argument)
{
    worker *self = (worker *)argument;
    int32_t code;
    while ((code = aotl_close(self->shared)) == AOTL_E_BUSY) {
    }
    self->entries = code == AOTL_OK;
    if (code != AOTL_OK && code != AOTL_E_HANDLE) {
        self->wrong = 8;
    }
    THREAD_END;
}

static uint64_t start_all(THREAD_RESULT (*body)(void *), aotl_reader *shared, uint64_t *bytes)
{
    worker workers[THREADS];
    thread_id ids[THREADS];
    uint64_t entries = 0;
    int i;
    memset(workers, 0, sizeof workers);
    for (i = 0; i < THREADS; i++) {
        workers[i].index = i;
        workers[i].shared = shared;
        ids[i] = start_thread(body, &workers[i]);
    }
    for (i = 0; i < THREADS; i++) {
        join_thread(ids[i]);
        if (workers[i].wrong != 0) {
            printf("thread %d: wrong at %d\n", i, workers[i].wrong);
            exit(1);
        }
        entries += workers[i].entries;
        *bytes += workers[i].bytes;
    }
    return entries;
}

static int run(int argc, char **argv)
{
    aotl_reader *reader;
    uint64_t bytes = 0;
    uint64_t ignored = 0;
    uint64_t entries;
    uint64_t together;
    if (argc < 2) {
        return 2;
    }
    source = argv[0];
    options = argv[1];
    entries = start_all(own_reader, NULL, &bytes);
    if (entries % (THREADS * ROUNDS) != 0 || bytes % (THREADS * ROUNDS) != 0) {
        printf("threads read different layers: %" PRIu64 " entries, %" PRIu64 " bytes\n", entries, bytes);
        return 1;
    }
    entries /= THREADS * ROUNDS;

    if (aotl_open(source, options, &reader) != AOTL_OK) {
        return 3;
    }
    together = start_all(shared_reader, reader, &ignored);
    if (together != entries) {
        printf("%" PRIu64 " entries together instead of %" PRIu64 "\n", together, entries);
        return 1;
    }
    if (start_all(closer, reader, &ignored) != 1) {
        printf("the reader was not closed exactly once\n");
        return 1;
    }
    printf("%" PRIu64 " entries, %" PRIu64 " bytes\n", entries, bytes / (THREADS * ROUNDS));
    return 0;
}
