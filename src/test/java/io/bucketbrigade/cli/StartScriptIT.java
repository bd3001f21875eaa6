package io.bucketbrigade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.support.TestService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The script that starts the program, on a copy of what the build made. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StartScriptIT {
    private Path home = Path.of("");

    private Path jar() {
        return home.resolve("target/bucket-brigade.jar");
    }

    @BeforeAll
    void copyTheBuild(@TempDir Path folder) throws Exception {
        home = folder;
        Files.createDirectories(home.resolve("target/lib"));
        Path built = TestService.HOME.resolve("target");
        Files.copy(built.resolve("bucket-brigade.jar"), jar());
        Files.copy(TestService.HOME.resolve("brigade"), home.resolve("brigade"), StandardCopyOption.COPY_ATTRIBUTES);
        copy("routes");
        copy("samples/leaderboard");
        try (Stream<Path> libraries = Files.list(built.resolve("lib"))) {
            for (Path library : libraries.toList()) {
                Files.copy(library, home.resolve("target/lib").resolve(library.getFileName()));
            }
        }
        assertThat(brigade("--version")).contains("Preparing fast starts", "Bucket Brigade ");
        assertThat(archives()).singleElement().satisfies(archive -> assertThat(archive)
                .isNotEmptyFile());
        assertThat(brigade("--version")).doesNotContain("Preparing").startsWith("Bucket Brigade ");
    }

    private void copy(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(TestService.HOME.resolve(folder))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path copied = home.resolve(TestService.HOME.relativize(file));
                Files.createDirectories(copied.getParent());
                Files.copy(file, copied);
            }
        }
    }

    private String brigade(String... arguments) throws Exception {
        return run(Stream.concat(Stream.of(home.resolve("brigade").toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("BRIGADE_HOME");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("LANG", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private List<Path> archives() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("target"))) {
            return files.filter(file -> file.toString().endsWith(".archive")).toList();
        }
    }

    /** Another program with the same main class. */
    private byte[] otherProgram(byte[] padding) throws IOException {
        Path source = Files.createDirectories(home.resolve("other/io/bucketbrigade/cli"))
                .resolve("Brigade.java");
        Files.writeString(source, """
                        package io.bucketbrigade.cli;
                        public class Brigade {
                            public static void main(String[] arguments) {
                                System.out.println("the replaced jar");
                            }
                        }
                        """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "--release", "17", source.toString()))
                .isZero();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "io.bucketbrigade.cli.Brigade");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
            out.putNextEntry(new ZipEntry("io/bucketbrigade/cli/Brigade.class"));
            out.write(Files.readAllBytes(source.resolveSibling("Brigade.class")));
            ZipEntry stored = new ZipEntry("padding");
            CRC32 sum = new CRC32();
            sum.update(padding);
            stored.setMethod(ZipEntry.STORED);
            stored.setSize(padding.length);
            stored.setCrc(sum.getValue());
            out.putNextEntry(stored);
            out.write(padding);
        }
        return bytes.toByteArray();
    }

    @Test
    void a_replaced_jar_of_the_same_size_and_time_behaves_as_the_new_one() throws Exception {
        Path archive = archives().get(0);
        Path archiveKept = Files.copy(archive, home.resolve("kept"), StandardCopyOption.COPY_ATTRIBUTES);
        byte[] kept = Files.readAllBytes(jar());
        FileTime time = Files.getLastModifiedTime(jar());
        byte[] other = otherProgram(new byte[kept.length - otherProgram(new byte[0]).length]);
        assertThat(other).hasSameSizeAs(kept);
        try {
            replaceJar(other, time);
            assertThat(brigade("--version")).contains("the replaced jar").doesNotContain("Bucket Brigade ");
            assertThat(brigade("--version")).isEqualTo("the replaced jar\n");
            assertThat(archives()).hasSize(1).doesNotContain(archive);
        } finally {
            replaceJar(kept, time);
            Files.move(archiveKept, archive);
        }
        assertThat(brigade("--version")).startsWith("Bucket Brigade ");
    }

    private void replaceJar(byte[] bytes, FileTime time) throws IOException {
        Files.write(jar(), bytes);
        Files.setLastModifiedTime(jar(), time);
    }

    @Test
    void where_the_locale_is_not_utf_8_names_of_files_outside_of_ascii_work_all_the_same() throws Exception {
        // By a shell, which passes bytes on whatever locale this JVM is in.
        String printed = run(
                "sh",
                "-c",
                "cd \"$0\" && cp samples/leaderboard/messages.csv $(printf 'donn\\303\\251es.csv') && ./brigade aggregate"
                        + " $(printf 'donn\\303\\251es.csv') samples/leaderboard/users.csv $(printf 'r\\303\\251sultat.csv')",
                home.toString());
        assertThat(printed).contains("44 rows read").contains("r\u00e9sultat.csv");
    }
}
