package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import org.apache.camel.Consumer;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

class FailedPollsTest {
    @Test
    void a_route_that_is_being_stopped_does_not_degrade_the_service() throws Exception {
        Degradations degradations = new Degradations(InstantSource.system());
        FailedPolls polls = new FailedPolls(new RecurringFailures(degradations));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("timer:tides?delay=1h").routeId("tides").log("read");
                }
            });
            context.start();
            Consumer consumer = context.getRoute("tides").getConsumer();
            polls.rollback(consumer, consumer.getEndpoint(), 0, new IllegalStateException("of the route"));
            assertThat(degradations.current()).containsOnlyKeys("tides");
            polls.commit(consumer, consumer.getEndpoint(), 1);
            context.getRouteController().stopRoute("tides");
            polls.rollback(consumer, consumer.getEndpoint(), 0, new IllegalStateException("not started"));
            assertThat(degradations.current()).isEmpty();
        }
    }
}
