package io.bucketbrigade.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.settings.SettingsCheck;
import io.bucketbrigade.settings.SettingsLoader;
import io.bucketbrigade.support.TestService;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarehouseKindTest {
    private static final String STAGING = "TRANSACTIONS_REDSHIFT_STAGING";
    private static final String WORKGROUP = "TRANSACTIONS_REDSHIFT_WORKGROUP";
    private static final String CLUSTER = "TRANSACTIONS_REDSHIFT_CLUSTER";

    /** What is said of the settings that can't be used. */
    private static String wrong(Path folder, Map<String, String> redshift) {
        Map<String, String> environment = new HashMap<>(redshift);
        environment.put("TRANSACTIONS_WAREHOUSE", "redshift");
        return SettingsCheck.wrong(SettingsLoader.load(TestService.HOME, folder, environment, Map.of()))
                .values()
                .toString();
    }

    @Test
    void redshift_needs_a_bucket_and_either_a_workgroup_or_a_cluster(@TempDir Path folder) {
        assertThat(wrong(folder, Map.of(STAGING, "s3://sales/staging", WORKGROUP, "analysts")))
                .isEqualTo("[]");
        assertThat(wrong(folder, Map.of(STAGING, "s3://sales", CLUSTER, "analysts")))
                .isEqualTo("[]");
        assertThat(wrong(folder, Map.of(WORKGROUP, "analysts")))
                .contains("TRANSACTIONS_WAREHOUSE", "Set TRANSACTIONS_REDSHIFT_STAGING, such as s3://sales/staging.");
        assertThat(wrong(folder, Map.of(STAGING, "s3://sales")))
                .contains("the name either of a workgroup or of a cluster");
        assertThat(wrong(folder, Map.of(STAGING, "s3://sales", WORKGROUP, "a", CLUSTER, "b")))
                .contains("the name either of a workgroup or of a cluster");
    }

    @Test
    void what_becomes_a_part_of_SQL_is_checked(@TempDir Path folder) {
        assertThat(wrong(folder, Map.of(STAGING, "/tmp/staging", WORKGROUP, "a")))
                .contains("s3://bucket/prefix");
        assertThat(wrong(folder, Map.of(STAGING, "s3://sales/it's", WORKGROUP, "a")))
                .contains("s3://bucket/prefix");
        assertThat(wrong(folder, Map.of(STAGING, "s3://sales", WORKGROUP, "a", "TRANSACTIONS_REDSHIFT_SCHEMA", "a;b")))
                .contains("the name of a schema");
        assertThat(wrong(folder, Map.of(STAGING, "s3://sales", WORKGROUP, "a", "TRANSACTIONS_REDSHIFT_ROLE", "admin")))
                .contains("the ARN of a role");
    }
}
