package io.bucketbrigade.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.BuiltProgram;
import io.bucketbrigade.support.TestService;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.duckdb.DuckDBDriver;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the build of the image does with the libraries: it keeps the native ones of one platform. */
@Tag("slow")
class NativeLibrariesTest {
    private static final Path STEP = TestService.HOME.resolve("deploy/image/OnePlatform.java");
    private static final Path TABLE = TestService.HOME.resolve("deploy/image/native-libraries.txt");
    private static final String HEADER = "jar libraries place linux/amd64 linux/arm64\n";

    /** Where the header of an ELF file says which processor it is for. */
    private static final int ELF_MACHINE = 18;

    /** The build of the image runs the step from its source, which takes a second each time. */
    @TempDir
    private static Path compiled = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    private Path lib = Path.of("");

    @BeforeAll
    static void compile() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, "-d", compiled.toString(), STEP.toString()))
                .isZero();
    }

    @BeforeEach
    void makeFolder() throws IOException {
        lib = Files.createDirectory(folder.resolve("lib"));
    }

    private record Ended(int code, String output) {}

    private Ended run(String... command) throws Exception {
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private Ended keep(Path table, String platform) throws Exception {
        return run(
                BuiltProgram.JAVA,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                compiled.toString(),
                "OnePlatform",
                table.toString(),
                lib.toString(),
                platform);
    }

    private Path table(String rows) throws IOException {
        return Files.writeString(folder.resolve("table.txt"), HEADER + rows);
    }

    private static Path jarOfDuckDb() throws Exception {
        return Path.of(DuckDBDriver.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    /** Copies the jars that the table names, of those that the program runs with. */
    private List<Path> copiesOfJars() throws IOException {
        List<String> names = Files.readAllLines(TABLE).stream()
                .filter(line -> line.contains(".jar "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
        List<Path> copies = new ArrayList<>();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path jar = Path.of(place);
            for (String name : names) {
                if (FileSystems.getDefault().getPathMatcher("glob:" + name).matches(jar.getFileName())) {
                    copies.add(Files.copy(jar, lib.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES));
                }
            }
        }
        assertThat(copies).hasSizeGreaterThanOrEqualTo(names.size());
        return copies;
    }

    /** The checksums of what is in a jar, by name. */
    private static Map<String, Long> content(Path jar) throws IOException {
        Map<String, Long> content = new LinkedHashMap<>();
        try (ZipFile file = new ZipFile(jar.toFile())) {
            file.stream()
                    .filter(entry -> !entry.isDirectory())
                    .forEach(entry -> content.put(entry.getName(), entry.getCrc()));
        }
        return content;
    }

    private Path jar(String name, String... entries) throws IOException {
        Path jar = lib.resolve(name);
        try (ZipOutputStream content = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (String entry : entries) {
                content.putNextEntry(new ZipEntry(entry));
                content.write(entry.getBytes(StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private static int processorOf(Path library) throws IOException {
        try (FileChannel file = FileChannel.open(library)) {
            ByteBuffer header = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
            file.read(header);
            return header.getShort(ELF_MACHINE);
        }
    }

    private static byte[] bytes(Path jar, String name) throws IOException {
        try (ZipFile file = new ZipFile(jar.toFile());
                InputStream stream = file.getInputStream(file.getEntry(name))) {
            return stream.readAllBytes();
        }
    }

    @ParameterizedTest
    @CsvSource({"linux/amd64, libduckdb_java.so_linux_amd64, 62", "linux/arm64/v8, libduckdb_java.so_linux_arm64, 183"})
    void one_library_of_duckdb_is_kept_and_all_else_in_its_jar_stays(String platform, String library, int processor)
            throws Exception {
        copiesOfJars();
        Path jar = lib.resolve(jarOfDuckDb().getFileName());
        FileTime time = Files.getLastModifiedTime(jar);
        Map<String, Long> expected = content(jar);
        expected.keySet().removeIf(name -> name.startsWith("libduckdb_java"));
        assertThat(keep(TABLE, platform)).returns(0, Ended::code);
        assertThat(content(jar)).isEqualTo(expected);
        assertThat(content(jar)).containsKey("META-INF/MANIFEST.MF");
        assertThat(lib).isDirectoryContaining("glob:**" + library);
        assertThat(lib.toFile().list((folder, name) -> !name.endsWith(".jar"))).containsExactly(library);
        assertThat(Files.readAllBytes(lib.resolve(library))).isEqualTo(bytes(jarOfDuckDb(), library));
        assertThat(processorOf(lib.resolve(library))).isEqualTo(processor);
        assertThat(Files.getLastModifiedTime(jar)).isEqualTo(time);
    }

    @ParameterizedTest
    @CsvSource({"linux/amd64, postgres-linux-x86_64.txz, 62", "linux/arm64, postgres-linux-arm_64.txz, 183"})
    void of_the_libraries_in_jars_only_those_for_the_platform_stay(String platform, String server, int processor)
            throws Exception {
        List<Path> jars = copiesOfJars();
        assertThat(keep(TABLE, platform)).returns(0, Ended::code);
        List<String> libraries = new ArrayList<>();
        for (Path jar : jars) {
            for (String name : content(jar).keySet()) {
                if (name.endsWith(".txz")) {
                    assertThat(name).isEqualTo(server);
                    libraries.add(name);
                } else if (name.matches(".*\\.(a|so|dll|dylib|jnilib)([._].*)?")) {
                    assertThat(ByteBuffer.wrap(bytes(jar, name))
                                    .order(ByteOrder.LITTLE_ENDIAN)
                                    .getShort(ELF_MACHINE))
                            .as(name)
                            .isEqualTo((short) processor);
                    libraries.add(name);
                }
            }
        }
        assertThat(libraries).hasSize(5).contains(server);
    }

    @Test
    void duckdb_starts_from_the_library_for_this_platform_and_unpacks_nothing() throws Exception {
        copiesOfJars();
        Path jar = lib.resolve(jarOfDuckDb().getFileName());
        assertThat(run(BuiltProgram.JAVA, STEP.toString(), TABLE.toString(), lib.toString()))
                .returns(0, Ended::code);
        String classes = Path.of(DuckDbAnswers.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI())
                .toString();
        Ended ended = run(
                BuiltProgram.JAVA,
                "-Djava.io.tmpdir=" + folder.resolve("missing"),
                "-cp",
                jar + System.getProperty("path.separator") + classes,
                DuckDbAnswers.class.getName());
        assertThat(ended.output()).contains("DuckDB says 42");
    }

    @Test
    void a_library_may_stay_in_its_jar_and_may_be_in_one_of_several_jars() throws Exception {
        Path own = jar("server-linux-amd64-18.jar", "META-INF/MANIFEST.MF", "server-linux-x86_64.txz");
        Path other = jar("server-darwin-18.jar", "META-INF/MANIFEST.MF", "server-darwin.txz");
        Path packed =
                jar("packed-1.5.jar", "linux/amd64/libpacked-1.5.so", "win/amd64/libpacked-1.5.dll", "Packed.class");
        Path table = table("""
                server-*.jar server-*.txz jar server-linux-x86_64.txz server-linux-arm_64.txz
                packed-*.jar {linux,win}/** jar linux/amd64/* linux/aarch64/*
                """);
        assertThat(keep(table, "linux/amd64")).returns(0, Ended::code);
        assertThat(content(own)).containsOnlyKeys("META-INF/MANIFEST.MF", "server-linux-x86_64.txz");
        assertThat(content(other)).containsOnlyKeys("META-INF/MANIFEST.MF");
        assertThat(content(packed)).containsOnlyKeys("linux/amd64/libpacked-1.5.so", "Packed.class");
    }

    @Test
    void where_a_platform_has_no_library_none_is_kept() throws Exception {
        Path jar = jar("client-1.jar", "jni/libclient.so", "Client.class");
        Path table = table("client-*.jar jni/* jar jni/libclient.so -\n");
        assertThat(keep(table, "linux/arm64")).returns(0, Ended::code);
        assertThat(content(jar)).containsOnlyKeys("Client.class");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            engine-*.jar lib*.so_* beside libengine.so_linux_x64 libengine.so_linux_arm64 | linux/amd64 | engine-*.jar in {lib} has no libengine.so_linux_x64, which {table}, line 3, names for linux/amd64. It has: libengine.so_linux_amd64, libengine.so_linux_arm64. Correct the name there.
            engine-*.jar lib*.so_* beside libengine.so_linux_* libengine.so_linux_arm64   | linux/amd64 | engine-*.jar in {lib} has more than one libengine.so_linux_*, which {table}, line 3, names for linux/amd64. It has: libengine.so_linux_amd64, libengine.so_linux_arm64. Correct the name there.
            engine-*.jar other* jar libengine.so_linux_amd64 libengine.so_linux_arm64     | linux/amd64 | {lib}/engine-2.jar has libengine.so_linux_arm64, which seems to be a native library, but {table}, line 3, covers only other*. Widen the pattern there.
            motor-*.jar lib*.so_* jar libmotor.so libmotor.so                             | linux/amd64 | {lib} has no motor-*.jar, which {table}, line 3, names for linux/amd64. Correct the name there, or remove the line if the jar is no longer used.
            engine-*.jar lib*.so_* below libengine.so_linux_amd64 libengine.so_linux_arm64 | linux/amd64 | {table}, line 3, must have the 5 fields jar, libraries, place, linux/amd64, linux/arm64, and as place "jar" or "beside".
            engine-*.jar lib*.so_* jar libengine.so_linux_amd64 libengine.so_linux_arm64  | linux/s390x | {table}, line 1, has no column for linux/s390x, only for linux/amd64, linux/arm64. Add one if the jars have libraries for it.
            """)
    void a_table_that_does_not_match_the_jars_is_refused_in_words_and_nothing_is_changed(
            String row, String platform, String message) throws Exception {
        Path first = jar("a-first.jar", "liba.so_linux_amd64", "liba.so_linux_arm64");
        Path engine = jar("engine-2.jar", "libengine.so_linux_amd64", "libengine.so_linux_arm64");
        List<Map<String, Long>> before = new ArrayList<>(List.of(content(first), content(engine)));
        Path table = table("a-*.jar lib* beside liba.so_linux_amd64 liba.so_linux_arm64\n" + row + "\n");
        assertThat(keep(table, platform))
                .isEqualTo(new Ended(
                        1, message.replace("{lib}", lib.toString()).replace("{table}", table.toString()) + "\n"));
        assertThat(List.of(content(first), content(engine))).isEqualTo(before);
        assertThat(lib.toFile().list()).hasSize(2);
    }
}
