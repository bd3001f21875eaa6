package io.bucketbrigade.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file of sales as a shop has it, and the same rows as psql can copy them into the tables. */
final class SalesData {
    /** The number of the source that psql gives its rows. */
    static final int SOURCE = 999;

    private static final int FIRST_INVOICE = 1_000_000;

    private SalesData() {}

    /** The folder with sales.csv, lines.csv and facts.csv, which are made if they are not there. */
    static Path files(Path data, long rows) throws IOException {
        Path folder = data.resolve("bulk-" + rows);
        if (!Files.exists(folder.resolve("done"))) {
            Files.createDirectories(folder);
            write(folder, rows);
            Files.writeString(folder.resolve("done"), "");
        }
        return folder;
    }

    private static void write(Path folder, long rows) throws IOException {
        SentSales made = new SentSales(rows, FIRST_INVOICE);
        try (BufferedWriter sales = Files.newBufferedWriter(folder.resolve("sales.csv"));
                BufferedWriter lines = Files.newBufferedWriter(folder.resolve("lines.csv"));
                BufferedWriter facts = Files.newBufferedWriter(folder.resolve("facts.csv"))) {
            sales.write(SentSales.HEAD + "\n");
            for (long row = 0; row < rows; row++) {
                String[] line = made.next();
                sales.write(String.join(",", line) + "\n");
                String invoice = line[0];
                String code = line[1];
                String quantity = line[3];
                String price = line[5];
                String customer = line[6];
                String country = line[7];
                String place = SOURCE + "," + (row + 2);
                lines.write(String.join(
                        ",", invoice, place, code, line[2], quantity, made.at().toString(), price, customer, country + "\n"));
                BigDecimal amount = new BigDecimal(price).multiply(new BigDecimal(quantity));
                facts.write(String.join(
                        ",",
                        place,
                        invoice,
                        code,
                        customer,
                        country,
                        made.at().toLocalDate().toString(),
                        made.at().toString(),
                        quantity,
                        price,
                        amount.toPlainString(),
                        !made.isCancelled() + "\n"));
            }
        }
    }
}
