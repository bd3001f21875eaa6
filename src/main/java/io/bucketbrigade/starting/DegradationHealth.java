package io.bucketbrigade.starting;

import io.bucketbrigade.runs.Degradations;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Says that the service is degraded while something doesn't work that is tried again; boards are served all the same. */
public final class DegradationHealth extends AbstractHealthCheck {
    private final Degradations degradations;

    DegradationHealth(Degradations degradations) {
        super("brigade", "inputs");
        this.degradations = degradations;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Map<String, String> current = degradations.current();
        if (current.isEmpty()) {
            builder.up();
        } else {
            builder.message(current.entrySet().stream()
                            .map(degradation -> degradation.getKey() + ": " + degradation.getValue())
                            .collect(Collectors.joining(" ")))
                    .unknown();
        }
    }
}
