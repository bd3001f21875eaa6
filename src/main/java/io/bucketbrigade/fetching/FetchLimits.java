package io.bucketbrigade.fetching;

import io.bucketbrigade.csv.Counted;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.Values;
import java.time.Duration;

/**
 * What a fetch may take.
 *
 * @param mostBytes the size of the largest file
 * @param longest how long a file may take, repetitions included
 * @param stall how long nothing may arrive, and over what time the rate is measured
 * @param leastRate how many bytes per second must arrive
 * @param attempts how often a file is tried without a byte more than before
 * @param firstDelay how long the first repetition waits; each further one waits twice as long
 * @param longestDelay how long a repetition waits at most, also if the server asks for more
 * @param allowsPrivate whether addresses of this machine and of private networks may be fetched from
 */
record FetchLimits(
        long mostBytes,
        Duration longest,
        Duration stall,
        int leastRate,
        int attempts,
        Duration firstDelay,
        Duration longestDelay,
        boolean allowsPrivate) {
    static final String PRIVATE = "brigade.fetch.private";

    private static final int ATTEMPTS = 5;
    private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);

    /** What to throw if a file has more bytes than it may. */
    Problem tooLarge() {
        return new Problem(
                Kind.TOO_LARGE,
                "the file is larger than " + Counted.of(mostBytes, "byte")
                        + ". If that is right, set BRIGADE_FETCH_MAX to more.");
    }

    static FetchLimits of(Settings settings) {
        return new FetchLimits(
                settings.bytes("brigade.fetch.max"),
                settings.duration("brigade.fetch.time"),
                settings.duration("brigade.fetch.stall"),
                settings.number("brigade.fetch.least.rate"),
                ATTEMPTS,
                FIRST_DELAY,
                LONGEST_DELAY,
                Values.flag(settings.name(PRIVATE), settings.text(PRIVATE)));
    }
}
