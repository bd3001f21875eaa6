package io.bucketbrigade.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.SplittableRandom;

/** A shop's three files as its analysts get them, and the products: nine in ten shipments arrived, one in fifty left late. */
final class OrdersData {
    static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

    private static final int PRODUCTS = 10_000;
    private static final int DAYS = 1_000;

    private OrdersData() {}

    /** So many orders, with as many shipments, and so many reviews. */
    static Path files(Path data, int orders, int reviews) throws IOException {
        Path folder = data.resolve("orders-" + orders);
        Path done = folder.resolve(".complete");
        if (Files.exists(done)) {
            return folder;
        }
        Files.createDirectories(folder);
        SplittableRandom random = new SplittableRandom(8);
        try (Writer products = writer(folder, "dim_products.csv")) {
            products.write("product_id,product_category,product_name\n");
            for (int product = 1; product <= PRODUCTS; product++) {
                products.write(product + ",Category " + product % 40 + ",Product " + product + "\n");
            }
        }
        try (Writer out = writer(folder, "orders.csv");
                Writer shipments = writer(folder, "shipment_deliveries.csv")) {
            out.write("order_id,customer_id,order_date,product_id,unit_price,quantity,total_price\n");
            shipments.write("shipment_id,order_id,shipment_date,delivery_date\n");
            for (int order = 1; order <= orders; order++) {
                LocalDate day = TODAY.minusDays(1 + random.nextInt(DAYS));
                int cents = 100 + random.nextInt(50_000);
                int quantity = 1 + random.nextInt(5);
                out.write(order + "," + random.nextInt(1_000_000) + "," + day + "," + product(random) + "," + price(cents)
                        + "," + quantity + "," + price(cents * quantity) + "\n");
                shipments.write((10_000_000 + order) + "," + order + "," + shipped(random, day) + "\n");
            }
        }
        try (Writer out = writer(folder, "reviews.csv")) {
            out.write("review,product_id\n");
            for (int review = 0; review < reviews; review++) {
                out.write(1 + random.nextInt(5) + "," + product(random) + "\n");
            }
        }
        Files.writeString(done, "");
        return folder;
    }

    private static String shipped(SplittableRandom random, LocalDate ordered) {
        int chance = random.nextInt(100);
        if (chance < 90) {
            LocalDate shipped = ordered.plusDays(1 + random.nextInt(8));
            return shipped + "," + shipped.plusDays(1 + random.nextInt(5));
        }
        return chance < 95 ? ordered.plusDays(1 + random.nextInt(10)) + "," : ",";
    }

    /** Some are bought much more often than others. */
    private static int product(SplittableRandom random) {
        return 1 + random.nextInt(1 + random.nextInt(PRODUCTS));
    }

    private static String price(int cents) {
        return cents / 100 + "." + cents % 100 / 10 + cents % 10;
    }

    private static Writer writer(Path folder, String file) throws IOException {
        return new BufferedWriter(Files.newBufferedWriter(folder.resolve(file)), 1 << 16);
    }
}
