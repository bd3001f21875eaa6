package io.bucketbrigade.pipelines.transactions;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Header;
import org.apache.camel.Headers;
import org.jspecify.annotations.Nullable;

/** The business questions: which parameters each takes, and the columns of its answer. */
public final class InsightQuestions {
    /** All parameters that some questions take; from, to and format are for all of them. */
    private static final List<String> OF_SOME = List.of("by", "metric", "limit");

    private static final Map<String, Question> QUESTIONS = Map.of(
            "sales",
            new Question(List.of("by"), "period,lines,quantity,gross,net"),
            "average-sales",
            new Question(List.of(), "by,periods,average_gross,average_net"),
            "best-sellers",
            new Question(List.of("by", "metric"), "period,stock_code,description,quantity,revenue"),
            "highest-invoices",
            new Question(List.of("limit"), "invoice_no,customer_id,country,sold_at,lines,quantity,gross,net"),
            "customers",
            new Question(
                    List.of("limit"),
                    "customer_id,country,invoices,cancellations,gross,revenue,average_basket,cancellation_rate,first_purchase,last_purchase,"
                            + "recency,frequency,monetary,segment"),
            "customer-base",
            new Question(
                    List.of(), "customers,invoices,cancellations,revenue,average_basket,repeat_rate,cancellation_rate"),
            "countries",
            new Question(List.of(), "country,invoices,customers,quantity,gross,revenue"));

    /**
     * @param parameters those of {@link #OF_SOME} that it takes
     * @param columns separated by commas, in their order
     */
    private record Question(List<String> parameters, String columns) {}

    private static Question called(String question) {
        return Objects.requireNonNull(QUESTIONS.get(question));
    }

    /** The columns of the answer to a question, separated by commas, for answers without a row. */
    public String columns(@Header("question") String question) {
        return called(question).columns();
    }

    /**
     * Checks that a question takes all parameters that were given, because one that it doesn't use would look as if it had an effect.
     *
     * @param from the first day, as 2005-02-25, null for no bound
     * @param to the last day, null for no bound
     * @param given all that was given, by name
     * @throws Problem of kind USAGE if it does not take one, or if from is after to
     */
    public void check(
            @Header("question") String question,
            @Header("from") @Nullable String from,
            @Header("to") @Nullable String to,
            @Headers Map<String, Object> given) {
        List<String> taken = called(question).parameters();
        for (String name : OF_SOME) {
            if (given.containsKey(name) && !taken.contains(name)) {
                throw wrong(
                        name,
                        "The question " + question + " does not take the parameter " + name + ". It takes: "
                                + String.join(", ", taken) + (taken.isEmpty() ? "" : ", ") + "from, to, format.");
            }
        }
        if (from != null && to != null && LocalDate.parse(from).isAfter(LocalDate.parse(to))) {
            throw wrong(
                    "from",
                    "The parameter from is '" + from + "', which is after to, '" + to
                            + "'. Both days are included; from can be to at the latest.");
        }
    }

    private static Problem wrong(String parameter, String sentence) {
        return new Problem(Kind.USAGE, sentence, null, 0, parameter, null);
    }
}
