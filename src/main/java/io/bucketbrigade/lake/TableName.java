package io.bucketbrigade.lake;

import java.util.regex.Pattern;

/**
 * A table of a lake, as the catalog knows it.
 *
 * @param namespace the pipeline's tables, such as city_requests
 * @param table its name there
 */
record TableName(String namespace, String table) {
    static TableName of(String pipeline, String table) {
        return new TableName(namespaceOf(pipeline), table);
    }

    /** What {@link #toString} gave. */
    static TableName parse(String text) {
        int point = text.indexOf('.');
        return new TableName(text.substring(0, point), text.substring(point + 1));
    }

    /** The namespace of a pipeline's tables. */
    static String namespaceOf(String pipeline) {
        return pipeline.replace('-', '_');
    }

    /** The pipeline whose namespace it is in, if it is one's. */
    String pipeline() {
        return namespace.replace('_', '-');
    }

    /** Whether a text names it, as far as one can tell without understanding it: too often rather than not. */
    boolean isIn(String text) {
        return Pattern.compile("(?<!\\w)" + Pattern.quote(table) + "(?!\\w)", Pattern.CASE_INSENSITIVE)
                .matcher(text)
                .find();
    }

    @Override
    public String toString() {
        return namespace + "." + table;
    }
}
