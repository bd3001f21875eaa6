package io.bucketbrigade.pipelines.transactions;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bucketbrigade.dynamodb.ItemKey;
import io.bucketbrigade.streams.StreamBatch;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A line of an invoice. The same product may be on an invoice several times, so a line is known by where it is in the stream's log, and the same
 * row always becomes the same item.
 *
 * @param source the partition of the log
 * @param position its position there
 * @param soldAt when, as ISO 8601 without a time zone, so that texts are in the order of time
 */
record SalesLine(
        @JsonProperty("InvoiceNo") String invoice,
        @JsonProperty("_partition") int source,
        @JsonProperty("_position") long position,
        @JsonProperty("StockCode") String stockCode,
        @JsonProperty("Description") @Nullable String description,
        @JsonProperty("Quantity") int quantity,
        @JsonProperty("InvoiceDate") String soldAt,
        @JsonProperty("UnitPrice") BigDecimal unitPrice,
        @JsonProperty("CustomerID") @Nullable String customer,
        @JsonProperty("Country") @Nullable String country) {
    static final String LINE = "LINE#";

    private static final ObjectReader READER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build()
            .readerFor(SalesLine.class);
    private static final ObjectReader ALL =
            READER.forType(READER.getTypeFactory().constructCollectionType(List.class, SalesLine.class));

    SalesLine {
        // A spreadsheet makes a decimal of the number.
        customer = customer == null ? null : customer.replaceFirst("\\.0\\z", "");
    }

    static List<SalesLine> of(StreamBatch batch) {
        try {
            return ALL.readValue(batch.rows());
        } catch (JacksonException e) {
            throw new IllegalStateException("rows of the log are not as they were written", e);
        }
    }

    /** A single row of a batch. */
    static SalesLine of(String row) {
        try {
            return READER.readValue(row);
        } catch (JacksonException e) {
            throw new IllegalStateException("a row of the log is not as it was written", e);
        }
    }

    static SalesLine read(Map<String, AttributeValue> item) {
        Attributes attributes = Attributes.read(item);
        String[] place = attributes.text(ItemKey.SORT).split("#", -1);
        return new SalesLine(
                attributes.text(ItemKey.PARTITION).substring(InvoiceHead.INVOICE.length()),
                Integer.parseInt(place[1]),
                Long.parseLong(place[2]),
                attributes.text("stock_code"),
                attributes.textIfAny("description"),
                (int) attributes.whole("quantity"),
                attributes.text("invoice_date"),
                attributes.decimal("unit_price"),
                attributes.textIfAny("customer_id"),
                attributes.textIfAny("country"));
    }

    ItemKey key() {
        return new ItemKey(
                InvoiceHead.INVOICE + invoice, LINE + String.format(Locale.ROOT, "%02d#%019d", source, position));
    }

    /** @throws io.bucketbrigade.problems.Problem if the price has too many digits */
    void requireKept() {
        Attributes.requireKept("UnitPrice", unitPrice);
    }

    Map<String, AttributeValue> item() {
        return Attributes.of(key())
                .put("stock_code", stockCode)
                .put("description", description)
                .put("quantity", quantity)
                .put("invoice_date", soldAt)
                .put("unit_price", unitPrice)
                .put("customer_id", customer)
                .put("country", country)
                .item();
    }

    BigDecimal amount() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }
}
