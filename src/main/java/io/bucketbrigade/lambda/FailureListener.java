package io.bucketbrigade.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bucketbrigade.aws.Refusals;
import io.bucketbrigade.notifications.Notification;
import io.bucketbrigade.notifications.NotificationSettings;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.RunReport.Outcome;
import io.bucketbrigade.settings.Settings;
import io.bucketbrigade.starting.OneShot;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Counts inputs that can't be used in a metric of CloudWatch, and notifies people of them by SNS. The metric is a line of the log, from which
 * CloudWatch makes it, so that it costs no request.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html">The
 *     format of that line</a>
 */
final class FailureListener implements Reconciliation.Listener {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NAMESPACE = "BucketBrigade";
    private static final String METRIC = "UnusableInputs";
    private static final String FUNCTION = "FunctionName";

    private final String pipeline;
    private final String function;
    private final String record;
    private final NotificationSettings notifications;
    private final OneShot camel;
    private final PrintStream log;

    /**
     * @param function the name of the function
     * @param record where the record of a failure is, for people
     * @param log where lines with metrics go
     */
    FailureListener(
            String pipeline, String function, String record, Settings settings, OneShot camel, PrintStream log) {
        this.pipeline = pipeline;
        this.function = function;
        this.record = record;
        this.notifications = NotificationSettings.of(settings);
        this.camel = camel;
        this.log = log;
    }

    @Override
    public void recorded() {
        try {
            log.println(JSON.writeValueAsString(Map.of(
                    "_aws",
                    Map.of(
                            "Timestamp",
                            System.currentTimeMillis(),
                            "CloudWatchMetrics",
                            List.of(Map.of(
                                    "Namespace",
                                    NAMESPACE,
                                    "Dimensions",
                                    List.of(List.of(FUNCTION)),
                                    "Metrics",
                                    List.of(Map.of("Name", METRIC, "Unit", "Count"))))),
                    FUNCTION,
                    function,
                    METRIC,
                    1)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean notifies() {
        return notifications.channels().contains("sns")
                && notifications.outcomes().contains(Outcome.FAILURE)
                && (notifications.pipelines().isEmpty()
                        || notifications.pipelines().contains(pipeline));
    }

    @Override
    public void notifyOf(String sentence) {
        String subject = notifications.subject(pipeline, Outcome.FAILURE, "");
        String body = sentence + "\n\nThe function " + function
                + " left the result as it was. It tries again when the inputs change.\nDetails: " + record + "\n";
        try {
            camel.call(
                    "direct:notify-sns",
                    "",
                    Map.of(
                            "notification",
                            new Notification(0, 0, pipeline, "sns", subject, body.replace('\0', '\u2400'), 1)));
        } catch (Exception e) {
            throw new TransientFault("Nobody could be notified by SNS: "
                    + Problems.find(e, SdkException.class).map(Refusals::words).orElseGet(() -> Problems.of(e)
                            .sentence()));
        }
    }
}
