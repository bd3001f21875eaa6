package io.bucketbrigade.streams;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The lines of a body, without blank ones. Of a line that is too long, only the beginning is kept. */
final class Lines {
    private static final int LONGEST = 64 * 1024;

    private final InputStream body;
    private final byte[] buffer = new byte[LONGEST];
    private int at;
    private int end;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean isTooLong;

    Lines(InputStream body) {
        this.body = body;
    }

    /** Goes to the next line; false if there is none. */
    boolean next() throws IOException {
        boolean isLine = read();
        while (isLine && !isTooLong && isBlank(line.toByteArray())) {
            isLine = read();
        }
        return isLine;
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte one : bytes) {
            if (one != ' ' && one != '\t' && one != '\r') {
                return false;
            }
        }
        return true;
    }

    private boolean read() throws IOException {
        line.reset();
        isTooLong = false;
        boolean isAny = false;
        while (true) {
            if (at == end) {
                at = 0;
                end = body.read(buffer);
                if (end < 0) {
                    end = 0;
                    return isAny;
                }
            }
            isAny = true;
            int stop = at;
            while (stop < end && buffer[stop] != '\n') {
                stop++;
            }
            int room = LONGEST - line.size();
            isTooLong = isTooLong || stop - at > room;
            line.write(buffer, at, Math.min(room, stop - at));
            boolean isWhole = stop < end;
            at = isWhole ? stop + 1 : stop;
            if (isWhole) {
                return true;
            }
        }
    }

    /** The line's bytes. */
    byte[] bytes() {
        return line.toByteArray();
    }

    /** Why the line can't be used; null if it can. */
    @Nullable
    String reason() {
        return isTooLong ? "The line is longer than " + LONGEST + " bytes, the most that is accepted." : null;
    }

    /** The line's beginning, for people. */
    String shown() {
        return shown(line.toByteArray());
    }

    /** The beginning of a line, for people. */
    static String shown(byte[] bytes) {
        return RowFormat.shortened(new String(bytes, 0, bytes.length, StandardCharsets.UTF_8));
    }
}
