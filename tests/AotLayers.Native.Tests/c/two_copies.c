/*
 * two_copies OTHER_LIBRARY SOURCE [OPTIONS]: two copies of the library in one process read the same layer in turns, and refuse each
 * other's handles.
 * Compiled with DYNAMIC: the first argument is the first copy.
 */
#include "platform.h"

static int run(int argc, char **argv)
{
    library other;
    aotl_reader *first = NULL;
    aotl_reader *second = NULL;
    aotl_entry a = AOTL_ENTRY_INIT;
    aotl_entry b = AOTL_ENTRY_INIT;
    int32_t code;
    int entries = 0;
    const char *options = argc > 2 ? argv[2] : NULL;
    if (argc < 2) {
        return 2;
    }
    load_library(argv[0], &other);
    if (memcmp(&other, &loaded, sizeof other) == 0) {
        printf("both are the same copy\n");
        return 3;
    }
    if (aotl_open(argv[1], options, &first) != AOTL_OK || other.open(argv[1], options, &second) != AOTL_OK) {
        printf("%s%s\n", aotl_last_error(), other.last_error());
        return 4;
    }
    if (first == second || aotl_next(second, &a) != AOTL_E_HANDLE || other.close(first) != AOTL_E_HANDLE) {
        printf("a copy took the other's handle\n");
        return 5;
    }
    while ((code = aotl_next(first, &a)) == AOTL_OK) {
        if (other.next(second, &b) != AOTL_OK || strcmp(a.name, b.name) != 0 || a.size != b.size) {
            return 6;
        }
        entries++;
    }
    if (code != AOTL_END || other.next(second, &b) != AOTL_END || aotl_close(first) != AOTL_OK || other.close(second) != AOTL_OK) {
        return 7;
    }
    printf("%d entries\n", entries);
    return 0;
}
