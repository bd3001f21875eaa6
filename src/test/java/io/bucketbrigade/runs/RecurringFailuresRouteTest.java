package io.bucketbrigade.runs;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.support.TestService;
import java.time.InstantSource;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Work that is done again and again, as the timers of routes/shared do it, with a step in an inner route. */
class RecurringFailuresRouteTest extends CamelTestSupport {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger(RecurringFailures.class);

    private final Degradations degradations = new Degradations(InstantSource.system());
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @BeforeEach
    void listen() {
        logged.start();
        LOG.addAppender(logged);
    }

    @AfterEach
    void leave() {
        LOG.detachAppender(logged);
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        registry.bind("recurringFailures", new RecurringFailures(degradations));
    }

    @Override
    protected CamelContext createCamelContext() throws Exception {
        CamelContext context = super.createCamelContext();
        for (String name : new String[] {"recurring-failures", "inner-steps"}) {
            PluginHelper.getRoutesLoader(context)
                    .loadRoutes(PluginHelper.getResourceLoader(context)
                            .resolveResource(
                                    "file:" + TestService.HOME.resolve("routes/shared/" + name + ".camel.yaml")));
        }
        return context;
    }

    @Override
    protected RoutesBuilder createRouteBuilder() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:work")
                        .routeId("work")
                        .routeConfigurationId("recurring-failures")
                        .to("direct:step")
                        .bean("recurringFailures", "recovered(${routeId})");
                from("direct:step").routeConfigurationId("inner-steps").to("mock:place");
            }
        };
    }

    @Test
    void failure_of_an_inner_step_is_logged_once_in_one_line_until_the_work_succeeds() {
        MockEndpoint place = getMockEndpoint("mock:place");
        place.whenAnyExchangeReceived(exchange -> {
            throw new Problem(Kind.TRANSIENT, "The place does not answer.");
        });
        for (int time = 0; time < 3; time++) {
            assertThat(template.request("direct:work", exchange -> {}).getException())
                    .isNull();
        }
        assertThat(place.getReceivedCounter()).isEqualTo(3);
        assertThat(logged.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("work: The place does not answer.");
        assertThat(degradations.current()).containsEntry("work", "The place does not answer.");

        place.whenAnyExchangeReceived(exchange -> {});
        template.sendBody("direct:work", "");
        assertThat(degradations.current()).isEmpty();
    }
}
