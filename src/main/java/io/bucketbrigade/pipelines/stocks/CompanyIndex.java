package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.csv.Blanks;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names in CompanyNames/top_companies.txt: in quotes, with commas between, on one line or many, such as
 * {@code 'tmusp.us.csv', 'mcv.us.csv'}. A quote in a name is doubled.
 *
 * @param names each once, in the order in which they stand there first
 * @param again how many stand there once more
 */
record CompanyIndex(List<String> names, int again) {
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
            throw problem(file, 0, "is " + source.length() + " bytes long, too long for a list of files");
        }
        List<String> all = names(text(source, file), file);
        Set<String> once = new LinkedHashSet<>(all);
        if (once.isEmpty()) {
            throw problem(file, 0, "names no files. It needs a list such as 'tmusp.us.csv', 'mcv.us.csv'");
        }
        if (once.size() > most) {
            throw problem(
                    file,
                    0,
                    "names " + once.size() + " files, more than STOCKS_MAX_FILES allows (" + most
                            + "). Shorten the list or raise the limit");
        }
        return new CompanyIndex(List.copyOf(once), all.size() - once.size());
    }

    private static String text(Source source, String file) throws IOException {
        byte[] bytes = new byte[(int) source.length()];
        int length = 0;
        while (length < bytes.length) {
            int read = source.read(length, bytes, length, bytes.length - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw problem(file, 0, "is not text in UTF-8. Save it so");
        }
    }

    private static List<String> names(String text, String file) {
        List<String> names = new ArrayList<>();
        int line = 1;
        boolean awaited = true;
        int at = 0;
        while (at < text.length()) {
            char one = text.charAt(at);
            if (one == '\'' || one == '"') {
                if (!awaited) {
                    throw problem(file, line, "has no comma between two names. Write one there");
                }
                int end = closing(text, at);
                if (end < 0) {
                    throw problem(file, line, "has a quote that is never closed. Close it");
                }
                names.add(Blanks.strip(text.substring(at + 1, end).replace("" + one + one, "" + one)));
                awaited = false;
                at = end + 1;
            } else if (one == ',' || one == '\n' || one == '\r') {
                awaited = true;
                line += one == '\n' ? 1 : 0;
                at++;
            } else if (one <= ' ' || Blanks.isBlank(one)) {
                at++;
            } else {
                throw problem(file, line, "has text outside of quotes. Put each name in quotes");
            }
        }
        return names;
    }

    private static int closing(String text, int opening) {
        char quote = text.charAt(opening);
        int end = text.indexOf(quote, opening + 1);
        while (end >= 0 && end + 1 < text.length() && text.charAt(end + 1) == quote) {
            end = text.indexOf(quote, end + 2);
        }
        int newline = text.indexOf('\n', opening);
        return newline >= 0 && newline < end ? -1 : end;
    }

    private static Problem problem(String file, long line, String what) {
        return new Problem(
                Kind.INPUT, file + (line > 0 ? ", line " + line : "") + " " + what + ".", file, line, null, null);
    }
}
