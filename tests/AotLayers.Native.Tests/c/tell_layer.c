/*
 * tell_layer VERB LAYER OPTIONS [ARGUMENT...] [stop:N]: does one thing with a layer, and prints what the library tells about it in
 * JSON. With stop:N the callback asks to stop after N calls or entries. LAYER "-" is NULL. Exits 0, or 1 when it failed; 3 when what
 * was returned and what is told differ.
 */
#include "platform.h"

typedef struct stopper {
    int64_t after;
    int64_t calls;
    int wrong;
} stopper;

static int32_t AOTL_CALL on_step(void *user, const aotl_step *step)
{
    stopper *state = (stopper *)user;
    state->calls++;
    if (step->struct_size < sizeof(aotl_step) || step->call == NULL || step->call[0] == 0 || step->remark == NULL || step->attempt < 1) {
        state->wrong = 1;
    }
    return state->after >= 0 && state->calls >= state->after;
}

static int32_t AOTL_CALL on_progress(void *user, const aotl_progress *progress)
{
    stopper *state = (stopper *)user;
    state->calls++;
    if (progress->struct_size < sizeof(aotl_progress) || progress->name == NULL) {
        state->wrong = 1;
    }
    return state->after >= 0 && (int64_t)progress->entries >= state->after;
}

static int run(int argc, char **argv)
{
    stopper state;
    aotl_summary summary = AOTL_SUMMARY_INIT;
    int32_t code;
    const char *verb, *layer, *options;
    char expected[32];
    if (argc < 3) {
        return 2;
    }
    memset(&state, 0, sizeof state);
    state.after = -1;
    if (strncmp(argv[argc - 1], "stop:", 5) == 0) {
        state.after = strtoll(argv[argc - 1] + 5, NULL, 10);
        argc--;
    }
    verb = argv[0];
    layer = strcmp(argv[1], "-") == 0 ? NULL : argv[1];
    options = argv[2];
    if (strcmp(verb, "import") == 0) {
        code = aotl_import(argv[3], layer, options, on_progress, &state, &summary);
    } else if (strcmp(verb, "create") == 0) {
        code = aotl_layer_create(layer, options, argc > 3 ? strtoull(argv[3], NULL, 10) : 0, on_step, &state);
    } else if (strcmp(verb, "mount") == 0) {
        code = aotl_layer_mount(layer, options, on_step, &state);
    } else if (strcmp(verb, "mount-path") == 0) {
        char path[200];
        size_t length = 0, again = 0;
        code = aotl_layer_mount_path(layer, options, NULL, 0, &length);
        if (code == AOTL_E_INSUFFICIENT_BUFFER && length < sizeof path) {
            code = aotl_layer_mount_path(layer, options, path, sizeof path, &again);
            if (code == AOTL_OK && (again != length || strlen(path) != length)) {
                return 4;
            }
        }
    } else if (strcmp(verb, "unmount") == 0) {
        code = aotl_layer_unmount(layer, options, on_step, &state);
    } else if (strcmp(verb, "remove") == 0) {
        code = aotl_layer_remove(layer, options, argc > 3, on_step, &state);
    } else if (strcmp(verb, "expand") == 0) {
        code = aotl_layer_expand(layer, options, strtoull(argv[3], NULL, 10), on_step, &state);
    } else if (strcmp(verb, "exists") == 0) {
        int32_t exists = -1;
        code = aotl_layer_exists(layer, options, &exists);
        if (code == AOTL_OK && exists != (strstr(aotl_last_result_json(), "\"exists\":true") != NULL)) {
            return 4;
        }
    } else if (strcmp(verb, "make-base") == 0) {
        code = aotl_layer_make_base(layer, options, on_step, &state);
    } else if (strcmp(verb, "grant-vm") == 0) {
        code = aotl_layer_grant_vm(layer, options, argv[3], argc > 4 ? argv[4] : NULL, on_step, &state);
    } else if (strcmp(verb, "list") == 0) {
        code = aotl_layer_list(options);
    } else if (strcmp(verb, "doctor") == 0) {
        code = aotl_doctor(layer, options);
    } else {
        return 2;
    }
    if (state.wrong) {
        printf("the callback saw something wrong\n");
        return 5;
    }
    if (code == AOTL_OK) {
        printf("%s\n", aotl_last_result_json());
        return 0;
    }
    printf("%s\n", aotl_last_error_json());
    snprintf(expected, sizeof expected, "\"code\":\"0x%08" PRIx32 "\"", (uint32_t)code);
    return code == aotl_last_error_code() && strstr(aotl_last_error_json(), expected) != NULL ? 1 : 3;
}
