package io.bucketbrigade.csv;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file's rows, with corrected ones in the place of those that were rejected, which are known by the line on which they start. */
public final class CorrectedRows {
    private static final int PIECE = 1 << 16;
    /** What replaces NUL in rejected rows that come out of the database, which can't hold one. */
    private static final char NUL_IN_PRINT = '\u2400';

    private final ByteSource source;
    private final Header header;
    private final Map<Long, Correction> corrections;
    private final Set<Long> found = new HashSet<>();
    private final Map<Long, String> stillBroken = new TreeMap<>();
    private @Nullable Boolean isUtf8;
    private long rows;
    private long corrected;
    private long skipped;
    private long unchanged;

    /**
     * A row of rejected.csv.
     *
     * @param text its text now
     * @param reason why the row was rejected
     */
    public record Correction(String text, String reason) {}

    /** @param corrections the rejected rows by the line on which they start, from 1 */
    public CorrectedRows(ByteSource source, Header header, Map<Long, Correction> corrections) {
        this.source = source;
        this.header = header;
        this.corrections = corrections;
    }

    /**
     * Writes the header and all rows but the rejected ones that are blank now, that nobody changed, or whose correction can't be
     * read as rows of this file: these are still wrong. What the fields of a corrected row hold is not checked. A row that fell only
     * because of a rejected row of another file has no fault of its own and stays. The rows that stay are written byte by byte as
     * they are, a corrected one in the encoding that the row had; empty lines go.
     *
     * @throws CsvException if a corrected row is longer than what was kept of it, or can't be written in its encoding
     * @throws IOException if it can't be read or written
     */
    public void writeTo(OutputStream out) throws IOException {
        copy(0, header.dataStart(), out);
        RowScanner scanner = new RowScanner(
                source,
                new byte[RowScanner.SMALLEST_BUFFER],
                header.separator(),
                -1,
                header.dataStart(),
                source.length());
        while (scanner.next(Long.MAX_VALUE)) {
            long line = header.dataLine() + scanner.newlinesBeforeRow();
            Correction correction = corrections.get(line);
            if (correction == null) {
                copy(scanner.rowStart(), scanner.offset(), out);
                rows++;
                continue;
            }
            found.add(line);
            replace(line, correction, scanner.rowStart(), scanner.offset(), out);
        }
    }

    private void replace(long line, Correction correction, long start, long end, OutputStream out) throws IOException {
        RowText original = RowText.read(source, start, end);
        String text = withoutGuard(correction.text(), original.text());
        if (text.isBlank()) {
            skipped++;
        } else if (comparable(text).equals(comparable(original.text()))) {
            if (Rejected.isConsequence(correction.reason())) {
                copy(start, end, out);
                rows++;
            } else {
                skipped++;
                unchanged++;
            }
        } else if (original.isCut()) {
            throw new CsvException(
                    source.name(),
                    line,
                    null,
                    "only the beginning of this row is in rejected.csv, so it can't be corrected there. Correct it in the file.");
        } else {
            correct(line, encoded(line, RowText.withoutLineEnd(text), original), lineEnd(end), out);
        }
    }

    /** Writes what takes a row's place: mostly a row, but one that had lost its line end may have become several. */
    private void correct(long line, byte[] text, byte[] lineEnd, OutputStream out) throws IOException {
        Records correction = new Records(new BytesInMemory(source.name(), text), header.from(0, line), 0);
        while (correction.nextOfAnyKind()) {
            String problem = correction.problem();
            if (problem != null) {
                stillBroken.put(line, problem);
                skipped++;
                return;
            }
        }
        if (correction.rows() == 0) {
            skipped++;
            return;
        }
        out.write(text);
        out.write(lineEnd);
        corrected += correction.rows();
        rows += correction.rows();
    }

    /** The API puts an apostrophe before a row that a spreadsheet would run as a formula. */
    private static String withoutGuard(String text, String original) {
        boolean guarded = text.startsWith("'") && beginsFormula(text.substring(1)) && beginsFormula(original);
        return guarded ? text.substring(1) : text;
    }

    private static boolean beginsFormula(String text) {
        return !text.isEmpty() && "-=+@\t\r\n".indexOf(text.charAt(0)) >= 0;
    }

    /** Editors write line ends in their own way, and the database has no NUL; neither is a correction. */
    private static String comparable(String text) {
        return RowText.withoutLineEnd(
                text.replace("\r\n", "\n").replace('\r', '\n').replace('\0', NUL_IN_PRINT));
    }

    private byte[] encoded(long line, String text, RowText original) throws IOException {
        boolean hadNul = original.text().indexOf('\0') >= 0 && original.text().indexOf(NUL_IN_PRINT) < 0;
        String wanted = hadNul ? text.replace(NUL_IN_PRINT, '\0') : text;
        boolean ascii = wanted.chars().allMatch(one -> one < 0x80);
        if (ascii || (original.isAscii() ? isUtf8() : original.isUtf8())) {
            return wanted.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = Windows1252.encode(wanted);
        if (bytes == null) {
            String foreign = wanted.codePoints()
                    .filter(one -> !Character.isBmpCodePoint(one) || !Windows1252.has((char) one))
                    .mapToObj(Character::toString)
                    .findFirst()
                    .orElse("");
            throw new CsvException(
                    source.name(),
                    line,
                    null,
                    "the corrected row holds '" + foreign
                            + "', which Windows-1252, the encoding of this row in the file, doesn't"
                            + " have. Use another character, or save the file as UTF-8 first.");
        }
        return bytes;
    }

    /** Whether the whole file is UTF-8; asked where a row that is the same in every encoding gets a character that isn't. */
    private boolean isUtf8() throws IOException {
        if (isUtf8 == null) {
            isUtf8 = readsAsUtf8();
        }
        return isUtf8;
    }

    private boolean readsAsUtf8() throws IOException {
        char[] piece = new char[PIECE];
        try (Reader reader = new InputStreamReader(new SourceStream(source), StandardCharsets.UTF_8.newDecoder())) {
            int read = 0;
            while (read >= 0) {
                read = reader.read(piece);
            }
            return true;
        } catch (CharacterCodingException otherEncoding) {
            return false;
        }
    }

    /** How the line ends that ends there. */
    private byte[] lineEnd(long end) throws IOException {
        byte[] last = new byte[2];
        BlockCounter.readFully(source, end - 2, last, 2);
        if (last[1] == '\n' && last[0] == '\r') {
            return last;
        }
        return new byte[] {last[1] == '\r' ? last[1] : (byte) '\n'};
    }

    private void copy(long from, long to, OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        for (long at = from; at < to; ) {
            int read = source.read(at, piece, 0, (int) Math.min(PIECE, to - at));
            if (read < 0) {
                throw new IOException(source.name() + " became shorter while it was read");
            }
            out.write(piece, 0, read);
            at += read;
        }
    }

    /**
     * Checks that every row that was to be replaced was there.
     *
     * @throws CsvException if no row starts on one of the lines
     */
    public void check() {
        for (long line : corrections.keySet()) {
            if (!found.contains(line)) {
                throw new CsvException(
                        source.name(),
                        line,
                        null,
                        "no row starts here, though rejected.csv says so. Was the file changed?");
            }
        }
    }

    /** Rows written, corrected ones among them. */
    public long rows() {
        return rows;
    }

    /** Rows written with another text. */
    public long corrected() {
        return corrected;
    }

    /** Rows not written. */
    public long skipped() {
        return skipped;
    }

    /** Of the rows not written those whose correction can't be read, by the line on which they start, with what is wrong. */
    public Map<Long, String> stillBroken() {
        return stillBroken;
    }

    /** Of the rows not written those that nobody changed. */
    public long unchanged() {
        return unchanged;
    }
}
