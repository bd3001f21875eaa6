package io.bucketbrigade.watching;

import io.bucketbrigade.storage.Identity;
import io.bucketbrigade.storage.Location;
import io.bucketbrigade.storage.NearNames;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs once which files a pipeline waits for, and which files are there that may be meant. */
final class MissingFiles {
    private static final Logger LOG = LoggerFactory.getLogger(MissingFiles.class);
    /** A misnamed file comes while its name is missing already, and listing a location costs more than a check. */
    private static final Duration LIST_AGAIN_AFTER = Duration.ofSeconds(30);

    private List<String> missing = List.of();
    private List<String> hints = List.of();
    private long listedAt;

    /**
     * Whether files are missing.
     *
     * @param wanted the names, or patterns of names, of all that must be there
     * @param there what is there
     * @param isThere whether one of them is among what is there
     * @throws IOException if the location can't be read
     */
    boolean areMissing(
            String pipeline,
            Location location,
            List<String> wanted,
            List<Identity> there,
            BiPredicate<String, List<Identity>> isThere)
            throws IOException {
        List<String> missing =
                wanted.stream().filter(name -> !isThere.test(name, there)).toList();
        boolean isNew = !missing.equals(this.missing);
        if (isNew) {
            this.missing = missing;
            hints = List.of();
            if (!missing.isEmpty()) {
                LOG.info("{}: waiting for {}", pipeline, String.join(" and ", missing));
            }
        }
        if (!missing.isEmpty() && (isNew || System.nanoTime() - listedAt > LIST_AGAIN_AFTER.toNanos())) {
            listedAt = System.nanoTime();
            sayHints(pipeline, location, wanted);
        }
        return !missing.isEmpty();
    }

    private void sayHints(String pipeline, Location location, List<String> wanted) throws IOException {
        List<String> found = new ArrayList<>();
        for (String name : missing) {
            found.add(NearNames.hint(location, name, wanted));
        }
        found.removeIf(String::isEmpty);
        if (!found.equals(hints)) {
            hints = found;
            found.forEach(hint -> LOG.warn("{}: {}", pipeline, hint));
        }
    }
}
