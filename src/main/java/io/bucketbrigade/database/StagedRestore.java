package io.bucketbrigade.database;

import dev.failsafe.Failsafe;
import dev.failsafe.RetryPolicy;
import io.bucketbrigade.files.ForcedFolder;
import io.bucketbrigade.files.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a restored database is made, beside the present one. Only when it is whole and its server has ended does it take that one's
 * name, and the present one gets another name and stays. All of this may be called only by who holds the lock on the data; what is
 * found here then is of a restore that was interrupted.
 */
final class StagedRestore {
    private static final Logger LOG = LoggerFactory.getLogger(StagedRestore.class);
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private final Path data;
    private final Path folder;
    private final Path staged;
    private final Path wholeMark;

    /** @param data the folder of the present data */
    StagedRestore(Path data) {
        this.data = data;
        this.folder = data.resolveSibling("postgres-restoring");
        this.staged = folder.resolve("postgres");
        this.wholeMark = folder.resolve("whole");
    }

    /**
     * Makes room for new data.
     *
     * @return the folder for them, which does not exist yet
     * @throws IOException if what an interrupted restore left can't be removed
     */
    Path prepare() throws IOException {
        discard();
        Files.createDirectories(folder);
        return staged;
    }

    /**
     * Gives the new data the place of the present ones.
     *
     * @return where the present ones are now, if there were any
     * @throws IOException if a folder can't get another name
     */
    Optional<Path> replace() throws IOException {
        Optional<Path> before = Files.exists(data) ? Optional.of(freeName()) : Optional.empty();
        Files.createFile(wholeMark);
        ForcedFolder.force(folder);
        if (before.isPresent()) {
            Files.move(data, before.get());
        }
        putInPlace();
        discard();
        return before;
    }

    private Path freeName() {
        String name = "postgres-before-restore-" + STAMP.format(LocalDateTime.now(ZoneOffset.UTC));
        Path free = data.resolveSibling(name);
        for (int number = 2; Files.exists(free); number++) {
            free = data.resolveSibling(name + "-" + number);
        }
        return free;
    }

    private void putInPlace() throws IOException {
        Files.move(staged, data);
        ForcedFolder.force(data.resolveSibling(""));
    }

    /**
     * Ends what an interrupted restore had begun: if the present data have their other name already, the new ones, which are whole then,
     * get theirs; otherwise the present ones stay, and what was made of the new ones is removed.
     *
     * @throws IOException if a folder can't be moved or removed
     */
    void endInterrupted() throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        if (Files.exists(wholeMark) && Files.exists(staged) && !Files.exists(data)) {
            putInPlace();
            LOG.warn("A restore was interrupted when it was whole; {} is the restored database now", data);
        } else if (Files.exists(staged)) {
            LOG.warn("A restore was interrupted; {} is the database that was there before", data);
        }
        discard();
    }

    private void removeFolder() throws IOException {
        if (Files.exists(folder)) {
            TemporaryFolder.remove(folder);
        }
    }

    /**
     * Removes what was made of new data; the present ones stay.
     *
     * @throws IOException if it can't be removed
     */
    void discard() throws IOException {
        if (Files.exists(folder)) {
            new OrphanedServer(staged).stop();
            // The initdb of a restore that was killed may still be writing.
            Failsafe.with(RetryPolicy.builder()
                            .handle(IOException.class)
                            .withDelay(Duration.ofMillis(200))
                            .withMaxAttempts(50)
                            .build())
                    .run(this::removeFolder);
        }
    }
}
