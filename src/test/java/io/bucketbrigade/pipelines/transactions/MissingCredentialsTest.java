package io.bucketbrigade.pipelines.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bucketbrigade.support.TestService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class MissingCredentialsTest {
    /** If the tests run on a machine at AWS, its role would be found. */
    @BeforeAll
    static void hideTheRoleOfThisMachine() {
        System.setProperty("aws.disableEc2Metadata", "true");
    }

    @Test
    void without_credentials_for_DynamoDB_and_Redshift_rows_are_accepted_and_health_says_what_is_missing(
            @TempDir Path folder) throws Exception {
        try (TestService service = new TestService(
                folder,
                Map.of(
                        "TRANSACTIONS_STORE", "dynamodb",
                        "TRANSACTIONS_WAREHOUSE", "redshift",
                        "TRANSACTIONS_REDSHIFT_WORKGROUP", "analysts",
                        "TRANSACTIONS_REDSHIFT_STAGING", "s3://sales/staging",
                        "TRANSACTIONS_REDSHIFT_AGE", "1s",
                        "AWS_REGION", "eu-central-1"))) {
            HttpResponse<String> sent = service.post(
                    "/transactions",
                    "{\"InvoiceNo\":\"1\",\"StockCode\":\"a\",\"Quantity\":1,\"InvoiceDate\":\"2011-05-01\",\"UnitPrice\":2}",
                    "Content-Type",
                    "application/json");
            assertThat(sent.body()).contains("\"accepted\":1");
            String advice =
                    ". Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, put them into ~/.aws/credentials, or give this machine a role.";
            HttpResponse<String> health = await().atMost(Duration.ofSeconds(30))
                    .until(
                            () -> service.get("/observe/health"),
                            found -> found.body()
                                            .contains(
                                                    "transactions-store: There are no AWS credentials for the DynamoDB table"
                                                            + " brigade-transactions" + advice)
                                    && found.body()
                                            .contains(
                                                    "transactions-redshift: There are no AWS credentials for the Redshift database"
                                                            + " dev of the workgroup analysts" + advice));
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.body())
                    .startsWith("{\"status\":\"DEGRADED\"")
                    .doesNotContain("DOWN", "Consumer", "region");
        }
    }
}
