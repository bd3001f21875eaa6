package io.bucketbrigade.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Sales like those of an online shop: invoices of 1 to 40 lines, 4000 products of which few sell most, 4000 customers, a quarter of the invoices
 * without one, one in fifty cancelled, times that go on: those of a year, or those at which a live shop would send them.
 */
final class SentSales {
    /** The columns, as in a file. */
    static final String HEAD = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";

    private static final String[] COUNTRIES = {"United Kingdom", "Germany", "France", "EIRE", "Spain"};
    private static final LocalDateTime FIRST = LocalDateTime.of(2011, 1, 1, 0, 0);
    private static final long SECONDS_OF_A_YEAR = 365 * 24 * 60 * 60L;

    private final Random random = new Random(17);
    private final double secondsPerRow;
    private final int firstInvoice;
    private int invoice;
    private int linesLeft;
    private boolean isCancelled;
    private String customer = "";
    private String country = "";
    private String time = "";
    private LocalDateTime at = FIRST;
    private long made;

    /**
     * @param all how many rows will be taken, over which the times of a year are spread
     * @param firstInvoice the number of the first invoice
     */
    SentSales(long all, int firstInvoice) {
        this((double) SECONDS_OF_A_YEAR / all, firstInvoice);
    }

    private SentSales(double secondsPerRow, int firstInvoice) {
        this.secondsPerRow = secondsPerRow;
        this.firstInvoice = firstInvoice;
        this.invoice = firstInvoice;
    }

    /** The next line, as values in the order of the columns. */
    String[] next() {
        if (linesLeft == 0) {
            invoice++;
            linesLeft = 1 + random.nextInt(40);
            isCancelled = random.nextInt(50) == 0;
            customer = random.nextInt(4) == 0 ? "" : Integer.toString(12_000 + random.nextInt(4000));
            country = COUNTRIES[random.nextInt(10) < 8 ? 0 : 1 + random.nextInt(4)];
            at = FIRST.plusSeconds((long) (made * secondsPerRow)).truncatedTo(ChronoUnit.MINUTES);
            time = at.getMonthValue() + "/" + at.getDayOfMonth() + "/" + at.getYear() + " " + at.getHour() + ":"
                    + (at.getMinute() < 10 ? "0" : "") + at.getMinute();
        }
        linesLeft--;
        made++;
        int product = (int) (4000 * Math.pow(random.nextDouble(), 2.5));
        int quantity = 1 + random.nextInt(24);
        return new String[] {
            (isCancelled ? "C" : "") + invoice,
            Integer.toString(20_000 + product) + (product % 7 == 0 ? "A" : ""),
            "WHITE HANGING HEART T-LIGHT HOLDER No " + product,
            Integer.toString(isCancelled ? -quantity : quantity),
            time,
            (1 + product % 12) + "." + (product % 10) + "5",
            customer,
            country
        };
    }

    /** When the latest line was sold. */
    LocalDateTime at() {
        return at;
    }

    /** Whether the latest line belongs to a cancellation. */
    boolean isCancelled() {
        return isCancelled;
    }

    /** How many invoices were begun. */
    int invoices() {
        return invoice - firstInvoice;
    }

    /** A line as a JSON object. */
    static String json(String[] line) {
        return "{\"InvoiceNo\":\"" + line[0] + "\",\"StockCode\":\"" + line[1] + "\",\"Description\":\"" + line[2] + "\",\"Quantity\":"
                + line[3] + ",\"InvoiceDate\":\"" + line[4] + "\",\"UnitPrice\":" + line[5] + ",\"CustomerID\":"
                + (line[6].isEmpty() ? "null" : "\"" + line[6] + "\"") + ",\"Country\":\"" + line[7] + "\"}";
    }

    /** Rows as JSON objects, whose times are spread over a year. */
    static List<String> jsonRows(int rows, int firstInvoice) {
        return jsonRows(rows, new SentSales(rows, firstInvoice));
    }

    /** Rows as JSON objects, as a shop has them that sells that many a second. */
    static List<String> liveRows(int rows, int perSecond, int firstInvoice) {
        return jsonRows(rows, new SentSales(1.0 / perSecond, firstInvoice));
    }

    private static List<String> jsonRows(int rows, SentSales sales) {
        List<String> json = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            json.add(json(sales.next()));
        }
        return json;
    }

    /** A CSV file with that many rows, made if it isn't there. */
    static Path csv(Path file, long rows, int firstInvoice) {
        if (Files.exists(file)) {
            return file;
        }
        Path beside = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(file.getParent());
            try (Writer writer = Files.newBufferedWriter(beside)) {
                writer.write(HEAD + "\n");
                SentSales sales = new SentSales(rows, firstInvoice);
                for (long row = 0; row < rows; row++) {
                    writer.write(String.join(",", sales.next()) + "\n");
                }
            }
            return Files.move(beside, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
