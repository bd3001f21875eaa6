package io.bucketbrigade.pipelines.orders;

import static org.assertj.core.api.Assertions.assertThat;

import io.bucketbrigade.pipelines.orders.PlainAnalytics.Order;
import io.bucketbrigade.pipelines.orders.PlainAnalytics.Review;
import io.bucketbrigade.pipelines.orders.PlainAnalytics.Shipment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The SQL beside its plain twin, on generated files that crowd around every border. */
@Tag("slow")
class OrdersTwinTest {
    private static final LocalDate TODAY = LocalDate.parse(OrdersService.TODAY);
    private static final int FILES = Integer.getInteger("orders.files", 12);

    @TempDir
    private Path folder = Path.of("");

    private final List<Order> orders = new ArrayList<>();
    private final List<Review> reviews = new ArrayList<>();
    private final List<Shipment> shipments = new ArrayList<>();
    private final Set<LocalDate> holidays = new TreeSet<>();

    private void generate(SplittableRandom random) {
        orders.clear();
        reviews.clear();
        shipments.clear();
        int products = 1 + random.nextInt(4);
        int count = 1 + random.nextInt(60);
        for (int id = 1; id <= count; id++) {
            orders.add(new Order(id, day(random), 1 + random.nextInt(products)));
        }
        for (int id = random.nextInt(count * 2); id > 0; id--) {
            Order order = orders.get(random.nextInt(count));
            LocalDate shipped = random.nextInt(3) == 0 ? null : order.date().plusDays(4 + random.nextInt(4));
            LocalDate delivered = random.nextInt(2) == 0 ? null : order.date().plusDays(9);
            shipments.add(new Shipment(order.id(), shipped, delivered));
        }
        for (int left = random.nextInt(8); left > 0; left--) {
            long product = orders.get(random.nextInt(count)).product();
            reviews.add(new Review(1 + random.nextInt(5), product));
        }
    }

    /** Near today, near a year ago, near fifteen days ago, or anywhere; often a holiday. */
    private LocalDate day(SplittableRandom random) {
        return switch (random.nextInt(5)) {
            case 0 -> TODAY.minusDays(random.nextInt(3) - 1L);
            case 1 -> TODAY.minusYears(1).minusDays(random.nextInt(3) - 1L);
            case 2 -> TODAY.minusDays(14L + random.nextInt(3));
            case 3 -> new ArrayList<>(holidays).get(random.nextInt(holidays.size()));
            default -> TODAY.minusDays(random.nextInt(800));
        };
    }

    private static String text(@Nullable LocalDate day) {
        return day == null ? "" : day.toString();
    }

    private Map<String, byte[]> files() {
        StringBuilder order =
                new StringBuilder("order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n");
        orders.forEach(one -> order.append(one.id() + ",1," + one.date() + "," + one.product() + ",1.50,2,3.00\n"));
        StringBuilder review = new StringBuilder("review,product_id\n");
        reviews.forEach(one -> review.append(one.stars() + "," + one.product() + "\n"));
        StringBuilder shipment = new StringBuilder("shipment_id,order_id,shipment_date,delivery_date\n");
        int id = 0;
        for (Shipment one : shipments) {
            shipment.append(++id + "," + one.order() + "," + text(one.shipped()) + "," + text(one.delivered()) + "\n");
        }
        return Map.of(
                "orders.csv", order.toString().getBytes(StandardCharsets.UTF_8),
                "reviews.csv", review.toString().getBytes(StandardCharsets.UTF_8),
                "shipment_deliveries.csv", shipment.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String row(Path export) throws IOException {
        List<String> lines = Files.readAllLines(export);
        return lines.size() < 2 ? "" : lines.get(1);
    }

    @Test
    void sql_and_loops_find_the_same() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int holiday = 0; holiday < 40; holiday++) {
            holidays.add(TODAY.minusDays(random.nextInt(420) - 10L));
        }
        holidays.addAll(List.of(
                TODAY,
                TODAY.minusDays(1),
                TODAY.minusYears(1),
                TODAY.minusYears(1).minusDays(1)));
        Path list = folder.resolve("holidays.txt");
        Files.writeString(
                list,
                String.join("\n", holidays.stream().map(LocalDate::toString).toList()) + "\n");
        try (OrdersService service = new OrdersService(folder, Map.of("ORDERS_HOLIDAYS", list.toString()))) {
            for (int run = 1; run <= FILES; run++) {
                generate(random);
                service.replaceBy(files());
                service.awaitPublished(run);
                PlainAnalytics plain = new PlainAnalytics(orders, reviews, shipments, holidays, TODAY);
                Path exports = service.result("analytics_export");
                assertThat(row(exports.resolve("agg_public_holiday.csv")))
                        .as("seed %d, file %d", seed, run)
                        .isEqualTo(plain.publicHoliday());
                assertThat(row(exports.resolve("agg_shipments.csv")))
                        .as("seed %d, file %d", seed, run)
                        .isEqualTo(plain.shipments());
                assertThat(row(exports.resolve("best_performing_product.csv")))
                        .as("seed %d, file %d", seed, run)
                        .isEqualTo(plain.bestProduct());
            }
        }
    }
}
