/*
 * verify_layer STOP SOURCE [OPTIONS]: verifies with a callback that asks to stop at finding STOP (-1: never), and prints findings, summary
 * and the JSON of the result.
 */
#include "platform.h"

typedef struct finding_state {
    int64_t stop;
    int64_t count;
    int wrong;
} finding_state;

static int32_t AOTL_CALL on_finding(void *user, const aotl_finding *finding)
{
    finding_state *state = (finding_state *)user;
    if (finding->struct_size < sizeof(aotl_finding) || finding->severity > AOTL_SEVERITY_ERROR || strlen(finding->rule) != 7
        || finding->message[0] == 0) {
        state->wrong = 1;
    }
    printf("%s %s %" PRIu32 " %s %s\n", finding->rule, finding->name, finding->severity, finding->offset < 0 ? "-" : "offset",
        finding->entry != NULL ? finding->entry : "(layer)");
    return state->count++ == state->stop;
}

static int run(int argc, char **argv)
{
    finding_state state;
    aotl_verify_summary summary;
    int32_t code;
    if (argc < 2) {
        return 2;
    }
    memset(&state, 0, sizeof state);
    memset(&summary, 0, sizeof summary);
    summary.struct_size = sizeof summary;
    state.stop = strtoll(argv[0], NULL, 10);
    code = aotl_verify(argv[1], argc > 2 ? argv[2] : NULL, on_finding, &state, &summary);
    if (state.wrong) {
        printf("the callback saw something wrong\n");
        return 3;
    }
    if (code != AOTL_OK) {
        printf("verify: 0x%08" PRIX32 " %s\n", (uint32_t)code, aotl_last_error());
        return 1;
    }
    printf("errors %" PRIu64 "\nwarnings %" PRIu64 "\nnotes %" PRIu64 "\nnotTold %" PRIu64 "\nentries %" PRIu64 "\ndiffId %s\n",
        summary.errors, summary.warnings, summary.notes, summary.not_told, summary.entries, summary.diff_id);
    printf("json %s\n", aotl_last_result_json());
    return 0;
}
