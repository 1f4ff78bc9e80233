/*
 * aotlayers.h: reads Windows container image layers, from C and from whatever calls C.
 *
 * Generated from the exports of AotLayers.Native by generators/AotLayers.Native.Header. Do not edit: a test fails when the two differ.
 *
 * - Strings are UTF-8 and NUL-terminated; names of Windows files that UTF-8 cannot carry are WTF-8. Those passed in stay the caller's.
 * - Functions return an int32_t in the manner of HRESULT: negative is failure, and aotl_last_error() then tells this thread what it was.
 *   Out parameters are written on success only, except where their description says so. No exception leaves the library.
 * - Readers are handles, not pointers: using one after aotl_close, twice, or one of another copy of the library gives AOTL_E_HANDLE.
 *   A reader may go from thread to thread, and any number of readers may be used at the same time; a second call on one reader while another
 *   thread is inside one gives AOTL_E_BUSY and changes nothing.
 * - Structs that the caller passes begin with struct_size: set it to sizeof, or start from the AOTL_..._INIT macro. Later versions add fields at
 *   the end, and write no more than the caller has.
 * - The library starts at the first call, not when it is loaded, and stays until the process ends: FreeLibrary and dlclose do not unload it.
 *   Do not call it from DllMain or from a signal handler.
 */
#ifndef AOTLAYERS_H
#define AOTLAYERS_H

#include <stddef.h>
#include <stdint.h>

#if UINTPTR_MAX < UINT64_MAX
#error "aotlayers is a library for 64-bit systems"
#endif

/* Calling convention of every function and callback. */
#if defined(_WIN32)
#define AOTL_CALL __cdecl
#else
#define AOTL_CALL
#endif

/* Define AOTL_NO_IMPORT when the library is loaded by LoadLibrary, or linked in another way than through its import library. */
#if defined(_WIN32) && !defined(AOTL_NO_IMPORT)
#define AOTL_API __declspec(dllimport)
#else
#define AOTL_API
#endif

#if defined(__cplusplus)
#define AOTL_STATIC_ASSERT(condition, message) static_assert(condition, message)
extern "C" {
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define AOTL_STATIC_ASSERT(condition, message) _Static_assert(condition, message)
#else
#define AOTL_STATIC_ASSERT(condition, message) struct aotl_static_assert
#endif

/* Version of this interface. */

/**
 * Compare with aotl_abi_version() at start. A library of the same version, or a later one, serves
 * this header: within the life of the library functions are added, structs grow at their end and
 * constants are added, each time with the next version; nothing is changed or removed.
 */
#define AOTL_ABI_VERSION 2

/* Flags of an entry. */

/** The entry hides a file of a parent layer: it has no size, times, attributes or content. */
#define AOTL_ENTRY_TOMBSTONE 0x1u

/** A directory. */
#define AOTL_ENTRY_DIRECTORY 0x2u

/**
 * A reparse point: a symbolic link, a mount point or another kind. Its data is in the backup
 * stream.
 */
#define AOTL_ENTRY_REPARSE_POINT 0x4u

/** link_count is known; so is file_id when it is above 1. */
#define AOTL_ENTRY_HAS_LINKS 0x8u

/** One more name of an earlier entry, link_target: it has no content of its own. Only tars say it. */
#define AOTL_ENTRY_HARD_LINK 0x10u

/* Severity of a finding. */

/** Worth knowing; nothing has to be changed. */
#define AOTL_SEVERITY_NOTE 0x0u

/** Some programs fail on it, or the layer is not what its author means. */
#define AOTL_SEVERITY_WARNING 0x1u

/** Windows or the programs that import layers refuse it, or do harm with it. */
#define AOTL_SEVERITY_ERROR 0x2u

/* Results: negative is failure. Codes of Windows calls are returned as they are; these are the library's own. */

/** Done. */
#define AOTL_OK ((int32_t)0x00000000)

/** aotl_next: the layer has no further entry. */
#define AOTL_END ((int32_t)0x00000001)

/** A pointer that is needed is NULL. Nothing was done. */
#define AOTL_E_POINTER ((int32_t)0x80004003)

/** A failure without a code of its own; aotl_last_error() says more. */
#define AOTL_E_FAIL ((int32_t)0x80004005)

/** A mistake in the library; aotl_last_error() says more. Please report it. */
#define AOTL_E_UNEXPECTED ((int32_t)0x8000FFFF)

/** A file or a folder does not exist (ERROR_FILE_NOT_FOUND). */
#define AOTL_E_NOT_FOUND ((int32_t)0x80070002)

/** The operating system does not allow it (ERROR_ACCESS_DENIED). */
#define AOTL_E_ACCESS_DENIED ((int32_t)0x80070005)

/** The handle is none of this library, or was closed (ERROR_INVALID_HANDLE). */
#define AOTL_E_HANDLE ((int32_t)0x80070006)

/** Out of memory (ERROR_OUTOFMEMORY). */
#define AOTL_E_OUTOFMEMORY ((int32_t)0x8007000E)

/** The source is damaged, or is not what it was taken for (ERROR_INVALID_DATA). */
#define AOTL_E_INVALID_DATA ((int32_t)0x8007000D)

/**
 * This system cannot do it: no Host Compute Service, or none that has the call
 * (ERROR_NOT_SUPPORTED).
 */
#define AOTL_E_NOT_SUPPORTED ((int32_t)0x80070032)

/** An argument or an option is wrong; aotl_last_error() names it (ERROR_INVALID_PARAMETER). */
#define AOTL_E_INVALIDARG ((int32_t)0x80070057)

/** The buffer is too small; the length that is needed was written (ERROR_INSUFFICIENT_BUFFER). */
#define AOTL_E_INSUFFICIENT_BUFFER ((int32_t)0x8007007A)

/** The handle is in use by another thread (ERROR_BUSY). Nothing was done. */
#define AOTL_E_BUSY ((int32_t)0x800700AA)

/** The progress callback asked to stop (ERROR_CANCELLED). */
#define AOTL_E_CANCELLED ((int32_t)0x800704C7)

/** Not in this order: for example a read before the first aotl_next (ERROR_INVALID_STATE). */
#define AOTL_E_STATE ((int32_t)0x8007139F)

/** A library that was asked for cannot be loaded (ERROR_MOD_NOT_FOUND). */
#define AOTL_E_LIBRARY_NOT_FOUND ((int32_t)0x8007007E)

/** The library lacks the call (ERROR_PROC_NOT_FOUND). */
#define AOTL_E_CALL_NOT_FOUND ((int32_t)0x8007007F)

/** A replay went another way than its recording; aotl_last_error() says where. */
#define AOTL_E_REPLAY ((int32_t)0x80040201)

/** One entry of a layer. Set struct_size to sizeof(aotl_entry), or use AOTL_ENTRY_INIT. */
typedef struct aotl_entry {
    /**
     * In: sizeof(aotl_entry) of the caller; 0 means that of version 1. Out: how much of it was
     * written.
     */
    uint32_t struct_size;
    /** AOTL_ENTRY_ bits. */
    uint32_t flags;
    /**
     * Name relative to the layer, backslashes between its parts, no leading one, NUL-terminated.
     * UTF-8; a lone surrogate, which file names of Windows may hold, as three bytes (WTF-8).
     * Belongs to the reader: valid until the next aotl_next or aotl_close of it.
     */
    const char *name;
    /** Length of the name in bytes, without the NUL. */
    uint64_t name_length;
    /** Size of the main data stream in bytes, holes included. 0 for directories and tombstones. */
    int64_t size;
    /** Creation time, a FILETIME: 100 ns units since 1601-01-01 UTC. So are the other times. */
    int64_t creation_time;
    /** Last access time. */
    int64_t last_access_time;
    /** Last write time. */
    int64_t last_write_time;
    /** Time of the last change to data or metadata. */
    int64_t change_time;
    /** FILE_ATTRIBUTE_ bits as Windows defines them. */
    uint32_t attributes;
    /** Number of hard links, 0 where the source does not tell (see AOTL_ENTRY_HAS_LINKS). */
    uint32_t link_count;
    /**
     * 128-bit id, least significant byte first: equal for all names of a file. Only known when
     * link_count is above 1.
     */
    uint8_t file_id[16];
    /**
     * Name of the earlier entry with AOTL_ENTRY_HARD_LINK, else NULL. Of the same form and life as
     * name.
     */
    const char *link_target;
} aotl_entry;

AOTL_STATIC_ASSERT(sizeof(aotl_entry) == 96, "aotl_entry has another size in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, struct_size) == 0, "aotl_entry.struct_size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, flags) == 4, "aotl_entry.flags is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, name) == 8, "aotl_entry.name is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, name_length) == 16, "aotl_entry.name_length is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, size) == 24, "aotl_entry.size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, creation_time) == 32, "aotl_entry.creation_time is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, last_access_time) == 40, "aotl_entry.last_access_time is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, last_write_time) == 48, "aotl_entry.last_write_time is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, change_time) == 56, "aotl_entry.change_time is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, attributes) == 64, "aotl_entry.attributes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, link_count) == 68, "aotl_entry.link_count is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, file_id) == 72, "aotl_entry.file_id is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_entry, link_target) == 88, "aotl_entry.link_target is elsewhere in the library");

/** aotl_entry value = AOTL_ENTRY_INIT; */
#define AOTL_ENTRY_INIT { (uint32_t)sizeof(aotl_entry), 0, NULL, 0, 0, 0, 0, 0, 0, 0, 0, { 0 }, NULL }

/** Something that a rule found in a layer. */
typedef struct aotl_finding {
    /** sizeof(aotl_finding) of the library: fields beyond it are not there. */
    uint32_t struct_size;
    /** One of AOTL_SEVERITY_. */
    uint32_t severity;
    /** Where the entry's header lies in the uncompressed tar, in bytes; -1 where there is none. */
    int64_t offset;
    /** Id of the rule: "AOTV023". It never means another one. */
    const char *rule;
    /** Name of the rule: "parent-order". */
    const char *name;
    /** The entry, as in aotl_entry; NULL where the whole layer is meant. */
    const char *entry;
    /** What is wrong: a sentence without the entry's name. */
    const char *message;
} aotl_finding;

AOTL_STATIC_ASSERT(sizeof(aotl_finding) == 48, "aotl_finding has another size in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_finding, struct_size) == 0, "aotl_finding.struct_size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_finding, severity) == 4, "aotl_finding.severity is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_finding, offset) == 8, "aotl_finding.offset is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_finding, rule) == 16, "aotl_finding.rule is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_finding, name) == 24, "aotl_finding.name is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_finding, entry) == 32, "aotl_finding.entry is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_finding, message) == 40, "aotl_finding.message is elsewhere in the library");

/** aotl_finding value = AOTL_FINDING_INIT; */
#define AOTL_FINDING_INIT { (uint32_t)sizeof(aotl_finding), 0, 0, NULL, NULL, NULL, NULL }

/**
 * What an entry is besides its content, byte for byte as Windows has it. Memory belongs to the
 * reader: valid until the next aotl_next or aotl_close of it. What is not there is NULL and 0. Set
 * struct_size to sizeof(aotl_metadata).
 */
typedef struct aotl_metadata {
    /**
     * In: sizeof(aotl_metadata) of the caller; 0 means that of version 2. Out: how much of it was
     * written.
     */
    uint32_t struct_size;
    /** The reparse tag; 0 without a reparse point. */
    uint32_t reparse_tag;
    /** The self-relative security descriptor. */
    const void *security_descriptor;
    /** Its length in bytes. */
    uint64_t security_descriptor_length;
    /** The whole REPARSE_DATA_BUFFER. */
    const void *reparse_data;
    /** Its length in bytes. */
    uint64_t reparse_data_length;
    /** Target of a symbolic link or mount point as text, as in aotl_entry. */
    const char *reparse_target;
    /** The list of FILE_FULL_EA_INFORMATION. */
    const void *extended_attributes;
    /** Its length in bytes. */
    uint64_t extended_attributes_length;
    /** FILE_OBJECTID_BUFFER. */
    const void *object_id;
    /** Its length in bytes. */
    uint64_t object_id_length;
    /** Number of alternate streams. */
    uint64_t alternate_streams;
    /** Names of the alternate streams without colons, each with a NUL behind it. */
    const char *alternate_stream_names;
    /** Bytes of all alternate streams together. */
    uint64_t alternate_stream_bytes;
    /** Bytes of the main data stream that are not holes. */
    uint64_t allocated_bytes;
    /** Bytes of the whole backup stream. */
    uint64_t stream_bytes;
} aotl_metadata;

AOTL_STATIC_ASSERT(sizeof(aotl_metadata) == 120, "aotl_metadata has another size in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, struct_size) == 0, "aotl_metadata.struct_size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, reparse_tag) == 4, "aotl_metadata.reparse_tag is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, security_descriptor) == 8, "aotl_metadata.security_descriptor is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, security_descriptor_length) == 16, "aotl_metadata.security_descriptor_length is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, reparse_data) == 24, "aotl_metadata.reparse_data is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, reparse_data_length) == 32, "aotl_metadata.reparse_data_length is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, reparse_target) == 40, "aotl_metadata.reparse_target is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, extended_attributes) == 48, "aotl_metadata.extended_attributes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, extended_attributes_length) == 56, "aotl_metadata.extended_attributes_length is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, object_id) == 64, "aotl_metadata.object_id is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, object_id_length) == 72, "aotl_metadata.object_id_length is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, alternate_streams) == 80, "aotl_metadata.alternate_streams is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, alternate_stream_names) == 88, "aotl_metadata.alternate_stream_names is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, alternate_stream_bytes) == 96, "aotl_metadata.alternate_stream_bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, allocated_bytes) == 104, "aotl_metadata.allocated_bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_metadata, stream_bytes) == 112, "aotl_metadata.stream_bytes is elsewhere in the library");

/** aotl_metadata value = AOTL_METADATA_INIT; */
#define AOTL_METADATA_INIT { (uint32_t)sizeof(aotl_metadata), 0, NULL, 0, NULL, 0, NULL, NULL, 0, NULL, 0, 0, NULL, 0, 0, 0 }

/** How far an export or an import is. */
typedef struct aotl_progress {
    /** sizeof(aotl_progress) of the library: fields beyond it are not there. */
    uint32_t struct_size;
    /** 0; reserved. */
    uint32_t reserved;
    /** Entries and tombstones done. */
    uint64_t entries;
    /** Bytes of the tar written or read so far, before compression. */
    uint64_t bytes;
    /** Name of the current entry, as in aotl_entry; valid during the call. Never NULL. */
    const char *name;
} aotl_progress;

AOTL_STATIC_ASSERT(sizeof(aotl_progress) == 32, "aotl_progress has another size in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_progress, struct_size) == 0, "aotl_progress.struct_size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_progress, reserved) == 4, "aotl_progress.reserved is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_progress, entries) == 8, "aotl_progress.entries is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_progress, bytes) == 16, "aotl_progress.bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_progress, name) == 24, "aotl_progress.name is elsewhere in the library");

/** aotl_progress value = AOTL_PROGRESS_INIT; */
#define AOTL_PROGRESS_INIT { (uint32_t)sizeof(aotl_progress), 0, 0, 0, NULL }

/** An open layer. Holds no memory of the caller's; any thread may use it, one at a time. */
typedef struct aotl_reader aotl_reader;

/** A native call that a function for layers made, and what came of it. */
typedef struct aotl_step {
    /** sizeof(aotl_step) of the library: fields beyond it are not there. */
    uint32_t struct_size;
    /** 1, or which repetition of the call it was. */
    uint32_t attempt;
    /** What the call returned, as HRESULT. */
    int32_t code;
    /** 0; reserved. */
    uint32_t reserved;
    /** The call, for example "PrepareLayer"; valid during the callback. Never NULL. */
    const char *call;
    /**
     * What is done next, where that is not the next call: a repetition, or taking back; ""
     * otherwise. Never NULL.
     */
    const char *remark;
} aotl_step;

AOTL_STATIC_ASSERT(sizeof(aotl_step) == 32, "aotl_step has another size in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_step, struct_size) == 0, "aotl_step.struct_size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_step, attempt) == 4, "aotl_step.attempt is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_step, code) == 8, "aotl_step.code is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_step, reserved) == 12, "aotl_step.reserved is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_step, call) == 16, "aotl_step.call is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_step, remark) == 24, "aotl_step.remark is elsewhere in the library");

/** aotl_step value = AOTL_STEP_INIT; */
#define AOTL_STEP_INIT { (uint32_t)sizeof(aotl_step), 0, 0, 0, NULL, NULL }

/**
 * Result of an export or an import. Set struct_size to sizeof(aotl_summary), or use
 * AOTL_SUMMARY_INIT.
 */
typedef struct aotl_summary {
    /**
     * In: sizeof(aotl_summary) of the caller; 0 means that of version 1. Out: how much of it was
     * written.
     */
    uint32_t struct_size;
    /** 0; reserved. */
    uint32_t reserved;
    /** Files, directories and links, without tombstones and alternate streams. */
    uint64_t entries;
    /** Tombstones. */
    uint64_t tombstones;
    /** Entries that are hard links to an earlier one. */
    uint64_t hard_links;
    /** Size of the file that was written or read. */
    uint64_t bytes;
    /** Size of the tar before compression. */
    uint64_t tar_bytes;
    /** Sizes of all files of the layer together. */
    uint64_t file_bytes;
    /**
     * How many things of the layer have no place in a tar. aotl_last_result_json() lists them. 0 of
     * an import.
     */
    uint64_t losses;
    /**
     * Digest of the tar before compression: "sha256:" and 64 digits; empty with the option
     * "digest":"none".
     */
    char diff_id[80];
    /** Digest of the file that was written or read, in the same form. */
    char digest[80];
    /** The reader that was used, or for an import the writer: "stream", "folder", "base" or "tar". */
    char reader[16];
} aotl_summary;

AOTL_STATIC_ASSERT(sizeof(aotl_summary) == 240, "aotl_summary has another size in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, struct_size) == 0, "aotl_summary.struct_size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, reserved) == 4, "aotl_summary.reserved is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, entries) == 8, "aotl_summary.entries is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, tombstones) == 16, "aotl_summary.tombstones is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, hard_links) == 24, "aotl_summary.hard_links is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, bytes) == 32, "aotl_summary.bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, tar_bytes) == 40, "aotl_summary.tar_bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, file_bytes) == 48, "aotl_summary.file_bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, losses) == 56, "aotl_summary.losses is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, diff_id) == 64, "aotl_summary.diff_id is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, digest) == 144, "aotl_summary.digest is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_summary, reader) == 224, "aotl_summary.reader is elsewhere in the library");

/** aotl_summary value = AOTL_SUMMARY_INIT; */
#define AOTL_SUMMARY_INIT { (uint32_t)sizeof(aotl_summary), 0, 0, 0, 0, 0, 0, 0, 0, { 0 }, { 0 }, { 0 } }

/** What verifying a layer came to. Set struct_size to sizeof(aotl_verify_summary). */
typedef struct aotl_verify_summary {
    /**
     * In: sizeof(aotl_verify_summary) of the caller; 0 means that of version 2. Out: how much of it
     * was written.
     */
    uint32_t struct_size;
    /** 0; reserved. */
    uint32_t reserved;
    /** Number of errors, those that were not told included. */
    uint64_t errors;
    /** Number of warnings. */
    uint64_t warnings;
    /** Number of notes. */
    uint64_t notes;
    /** Findings that were counted and not told, by the option "limit". */
    uint64_t not_told;
    /** Files, directories and links, without whiteouts and alternate streams. */
    uint64_t entries;
    /** Whiteouts. */
    uint64_t tombstones;
    /** Entries that are hard links. */
    uint64_t hard_links;
    /** Size of the file that was read; 0 for what is no file. */
    uint64_t bytes;
    /** Size of the tar before compression; 0 for what is no tar. */
    uint64_t tar_bytes;
    /** Sizes of all files of the layer together. */
    uint64_t file_bytes;
    /**
     * Digest of the tar before compression: "sha256:" and 64 digits; empty where it was not read to
     * its end.
     */
    char diff_id[80];
    /** Digest of the file, in the same form. */
    char digest[80];
} aotl_verify_summary;

AOTL_STATIC_ASSERT(sizeof(aotl_verify_summary) == 248, "aotl_verify_summary has another size in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, struct_size) == 0, "aotl_verify_summary.struct_size is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, reserved) == 4, "aotl_verify_summary.reserved is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, errors) == 8, "aotl_verify_summary.errors is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, warnings) == 16, "aotl_verify_summary.warnings is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, notes) == 24, "aotl_verify_summary.notes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, not_told) == 32, "aotl_verify_summary.not_told is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, entries) == 40, "aotl_verify_summary.entries is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, tombstones) == 48, "aotl_verify_summary.tombstones is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, hard_links) == 56, "aotl_verify_summary.hard_links is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, bytes) == 64, "aotl_verify_summary.bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, tar_bytes) == 72, "aotl_verify_summary.tar_bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, file_bytes) == 80, "aotl_verify_summary.file_bytes is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, diff_id) == 88, "aotl_verify_summary.diff_id is elsewhere in the library");
AOTL_STATIC_ASSERT(offsetof(aotl_verify_summary, digest) == 168, "aotl_verify_summary.digest is elsewhere in the library");

/** aotl_verify_summary value = AOTL_VERIFY_SUMMARY_INIT; */
#define AOTL_VERIFY_SUMMARY_INIT { (uint32_t)sizeof(aotl_verify_summary), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, { 0 }, { 0 } }

/**
 * Called on the thread that called aotl_verify, for each finding when it is made. It may call other
 * functions of the library. It must return: no longjmp and no C++ exception may leave it.
 * @param user What the function was given.
 * @param finding The finding; valid during the call.
 * @return 0 to go on; anything else stops the function, which then returns AOTL_E_CANCELLED.
 */
typedef int32_t (AOTL_CALL *aotl_finding_callback)(void *user, const aotl_finding *finding);

/**
 * Called on the thread that called aotl_export or aotl_import, at the start and after each entry.
 * It may call other functions of the library. It must return: no longjmp and no C++ exception may
 * leave it.
 * @param user What the function was given.
 * @param progress How far the export or import is; valid during the call.
 * @return 0 to go on; anything else stops the function, which then removes what it wrote and
 *     returns AOTL_E_CANCELLED.
 */
typedef int32_t (AOTL_CALL *aotl_progress_callback)(void *user, const aotl_progress *progress);

/**
 * Called on the thread that called a function for layers, after each native call. It may call other
 * functions of the library. It must return: no longjmp and no C++ exception may leave it.
 * @param user What the function was given.
 * @param step The call; valid during the callback.
 * @return 0 to go on; anything else stops the function before its next call: it takes back what it
 *     did and returns AOTL_E_CANCELLED. After the last call it is too late: the function is done.
 */
typedef int32_t (AOTL_CALL *aotl_step_callback)(void *user, const aotl_step *step);

/* The library and its errors. */

/**
 * Version of the interface that this library serves. May be called at any time, before anything
 * else.
 * @return AOTL_ABI_VERSION of the header that the library was built with. A greater one than the
 *     caller's is fine, a smaller one is not.
 */
AOTL_API int32_t AOTL_CALL aotl_abi_version(void);

/**
 * Version of the library, for people.
 * @return For example "0.1.0". Never NULL; valid for ever.
 */
AOTL_API const char *AOTL_CALL aotl_version(void);

/**
 * What went wrong in the latest failing call of this thread: one sentence that names the call, the
 * layer, the entry, the stream and the offset where they are known, and a hint. Calls that succeed
 * leave it as it is.
 * @return UTF-8; "" when nothing failed on this thread. Never NULL. Belongs to the library: valid
 *     until the next failing call of this thread.
 */
AOTL_API const char *AOTL_CALL aotl_last_error(void);

/**
 * The same as a JSON object, as "aotlayers --json" prints it: message, call, code ("0x80070005"),
 * name, layer, parents, entry, afterEntry, stream, offset, hint, replay; null where not known.
 * @return UTF-8; "{}" when nothing failed on this thread. Never NULL. Valid until the next failing
 *     call of this thread.
 */
AOTL_API const char *AOTL_CALL aotl_last_error_json(void);

/**
 * What the latest failing call of this thread returned.
 * @return A code; AOTL_OK when nothing failed on this thread.
 */
AOTL_API int32_t AOTL_CALL aotl_last_error_code(void);

/**
 * Copies what aotl_last_error returns, for callers that cannot keep a pointer. Does not change the
 * latest error.
 * @param buffer Gets the text and a NUL; may be NULL when capacity is 0.
 * @param capacity Size of the buffer in bytes.
 * @param length Gets the length of the text in bytes, without the NUL; may be NULL.
 * @return AOTL_OK; AOTL_E_INSUFFICIENT_BUFFER when the text and its NUL do not fit: nothing is
 *     copied, length says what is needed; AOTL_E_POINTER.
 */
AOTL_API int32_t AOTL_CALL aotl_last_error_copy(char *buffer, size_t capacity, size_t *length);

/**
 * The latest result of this thread, of aotl_export, aotl_import, aotl_doctor and the functions for
 * layers of a machine: as a JSON object, as "aotlayers export --json" and the other commands print
 * it. Of an export: entries, tombstones, bytes, diffId, digest, reader, losses and more.
 * @return UTF-8; "{}" before the first one. Never NULL. Valid until the next of these functions
 *     succeeds on this thread.
 */
AOTL_API const char *AOTL_CALL aotl_last_result_json(void);

/* Reading. */

/**
 * Opens a layer. Without the option "hcs" the source is a file or a folder that any system can
 * read: a layer tar (plain, gzip, zstd), a transport folder, or a recording. With it, the source is
 * a layer of that Host Compute Service.
 * @param source Path of the tar, folder or recording; with "hcs" the path of the layer's folder, or
 *     with "home" its bare id.
 * @param options_json NULL, or a JSON object. A key that is not known is an error that names it.
 * - "hcs": "native" (this Windows), "lib:PATH" (a library with its calls), "replay:FILE" (a
 *     recording) or "sim:DIR" (simulated layers)
 * - "parents": array of paths, nearest first, base layer last
 * - "reader": "auto" (default), "stream", "folder" or "base"
 * - "api": "auto" (default), "vmcompute" or "computestorage": which library's calls are made where
 *     both have one
 * - "home", "flavour": home directory and number of the layer driver, for bare ids
 * - "record": path of a recording to write of all calls to the HCS; aotl_close completes it
 * - "recordData": "all" (default), "digest" or "lengths": how much of the layer's data the
 *     recording keeps; only "all" can be replayed
 * - "replayOrder": "strict" (default) or "per-handle": which order of calls a replay accepts
 * - "compression", "digest", "unsupported", "lossless": see aotl_export
 * @param reader Gets the reader; NULL on failure.
 * @return AOTL_OK, or what failed.
 */
AOTL_API int32_t AOTL_CALL aotl_open(const char *source, const char *options_json, aotl_reader **reader);

/**
 * Goes on to the next entry; parents come before children. What is left of the current entry is
 * skipped.
 * @param reader The reader.
 * @param entry Gets the entry; untouched at the end and on failure. Its struct_size must be set.
 * @return AOTL_OK (0): an entry. AOTL_END (1): there are no more. Negative: reading failed; every
 *     further call returns the same error.
 */
AOTL_API int32_t AOTL_CALL aotl_next(aotl_reader *reader, aotl_entry *entry);

/**
 * Reads on in the current entry's Win32 backup stream: security, extended attributes, reparse data,
 * data, alternate streams, as BackupRead gives them and BackupWrite takes them. Use this or
 * aotl_read_data for an entry, not both.
 * @param reader The reader.
 * @param buffer Gets the bytes.
 * @param length Size of the buffer in bytes, at least 1.
 * @param read Gets the number of bytes that were read: at least 1, and 0 at the end of the stream.
 * @return AOTL_OK, or what failed. AOTL_E_STATE before the first entry, after the last one, and
 *     after aotl_read_data.
 */
AOTL_API int32_t AOTL_CALL aotl_read(aotl_reader *reader, void *buffer, size_t length, size_t *read);

/**
 * Reads on in the current entry's main data stream: the content of the file and nothing else. The
 * holes of a sparse file are zeros. Directories and tombstones have none. Use this or aotl_read for
 * an entry, not both.
 * @param reader The reader.
 * @param buffer Gets the bytes.
 * @param length Size of the buffer in bytes, at least 1.
 * @param read Gets the number of bytes that were read: at least 1, and 0 at the end of the stream.
 * @return AOTL_OK, or what failed. AOTL_E_STATE before the first entry, after the last one, and
 *     after aotl_read.
 */
AOTL_API int32_t AOTL_CALL aotl_read_data(aotl_reader *reader, void *buffer, size_t length, size_t *read);

/**
 * Reads what the current entry is besides its content: security, reparse data, extended attributes,
 * streams. It reads the entry's backup stream, so use this, aotl_read or aotl_read_data for an
 * entry, not two of them.
 * @param reader The reader.
 * @param metadata Gets the metadata; untouched on failure. Its struct_size must be set.
 * @return AOTL_OK, or what failed. AOTL_E_STATE before the first entry, after the last one, and
 *     after aotl_read or aotl_read_data.
 */
AOTL_API int32_t AOTL_CALL aotl_entry_metadata(aotl_reader *reader, aotl_metadata *metadata);

/**
 * The same as JSON, decoded: times as text, names of attributes, SDDL, targets, streams, extended
 * attributes, links. Can be called before or after aotl_entry_metadata.
 * @param reader The reader.
 * @param json Gets one JSON object, NUL-terminated; it belongs to the reader: valid until the next
 *     aotl_next or aotl_close of it.
 * @return AOTL_OK, or what failed, as aotl_entry_metadata.
 */
AOTL_API int32_t AOTL_CALL aotl_entry_metadata_json(aotl_reader *reader, const char **json);

/**
 * Closes a reader. The handle is closed whatever is returned, except AOTL_E_BUSY. After a layer was
 * read to its end, a failure means that it is not to be trusted, as does a failure to complete the
 * recording or a replay whose recording has calls left.
 * @param reader The reader; NULL does nothing.
 * @return AOTL_OK, or what failed. AOTL_E_HANDLE when it was closed before, AOTL_E_BUSY while
 *     another thread uses it.
 */
AOTL_API int32_t AOTL_CALL aotl_close(aotl_reader *reader);

/* Writing. */

/**
 * Writes a layer as an OCI layer tar, byte for byte as hcsshim and go-winio write it. The file
 * appears whole or not at all: after a failure, or when the callback stops it, what was at its
 * place before is still there.
 * @param source As in aotl_open.
 * @param options_json As in aotl_open, and:
 * - "compression": "none" (default), "gzip" or "zstd"
 * - "digest": "sha256" (default) or "none"
 * - "unsupported": "fail" (default), "skip" or "keep": what becomes of reparse points that a tar
 *     has no form for
 * - "lossless": true to keep all that a tar has no place for in records that other programs ignore
 * @param path The file to write. Its directory must exist.
 * @param progress Called on this thread while the export runs; NULL for none.
 * @param user Passed to progress.
 * @param summary Gets the result, untouched on failure; NULL when not wanted. Its struct_size must
 *     be set.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when progress asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_export(const char *source, const char *options_json, const char *path, aotl_progress_callback progress, void *user, aotl_summary *summary);

/* Importing. */

/**
 * Makes a layer of an OCI layer tar (plain, gzip or zstd, told by its content): all of it, or
 * nothing. After a failure, or when the callback stops it, there is no layer.
 * @param path The tar.
 * @param layer Path of the layer's folder, or with "home" its bare id. It must not be there yet.
 * @param options_json NULL, or a JSON object. A key that is not known is an error that names it.
 * - "hcs": which Host Compute Service, as in aotl_open; "native" by default
 * - "parents", "home", "flavour", "record", "recordData", "replayOrder": as in aotl_open
 * - "writer": "auto" (default), "stream", "folder" or "base"
 * - "expectDiffId", "expectDigest": "sha256:" and 64 digits that the tar before compression, and
 *     the file, must have
 * @param progress Called on this thread while the import runs; NULL for none.
 * @param user Passed to progress.
 * @param summary Gets the result, untouched on failure; NULL when not wanted. Its struct_size must
 *     be set.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when progress asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_import(const char *path, const char *layer, const char *options_json, aotl_progress_callback progress, void *user, aotl_summary *summary);

/* Layers of a machine. */

/**
 * Makes a container's scratch layer on its parents (CreateSandboxLayer). After a failure nothing is
 * left of it.
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json NULL, or a JSON object. A key that is not known is an error that names it.
 * - "hcs": which Host Compute Service, as in aotl_open; "native" by default
 * - "parents": array of paths, nearest first, base layer last; aotl_layer_create and
 *     aotl_layer_mount need them
 * - "home", "flavour", "record", "recordData", "replayOrder": as in aotl_open
 * @param size Size of its disk in bytes; 0 leaves what Windows gives it.
 * @param steps Called after each native call; NULL for none.
 * @param user Passed to steps.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_create(const char *layer, const char *options_json, uint64_t size, aotl_step_callback steps, void *user);

/**
 * Mounts a layer (ActivateLayer, PrepareLayer), up to five times while Windows says that the device
 * is not ready. The result as JSON has the "mountPath"; aotl_layer_mount_path copies it.
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create.
 * @param steps Called after each native call; NULL for none.
 * @param user Passed to steps.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_mount(const char *layer, const char *options_json, aotl_step_callback steps, void *user);

/**
 * Where a layer is mounted (GetLayerMountPath).
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create.
 * @param buffer Gets the path and a NUL; may be NULL when capacity is 0.
 * @param capacity Size of the buffer in bytes.
 * @param length Gets the length of the path in bytes, without the NUL; may be NULL.
 * @return AOTL_OK, or what failed; AOTL_E_INSUFFICIENT_BUFFER when the path and its NUL do not fit:
 *     length says what is needed.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_mount_path(const char *layer, const char *options_json, char *buffer, size_t capacity, size_t *length);

/**
 * Unmounts a layer (UnprepareLayer, DeactivateLayer).
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create.
 * @param steps Called after each native call; NULL for none.
 * @param user Passed to steps.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_unmount(const char *layer, const char *options_json, aotl_step_callback steps, void *user);

/**
 * Removes a layer and its folder for ever (DestroyLayer), up to three times while something holds
 * it, and makes sure that it has gone.
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create, and "api" as in aotl_open.
 * @param force Not 0: also a folder that does not look like a layer.
 * @param steps Called after each native call; NULL for none.
 * @param user Passed to steps.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_remove(const char *layer, const char *options_json, int32_t force, aotl_step_callback steps, void *user);

/**
 * Sets the size of a scratch layer's disk, which cannot shrink (ExpandSandboxSize).
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create.
 * @param size The new size in bytes.
 * @param steps Called after each native call; NULL for none.
 * @param user Passed to steps.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_expand(const char *layer, const char *options_json, uint64_t size, aotl_step_callback steps, void *user);

/**
 * Tells whether a layer is there (LayerExists; with the api "computestorage", its folder).
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create, and "api" as in aotl_open.
 * @param exists Gets 1 or 0.
 * @return AOTL_OK, or what failed.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_exists(const char *layer, const char *options_json, int32_t *exists);

/**
 * Finishes a folder with Files as a base layer (ProcessBaseImage), and its utility VM
 * (ProcessUtilityImage).
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create.
 * @param steps Called after each native call; NULL for none.
 * @param user Passed to steps.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_make_base(const char *layer, const char *options_json, aotl_step_callback steps, void *user);

/**
 * Lets a virtual machine open a layer's disk, or another file (GrantVmAccess).
 * @param layer Path of the layer's folder, or with "home" its bare id.
 * @param options_json As in aotl_layer_create.
 * @param vm_id Id of the virtual machine.
 * @param file The file; NULL for the layer's sandbox.vhdx.
 * @param steps Called after each native call; NULL for none.
 * @param user Passed to steps.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_grant_vm(const char *layer, const char *options_json, const char *vm_id, const char *file, aotl_step_callback steps, void *user);

/**
 * Lists the base images of a machine (GetBaseImages). aotl_last_result_json() has them, as
 * "baseImages".
 * @param options_json As in aotl_layer_create; of these, "hcs", "record", "recordData" and
 *     "replayOrder" have an effect.
 * @return AOTL_OK, or what failed.
 */
AOTL_API int32_t AOTL_CALL aotl_layer_list(const char *options_json);

/**
 * Tells what a machine has of what layers need, and what would work on it, without changing
 * anything: libraries and exports, rights, volumes, filters, a layer's folder.
 * aotl_last_result_json() has it, as "aotlayers doctor --json" prints it.
 * @param layer Path of a layer's folder to look at as well; NULL for none.
 * @param options_json As in aotl_layer_create.
 * @return AOTL_OK, or what failed. A machine without anything is no failure.
 */
AOTL_API int32_t AOTL_CALL aotl_doctor(const char *layer, const char *options_json);

/* Verifying and converting. */

/**
 * Checks a layer against the rules that Windows and the programs that import layers demand.
 * Findings are no failure: the callback gets them, and the summary counts them.
 * @param source As in aotl_open.
 * @param options_json NULL, or a JSON object. A key that is not known is an error that names it.
 * - "parents": array of sources, nearest first, into which hard links and whiteouts may lead; with
 *     "hcs" as in aotl_open
 * - "disable": array of "RULE=reason": rules that are not asked, and why
 * - "limit": how many findings of one rule are told, 100 by default; 0 for all
 * - "expectDiffId", "expectDigest": "sha256:" and 64 digits that the tar before compression, and
 *     the file, must have
 * - "hcs", "reader", "home", "flavour", "record", "recordData", "replayOrder", "image", "layer",
 *     "merged": as in aotl_open
 * @param findings Called on this thread for each finding; NULL for none.
 * @param user Passed to findings.
 * @param summary Gets the result, untouched on failure; NULL when not wanted. Its struct_size must
 *     be set.
 * @return AOTL_OK, or why the layer could not be read; AOTL_E_CANCELLED when findings asked to
 *     stop.
 */
AOTL_API int32_t AOTL_CALL aotl_verify(const char *source, const char *options_json, aotl_finding_callback findings, void *user, aotl_verify_summary *summary);

/**
 * Gives a layer another form: a layer tar, a transport folder or a recording. The destination
 * appears whole or not at all. aotl_last_result_json() lists what is lost.
 * @param source As in aotl_open; with "fromLinux" a tar of a Linux root.
 * @param options_json NULL, or a JSON object. A key that is not known is an error that names it.
 * - "target": "tar", "folder", "recording", or "auto" (default): by the destination's name
 * - "compression": "none", "gzip" or "zstd"; by default what the destination's name says
 * - "lossless": true to keep what the destination has no place for, in records or a file that other
 *     programs ignore
 * - "unsupported": "fail" (default), "skip" or "keep": what becomes of entries that the destination
 *     has no form for
 * - "linkDuplicates": true to make files that are the same hard links
 * - "sourceDateEpoch": seconds since 1970 that no time is later than
 * - "fromLinux": true to make a layer of Windows of a Linux root; "directorySddl", "fileSddl": its
 *     security
 * - "hcs", "parents", "reader", "home", "flavour", "record", "recordData", "replayOrder", "image",
 *     "layer", "merged": as in aotl_open
 * @param destination The file or folder to make. Its directory must exist.
 * @param progress Called on this thread while a tar is written; NULL for none.
 * @param user Passed to progress.
 * @param summary Gets the result, untouched on failure; NULL when not wanted. Its struct_size must
 *     be set.
 * @return AOTL_OK, or what failed; AOTL_E_CANCELLED when progress asked to stop.
 */
AOTL_API int32_t AOTL_CALL aotl_convert(const char *source, const char *options_json, const char *destination, aotl_progress_callback progress, void *user, aotl_summary *summary);

/* Types of the functions, for dlsym and GetProcAddress. */
typedef int32_t (AOTL_CALL *aotl_abi_version_fn)(void);
typedef const char *(AOTL_CALL *aotl_version_fn)(void);
typedef const char *(AOTL_CALL *aotl_last_error_fn)(void);
typedef const char *(AOTL_CALL *aotl_last_error_json_fn)(void);
typedef int32_t (AOTL_CALL *aotl_last_error_code_fn)(void);
typedef int32_t (AOTL_CALL *aotl_last_error_copy_fn)(char *buffer, size_t capacity, size_t *length);
typedef const char *(AOTL_CALL *aotl_last_result_json_fn)(void);
typedef int32_t (AOTL_CALL *aotl_open_fn)(const char *source, const char *options_json, aotl_reader **reader);
typedef int32_t (AOTL_CALL *aotl_next_fn)(aotl_reader *reader, aotl_entry *entry);
typedef int32_t (AOTL_CALL *aotl_read_fn)(aotl_reader *reader, void *buffer, size_t length, size_t *read);
typedef int32_t (AOTL_CALL *aotl_read_data_fn)(aotl_reader *reader, void *buffer, size_t length, size_t *read);
typedef int32_t (AOTL_CALL *aotl_entry_metadata_fn)(aotl_reader *reader, aotl_metadata *metadata);
typedef int32_t (AOTL_CALL *aotl_entry_metadata_json_fn)(aotl_reader *reader, const char **json);
typedef int32_t (AOTL_CALL *aotl_close_fn)(aotl_reader *reader);
typedef int32_t (AOTL_CALL *aotl_export_fn)(const char *source, const char *options_json, const char *path, aotl_progress_callback progress, void *user, aotl_summary *summary);
typedef int32_t (AOTL_CALL *aotl_import_fn)(const char *path, const char *layer, const char *options_json, aotl_progress_callback progress, void *user, aotl_summary *summary);
typedef int32_t (AOTL_CALL *aotl_layer_create_fn)(const char *layer, const char *options_json, uint64_t size, aotl_step_callback steps, void *user);
typedef int32_t (AOTL_CALL *aotl_layer_mount_fn)(const char *layer, const char *options_json, aotl_step_callback steps, void *user);
typedef int32_t (AOTL_CALL *aotl_layer_mount_path_fn)(const char *layer, const char *options_json, char *buffer, size_t capacity, size_t *length);
typedef int32_t (AOTL_CALL *aotl_layer_unmount_fn)(const char *layer, const char *options_json, aotl_step_callback steps, void *user);
typedef int32_t (AOTL_CALL *aotl_layer_remove_fn)(const char *layer, const char *options_json, int32_t force, aotl_step_callback steps, void *user);
typedef int32_t (AOTL_CALL *aotl_layer_expand_fn)(const char *layer, const char *options_json, uint64_t size, aotl_step_callback steps, void *user);
typedef int32_t (AOTL_CALL *aotl_layer_exists_fn)(const char *layer, const char *options_json, int32_t *exists);
typedef int32_t (AOTL_CALL *aotl_layer_make_base_fn)(const char *layer, const char *options_json, aotl_step_callback steps, void *user);
typedef int32_t (AOTL_CALL *aotl_layer_grant_vm_fn)(const char *layer, const char *options_json, const char *vm_id, const char *file, aotl_step_callback steps, void *user);
typedef int32_t (AOTL_CALL *aotl_layer_list_fn)(const char *options_json);
typedef int32_t (AOTL_CALL *aotl_doctor_fn)(const char *layer, const char *options_json);
typedef int32_t (AOTL_CALL *aotl_verify_fn)(const char *source, const char *options_json, aotl_finding_callback findings, void *user, aotl_verify_summary *summary);
typedef int32_t (AOTL_CALL *aotl_convert_fn)(const char *source, const char *options_json, const char *destination, aotl_progress_callback progress, void *user, aotl_summary *summary);

#if defined(__cplusplus)
}
#endif

#endif
