/*
 * misuse SOURCE OPTIONS: every call wrong in every way that a library can survive. Prints each surprise; exits with their number.
 */
#include "platform.h"

static int surprises;

#define EXPECT(code, call) expect(__LINE__, (code), (call), NULL)
#define EXPECT_TEXT(code, text, call) expect(__LINE__, (code), (call), (text))

static void expect(int line, int32_t expected, int32_t actual, const char *text)
{
    if (actual != expected) {
        printf("line %d: 0x%08" PRIX32 " instead of 0x%08" PRIX32 " (%s)\n", line, (uint32_t)actual, (uint32_t)expected, aotl_last_error());
        surprises++;
    } else if (text != NULL && strstr(aotl_last_error(), text) == NULL) {
        printf("line %d: '%s' is not in '%s'\n", line, text, aotl_last_error());
        surprises++;
    }
}

static void expect_true(int line, int condition, const char *text)
{
    if (!condition) {
        printf("line %d: not true: %s\n", line, text);
        surprises++;
    }
}

#define EXPECT_TRUE(condition) expect_true(__LINE__, (condition), #condition)

static void before_any_error(void)
{
    size_t length = 99;
    char buffer[1];
    EXPECT_TRUE(strcmp(aotl_last_error(), "") == 0);
    EXPECT_TRUE(strcmp(aotl_last_error_json(), "{}") == 0);
    EXPECT_TRUE(strcmp(aotl_last_result_json(), "{}") == 0);
    EXPECT(AOTL_OK, aotl_last_error_code());
    EXPECT(AOTL_OK, aotl_last_error_copy(buffer, 1, &length));
    EXPECT_TRUE(length == 0 && buffer[0] == 0);
    EXPECT_TRUE(aotl_abi_version() == AOTL_ABI_VERSION);
    EXPECT_TRUE(strchr(aotl_version(), '.') != NULL);
}

static void wrong_arguments_of_open(const char *source, const char *options)
{
    aotl_reader *reader = (aotl_reader *)1;
    char *lengthy = (char *)malloc((1 << 20) + 2);
    EXPECT_TEXT(AOTL_E_POINTER, "reader is NULL", aotl_open(source, options, NULL));
    EXPECT_TEXT(AOTL_E_POINTER, "source is NULL", aotl_open(NULL, options, &reader));
    EXPECT_TRUE(reader == NULL);
    EXPECT_TEXT(AOTL_E_INVALIDARG, "source is empty", aotl_open("", options, &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "source is not UTF-8 at byte 1", aotl_open("a\xFF", options, &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "options_json is not UTF-8", aotl_open(source, "{\"hcs\":\"\xC3\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "not JSON", aotl_open(source, "{", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "not JSON", aotl_open(source, "{} {}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "not a JSON object", aotl_open(source, "[]", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "option 'hsc' is not known: expected hcs", aotl_open(source, "{\"hsc\":\"native\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'hcs' twice", aotl_open(source, "{\"hcs\":\"native\",\"hcs\":\"native\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'hcs': 'simulated'", aotl_open(source, "{\"hcs\":\"simulated\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'hcs': 'sim:'", aotl_open(source, "{\"hcs\":\"sim:\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'hcs' is not a string", aotl_open(source, "{\"hcs\":1}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'parents' is not an array", aotl_open(source, "{\"parents\":\"x\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'parents' is not a string", aotl_open(source, "{\"parents\":[{}]}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'parents' needs the option 'hcs'", aotl_open(source, "{\"parents\":[\"x\"]}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'record' needs the option 'hcs'", aotl_open(source, "{\"record\":\"x\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'reader' is 'fast'", aotl_open(source, "{\"reader\":\"fast\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'flavour' is not a 32-bit number", aotl_open(source, "{\"flavour\":1e99}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'compression' is 'rar'", aotl_open(source, "{\"compression\":\"rar\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'digest' is 'md5'", aotl_open(source, "{\"digest\":\"md5\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'recordData' is 'some'", aotl_open(source, "{\"recordData\":\"some\"}", &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "'home' is empty or holds a NUL", aotl_open(source, "{\"home\":\"a\\u0000b\"}", &reader));
    memset(lengthy, 'a', (1 << 20) + 1);
    lengthy[(1 << 20) + 1] = 0;
    EXPECT_TEXT(AOTL_E_INVALIDARG, "longer than", aotl_open(lengthy, options, &reader));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "longer than", aotl_open(source, lengthy, &reader));
    EXPECT_TRUE(reader == NULL);
    free(lengthy);
}

static void wrong_handles(const char *source, const char *options)
{
    aotl_entry entry = AOTL_ENTRY_INIT;
    aotl_reader *reader = NULL;
    aotl_reader *again = NULL;
    char buffer[8];
    size_t read = 99;
    int local = 0;
    size_t bit;
    EXPECT(AOTL_OK, aotl_close(NULL));
    EXPECT_TEXT(AOTL_E_POINTER, "reader is NULL", aotl_next(NULL, &entry));
    EXPECT_TEXT(AOTL_E_POINTER, "reader is NULL", aotl_read(NULL, buffer, sizeof buffer, &read));
    EXPECT_TRUE(read == 0);
    EXPECT(AOTL_E_HANDLE, aotl_next((aotl_reader *)&local, &entry));
    EXPECT(AOTL_E_HANDLE, aotl_close((aotl_reader *)&local));
    EXPECT(AOTL_E_HANDLE, aotl_read_data((aotl_reader *)(intptr_t)-1, buffer, sizeof buffer, &read));

    EXPECT(AOTL_OK, aotl_open(source, options, &reader));
    for (bit = 0; bit < 64; bit++) {
        EXPECT(AOTL_E_HANDLE, aotl_next((aotl_reader *)((uintptr_t)reader ^ ((uintptr_t)1 << bit)), &entry));
    }
    EXPECT(AOTL_OK, aotl_next(reader, &entry));
    EXPECT(AOTL_OK, aotl_close(reader));
    EXPECT_TEXT(AOTL_E_HANDLE, "closed", aotl_close(reader));
    EXPECT(AOTL_E_HANDLE, aotl_next(reader, &entry));
    EXPECT(AOTL_E_HANDLE, aotl_read(reader, buffer, sizeof buffer, &read));

    /* The slot is used again, the handle is not. */
    EXPECT(AOTL_OK, aotl_open(source, options, &again));
    EXPECT_TRUE(again != reader);
    EXPECT(AOTL_E_HANDLE, aotl_next(reader, &entry));
    EXPECT(AOTL_OK, aotl_next(again, &entry));
    EXPECT(AOTL_OK, aotl_close(again));
}

static void wrong_order_and_sizes(const char *source, const char *options)
{
    aotl_reader *reader = NULL;
    aotl_entry entry = AOTL_ENTRY_INIT;
    struct {
        aotl_entry entry;
        unsigned char after[64];
    } guarded;
    char buffer[8];
    char text[512];
    size_t read = 99;
    size_t length = 0;
    size_t i;
    int32_t code;

    EXPECT(AOTL_OK, aotl_open(source, options, &reader));
    EXPECT_TEXT(AOTL_E_STATE, "aotl_next first", aotl_read(reader, buffer, sizeof buffer, &read));
    EXPECT_TEXT(AOTL_E_POINTER, "entry is NULL", aotl_next(reader, NULL));

    memset(&guarded, 0xAA, sizeof guarded);
    EXPECT_TEXT(AOTL_E_INVALIDARG, "entry->struct_size", aotl_next(reader, &guarded.entry));
    guarded.entry.struct_size = 4;
    EXPECT_TEXT(AOTL_E_INVALIDARG, "entry->struct_size is 4", aotl_next(reader, &guarded.entry));
    /* A caller of a later version: more than the library knows stays as it is. */
    guarded.entry.struct_size = sizeof guarded;
    EXPECT(AOTL_OK, aotl_next(reader, &guarded.entry));
    EXPECT_TRUE(guarded.entry.struct_size == sizeof(aotl_entry));
    for (i = 0; i < sizeof guarded.after; i++) {
        EXPECT_TRUE(guarded.after[i] == 0xAA);
    }
    /* 0 is the struct of version 1. */
    memset(&entry, 0, sizeof entry);
    EXPECT(AOTL_OK, aotl_next(reader, &entry));
    EXPECT_TRUE(entry.struct_size >= sizeof(uint32_t) && entry.name != NULL);

    EXPECT_TEXT(AOTL_E_POINTER, "read is NULL", aotl_read(reader, buffer, sizeof buffer, NULL));
    EXPECT_TEXT(AOTL_E_POINTER, "buffer is NULL", aotl_read(reader, NULL, sizeof buffer, &read));
    EXPECT_TRUE(read == 0);
    EXPECT_TEXT(AOTL_E_INVALIDARG, "length is 0", aotl_read(reader, buffer, 0, &read));
    EXPECT(AOTL_OK, aotl_read(reader, buffer, 1, &read));
    EXPECT_TEXT(AOTL_E_STATE, "one of the two per entry", aotl_read_data(reader, buffer, 1, &read));

    /* Copies of the error: too small, just enough, no buffer. */
    EXPECT(AOTL_E_INSUFFICIENT_BUFFER, aotl_last_error_copy(NULL, 0, &length));
    EXPECT_TRUE(length == strlen(aotl_last_error()) && length < sizeof text);
    text[0] = 'x';
    EXPECT(AOTL_E_INSUFFICIENT_BUFFER, aotl_last_error_copy(text, length, NULL));
    EXPECT_TRUE(text[0] == 'x');
    EXPECT(AOTL_OK, aotl_last_error_copy(text, length + 1, NULL));
    EXPECT_TRUE(strcmp(text, aotl_last_error()) == 0);
    EXPECT(AOTL_E_POINTER, aotl_last_error_copy(NULL, length + 1, NULL));
    EXPECT(AOTL_E_STATE, aotl_last_error_code());

    while ((code = aotl_next(reader, &entry)) == AOTL_OK) {
    }
    EXPECT(AOTL_END, code);
    EXPECT(AOTL_END, aotl_next(reader, &entry));
    EXPECT_TEXT(AOTL_E_STATE, "no further entry", aotl_read(reader, buffer, sizeof buffer, &read));
    EXPECT(AOTL_OK, aotl_close(reader));
}

static void wrong_exports(const char *source, const char *options)
{
    aotl_summary summary = AOTL_SUMMARY_INIT;
    EXPECT_TEXT(AOTL_E_POINTER, "path is NULL", aotl_export(source, options, NULL, NULL, NULL, &summary));
    EXPECT_TEXT(AOTL_E_POINTER, "source is NULL", aotl_export(NULL, options, "x", NULL, NULL, &summary));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "path is empty", aotl_export(source, options, "", NULL, NULL, &summary));
    EXPECT_TEXT(AOTL_E_INVALIDARG, "option 'x' is not known", aotl_export(source, "{\"x\":1}", "y", NULL, NULL, NULL));
    summary.struct_size = 3;
    EXPECT_TEXT(AOTL_E_INVALIDARG, "summary->struct_size is 3", aotl_export(source, options, "x", NULL, NULL, &summary));
    EXPECT_TRUE(aotl_export(source, options, "no such directory/x.tar", NULL, NULL, NULL) < 0);
}

/* Also shows that handles, but for their number, cost nothing that stays. */
static void many_readers(const char *source, const char *options)
{
    aotl_reader *readers[300];
    aotl_entry entry = AOTL_ENTRY_INIT;
    size_t i;
    for (i = 0; i < 300; i++) {
        EXPECT(AOTL_OK, aotl_open(source, options, &readers[i]));
    }
    for (i = 0; i < 300; i++) {
        EXPECT(AOTL_OK, aotl_next(readers[i], &entry));
    }
    for (i = 0; i < 300; i++) {
        EXPECT(AOTL_OK, aotl_close(readers[299 - i]));
        EXPECT(AOTL_E_HANDLE, aotl_close(readers[299 - i]));
    }
}

static int run(int argc, char **argv)
{
    aotl_reader *reader = NULL;
    if (argc < 2) {
        return 99;
    }
    before_any_error();
    wrong_arguments_of_open(argv[0], argv[1]);
    wrong_handles(argv[0], argv[1]);
    wrong_order_and_sizes(argv[0], argv[1]);
    wrong_exports(argv[0], argv[1]);
    many_readers(argv[0], argv[1]);
    EXPECT(AOTL_E_NOT_FOUND, aotl_open("no such thing.tar", NULL, &reader));
    printf("%d surprises\n", surprises);
    return surprises < 90 ? surprises : 90;
}
