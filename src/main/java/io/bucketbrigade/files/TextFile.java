package io.bucketbrigade.files;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the files that people write: routes, SQL, settings, lists. None is so large that it must not be in memory. */
public final class TextFile {
    /** How many bytes a file may have. */
    public static final int LARGEST = 4 << 20;

    private TextFile() {}

    /**
     * What a file says.
     *
     * @throws Problem of the kind USAGE if it can't be read, is not in UTF-8, or is larger than {@link #LARGEST}
     */
    public static String read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw problem(file, "is larger than 4 MiB", null);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IOException unreadable) {
            throw problem(file, "can't be read as text in UTF-8", unreadable);
        }
    }

    private static Problem problem(Path file, String what, @Nullable IOException cause) {
        return new Problem(Kind.USAGE, file + ": the file " + what + ".", file.toString(), 0, null, cause);
    }
}
