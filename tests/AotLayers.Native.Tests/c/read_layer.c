/*
 * read_layer backup|data|skip SOURCE [OPTIONS]: prints every entry, and its backup stream or its data in hexadecimal.
 * Exits 0 at the end of the layer; 1 when something failed, after printing the code and the text.
 */
#include "platform.h"

static int failed(const char *call, int32_t code)
{
    printf("%s: 0x%08" PRIX32 " %s\n", call, (uint32_t)code, aotl_last_error());
    printf("json %s\n", aotl_last_error_json());
    return 1;
}

static int print_stream(aotl_reader *reader, int data)
{
    unsigned char buffer[7];
    size_t read;
    size_t i;
    int32_t code;
    printf("  ");
    do {
        code = data ? aotl_read_data(reader, buffer, sizeof buffer, &read) : aotl_read(reader, buffer, sizeof buffer, &read);
        if (code != AOTL_OK) {
            printf("\n");
            return failed("read", code);
        }
        for (i = 0; i < read; i++) {
            printf("%02x", buffer[i]);
        }
    } while (read > 0);
    printf("\n");
    return 0;
}

static int run(int argc, char **argv)
{
    aotl_reader *reader = NULL;
    aotl_entry entry = AOTL_ENTRY_INIT;
    int32_t code;
    int i;
    if (argc < 2) {
        return 2;
    }
    if (aotl_abi_version() < AOTL_ABI_VERSION) {
        return 3;
    }
    code = aotl_open(argv[1], argc > 2 ? argv[2] : NULL, &reader);
    if (code != AOTL_OK) {
        return failed("open", code);
    }
    while ((code = aotl_next(reader, &entry)) == AOTL_OK) {
        if (entry.struct_size != sizeof entry || strlen(entry.name) != entry.name_length) {
            return 4;
        }
        printf("%s|%" PRIu32 "|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "|%" PRId64 "|0x%" PRIX32 "|%" PRIu32 "|",
            entry.name, entry.flags, entry.size, entry.creation_time, entry.last_access_time, entry.last_write_time, entry.change_time,
            entry.attributes, entry.link_count);
        for (i = 15; i >= 0; i--) {
            printf("%02x", entry.file_id[i]);
        }
        if ((entry.flags & AOTL_ENTRY_HARD_LINK) != 0) {
            printf("|%s", entry.link_target);
        }
        printf("\n");
        if (argv[0][0] != 's' && print_stream(reader, argv[0][0] == 'd') != 0) {
            aotl_close(reader);
            return 1;
        }
    }
    if (code != AOTL_END) {
        failed("next", code);
        aotl_close(reader);
        return 1;
    }
    if (aotl_next(reader, &entry) != AOTL_END) {
        return 5;
    }
    code = aotl_close(reader);
    return code == AOTL_OK ? 0 : failed("close", code);
}
