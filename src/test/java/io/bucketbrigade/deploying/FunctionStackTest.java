package io.bucketbrigade.deploying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Stacks of the template for Lambda, created in moto; what moto skips is checked in the template itself. */
@Tag("slow")
class FunctionStackTest {
    @BeforeAll
    static void moto_is_there() throws InterruptedException {
        assumeTrue(MotoStack.isPossible(), "python3 has no modules moto and boto3");
    }

    private static JsonNode created(String... values) throws InterruptedException {
        return MotoStack.created(CloudTemplate.FUNCTION, values);
    }

    @Test
    void a_first_stack_has_all_but_the_function() throws Exception {
        JsonNode stack = created("UniqueName=acme", "Mail=ana@example.com");

        assertThat(stack.path("status").asText()).isEqualTo("CREATE_COMPLETE");
        assertThat(stack.path("buckets")).hasSize(2);
        assertThat(stack.path("types"))
                .extracting(JsonNode::asText)
                .contains("AWS::ECR::Repository", "AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::SNS::Topic")
                .noneMatch(type -> type.startsWith("AWS::Lambda"));
    }

    @Test
    void with_an_image_changes_in_the_raw_bucket_call_the_function() throws Exception {
        JsonNode stack = created("UniqueName=acme", "Mail=ana@example.com", "ImageTag=v1");

        assertThat(stack.path("status").asText()).isEqualTo("CREATE_COMPLETE");
        assertThat(stack.path("buckets").findValuesAsText("name"))
                .containsExactlyInAnyOrder("acme-raw-data-bucket-md4-api", "acme-result-data-bucket-md4-api");
        JsonNode function = stack.at("/function/Configuration");
        assertThat(function.path("FunctionName").asText()).isEqualTo("aggregate-lambda-md4-api");
        assertThat(function.at("/Environment/Variables/LEADERBOARD_RAW").asText())
                .isEqualTo("s3://acme-raw-data-bucket-md4-api");
        assertThat(function.at("/Environment/Variables/LEADERBOARD_RESULT").asText())
                .isEqualTo("s3://acme-result-data-bucket-md4-api");
        assertThat(stack.at("/function/Code/ImageUri").asText()).endsWith("/brigade:v1");
        assertThat(stack.at("/rule/detail/bucket/name/0").asText()).isEqualTo("acme-raw-data-bucket-md4-api");
        assertThat(stack.at("/targets/0/Arn").asText())
                .isEqualTo(function.path("FunctionArn").asText());
        assertThat(stack.at("/subscriptions/0/Endpoint").asText()).isEqualTo("ana@example.com");
    }
}
