package io.bucketbrigade.watching;

import io.bucketbrigade.storage.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** For how long the inputs have stayed the same. */
final class Settling {
    private List<Identity> seen = List.of();
    private long seenSince = System.nanoTime();

    /**
     * How long the inputs must still stay as they are. How long they have been so is the time since we first saw them, and
     * from the second check on also the time at which anything was last changed: a file may have been there for long. That time alone
     * isn't enough, because it comes from another machine's clock where the disk is one.
     */
    Duration left(List<Identity> there, Duration needed) {
        if (!there.equals(seen)) {
            seen = there;
            seenSince = System.nanoTime();
            return needed;
        }
        Duration sinceSeen = Duration.ofNanos(System.nanoTime() - seenSince);
        Duration unchanged = there.stream()
                .map(Identity::touched)
                .max(Comparator.naturalOrder())
                .map(touched -> Duration.between(touched, Instant.now()))
                .filter(age -> age.compareTo(sinceSeen) > 0)
                .orElse(sinceSeen);
        return needed.minus(unchanged);
    }
}
