package io.bucketbrigade.pipelines.transactions;

import java.util.Map;
import java.util.Objects;
import org.apache.camel.Header;

/** The columns of the answers to business questions, in their order, for answers without a row. */
public final class InsightColumns {
    private static final Map<String, String> COLUMNS = Map.of(
            "sales",
            "period,lines,quantity,gross,net",
            "average-sales",
            "by,periods,average_gross,average_net",
            "best-sellers",
            "period,stock_code,description,quantity,revenue",
            "highest-invoices",
            "invoice_no,customer_id,country,sold_at,lines,quantity,gross,net",
            "customers",
            "customer_id,country,invoices,cancellations,gross,revenue,average_basket,cancellation_rate,first_purchase,last_purchase,"
                    + "recency,frequency,monetary,segment",
            "customer-base",
            "customers,invoices,cancellations,revenue,average_basket,repeat_rate,cancellation_rate",
            "countries",
            "country,invoices,customers,quantity,gross,revenue");

    /** Those of a question, separated by commas. */
    public String of(@Header("question") String question) {
        return Objects.requireNonNull(COLUMNS.get(question));
    }
}
