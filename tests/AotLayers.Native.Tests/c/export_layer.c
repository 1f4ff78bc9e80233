/*
 * export_layer FILE STOP SOURCE [OPTIONS]: exports with a progress callback that asks to stop after STOP entries (-1: never), and prints
 * the summary.
 */
#include "platform.h"

typedef struct progress_state {
    int64_t stop;
    uint64_t calls;
    uint64_t entries;
    uint64_t bytes;
    int wrong;
} progress_state;

static int32_t AOTL_CALL on_progress(void *user, const aotl_progress *progress)
{
    progress_state *state = (progress_state *)user;
    state->calls++;
    if (progress->struct_size < sizeof(aotl_progress) || progress->name == NULL || progress->entries < state->entries
        || progress->bytes < state->bytes) {
        state->wrong = 1;
    }
    state->entries = progress->entries;
    state->bytes = progress->bytes;
    /* The library may be called from here. */
    if (aotl_abi_version() < AOTL_ABI_VERSION || aotl_next(NULL, NULL) != AOTL_E_POINTER) {
        state->wrong = 1;
    }
    return state->stop >= 0 && (int64_t)progress->entries >= state->stop;
}

static int run(int argc, char **argv)
{
    progress_state state;
    aotl_summary summary = AOTL_SUMMARY_INIT;
    int32_t code;
    if (argc < 3) {
        return 2;
    }
    memset(&state, 0, sizeof state);
    state.stop = strtoll(argv[1], NULL, 10);
    code = aotl_export(argv[2], argc > 3 ? argv[3] : NULL, argv[0], on_progress, &state, &summary);
    if (state.wrong) {
        printf("the progress callback saw something wrong\n");
        return 3;
    }
    if (code != AOTL_OK) {
        printf("export: 0x%08" PRIX32 " %s\n", (uint32_t)code, aotl_last_error());
        return 1;
    }
    printf("entries %" PRIu64 "\ntombstones %" PRIu64 "\nhardLinks %" PRIu64 "\nbytes %" PRIu64 "\ntarBytes %" PRIu64 "\nfileBytes %" PRIu64
           "\nlosses %" PRIu64 "\ndiffId %s\ndigest %s\nreader %s\n",
        summary.entries, summary.tombstones, summary.hard_links, summary.bytes, summary.tar_bytes, summary.file_bytes, summary.losses,
        summary.diff_id, summary.digest, summary.reader);
    printf("json %s\n", aotl_last_result_json());
    return state.calls > 0 ? 0 : 4;
}
