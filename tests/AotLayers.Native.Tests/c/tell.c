/*
 * tell FILE SOURCE [OPTIONS]: exports, and prints what the library tells about it in JSON. Exits 0, or 1 when the export failed; 3 when
 * what the function returned and what is told differ.
 */
#include "platform.h"

static int run(int argc, char **argv)
{
    int32_t code;
    char expected[32];
    if (argc < 2) {
        return 2;
    }
    code = aotl_export(argv[1], argc > 2 ? argv[2] : NULL, argv[0], NULL, NULL, NULL);
    if (code == AOTL_OK) {
        printf("%s\n", aotl_last_result_json());
        return 0;
    }
    printf("%s\n", aotl_last_error_json());
    snprintf(expected, sizeof expected, "\"code\":\"0x%08" PRIx32 "\"", (uint32_t)code);
    return code == aotl_last_error_code() && strstr(aotl_last_error_json(), expected) != NULL ? 1 : 3;
}
