package io.bucketbrigade.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpMethod;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** GET /observe/metrics: all figures, in the text form of Prometheus. Camel answers it only if its own figures are wanted too. */
public final class MetricsReport {
    private static final String PATH = "/observe/metrics";
    private static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry;

    public MetricsReport(PrometheusMeterRegistry registry) {
        this.registry = registry;
    }

    /** Answers in the place of Camel. */
    public void answerOn(VertxPlatformHttpRouter router) {
        router.route(HttpMethod.GET, PATH)
                .order(Integer.MIN_VALUE + 1)
                .blockingHandler(
                        call -> call.response()
                                .putHeader("Content-Type", MEDIA_TYPE)
                                .end(registry.scrape(MEDIA_TYPE)),
                        false);
    }
}
