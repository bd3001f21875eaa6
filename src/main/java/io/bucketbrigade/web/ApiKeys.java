package io.bucketbrigade.web;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** Keys that open something. Each is compared in full, so that the time it takes says nothing about any. */
public final class ApiKeys {
    private final List<byte[]> keys;

    private ApiKeys(List<byte[]> keys) {
        this.keys = keys;
    }

    /**
     * The key of a setting, and those of a file with one key per line; blank lines and those that begin with # are ignored.
     *
     * @param key the key; blank for none
     * @param file the file's path; blank for none
     * @throws Problem if the file can't be read, or holds no key
     */
    public static ApiKeys of(String key, String file) {
        List<byte[]> keys = new ArrayList<>();
        if (!key.isBlank()) {
            keys.add(bytes(key));
        }
        if (!file.isBlank()) {
            List<byte[]> inFile = TextFile.read(FilePaths.of(file))
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(ApiKeys::bytes)
                    .toList();
            if (inFile.isEmpty()) {
                throw new Problem(Kind.USAGE, "The file of keys " + file + " holds no keys; write one per line.");
            }
            keys.addAll(inFile);
        }
        return new ApiKeys(keys);
    }

    private static byte[] bytes(String key) {
        return key.strip().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return keys.isEmpty();
    }

    /** Whether it is one of them. */
    boolean hold(String given) {
        byte[] bytes = bytes(given);
        boolean found = false;
        for (byte[] key : keys) {
            found |= MessageDigest.isEqual(key, bytes);
        }
        return found;
    }
}
