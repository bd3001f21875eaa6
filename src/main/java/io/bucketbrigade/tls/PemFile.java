package io.bucketbrigade.tls;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file in PEM form that a setting names.
 *
 * @param setting the setting as people know it
 */
record PemFile(String setting, Path path) {
    private static final int LARGEST = 1 << 20;

    static PemFile of(Settings settings, String key) {
        return new PemFile(settings.name(key), settings.path(key));
    }

    /** @throws Problem if it can't be read */
    String read() {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw problem("which is not a file. Name a file in PEM form", null);
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw problem("which is larger than 1 MiB. Name a file in PEM form", null);
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException missing) {
            throw problem("which does not exist. Put the file there, or correct the setting", missing);
        } catch (AccessDeniedException denied) {
            throw problem("which this user may not read. Change the permissions of the file or its folder", denied);
        } catch (IOException unreadable) {
            throw problem(
                    "which can't be read (" + unreadable.getMessage() + "). Correct that, or the setting", unreadable);
        }
    }

    /** The blocks of a text whose labels match, with their first and last lines. */
    static List<String> blocks(String text, String label) {
        return Pattern.compile("-----BEGIN (" + label + ")-----[^-]+-----END \\1-----")
                .matcher(text)
                .results()
                .map(block -> block.group() + "\n")
                .toList();
    }

    /** How many blocks begin so. */
    static long count(String text, String label) {
        return Pattern.compile("-----BEGIN " + label + "-----")
                .matcher(text)
                .results()
                .count();
    }

    /** @param what goes on after the name of the file, and ends without a full stop */
    Problem problem(String what, @Nullable Throwable cause) {
        return new Problem(Kind.USAGE, setting + " names " + path + ", " + what + ".", cause);
    }
}
