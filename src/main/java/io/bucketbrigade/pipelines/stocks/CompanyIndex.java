package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names in CompanyNames/top_companies.txt: in quotes, separated by commas, on one line or many, such as
 * {@code 'tmusp.us.csv', 'mcv.us.csv'}. A quote in a name is doubled.
 *
 * @param names each once, in the order of their first occurrence
 * @param again how many are repeated
 * @param windows1252 how many are not UTF-8 and were read as Windows-1252
 */
record CompanyIndex(List<String> names, int again, int windows1252) {
    private static final int LARGEST = 1 << 20;

    /**
     * Reads them.
     *
     * @param most how many there may be
     * @throws Problem if they can't be read as such a list, or are more
     * @throws IOException if the file can't be read
     */
    static CompanyIndex read(Source source, int most) throws IOException {
        String file = source.identity().path();
        if (source.length() > LARGEST) {
            throw problem(file, "is " + source.length() + " bytes long, too long for a list of files");
        }
        byte[] bytes = bytes(source);
        if (holdsNul(bytes)) {
            throw problem(file, "is not text in UTF-8. Save it as UTF-8");
        }
        IndexReader all = new IndexReader(file, bytes);
        Set<String> once = new LinkedHashSet<>(all.names());
        if (once.isEmpty()) {
            throw problem(file, "names no files. It needs a list such as 'tmusp.us.csv', 'mcv.us.csv'");
        }
        if (once.size() > most) {
            throw problem(
                    file,
                    "names " + once.size() + " files, more than STOCKS_MAX_FILES allows (" + most
                            + "). Shorten the list or raise the limit");
        }
        return new CompanyIndex(List.copyOf(once), all.names().size() - once.size(), all.windows1252());
    }

    private static byte[] bytes(Source source) throws IOException {
        byte[] bytes = new byte[(int) source.length()];
        int length = 0;
        int read = 0;
        while (length < bytes.length && read >= 0) {
            read = source.read(length, bytes, length, bytes.length - length);
            length += Math.max(0, read);
        }
        return Arrays.copyOf(bytes, length);
    }

    private static boolean holdsNul(byte[] bytes) {
        for (byte one : bytes) {
            if (one == 0) {
                return true;
            }
        }
        return false;
    }

    private static Problem problem(String file, String what) {
        return new Problem(Kind.INPUT, file + " " + what + ".", file, 0, null, null);
    }
}
