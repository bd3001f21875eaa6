package io.bucketbrigade.starting;

import io.bucketbrigade.checking.Fault;
import io.bucketbrigade.checking.RoutesCheck;
import io.bucketbrigade.checking.RoutesCheck.Outcome;
import io.bucketbrigade.checking.RoutesCheck.Root;
import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks routes and pipelines against what the program has, without starting any of it. */
public final class RoutesInspection {
    private static final Logger LOG = LoggerFactory.getLogger(RoutesInspection.class);

    private RoutesInspection() {}

    /** What is wrong in the program's own routes and the further ones. */
    public static Outcome ofAll(Settings settings) {
        return of(settings, true);
    }

    /** What is wrong in the further routes alone. */
    public static Outcome ofFurtherRoutes(Settings settings) {
        return of(settings, false);
    }

    /**
     * Checks what is not the program's own, of which its tests have checked all.
     *
     * @throws Problem if a route, pipeline.yaml or openapi.yaml is wrong; it says what in a line for each
     */
    public static void require(Settings settings) {
        if (settings.routeFolders().size() == 1) {
            return;
        }
        Outcome outcome = ofFurtherRoutes(settings);
        if (!outcome.errors().isEmpty()) {
            throw new Problem(
                    Kind.USAGE, outcome.faults().stream().map(Fault::sentence).collect(Collectors.joining("\n")));
        }
        outcome.faults().forEach(fault -> LOG.warn("{}", fault.sentence()));
    }

    private static Outcome of(Settings settings, boolean all) {
        List<Path> folders = settings.routeFolders();
        List<Root> roots = new ArrayList<>();
        roots.add(new Root(folders.get(0), all));
        for (Path further : folders.subList(1, folders.size())) {
            if (Pipelines.folders(further).isEmpty()
                    && FolderTree.files(further).stream()
                            .noneMatch(file -> file.toString().matches(".*\\.(camel|kamelet)\\.yaml"))) {
                throw new Problem(
                        Kind.USAGE,
                        "There is no pipeline.yaml and no *.camel.yaml in " + further
                                + ". ./brigade new NAME writes a pipeline.");
            }
            roots.add(new Root(further, true));
            // What the pipelines beside a single one share.
            Path kamelets = further.resolveSibling("kamelets");
            if (Files.exists(further.resolve(Pipeline.FILE)) && Files.isDirectory(kamelets)) {
                roots.add(new Root(kamelets, false));
            }
        }
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            return new RoutesCheck(context, Beans.classes(settings), settings).check(roots);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
