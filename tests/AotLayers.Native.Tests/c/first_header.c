/*
 * first_header LAYER OPTIONS FILE: a program that was compiled when the interface was new. The header beside it is that of version 1,
 * kept as it was; the library is today's. Reads a layer and exports it, with guards behind its structs, and with struct_size 0 as
 * version 1 allowed it.
 */
#include "aotlayers_v1.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define GUARD 0xA5

typedef struct guarded_entry {
    aotl_entry entry;
    unsigned char guard[256];
} guarded_entry;

typedef struct guarded_summary {
    aotl_summary summary;
    unsigned char guard[256];
} guarded_summary;

static int intact(const unsigned char *guard)
{
    int i;
    for (i = 0; i < 256; i++) {
        if (guard[i] != GUARD) {
            return 0;
        }
    }
    return 1;
}

static int failed(const char *call, int32_t code)
{
    printf("%s: 0x%08" PRIX32 " %s\n", call, (uint32_t)code, aotl_last_error());
    return 1;
}

static int read_all(const char *layer, const char *options, uint32_t struct_size)
{
    guarded_entry at;
    aotl_reader *reader = NULL;
    int32_t code = aotl_open(layer, options, &reader);
    if (code != AOTL_OK) {
        return failed("open", code);
    }
    for (;;) {
        unsigned char buffer[100];
        size_t read;
        uint64_t total = 0;
        memset(&at, GUARD, sizeof at);
        at.entry.struct_size = struct_size;
        code = aotl_next(reader, &at.entry);
        if (code == AOTL_END) {
            break;
        }
        if (code != AOTL_OK) {
            return failed("next", code);
        }
        if (at.entry.struct_size != sizeof(aotl_entry) || !intact(at.guard)) {
            printf("struct_size %" PRIu32 ", guard %d\n", at.entry.struct_size, intact(at.guard));
            return 1;
        }
        do {
            code = aotl_read_data(reader, buffer, sizeof buffer, &read);
            if (code != AOTL_OK) {
                return failed("read", code);
            }
            total += read;
        } while (read > 0);
        printf("%s|%" PRIu32 "|%" PRId64 "|%" PRId64 "|0x%" PRIX32 "|%" PRIu64 "\n", at.entry.name, at.entry.flags, at.entry.size,
            at.entry.last_write_time,
            at.entry.attributes, total);
    }
    code = aotl_close(reader);
    return code == AOTL_OK ? 0 : failed("close", code);
}

int main(int argc, char **argv)
{
    guarded_summary at;
    int32_t code;
    if (argc < 4 || aotl_abi_version() < AOTL_ABI_VERSION) {
        return 2;
    }
    if (read_all(argv[1], argv[2], (uint32_t)sizeof(aotl_entry)) != 0 || read_all(argv[1], argv[2], 0) != 0) {
        return 1;
    }
    memset(&at, GUARD, sizeof at);
    at.summary.struct_size = sizeof(aotl_summary);
    code = aotl_export(argv[1], argv[2], argv[3], NULL, NULL, &at.summary);
    if (code != AOTL_OK) {
        return failed("export", code);
    }
    if (at.summary.struct_size != sizeof(aotl_summary) || !intact(at.guard)) {
        printf("summary: struct_size %" PRIu32 ", guard %d\n", at.summary.struct_size, intact(at.guard));
        return 1;
    }
    printf("export %" PRIu64 " %" PRIu64 " %s %s\n", at.summary.entries, at.summary.bytes, at.summary.diff_id, at.summary.reader);
    return 0;
}
