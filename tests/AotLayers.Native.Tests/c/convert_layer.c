/*
 * convert_layer DEST SOURCE [OPTIONS]: converts, prints the summary and the JSON of the result, then of each entry of the source what it is
 * besides its content.
 */
#include "platform.h"

static int print_metadata(const char *source)
{
    aotl_reader *reader = NULL;
    aotl_entry entry = AOTL_ENTRY_INIT;
    int32_t code = aotl_open(source, NULL, &reader);
    while (code == AOTL_OK && (code = aotl_next(reader, &entry)) == AOTL_OK) {
        aotl_metadata metadata;
        const char *json = NULL;
        size_t read = 0;
        char byte;
        memset(&metadata, 0, sizeof metadata);
        metadata.struct_size = sizeof metadata;
        code = aotl_entry_metadata(reader, &metadata);
        if (code == AOTL_OK) {
            printf("%s security %" PRIu64 " reparse 0x%" PRIX32 " %s eas %" PRIu64 " streams %" PRIu64 " %s\n", entry.name,
                metadata.security_descriptor_length, metadata.reparse_tag, metadata.reparse_target != NULL ? metadata.reparse_target : "-",
                metadata.extended_attributes_length, metadata.alternate_streams,
                metadata.alternate_stream_names != NULL ? metadata.alternate_stream_names : "-");
            code = aotl_entry_metadata_json(reader, &json);
            printf("entry %s\n", json);
            if (aotl_read(reader, &byte, 1, &read) != AOTL_E_STATE) {
                printf("a stream can be read twice\n");
            }
        }
    }
    if (code < 0) {
        printf("metadata: 0x%08" PRIX32 " %s\n", (uint32_t)code, aotl_last_error());
    }
    return aotl_close(reader) == AOTL_OK && code == AOTL_END ? 0 : 1;
}

static int run(int argc, char **argv)
{
    aotl_summary summary = AOTL_SUMMARY_INIT;
    int32_t code;
    if (argc < 2) {
        return 2;
    }
    code = aotl_convert(argv[1], argc > 2 ? argv[2] : NULL, argv[0], NULL, NULL, &summary);
    if (code != AOTL_OK) {
        printf("convert: 0x%08" PRIX32 " %s\n", (uint32_t)code, aotl_last_error());
        return 1;
    }
    printf("entries %" PRIu64 "\nlosses %" PRIu64 "\nreader %s\njson %s\n", summary.entries, summary.losses, summary.reader,
        aotl_last_result_json());
    return print_metadata(argv[1]);
}
