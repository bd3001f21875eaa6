package io.bucketbrigade.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.bucketbrigade.database.Database;
import io.bucketbrigade.registry.Pipeline;
import io.bucketbrigade.registry.Pipelines;
import io.bucketbrigade.runs.Degradations;
import io.bucketbrigade.runs.Ledger;
import io.bucketbrigade.runs.RunEndings;
import io.bucketbrigade.settings.PipelineSettings;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestDatabase;
import io.bucketbrigade.support.TestLocations;
import io.bucketbrigade.support.TestService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckAware;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.service.ServiceSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Tag("slow")
class ClaimConsumerTest {
    /** As a reload does, in the middle of a run. */
    private static void stop(CamelContext context) {
        new Thread(() -> {
                    try {
                        context.getRouteController().stopRoute("shoals", 1, TimeUnit.SECONDS);
                        context.getRouteController().startRoute("shoals");
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })
                .start();
        ServiceSupport consumer = (ServiceSupport) context.getRoute("shoals").getConsumer();
        await().until(() -> !consumer.isRunAllowed());
    }

    private static List<String> ends(Database database) throws SQLException {
        List<String> ends = new ArrayList<>();
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT state, error FROM brigade.runs ORDER BY run_id")) {
            while (row.next()) {
                ends.add(row.getString(1) + ": " + row.getString(2));
            }
        }
        return ends;
    }

    @Test
    void a_check_that_fails_is_logged_once_and_a_run_that_its_route_does_not_end_is_ended_with_the_reason(
            @TempDir Path folder) throws Exception {
        Path own = Files.createDirectories(folder.resolve("routes/shoals"));
        Path inTheWay = Files.writeString(folder.resolve("raw"), "no folder");
        Files.writeString(own.resolve("shoals.properties"), "shoals.raw=" + inTheWay + "\nkind.shoals.raw=place\n");
        Files.writeString(own.resolve(Pipeline.FILE), """
                title: Shoals
                description: Reads one file
                task: read
                inputs: {location: shoals.raw, files: [{name: in.csv}]}
                """);
        Settings settings = SettingsLoader.load(
                TestService.HOME,
                folder,
                Map.of(
                        "BRIGADE_ROUTES", folder.resolve("routes").toString(),
                        "BRIGADE_SETTLE", "1ms",
                        "BRIGADE_POLL", "20ms"),
                Map.of());
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        root.addAppender(logged);
        // A command that another test has run may have silenced the program.
        ((Logger) LoggerFactory.getLogger("io.bucketbrigade")).setLevel(Level.INFO);
        AtomicInteger runs = new AtomicInteger();
        try (Database database = TestDatabase.newMigrated();
                DefaultCamelContext context = new DefaultCamelContext()) {
            Pipelines pipelines = Pipelines.read(settings.routeFolders());
            Ledger ledger = new Ledger(database.pool(), "this process", Duration.ofSeconds(30));
            Degradations degradations = new Degradations(InstantSource.system());
            RunEndings endings = TestLocations.endings(ledger, degradations);
            PipelineSettings named = new PipelineSettings(settings);
            InputWatchers watchers = new InputWatchers(pipelines, named, TestLocations.FOLDERS, ledger, degradations);
            context.addComponent(
                    ClaimComponent.SCHEME,
                    new ClaimComponent(pipelines, watchers, named, TestLocations.FOLDERS, endings));
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("claim:shoals")
                            .routeId("shoals")
                            .errorHandler(noErrorHandler())
                            .process(exchange -> {
                                if (runs.incrementAndGet() == 1) {
                                    stop(context);
                                    throw new RejectedExecutionException();
                                }
                            });
                }
            });
            context.start();
            HealthCheck health = ((HealthCheckAware) context.getRoute("shoals").getConsumer()).getHealthCheck();
            await().untilAsserted(() -> assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UNKNOWN));
            // Several further checks fail meanwhile.
            Thread.sleep(200);
            Files.delete(inTheWay);
            Files.writeString(Files.createDirectories(inTheWay).resolve("in.csv"), "a\n");
            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(ends(database))
                    .containsExactly(
                            "released: The route was stopped before the run was over; it is done again.",
                            "failed: The route of shoals ended without a step that publishes the run, such as"
                                    + " publication.commit."));
            await().untilAsserted(() -> assertThat(health.call().getState()).isEqualTo(HealthCheck.State.UP));
        } finally {
            root.detachAppender(logged);
        }
        List<ILoggingEvent> warnings = List.copyOf(logged.list).stream()
                .filter(event -> event.getFormattedMessage().contains("shoals")
                        && event.getLevel().isGreaterOrEqual(Level.WARN))
                .toList();
        assertThat(warnings).extracting(ILoggingEvent::getLevel).containsExactly(Level.WARN, Level.ERROR);
        assertThat(warnings.get(1).getFormattedMessage()).startsWith("Run 2 of shoals (read) failed: ");
        assertThat(warnings.get(0).getFormattedMessage()).startsWith("shoals: ");
        assertThat(warnings.get(0).getThrowableProxy()).isNull();
    }
}
