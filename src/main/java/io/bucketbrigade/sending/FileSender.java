package io.bucketbrigade.sending;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.bucketbrigade.problems.Problem;
import io.bucketbrigade.problems.Problem.Kind;
import io.bucketbrigade.rows.CsvHeader;
import io.bucketbrigade.rows.CsvText;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Sends the rows of a CSV file to a stream, one request after the other, so that rows keep their order. Each row is known by the file's
 * content and its number in it, so what was stored and not answered for is not stored again.
 */
final class FileSender {
    private static final int MOST_ROWS = 1000;
    private static final int MOST_CHARACTERS = 250_000;
    private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

    private final SentFile file;
    private final RowTarget target;
    private final Path stateFile;
    private final RejectedRows rejected;
    private final Pace pace;
    /** As JSON writes them; blank if a column has none. */
    private final List<String> names = new ArrayList<>();

    private CsvHeader header = new CsvHeader(List.of());
    private SendState state;

    /**
     * @param target gets the rows
     * @param stateFile where is kept how far it has come
     * @param rejected gets rows that can't be used
     * @param pace says how fast, and how far
     */
    FileSender(SentFile file, RowTarget target, Path stateFile, SendState state, RejectedRows rejected, Pace pace) {
        this.file = file;
        this.target = target;
        this.stateFile = stateFile;
        this.state = state;
        this.rejected = rejected;
        this.pace = pace;
    }

    private record Batch(long first, StringBuilder json, List<CsvRecord> rows) {}

    /**
     * Sends what was not sent yet.
     *
     * @return what became of all rows of the file
     * @throws AnotherLog if the stream has another log than that of the rows before, and so no more of them is stored
     * @throws Problem if the service refuses, or the file is not CSV
     * @throws IOException if the file can't be read
     */
    SendState send() throws IOException {
        pace.beginAfter(state.rows());
        CountedStream bytes = new CountedStream(file);
        try (Reader text = new InputStreamReader(bytes, file.charset());
                CsvReader<CsvRecord> csv = CsvText.reader(text, file.separator())) {
            Iterator<CsvRecord> records = csv.iterator();
            if (records.hasNext()) {
                header = new CsvHeader(CsvText.names(records.next()));
                target.columns().ifPresent(columns -> columns.check(file.path(), header.names()));
                header.names().forEach(this::addColumn);
            }
            Batch batch = newBatch(state.rows());
            for (long number = 0; records.hasNext(); number++) {
                CsvRecord row = records.next();
                if (number < state.rows()) {
                    continue;
                }
                String fault = header.fault(row);
                if (fault != null) {
                    send(batch);
                    reject(row, fault + ".");
                    keep(0, 0, 1);
                    batch = newBatch(number + 1);
                } else {
                    add(row, batch);
                    if (batch.rows().size() == pace.atOnce(MOST_ROWS)
                            || batch.json().length() > MOST_CHARACTERS) {
                        send(batch);
                        batch = newBatch(number + 1);
                    }
                }
                pace.at(bytes.count(), state);
            }
            send(batch);
            if (!file.isUnchanged()) {
                throw new Problem(
                        Kind.INPUT,
                        file.path() + " was changed while it was sent. " + state.rows()
                                + " rows were sent, as it was at first. Send rows that came later as a file of their own: the changed file is"
                                + " another one, all of whose rows would be stored again.");
            }
            if (state.rejected() == 0) {
                rejected.removeOld();
            }
            state = state.done();
            state.write(stateFile);
            return state;
        } catch (CsvParseException broken) {
            throw new Problem(
                    Kind.INPUT,
                    file.path() + " can't be read as CSV after its row " + state.rows() + ": " + broken.getMessage(),
                    broken);
        }
    }

    private static Batch newBatch(long first) {
        return new Batch(first, new StringBuilder(), new ArrayList<>());
    }

    private void addColumn(String name) {
        StringBuilder quoted = new StringBuilder();
        if (!name.isBlank()) {
            ENCODER.quoteAsString(name, quoted.append('"'));
            quoted.append('"');
        }
        names.add(quoted.toString());
    }

    private void add(CsvRecord row, Batch batch) {
        StringBuilder json = batch.json().append(batch.rows().isEmpty() ? "[{" : ",\n{");
        String separator = "";
        for (int at = 0; at < row.getFieldCount(); at++) {
            if (!row.getField(at).isEmpty() && !names.get(at).isEmpty()) {
                json.append(separator).append(names.get(at)).append(":\"");
                ENCODER.quoteAsString(row.getField(at), json);
                json.append('"');
                separator = ",";
            }
        }
        json.append('}');
        batch.rows().add(row);
    }

    private void send(Batch batch) throws IOException {
        if (batch.rows().isEmpty()) {
            return;
        }
        pace.await(batch.rows().size());
        StreamAnswer stored =
                target.send(batch.first(), batch.json().append(']').toString(), state.log());
        state = state.in(stored.log());
        JsonNode answer = stored.counts();
        for (JsonNode rejection : answer.path("rejections")) {
            reject(
                    batch.rows().get(rejection.path("index").asInt()),
                    rejection.path("reason").asText());
        }
        long accepts = answer.path("accepted").asLong();
        long duplicates = answer.path("duplicate").asLong();
        long rejects = answer.path("rejected").asLong();
        if (accepts + duplicates + rejects != batch.rows().size()) {
            throw new Problem(
                    Kind.INTERNAL,
                    "The service was sent " + batch.rows().size() + " rows, and answered for "
                            + (accepts + duplicates + rejects) + ".");
        }
        keep(accepts, duplicates, rejects);
    }

    /** That the file is ours is kept before a row is in it. */
    private void reject(CsvRecord row, String reason) throws IOException {
        if (!rejected.isOpen()) {
            rejected.open();
            state = state.rejecting(rejected);
            state.write(stateFile);
        }
        rejected.add(row, reason);
    }

    private void keep(long accepts, long duplicates, long rejects) throws IOException {
        state = state.plus(accepts, duplicates, rejects, rejected);
        state.write(stateFile);
    }
}
