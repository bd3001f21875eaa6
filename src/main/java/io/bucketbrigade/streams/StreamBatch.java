package io.bucketbrigade.streams;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Rows that a reader of a stream is given at once, in the order of their positions in each partition. A route finds it as the message and
 * as the variable {@code batch}; what it does in the database with {@code #runDatabase} is committed together with the reader's position.
 */
public final class StreamBatch {
    /** The variable's name. */
    public static final String VARIABLE = "batch";

    /**
     * One row.
     *
     * @param partition the part of the stream in which it keeps its order
     * @param position its position there, from 1, without gaps
     * @param arrived when it was stored, as ISO 8601 in UTC
     * @param json what it holds, as an object with all columns of the stream
     */
    record LogRow(int partition, long position, String arrived, String json) {
        /** The object, with where it is in the log. */
        String withPlace() {
            return "{\"_partition\":" + partition + ",\"_position\":" + position + ",\"_arrived\":\"" + arrived + "\","
                    + json.substring(1);
        }
    }

    private final List<LogRow> rows;
    private final Map<Integer, String> rejected = new TreeMap<>();

    StreamBatch(List<LogRow> rows) {
        this.rows = List.copyOf(rows);
    }

    List<LogRow> list() {
        return rows;
    }

    StreamBatch part(int from, int to) {
        return new StreamBatch(rows.subList(from, to));
    }

    /** How many rows there are. */
    public int size() {
        return rows.size();
    }

    /**
     * All rows as a JSON array of objects for PostgreSQL's {@code json_to_recordset}: besides the columns of the stream, {@code _partition},
     * {@code _position} and {@code _arrived} say where each is in the log.
     */
    public String rows() {
        StringBuilder json = new StringBuilder();
        for (LogRow row : rows) {
            json.append(json.length() == 0 ? "[" : ",\n").append(row.withPlace());
        }
        return json.append(json.length() == 0 ? "[]" : "]").toString();
    }

    /** The rows one by one, each as {@link #rows()} has it. */
    public Stream<String> eachRow() {
        return rows.stream().map(LogRow::withPlace);
    }

    /**
     * The route can't use a row, and has dealt with the others: it is kept among the rejected rows, and passed over.
     *
     * @param row its number in the batch, from 0
     * @param reason why, as a sentence
     */
    public void reject(int row, String reason) {
        rejected.put(row, reason);
    }

    /** The reasons of the rows that the route has rejected, by their numbers. */
    Map<Integer, String> rejected() {
        return rejected;
    }

    /** For logs; the rows themselves are nobody's business there. */
    @Override
    public String toString() {
        return rows.size() + " rows of a stream";
    }
}
