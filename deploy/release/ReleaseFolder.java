import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Puts together what a release for one platform holds: a Java runtime that jlink makes, the program with the native libraries of that platform,
 * routes, samples, templates, documents. The same sources and JDK give the same files.
 *
 * <p>Runs from source, in the project's folder: {@code java ReleaseFolder.java VERSION FOLDER JDK [TARGET]}. JDK runs here, and its jlink is used.
 * TARGET is the unpacked JDK, of the same version, of another platform that the release is for. Empties FOLDER, and prints what it made there. Ends with 1 and one line
 * that says what is wrong if it can't.
 */
public final class ReleaseFolder {
    private static final Path MODULES = Path.of("deploy/runtime-modules.txt");
    private static final Path ONE_PLATFORM = Path.of("deploy/image/OnePlatform.java");
    private static final Path LIBRARIES = Path.of("deploy/image/native-libraries.txt");
    private static final Pattern FACT = Pattern.compile("(?m)^([A-Z_]+)=\"(.*)\"$");

    private final Path jdk;
    private final Path target;

    private ReleaseFolder(Path jdk, Path target) {
        this.jdk = jdk;
        this.target = target;
    }

    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try {
            if (arguments.length < 3 || arguments.length > 4) {
                throw new Refused("Usage: java ReleaseFolder.java VERSION FOLDER JDK [TARGET]");
            }
            Path jdk = home(Path.of(arguments[2]));
            String target = arguments.length == 4 ? arguments[3].strip() : "";
            ReleaseFolder release = new ReleaseFolder(jdk, target.isEmpty() ? jdk : home(Path.of(target)));
            release.require();
            remove(Path.of(arguments[1]));
            System.out.println(release.make(arguments[0], Path.of(arguments[1])));
        } catch (Refused refused) {
            System.err.println("No release was made: " + refused.getMessage());
            System.exit(1);
        } catch (NoSuchFileException missing) {
            System.err.println("No release was made: " + missing.getFile() + " does not exist.");
            System.exit(1);
        }
    }

    /** An unpacked JDK for macOS has its home deeper. */
    private static Path home(Path folder) {
        Path inside = folder.resolve("Contents/Home");
        return Files.isDirectory(inside) ? inside : folder;
    }

    private boolean isCross() {
        return !jdk.equals(target);
    }

    private void require() throws IOException, Refused {
        if (!Files.isExecutable(jdk.resolve("bin/jlink"))) {
            throw new Refused(jdk + " has no bin/jlink. Name a whole JDK, 17 or newer, by -Drelease.jdk=FOLDER.");
        }
        // From JDK 24 on, a JDK may be built so that jlink needs no jmods; it then says so itself.
        if (isCross() && !Files.exists(target.resolve("jmods/java.base.jmod"))) {
            throw new Refused(target + " has no jmods/java.base.jmod, which jlink needs to make a runtime for another"
                    + " platform. Unpack the JDK's jmods there; some makers offer them as a download of their own.");
        }
        if (isCross() && !fact(jdk, "JAVA_VERSION").equals(fact(target, "JAVA_VERSION"))) {
            throw new Refused("jlink of " + jdk + " is of Java " + fact(jdk, "JAVA_VERSION") + ", but " + target
                    + " is Java " + fact(target, "JAVA_VERSION") + ". Name two JDKs of the same version.");
        }
        if (fact(target, "LIBC").equals("musl")) {
            throw new Refused(target + " is for musl (Alpine), but the program's native libraries are for glibc."
                    + " Name a JDK for glibc.");
        }
        if (!Files.exists(Path.of("target/bucket-brigade.jar"))) {
            throw new Refused("target/bucket-brigade.jar does not exist. Build it by ./mvnw package.");
        }
    }

    private static String fact(Path home, String name) throws IOException {
        Matcher facts = FACT.matcher(Files.readString(home.resolve("release")));
        while (facts.find()) {
            if (facts.group(1).equals(name)) {
                return facts.group(2);
            }
        }
        return "";
    }

    /** As Docker writes it, such as linux/amd64; so does the table of native libraries. */
    private String platform() throws IOException {
        String processor = fact(target, "OS_ARCH").replace("x86_64", "amd64").replace("aarch64", "arm64");
        return fact(target, "OS_NAME").toLowerCase(Locale.ROOT) + "/" + processor;
    }

    private Path make(String version, Path folder) throws IOException, InterruptedException, Refused {
        String platform = platform();
        Path made = folder.resolve("bucket-brigade-" + version + "-" + platform.replace('/', '-'));
        Files.createDirectories(made);
        copyLibraries(made.resolve("lib"));
        // First, because it refuses platforms without native libraries.
        run(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                List.of(
                        ONE_PLATFORM.toString(),
                        LIBRARIES.toString(),
                        made.resolve("lib").toString(),
                        platform));
        runtime(made.resolve("runtime"));
        for (String part : List.of("routes", "samples", "templates", "docs", "brigade", "LICENSE", "CHANGELOG.md")) {
            copy(Path.of(part), made.resolve(part));
        }
        copy(Path.of("deploy/release/README.md"), made.resolve("README.md"));
        copy(Path.of("target/bucket-brigade.jar"), made.resolve("bucket-brigade.jar"));
        copy(Path.of("target/THIRD-PARTY.txt"), made.resolve("THIRD-PARTY.txt"));
        copy(Path.of("target/bucket-brigade-sbom.json"), made.resolve("bucket-brigade-sbom.json"));
        copy(Path.of("target/man"), made.resolve("share/man"));
        copy(Path.of("target/completion"), made.resolve("share/bash-completion/completions"));
        return made;
    }

    /** Those that the program names; others may be left in the folder from earlier builds. */
    private static void copyLibraries(Path lib) throws IOException {
        try (JarFile jar = new JarFile("target/bucket-brigade.jar")) {
            String libraries = jar.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            for (String library : libraries.split(" ")) {
                copy(Path.of("target", library), lib.resolveSibling(library));
            }
        }
    }

    private void runtime(Path runtime) throws IOException, InterruptedException, Refused {
        List<String> modules = Files.readAllLines(MODULES).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        List<String> options =
                new ArrayList<>(List.of("--add-modules", String.join(",", modules), "--output", runtime.toString()));
        options.addAll(List.of("--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"));
        // The start script reads the whole version there.
        options.add("--release-info=add:JAVA_RUNTIME_VERSION=\"" + runtimeVersion() + "\"");
        if (isCross()) {
            options.addAll(List.of("--module-path", target.resolve("jmods").toString()));
        }
        run(jdk.resolve("bin/jlink"), options);
        if (!isCross()) {
            // What a start loads of the JDK; cross-linked runtimes go without until their first start.
            run(runtime.resolve("bin/java"), List.of("-Xshare:dump"));
        }
    }

    private String runtimeVersion() throws IOException {
        String whole = fact(target, "JAVA_RUNTIME_VERSION");
        return whole.isEmpty() ? fact(target, "JAVA_VERSION") : whole;
    }

    private static void run(Path program, List<String> arguments) throws IOException, InterruptedException, Refused {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes()).strip();
        if (process.waitFor() != 0) {
            throw new Refused(program + " failed: " + printed.lines().reduce("", (line, next) -> next)
                    + Optional.of(program)
                            .filter(tool -> tool.endsWith("jlink"))
                            .map(tool -> " (If this JDK has no folder jmods, install its jmods.)")
                            .orElse(""));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
