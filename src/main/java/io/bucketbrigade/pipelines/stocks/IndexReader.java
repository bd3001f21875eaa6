package io.bucketbrigade.pipelines.stocks;

import io.bucketbrigade.csv.Blanks;
import io.bucketbrigade.csv.Text;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the names of an index. What gives the list its shape is ASCII, so only the names are decoded, each by itself: a name that
 * isn't UTF-8 is read as Windows-1252, as everywhere else, and costs no other name.
 */
final class IndexReader {
    private static final int MOST_SHOWN = 30;

    private final String file;
    private final byte[] bytes;
    private final List<String> names = new ArrayList<>();
    private int windows1252;
    private int line = 1;
    private int lineStart;

    /**
     * Reads them.
     *
     * @throws Problem if they can't be read as a list. Which names would follow is then anybody's guess, so none is used.
     */
    IndexReader(String file, byte[] bytes) {
        this.file = file;
        this.bytes = bytes;
        boolean nameWanted = true;
        int at = 0;
        int end = lineEnd(at);
        while (at < bytes.length) {
            byte one = bytes[at];
            int behindBlanks = Blanks.start(bytes, at, end);
            if (one == ',' || isLineEnd(one)) {
                nameWanted = true;
                at++;
                if (isLineEnd(one)) {
                    line += one == '\r' && at < bytes.length && bytes[at] == '\n' ? 0 : 1;
                    lineStart = at;
                    end = lineEnd(at);
                }
            } else if (behindBlanks > at) {
                at = behindBlanks;
            } else if (one != '\'' && one != '"') {
                throw problem(
                        at,
                        shown(at)
                                + " is outside of quotes. Put each name in quotes, and double a quote that belongs to a name");
            } else if (!nameWanted) {
                throw problem(at, "a comma is missing before " + shown(at) + ". Write one between two names");
            } else {
                at = takeName(at, end);
                nameWanted = false;
            }
        }
    }

    /** Takes the name whose quote is there, and says where its closing quote ends. */
    private int takeName(int opening, int lineEnd) {
        byte quote = bytes[opening];
        int at = opening + 1;
        while (at < lineEnd && (bytes[at] != quote || (at + 1 < lineEnd && bytes[at + 1] == quote))) {
            at += bytes[at] == quote ? 2 : 1;
        }
        if (at == lineEnd) {
            throw problem(
                    opening, "the quote before " + shown(opening + 1) + " is never closed. Close it in the same line");
        }
        Text name = Text.of(bytes, opening + 1, at);
        windows1252 += name.isWindows1252() ? 1 : 0;
        String one = Character.toString((char) quote);
        names.add(Blanks.strip(name.toString().replace(one + one, one)));
        return at + 1;
    }

    private int lineEnd(int from) {
        int end = from;
        while (end < bytes.length && !isLineEnd(bytes[end])) {
            end++;
        }
        return end;
    }

    private static boolean isLineEnd(byte one) {
        return one == '\n' || one == '\r';
    }

    /** What is there, up to the next comma. */
    private String shown(int at) {
        String rest = Text.of(bytes, at, lineEnd(at)).toString();
        String piece = rest.split(",", 2)[0].strip();
        return piece.length() <= MOST_SHOWN ? piece : piece.substring(0, MOST_SHOWN) + "…";
    }

    private Problem problem(int at, String what) {
        int character = 1 + Text.of(bytes, lineStart, at).toString().length();
        return new Problem(
                Kind.INPUT,
                file + ", line " + line + ", character " + character + ": " + what + ".",
                file,
                line,
                null,
                null);
    }

    /** The names, as often as they are there. */
    List<String> names() {
        return names;
    }

    /** How many of them are not UTF-8. */
    int windows1252() {
        return windows1252;
    }
}
