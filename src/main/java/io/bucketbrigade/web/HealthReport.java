package io.bucketbrigade.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Collection;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheck.State;
import org.apache.camel.health.HealthCheckHelper;

/**
 * GET /observe/health: UP, DOWN (503), or DEGRADED where the service answers but something doesn't work that is tried again.
 * Camel's own answer has no degraded state.
 */
public final class HealthReport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/observe/health";

    private final CamelContext camel;
    private volatile State status = State.UP;

    public HealthReport(CamelContext camel) {
        this.camel = camel;
    }

    /** Shows the status as a figure too, as it was when {@link #refresh} was last called. */
    public HealthReport measuredBy(MeterRegistry meters) {
        for (State state : State.values()) {
            Gauge.builder("brigade.health", this, report -> report.status == state ? 1 : 0)
                    .description("The status that /observe/health reports: 1 for the current one, 0 for the others")
                    .tag("status", word(state))
                    .register(meters);
        }
        return this;
    }

    /** Finds out the status. Called by the route metrics-refresh. */
    public void refresh() {
        status = worst(HealthCheckHelper.invoke(camel, "full"));
    }

    private static State worst(Collection<HealthCheck.Result> results) {
        State worst = State.UP;
        for (HealthCheck.Result result : results) {
            State state = result.getState();
            if (state == State.DOWN || (state == State.UNKNOWN && worst == State.UP)) {
                worst = state;
            }
        }
        return worst;
    }

    /** Answers in the place of Camel. */
    public void answerOn(VertxPlatformHttpRouter router) {
        router.route(HttpMethod.GET, PATH).order(Integer.MIN_VALUE + 1).blockingHandler(this::answer, false);
    }

    private void answer(RoutingContext call) {
        Collection<HealthCheck.Result> results = HealthCheckHelper.invoke(camel, "full");
        ObjectNode report = JSON.createObjectNode();
        ArrayNode checks = JSON.createArrayNode();
        for (HealthCheck.Result result : results) {
            State state = result.getState();
            if (state != State.UP || result.getCheck().getGroup().equals("brigade")) {
                ObjectNode check = checks.addObject()
                        .put("name", result.getCheck().getId())
                        .put("status", word(state));
                result.getMessage().ifPresent(message -> check.put("message", message));
            }
        }
        State worst = worst(results);
        report.put("status", word(worst)).set("checks", checks);
        call.response()
                .setStatusCode(worst == State.DOWN ? 503 : 200)
                .putHeader("Content-Type", "application/json")
                .end(report.toString());
    }

    private static String word(State state) {
        return state == State.UNKNOWN ? "DEGRADED" : state.name();
    }
}
