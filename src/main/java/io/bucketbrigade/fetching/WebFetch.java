package io.bucketbrigade.fetching;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageHeaders;
import org.jspecify.annotations.Nullable;

/** One request for a source, whose answer goes into its partial file. */
final class WebFetch {
    private static final Pattern RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern GZIP = Pattern.compile("(x-)?gzip", Pattern.CASE_INSENSITIVE);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BUFFER = 1 << 16;
    /** Connecting, asking and waiting for the head of the answer, each of which may take the time of a stall. */
    private static final int STAGES_BEFORE_ANSWER = 3;

    private final WebClient client;
    private final FetchLimits limits;
    private final ScheduledExecutorService clock;
    private final FetchSource source;
    private final PartialFile part;
    private final Progress progress;

    /** @param clock ends what takes too long */
    WebFetch(
            WebClient client,
            FetchLimits limits,
            ScheduledExecutorService clock,
            FetchSource source,
            PartialFile part,
            Progress progress) {
        this.client = client;
        this.limits = limits;
        this.clock = clock;
        this.source = source;
        this.part = part;
        this.progress = progress;
    }

    /**
     * Asks for what is missing.
     *
     * @param known the version that is in place; null if there is none
     * @param deadline until when, as {@link System#nanoTime()} counts
     * @return whether the partial file is whole now; false if the version in place is still the newest
     * @throws TryAgain if it may work the next time
     * @throws Problem if it won't
     */
    boolean attempt(@Nullable Validators known, long deadline) throws IOException {
        HttpGet request = new HttpGet(source.url());
        request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
        boolean isRest = askForNews(request, known);
        AtomicBoolean isLate = new AtomicBoolean();
        ScheduledFuture<?> late = clock.schedule(
                () -> {
                    isLate.set(true);
                    request.cancel();
                },
                limits.stall().toMillis() * STAGES_BEFORE_ANSWER,
                TimeUnit.MILLISECONDS);
        progress.endBy(request::cancel);
        HttpClientContext context = HttpClientContext.create();
        try {
            return client.execute(request, context, response -> {
                late.cancel(false);
                try {
                    return read(response, host(context), isRest, known != null, deadline);
                } catch (IOException | RuntimeException e) {
                    // Otherwise the client would read the rest of the answer before it closes the connection.
                    request.cancel();
                    throw e;
                }
            });
        } catch (IOException e) {
            throw WebFaults.explain(e, host(context), isLate.get(), progress, limits);
        } finally {
            late.cancel(false);
            part.keep();
        }
    }

    /** Whom the last request went to. */
    private String host(HttpClientContext context) {
        String first = String.valueOf(source.url().getHost());
        List<URI> redirects = context.getRedirectLocations().getAll();
        String last = redirects.isEmpty()
                ? first
                : String.valueOf(redirects.get(redirects.size() - 1).getHost());
        return last.equalsIgnoreCase(first) ? first : last + " (redirected from " + first + ")";
    }

    /** @return whether only the rest is asked for */
    private boolean askForNews(HttpGet request, @Nullable Validators known) throws IOException {
        String proof = part.resumable();
        if (part.isWhole()) {
            askForOther(request, part.validators());
        } else if (proof != null) {
            request.setHeader(HttpHeaders.RANGE, "bytes=" + part.size() + "-");
            request.setHeader(HttpHeaders.IF_RANGE, proof);
            return true;
        } else if (known != null) {
            askForOther(request, known);
        }
        return false;
    }

    private static void askForOther(HttpGet request, Validators known) {
        if (known.entityTag() != null) {
            request.setHeader(HttpHeaders.IF_NONE_MATCH, known.entityTag());
        }
        if (known.lastModified() != null) {
            request.setHeader(HttpHeaders.IF_MODIFIED_SINCE, known.lastModified());
        }
    }

    private boolean read(ClassicHttpResponse response, String host, boolean isRest, boolean isKnown, long deadline)
            throws IOException {
        int status = response.getCode();
        switch (status) {
            case HttpStatus.SC_OK -> begin(response);
            case HttpStatus.SC_PARTIAL_CONTENT -> goOn(response, isRest);
            case HttpStatus.SC_NOT_MODIFIED -> {
                if (part.isWhole()) {
                    progress.begin(part.size(), part.size());
                    return true;
                }
                if (isKnown && !isRest) {
                    return false;
                }
                throw new Problem(Kind.INPUT, answered(response, host) + ", which was not asked for.");
            }
            case HttpStatus.SC_REQUESTED_RANGE_NOT_SATISFIABLE -> {
                part.empty();
                throw new TryAgain("the server has no rest of the file", Duration.ZERO, null);
            }
            case HttpStatus.SC_REQUEST_TIMEOUT,
                    TOO_MANY_REQUESTS,
                    HttpStatus.SC_INTERNAL_SERVER_ERROR,
                    HttpStatus.SC_BAD_GATEWAY,
                    HttpStatus.SC_SERVICE_UNAVAILABLE,
                    HttpStatus.SC_GATEWAY_TIMEOUT ->
                throw new TryAgain(answered(response, host), retryAfter(response), null);
            default ->
                throw new Problem(
                        status == HttpStatus.SC_NOT_FOUND || status == HttpStatus.SC_GONE ? Kind.MISSING : Kind.INPUT,
                        answered(response, host) + ". Correct the address.");
        }
        copy(response.getEntity(), deadline);
        return true;
    }

    private static String answered(ClassicHttpResponse response, String host) {
        String reason = String.valueOf(response.getReasonPhrase()).replaceAll("[^\\p{Print}]", "?");
        return host + " answered " + response.getCode() + " " + reason.substring(0, Math.min(reason.length(), 100));
    }

    private void begin(ClassicHttpResponse response) throws IOException {
        ContentCheck.type(source.name(), value(response, HttpHeaders.CONTENT_TYPE));
        String encoding = value(response, HttpHeaders.CONTENT_ENCODING).strip();
        boolean isPacked = !encoding.isEmpty() && !encoding.equalsIgnoreCase("identity");
        if (isPacked && !GZIP.matcher(encoding).matches()) {
            throw new Problem(
                    Kind.INPUT,
                    "the server packs the file (Content-Encoding: " + encoding + "), which was not asked for.");
        }
        HttpEntity entity = response.getEntity();
        long total = entity == null ? 0 : entity.getContentLength();
        if (entity != null && total < 0 && !entity.isChunked() && !isPacked) {
            throw new Problem(
                    Kind.INPUT,
                    "the server does not say how long the file is, so half of it could not be told from the whole.");
        }
        requireSmall(total);
        // A file that is packed itself stays so.
        boolean unpacked = source.name().endsWith(".gz");
        part.begin(source, validators(response), total, isPacked && !unpacked ? "gzip" : "");
        progress.begin(0, total);
    }

    private void goOn(ClassicHttpResponse response, boolean isRest) throws IOException {
        Matcher range = RANGE.matcher(value(response, HttpHeaders.CONTENT_RANGE).strip());
        boolean isAsked = isRest && range.matches() && Long.parseLong(range.group(1)) == part.size();
        long total = isAsked && !"*".equals(range.group(3)) ? Long.parseLong(range.group(3)) : -1;
        boolean isOther = part.validators().contradict(validators(response))
                || (total >= 0 && part.total() >= 0 && total != part.total());
        if (!isAsked || isOther) {
            part.empty();
            throw new TryAgain(
                    isAsked
                            ? "the file changed while it was fetched"
                            : "the server sends another part than was asked for",
                    Duration.ZERO,
                    null);
        }
        progress.begin(part.size(), part.total());
    }

    private void copy(@Nullable HttpEntity entity, long deadline) throws IOException {
        if (entity == null) {
            throw new Problem(Kind.INPUT, "the server sends an empty file.");
        }
        byte[] buffer = new byte[BUFFER];
        Pace pace = new Pace(limits);
        // Closed by the client. To close it here, where it fails, would read the rest of it.
        InputStream in = entity.getContent();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            if (part.size() == 0 && read >= ContentCheck.BEGINNING && !part.isPacked()) {
                ContentCheck.beginning(source.name(), buffer, read);
            }
            part.add(buffer, read);
            progress.add(read);
            requireSmall(part.size());
            if (pace.isSecondOver(read, deadline)) {
                part.keep();
            }
        }
        if (part.total() >= 0 && part.size() != part.total()) {
            throw new TryAgain(WebFaults.broken(progress), null, null);
        }
        progress.arrivedWhole();
    }

    private void requireSmall(long bytes) {
        if (bytes > limits.mostBytes()) {
            throw limits.tooLarge();
        }
    }

    private static Validators validators(MessageHeaders response) {
        String tag = value(response, HttpHeaders.ETAG).strip();
        String modified = value(response, HttpHeaders.LAST_MODIFIED).strip();
        return new Validators(tag.isEmpty() ? null : tag, modified.isEmpty() ? null : modified);
    }

    private static String value(MessageHeaders response, String name) {
        Header header = response.getFirstHeader(name);
        return header == null || header.getValue() == null ? "" : header.getValue();
    }

    private static @Nullable Duration retryAfter(MessageHeaders response) {
        String value = value(response, HttpHeaders.RETRY_AFTER).strip();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        Instant until = value.isEmpty() ? null : DateUtils.parseStandardDate(value);
        return until == null ? null : Duration.between(Instant.now(), until);
    }
}
