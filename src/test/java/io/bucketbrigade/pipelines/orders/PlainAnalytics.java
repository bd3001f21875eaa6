package io.bucketbrigade.pipelines.orders;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The plain twin of the SQL: the three results by loops over lists, as MISSION.md defines them. */
final class PlainAnalytics {
    record Order(long id, LocalDate date, long product) {}

    record Review(int stars, long product) {}

    record Shipment(
            long order,
            @Nullable LocalDate shipped,
            @Nullable LocalDate delivered) {}

    private final List<Order> orders;
    private final List<Review> reviews;
    private final List<Shipment> shipments;
    private final Set<LocalDate> holidays;
    private final LocalDate today;

    PlainAnalytics(
            List<Order> orders,
            List<Review> reviews,
            List<Shipment> shipments,
            Set<LocalDate> holidays,
            LocalDate today) {
        this.orders = orders;
        this.reviews = reviews;
        this.shipments = shipments;
        this.holidays = holidays;
        this.today = today;
    }

    private boolean isPublicHoliday(LocalDate day) {
        return holidays.contains(day)
                && day.getDayOfWeek() != DayOfWeek.SATURDAY
                && day.getDayOfWeek() != DayOfWeek.SUNDAY;
    }

    String publicHoliday() {
        List<String> row = new ArrayList<>(List.of(today.toString()));
        for (Month month : Month.values()) {
            int count = 0;
            for (Order order : orders) {
                boolean inThePastYear = !order.date().isBefore(today.minusYears(1))
                        && order.date().isBefore(today);
                if (inThePastYear && order.date().getMonth() == month && isPublicHoliday(order.date())) {
                    count++;
                }
            }
            row.add(Integer.toString(count));
        }
        return String.join(",", row);
    }

    private LocalDate dateOf(long order) {
        return orders.stream()
                .filter(one -> one.id() == order)
                .findFirst()
                .orElseThrow()
                .date();
    }

    private boolean isLate(Shipment shipment) {
        LocalDate shipped = shipment.shipped();
        return shipped != null
                && !shipped.isBefore(dateOf(shipment.order()).plusDays(6))
                && shipment.delivered() == null;
    }

    private boolean isEarly(Shipment shipment) {
        LocalDate shipped = shipment.shipped();
        return shipped != null
                && shipped.isBefore(dateOf(shipment.order()).plusDays(6))
                && shipment.delivered() != null;
    }

    private boolean isUndelivered(Shipment shipment) {
        return shipment.shipped() == null
                && shipment.delivered() == null
                && !dateOf(shipment.order()).plusDays(15).isAfter(today);
    }

    String shipments() {
        return today + "," + shipments.stream().filter(this::isLate).count() + ","
                + shipments.stream().filter(this::isUndelivered).count();
    }

    /** No names but ids; nothing if there are no reviews. */
    String bestProduct() {
        Map<Long, Integer> points = new TreeMap<>();
        reviews.forEach(review -> points.merge(review.product(), review.stars(), Integer::sum));
        long best = 0;
        int most = 0;
        for (Map.Entry<Long, Integer> product : points.entrySet()) {
            if (product.getValue() > most) {
                best = product.getKey();
                most = product.getValue();
            }
        }
        if (most == 0) {
            return "";
        }
        long chosen = best;
        List<Review> its =
                reviews.stream().filter(review -> review.product() == chosen).toList();
        Set<Long> itsOrders = orders.stream()
                .filter(order -> order.product() == chosen)
                .map(Order::id)
                .collect(Collectors.toSet());
        List<Shipment> itsShipments = shipments.stream()
                .filter(shipment -> itsOrders.contains(shipment.order()))
                .toList();
        LocalDate day = topDay(chosen);
        List<String> row = new ArrayList<>();
        row.add(today.toString());
        row.add(Long.toString(chosen));
        row.add(day == null ? "" : day.toString());
        row.add(day == null ? "" : Boolean.toString(isPublicHoliday(day)));
        row.add(Integer.toString(most));
        for (int stars = 1; stars <= 5; stars++) {
            int wanted = stars;
            row.add(percent(
                    its.stream().filter(review -> review.stars() == wanted).count(), its.size()));
        }
        row.add(percent(itsShipments.stream().filter(this::isEarly).count(), itsShipments.size()));
        row.add(percent(itsShipments.stream().filter(this::isLate).count(), itsShipments.size()));
        return String.join(",", row);
    }

    private @Nullable LocalDate topDay(long product) {
        Map<LocalDate, Integer> days = new TreeMap<>();
        orders.stream()
                .filter(order -> order.product() == product)
                .forEach(order -> days.merge(order.date(), 1, Integer::sum));
        LocalDate top = null;
        int most = 0;
        for (Map.Entry<LocalDate, Integer> day : days.entrySet()) {
            if (day.getValue() > most) {
                top = day.getKey();
                most = day.getValue();
            }
        }
        return top;
    }

    private static String percent(long part, long whole) {
        return whole == 0
                ? ""
                : BigDecimal.valueOf(100 * part)
                        .divide(BigDecimal.valueOf(whole), 2, RoundingMode.HALF_UP)
                        .toPlainString();
    }
}
