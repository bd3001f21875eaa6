package io.bucketbrigade.release;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.release.ReleaseTools.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps that make a release, where they can't, and that they make the same again. */
@Tag("slow")
class ReleaseToolsIT {
    private static final Path JDK = Path.of(System.getProperty("java.home"));

    @TempDir
    private Path folder = Path.of("");

    private Path archiveOf(String name, String directories, String files, Instant time) throws Exception {
        Path home = Files.createDirectories(folder.resolve(name + "/folders/product/bin"));
        Path program = Files.writeString(home.resolve("program"), "echo\n");
        Path text = Files.writeString(home.resolveSibling("a text with a long name ".repeat(6) + ".txt"), "é");
        Files.createSymbolicLink(home.resolve("link"), Path.of("program"));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString(directories));
        Files.setPosixFilePermissions(text, PosixFilePermissions.fromString(files));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString(directories));
        Files.setLastModifiedTime(text, FileTime.from(time));
        Path folders = folder.resolve(name).resolve("folders");
        Ended ended = ReleaseTools.archive(folder.resolve("log.txt"), folders);
        assertThat(ended.status()).as(ended.output()).isZero();
        return folder.resolve(name).resolve("product.tar.gz");
    }

    @Test
    void equal_files_make_equal_archives_whatever_their_times_and_permissions() throws Exception {
        Path one = archiveOf("one", "rwxr-xr-x", "rw-r--r--", Instant.parse("2020-02-02T02:02:02Z"));
        Path other = archiveOf("other", "rwxrwx---", "rw-rw----", Instant.parse("2025-05-05T05:05:05Z"));
        assertThat(one).hasSameBinaryContentAs(other);
        assertThat(ReleaseTools.run(folder.resolve("list.txt"), List.of("tar", "-tvzf", one.toString()))
                        .output())
                .containsPattern("drwxr-xr-x root/root +0 2026-01-01 00:00 product/bin/\n")
                .containsPattern("-rwxr-xr-x root/root +5 2026-01-01 00:00 product/bin/program\n")
                .containsPattern("-rw-r--r-- root/root +2 2026-01-01 00:00 product/a text .*\\.txt\n")
                .contains("product/bin/link -> program");
    }

    private Path jdkOf(String name, String facts) throws Exception {
        Path jdk = Files.createDirectories(folder.resolve(name));
        Files.writeString(jdk.resolve("release"), facts);
        return jdk;
    }

    private void refused(Path jdk, String target, String... words) throws Exception {
        Ended ended = ReleaseTools.releaseFolder(folder.resolve("log.txt"), folder.resolve("folders"), jdk, target);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.output().lines()).singleElement().asString().contains(words);
    }

    @Test
    void a_runtime_without_jlink_is_refused() throws Exception {
        Path jre = jdkOf("jre", "JAVA_VERSION=\"25.0.3\"\n");
        refused(jre, "", "No release was made: " + jre + " has no bin/jlink", "-Drelease.jdk=FOLDER");
    }

    @Test
    void another_platform_needs_a_jdk_with_jmods_of_the_same_version_and_libraries_for_it() throws Exception {
        String own = Files.readString(JDK.resolve("release"))
                .lines()
                .filter(line -> line.startsWith("JAVA_VERSION="))
                .findFirst()
                .orElseThrow();
        Path bare = jdkOf("bare", own + "\n");
        refused(JDK, bare.toString(), bare + " has no jmods/java.base.jmod");
        Path older = jdkOf("older", "JAVA_VERSION=\"11.0.1\"\n");
        Files.writeString(Files.createDirectories(older.resolve("jmods")).resolve("java.base.jmod"), "");
        refused(JDK, older.toString(), "is Java 11.0.1. Name two JDKs of the same version.");
        Path windows = jdkOf("windows", own + "\nOS_NAME=\"Windows\"\nOS_ARCH=\"x86_64\"\n");
        Files.writeString(Files.createDirectories(windows.resolve("jmods")).resolve("java.base.jmod"), "");
        refused(JDK, windows.toString(), "has no column for windows/amd64, only for linux/amd64, linux/arm64");
        Path musl = jdkOf("musl", own + "\nLIBC=\"musl\"\nOS_NAME=\"Linux\"\nOS_ARCH=\"x86_64\"\n");
        Files.writeString(Files.createDirectories(musl.resolve("jmods")).resolve("java.base.jmod"), "");
        refused(JDK, musl.toString(), "is for musl (Alpine)");
    }
}
