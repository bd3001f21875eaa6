package io.bucketbrigade.checking;

import io.bucketbrigade.files.FilePaths;
import io.bucketbrigade.files.FolderTree;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/** Checks folders with pipelines. Nothing is started for it, and neither database nor network is needed. */
public final class RoutesCheck {
    /** A setting's name, and the line that sets it. */
    private static final Pattern PLACE = Pattern.compile("(\\S+) \\((.+?), line (\\d+)\\)");

    private static final String KAMELETS = "kamelets";

    private final CamelContext context;
    private final Map<String, Class<?>> programBeans;
    private final Settings settings;

    /**
     * A check.
     *
     * @param context a context that need not be started
     * @param programBeans the beans that the program binds, with their classes
     * @param settings all settings
     */
    public RoutesCheck(CamelContext context, Map<String, Class<?>> programBeans, Settings settings) {
        this.context = context;
        this.programBeans = Map.copyOf(programBeans);
        this.settings = settings;
    }

    /**
     * A folder with pipelines, or a pipeline's own.
     *
     * @param path the folder
     * @param isChecked whether it is to be checked, and not only known to the others
     */
    public record Root(Path path, boolean isChecked) {}

    /**
     * What was found.
     *
     * @param faults what is wrong, by file and line
     * @param pipelines how many pipelines were checked
     * @param routes how many routes were checked
     * @param files how many files were checked
     */
    public record Outcome(List<Fault> faults, int pipelines, int routes, int files) {
        /** What is worse than a warning. */
        public List<Fault> errors() {
            return faults.stream().filter(fault -> !fault.isWarning()).toList();
        }
    }

    /**
     * Checks some folders.
     *
     * @param roots them, in the order in which they are loaded
     * @throws io.bucketbrigade.problems.Problem if a folder can't be read
     */
    public Outcome check(List<Root> roots) {
        Faults faults = new Faults();
        Map<Path, Boolean> pipelines = new LinkedHashMap<>();
        List<RouteFile> files = new ArrayList<>();
        for (Root root : roots) {
            Pipelines.folders(root.path()).forEach(folder -> pipelines.put(folder, root.isChecked()));
            for (Path path : FolderTree.files(root.path())) {
                if (RouteFile.isOne(path)) {
                    RouteFile file = RouteFile.read(path, folder(root.path(), path), root.isChecked(), faults);
                    files.add(file);
                    if (file.isKamelet() && file.isChecked() && !isFound(root.path(), path)) {
                        Path right = root.path().resolve(KAMELETS);
                        faults.error(path, 0, "kamelets are only read from " + Fault.shown(right) + "; move it there");
                    }
                }
            }
        }
        Map<String, String> placeholders = new TreeMap<>(settings.values());
        pipelines.keySet().forEach(folder -> {
            placeholders.put(folder.getFileName() + ".folder", folder.toString());
            placeholders.put(
                    folder.getFileName() + ".samples", Pipeline.samples(folder).toString());
        });
        KnownNames known = new KnownNames(
                files,
                programBeans,
                placeholders,
                pipelines.keySet().stream()
                        .map(folder -> String.valueOf(folder.getFileName()))
                        .collect(Collectors.toSet()),
                faults);
        List<RouteFile> checked = files.stream().filter(RouteFile::isChecked).toList();
        // What an unreadable file defines is not known, and must not be missed where it is referred to.
        boolean allIsKnown = files.stream().allMatch(RouteFile::isReadable);
        if (!checked.isEmpty()) {
            files(checked, known, allIsKnown, faults);
        }
        PipelineCheck definitions =
                new PipelineCheck(known, allIsKnown, reservedNames(roots.get(0).path()), faults);
        List<Path> own = pipelines.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
        own.forEach(definitions::check);
        new MigrationCheck(faults).check(roots.stream().map(Root::path).toList(), own);
        List<Path> concerned =
                roots.stream().filter(Root::isChecked).map(Root::path).toList();
        UnreadFiles unread = new UnreadFiles(files, known, faults);
        concerned.forEach(unread::check);
        Map<String, Set<String>> operations = new ContractCheck(known, allIsKnown, faults)
                .check(roots.stream().map(Root::path).toList(), concerned);
        if (allIsKnown) {
            new UnsetNameCheck(files, known, operations, faults).check();
        }
        SettingsCheck.wrong(settings).values().forEach(sentence -> setting(sentence, false, concerned, faults));
        SettingsCheck.withoutKind(settings).forEach(sentence -> setting(sentence, true, concerned, faults));
        Map<Path, Fault> repeated = repeated(List.copyOf(pipelines.keySet()), own);
        int routes = (int) known.routes().values().stream()
                .filter(place -> place.file().isChecked())
                .count();
        return new Outcome(faults.all(repeated), own.size(), routes, checked.size() + own.size());
    }

    private static Set<String> reservedNames(Path routes) {
        try {
            return ReservedNames.of(routes);
        } catch (Problem unreadable) {
            // The contract's own check tells that its file can't be read.
            return Set.of();
        }
    }

    /** What is wrong where a setting is defined; where it is set, it is said at the start. */
    private static void setting(String sentence, boolean isWarning, List<Path> concerned, Faults faults) {
        Matcher place = PLACE.matcher(sentence);
        if (place.lookingAt()) {
            Path file = FilePaths.of(place.group(2));
            if (concerned.stream().anyMatch(file::startsWith)) {
                String what = place.group(1) + sentence.substring(place.end()).replaceFirst("\\.$", "");
                faults.add(new Fault(file, Integer.parseInt(place.group(3)), isWarning, what));
            }
        }
    }

    /** Kamelets are found in one folder, which may be checked by itself. */
    private static boolean isFound(Path root, Path kamelet) {
        return root.resolve(KAMELETS).equals(kamelet.getParent()) || root.endsWith(KAMELETS);
    }

    private static String folder(Path root, Path file) {
        Path below = root.relativize(file);
        boolean isOwn = below.getNameCount() == 1 || Files.exists(root.resolve(Pipeline.FILE));
        return String.valueOf(isOwn ? root.getFileName() : below.getName(0));
    }

    private void files(List<RouteFile> files, KnownNames known, boolean allIsKnown, Faults faults) {
        StructureCheck structure = new StructureCheck(new RouteSchema(), faults);
        ReferenceCheck references = new ReferenceCheck(known, faults);
        PlaceholderCheck placeholders = new PlaceholderCheck(known, faults);
        ResourceCheck resources = new ResourceCheck(known, faults);
        BeanCheck beans = new BeanCheck(known, faults);
        EndpointCheck endpoints = new EndpointCheck(context, known, faults);
        ExpressionCheck expressions = new ExpressionCheck(context, faults);
        HouseRules rules = new HouseRules(faults);
        for (RouteFile file : files) {
            List<Element> elements = structure.elements(file);
            placeholders.check(file);
            resources.check(file);
            expressions.check(elements);
            rules.check(file);
            if (allIsKnown) {
                references.check(file, elements);
                beans.check(elements);
                endpoints.check(elements);
            }
        }
    }

    /** The folders whose pipelines have the name of another one. */
    private static Map<Path, Fault> repeated(List<Path> all, List<Path> checked) {
        Map<Path, Fault> repeated = new LinkedHashMap<>();
        for (Path folder : checked) {
            all.stream()
                    .takeWhile(other -> !other.equals(folder))
                    .filter(other -> Objects.equals(other.getFileName(), folder.getFileName()))
                    .findFirst()
                    .ifPresent(other -> repeated.put(
                            folder,
                            new Fault(
                                    folder.resolve(Pipeline.FILE),
                                    0,
                                    false,
                                    "there is another pipeline called " + folder.getFileName() + ", "
                                            + Fault.shown(other) + "; rename one of the folders")));
        }
        return repeated;
    }
}
