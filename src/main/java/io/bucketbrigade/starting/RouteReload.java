package io.bucketbrigade.starting;

import io.bucketbrigade.checking.Fault;
import io.bucketbrigade.database.SqlFile;
import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.files.TextFile;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.web.ContractFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes changed routes and SQL in while the service runs, for who writes a pipeline. Changed files are checked first; those with a fault
 * are not loaded, and the routes go on as they were. Should Camel refuse what the checks found right, the text from before is loaded again,
 * because Camel has removed the old route by then.
 */
final class RouteReload implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RouteReload.class);
    private static final long EVERY_MS = 500;
    private static final String ROUTE = ".camel.yaml";
    private static final String SQL = ".sql";

    private final CamelContext context;
    private final List<Path> roots;
    private final Settings settings;
    private final Map<Path, String> loaded = new HashMap<>();
    private Map<Path, String> seen;
    private List<Fault> found = List.of();
    private final ScheduledExecutorService timer;
    private final Future<?> rounds;

    /** Begins to watch the folders, whose files are loaded as they are now. */
    RouteReload(CamelContext context, Settings settings) throws IOException {
        this.context = context;
        this.settings = settings;
        this.roots = settings.routeFolders();
        this.seen = texts();
        loaded.putAll(seen);
        timer = context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "route-reload");
        rounds = timer.scheduleWithFixedDelay(this::round, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
        LOG.info(
                "Changes of routes and SQL take effect at once in {}",
                roots.stream().map(Path::toString).collect(Collectors.joining(" and ")));
    }

    private Map<Path, String> texts() throws IOException {
        Map<Path, String> texts = new TreeMap<>();
        for (Path root : roots) {
            for (Path file : FolderTree.files(root)) {
                if (isText(file) && !Pipeline.isSample(root.relativize(file)) && Files.size(file) <= TextFile.LARGEST) {
                    // What is not UTF-8 is found by the checks, and must not keep other files waiting.
                    texts.put(file, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    private static boolean isText(Path file) {
        return List.of(".yaml", ".yml", SQL, ".properties").stream().anyMatch(file.toString()::endsWith);
    }

    private void round() {
        try {
            Map<Path, String> now = texts();
            Set<Path> changed = new TreeSet<>(now.keySet());
            changed.removeIf(file -> String.valueOf(now.get(file)).equals(seen.get(file)));
            seen.keySet().stream()
                    .filter(file -> !now.containsKey(file))
                    .forEach(file -> LOG.info("{} is gone; what it said stays in use until the next start", file));
            seen = now;
            if (!changed.isEmpty()) {
                takeIn(changed, now);
            }
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // A file that is being written just now is read again in the next round.
            LOG.warn("Changed routes could not be read: {}", Problems.of(e).sentence());
        }
    }

    private void takeIn(Set<Path> changed, Map<Path, String> now) {
        Set<Path> routes = new TreeSet<>();
        Set<Path> others = new TreeSet<>();
        for (Path file : changed) {
            String name = String.valueOf(file.getFileName());
            if (name.endsWith(ROUTE)) {
                routes.add(file);
            } else if (name.endsWith(SQL) && !file.toString().contains("migrations")) {
                now.keySet().stream()
                        .filter(route -> route.toString().endsWith(ROUTE))
                        .filter(route -> isUsed(file, route, String.valueOf(now.get(route))))
                        .forEach(routes::add);
            } else {
                others.add(file);
            }
        }
        if (routes.removeIf(this::isOfNewPipeline)) {
            LOG.info("A new pipeline takes effect at the next start");
        }
        if (routes.isEmpty() && others.isEmpty()) {
            return;
        }
        List<Fault> faults = RoutesInspection.ofAll(settings).faults();
        List<Fault> errors = faults.stream().filter(fault -> !fault.isWarning()).toList();
        // What is wrong with a changed route is said below, with what becomes of it.
        faults.stream()
                .filter(fault -> others.contains(fault.file()) || !found.contains(fault))
                .filter(fault -> fault.isWarning()
                        || routes.stream().noneMatch(route -> concerns(fault, route, String.valueOf(now.get(route)))))
                .forEach(fault -> LOG.warn("{}{}", fault.sentence(), fault.isWarning() ? "" : untilRestart(now)));
        found = faults;
        others.stream()
                .filter(file -> !file.toString().endsWith(".yml"))
                .filter(file -> errors.stream().noneMatch(fault -> fault.file().equals(file)))
                .forEach(file -> LOG.info("{} has changed. Restart the service to apply it", file));
        for (Path route : routes) {
            String text = String.valueOf(now.get(route));
            List<String> wrong = Stream.concat(
                            errors.stream()
                                    .filter(fault -> concerns(fault, route, text))
                                    .map(Fault::sentence),
                            sqlFaults(route, text, now))
                    .toList();
            if (wrong.isEmpty()) {
                wrong = lostOperations(route, text);
            }
            if (wrong.isEmpty()) {
                load(route, text);
            } else {
                wrong.forEach(fault -> LOG.warn("{} The old route stays in use.", fault));
            }
        }
    }

    private static boolean concerns(Fault fault, Path route, String text) {
        return fault.file().equals(route)
                || fault.file().equals(route.resolveSibling(ContractFiles.FILE))
                || isUsed(fault.file(), route, text);
    }

    /** What a fault does that no route has; changed settings are read, and may remove it, at the start only. */
    private String untilRestart(Map<Path, String> now) {
        boolean areSettingsAsAtStart = now.entrySet().stream()
                .filter(file -> file.getKey().toString().endsWith(".properties"))
                .allMatch(file -> file.getValue().equals(loaded.get(file.getKey())));
        return " It would stop the next start"
                + (areSettingsAsAtStart ? "." : ", unless a changed setting corrects it.");
    }

    /** The operations that a route would no longer answer, though the contract has them until it is read again. */
    private List<String> lostOperations(Path route, String text) {
        Set<String> lost = RouteFiles.begins(loaded.getOrDefault(route, ""));
        lost.removeAll(RouteFiles.begins(text));
        lost.retainAll(context.getRegistry()
                .lookupByNameAndType("contractFiles", ContractFiles.class)
                .parameters()
                .keySet());
        return lost.stream()
                .map(operation -> route + ": the operation " + operation
                        + " would have no route until openapi.yaml is read again; restart the service to apply both.")
                .toList();
    }

    private boolean isOfNewPipeline(Path route) {
        return loaded.keySet().stream().noneMatch(known -> Objects.equals(known.getParent(), route.getParent()));
    }

    /** What is wrong in the files with SQL that a route names. */
    private Stream<String> sqlFaults(Path route, String text, Map<Path, String> now) {
        DataSource database = context.getRegistry().lookupByNameAndType("database", DataSource.class);
        return now.entrySet().stream()
                .filter(file -> isUsed(file.getKey(), route, text))
                .flatMap(file -> {
                    try {
                        return new SqlFile(file.getKey(), file.getValue())
                                .fault(database).stream().map(Problem::sentence);
                    } catch (SQLException away) {
                        return Stream.of(Problems.of(away).sentence());
                    }
                });
    }

    private static boolean isUsed(Path sql, Path route, String text) {
        String name = String.valueOf(sql.getFileName());
        return name.endsWith(SQL) && Objects.equals(sql.getParent(), route.getParent()) && text.contains("/" + name);
    }

    private void load(Path file, String text) {
        try {
            update(file, text);
            loaded.put(file, text);
            LOG.info("{} is in effect", file);
        } catch (Exception refused) {
            putBack(file);
            LOG.warn(
                    "{} The old route stays in use.",
                    Problems.of(RefusedStart.explain(refused, settings)).sentence());
        }
    }

    private void putBack(Path file) {
        String before = loaded.get(file);
        if (before == null) {
            return;
        }
        try {
            update(file, before);
        } catch (Exception lost) {
            LOG.error(
                    "The route that {} had before could not be started again: {}",
                    file,
                    Problems.of(lost).sentence());
        }
    }

    private void update(Path file, String text) throws Exception {
        RoutesLoader loader = PluginHelper.getRoutesLoader(context);
        Resource resource = ResourceHelper.fromBytes("file:" + file, text.getBytes(StandardCharsets.UTF_8));
        List<Resource> resources = new ArrayList<>(List.of(resource));
        loader.updateRoutes(resources);
    }

    @Override
    public void close() {
        rounds.cancel(false);
        timer.shutdownNow();
    }
}
