package io.bucketbrigade.streams;

import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.problems.Problems;
import io.bucketbrigade.runs.FailedPolls;
import io.bucketbrigade.settings.Values;
import java.io.InputStream;
import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.ScheduledPollEndpoint;

/** The stream of one pipeline. */
public final class StreamEndpoint extends ScheduledPollEndpoint {
    /** Of a request: what the log is known by for which its rows are. Of an answer: what the log is known by that there is. */
    private static final String LOG = "Stream-Log";

    private static final int ROWS = 20_000;
    private static final long POLL_MS = 200;
    private static final long ROLLED_POLL_MS = 500;
    /** What large batches are given to may cost money each time. */
    private static final int ROLLED_POLLS_AFTER_FAILURE = 10;

    private final String pipeline;
    private String reader = "";
    private int rows = ROWS;
    private Duration age = Duration.ZERO;

    StreamEndpoint(String uri, StreamComponent component, String pipeline) {
        super(uri, component);
        this.pipeline = pipeline;
        setInitialDelay(0);
        setDelay(POLL_MS);
        setGreedy(true);
        FailedPolls failedPolls = new FailedPolls(component.failures());
        setPollStrategy(failedPolls);
        setExceptionHandler(failedPolls);
    }

    String pipeline() {
        return pipeline;
    }

    public String getReader() {
        return reader;
    }

    /** The name under which a route's position is kept. */
    public void setReader(String reader) {
        this.reader = reader;
    }

    public int getRows() {
        return rows;
    }

    /** How many rows a batch holds at most. */
    public void setRows(int rows) {
        this.rows = rows;
    }

    public String getAge() {
        return age.toString();
    }

    /**
     * How old a row must be before it is given to the route, such as 1m, if fewer rows wait than a batch holds: for those to whom few large batches
     * cost less than many small ones.
     */
    public void setAge(String age) {
        this.age = Values.duration("age", age);
    }

    @Override
    public StreamComponent getComponent() {
        return (StreamComponent) super.getComponent();
    }

    @Override
    protected void doStart() throws Exception {
        getComponent().streams().open(pipeline);
        super.doStart();
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (reader.isBlank()) {
            throw new Problem(
                    Kind.PIPELINE,
                    "A route that begins with stream:" + pipeline + " needs a name for its position: stream:" + pipeline
                            + "?reader=NAME.");
        }
        if (!age.isZero()) {
            setDelay(ROLLED_POLL_MS);
            setBackoffErrorThreshold(1);
            setBackoffMultiplier(ROLLED_POLLS_AFTER_FAILURE);
        }
        StreamConsumer created = new StreamConsumer(
                this,
                processor,
                getComponent().streams().reading(pipeline, reader),
                getComponent().streams().rolling(pipeline, reader, rows, age));
        configureConsumer(created);
        return created;
    }

    @Override
    public Producer createProducer() {
        return new DefaultAsyncProducer(this) {
            @Override
            public boolean process(Exchange exchange, AsyncCallback callback) {
                try {
                    return take(exchange, callback);
                } catch (Exception e) {
                    end(exchange, e);
                    callback.done(true);
                    return true;
                }
            }
        };
    }

    private static void end(Exchange exchange, Throwable failed) {
        exchange.setException(failed);
        Problems.find(failed, OtherLog.class)
                .ifPresent(other -> exchange.getMessage().setHeader(LOG, other.identity()));
    }

    /** Rows that were sent as JSON need no thread while they wait for the disk. */
    @SuppressWarnings("FutureReturnValueIgnored")
    private boolean take(Exchange exchange, AsyncCallback callback) throws Exception {
        Message message = exchange.getMessage();
        Intake intake = getComponent().streams().intake(pipeline);
        Repeatable name = Repeatable.of(
                        message.getHeader("Idempotency-Key", String.class),
                        message.getHeader("Idempotency-Offset", String.class))
                .in(message.getHeader(LOG, String.class));
        if (message.getHeader("mediaType", "", String.class).endsWith("ndjson")) {
            Intake.Answer answer = intake.takeLines(name, message.getMandatoryBody(InputStream.class));
            message.setBody(answer);
            message.setHeader(LOG, answer.log());
            callback.done(true);
            return true;
        }
        byte[] sent = message.getBody(byte[].class);
        intake.takeJson(name, sent == null ? new byte[0] : sent).whenComplete((answer, failed) -> {
            if (failed == null) {
                message.setBody(answer);
                message.setHeader(LOG, answer.log());
            } else {
                end(exchange, failed.getCause() == null ? failed : failed.getCause());
            }
            callback.done(false);
        });
        return false;
    }
}
