package io.bucketbrigade.deploying;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Stacks of the template, created in moto. It makes neither secrets, queue policies, alarms, budgets nor the settings of public
 * access; those are checked in the template itself.
 */
@Tag("slow")
class ServiceStackTest {
    @BeforeAll
    static void moto_is_there() throws InterruptedException {
        assumeTrue(MotoStack.isPossible(), "python3 has no modules moto and boto3");
    }

    private static JsonNode created(String... values) throws InterruptedException {
        return MotoStack.created(CloudTemplate.SERVICE, values);
    }

    @Test
    void a_first_stack_has_all_but_a_running_task() throws Exception {
        JsonNode stack = created("UniqueName=acme", "Mail=ana@example.com");

        assertThat(stack.path("status").asText()).isEqualTo("CREATE_COMPLETE");
        assertThat(stack.path("buckets")).hasSize(9).allSatisfy(bucket -> {
            assertThat(bucket.path("encryption").asText()).isEqualTo("AES256");
            assertThat(bucket.path("name").asText()).startsWith("acme-");
        });
        assertThat(stack.path("buckets").findValuesAsText("name"))
                .contains("acme-raw-data-bucket-md4-api", "acme-result-data-bucket-md4-api");
        assertThat(stack.at("/rule/detail/bucket/name"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "acme-raw-data-bucket-md4-api",
                        "acme-stocks-source",
                        "acme-orders-raw",
                        "acme-city-requests-raw");
        assertThat(stack.at("/queue/RedrivePolicy").asText()).contains("DeadLetters");
        assertThat(stack.at("/database/PubliclyAccessible").asBoolean(true)).isFalse();
        assertThat(stack.at("/database/StorageEncrypted").asBoolean()).isTrue();
        assertThat(stack.at("/subscriptions/0/Endpoint").asText()).isEqualTo("ana@example.com");
        assertThat(stack.path("desired").asInt()).isZero();
        assertThat(stack.path("types")).extracting(JsonNode::asText).noneMatch(type -> type.contains("LoadBalancing"));
    }

    @Test
    void a_stack_with_an_image_and_a_certificate_runs_tasks_behind_https() throws Exception {
        JsonNode stack = created(
                "UniqueName=acme",
                "Mail=ana@example.com",
                "ImageTag=v1",
                "CertificateArn=new",
                "StocksSourceName=prices-of-acme");

        assertThat(stack.path("status").asText()).isEqualTo("CREATE_COMPLETE");
        assertThat(stack.path("desired").asInt()).isEqualTo(1);
        JsonNode container = stack.at("/task/containerDefinitions/0");
        assertThat(container.path("image").asText()).endsWith("/brigade:v1");
        assertThat(container.path("environment").toString())
                .contains("{\"name\":\"STOCKS_SOURCE\",\"value\":\"s3://prices-of-acme\"}");
        assertThat(stack.path("types"))
                .extracting(JsonNode::asText)
                .contains("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::LoadBalancer");
    }
}
