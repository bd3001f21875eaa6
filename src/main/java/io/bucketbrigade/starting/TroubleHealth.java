package io.bucketbrigade.starting;

import io.bucketbrigade.runs.Troubles;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/** Says that the service is degraded while something doesn't work that is tried again; boards are served all the same. */
public final class TroubleHealth extends AbstractHealthCheck {
    private final Troubles troubles;

    TroubleHealth(Troubles troubles) {
        super("brigade", "inputs");
        this.troubles = troubles;
    }

    @Override
    public boolean isReadiness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        Map<String, String> present = troubles.present();
        if (present.isEmpty()) {
            builder.up();
        } else {
            builder.message(present.entrySet().stream()
                            .map(trouble -> trouble.getKey() + ": " + trouble.getValue())
                            .collect(Collectors.joining(" ")))
                    .unknown();
        }
    }
}
