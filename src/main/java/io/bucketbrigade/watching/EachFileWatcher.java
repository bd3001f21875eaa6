package io.bucketbrigade.watching;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.runs.BetweenBatches;
import io.bucketbrigade.runs.Claim;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Fingerprint;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Ledger.Need;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Schedule;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the files of a pipeline each of which is a run of its own, once: at the start, when the schedule says so, and when somebody
 * asks. What was found is then run file by file, and they are listed once more, until nothing is left to do.
 */
final class EachFileWatcher extends InputWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(EachFileWatcher.class);
    /** How soon files are listed again that can't be run yet. */
    private static final Duration LOOK_AGAIN_AFTER = Duration.ofSeconds(1);

    private final InputFiles inputs;
    private final String place;
    private final Schedule schedule;
    private final Locations locations;
    private final Ledger ledger;
    private final Degradations degradations;
    private final Duration settle;
    private final Duration interval;
    private final AtomicReference<@Nullable Replay> replay = new AtomicReference<>();
    private final Set<String> ignored = new HashSet<>();
    private final Deque<Wanted> queue = new ArrayDeque<>();
    private Map<String, Settling> settling = new HashMap<>();
    private ZonedDateTime looked = now();
    private boolean isOpen = true;
    private long notBefore = System.nanoTime();
    private boolean ready;
    private @Nullable String announced;

    /** A file that an earlier run read, and that somebody wants to be read once more. */
    private record Replay(String path, String because) {}

    /** A file to be run, and who asked for it; null if nobody did. */
    private record Wanted(Identity file, @Nullable String because) {}

    EachFileWatcher(
            Pipeline pipeline,
            PipelineSettings settings,
            Locations locations,
            Ledger ledger,
            Degradations degradations) {
        super(pipeline);
        this.inputs = Objects.requireNonNull(pipeline.definition().inputs());
        this.place = settings.place(inputs);
        this.schedule = settings.schedule(
                Objects.requireNonNull(pipeline.definition().start().eachFile()));
        this.locations = locations;
        this.ledger = ledger;
        this.degradations = degradations;
        this.settle = settings.settle();
        this.interval = CheckInterval.of(settings.poll(), place, Duration.ZERO);
    }

    private static ZonedDateTime now() {
        return ZonedDateTime.now(ZoneId.systemDefault());
    }

    @Override
    Duration interval() {
        return interval;
    }

    @Override
    synchronized Optional<Run> check() throws IOException, SQLException, InterruptedException {
        if (queue.isEmpty()) {
            if (!isDue()) {
                return Optional.empty();
            }
            look();
        }
        while (!queue.isEmpty()) {
            Optional<BetweenBatches> moment =
                    ledger.betweenBatches(locations.of(place).name());
            Optional<Run> claimed = moment.isEmpty() ? Optional.empty() : claim(queue.element(), moment.get());
            if (claimed.isEmpty()
                    && (moment.isEmpty() || ledger.isBusy(pipeline().name()))) {
                return Optional.empty();
            }
            queue.remove();
            waiting(queue.size());
            if (claimed.isPresent()) {
                return claimed;
            }
        }
        return Optional.empty();
    }

    @Override
    void runAgain(String because) {
        try {
            Location location = locations.of(place);
            if (needs(list(location)).stream().allMatch(Need.NONE::equals)) {
                throw new Problem(
                        Kind.CONFLICT,
                        "There is no new file called " + IgnoredFiles.called(inputs) + " in " + location.name() + ".");
            }
        } catch (IOException | SQLException e) {
            throw Problems.of(e);
        }
        super.runAgain(because);
    }

    @Override
    void replay(String path, String because) {
        try {
            Location location = locations.of(place);
            if (list(location).stream().noneMatch(file -> file.path().equals(path))) {
                throw new Problem(
                        Kind.CONFLICT,
                        "The file " + path + " is not there any more. Put it there again; it is run then by itself.");
            }
        } catch (IOException e) {
            throw Problems.of(e);
        }
        requireRoute();
        replay.set(new Replay(path, because));
    }

    private boolean isDue() {
        isOpen = isOpen || schedule.hasComeBetween(looked, now());
        boolean isAsked = signal().get() != null || again().get() != null || replay.get() != null;
        return isAsked || (isOpen && System.nanoTime() - notBefore >= 0);
    }

    private Optional<Run> claim(Wanted wanted, BetweenBatches moment) throws SQLException {
        Identity file = wanted.file();
        return ledger.claim(new Claim(
                pipeline().name(),
                pipeline().definition().task(),
                trigger(wanted.because(), announced),
                fingerprint(file),
                List.of(file),
                wanted.because() == null,
                true,
                null,
                moment));
    }

    private static String fingerprint(Identity file) {
        return Fingerprint.of(List.of(file), "");
    }

    /** Lists all files, and keeps those that are to be run now. */
    private void look() throws IOException, SQLException, InterruptedException {
        String again = again().get();
        Replay replayed = replay.get();
        String signal = signal().get();
        looked = now();
        Location location = locations.of(place);
        if (!ready) {
            location.makeReady();
            ready = true;
            LOG.info("{}: each file in {} is loaded once", pipeline().name(), location.name());
        }
        List<Identity> there = list(location);
        sayIgnored(location);
        List<Identity> settled = settled(location, there);
        List<Need> needs = needs(settled);
        boolean isMoreLater = settled.size() < there.size();
        for (int at = 0; at < settled.size(); at++) {
            Need need = needs.get(at);
            Identity file = settled.get(at);
            if (replayed != null && file.path().equals(replayed.path())) {
                queue.add(new Wanted(file, replayed.because()));
            } else if (need == Need.NOW || (again != null && need != Need.NONE)) {
                queue.add(new Wanted(file, again));
            }
            isMoreLater |= need == Need.LATER;
        }
        waiting(queue.size() + there.size() - settled.size());
        announced = signal != null ? signal : queue.isEmpty() ? null : announced;
        again().compareAndSet(again, null);
        replay.compareAndSet(replayed, null);
        signal().compareAndSet(signal, null);
        isOpen = isMoreLater || !queue.isEmpty();
        notBefore = System.nanoTime() + (queue.isEmpty() ? LOOK_AGAIN_AFTER.toNanos() : 0);
    }

    private List<Need> needs(List<Identity> files) throws SQLException {
        return ledger.needs(
                pipeline().name(),
                pipeline().definition().task(),
                files.stream().map(EachFileWatcher::fingerprint).toList());
    }

    /** Says, once, what looks like a file to be run and is none. */
    private void sayIgnored(Location location) throws IOException {
        Set<String> reasons = IgnoredFiles.in(location, inputs);
        ignored.retainAll(reasons);
        reasons.stream()
                .filter(ignored::add)
                .forEach(reason -> LOG.warn("{}: {}", pipeline().name(), reason));
    }

    private List<Identity> list(Location location) throws IOException {
        degradations.asked(location.name());
        try {
            return location.list(location.allNames().stream()
                    .filter(name -> inputs.find(name).isPresent())
                    .sorted()
                    .toList());
        } finally {
            degradations.answered(location.name());
        }
    }

    /** Those that nobody is writing any more. Waits a little where they will soon count as written. */
    private List<Identity> settled(Location location, List<Identity> there) throws IOException, InterruptedException {
        if (location.showsOnlyWhole() || settle.isZero()) {
            return there;
        }
        List<Identity> settled = settled(there);
        if (settled.size() == there.size() || settle.compareTo(LOOK_AGAIN_AFTER) > 0) {
            return settled;
        }
        Thread.sleep(settle.toMillis() + 1);
        return settled(list(location));
    }

    private List<Identity> settled(List<Identity> there) {
        Map<String, Settling> known = settling;
        settling = new HashMap<>();
        List<Identity> settled = new ArrayList<>();
        for (Identity file : there) {
            Settling own = known.getOrDefault(file.name(), new Settling());
            settling.put(file.name(), own);
            if (own.left(List.of(file), settle).compareTo(Duration.ZERO) <= 0) {
                settled.add(file);
            }
        }
        return settled;
    }
}
