package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.buffers.BufferKind;
import io.bucketbrigade.buffers.BufferName;
import io.bucketbrigade.buffers.RowBuffer;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.database.DatabaseCheck;
import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.lineage.LineageEndpoint;
import io.bucketbrigade.notifications.MailSettings;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.InputFiles;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.storage.Source;
import io.bucketbrigade.tls.TlsIdentity;
import io.bucketbrigade.tracing.OtlpSettings;
import io.bucketbrigade.watching.IgnoredFiles;
import jakarta.mail.MessagingException;
import jakarta.mail.Transport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** Checks whether everything that the service needs exists and may be used, and says what to fix. */
public final class Checkup {
    private static final long LITTLE_SPACE = 2L << 30;
    private static final long CLOCKS_APART_MS = 2000;
    /** Within this time, a certificate that expires should have been renewed. */
    private static final Duration SOON = Duration.ofDays(7);
    /** What is written to see whether that is allowed. */
    private static final String PROBE = "brigade-probe.txt";

    private final Settings settings;
    private final Set<String> wrong;
    private final Locations locations;
    private final AwsClients aws;
    private final List<Finding> findings = new ArrayList<>();
    /** The database, if all tables are there. */
    private @Nullable DatabaseAddress usable;

    /**
     * @param wrong the settings that can't be used; what depends on one of them is not checked
     * @param locations where files are; buckets among them, if there are any in the settings
     */
    public Checkup(Settings settings, Set<String> wrong, Locations locations, AwsClients aws) {
        this.settings = settings;
        this.wrong = wrong;
        this.locations = locations;
        this.aws = aws;
    }

    /** Everything that was checked. */
    public List<Finding> findings() {
        settings();
        if (areRight("brigade.database.", "brigade.data", "brigade.routes")) {
            boolean embedded = settings.text("brigade.database.url").isEmpty();
            check(
                    "The database",
                    embedded
                            ? "Check the folder that BRIGADE_DATA names, and postgres.log in it."
                            : "Check BRIGADE_DATABASE_URL, user and password.",
                    this::database);
        }
        lakes();
        if (areRight("brigade.routes") && settings.routeFolders().size() > 1) {
            check("BRIGADE_ROUTES", "", () -> {
                RoutesInspection.require(settings);
                return Finding.ok("BRIGADE_ROUTES (" + settings.path("brigade.routes") + ") has no faults");
            });
        }
        places(false);
        places(true);
        ignored();
        buffers();
        AwsChecks amazon = new AwsChecks(this, settings, wrong, aws);
        amazon.tables();
        amazon.warehouses();
        if (!settings.text("brigade.events.queue").isEmpty() && areRight("brigade.events.", "aws.")) {
            check(
                    "BRIGADE_EVENTS_QUEUE",
                    "Check its URL, and the rights in deploy/iam/events-queue.json.",
                    amazon::queue);
        }
        if (!settings.text("brigade.mail.to").isEmpty() && areRight("brigade.mail.")) {
            check("BRIGADE_MAIL_HOST", "Check host, port, security, user and password of the mail server.", this::mail);
        }
        if (!settings.text(OtlpSettings.ENDPOINT).isEmpty() && areRight("otel.")) {
            check(
                    "OTEL_EXPORTER_OTLP_ENDPOINT",
                    "Check the address, of OTLP by HTTP (mostly port 4318), and OTEL_EXPORTER_OTLP_HEADERS.",
                    () -> TelemetryChecks.otlp(new OtlpSettings(settings)));
        }
        if (!settings.text(LineageEndpoint.URL).isEmpty() && areRight("openlineage.")) {
            check("OPENLINEAGE_URL", "Check the address, OPENLINEAGE_ENDPOINT and OPENLINEAGE_API_KEY.", () -> {
                LineageEndpoint endpoint = new LineageEndpoint(settings);
                endpoint.check();
                return Finding.ok("The OpenLineage endpoint " + endpoint + " answers");
            });
        }
        if (!settings.text("brigade.sns.topic").isEmpty() && areRight("brigade.sns.", "aws.")) {
            check(
                    "BRIGADE_SNS_TOPIC",
                    "Check its ARN, region and credentials, and the right sns:Publish.",
                    amazon::topic);
        }
        return List.copyOf(findings);
    }

    boolean areRight(String... beginnings) {
        return Stream.of(beginnings).noneMatch(beginning -> wrong.stream().anyMatch(key -> key.startsWith(beginning)));
    }

    private void buffers() {
        Map<BufferName, String> named = new LinkedHashMap<>();
        settings.ofKind(BufferKind.class).stream()
                .filter(key -> !settings.dependsOn(key, wrong))
                .forEach(key -> named.putIfAbsent(BufferName.of(settings.text(key)), key));
        named.forEach((name, key) -> {
            if (name.isExternal() && areRight("brigade.kafka.", "aws.")) {
                check(Settings.variable(key), "", () -> {
                    try (RowBuffer buffer = new Buffers(settings, aws).open("doctor", name)) {
                        return Finding.ok(buffer.check());
                    }
                });
            }
        });
    }

    private void ignored() {
        if (!areRight("brigade.routes")) {
            return;
        }
        PipelineSettings named = new PipelineSettings(settings);
        for (Pipeline pipeline : Pipelines.read(settings.routeFolders()).all()) {
            InputFiles files = pipeline.definition().inputs();
            if (files != null
                    && pipeline.definition().start().eachFile() != null
                    && !settings.dependsOn(files.location(), wrong)) {
                for (String reason : ignored(named.place(files), files)) {
                    findings.add(Finding.warning(
                            Settings.variable(files.location()) + ": " + reason,
                            "Rename, convert, move or remove it."));
                }
            }
        }
    }

    private Set<String> ignored(String place, InputFiles files) {
        try {
            return IgnoredFiles.in(locations.of(place), files);
        } catch (IOException | Problem unreadable) {
            // The place itself was checked before, which has found that.
            return Set.of();
        }
    }

    private void places(boolean written) {
        for (String key : settings.places(written)) {
            boolean canBeTried = !Locations.isBucket(settings.text(key)) || areRight("aws.", "brigade.s3.");
            if (canBeTried && !settings.dependsOn(key, wrong)) {
                check(Settings.variable(key), fix(key, written), () -> place(key, written));
            }
        }
    }

    /** Says hello to the mail server, and who we are, but sends nothing. */
    private Finding mail() throws MessagingException {
        try (Transport transport = MailSettings.of(settings).session().getTransport("smtp")) {
            transport.connect();
            return Finding.ok("The mail server " + settings.text("brigade.mail.host") + ":"
                    + settings.text("brigade.mail.port") + " answers");
        }
    }

    void check(String what, String fix, Callable<Finding> check) {
        try {
            findings.add(check.call());
        } catch (SdkException e) {
            findings.add(Finding.failed(what + ": " + Refusals.words(e), fix));
        } catch (MessagingException e) {
            findings.add(Finding.failed(what + ": " + Problems.firstLine(e.getMessage()) + ".", fix));
        } catch (Exception e) {
            Problem problem = Problems.of(e);
            boolean saysWhatToDo = problem.kind() == Kind.USAGE;
            findings.add(Finding.failed(what + ": " + problem.sentence(), saysWhatToDo ? "" : fix));
        }
    }

    private void settings() {
        if (!FilePaths.limits().isEmpty()) {
            findings.add(Finding.warning(FilePaths.limits(), "Nothing, if all names are ASCII."));
        }
        settings.warnings().forEach(warning -> findings.add(Finding.warning(warning, "Correct or remove it.")));
        if (areRight("brigade.http.", "brigade.api.", "brigade.read.", "brigade.tls.", "brigade.trusted.")) {
            check("HTTP", "Correct the setting.", this::port);
        }
        boolean keys = !settings.text("brigade.api.key").isEmpty()
                || !settings.text("brigade.api.keys").isEmpty();
        if (!settings.text("brigade.http.host").matches("127\\..*|localhost|::1") && !keys) {
            findings.add(Finding.warning(
                    "HTTP is open to other machines (BRIGADE_HTTP_HOST), and no key is set: calls that write are refused",
                    "Set BRIGADE_API_KEY."));
        }
    }

    private Finding port() throws IOException {
        try (HttpSetup http = new HttpSetup(settings)) {
            http.identity().ifPresent(identity -> findings.add(certificate(identity)));
            http.checkPort();
            return Finding.ok("Port " + settings.text("brigade.http.port") + " is free");
        } catch (Problem problem) {
            if (problem.getCause() instanceof BindException) {
                return Finding.warning(problem.sentence(), "Nothing, if it is this service that is running there.");
            }
            throw problem;
        }
    }

    private static Finding certificate(TlsIdentity identity) {
        String what = "HTTPS is served with " + identity.described();
        return identity.end().isBefore(Instant.now().plus(SOON))
                ? Finding.warning(what, "Renew it; the files may be replaced while the service runs.")
                : Finding.ok(what);
    }

    /** What the database says of lakes can only be known if all of its tables are there. */
    private void lakes() {
        if (usable == null || !areRight("aws.", "brigade.s3.")) {
            return;
        }
        try {
            findings.addAll(new LakeChecks(settings, wrong, locations).findings(usable));
        } catch (IOException | SQLException | Problem e) {
            findings.add(Finding.failed(
                    "The lakes: " + Problems.of(e).sentence(), "Check the folders or buckets of the lakes."));
        }
    }

    /** Where the database is; none if it is the embedded one, and that does not run. */
    private Optional<DatabaseAddress> address() throws IOException {
        String url = settings.text("brigade.database.url");
        return url.isEmpty()
                ? DatabaseCheck.running(settings.path("brigade.data").resolve("postgres"))
                        .map(running -> running.in(settings.text("brigade.database.schema")))
                : Optional.of(DatabaseAddress.of(url, settings::text));
    }

    private Finding database() throws Exception {
        Optional<DatabaseAddress> found = address();
        if (found.isEmpty()) {
            return writable(
                    settings.path("brigade.data").toAbsolutePath(),
                    "The embedded PostgreSQL is not running; the folder for its data, "
                            + settings.path("brigade.data").resolve("postgres") + ",");
        }
        DatabaseAddress address = found.get();
        DatabaseCheck seen = DatabaseCheck.of(address, settings.routeFolders());
        String what = "The database " + address + ", PostgreSQL " + seen.version() + ", schema " + seen.schema()
                + (seen.pooled() ? ", behind a pooler" : "") + ", " + Counted.of(seen.pending(), "migration")
                + " pending";
        seen.obstacles().forEach(obstacle -> findings.add(Finding.failed(obstacle, "")));
        if (seen.pending() == 0 && seen.missing().isEmpty()) {
            usable = address;
        }
        seen.missing().forEach(missing -> findings.add(Finding.failed(missing, "")));
        if (Math.abs(seen.clockAhead().toMillis()) > CLOCKS_APART_MS) {
            return Finding.warning(
                    what + ", but its clock is " + seen.clockAhead().toMillis() / 1000 + " s ahead of this machine's",
                    "Synchronize both with NTP.");
        }
        return Finding.ok(what);
    }

    private String fix(String key, boolean result) {
        String place = settings.text(key);
        if (!Locations.isBucket(place)) {
            return "Create the folder, and give the user of the service the right to "
                    + (result ? "write there." : "read there.");
        }
        return "Check the bucket's name, region and credentials, and the rights in deploy/iam/"
                + (result ? "result-bucket.json." : "raw-bucket.json.");
    }

    private Finding place(String key, boolean result) throws IOException {
        String place = settings.text(key);
        if (!Locations.isBucket(place)) {
            Path folder = FilePaths.of(place);
            return folder(folder, Settings.variable(key) + " (" + folder + ")", result);
        }
        String what = Settings.variable(key) + " (" + place + ")";
        Location location = locations.of(place);
        location.list(List.of(PROBE));
        if (result) {
            location.put(
                    PROBE,
                    "doctor",
                    new ByteArrayInputStream(
                            "Written by brigade doctor. It may be deleted.\n".getBytes(StandardCharsets.US_ASCII)));
            location.open(PROBE).close();
            return Finding.ok(what + " can be listed, written and read; " + PROBE + " was left there");
        }
        return readable(location, what + " can be listed");
    }

    /** Asks for an object that isn't there: who may read gets another answer than who may not. */
    private static Finding readable(Location location, String what) throws IOException {
        Identity none = new Identity(location.name(), PROBE, 1, Instant.EPOCH, "\"none\"");
        try (Source probe = location.open(none)) {
            probe.read(0, new byte[1], 0, 1);
        } catch (Problem answer) {
            if (answer.kind() == Kind.FORBIDDEN) {
                return Finding.warning(
                        what + ", but not every object of it can be read: " + answer.sentence(),
                        "Nothing, if the input files may be read; deploy/iam/raw-bucket.json has the rights.");
            }
        }
        return Finding.ok(what + " and read");
    }

    private static Finding folder(Path folder, String what, boolean result) throws IOException {
        if (result || !Files.exists(folder)) {
            return writable(folder, what);
        }
        return Files.isReadable(folder) && Files.isExecutable(folder)
                ? Finding.ok(what + " can be read")
                : Finding.failed(what + " can't be read by this user", "Change its permissions.");
    }

    /** Tries it: permissions alone don't show disks that are full or mounted read-only. */
    private static Finding writable(Path folder, String what) throws IOException {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        try {
            Files.delete(Files.createTempFile(there, ".brigade", ".probe"));
        } catch (FileSystemException e) {
            String why = e instanceof AccessDeniedException
                    ? " by this user"
                    : e.getReason() == null ? "" : " (" + e.getReason() + ")";
            throw new Problem(Kind.FORBIDDEN, "The folder " + there + " can't be written" + why + ".", e);
        }
        long space = Files.getFileStore(there).getUsableSpace();
        return space < LITTLE_SPACE
                ? Finding.warning(
                        what + " can be written, but only " + space / 1_000_000 + " MB are free", "Free some space.")
                : Finding.ok(what + " can be written" + (there.equals(folder) ? "" : " (it is created when needed)"));
    }
}
