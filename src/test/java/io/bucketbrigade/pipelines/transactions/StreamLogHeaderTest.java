package io.bucketbrigade.pipelines.transactions;

import static io.bucketbrigade.support.ProblemAnswer.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StreamLogHeaderTest extends SalesService {
    private String log(String body, String... headers) throws Exception {
        HttpResponse<String> answer = service.post("/transactions", body, headers);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.headers().firstValue("Stream-Log").orElse("none");
    }

    @Test
    void every_answer_names_the_log_that_has_the_rows_however_they_were_sent() throws Exception {
        String id = service.ask("SELECT id FROM brigade.stream_logs WHERE stream = 'transactions'");
        assertThat(log("[]")).isEqualTo(id);
        assertThat(log(line("H1", "a", 1, "1", ""))).isEqualTo(id);
        assertThat(log(line("H1", "a", 1, "1", ""), "Idempotency-Key", "h")).isEqualTo(id);
        assertThat(log(line("H1", "a", 1, "1", ""), "Idempotency-Key", "h")).isEqualTo(id);
        assertThat(log("{}")).isEqualTo(id);
        assertThat(log(line("H1", "a", 1, "1", ""), "Content-Type", "application/x-ndjson"))
                .isEqualTo(id);
        String large = IntStream.range(0, 200)
                .mapToObj(row -> line("H2", "a" + row, 1, "1", ""))
                .collect(Collectors.joining(",", "[", "]"));
        assertThat(large.length()).isGreaterThan(16 * 1024);
        assertThat(log(large)).isEqualTo(id);
    }

    @Test
    void rows_for_another_log_are_refused_before_anything_is_stored_however_they_were_sent() throws Exception {
        String id = log("[]");
        String stored = "SELECT sum(position) FROM brigade.stream_partitions";
        String before = service.ask(stored);
        String rejectedBefore = service.ask("SELECT count(*) FROM brigade.stream_rejected");
        for (String body : List.of("[]", "{}", line("H4", "a", 1, "1", ""))) {
            for (String type : List.of("application/json", "application/x-ndjson")) {
                HttpResponse<String> answer = service.post(
                        "/transactions", body, "Stream-Log", "another", "Idempotency-Key", "h4", "Content-Type", type);
                assertProblem(answer, 409, "another one than that to which the rows before these were sent");
                assertThat(answer.headers().allValues("Stream-Log")).containsExactly(id);
            }
        }
        assertThat(service.ask(stored)).isEqualTo(before);
        assertThat(service.ask("SELECT count(*) FROM brigade.stream_rejected")).isEqualTo(rejectedBefore);
        assertThat(log(line("H4", "a", 1, "1", ""), "Stream-Log", id)).isEqualTo(id);
        HttpResponse<String> unreadable = service.post("/transactions", "[", "Stream-Log", "another");
        assertThat(unreadable.statusCode()).isEqualTo(400);
        assertThat(unreadable.headers().firstValue("Stream-Log")).isEmpty();
    }

    @Test
    void no_row_at_all_asks_for_the_log_also_as_lines() throws Exception {
        assertThat(log("", "Content-Type", "application/x-ndjson")).isEqualTo(log("[]"));
    }

    @Test
    void the_log_is_that_of_the_database_in_which_rows_are_now() throws Exception {
        log("[]");
        service.execute("UPDATE brigade.stream_logs SET id = gen_random_uuid()");
        String id = service.ask("SELECT id FROM brigade.stream_logs WHERE stream = 'transactions'");
        assertThat(log(line("H3", "a", 1, "1", ""))).isEqualTo(id);
        service.execute("UPDATE brigade.stream_logs SET id = gen_random_uuid()");
        assertThat(log("[]")).isNotEqualTo(id);
    }
}
