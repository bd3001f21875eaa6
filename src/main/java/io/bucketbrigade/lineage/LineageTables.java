package io.bucketbrigade.lineage;

import static io.bucketbrigade.lineage.LineageEvents.OPEN_LINEAGE;

import io.bucketbrigade.lineage.LineageDatasets.Place;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.SchemaDatasetFacetFields;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The tables that a run has written, as the database itself has counted them for the transaction; so nothing has to be declared, and nothing is
 * claimed that did not happen. Our own tables, and temporary ones, are not among them.
 */
final class LineageTables {
    private static final String INSTALLATION = "SELECT id FROM brigade.installation";
    private static final String RUN = """
            SELECT i.id || '/runs/' || run_id || '/' || extract(epoch FROM started_at)
            FROM brigade.installation i, brigade.runs
            WHERE run_id = ?
            """;
    private static final String WRITTEN = """
            SELECT current_database(), schemaname, relname, n_tup_ins + n_tup_upd, attname, format_type(atttypid, atttypmod)
            FROM pg_stat_xact_user_tables
            JOIN pg_attribute ON attrelid = relid AND attnum > 0 AND NOT attisdropped
            WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND schemaname NOT IN ('brigade', 'lake') AND schemaname !~ '^pg_'
            ORDER BY schemaname, relname, attnum
            """;
    /** Rows that this transaction has written. */
    private static final String LAKE = """
            SELECT table_namespace || '.' || table_name, metadata_location FROM lake.iceberg_tables
            WHERE xmin::text::bigint = txid_current() % (2 ^ 32)::bigint AND metadata_location IS NOT NULL ORDER BY 1
            """;

    private static final Pattern SERVER = Pattern.compile("jdbc:postgresql://([^/?]+).*");
    private static final Pattern METADATA = Pattern.compile("(?:file:/*(/.+?)|(s3://.+?))/metadata/[^/]+");

    private final boolean isEmbedded;

    /** @param isEmbedded whether the database is ours, whose port is another one after each start */
    LineageTables(boolean isEmbedded) {
        this.isEmbedded = isEmbedded;
    }

    /**
     * The id of a run, always the same. It is made of the database's id, which a copy or a restored backup has too, and of the run's number and start,
     * because after a restore the numbers are given once more.
     */
    UUID runId(Connection connection, long run) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(RUN)) {
            select.setLong(1, run);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return UUID.nameUUIDFromBytes(row.getString(1).getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static UUID installation(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(INSTALLATION);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getObject(1, UUID.class);
        }
    }

    /** What the transaction of the connection has written so far. */
    List<OutputDataset> written(Connection connection) throws SQLException {
        Map<String, Long> rows = new LinkedHashMap<>();
        Map<String, List<SchemaDatasetFacetFields>> columns = new LinkedHashMap<>();
        try (PreparedStatement select = connection.prepareStatement(WRITTEN);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String name = row.getString(1) + "." + row.getString(2) + "." + row.getString(3);
                rows.put(name, row.getLong(4));
                columns.computeIfAbsent(name, none -> new ArrayList<>())
                        .add(OPEN_LINEAGE.newSchemaDatasetFacetFields(row.getString(5), row.getString(6), null, null));
            }
        }
        List<OutputDataset> written = new ArrayList<>();
        String namespace = rows.isEmpty() ? "" : namespace(connection);
        rows.forEach((name, count) -> written.add(OPEN_LINEAGE
                .newOutputDatasetBuilder()
                .namespace(namespace)
                .name(name)
                .facets(OPEN_LINEAGE
                        .newDatasetFacetsBuilder()
                        .schema(OPEN_LINEAGE.newSchemaDatasetFacet(columns.get(name)))
                        .build())
                .outputFacets(OPEN_LINEAGE
                        .newOutputDatasetOutputFacetsBuilder()
                        .outputStatistics(OPEN_LINEAGE.newOutputStatisticsOutputDatasetFacet(count, null, null))
                        .build())
                .build()));
        written.addAll(ofLakes(connection));
        return written;
    }

    private String namespace(Connection connection) throws SQLException {
        Matcher server = SERVER.matcher(connection.getMetaData().getURL());
        return "postgres://"
                + (isEmbedded || !server.matches()
                        ? "embedded-" + installation(connection).toString().substring(0, 8)
                        : server.group(1));
    }

    /** A table of Iceberg is known by the folder that it is in, and by its name in the catalog. */
    private List<OutputDataset> ofLakes(Connection connection) throws SQLException {
        List<OutputDataset> tables = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(LAKE);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                Matcher metadata = METADATA.matcher(row.getString(2));
                if (!metadata.matches()) {
                    continue;
                }
                Place place = Place.of(metadata.group(1) == null ? metadata.group(2) : metadata.group(1));
                tables.add(OPEN_LINEAGE
                        .newOutputDatasetBuilder()
                        .namespace(place.namespace())
                        .name(place.name())
                        .facets(OPEN_LINEAGE
                                .newDatasetFacetsBuilder()
                                .symlinks(OPEN_LINEAGE.newSymlinksDatasetFacet(
                                        List.of(OPEN_LINEAGE.newSymlinksDatasetFacetIdentifiers(
                                                place.namespace(), row.getString(1), "TABLE"))))
                                .build())
                        .build());
            }
        }
        return tables;
    }
}
