package io.bucketbrigade.version;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** The version as a metric, so that a dashboard can show which one runs where, and when that changed. */
public final class BuildInfo {
    private BuildInfo() {}

    /** Adds {@code brigade_build_info}, which is always 1; what it says is in its labels. */
    public static void register(MeterRegistry meters, ProgramVersion program) {
        Gauge.builder("brigade.build.info", () -> 1)
                .description("The version of the program, its commit, and the Java runtime that runs it; always 1")
                .tag("version", program.version())
                .tag("revision", program.revision())
                .tag("java", program.java())
                .register(meters);
    }
}
