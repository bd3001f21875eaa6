package io.bucketbrigade.pipelines.orders;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each folder of samples/orders is named for its trap; what must come out of it was worked out by hand. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrdersSamplesTest {
    private OrdersService orders;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        orders = new OrdersService(folder, Map.of());
    }

    @AfterAll
    void stop() {
        orders.close();
    }

    static List<Path> samples() throws IOException {
        try (Stream<Path> folders = Files.list(OrdersService.SAMPLES)) {
            return folders.filter(Files::isDirectory).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void sample_comes_out_as_worked_out_by_hand(Path sample) throws Exception {
        long before = orders.lastRun().path("id").asLong();
        orders.service.execute("TRUNCATE if_common.dim_products, if_common.dim_dates, staging.orders, staging.reviews,"
                + " staging.shipment_deliveries");
        orders.replaceBySample(sample);
        orders.awaitPublished(before + 1);
        for (String result : List.of("agg_public_holiday", "agg_shipments", "best_performing_product")) {
            assertThat(orders.result("analytics_export/" + result + ".csv"))
                    .hasSameTextualContentAs(sample.resolve(result + ".expected.csv"));
        }
        for (String list : List.of("rejected", "warnings")) {
            Path expected = sample.resolve(list + ".expected.csv");
            if (Files.exists(expected)) {
                assertThat(orders.result(list + ".csv")).hasSameTextualContentAs(expected);
            } else {
                assertThat(orders.result(list + ".csv")).doesNotExist();
            }
        }
    }
}
