package io.bucketbrigade.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A disk of its own in memory, small enough to be filled. Only root may mount one; elsewhere tests that need it are skipped. */
public final class SmallDisk implements AutoCloseable {
    private final Path place;

    /** @param size as tmpfs takes it: 64k, 10m */
    public SmallDisk(Path place, String size) throws IOException, InterruptedException {
        this.place = Files.createDirectories(place);
        Assumptions.assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place.toString()) == 0,
                "SKIPPED: only root may mount a small disk");
    }

    /** Where it is. */
    public Path place() {
        return place;
    }

    /** Makes it larger. */
    public void grow(String size) throws IOException, InterruptedException {
        if (run("mount", "-o", "remount,size=" + size, place.toString()) != 0) {
            throw new IOException(place + " can't be made larger");
        }
    }

    /** Fills what is left of it with a file. */
    public Path fill() throws IOException, InterruptedException {
        Path filler = place.resolve("filler");
        run("dd", "if=/dev/zero", "of=" + filler, "bs=64k");
        return filler;
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        run("umount", "--lazy", place.toString());
    }
}
