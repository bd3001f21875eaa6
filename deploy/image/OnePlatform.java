import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps, of the native libraries that jars bring for many platforms, those of one platform. All else in the jars stays byte for byte, and they
 * keep their times. Either everything that a table asks for can be done, or nothing is changed.
 *
 * <p>Runs from source: {@code java OnePlatform.java TABLE FOLDER [PLATFORM]}, where PLATFORM is written as Docker does, such as linux/amd64;
 * without it (or blank) it is that of this JVM. Ends with 1 and one line that says what is wrong if the table and the jars don't match.
 */
public final class OnePlatform {
    /** What is native by its name, whichever pattern a table has. */
    private static final Pattern NATIVE = Pattern.compile(".*\\.(so|dll|dylib|jnilib)([._].*)?");

    private final Path table;
    private final Path folder;
    private final String platform;

    private OnePlatform(Path table, Path folder, String platform) {
        this.table = table;
        this.folder = folder;
        this.platform = platform;
    }

    /** A line of the table. */
    private record Rule(int line, String jars, String libraries, boolean beside, String kept) {
        /** Whether the platform has none, and does without. */
        boolean isNone() {
            return kept.equals("-");
        }
    }

    /** A native library in a jar. */
    private record Library(Path jar, String name) {}

    /** What is done for one rule. */
    private record Plan(Rule rule, List<Library> kept, List<Library> removed) {}

    private static final class Mismatch extends Exception {
        private static final long serialVersionUID = 1;

        Mismatch(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) throws IOException {
        try {
            if (arguments.length < 2 || arguments.length > 3) {
                throw new Mismatch("Usage: java OnePlatform.java TABLE FOLDER [PLATFORM], for example linux/amd64");
            }
            String asked = arguments.length == 3 ? arguments[2].strip() : "";
            String platform = asked.isEmpty() ? platformOfThisJvm() : asked.replaceFirst("/v8$", "");
            new OnePlatform(Path.of(arguments[0]), Path.of(arguments[1]), platform).keep();
        } catch (Mismatch mismatch) {
            System.err.println(mismatch.getMessage());
            System.exit(1);
        } catch (NoSuchFileException missing) {
            System.err.println(missing.getFile() + " does not exist.");
            System.exit(1);
        }
    }

    private static String platformOfThisJvm() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        return (system.startsWith("mac") ? "darwin" : system) + "/"
                + processor.replace("x86_64", "amd64").replace("aarch64", "arm64");
    }

    private void keep() throws IOException, Mismatch {
        requireGlibc();
        List<Plan> plans = new ArrayList<>();
        for (Rule rule : rules()) {
            plans.add(plan(rule));
        }
        for (Plan plan : plans) {
            apply(plan);
        }
    }

    /** A JDK says in its file "release" which C library it was built for; the image's JRE comes from the same makers. */
    private void requireGlibc() throws IOException, Mismatch {
        Path release = Path.of(System.getProperty("java.home"), "release");
        if (platform.startsWith("linux/")
                && Files.exists(release)
                && Files.readString(release).contains("LIBC=\"musl\"")) {
            throw new Mismatch("This JDK is for musl (Alpine), but the native libraries in " + folder
                    + " are for glibc. Build from an image with glibc, such as eclipse-temurin:25-jdk.");
        }
    }

    private List<Rule> rules() throws IOException, Mismatch {
        List<Rule> rules = new ArrayList<>();
        List<String> header = List.of();
        int number = 0;
        for (String line : Files.readAllLines(table)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            List<String> fields = List.of(line.strip().split("\\s+"));
            if (header.isEmpty()) {
                header = fields;
                if (header.lastIndexOf(platform) < 3) {
                    throw new Mismatch(at(number) + " has no column for " + platform + ", only for "
                            + String.join(", ", header.subList(Math.min(3, header.size()), header.size()))
                            + ". Add one if the jars have libraries for it.");
                }
            } else if (fields.size() != header.size()
                    || !List.of("beside", "jar").contains(fields.get(2))) {
                throw new Mismatch(at(number) + " must have the " + header.size() + " fields "
                        + String.join(", ", header) + ", and as place \"jar\" or \"beside\".");
            } else {
                rules.add(new Rule(
                        number,
                        fields.get(0),
                        fields.get(1),
                        fields.get(2).equals("beside"),
                        fields.get(header.lastIndexOf(platform))));
            }
        }
        return rules;
    }

    private String at(int line) {
        return table + ", line " + line + ",";
    }

    private Plan plan(Rule rule) throws IOException, Mismatch {
        List<Library> kept = new ArrayList<>();
        List<Library> removed = new ArrayList<>();
        int jars = 0;
        try (DirectoryStream<Path> matching = Files.newDirectoryStream(folder, rule.jars())) {
            for (Path jar : matching) {
                jars++;
                sort(rule, jar, kept, removed);
            }
        }
        if (jars == 0) {
            throw new Mismatch(folder + " has no " + rule.jars() + ", which " + at(rule.line()) + " names for "
                    + platform + ". Correct the name there, or remove the line if the jar is no longer used.");
        }
        if (kept.size() != (rule.isNone() ? 0 : 1)) {
            throw new Mismatch(rule.jars() + " in " + folder + (kept.isEmpty() ? " has no " : " has more than one ")
                    + rule.kept() + ", which " + at(rule.line()) + " names for " + platform + ". It has: "
                    + (kept.isEmpty() ? names(removed) : names(kept)) + ". Correct the name there.");
        }
        return new Plan(rule, kept, removed);
    }

    private void sort(Rule rule, Path jar, List<Library> kept, List<Library> removed) throws IOException, Mismatch {
        try (FileSystem content = FileSystems.newFileSystem(jar);
                Stream<Path> entries = Files.walk(content.getPath("/"))) {
            PathMatcher wanted = content.getPathMatcher("glob:" + rule.kept());
            PathMatcher libraries = content.getPathMatcher("glob:" + rule.libraries());
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                Path name = content.getPath("/").relativize(entry);
                Library library = new Library(jar, name.toString());
                if (wanted.matches(name)) {
                    kept.add(library);
                } else if (libraries.matches(name)) {
                    removed.add(library);
                } else if (NATIVE.matcher(library.name()).matches()) {
                    throw new Mismatch(jar + " has " + name + ", which seems to be a native library, but "
                            + at(rule.line()) + " covers only " + rule.libraries() + ". Widen the pattern there.");
                }
            }
        }
    }

    private static String names(List<Library> libraries) {
        return libraries.isEmpty()
                ? "none"
                : String.join(
                        ", ", libraries.stream().map(Library::name).sorted().toList());
    }

    private void apply(Plan plan) throws IOException {
        boolean beside = plan.rule().beside();
        for (Path jar : Stream.concat(plan.kept().stream(), plan.removed().stream())
                .map(Library::jar)
                .distinct()
                .toList()) {
            FileTime time = Files.getLastModifiedTime(jar);
            try (FileSystem content = FileSystems.newFileSystem(jar)) {
                for (Library library : plan.kept()) {
                    if (beside && library.jar().equals(jar)) {
                        Path unpacked = jar.resolveSibling(
                                content.getPath(library.name()).getFileName().toString());
                        Files.copy(content.getPath(library.name()), unpacked);
                        Files.setLastModifiedTime(unpacked, time);
                        Files.delete(content.getPath(library.name()));
                    }
                }
                for (Library library : plan.removed()) {
                    if (library.jar().equals(jar)) {
                        Files.delete(content.getPath(library.name()));
                    }
                }
            }
            Files.setLastModifiedTime(jar, time);
        }
        System.out.println(plan.rule().jars() + " keeps " + names(plan.kept()) + (beside ? ", beside it" : "")
                + "; removed: " + names(plan.removed()));
    }
}
