package io.bucketbrigade.runs;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether there is something to run. It never acts on what it was told, only on what lies there: all inputs are
 * present, none is being written, and the last run did not deal with just these.
 */
public final class Lookout {
    private static final Logger LOG = LoggerFactory.getLogger(Lookout.class);
    /** How long what the ledger said of unchanged inputs is believed; other processes write it too. */
    private static final Duration ASK_AGAIN_AFTER = Duration.ofSeconds(5);

    private final Settings settings;
    private final Ledger ledger;
    private final Duration settle;
    private final Polling polling;
    private final Locations locations;
    private final Troubles troubles;
    private final Map<String, Watched> watched = new ConcurrentHashMap<>();

    /** Takes from the settings how long size and time of every input must stay the same before they count as written. */
    public Lookout(Settings settings, Locations locations, Ledger ledger, Troubles troubles) {
        this.troubles = troubles;
        this.settings = settings;
        this.ledger = ledger;
        this.settle = settings.duration("brigade.settle");
        this.polling = new Polling(settings);
        this.locations = locations;
    }

    /**
     * Looks, and claims the run if one is wanted. Waits a little where the inputs will count as written before the next
     * look.
     *
     * @param task the pipeline's task that reads these inputs
     * @param locationSetting the setting that names the location they lie in
     * @param names the inputs' names, with commas between
     * @param optional the names of further inputs, which are read if they are there; may be blank
     * @param dependsOn names of further settings that shape the result, with commas between; may be blank
     * @param quiet the setting that says for how long none of them must have changed, where they come one after the other; may be
     *     blank
     * @param runsPerDay the setting that says how many runs may succeed on one day; blank if any number
     * @param zone the setting that says where the day begins; blank if that doesn't matter
     * @param trigger what made us look
     * @return the claimed run; null if there is nothing to do
     * @throws IOException if the location can't be read
     * @throws SQLException if the ledger can't be asked
     * @throws InterruptedException if the service stops meanwhile
     */
    public @Nullable Run look(
            String pipeline,
            String task,
            String locationSetting,
            String names,
            String optional,
            String dependsOn,
            String quiet,
            String runsPerDay,
            String zone,
            String trigger)
            throws IOException, SQLException, InterruptedException {
        Quota quota = runsPerDay.isBlank() ? null : Quota.of(settings, runsPerDay, zone);
        Duration still = quiet.isBlank() ? Duration.ZERO : settings.duration(quiet);
        return look(
                new Wanted(pipeline, task, locationSetting, list(names), list(optional), dependsOn, null, still, quota),
                trigger);
    }

    /**
     * Looks for a marker, and claims the run if it is a new one. Nothing else makes a run new: what the marker vouches for may
     * change before and after as it likes.
     *
     * @param task the pipeline's task that begins when the marker is there
     * @param markerSetting the setting that names the location in which the marker appears
     * @param marker the marker's name
     * @param index what else the run reads first: a file's name, or blank
     * @param indexSetting the setting that names the location in which the index lies
     * @param runsPerDay the setting that says how many runs may succeed on one day
     * @param zone the setting that says where the day begins
     * @param trigger what made us look
     * @return the claimed run; null if there is nothing to do
     * @throws IOException if a location can't be read
     * @throws SQLException if the ledger can't be asked
     * @throws InterruptedException if the service stops meanwhile
     */
    public @Nullable Run lookForMarker(
            String pipeline,
            String task,
            String markerSetting,
            String marker,
            String indexSetting,
            String index,
            String runsPerDay,
            String zone,
            String trigger)
            throws IOException, SQLException, InterruptedException {
        Beside beside = new Beside(locations.of(settings.text(indexSetting)), index);
        Quota quota = Quota.of(settings, runsPerDay, zone);
        return look(
                new Wanted(pipeline, task, markerSetting, list(marker), List.of(), "", beside, Duration.ZERO, quota),
                trigger);
    }

    private static List<String> list(String names) {
        return names.isBlank() ? List.of() : List.of(names.strip().split("\\s*,\\s*"));
    }

    /** A file that a run reads too, if it is there, but that doesn't make it a new one. */
    private record Beside(Location location, String name) {}

    /** What a route asks for. */
    private record Wanted(
            String pipeline,
            String task,
            String locationSetting,
            List<String> names,
            List<String> optional,
            String dependsOn,
            @Nullable Beside beside,
            Duration still,
            @Nullable Quota quota) {}

    private @Nullable Run look(Wanted wanted, String trigger) throws IOException, SQLException, InterruptedException {
        String pipeline = wanted.pipeline();
        Watched at = watched.computeIfAbsent(pipeline + " " + wanted.task(), key -> new Watched());
        synchronized (at) {
            Location location = locations.of(settings.text(wanted.locationSetting()));
            if (!at.ready) {
                location.makeReady();
                at.ready = true;
                LOG.info("{}: watching {} for {}", pipeline, location.name(), String.join(" and ", wanted.names()));
            }
            List<String> names = new ArrayList<>(wanted.names());
            names.addAll(wanted.optional());
            List<Identity> there = ask(location, names);
            Duration still = location.showsOnlyWhole() ? wanted.still() : longer(settle, wanted.still());
            if (!still.isZero()) {
                Duration rest = at.untilSettled(there, still);
                boolean isShort =
                        rest.compareTo(settle) <= 0 && rest.compareTo(polling.of(wanted.locationSetting())) < 0;
                if (rest.compareTo(Duration.ZERO) > 0 && isShort) {
                    Thread.sleep(rest.toMillis() + 1);
                    there = ask(location, names);
                    rest = at.untilSettled(there, still);
                }
                if (rest.compareTo(Duration.ZERO) > 0) {
                    tellRest(at, wanted, there, still);
                    return null;
                }
            }
            if (at.missing.await(pipeline, location, wanted.names(), there)) {
                return null;
            }
            String fingerprint = fingerprint(there, values(wanted.dependsOn()));
            String again = at.again.get();
            if (again == null
                    && fingerprint.equals(at.asked)
                    && System.nanoTime() - at.askedAt < ASK_AGAIN_AFTER.toNanos()) {
                return null;
            }
            // Asked is only what was answered.
            at.asked = null;
            Optional<BetweenBatches> moment = ledger.betweenBatches(location.name());
            if (moment.isEmpty() || !ask(location, names).equals(there)) {
                return null;
            }
            List<Identity> inputs = new ArrayList<>(there);
            Beside beside = wanted.beside();
            if (beside != null) {
                inputs.addAll(ask(beside.location(), List.of(beside.name())));
            }
            Optional<Run> claimed = ledger.claim(new Claim(
                    pipeline,
                    wanted.task(),
                    again == null ? trigger : again,
                    fingerprint,
                    inputs,
                    again == null,
                    wanted.quota(),
                    moment.get()));
            if (claimed.isPresent()) {
                at.again.compareAndSet(again, null);
            }
            if (claimed.isPresent() || !ledger.isBusy(pipeline)) {
                at.asked = fingerprint;
                at.askedAt = System.nanoTime();
            }
            return claimed.orElse(null);
        }
    }

    /**
     * The next look claims a run though nothing is new, if everything is there.
     *
     * @param because what the run's trigger will say
     * @throws Problem if nobody looks for this task's inputs
     */
    public void again(String pipeline, String task, String because) {
        Watched at = watched.get(pipeline + " " + task);
        if (at == null) {
            throw new Problem(
                    Kind.INPUT,
                    "Only what is watched can be run again, and '" + task + "' of " + pipeline
                            + " is not; call again what began it.");
        }
        at.again.set(because);
    }

    /**
     * The next looks claim a run of the pipeline though nothing is new, whatever number of runs is allowed on one day.
     *
     * @param because what the run's trigger will say
     * @throws Problem if nobody looks for inputs of this pipeline
     */
    public void again(String pipeline, String because) {
        List<Watched> tasks = watched.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(pipeline + " "))
                .map(Map.Entry::getValue)
                .toList();
        if (tasks.isEmpty()) {
            throw new Problem(
                    Kind.MISSING,
                    "There is no pipeline '" + pipeline + "' that watches for inputs. Those that do: "
                            + watched.keySet().stream()
                                    .map(key -> key.substring(0, key.indexOf(' ')))
                                    .distinct()
                                    .sorted()
                                    .collect(Collectors.joining(", "))
                            + ".");
        }
        tasks.forEach(task -> task.again.set(because));
    }

    /** Who has put the files there and sees nothing happen for a while is told why, once. */
    private void tellRest(Watched at, Wanted wanted, List<Identity> there, Duration still) {
        List<String> names = there.stream().map(Identity::name).toList();
        if (still.compareTo(settle) > 0 && names.containsAll(wanted.names()) && !there.equals(at.toldOfRest)) {
            at.toldOfRest = there;
            LOG.info(
                    "{}: all is there; a run begins when nothing has changed for {} s",
                    wanted.pipeline(),
                    still.toMillis() / 1000.0);
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private List<Identity> ask(Location location, List<String> wanted) throws IOException {
        troubles.asked(location.name());
        try {
            return location.look(wanted);
        } finally {
            troubles.answered(location.name());
        }
    }

    private String values(String names) {
        StringBuilder values = new StringBuilder();
        for (String name : names.split(",", -1)) {
            if (!name.isBlank()) {
                values.append(name.strip())
                        .append('=')
                        .append(settings.text(name.strip()))
                        .append('\n');
            }
        }
        return values.toString();
    }

    /** The fingerprint of inputs and of the settings that shape the result: SHA-256, in hexadecimal. */
    public static String fingerprint(List<Identity> inputs, String settings) {
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

    /** What is remembered between two looks. Nothing is lost with it. */
    private static final class Watched {
        private boolean ready;
        private List<Identity> seen = List.of();
        private long seenSince = System.nanoTime();
        private final MissingFiles missing = new MissingFiles();
        private List<Identity> toldOfRest = List.of();
        private @Nullable String asked;
        private final AtomicReference<@Nullable String> again = new AtomicReference<>();
        private long askedAt;

        /**
         * How long the inputs must still stay as they are. What tells how long they have been so is the time since we first
         * saw them, and from the second look on also the time at which anything was last changed: a file may have been there
         * for long. That time alone isn't enough, because it comes from another machine's clock where the disk is one.
         */
        private Duration untilSettled(List<Identity> there, Duration settle) {
            if (!there.equals(seen)) {
                seen = there;
                seenSince = System.nanoTime();
                return settle;
            }
            Duration sinceSeen = Duration.ofNanos(System.nanoTime() - seenSince);
            Duration unchanged = there.stream()
                    .map(Identity::touched)
                    .max(Comparator.naturalOrder())
                    .map(touched -> Duration.between(touched, Instant.now()))
                    .filter(age -> age.compareTo(sinceSeen) > 0)
                    .orElse(sinceSeen);
            return settle.minus(unchanged);
        }
    }
}
