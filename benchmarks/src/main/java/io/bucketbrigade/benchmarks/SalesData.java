package io.bucketbrigade.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

/**
 * Sales like those of the UCI data set: invoices of some 20 lines, 4000 products of which few sell often, 4000 customers, a quarter of the
 * invoices without one, cancellations, and two years of working days. Besides the file as a shop has it, the same rows as psql can copy
 * them into the tables.
 */
final class SalesData {
    private static final int PRODUCTS = 4000;
    private static final int CUSTOMERS = 4000;
    private static final int LINES = 20;
    private static final int DAYS = 730;
    private static final LocalDateTime FIRST = LocalDateTime.of(2023, 1, 2, 8, 0);
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("M/d/yyyy H:mm", Locale.ROOT);
    /** The number of the source that psql gives its rows. */
    static final int SOURCE = 999;

    private final Random random = new Random(17);
    private final String[] descriptions = new String[PRODUCTS];
    private final String[] prices = new String[PRODUCTS];

    private SalesData() {
        String[] words = {"WHITE", "HANGING", "HEART", "T-LIGHT", "HOLDER", "METAL", "LANTERN", "CREAM", "CUPID", "RED", "WOOLLY", "SET OF 6"};
        for (int product = 0; product < PRODUCTS; product++) {
            descriptions[product] = words[random.nextInt(words.length)] + " " + words[random.nextInt(words.length)] + " "
                    + words[random.nextInt(words.length)] + " " + product;
            prices[product] = String.format(Locale.ROOT, "%d.%02d", random.nextInt(15), random.nextInt(100));
        }
    }

    /** The folder with sales.csv, lines.csv and facts.csv, which are made if they are not there. */
    static Path files(Path data, long rows) throws IOException {
        Path folder = data.resolve("sales-" + rows);
        if (!Files.exists(folder.resolve("done"))) {
            Files.createDirectories(folder);
            new SalesData().write(folder, rows);
            Files.writeString(folder.resolve("done"), "");
        }
        return folder;
    }

    private void write(Path folder, long rows) throws IOException {
        long invoices = rows / LINES;
        try (BufferedWriter sales = Files.newBufferedWriter(folder.resolve("sales.csv"));
                BufferedWriter lines = Files.newBufferedWriter(folder.resolve("lines.csv"));
                BufferedWriter facts = Files.newBufferedWriter(folder.resolve("facts.csv"))) {
            sales.write("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n");
            long row = 0;
            for (long invoice = 0; row < rows; invoice++) {
                boolean isCancellation = random.nextInt(50) == 0;
                String number = (isCancellation ? "C" : "") + (1_000_000 + invoice);
                long minutes = Math.min(invoice, invoices - 1) * DAYS * 9 * 60 / Math.max(1, invoices);
                LocalDateTime time = FIRST.plusDays(minutes / (9 * 60)).plusMinutes(minutes % (9 * 60));
                String customer = random.nextInt(4) == 0 ? "" : Integer.toString(12_000 + skewed(CUSTOMERS));
                String country = random.nextInt(10) == 0 ? "France" : "United Kingdom";
                int count = (int) Math.min(rows - row, 1 + random.nextInt(2 * LINES - 1));
                for (int line = 0; line < count; line++, row++) {
                    int product = skewed(PRODUCTS);
                    String code = (20_000 + product) + (product % 5 == 0 ? "A" : "");
                    int quantity = (1 + random.nextInt(12)) * (isCancellation ? -1 : 1);
                    String middle = code + "," + descriptions[product] + "," + quantity + ",";
                    String end = "," + prices[product] + "," + customer + "," + country + "\n";
                    sales.write(number + "," + middle + WRITTEN.format(time) + end);
                    String place = SOURCE + "," + (row + 2) + ",";
                    lines.write(number + "," + place + middle + time + end);
                    long cents = Long.parseLong(prices[product].replace(".", "")) * quantity;
                    String amount = (cents < 0 ? "-" : "") + Math.abs(cents) / 100 + "."
                            + String.format(Locale.ROOT, "%02d", Math.abs(cents) % 100);
                    facts.write(place + number + "," + code + "," + customer + "," + country + "," + time.toLocalDate()
                            + "," + time + "," + quantity + "," + prices[product] + "," + amount + "," + !isCancellation
                            + "\n");
                }
            }
        }
    }

    /** Low numbers come far more often than high ones. */
    private int skewed(int most) {
        double one = random.nextDouble();
        return (int) (most * one * one * one);
    }
}
