package io.bucketbrigade.csv;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What people send as CSV that is none, told by its first bytes. */
final class ForeignFormat {
    /** From <a href="https://en.wikipedia.org/wiki/List_of_file_signatures">the lists of signatures</a>; as Latin-1. */
    private static final Map<String, String> SIGNATURES = new LinkedHashMap<>();

    static {
        SIGNATURES.put("\u001f\u008b", "this is a gzip file. Unpack it (gunzip) and give the CSV.");
        SIGNATURES.put(
                "PK\u0003\u0004",
                "this is an Excel workbook (.xlsx) or another zip archive. Save the sheet as CSV in UTF-8, or unpack it.");
        SIGNATURES.put("\u00d0\u00cf\u0011\u00e0", "this is an Excel workbook (.xls). Save the sheet as CSV in UTF-8.");
        SIGNATURES.put("\u00ff\u00fe", "this is text in UTF-16. Save the file as CSV in UTF-8.");
        SIGNATURES.put("\u00fe\u00ff", "this is text in UTF-16. Save the file as CSV in UTF-8.");
        SIGNATURES.put("PAR1", "this is a Parquet file. Export it as CSV in UTF-8.");
        SIGNATURES.put("BZh", "this is a bzip2 file. Unpack it (bunzip2) and give the CSV.");
        SIGNATURES.put("(\u00b5/\u00fd", "this is a Zstandard file. Unpack it (unzstd) and give the CSV.");
        SIGNATURES.put("\u00fd7zXZ", "this is an xz file. Unpack it (unxz) and give the CSV.");
        SIGNATURES.put("%PDF-", "this is a PDF. Export the table as CSV in UTF-8.");
        SIGNATURES.put("<!doctype html", "this is a web page. Was it saved where a login was asked for? Give the CSV.");
        SIGNATURES.put("<html", "this is a web page. Was it saved where a login was asked for? Give the CSV.");
    }

    private ForeignFormat() {}

    /** What it is and what to do; null if it may be a CSV. */
    static @Nullable String of(byte[] start, int length) {
        String beginning = new String(start, 0, Math.min(length, 16), StandardCharsets.ISO_8859_1);
        String lower = beginning.toLowerCase(Locale.ROOT);
        for (Map.Entry<String, String> signature : SIGNATURES.entrySet()) {
            String text = signature.getKey();
            if (beginning.startsWith(text) || (text.startsWith("<") && lower.startsWith(text))) {
                return signature.getValue();
            }
        }
        boolean everySecondIsNul = length >= 4
                && ((start[0] == 0 && start[2] == 0 && start[1] != 0 && start[3] != 0)
                        || (start[1] == 0 && start[3] == 0 && start[0] != 0 && start[2] != 0));
        return everySecondIsNul ? "this is text in UTF-16. Save the file as CSV in UTF-8." : null;
    }
}
