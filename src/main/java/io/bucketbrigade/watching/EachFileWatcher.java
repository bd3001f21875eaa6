package io.bucketbrigade.watching;

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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    private final Deque<Identity> queue = new ArrayDeque<>();
    private Map<String, Settling> settling = new HashMap<>();
    private ZonedDateTime looked = now();
    private boolean isOpen = true;
    private long notBefore = System.nanoTime();
    private boolean ready;
    private @Nullable String because;
    private @Nullable String announced;

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
            if (claimed.isPresent()) {
                return claimed;
            }
        }
        return Optional.empty();
    }

    private boolean isDue() {
        isOpen = isOpen || schedule.hasComeBetween(looked, now());
        boolean isAsked = signal().get() != null || again().get() != null;
        return isAsked || (isOpen && System.nanoTime() - notBefore >= 0);
    }

    private Optional<Run> claim(Identity file, BetweenBatches moment) throws SQLException {
        return ledger.claim(new Claim(
                pipeline().name(),
                pipeline().definition().task(),
                trigger(because, announced),
                fingerprint(file),
                List.of(file),
                because == null,
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
        String signal = signal().get();
        looked = now();
        Location location = locations.of(place);
        if (!ready) {
            location.makeReady();
            ready = true;
            LOG.info("{}: each file in {} is loaded once", pipeline().name(), location.name());
        }
        List<Identity> there = list(location);
        List<Identity> settled = settled(location, there);
        List<Need> needs = ledger.needs(
                pipeline().name(),
                pipeline().definition().task(),
                settled.stream().map(EachFileWatcher::fingerprint).toList());
        boolean isMoreLater = settled.size() < there.size();
        for (int at = 0; at < settled.size(); at++) {
            Need need = needs.get(at);
            if (need == Need.NOW || (again != null && need != Need.NONE)) {
                queue.add(settled.get(at));
            }
            isMoreLater |= need == Need.LATER;
        }
        because = again;
        announced = signal != null ? signal : queue.isEmpty() ? null : announced;
        again().compareAndSet(again, null);
        signal().compareAndSet(signal, null);
        isOpen = isMoreLater || !queue.isEmpty();
        notBefore = System.nanoTime() + (queue.isEmpty() ? LOOK_AGAIN_AFTER.toNanos() : 0);
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
