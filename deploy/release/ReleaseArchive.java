import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;

/**
 * Packs each folder of a release as a tar.gz beside it, and writes the checksums. Equal files give equal archives: entries are sorted by name, belong to
 * root, are of one given time, and may be read by all and written by their owner.
 *
 * <p>Runs from source, with commons-compress on the class path: {@code java -cp … ReleaseArchive.java FOLDERS TIME SBOM VERSION}. The archives go
 * into the folder above FOLDERS.
 */
public final class ReleaseArchive {
    private static final int EXECUTABLE = 0755;
    private static final int READABLE = 0644;

    private final Instant time;

    private ReleaseArchive(Instant time) {
        this.time = time;
    }

    public static void main(String[] arguments) throws IOException {
        Path folders = Path.of(arguments[0]);
        ReleaseArchive release = new ReleaseArchive(Instant.parse(arguments[1]));
        Path releases = folders.toAbsolutePath().getParent();
        for (Path folder : sorted(Files.list(folders))) {
            release.pack(folder, releases.resolve(folder.getFileName() + ".tar.gz"));
        }
        String sbom = "bucket-brigade-" + arguments[3] + "-sbom.json";
        Files.copy(Path.of(arguments[2]), releases.resolve(sbom), StandardCopyOption.REPLACE_EXISTING);
        writeChecksums(releases, "bucket-brigade-" + arguments[3] + "-");
    }

    private static List<Path> sorted(Stream<Path> paths) {
        try (paths) {
            return paths.sorted((one, other) -> one.toString().compareTo(other.toString()))
                    .toList();
        }
    }

    private void pack(Path folder, Path archive) throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(archive));
                TarArchiveOutputStream tar =
                        new TarArchiveOutputStream(new GzipCompressorOutputStream(file), "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
            for (Path entry : sorted(Files.walk(folder))) {
                add(tar, folder.getParent().relativize(entry).toString(), entry);
            }
        }
    }

    private void add(TarArchiveOutputStream tar, String name, Path file) throws IOException {
        TarArchiveEntry entry;
        if (Files.isSymbolicLink(file)) {
            entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(Files.readSymbolicLink(file).toString());
            entry.setMode(EXECUTABLE);
        } else if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            entry = new TarArchiveEntry(name + "/");
            entry.setMode(EXECUTABLE);
        } else {
            entry = new TarArchiveEntry(name);
            entry.setMode(Files.isExecutable(file) ? EXECUTABLE : READABLE);
            entry.setSize(Files.size(file));
        }
        entry.setModTime(time.toEpochMilli());
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        tar.putArchiveEntry(entry);
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(file, tar);
        }
        tar.closeArchiveEntry();
    }

    private static void writeChecksums(Path releases, String prefix) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path file : sorted(Files.list(releases))) {
            String name = file.getFileName().toString();
            if (Files.isRegularFile(file) && name.startsWith(prefix)) {
                lines.append(sha256(file)).append("  ").append(name).append('\n');
            }
        }
        Files.writeString(releases.resolve("SHA256SUMS"), lines);
        System.out.print(lines);
    }

    private static String sha256(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
