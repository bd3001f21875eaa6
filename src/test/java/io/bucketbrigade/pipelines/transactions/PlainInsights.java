package io.bucketbrigade.pipelines.transactions;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The twin of the warehouse: the answers to business questions, computed from all rows in the plainest way, as lines of text. */
final class PlainInsights {
    private final List<Line> lines;

    private record Line(
            String invoice,
            String code,
            int quantity,
            LocalDateTime time,
            BigDecimal amount,
            boolean isSale,
            String customer,
            String country) {}

    PlainInsights(Path file, Charset charset, Predicate<LocalDateTime> wanted) throws IOException {
        try (CsvReader<NamedCsvRecord> rows = CsvReader.builder().ofNamedCsvRecord(file, charset);
                Stream<NamedCsvRecord> all = rows.stream()) {
            lines = all.map(PlainInsights::line)
                    .filter(line -> wanted.test(line.time()))
                    .toList();
        }
    }

    private static Line line(NamedCsvRecord row) {
        BigDecimal price = new BigDecimal(row.getField("UnitPrice"));
        int quantity = Integer.parseInt(row.getField("Quantity"));
        String invoice = row.getField("InvoiceNo");
        String time = row.getField("InvoiceDate");
        return new Line(
                invoice,
                row.getField("StockCode"),
                quantity,
                time.contains("/")
                        ? LocalDateTime.parse(time, DateTimeFormatter.ofPattern("M/d/yyyy H:mm", Locale.ROOT))
                        : LocalDateTime.parse(time.replace(' ', 'T')),
                price.multiply(BigDecimal.valueOf(quantity)),
                PlainSales.isOfSale(invoice) && quantity > 0 && price.signum() >= 0,
                row.getField("CustomerID").replaceFirst("\\.0$", ""),
                row.getField("Country"));
    }

    private static String period(Line line, String by) {
        String hour = line.time().format(DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:00", Locale.ROOT));
        return switch (by) {
            case "hour" -> hour;
            case "day" -> hour.substring(0, 10);
            case "month" -> hour.substring(0, 7);
            default -> hour.substring(0, 4);
        };
    }

    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static BigDecimal net(List<Line> of) {
        return of.stream().map(Line::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal gross(List<Line> of) {
        return net(of.stream().filter(Line::isSale).toList());
    }

    private static int quantity(List<Line> of) {
        return of.stream().mapToInt(Line::quantity).sum();
    }

    private static Map<String, List<Line>> by(List<Line> of, Function<Line, String> key) {
        return of.stream().collect(Collectors.groupingBy(key, TreeMap::new, Collectors.toList()));
    }

    List<String> sales(String by) {
        return by(lines, line -> period(line, by)).entrySet().stream()
                .map(period -> String.join(
                        "|",
                        period.getKey(),
                        Integer.toString(period.getValue().size()),
                        Integer.toString(quantity(period.getValue())),
                        plain(gross(period.getValue())),
                        plain(net(period.getValue()))))
                .toList();
    }

    List<String> averageSales() {
        return Stream.of("hour", "day", "month", "year")
                .map(by -> {
                    Map<String, List<Line>> periods = by(lines, line -> period(line, by));
                    BigDecimal count = BigDecimal.valueOf(periods.size());
                    return String.join(
                            "|",
                            by,
                            Integer.toString(periods.size()),
                            plain(gross(lines).divide(count, 2, RoundingMode.HALF_UP)),
                            plain(net(lines).divide(count, 2, RoundingMode.HALF_UP)));
                })
                .toList();
    }

    List<String> bestSellers(String by, String metric) {
        List<Line> sales = lines.stream().filter(Line::isSale).toList();
        return by(sales, line -> period(line, by)).entrySet().stream()
                .map(period -> {
                    Map<String, List<Line>> products = by(period.getValue(), Line::code);
                    Comparator<Map.Entry<String, List<Line>>> most =
                            Comparator.comparing(product -> metric.equals("revenue")
                                    ? net(product.getValue())
                                    : BigDecimal.valueOf(quantity(product.getValue())));
                    Map.Entry<String, List<Line>> best = products.entrySet().stream()
                            .min(most.reversed().thenComparing(Map.Entry.comparingByKey()))
                            .orElseThrow();
                    return String.join(
                            "|",
                            period.getKey(),
                            best.getKey(),
                            Integer.toString(quantity(best.getValue())),
                            plain(net(best.getValue())));
                })
                .toList();
    }

    private record Invoice(String number, String customer, String country, LocalDateTime time, List<Line> lines) {
        boolean isSale() {
            return PlainSales.isOfSale(number);
        }

        boolean isCancellation() {
            return number.startsWith("C");
        }
    }

    private List<Invoice> invoices() {
        return by(lines, Line::invoice).entrySet().stream()
                .map(invoice -> new Invoice(
                        invoice.getKey(),
                        first(invoice.getValue(), Line::customer),
                        first(invoice.getValue(), Line::country),
                        invoice.getValue().stream()
                                .map(Line::time)
                                .min(Comparator.naturalOrder())
                                .orElseThrow(),
                        invoice.getValue()))
                .toList();
    }

    private static String first(List<Line> of, Function<Line, String> field) {
        Optional<String> found =
                of.stream().map(field).filter(value -> !value.isEmpty()).findFirst();
        return found.orElse("");
    }

    List<String> highestInvoices(int limit) {
        Comparator<Invoice> highest =
                Comparator.comparing((Invoice invoice) -> net(invoice.lines())).reversed();
        return invoices().stream()
                .sorted(highest.thenComparing(Invoice::number))
                .limit(limit)
                .map(invoice -> String.join(
                        "|",
                        invoice.number(),
                        invoice.customer(),
                        Integer.toString(invoice.lines().size()),
                        plain(net(invoice.lines()))))
                .toList();
    }

    List<String> countries() {
        Map<String, List<Invoice>> countries =
                invoices().stream().collect(Collectors.groupingBy(Invoice::country, TreeMap::new, Collectors.toList()));
        Function<List<Invoice>, BigDecimal> revenue = of ->
                net(of.stream().flatMap(invoice -> invoice.lines().stream()).toList());
        return countries.entrySet().stream()
                .sorted(Comparator.comparing(
                                (Map.Entry<String, List<Invoice>> country) -> revenue.apply(country.getValue()))
                        .reversed())
                .map(country -> String.join(
                        "|",
                        country.getKey(),
                        Long.toString(country.getValue().stream()
                                .filter(Invoice::isSale)
                                .count()),
                        Long.toString(country.getValue().stream()
                                .map(Invoice::customer)
                                .filter(customer -> !customer.isEmpty())
                                .distinct()
                                .count()),
                        plain(revenue.apply(country.getValue()))))
                .toList();
    }

    String customerBase() {
        Map<String, List<Invoice>> customers = invoices().stream()
                .filter(invoice -> !invoice.customer().isEmpty())
                .collect(Collectors.groupingBy(Invoice::customer));
        List<Invoice> all = customers.values().stream().flatMap(List::stream).toList();
        List<Line> bought =
                all.stream().flatMap(invoice -> invoice.lines().stream()).toList();
        long sales = all.stream().filter(Invoice::isSale).count();
        long cancelled = all.stream().filter(Invoice::isCancellation).count();
        long again = customers.values().stream()
                .filter(of -> of.stream().filter(Invoice::isSale).count() > 1)
                .count();
        return String.join(
                "|",
                Integer.toString(customers.size()),
                Long.toString(sales),
                Long.toString(cancelled),
                plain(net(bought)),
                plain(gross(bought).divide(BigDecimal.valueOf(sales), 2, RoundingMode.HALF_UP)),
                plain(share(again, customers.size())),
                plain(share(cancelled, sales)));
    }

    private static BigDecimal share(long part, long whole) {
        return BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 4, RoundingMode.HALF_UP);
    }
}
