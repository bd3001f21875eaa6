package io.bucketbrigade.tls;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.tls.TlsFiles.Content;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a renewed certificate served to new connections. The files are read, rather than their times: what replaces them may be
 * a link that now leads elsewhere. They count when they are the same at two checks, because certificate and key are not
 * replaced at the same moment.
 */
public final class TlsRenewal {
    private static final Logger LOG = LoggerFactory.getLogger(TlsRenewal.class);
    private static final long CHECK_EVERY_MS = 2000;
    /** In health and in the log. */
    private static final String WHAT = "HTTPS certificate";

    private final TlsFiles files;
    private final ServedTls server;
    private final Degradations degradations;
    private final AtomicBoolean isChecking = new AtomicBoolean();

    private TlsIdentity served;
    private @Nullable Content servedContent;
    private Seen before = new Seen(null, "");

    /** What a check found: the files' texts, or why they can't be read. */
    private record Seen(@Nullable Content content, String reason) {}

    /**
     * @param served what the server serves now
     */
    public TlsRenewal(TlsFiles files, TlsIdentity served, ServedTls server, Degradations degradations) {
        this.files = files;
        this.served = served;
        this.server = server;
        this.degradations = degradations;
    }

    /** Checks every two seconds, until Vert.x is closed. */
    public void watch(Vertx vertx) {
        vertx.setPeriodic(CHECK_EVERY_MS, timer -> {
            if (isChecking.compareAndSet(false, true)) {
                vertx.executeBlocking(
                                () -> {
                                    check();
                                    return null;
                                },
                                false)
                        .onComplete(checked -> isChecking.set(false));
            }
        });
    }

    private synchronized void check() {
        Seen now = see();
        if (!now.equals(before)) {
            before = now;
            return;
        }
        Content content = now.content();
        if (content == null) {
            keep(now.reason());
        } else if (!content.equals(servedContent)) {
            renew(content);
        } else if (served.end().isBefore(Instant.now())) {
            degrade("It has expired, and callers refuse it: " + served.described() + ". Renew it.");
        } else {
            degradations.recovered(WHAT);
        }
    }

    private Seen see() {
        try {
            return new Seen(files.read(), "");
        } catch (Problem unreadable) {
            return new Seen(null, unreadable.sentence());
        }
    }

    private void renew(Content content) {
        try {
            TlsIdentity renewed = files.identity(content);
            boolean isNew = !renewed.isSame(served);
            if (isNew) {
                server.serve(renewed);
            }
            served = renewed;
            servedContent = content;
            degradations.recovered(WHAT);
            if (isNew) {
                LOG.info("New connections get {}", renewed.described());
            }
        } catch (Problem unusable) {
            keep(unusable.sentence());
        }
    }

    private void keep(String why) {
        degrade(why + " Until then, connections get " + served.described() + ".");
    }

    private void degrade(String sentence) {
        if (degradations.degraded(WHAT, sentence)) {
            LOG.warn("{}: {}", WHAT, sentence);
        }
    }
}
