using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace AotLayers.Interop.Tests;

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public unsafe delegate int SqliteRow(
    [Opaque] nint context,
    int count,
    [LibraryText(Count = "count")] byte** values,
    [LibraryText(Count = "count")] byte** names);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate int SqliteCompare(
    [Opaque] nint context,
    int leftLength,
    [LibraryMemory(Length = "leftLength")] nint left,
    int rightLength,
    [LibraryMemory(Length = "rightLength")] nint right);

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate int SqliteProgress([Opaque] nint context);

/// <summary>
/// Where the code says that something failed, what came out counts all the same: every function but those that make a statement says
/// Always.
/// </summary>
[NativeApi("sqlite3", "libsqlite3.so.0", Success = SuccessRule.Always)]
public static partial class Sqlite
{
    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_open_v2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, [Handle("db", HandleUse.Produced)] out nint db, int flags, string? vfs);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_close_v2")]
    public static partial int Close([Handle("db", HandleUse.Consumed)] nint db);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_exec", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Exec(
        [Handle("db", HandleUse.Used)] nint db,
        string sql,
        [Callback(Context = nameof(context))] SqliteRow? row,
        nint context,
        [Handle("memory", HandleUse.Produced), LibraryText] out nint message);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_free")]
    public static partial void Free([Handle("memory", HandleUse.Consumed)] nint memory);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_errmsg")]
    [return: LibraryText(Owner = nameof(db))]
    public static partial nint ErrorMessage([Handle("db", HandleUse.Used)] nint db);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_create_collation_v2", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int CreateCollation(
        [Handle("db", HandleUse.Used)] nint db,
        string name,
        int encoding,
        nint context,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] SqliteCompare? compare,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] SqliteDestroy? destroy);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_progress_handler")]
    public static partial void ProgressHandler(
        [Handle("db", HandleUse.Used)] nint db,
        int instructions,
        [Callback(Context = nameof(context), Lifetime = CallbackLifetime.Registered)] SqliteProgress? progress,
        nint context);

    /// <summary>The tail points into the statement: into the caller's own memory, not into a copy that a marshaller would free.</summary>
    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_prepare_v2")]
    public static partial int Prepare(
        [Handle("db", HandleUse.Used)] nint db,
        [Buffer(Length = nameof(bytes))] ReadOnlySpan<byte> sql,
        int bytes,
        [Handle("statement", HandleUse.Produced)] out nint statement,
        [LibraryText(Owner = nameof(db))] out nint tail);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_bind_int64")]
    public static partial int BindInt64([Handle("statement", HandleUse.Used)] nint statement, int index, long value);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_bind_double")]
    public static partial int BindDouble([Handle("statement", HandleUse.Used)] nint statement, int index, double value);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_bind_zeroblob")]
    public static partial int BindZeroBlob([Handle("statement", HandleUse.Used)] nint statement, int index, int length);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_step")]
    public static partial int Step([Handle("statement", HandleUse.Used)] nint statement);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_reset")]
    public static partial int Reset([Handle("statement", HandleUse.Used)] nint statement);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_finalize")]
    public static partial int FinalizeStatement([Handle("statement", HandleUse.Consumed)] nint statement);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_column_type")]
    public static partial int ColumnType([Handle("statement", HandleUse.Used)] nint statement, int column);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_column_int64")]
    public static partial long ColumnInt64([Handle("statement", HandleUse.Used)] nint statement, int column);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_column_double")]
    public static partial double ColumnDouble([Handle("statement", HandleUse.Used)] nint statement, int column);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_column_text")]
    [return: LibraryText(Owner = nameof(statement))]
    public static partial nint ColumnText([Handle("statement", HandleUse.Used)] nint statement, int column);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_column_blob")]
    [return: LibraryMemory(LengthFunction = nameof(ColumnBytes), Owner = nameof(statement))]
    public static partial nint ColumnBlob([Handle("statement", HandleUse.Used)] nint statement, int column);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_column_bytes")]
    public static partial int ColumnBytes([Handle("statement", HandleUse.Used)] nint statement, int column);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_column_name")]
    [return: LibraryText(Owner = nameof(statement))]
    public static partial nint ColumnName([Handle("statement", HandleUse.Used)] nint statement, int column);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_last_insert_rowid")]
    public static partial long LastInsertRowId([Handle("db", HandleUse.Used)] nint db);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_blob_open", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int BlobOpen(
        [Handle("db", HandleUse.Used)] nint db,
        string schema,
        string table,
        string column,
        long row,
        int flags,
        [Handle("blob", HandleUse.Produced)] out nint blob);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_blob_write")]
    public static partial int BlobWrite(
        [Handle("blob", HandleUse.Used)] nint blob,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> data,
        int length,
        int offset);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_blob_bytes")]
    public static partial int BlobBytes([Handle("blob", HandleUse.Used)] nint blob);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_blob_close")]
    public static partial int BlobClose([Handle("blob", HandleUse.Consumed)] nint blob);

    [LibraryImport("libsqlite3.so.0", EntryPoint = "sqlite3_sourceid")]
    [return: MarshalUsing(typeof(LibraryUtf8Text))]
    public static partial string SourceId();
}

[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate void SqliteDestroy([Opaque] nint context);

/// <summary>
/// A database in memory: rows by callback and by statement, a collation and a progress handler of the program's, blobs, errors.
/// </summary>
internal static unsafe class SqliteProgram
{
    private const int Row = 100;
    private const int Done = 101;
    private const int Interrupt = 9;

    public static void Run(ISqlite sqlite)
    {
        Assert.Contains("-", sqlite.SourceId(), StringComparison.Ordinal);

        // A failing open gives a database all the same, which explains itself and is closed.
        Assert.Equal(14, sqlite.Open("/nowhere/at/all.db", out nint broken, 2, null));
        Assert.Equal("unable to open database file", Text(sqlite.ErrorMessage(broken)));
        Assert.Equal(0, sqlite.Close(broken));

        Assert.Equal(0, sqlite.Open(":memory:", out nint db, 2 | 4, null));
        Collate(sqlite, db);
        Statements(sqlite, db);
        Blobs(sqlite, db);
        Errors(sqlite, db);
        Progress(sqlite, db);
        Assert.Equal(0, sqlite.Close(db));
    }

    private static void Collate(ISqlite sqlite, nint db)
    {
        int compared = 0;
        bool destroyed = false;
        SqliteCompare byLength = (context, leftLength, left, rightLength, right) =>
        {
            Assert.Equal(0x10, context);
            compared++;
            string a = Marshal.PtrToStringUTF8(left, leftLength);
            string b = Marshal.PtrToStringUTF8(right, rightLength);
            return a.Length != b.Length ? a.Length - b.Length : string.CompareOrdinal(a, b);
        };
        SqliteDestroy destroy = _ => destroyed = true;
        Assert.Equal(0, sqlite.CreateCollation(db, "BYLENGTH", 1, 0x10, byLength, destroy));
        Execute(
            sqlite,
            db,
            "CREATE TABLE names(name TEXT COLLATE BYLENGTH); INSERT INTO names VALUES('dörte'),('al'),('zoe'),(NULL),('bo')");
        List<string> rows = [];
        Assert.Equal(0, sqlite.Exec(
            db,
            "SELECT name, length(name) AS n FROM names ORDER BY name",
            (context, count, values, names) =>
            {
                Assert.Equal((0x20, 2), (context, count));
                rows.Add(
                    $"{Text((nint)names[0])}={Text((nint)values[0]) ?? "null"} {Text((nint)names[1])}={Text((nint)values[1]) ?? "null"}");
                return 0;
            },
            0x20,
            out nint message));
        Assert.Equal(0, message);
        Assert.Equal(["name=null n=null", "name=al n=2", "name=bo n=2", "name=zoe n=3", "name=dörte n=5"], rows);
        Assert.True(compared > 3);
        Execute(sqlite, db, "DROP TABLE names");
        Assert.Equal(0, sqlite.CreateCollation(db, "BYLENGTH", 1, 0, null, null));
        Assert.True(destroyed);
        GC.KeepAlive(byLength);
        GC.KeepAlive(destroy);
    }

    private static void Statements(ISqlite sqlite, nint db)
    {
        Execute(sqlite, db, "CREATE TABLE t(a INTEGER, b REAL, c TEXT)");
        Assert.Equal(0, Prepare(sqlite, db, "INSERT INTO t VALUES(?,?,'ü'||?1); SELECT 1"u8, out nint insert, out nint tail));
        Assert.Equal(" SELECT 1", Text(tail));
        foreach ((long a, double b) in new[] { (long.MaxValue, 0.1), (-1, double.PositiveInfinity) })
        {
            Assert.Equal(0, sqlite.BindInt64(insert, 1, a));
            Assert.Equal(0, sqlite.BindDouble(insert, 2, b));
            Assert.Equal(Done, sqlite.Step(insert));
            Assert.Equal(0, sqlite.Reset(insert));
        }

        Assert.Equal(0, sqlite.FinalizeStatement(insert));
        Assert.Equal(2, sqlite.LastInsertRowId(db));

        Assert.Equal(0, Prepare(sqlite, db, "SELECT a, b, c, NULL FROM t ORDER BY a"u8, out nint select, out _));
        Assert.Equal("c", Text(sqlite.ColumnName(select, 2)));
        Assert.Equal(Row, sqlite.Step(select));
        Assert.Equal((-1, double.PositiveInfinity), (sqlite.ColumnInt64(select, 0), sqlite.ColumnDouble(select, 1)));
        Assert.Equal("ü-1", Text(sqlite.ColumnText(select, 2)));
        Assert.Equal(0, sqlite.ColumnText(select, 3));
        Assert.Equal(5, sqlite.ColumnType(select, 3));
        Assert.Equal(Row, sqlite.Step(select));
        Assert.Equal((long.MaxValue, 0.1), (sqlite.ColumnInt64(select, 0), sqlite.ColumnDouble(select, 1)));
        Assert.Equal(Done, sqlite.Step(select));
        Assert.Equal(0, sqlite.FinalizeStatement(select));
    }

    private static void Blobs(ISqlite sqlite, nint db)
    {
        Execute(sqlite, db, "CREATE TABLE blobs(data BLOB); INSERT INTO blobs VALUES(zeroblob(6))");
        Assert.Equal(0, sqlite.BlobOpen(db, "main", "blobs", "data", 1, 1, out nint blob));
        Assert.Equal(6, sqlite.BlobBytes(blob));
        Assert.Equal(0, sqlite.BlobWrite(blob, [0, 0xFF, 0, 0xFE], 4, 1));
        Assert.Equal(1, sqlite.BlobWrite(blob, [1, 2], 2, 5));
        Assert.Equal(0, sqlite.BlobClose(blob));
        Assert.Equal(0, Prepare(sqlite, db, "SELECT data, zeroblob(0) FROM blobs"u8, out nint select, out _));
        Assert.Equal(Row, sqlite.Step(select));
        nint data = sqlite.ColumnBlob(select, 0);
        Assert.Equal(6, sqlite.ColumnBytes(select, 0));
        Assert.Equal("0000FF00FE00", Convert.ToHexString(new ReadOnlySpan<byte>((void*)data, 6)));
        Assert.Equal(0, sqlite.ColumnBlob(select, 1));
        Assert.Equal(0, sqlite.FinalizeStatement(select));
    }

    private static void Errors(ISqlite sqlite, nint db)
    {
        Assert.Equal(1, Prepare(sqlite, db, "SELECT missing FROM t"u8, out nint none, out _));
        Assert.Equal(0, none);
        Assert.Equal("no such column: missing", Text(sqlite.ErrorMessage(db)));

        // The message is the program's to free.
        Assert.Equal(1, sqlite.Exec(db, "SELEKT", null, 0, out nint message));
        Assert.Equal("near \"SELEKT\": syntax error", Text(message));
        sqlite.Free(message);

        // A callback that asks to stop.
        Assert.Equal(4, sqlite.Exec(db, "SELECT a FROM t", static (_, _, _, _) => 1, 0, out message));
        Assert.Equal("query aborted", Text(message));
        sqlite.Free(message);
    }

    private static void Progress(ISqlite sqlite, nint db)
    {
        int left = 3;
        SqliteProgress progress = context => context == 0x30 && --left == 0 ? 1 : 0;
        sqlite.ProgressHandler(db, 100, progress, 0x30);
        Assert.Equal(Interrupt, sqlite.Exec(
            db,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 100000) SELECT max(i) FROM n",
            null,
            0,
            out nint message));
        Assert.Equal("interrupted", Text(message));
        sqlite.Free(message);
        Assert.Equal(0, left);
        sqlite.ProgressHandler(db, 0, null, 0);
        GC.KeepAlive(progress);
    }

    // A literal's bytes stay where they are, and a NUL follows them.
    private static int Prepare(ISqlite sqlite, nint db, ReadOnlySpan<byte> sql, out nint statement, out nint tail) =>
        sqlite.Prepare(db, sql, sql.Length, out statement, out tail);

    private static void Execute(ISqlite sqlite, nint db, string sql)
    {
        Assert.Equal(0, sqlite.Exec(db, sql, null, 0, out nint message));
        Assert.Equal(0, message);
    }

    private static string? Text(nint text) => Marshal.PtrToStringUTF8(text);
}
