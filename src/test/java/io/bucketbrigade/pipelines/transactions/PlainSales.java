package io.bucketbrigade.pipelines.transactions;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The twin of the store: what a file of sales adds up to, in the plainest way. */
public final class PlainSales {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("M/d/yyyy H:mm");
    private static final DateTimeFormatter HOUR = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH");
    private static final int DAY_LENGTH = "yyyy-MM-dd".length();

    /** All lines of an invoice, in the order of {@link #lines}. */
    private final Map<String, List<NamedCsvRecord>> invoices = new TreeMap<>();

    public PlainSales(Path file, Charset charset) throws IOException {
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file, charset)) {
            rows.forEach(row -> invoices.computeIfAbsent(row.getField("InvoiceNo"), invoice -> new ArrayList<>())
                    .add(row));
        }
    }

    private static BigDecimal amount(NamedCsvRecord line) {
        return new BigDecimal(line.getField("UnitPrice")).multiply(new BigDecimal(line.getField("Quantity")));
    }

    private static BigDecimal total(List<NamedCsvRecord> lines) {
        return lines.stream().map(PlainSales::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    /** A number without zeros at its end. */
    public static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static String customer(List<NamedCsvRecord> lines) {
        return lines.stream()
                .map(line -> line.getField("CustomerID").replaceFirst("\\.0$", ""))
                .filter(customer -> !customer.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Each invoice as {@link #INVOICES} shows it. */
    public String invoices() {
        return invoices.entrySet().stream()
                .map(invoice -> String.join(
                        " ",
                        invoice.getKey(),
                        customer(invoice.getValue()),
                        Integer.toString(invoice.getValue().size()),
                        quantity(invoice.getValue()),
                        plain(total(invoice.getValue()))))
                .collect(Collectors.joining("\n"));
    }

    /** Each customer as {@link #CUSTOMERS} shows it. */
    public String customers() {
        Map<String, List<List<NamedCsvRecord>>> byCustomer = invoices.values().stream()
                .filter(lines -> !customer(lines).isEmpty())
                .collect(Collectors.groupingBy(PlainSales::customer, TreeMap::new, Collectors.toList()));
        return byCustomer.entrySet().stream()
                .map(customer -> customer.getKey() + " " + customer.getValue().size() + " "
                        + plain(customer.getValue().stream()
                                .map(PlainSales::total)
                                .reduce(BigDecimal.ZERO, BigDecimal::add)))
                .collect(Collectors.joining("\n"));
    }

    /** All lines as {@link #LINES} shows them, in the order of the file within each invoice. */
    public String lines() {
        return invoices.values().stream()
                .flatMap(List::stream)
                .map(line -> String.join(
                        " ",
                        line.getField("InvoiceNo"),
                        line.getField("StockCode"),
                        line.getField("Description"),
                        line.getField("Quantity"),
                        plain(new BigDecimal(line.getField("UnitPrice")))))
                .collect(Collectors.joining("\n"));
    }

    /** Whether a line counts as a sale: neither on a cancellation or adjustment, nor with a negative quantity or price. */
    static boolean isOfSale(String invoice) {
        return !invoice.matches("[CAca][0-9].*");
    }

    private static boolean isSale(NamedCsvRecord line) {
        return isOfSale(line.getField("InvoiceNo"))
                && Long.parseLong(line.getField("Quantity")) > 0
                && new BigDecimal(line.getField("UnitPrice")).signum() >= 0;
    }

    private static String quantity(List<NamedCsvRecord> lines) {
        return Long.toString(lines.stream()
                .mapToLong(line -> Long.parseLong(line.getField("Quantity")))
                .sum());
    }

    private static List<NamedCsvRecord> sales(List<NamedCsvRecord> lines) {
        return lines.stream().filter(PlainSales::isSale).toList();
    }

    /** The hour of a date such as 12/1/2010 8:26. */
    private static String hour(NamedCsvRecord line) {
        return LocalDateTime.parse(line.getField("InvoiceDate"), DATE).format(HOUR);
    }

    private Map<String, List<NamedCsvRecord>> by(Function<NamedCsvRecord, String> group) {
        return invoices.values().stream()
                .flatMap(List::stream)
                .collect(Collectors.groupingBy(group, TreeMap::new, Collectors.toList()));
    }

    /** All totals of the warehouse as {@link #ROLLUPS} shows them. */
    public String rollups() {
        List<String> all = new ArrayList<>();
        invoices.forEach((invoice, lines) -> all.add(String.join(
                " ",
                "invoice",
                invoice,
                customer(lines),
                quantity(lines),
                plain(total(sales(lines))),
                plain(total(lines)))));
        by(PlainSales::hour)
                .forEach((hour, lines) -> all.add(String.join(
                        " ",
                        "hour",
                        hour,
                        Integer.toString(lines.size()),
                        quantity(lines),
                        plain(total(sales(lines))),
                        plain(total(lines)))));
        for (String period : List.of("day", "product-hour")) {
            by(line -> String.join(
                            " ",
                            period.equals("day") ? hour(line).substring(0, DAY_LENGTH) : hour(line),
                            line.getField("StockCode")))
                    .forEach((product, lines) -> {
                        List<NamedCsvRecord> sales = sales(lines);
                        if (!sales.isEmpty()) {
                            all.add(String.join(" ", period, product, quantity(sales), plain(total(sales))));
                        }
                    });
        }
        return all.stream().sorted().collect(Collectors.joining("\n"));
    }

    public static final String ROLLUPS = """
            SELECT string_agg(line, E'\\n' ORDER BY line COLLATE "C") FROM (
                SELECT concat_ws(' ', 'invoice', invoice_no, coalesce(customer_id, ''), quantity, trim_scale(gross), trim_scale(net))
                FROM warehouse.invoice_totals
                UNION ALL
                SELECT concat_ws(' ', 'hour', to_char(hour, 'YYYY-MM-DD"T"HH24'), lines, quantity, trim_scale(gross), trim_scale(net))
                FROM warehouse.sales_by_hour
                UNION ALL
                SELECT concat_ws(' ', 'day', day, stock_code, quantity, trim_scale(revenue)) FROM warehouse.product_by_day
                UNION ALL
                SELECT concat_ws(' ', 'product-hour', to_char(hour, 'YYYY-MM-DD"T"HH24'), stock_code, quantity, trim_scale(revenue))
                FROM warehouse.product_by_hour
            ) AS totals (line)
            """;

    public static final String INVOICES =
            "SELECT string_agg(concat_ws(' ', invoice_no, coalesce(customer_id, ''), lines, quantity,"
                    + " trim_scale(total)), E'\\n' ORDER BY invoice_no COLLATE \"C\") FROM transactions.invoices";

    public static final String CUSTOMERS =
            "SELECT string_agg(concat_ws(' ', customer_id, invoices, trim_scale(total)), E'\\n'"
                    + " ORDER BY customer_id COLLATE \"C\") FROM transactions.customers";

    public static final String LINES =
            "SELECT string_agg(concat_ws(' ', invoice_no, stock_code, coalesce(description, ''), quantity,"
                    + " trim_scale(unit_price)), E'\\n' ORDER BY invoice_no COLLATE \"C\", position) FROM transactions.invoice_lines";

    /** How many files of archives don't begin where the one before ends. */
    public static final String GAPS = "SELECT count(*) FROM (SELECT first, lag(last, 1, 0::bigint)"
            + " OVER (PARTITION BY stream, partition ORDER BY first) AS before FROM brigade.stream_archive) AS files"
            + " WHERE first <> before + 1";
}
