package io.bucketbrigade.runs;

import io.bucketbrigade.storage.Identity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** What a run would read, and with which settings, in short. */
public final class Fingerprint {
    private Fingerprint() {}

    /** The fingerprint of inputs and of the settings that shape the result: SHA-256, in hexadecimal. */
    public static String of(List<Identity> inputs, String settings) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Identity input : inputs) {
                digest.update((input.fingerprint() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            digest.update(settings.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
