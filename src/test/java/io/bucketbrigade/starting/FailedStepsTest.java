package io.bucketbrigade.starting;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailedStepsTest {
    private static final String FAILING = "- setBody: {simple: '${bean:failing?method=fail}'}";

    @TempDir
    private Path folder = Path.of("");

    /** Called by routes. */
    public static final class Failing {
        public String fail() {
            throw new NumberFormatException("no number");
        }
    }

    /** What comes of a route with those steps, the first of them on line 7. */
    private Exchange call(String below, String steps) throws Exception {
        Path file = Files.createDirectories(folder.resolve(below)).resolve("one.camel.yaml");
        Files.writeString(
                file,
                "- route:\n    id: one\n    errorHandler: {noErrorHandler: {}}\n    from:\n      uri: direct:one\n      steps:\n"
                        + steps.indent(8));
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getCamelContextExtension().addInterceptStrategy(new FailedSteps(folder.resolve("own")));
            Resource resource = PluginHelper.getResourceLoader(context).resolveResource("file:" + file);
            PluginHelper.getRoutesLoader(context).loadRoutes(resource);
            context.getRegistry().bind("failing", new Failing());
            context.start();
            return context.createProducerTemplate()
                    .request("direct:one", exchange -> exchange.setVariable("work", "w"));
        }
    }

    private static Optional<Problem> problem(Exchange answer) {
        return Problems.find(answer.getException(), Problem.class);
    }

    @Test
    void a_step_within_others_is_named_once() throws Exception {
        Exchange answer = call("tides", """
                - split:
                    constant: a,b
                    steps:
                      - choice:
                          when:
                            - constant: 'true'
                              steps:
                                - log: fine
                                %s
                """.formatted(FAILING));
        assertThat(problem(answer)).hasValueSatisfying(problem -> {
            assertThat(problem.line()).isEqualTo(15);
            assertThat(problem.getMessage()).containsOnlyOnce("of the route one failed");
        });
    }

    @Test
    void a_route_may_catch_by_the_class_that_the_step_threw() throws Exception {
        Exchange answer = call("tides", """
                - doTry:
                    steps:
                      %s
                    doCatch:
                      - exception: [java.lang.NumberFormatException]
                        steps:
                          - setBody: {constant: caught}
                """.formatted(FAILING));
        assertThat(answer.getMessage().getBody(String.class)).isEqualTo("caught");
    }

    @Test
    void a_variable_that_is_missing_is_named_and_one_of_another_scope_is_not() throws Exception {
        String missing = "- setBody: {simple: '${variable.wrk}${bean:failing?method=fail}'}";
        assertThat(problem(call("tides", missing)))
                .hasValueSatisfying(problem -> assertThat(problem.kind()).isEqualTo(Kind.PIPELINE))
                .hasValueSatisfying(problem -> assertThat(problem.getMessage())
                        .contains("NumberFormatException")
                        .endsWith("It has no variable wrk; there are: work."));
        assertThat(problem(call("tides", "- removeVariable: {name: work}\n" + missing)))
                .hasValueSatisfying(problem ->
                        assertThat(problem.getMessage()).endsWith("It has no variable wrk; no variables are set."));
        String global = "- setBody: {simple: '${variable.global:x}${bean:failing?method=fail}'}";
        assertThat(problem(call("tides", global))).hasValueSatisfying(problem -> assertThat(problem.getMessage())
                .doesNotContain("no variable")
                .contains("fault in Bucket Brigade"));
    }

    @Test
    void the_programs_shared_routes_are_left_alone() throws Exception {
        assertThat(problem(call("own/shared", FAILING))).isEmpty();
        assertThat(problem(call("own/shared-too", FAILING))).isPresent();
    }
}
