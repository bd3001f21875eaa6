package io.bucketbrigade.web;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Who may make calls that write: who brings the key; without a key, who sits at this machine, if HTTP is open to nobody else. */
public final class AccessRule {
    private final byte[] key;
    private final boolean onlyLoopback;

    /**
     * @param key the key; blank for none
     * @param host the address HTTP listens on
     */
    public AccessRule(String key, String host) {
        this.key = key.getBytes(StandardCharsets.UTF_8);
        this.onlyLoopback = isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /**
     * Checks a call that writes.
     *
     * @param authorization the header of that name
     * @throws Problem if it may not be made; the message says how to set or send a key
     */
    void check(@Nullable String authorization) {
        if (key.length == 0) {
            if (!onlyLoopback) {
                throw new Problem(
                        Kind.FORBIDDEN,
                        "HTTP is open to other machines and no key is set, so calls that write are refused. Set"
                                + " BRIGADE_API_KEY and send it as Authorization: Bearer <key>.");
            }
            return;
        }
        String given = authorization != null && authorization.startsWith("Bearer ") ? authorization.substring(7) : "";
        if (!MessageDigest.isEqual(key, given.strip().getBytes(StandardCharsets.UTF_8))) {
            throw new Problem(Kind.FORBIDDEN, "This call needs the key: send Authorization: Bearer <BRIGADE_API_KEY>.");
        }
    }
}
