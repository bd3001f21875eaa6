package io.bucketbrigade.support;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;

/** What every refusal looks like on the wire: problem+json (RFC 9457), in words. */
public final class ProblemAnswer {
    private ProblemAnswer() {}

    /** That an answer is one with that status, and says these words. */
    public static void assertProblem(HttpResponse<String> answer, int status, String... words) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        String detail = detail(answer);
        for (String word : words) {
            assertThat(detail).contains(word);
        }
    }

    /** What an answer says, if it is one. */
    public static String detail(HttpResponse<String> answer) throws IOException {
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = new ObjectMapper().readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(answer.statusCode());
        assertThat(problem.path("title").asText()).isNotBlank();
        assertThat(answer.body()).doesNotContain("Exception", "\\tat ");
        return problem.path("detail").asText();
    }
}
