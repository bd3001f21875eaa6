package io.bucketbrigade.deploying;

import static io.bucketbrigade.deploying.CloudTemplate.elements;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.bucketbrigade.support.TestService;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FunctionTemplateTest {
    private static final String TOPIC = "[{\"Ref\":\"Notifications\"}]";

    private final CloudTemplate template;

    FunctionTemplateTest() throws IOException {
        template = new CloudTemplate(CloudTemplate.FUNCTION);
    }

    @Test
    void buckets_and_function_have_the_names_that_their_users_know() {
        assertThat(template.properties("Raw").at("/BucketName/Fn::Sub").asText())
                .isEqualTo("${UniqueName}-raw-data-bucket-md4-api");
        assertThat(template.properties("Result").at("/BucketName/Fn::Sub").asText())
                .isEqualTo("${UniqueName}-result-data-bucket-md4-api");
        assertThat(template.properties("Function").path("FunctionName").asText())
                .isEqualTo("aggregate-lambda-md4-api");
    }

    @Test
    void both_buckets_are_encrypted_and_closed_to_the_public() {
        assertThat(template.ofType("AWS::S3::Bucket")).hasSize(2).allSatisfy(name -> {
            JsonNode bucket = template.properties(name);
            assertThat(bucket.path("PublicAccessBlockConfiguration"))
                    .hasSize(4)
                    .allSatisfy(blocked -> assertThat(blocked.asBoolean()).isTrue());
            assertThat(bucket.path("OwnershipControls").toString()).contains("BucketOwnerEnforced");
            assertThat(bucket.path("BucketEncryption").toString()).contains("\"SSEAlgorithm\":\"AES256\"");
        });
        assertThat(template.ofType("AWS::S3::BucketPolicy")).isEmpty();
    }

    @Test
    void changes_of_the_inputs_call_the_function() {
        assertThat(template.properties("Raw")
                        .at("/NotificationConfiguration/EventBridgeConfiguration/EventBridgeEnabled")
                        .asBoolean())
                .isTrue();
        JsonNode pattern = template.properties("Changes").path("EventPattern");
        assertThat(pattern.at("/detail/bucket/name").toString()).isEqualTo("[{\"Ref\":\"Raw\"}]");
        assertThat(pattern.at("/detail/object/key").toString()).isEqualTo("[\"messages.csv\",\"users.csv\"]");
        assertThat(template.properties("Changes")
                        .at("/Targets/0/Arn/Fn::GetAtt")
                        .asText())
                .isEqualTo("Function.Arn");
        JsonNode permission = template.properties("MayCall");
        assertThat(permission.path("Principal").asText()).isEqualTo("events.amazonaws.com");
        assertThat(permission.at("/SourceArn/Fn::GetAtt").asText()).isEqualTo("Changes.Arn");
    }

    @Test
    void what_fails_each_time_is_kept_and_raises_an_alarm() {
        JsonNode calls = template.properties("Calls");
        assertThat(calls.at("/DestinationConfig/OnFailure/Destination/Fn::GetAtt")
                        .asText())
                .isEqualTo("DeadLetters.Arn");
        assertThat(calls.path("MaximumRetryAttempts").asInt()).isEqualTo(2);
        assertThat(template.properties("Changes")
                        .at("/Targets/0/DeadLetterConfig/Arn/Fn::GetAtt")
                        .asText())
                .isEqualTo("DeadLetters.Arn");
        assertThat(template.properties("DeadLettersPolicy").at("/PolicyDocument/Statement"))
                .singleElement()
                .satisfies(statement -> {
                    assertThat(statement.at("/Principal/Service").asText()).isEqualTo("events.amazonaws.com");
                    assertThat(statement.path("Condition").toString()).contains("Changes.Arn");
                });
        JsonNode alarm = template.properties("FailedCalls");
        assertThat(alarm.at("/Dimensions/0/Value/Fn::GetAtt").asText()).isEqualTo("DeadLetters.QueueName");
        assertThat(alarm.path("AlarmActions").toString()).isEqualTo(TOPIC);
    }

    @Test
    void inputs_that_cannot_be_used_raise_an_alarm() throws IOException {
        JsonNode alarm = template.properties("UnusableInputs");
        String metric = Files.readString(
                TestService.HOME.resolve("src/main/java/io/bucketbrigade/lambda/FailureListener.java"));
        assertThat(metric)
                .contains("\"" + alarm.path("Namespace").asText() + "\"")
                .contains("\"" + alarm.path("MetricName").asText() + "\"")
                .contains("\"" + alarm.at("/Dimensions/0/Name").asText() + "\"");
        assertThat(alarm.at("/Dimensions/0/Value").asText())
                .isEqualTo(template.properties("Function").path("FunctionName").asText());
        assertThat(alarm.path("AlarmActions").toString()).isEqualTo(TOPIC);
    }

    @Test
    void the_log_is_kept_for_a_bounded_time() {
        assertThat(template.properties("Log").at("/RetentionInDays/Ref").asText())
                .isEqualTo("LogDays");
        assertThat(template.properties("Function")
                        .at("/LoggingConfig/LogGroup/Ref")
                        .asText())
                .isEqualTo("Log");
    }

    @Test
    void the_function_may_do_no_more_than_it_does() {
        JsonNode role = template.properties("Role");
        assertThat(role.has("ManagedPolicyArns")).isFalse();
        Set<String> actions = new TreeSet<>();
        for (JsonNode statement : role.at("/Policies/0/PolicyDocument/Statement")) {
            elements(statement.path("Action")).forEach(action -> actions.add(action.asText()));
            assertThat(statement.path("Resource").toString()).doesNotContain("*");
        }
        assertThat(role.path("Policies")).hasSize(1);
        assertThat(actions)
                .containsExactly(
                        "logs:CreateLogStream",
                        "logs:PutLogEvents",
                        "s3:DeleteObject",
                        "s3:GetObject",
                        "s3:ListBucket",
                        "s3:PutObject",
                        "sns:Publish",
                        "sqs:SendMessage");
        assertThat(objects("s3:GetObject"))
                .containsExactlyInAnyOrder(
                        "${Raw.Arn}/messages.csv",
                        "${Raw.Arn}/users.csv",
                        "${Result.Arn}/pipeline_result.csv",
                        "${Result.Arn}/rejected.csv",
                        "${Result.Arn}/pipeline_result.failure.json");
        assertThat(objects("s3:PutObject")).noneMatch(object -> object.startsWith("${Raw"));
        assertThat(objects("s3:DeleteObject")).containsExactly("${Result.Arn}/pipeline_result.failure.json");
    }

    private List<String> objects(String action) {
        return elements(template.properties("Role").at("/Policies/0/PolicyDocument/Statement")).stream()
                .filter(statement -> statement.path("Action").toString().contains("\"" + action + "\""))
                .flatMap(statement -> elements(statement.path("Resource")).stream())
                .map(resource -> resource.path("Fn::Sub").asText())
                .toList();
    }

    @Test
    void the_image_starts_as_a_function() {
        JsonNode config = template.properties("Function").path("ImageConfig");
        assertThat(config.at("/EntryPoint/0").asText()).isEqualTo("/app/lambda");
        assertThat(TestService.HOME.resolve("deploy/image/lambda")).isExecutable();
    }
}
