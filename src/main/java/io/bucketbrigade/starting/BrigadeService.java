package io.bucketbrigade.starting;

import io.bucketbrigade.aws.AwsClients;
import io.bucketbrigade.aws.AwsSettings;
import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.database.DatabaseAddress;
import io.bucketbrigade.database.EmbeddedServer;
import io.bucketbrigade.fetching.Fetching;
import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.lake.LakeQueries;
import io.bucketbrigade.metrics.ServiceMeters;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.storage.Locations;
import io.bucketbrigade.streams.Streams;
import io.bucketbrigade.tls.TlsFiles;
import io.bucketbrigade.tracing.Traces;
import io.bucketbrigade.version.BuildInfo;
import io.bucketbrigade.version.ProgramVersion;
import io.bucketbrigade.watching.ClaimComponent;
import io.bucketbrigade.watching.InputWatchers;
import io.bucketbrigade.web.ContractFiles;
import io.bucketbrigade.web.OperationCalls;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.Registry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service that watches and serves until it is stopped: database, routes, HTTP. */
public final class BrigadeService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrigadeService.class);

    private final Settings settings;
    private final String paused;
    private final AwsClients aws;
    private final ProgramVersion program = ProgramVersion.current();
    private @Nullable HttpSetup http;
    private @Nullable Database database;
    private @Nullable ServiceMeters serviceMeters;
    private @Nullable Ledger ledger;
    private @Nullable ExecutorService counting;
    private @Nullable Streams streams;
    private @Nullable Main main;
    private Traces traces = Traces.NONE;
    private @Nullable RouteReload reload;

    public BrigadeService(Settings settings) {
        this(settings, "");
    }

    /** @param paused the pipeline whose files start no runs; blank if those of all do */
    public BrigadeService(Settings settings, String paused) {
        this.settings = settings;
        this.paused = paused;
        this.aws = new AwsClients(() -> AwsSettings.of(settings));
    }

    /**
     * Starts everything. What was started is stopped again if something can't be.
     *
     * @throws Exception if it can't be started; a {@link Problem} says why in words
     */
    public void start() throws Exception {
        LOG.info("Starting {}", program.line());
        // Where the shared settings are right, a pipeline's own are checked with its files, so that all its faults are
        // told at once.
        if (SettingsCheck.wrong(settings, List.of()).isEmpty()) {
            RoutesInspection.require(settings);
        }
        SettingsCheck.require(settings);
        try {
            HttpSetup opened = new HttpSetup(settings);
            http = opened;
            opened.checkPort();
            traces = Traces.of(settings);
            makeDataFolder(settings.path("brigade.data"));
            // Read while the database starts, which takes longer.
            CompletableFuture<ContractFiles> contract =
                    CompletableFuture.supplyAsync(() -> new ContractFiles(settings.routeFolders()));
            Database connected = openDatabase(settings);
            database = connected;
            ContractFiles valid = contract.join();
            connected.migrate(settings.routeFolders());
            startCamel(connected, opened, valid);
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /**
     * Warns of what is missing in the database that was there before. The service starts all the same: other pipelines work,
     * and one that is missing something does when it is put right.
     */
    public void warnOfLacks() {
        if (database == null) {
            return;
        }
        try {
            database.missing(settings.routeFolders()).forEach(LOG::warn);
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "The tables in the database could not be checked: {}",
                    Problems.of(e).sentence());
        }
    }

    static Database openDatabase(Settings settings) {
        String url = settings.text("brigade.database.url");
        if (url.isEmpty()) {
            return Database.embedded(
                    new EmbeddedServer(
                            settings.path("brigade.data").resolve("postgres"),
                            settings.number("brigade.database.port")),
                    settings.text("brigade.database.schema"));
        }
        return Database.connect(DatabaseAddress.of(url, settings::text), settings.duration("brigade.database.wait"));
    }

    /**
     * Makes the folder for what we write, if it isn't there. That is nobody's source, and a repository around the working
     * folder shall not show it. A folder that was there before may hold somebody's sources, and is left alone.
     *
     * @throws IOException if it can't be made
     */
    public static void makeDataFolder(Path data) throws IOException {
        if (!Files.exists(data)) {
            Files.createDirectories(data);
            Files.writeString(data.resolve(".gitignore"), "*\n");
        }
    }

    private void startCamel(Database connected, HttpSetup opened, ContractFiles contract) throws Exception {
        Pipelines pipelines = Beans.pipelines(settings, "");
        Main camel = new Main();
        main = camel;
        Properties properties = Beans.properties(settings);
        properties.setProperty("brigade.database.schema", connected.schema());
        properties.setProperty("camel.main.routesIncludePattern", routeFiles());
        if (!paused.isEmpty()) {
            String claim = ClaimComponent.SCHEME + ":" + paused;
            properties.setProperty("camel.main.routeFilterExcludePattern", claim + "," + claim + "?*");
        }
        properties.setProperty("camel.component.kamelet.location", kamelets());
        properties.setProperty(
                "camel.component.rest-openapi.restOpenapiProcessorStrategy",
                "#class:" + OperationCalls.class.getName());
        camel.setOverrideProperties(properties);
        camel.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeInitialize(BaseMainSupport starting) {
                try {
                    opened.bind(starting.getCamelContext().getRegistry(), contract);
                    bindBeans(starting.getCamelContext(), pipelines, connected, opened);
                } catch (SQLException e) {
                    throw RuntimeCamelException.wrapRuntimeCamelException(e);
                }
            }
        });
        try {
            camel.start();
        } catch (Exception e) {
            throw RefusedStart.explain(e, settings);
        }
    }

    private void bindBeans(CamelContext context, Pipelines pipelines, Database connected, HttpSetup opened)
            throws SQLException {
        Beans.nameFailedSteps(context, settings);
        Beans.useOnlySettings(context);
        traces.follow(context);
        Registry registry = context.getRegistry();
        ServiceMeters measured = new ServiceMeters(settings.path("brigade.data"));
        serviceMeters = measured;
        PrometheusMeterRegistry meters = measured.registry();
        registry.bind("metricsRegistry", meters);
        connected.measure(meters);
        BuildInfo.register(meters, program);
        registry.bind("programVersion", program);
        registry.bind("databaseHealth", new DatabaseHealth(connected.pool()));
        Locations locations = Beans.bindLocations(context, settings, aws);
        counting = Beans.bindCounting(registry, settings);
        Ledger runs = RunBeans.bindRuns(registry, settings, locations, connected.pool(), meters, traces.runs());
        ledger = runs;
        Beans.bindWatching(context, settings, pipelines, locations, connected.pool(), meters);
        RunBeans.bindMetrics(context, pipelines, meters);
        Fetching fetching = Beans.bindFetching(context, settings, pipelines, locations, connected.pool(), meters);
        streams = Beans.bindStreams(context, settings, pipelines, locations, connected.pool(), aws, meters);
        opened.bind(registry, runs, traces.calls());
        if (connected.isEmbedded()) {
            connected.patiently(runs::releaseOrphans);
            connected.patiently(fetching::releaseOrphans);
        }
    }

    /** Named one by one, because Camel follows no symbolic links. */
    private String routeFiles() {
        return settings.routeFolders().stream()
                .flatMap(folder -> FolderTree.files(folder).stream())
                .filter(file -> file.toString().endsWith(".camel.yaml"))
                .map(file -> "file:" + file)
                .collect(Collectors.joining(","));
    }

    private String kamelets() {
        return settings.routeFolders().stream()
                .map(folder -> "file:" + folder + "/kamelets")
                .collect(Collectors.joining(","));
    }

    /** The routes' context. */
    public CamelContext context() {
        if (main == null) {
            throw new IllegalStateException("not started");
        }
        return main.getCamelContext();
    }

    /**
     * From now on, changed routes and SQL take effect at once, for who writes a pipeline.
     *
     * @throws IOException if they can't be read
     */
    public void reloadChanges() throws IOException {
        reload = new RouteReload(context(), settings);
    }

    /** The pipelines that it runs. */
    public Pipelines pipelines() {
        return context().getRegistry().lookupByNameAndType("pipelines", Pipelines.class);
    }

    /** The address of the page. */
    public String address() {
        String host = settings.text("brigade.http.host");
        String shown = host.equals("0.0.0.0") || host.equals("127.0.0.1") ? "localhost" : host;
        return (TlsFiles.areNamed(settings) ? "https://" : "http://") + shown + ":" + settings.text("brigade.http.port")
                + "/";
    }

    /** The database in use, for people. */
    public String databaseAddress() {
        return database == null ? "none" : database.describe();
    }

    private static void breakOffLong(@Nullable CamelContext context) {
        InputWatchers watchers = context == null ? null : context.getRegistry().findSingleByType(InputWatchers.class);
        Fetching fetching = context == null ? null : context.getRegistry().findSingleByType(Fetching.class);
        LakeQueries queries = context == null ? null : context.getRegistry().findSingleByType(LakeQueries.class);
        try {
            if (queries != null) {
                queries.breakOff();
            }
            if (fetching != null) {
                fetching.breakOff();
            }
            if (watchers != null) {
                watchers.breakOffLong();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops: work that has begun may finish, what can't is released, then the database is let go. */
    @Override
    public void close() {
        if (reload != null) {
            reload.close();
            reload = null;
        }
        if (http != null) {
            http.stopSoon();
        }
        if (main != null) {
            breakOffLong(main.getCamelContext());
            main.stop();
            main = null;
        }
        if (http != null) {
            http.close();
            http = null;
        }
        if (streams != null) {
            streams.close();
            streams = null;
        }
        if (counting != null) {
            counting.shutdownNow();
            counting = null;
        }
        aws.close();
        if (ledger != null) {
            try {
                int released = ledger.releaseAll();
                if (released > 0) {
                    LOG.info("Released {}", Counted.of(released, "unfinished run"));
                }
            } catch (SQLException e) {
                LOG.warn("Unfinished runs could not be released ({}); their leases will end", e.getMessage());
            }
            ledger = null;
        }
        traces.close();
        traces = Traces.NONE;
        if (serviceMeters != null) {
            serviceMeters.close();
            serviceMeters = null;
        }
        if (database != null) {
            database.close();
            database = null;
        }
    }
}
