package io.bucketbrigade.fetching;

import io.bucketbrigade.csv.SourceStream;
import io.bucketbrigade.fetching.FetchOutcome.State;
import io.bucketbrigade.fetching.FetchedTable.Held;
import io.bucketbrigade.fetching.FetchedTable.Version;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.sql.SQLException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Fetches one source, which nobody else has meanwhile: into its partial file, and as soon as that is whole and right, into its location. */
final class SourceFetch {
    private static final int BUFFER = 1 << 16;

    private final FetchedTable table;
    private final FetchLimits limits;
    private final Locations locations;
    private final ScheduledExecutorService clock;
    private final Held held;
    private final Version known;
    private final Progress progress;

    SourceFetch(
            FetchedTable table,
            FetchLimits limits,
            Locations locations,
            ScheduledExecutorService clock,
            Held held,
            Version known,
            Progress progress) {
        this.table = table;
        this.limits = limits;
        this.locations = locations;
        this.clock = clock;
        this.held = held;
        this.known = known;
        this.progress = progress;
    }

    /**
     * Fetches it.
     *
     * @param client for sources that are fetched by HTTP
     * @return whether there is a new file in place
     * @throws Problem if it can't be fetched; the file in place stays
     * @throws IOException if it can't be read or written; the file in place stays
     * @throws SQLException if the database refuses, or is away
     */
    boolean run(PartialFile part, @Nullable WebClient client) throws IOException, SQLException {
        Location location = locations.of(held.location());
        location.makeReady();
        boolean isInPlace = held.origin().equals(known.from())
                && location.holds(held.source().name());
        try {
            Validators before = isInPlace ? known.validators() : null;
            boolean isNew = client == null ? copy(part, before) : fetch(client, part, before);
            return isNew && put(part, location, isInPlace);
        } catch (Problem wrong) {
            if (wrong.kind() == Kind.INPUT || wrong.kind() == Kind.TOO_LARGE) {
                part.empty();
            }
            throw wrong;
        } catch (EOFException | ZipException damaged) {
            part.empty();
            throw new Problem(Kind.INPUT, "the server sends a file whose packing is damaged.", damaged);
        }
    }

    private boolean fetch(WebClient client, PartialFile part, @Nullable Validators before) {
        WebFetch web = new WebFetch(client, limits, clock, held.source(), part, progress);
        long deadline = System.nanoTime() + limits.longest().toNanos();
        return new Retries(limits, progress).until(() -> web.attempt(before, deadline));
    }

    /** What is on this machine, or in a bucket, is read like any other input. */
    private boolean copy(PartialFile part, @Nullable Validators before) throws IOException {
        try (Source source = locations.open(held.source().address())) {
            Validators now = new Validators(source.identity().fingerprint(), null);
            if (now.equals(before)) {
                return false;
            }
            if (source.length() > limits.mostBytes()) {
                throw limits.tooLarge();
            }
            part.begin(held.source(), now, source.length(), "");
            progress.begin(0, source.length());
            SourceStream in = new SourceStream(source);
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                part.add(buffer, read);
                progress.add(read);
            }
            progress.arrivedWhole();
            if (source.changed() || part.size() != source.length()) {
                part.empty();
                throw new Problem(Kind.TRANSIENT, "it changed while it was read. It is tried again the next time.");
            }
            return true;
        }
    }

    private boolean put(PartialFile part, Location location, boolean isInPlace) throws IOException, SQLException {
        Digest.Content content;
        try (InputStream in = part.read()) {
            byte[] start = in.readNBytes(ContentCheck.BEGINNING);
            ContentCheck.beginning(held.source().name(), start, start.length);
        }
        try (InputStream in = part.read()) {
            ContentCheck.columns(held.source().name(), held.columns(), in);
        }
        try (InputStream in = part.read()) {
            content = Digest.of(in, limits);
        }
        boolean isOther = !isInPlace || !content.sha256().equals(known.sha256());
        if (isOther) {
            if (!table.hold(held, progress)) {
                throw new Problem(Kind.CONFLICT, "another process fetches it by now.");
            }
            try (InputStream in = part.read()) {
                location.put(held.source().name(), "fetch-" + held.owner(), in);
            }
        }
        table.remember(held, part.validators(), content.size(), content.sha256());
        part.discard();
        return isOther;
    }

    /** What it came to. */
    FetchOutcome outcome(boolean isNew) {
        return isNew
                ? new FetchOutcome(held.source().name(), State.FETCHED, progress.bytes(), progress.rate(), "")
                : new FetchOutcome(held.source().name(), State.UNCHANGED, progress.arrived(), 0, "");
    }
}
