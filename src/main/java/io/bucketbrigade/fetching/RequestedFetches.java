package io.bucketbrigade.fetching;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.registry.Pipelines;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;

/** Fetches that somebody asks for, beside those that a pipeline begins by itself: by the route that its pipeline.yaml names. */
public final class RequestedFetches {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIND = """
            SELECT coalesce(json_agg(one ORDER BY setting, name), '[]') FROM (
                SELECT setting, name, source, location,
                    CASE WHEN state = 'fetching' AND lease_until < now() THEN 'interrupted' ELSE state END AS state,
                    bytes, total, rate, error, begun_at, ended_at, fetched_at, size
                FROM brigade.fetched WHERE pipeline = ?) AS one""";

    private final CamelContext context;
    private final Pipelines pipelines;
    private final DataSource database;
    private final Map<String, Request> latest = new ConcurrentHashMap<>();

    /** @param context has the routes */
    public RequestedFetches(CamelContext context, Pipelines pipelines, DataSource database) {
        this.context = context;
        this.pipelines = pipelines;
        this.database = database;
    }

    private static final class Request {
        private volatile boolean running = true;
        private volatile @Nullable String error;
    }

    /**
     * How the sources of a pipeline are.
     *
     * @param running whether a fetch that this process was asked for has not ended
     * @param error why the latest of those failed as a whole; null if it did not
     * @param sources a JSON array, as the contract has it
     */
    public record State(
            String pipeline, boolean running, @Nullable String error, JsonNode sources) {}

    /**
     * Begins to fetch, unless that is under way already.
     *
     * @throws Problem if there is no such pipeline, or it fetches nothing
     * @throws SQLException if the database refuses, or is away
     * @throws JsonProcessingException if it answers in a way that it never does
     */
    public State begin(@Header("pipeline") String pipeline) throws SQLException, JsonProcessingException {
        String route = pipelines.get(pipeline).definition().fetch();
        if (route == null) {
            throw new Problem(
                    Kind.CONFLICT,
                    pipeline + " fetches nothing: its pipeline.yaml names no route that does so (fetch).");
        }
        Request fresh = new Request();
        Request asked = latest.compute(pipeline, (name, old) -> old == null || !old.running ? fresh : old);
        if (asked == fresh) {
            Thread thread = new Thread(() -> run(fresh, route), "fetch-" + pipeline);
            thread.setDaemon(true);
            thread.start();
        }
        return state(pipeline);
    }

    private void run(Request request, String route) {
        try (ProducerTemplate template = context.createProducerTemplate()) {
            Exchange answer = template.request("direct:" + route, exchange -> {});
            if (answer.getException() != null) {
                request.error = Problems.of(answer.getException()).sentence();
            }
        } catch (Exception e) {
            request.error = Problems.of(e).sentence();
        } finally {
            request.running = false;
        }
    }

    /**
     * How the sources of a pipeline are.
     *
     * @throws Problem if there is no such pipeline
     * @throws SQLException if the database refuses, or is away
     * @throws JsonProcessingException if it answers in a way that it never does
     */
    public State state(@Header("pipeline") String pipeline) throws SQLException, JsonProcessingException {
        pipelines.get(pipeline);
        // Before the rows are read: what has ended has written them.
        Request request = latest.get(pipeline);
        boolean running = request != null && request.running;
        return new State(pipeline, running, request == null ? null : request.error, sources(pipeline));
    }

    private JsonNode sources(String pipeline) throws SQLException, JsonProcessingException {
        try (Connection connection = database.getConnection();
                PreparedStatement find = connection.prepareStatement(FIND)) {
            find.setString(1, pipeline);
            try (ResultSet row = find.executeQuery()) {
                row.next();
                return JSON.readTree(row.getString(1));
            }
        }
    }
}
