package io.bucketbrigade.pipelines.cityrequests;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.cli.CommandResult;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class CitySamplesTest {
    @Test
    void each_golden_sample_comes_out_as_worked_out_by_hand() {
        CommandResult samples = CommandResult.of(Map.of(), "test", "city-requests");
        assertThat(samples.out()).isEqualToNormalizingNewlines("16 samples: all as expected.\n");
    }
}
