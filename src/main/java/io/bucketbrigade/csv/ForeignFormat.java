package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Other formats that people send as CSV, detected by their first bytes. No header of a CSV file begins like that: the
 * signatures hold bytes that
 * are in no text, or what no column is called.
 *
 * @see <a href="https://en.wikipedia.org/wiki/List_of_file_signatures">List of file signatures</a>
 */
public final class ForeignFormat {
    private static final String SAVE = " Save the worksheet as CSV in UTF-8.";
    private static final String EXPORT = " Export the table as CSV in UTF-8.";
    private static final String UTF_16 = "this is text in UTF-16. Save the file as CSV in UTF-8.";
    private static final String UTF_32 = "this is text in UTF-32. Save the file as CSV in UTF-8.";
    private static final String PICTURE = "). Export the table that it shows as CSV in UTF-8.";
    private static final int LONGEST = 512;

    /** As Latin-1, where a byte is a character. */
    private static final Map<Pattern, String> FORMATS = new LinkedHashMap<>();

    static {
        bytes("\u001f\u008b", "this is a gzip file. Unpack it (gunzip) and provide the CSV file.");
        bytes(
                "PK\u0003\u0004",
                "this is an Excel workbook (.xlsx) or another zip archive. Save the worksheet as CSV in UTF-8, or unpack it.");
        bytes("\u00d0\u00cf\u0011\u00e0", "this is an Excel workbook (.xls)." + SAVE);
        bytes("\u00ff\u00fe\u0000\u0000", UTF_32);
        bytes("\u0000\u0000\u00fe\u00ff", UTF_32);
        text("([^\u0000]\u0000{3}){2}|(\u0000{3}[^\u0000]){2}", UTF_32);
        bytes("\u00ff\u00fe", UTF_16);
        bytes("\u00fe\u00ff", UTF_16);
        bytes("(\u00b5/\u00fd", "this is a Zstandard file. Unpack it (unzstd) and provide the CSV file.");
        bytes("\u00fd7zXZ", "this is an xz file. Unpack it (unxz) and provide the CSV file.");
        bytes("7z\u00bc\u00af'\u001c", "this is a 7-Zip archive. Unpack it and provide the CSV file.");
        bytes("Rar!\u001a\u0007", "this is a RAR archive. Unpack it and provide the CSV file.");
        bytes("%PDF-", "this is a PDF." + EXPORT);
        bytes("\u0089PNG\r\n\u001a\n", "this is a picture (PNG" + PICTURE);
        bytes("\u00ff\u00d8\u00ff", "this is a picture (JPEG" + PICTURE);
        text("GIF8[79]a[^\\w\\s,;|\"]", "this is a picture (GIF" + PICTURE);
        bytes("{\\rtf", "this is a document in RTF." + EXPORT);
        bytes("SQLite format 3\u0000", "this is an SQLite database." + EXPORT);
        bytes("Obj\u0001", "this is an Avro file." + EXPORT);
        bytes("ARROW1\u0000", "this is an Arrow file." + EXPORT);
        bytes("\u00ff\u00ff\u00ff\u00ff", "this is an Arrow stream." + EXPORT);
        text("PAR1[^\\w\\s,;|\"]", "this is a Parquet file." + EXPORT);
        text("ORC.{0,200}[\u0000-\u0008]", "this is an ORC file." + EXPORT);
        text("BZh[1-9]1AY&SY", "this is a bzip2 file. Unpack it (bunzip2) and provide the CSV file.");
        text(".{257}ustar", "this is a tar archive. Unpack it (tar -xf) and provide the CSV file.");
        text(
                "version https://git-lfs",
                "this is a Git LFS pointer, not the file itself. Fetch the file (git lfs pull).");
        text(
                blanks() + "(<!doctype html|<html|<head|<body|<table|<script|<meta)\\b",
                "this is a web page. Was it downloaded without logging in? Provide the CSV file.");
        text(blanks() + "<\\?xml\\b", "this is XML." + EXPORT);
        text(blanks() + "(\\{\\s*(\"|}\\s*$)|\\[\\s*([\\[{\"]|]\\s*$))", "this is JSON." + EXPORT);
        text(sql(), "this is SQL, such as a dump of a database." + EXPORT);
        text(yaml(), "this is YAML." + EXPORT);
    }

    private ForeignFormat() {}

    /** A dump begins with a comment that says so, or its first statement follows on comments. */
    private static String sql() {
        String dump = "[^\\n]*\\b(PostgreSQL database|MySQL|MariaDB) dump\\b";
        String comments = "(?>--(?!" + dump + ")[^\\n]*\\n\\s*|/\\*.*?\\*/;?\\s*)*+";
        return blanks() + comments + "(--" + dump
                + "|PRAGMA\\s+foreign_keys\\s*=\\s*\\w+;"
                + "|CREATE\\s+TABLE\\s+[^,;|()]+\\("
                + "|INSERT\\s+INTO\\s+[^,;|()]+(\\(|\\bVALUES\\b|\\bSELECT\\b))";
    }

    /** Two lines that begin with a key, and no separator before the first one ends; perhaps behind what begins a document. */
    private static String yaml() {
        String key = "(- +)?[\\w.\"'-]+:";
        return blanks() + "(%YAML[^\\n]*\\n|---[ \\t\\r]*\\n|#[^\\n]*\\n)*" + key + "([ \\t\\r][^,;|\\t\\n]*)?\\n\\s*"
                + key + "\\s";
    }

    private static void bytes(String beginning, String words) {
        FORMATS.put(Pattern.compile(beginning, Pattern.LITERAL), words);
    }

    private static void text(String beginning, String words) {
        FORMATS.put(Pattern.compile(beginning, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), words);
    }

    /** What may come before the first character: a byte order mark of UTF-8, as Latin-1, and blanks. */
    private static String blanks() {
        return "(\u00ef\u00bb\u00bf)?\\s*";
    }

    /**
     * What it is and what to do; null if it may be a CSV.
     *
     * @param start the first bytes of a file; some hundreds are enough
     * @param length how many of them there are
     */
    public static @Nullable String of(byte[] start, int length) {
        String beginning = new String(start, 0, Math.min(length, LONGEST), StandardCharsets.ISO_8859_1);
        for (Map.Entry<Pattern, String> format : FORMATS.entrySet()) {
            if (format.getKey().matcher(beginning).lookingAt()) {
                return format.getValue();
            }
        }
        boolean everySecondIsNul = length >= 4
                && ((start[0] == 0 && start[2] == 0 && start[1] != 0 && start[3] != 0)
                        || (start[1] == 0 && start[3] == 0 && start[0] != 0 && start[2] != 0));
        return everySecondIsNul ? UTF_16 : null;
    }
}
