package io.bucketbrigade.watching;

import io.bucketbrigade.registry.Definition;
import io.bucketbrigade.registry.Definition.Marker;
import io.bucketbrigade.registry.Definition.RunsPerDay;
import io.bucketbrigade.registry.InputFile;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.runs.BetweenBatches;
import io.bucketbrigade.runs.Claim;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Fingerprint;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.Quota;
import io.bucketbrigade.runs.Run;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the inputs of a pipeline whose run reads all of them: a run is wanted if all are present, none is being written, and the last run
 * did not deal with just these.
 */
final class SetWatcher extends InputWatcher {
    private static final Logger LOG = LoggerFactory.getLogger(SetWatcher.class);
    /** How long what the ledger said of unchanged inputs is believed; other processes write it too. */
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);

    private final InputFiles inputs;
    private final String place;
    private final String inputsPlace;
    private final @Nullable Marker marker;
    private final @Nullable Quota quota;
    private final @Nullable Duration every;
    private final String shapingSettings;
    private final Locations locations;
    private final Ledger ledger;
    private final Degradations degradations;
    private final Duration settle;
    private final Duration quiet;
    private final Duration interval;

    private final MissingFiles missing = new MissingFiles();
    private final Settling settling = new Settling();
    private boolean ready;
    private List<Identity> announced = List.of();
    private @Nullable String asked;
    private long askedAt;

    /**
     * Takes from the settings where the inputs are, and for how long size and time of each must stay the same before it counts as
     * written.
     */
    SetWatcher(
            Pipeline pipeline,
            PipelineSettings settings,
            Locations locations,
            Ledger ledger,
            Degradations degradations) {
        super(pipeline);
        Definition definition = pipeline.definition();
        this.inputs = Objects.requireNonNull(definition.inputs());
        this.marker = definition.start().marker();
        this.inputsPlace = settings.place(inputs);
        this.place = marker == null ? inputsPlace : settings.place(marker);
        RunsPerDay runsPerDay = definition.runsPerDay();
        this.quota = runsPerDay == null ? null : new Quota(settings.limit(runsPerDay), settings.zone(runsPerDay));
        this.shapingSettings = settings.shaping(definition);
        this.locations = locations;
        this.ledger = ledger;
        this.degradations = degradations;
        this.settle = settings.settle();
        this.quiet = settings.quiet(definition.start());
        this.every = settings.every(definition.start());
        this.interval = CheckInterval.of(settings.poll(), place, quiet);
    }

    @Override
    Duration interval() {
        return interval;
    }

    /** Waits a little where the inputs will count as written before the next check. */
    @Override
    synchronized Optional<Run> check() throws IOException, SQLException, InterruptedException {
        String trigger = signal().get();
        Location location = locations.of(place);
        if (!ready) {
            location.makeReady();
            ready = true;
            LOG.info("{}: watching {} for {}", pipeline().name(), location.name(), String.join(" and ", wanted()));
        }
        Optional<List<Identity>> settled = settled(location);
        if (settled.isEmpty()) {
            return Optional.empty();
        }
        List<Identity> there = settled.get();
        waiting(there.size());
        if (missing.areMissing(pipeline().name(), location, wanted(), there, this::isThere)) {
            signal().compareAndSet(trigger, null);
            return Optional.empty();
        }
        String fingerprint = Fingerprint.of(there, shapingSettings + period());
        String because = again().get();
        boolean isAnswered = fingerprint.equals(asked) && System.nanoTime() - askedAt < ASK_AGAIN_AFTER.toNanos();
        if (because == null && isAnswered) {
            waiting(0);
            signal().compareAndSet(trigger, null);
            return Optional.empty();
        }
        // Asked is only what was answered.
        asked = null;
        Optional<BetweenBatches> moment = ledger.betweenBatches(location.name());
        if (moment.isEmpty() || !list(location).equals(there)) {
            return Optional.empty();
        }
        List<Identity> read = new ArrayList<>(there);
        if (marker != null) {
            // The marker may be one of them.
            inputsIn(locations.of(inputsPlace)).stream()
                    .filter(input -> !read.contains(input))
                    .forEach(read::add);
        }
        Optional<Run> claimed = ledger.claim(new Claim(
                pipeline().name(),
                pipeline().definition().task(),
                trigger(because, trigger),
                fingerprint,
                read,
                because == null,
                false,
                quota,
                moment.get()));
        if (claimed.isPresent()) {
            again().compareAndSet(because, null);
        }
        if (claimed.isPresent() || !ledger.isBusy(pipeline().name())) {
            signal().compareAndSet(trigger, null);
            asked = fingerprint;
            askedAt = System.nanoTime();
            waiting(0);
        }
        return claimed;
    }

    /** What is there, once it has settled. */
    private Optional<List<Identity>> settled(Location location) throws IOException, InterruptedException {
        List<Identity> there = list(location);
        Duration needed = marker != null ? Duration.ZERO : quiet;
        if (!location.showsOnlyWhole() && needed.compareTo(settle) < 0) {
            needed = settle;
        }
        if (needed.isZero()) {
            return Optional.of(there);
        }
        Duration rest = settling.left(there, needed);
        boolean isShort = rest.compareTo(settle) <= 0 && rest.compareTo(interval) < 0;
        if (rest.compareTo(Duration.ZERO) > 0 && isShort) {
            Thread.sleep(rest.toMillis() + 1);
            there = list(location);
            rest = settling.left(there, needed);
        }
        if (rest.compareTo(Duration.ZERO) > 0) {
            waiting(there.size());
            announceRest(there, needed);
            return Optional.empty();
        }
        return Optional.of(there);
    }

    /** Logs once why nothing happens yet, for whoever has put the files there. */
    private void announceRest(List<Identity> there, Duration needed) {
        boolean isComplete = wanted().stream().allMatch(title -> isThere(title, there));
        if (needed.compareTo(settle) > 0 && isComplete && !there.equals(announced)) {
            announced = there;
            LOG.info(
                    "{}: all inputs are there; a run begins when nothing has changed for {} s",
                    pipeline().name(),
                    needed.toMillis() / 1000.0);
        }
    }

    /** The names, or patterns of names, of what must be there. */
    private List<String> wanted() {
        if (marker != null) {
            return List.of(marker.name());
        }
        return inputs.files().stream()
                .filter(file -> !file.optional())
                .map(InputFile::title)
                .toList();
    }

    private boolean isThere(String title, List<Identity> there) {
        InputFile wanted = inputs.files().stream()
                .filter(file -> file.title().equals(title))
                .findFirst()
                .orElse(null);
        return there.stream()
                .anyMatch(file -> wanted == null ? file.name().equals(title) : wanted.matches(file.name()));
    }

    /** What is there of the marker, or else of the inputs. */
    private List<Identity> list(Location location) throws IOException {
        return marker == null ? inputsIn(location) : list(location, List.of(marker.name()));
    }

    private List<Identity> inputsIn(Location location) throws IOException {
        List<String> names = new ArrayList<>(inputs.required());
        names.addAll(inputs.optional());
        List<InputFile> patterns = inputs.patterns();
        if (!patterns.isEmpty()) {
            names.addAll(namesLike(location, patterns));
        }
        return list(location, names);
    }

    private static List<String> namesLike(Location location, List<InputFile> patterns) throws IOException {
        try {
            return location.names(name -> patterns.stream().anyMatch(file -> file.matches(name))).stream()
                    .sorted()
                    .toList();
        } catch (NoSuchFileException folderIsGone) {
            return List.of();
        }
    }

    private List<Identity> list(Location location, List<String> names) throws IOException {
        degradations.asked(location.name());
        try {
            return location.list(names);
        } finally {
            degradations.answered(location.name());
        }
    }

    /** In which period of a schedule we are. */
    private String period() {
        return every == null ? "" : "period " + System.currentTimeMillis() / every.toMillis() + "\n";
    }
}
