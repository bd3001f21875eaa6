package io.bucketbrigade.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Who may make which calls. What writes, or reveals what is in the raw files, is for who brings the key; without a key, for
 * who sits at this machine, if HTTP is open to nobody else and no proxy is between. Reading is for everybody whom HTTP is open to, unless there is a key for it too. Who
 * brings wrong keys again and again is not listened to for a while.
 */
public final class AccessRule {
    private static final int MOST_WRONG_KEYS = 10;
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(1);
    private static final int MOST_CALLERS_REMEMBERED = 10_000;

    /** What a call needs, as {@code x-access} says it. */
    enum Access {
        /** Nothing: what the page needs to ask for a key. */
        OPEN,
        READ,
        WRITE
    }

    private final ApiKeys writing;
    private final ApiKeys reading;
    private final boolean onlyLoopback;
    private final Cache<String, AtomicInteger> wrongKeys = Caffeine.newBuilder()
            .expireAfterWrite(FORGOTTEN_AFTER)
            .maximumSize(MOST_CALLERS_REMEMBERED)
            .build();

    /**
     * @param writing the keys for calls that write; they are good for reading too
     * @param reading the keys for calls that read; none if reading is for everybody
     * @param host the address HTTP listens on
     * @throws Problem if reading needs a key and writing doesn't
     */
    public AccessRule(ApiKeys writing, ApiKeys reading, String host) {
        if (writing.isEmpty() && !reading.isEmpty()) {
            throw new Problem(
                    Kind.USAGE,
                    "BRIGADE_READ_KEY protects reading, but writing has no key. Set BRIGADE_API_KEY or BRIGADE_API_KEYS too.");
        }
        this.writing = writing;
        this.reading = reading;
        this.onlyLoopback = isLoopback(host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    /** What wrong keys are counted for: who has one address of IPv6 has 2^64 of them. */
    private static String network(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes == null || bytes.length < 16
                ? address
                : NetUtil.bytesToIpAddress(Arrays.copyOf(Arrays.copyOf(bytes, 8), 16));
    }

    /**
     * Checks a call.
     *
     * @param authorization the header of that name
     * @param caller who it comes from
     * @throws Problem if it may not be made; the message says how to set or send a key
     */
    void check(Access needed, @Nullable String authorization, Caller caller) {
        if (needed == Access.OPEN) {
            return;
        }
        if (writing.isEmpty() && onlyLoopback && !caller.isForThisMachine()) {
            throw new Problem(
                    Kind.FORBIDDEN,
                    "BRIGADE_API_KEY is not set, so only this machine may call, and the call is for another host ("
                            + caller.host() + "). Call localhost, or set BRIGADE_API_KEY.");
        }
        if (needed == Access.READ && reading.isEmpty()) {
            return;
        }
        if (writing.isEmpty()) {
            if (!onlyLoopback) {
                throw new Problem(
                        Kind.FORBIDDEN,
                        "HTTP is open to other machines and no key is set, so calls that write are refused. Set"
                                + " BRIGADE_API_KEY and send it as Authorization: Bearer <key>.");
            }
            if (caller.isThroughProxy()) {
                throw new Problem(
                        Kind.FORBIDDEN,
                        "The call came through a proxy and no key is set, so calls that write are refused. Set"
                                + " BRIGADE_API_KEY and send it as Authorization: Bearer <key>.");
            }
            return;
        }
        AtomicInteger wrong = wrongKeys.get(network(caller.address()), unknown -> new AtomicInteger());
        if (wrong.get() >= MOST_WRONG_KEYS) {
            throw new Problem(
                    Kind.TOO_MANY,
                    "Too many wrong keys came from " + caller.address() + ". Wait a minute, then send the right one.");
        }
        String given = authorization != null && authorization.startsWith("Bearer ") ? authorization.substring(7) : "";
        boolean mayWrite = writing.hold(given);
        boolean mayRead = reading.hold(given);
        boolean right = mayWrite || (needed == Access.READ && mayRead);
        if (!right) {
            if (!given.isBlank() && !mayRead) {
                wrong.incrementAndGet();
            }
            throw new Problem(Kind.FORBIDDEN, "This call needs the key: send Authorization: Bearer <BRIGADE_API_KEY>.");
        }
    }
}
