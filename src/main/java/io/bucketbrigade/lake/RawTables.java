package io.bucketbrigade.lake;

import io.bucketbrigade.csv.CsvException;
import io.bucketbrigade.csv.Header;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Inputs;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.jspecify.annotations.Nullable;

/**
 * The tables of files as they came: all columns as text, each row with its file and line, and beside them the rows that are none. A file that is the same as
 * in the last run is not read again, unless it has no rows; what is no longer among the inputs is removed.
 */
final class RawTables {
    private static final String FILE = "_source_file";
    private static final List<String> OURS = List.of(FILE, "_source_line", "_source_version", "_fetched_at", "_run");

    private final LakeRun lake;
    private final Locations locations;
    private final String rows;
    private final String rejects;
    private final InputFiles files;
    private final long firstPiece;
    /** A text that no file holds. */
    private final String nothing = UUID.randomUUID().toString();

    /**
     * @param files which columns the files need
     * @param rows the name of the table of rows
     * @param rejects the name of the table of those that are none
     * @param firstPiece how many bytes of a file are written at first ({@link NumberedFiles#FIRST_PIECE})
     */
    RawTables(LakeRun lake, Locations locations, InputFiles files, String rows, String rejects, long firstPiece) {
        this.lake = lake;
        this.locations = locations;
        this.files = files;
        this.rows = rows;
        this.rejects = rejects;
        this.firstPiece = firstPiece;
    }

    /**
     * Makes both the content of the inputs.
     *
     * @throws SQLException if a table can't be read or written
     * @throws IOException if a file can't be read or written
     */
    void read(Inputs inputs) throws SQLException, IOException {
        Map<String, String> known = known();
        Set<String> names = new TreeSet<>(inputs.names());
        Set<String> gone = new HashSet<>(known.keySet());
        gone.removeAll(names);
        List<String> changed = names.stream()
                .filter(name -> !inputs.get(name).identity().fingerprint().equals(known.get(name)))
                .toList();
        try (NumberedFiles numbered = new NumberedFiles(locations, files, inputs, changed, firstPiece)) {
            for (int number = 1; numbered.hasNext(); number++) {
                try (NumberedFiles.Numbered piece = numbered.take()) {
                    read(piece, number);
                }
            }
        } catch (SQLException | IOException | RuntimeException failed) {
            lake.discard(failed);
            throw failed;
        }
        for (String name : gone) {
            lake.remove(rows, of(name));
            lake.remove(rejects, of(name));
        }
    }

    private Map<String, String> known() throws SQLException, IOException {
        Map<String, String> known = new HashMap<>();
        for (String table : List.of(rows, rejects)) {
            if (lake.table(table).schema() != null) {
                lake.duck()
                        .ask("SELECT DISTINCT " + FILE + ", _source_version FROM " + DuckSession.name(table), found -> {
                            while (found.next()) {
                                known.put(found.getString(1), found.getString(2));
                            }
                            return known;
                        });
            }
        }
        return known;
    }

    private static Predicate<DataFile> of(String name) {
        return file -> name.equals(String.valueOf(file.partition().get(0, CharSequence.class)));
    }

    private void read(NumberedFiles.Numbered numbered, int number) throws SQLException, IOException {
        NumberedCsv.Piece piece = numbered.piece();
        Identity identity = numbered.identity();
        String name = numbered.name();
        Predicate<DataFile> old = piece.isFirst() ? of(name) : file -> false;
        long written = lake.write(
                rows,
                query(piece.header(), numbered.rows(), name, identity),
                Layout.onePartition(FILE, name),
                old,
                "rows" + number);
        lake.write(
                rejects,
                rejected(numbered.rejects(), name, identity),
                Layout.onePartition(FILE, name),
                old,
                "rejects" + number);
        if (written != piece.rows()) {
            throw new Problem(
                    Kind.INTERNAL,
                    "Of " + piece.rows() + " rows of " + name + ", " + written
                            + " were written. Nothing was published. Please report this with the file.");
        }
    }

    private String query(Header header, Path file, String name, Identity identity) throws SQLException, IOException {
        requireNames(header);
        StringBuilder columns = new StringBuilder("'_source_line': 'BIGINT'");
        StringBuilder names = new StringBuilder();
        for (String column : names(header)) {
            columns.append(", ").append(DuckSession.quoted(column)).append(": 'VARCHAR'");
            names.append(DuckSession.name(column)).append(", ");
        }
        return "SELECT " + names + origin(name, identity) + " FROM "
                + reading(file, columns.toString(), (char) header.separator().symbol());
    }

    /** The names that a file's columns get: what the pipeline calls them, or the table has had them called, where only the letter case or the like differs. */
    private List<String> names(Header header) throws SQLException, IOException {
        List<String> names = new ArrayList<>(lake.table(rows).namesOf(header.columns()));
        for (String needed : files.find(header.file()).map(InputFile::columns).orElse(List.of())) {
            names.set(header.index(needed), needed);
        }
        return names;
    }

    private String rejected(Path file, String name, Identity identity) {
        return "SELECT CAST(NULL AS VARCHAR) AS \"column\", reason, text, " + origin(name, identity) + " FROM "
                + reading(file, "'_source_line': 'BIGINT', 'reason': 'VARCHAR', 'text': 'VARCHAR'", ',');
    }

    private String origin(String name, Identity identity) {
        return DuckSession.quoted(name) + " AS " + FILE + ", _source_line, "
                + DuckSession.quoted(identity.fingerprint())
                + " AS _source_version, TIMESTAMP "
                + DuckSession.quoted(identity.modified().toString().replaceFirst("Z$", ""))
                + " AS _fetched_at, CAST(" + lake.run() + " AS BIGINT) AS _run";
    }

    /** A field that says nothing is blank; NULL is only what a file has no column for. */
    private String reading(Path file, String columns, char separator) {
        return "read_csv(" + DuckSession.quoted(file.toString()) + ", columns = {" + columns
                + "}, auto_detect = false, header = false, delim = " + DuckSession.quoted(String.valueOf(separator))
                + ", quote = '\"', escape = '\"', strict_mode = true, allow_quoted_nulls = false, new_line = '\\n', nullstr = "
                + DuckSession.quoted(nothing) + ")";
    }

    /** DuckDB knows names without regard to letter case. */
    private static void requireNames(Header header) {
        Set<String> names = new HashSet<>();
        for (String column : header.columns()) {
            String name = column.toLowerCase(Locale.ROOT);
            if (column.isBlank()) {
                int place = header.columns().indexOf(column) + 1;
                throw wrong(header, null, "the " + place + ". column has no name. Name it, or remove it.");
            }
            if (OURS.contains(name)) {
                throw wrong(
                        header,
                        column,
                        "the tables have this column already, for where a row comes from (" + String.join(", ", OURS)
                                + "). Rename it.");
            }
            if (!names.add(name)) {
                throw wrong(
                        header,
                        column,
                        "there are two columns with this name, for which letter case does not count. Rename or remove one of them.");
            }
        }
    }

    private static CsvException wrong(Header header, @Nullable String column, String reason) {
        return new CsvException(header.file(), header.line(), column, reason);
    }
}
