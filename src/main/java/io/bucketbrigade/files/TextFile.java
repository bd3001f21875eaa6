package io.bucketbrigade.files;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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
     * @throws Problem of the kind USAGE if it does not exist, can't be read, is not in UTF-8, or is larger than {@link #LARGEST}
     */
    public static String read(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw problem(file, "is a folder, a pipe or a device; it must be a file with text", null);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw problem(file, "is larger than 4 MiB", null);
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (NoSuchFileException missing) {
            throw problem(file, "does not exist", missing);
        } catch (AccessDeniedException denied) {
            throw problem(file, "may not be read by this user; change its permissions", denied);
        } catch (CharacterCodingException other) {
            throw problem(file, "is not encoded in UTF-8; save it as UTF-8", other);
        } catch (IOException unreadable) {
            throw problem(file, "can't be read", unreadable);
        }
    }

    private static Problem problem(Path file, String what, @Nullable IOException cause) {
        return new Problem(Kind.USAGE, file + ": the file " + what + ".", file.toString(), 0, null, cause);
    }
}
